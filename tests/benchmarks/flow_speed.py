"""Time of a training run to its verdict beside SciPy's solvers on the same problem, in one process.

    python -m tests.benchmarks.flow_speed [--separation 3 --weight 0.8 --dim 128 --starts 1000 --peers 20]

All runs start from the same draws of the exact initial law and settle the same question: does this start collapse?
The compiled runs stop where a certificate decides; SciPy integrates the same equations to the time at which the
schedule has settled, once with rates by the public averages and once by the package's compiled rates.
"""

import argparse
import math
import time
from collections.abc import Callable

import numpy as np
from scipy.integrate import solve_ivp

from anneal_theory.averages import mmse, psi
from anneal_theory.gradient_flow import FullState, solve_flow
from anneal_theory.initial_law import sample_full_statistics
from anneal_theory.models.free_pair import free_pair, full_free_pair
from anneal_theory.models.free_pair_run_kernels import full_searches
from anneal_theory.models.runs import sides
from anneal_theory.probability import collapse_probability
from anneal_theory.problem import BimodalTarget, Dynamics, GaussianInit
from anneal_theory.schedules import Exponential, Schedule

_TOLERANCE = 1e-9
_MAX_STEPS = 1_000_000


def seconds(task: Callable[[], object]) -> tuple[float, object]:
    """Wall time and what came out."""
    start = time.perf_counter()
    result = task()
    return time.perf_counter() - start, result


def reduced(starts: np.ndarray, radius: float) -> np.ndarray:
    """(s, log rho, log D) of full starts."""
    m1, m2, s11, s12, s22 = starts.T
    square = s11 + s22 - 2 * s12
    along = np.abs(m1 - m2) / radius
    return np.stack([(m1 + m2) / 2, np.log(along / np.sqrt(square - along**2)), np.log(square) / 2], axis=1)


def by_definition(
    target: BimodalTarget, schedule: Schedule, start: np.ndarray, end: float, method: str = "LSODA"
) -> bool:
    """One full run by a method of SciPy with rates from the public averages; whether it collapsed."""

    def rates(t: float, y: np.ndarray) -> list[float]:
        m1, m2, s11, s12, s22 = y
        pull = schedule.beta(t) / 2
        push = float(mmse(math.sqrt(max(s11 + s22 - 2 * s12, 0.0))))
        p1, p2 = float(psi(m1, target)), float(psi(m2, target))
        square = target.separation**2
        return [
            pull * (square * p1 - m1) + push * (m1 - m2),
            pull * (square * p2 - m2) - push * (m1 - m2),
            2 * pull * (p1 * m1 - s11) + 2 * push * (s11 - s12),
            pull * (p1 * m2 + p2 * m1 - 2 * s12) + push * (2 * s12 - s11 - s22),
            2 * pull * (p2 * m2 - s22) + 2 * push * (s22 - s12),
        ]

    y = solve_ivp(rates, (0, end), start, method=method, rtol=_TOLERANCE, atol=_TOLERANCE).y[:, -1]
    return bool(y[0] * y[1] > 0)


def main() -> None:
    """Print times and ratios."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for name, kind, default in (("separation", float, 3), ("weight", float, 0.8), ("dim", int, 128),
                                ("starts", int, 1000), ("peers", int, 20)):  # fmt: skip
        parser.add_argument(f"--{name}", type=kind, default=default)
    given = parser.parse_args()
    target, schedule = BimodalTarget(given.separation, given.weight), Exponential(10, 10)
    init, dynamics = GaussianInit(given.dim), Dynamics()
    starts = sample_full_statistics(target, init, given.starts, np.random.default_rng(0))
    small = reduced(starts, target.separation)
    full, runs = full_free_pair(target, schedule, dynamics), free_pair(target, schedule, dynamics).runs
    none = np.empty((2, 2, 0)), (0.0, 0.0, 0.0), False
    one_core = {
        "compiled, full flow": lambda n: full_searches(
            starts[:n], np.zeros(n), *none, full.packed, _TOLERANCE, _MAX_STEPS
        )[1],
        "compiled, reduced flow": lambda n: runs.searches(
            small[:n, ::2].copy(), small[:n, 1].copy(), *none, runs.problem, _TOLERANCE, _MAX_STEPS
        )[1],
    }  # fmt: skip
    times, verdicts = {}, {}
    for name, verdicts_of in one_core.items():
        verdicts_of(2)  # compiles
        times[name], codes = seconds(lambda run=verdicts_of: run(given.starts))
        times[name] /= given.starts
        verdicts[name] = sides(np.asarray(codes)) > 0
    few, end = starts[: given.peers], 1000.0
    times["SciPy LSODA, public averages"], found = seconds(
        lambda: [by_definition(target, schedule, y, end) for y in few]
    )
    times["SciPy LSODA, public averages"] /= given.peers
    verdicts["SciPy LSODA, public averages"] = np.array(found)
    states = [FullState(*row) for row in few.tolist()]
    times["solve_flow, compiled rates"], runs = seconds(
        lambda: [solve_flow(target, schedule, y, [end]) for y in states]
    )
    times["solve_flow, compiled rates"] /= given.peers
    verdicts["solve_flow, compiled rates"] = np.array([run["m1"][-1] * run["m2"][-1] > 0 for run in runs])
    best = times["compiled, reduced flow"]
    for name, spent in times.items():
        differ = int(np.sum(verdicts[name] != verdicts["compiled, reduced flow"][: verdicts[name].size]))
        print(
            f"{name:30s} {1e3 * spent:9.4f} ms a run, {spent / best:7.1f} times the reduced flow, "
            f"{differ} verdicts differ"
        )
    spent, exact = seconds(lambda: collapse_probability(target, schedule, init, relative_error=1e-3))
    needed = (1 - exact.value) / exact.value / 1e-6
    full = times["compiled, full flow"]
    counting = needed * full
    print(
        f"probability to 1e-3            {1e3 * spent:9.1f} ms; counting compiled runs of the full flow to that error "
        f"takes {counting:.0f} s, {counting / spent:.0f} times as long"
    )


if __name__ == "__main__":
    main()
