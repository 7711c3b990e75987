"""The collapse probability counted over draws of the exact initial law, trained by the full five-dimensional flow.

Independent of the separatrix and of the reduced flow: it is the check of the exact formula, and (with quasi-random
draws) the method for the Euclidean metric with unequal family weights, which has no reduced flow.
"""

import math

import numpy as np

from anneal_theory._types import BoolArray, FloatArray, IntArray
from anneal_theory.errors import DomainError, SolveError
from anneal_theory.initial_law import full_statistics, sample_full_statistics, sobol_points
from anneal_theory.models.free_pair import full_free_pair
from anneal_theory.models.runs import sides
from anneal_theory.models.verdicts import HEAVY, LIGHT, REVERSED, SPLIT, UNDECIDED
from anneal_theory.problem import BimodalTarget, Dynamics, GaussianInit
from anneal_theory.quantities.doors import checked
from anneal_theory.results import Estimate, Outcomes
from anneal_theory.schedules import Schedule

_TOLERANCE = 1e-8
_MAX_STEPS = 200_000
_NETS = 16
_MOST_RUNS = 2**24  # whose starts fill 0.7 gigabytes


@checked
def simulate_flow(
    target: BimodalTarget, schedule: Schedule, init: GaussianInit, dynamics: Dynamics, replicas: int, seed: int
) -> Outcomes:
    """Train independent draws of the initial law by the full flow.

    Returns:
        Outcomes whose `mode_weight` is the weight of the means that end on the side of +mu*.

    Raises:
        DomainError: an argument lies outside its domain.
        SolveError: a run stayed undecided.

    Source:
        theory sections 3 and 5.
    """
    require_room(replicas)
    starts = sample_full_statistics(target, init, replicas, np.random.default_rng(seed))
    codes = _verdicts(target, schedule, dynamics, starts)
    names = ("m1", "m2", "s11", "s12", "s22")
    initial = {f"initial_{name}": starts[:, axis] for axis, name in enumerate(names)}
    settings = {
        "target": repr(target),
        "schedule": schedule.to_dict(),
        "init": repr(init),
        "dynamics": repr(dynamics),
        "replicas": replicas,
        "seed": seed,
    }
    first = dynamics.exact_family_weight
    shares = {HEAVY: 1.0, LIGHT: 0.0, SPLIT: float(first), REVERSED: float(1 - first)}  # of the means at +mu*
    return Outcomes(_collapsed(codes), np.array([shares[code] for code in codes.tolist()]), initial, settings)


def collapsed_runs(target: BimodalTarget, schedule: Schedule, dynamics: Dynamics, starts: FloatArray) -> BoolArray:
    """Whether each full start, shape (n, 5), collapses.

    Raises:
        SolveError: a run stayed undecided.
    """
    return _collapsed(_verdicts(target, schedule, dynamics, starts))


def require_room(replicas: int) -> None:
    """Refuse more runs than fit in memory."""
    if replicas > _MOST_RUNS:
        raise DomainError.of("replicas", f"at most {_MOST_RUNS}, to fit in memory", replicas, "use fewer runs")


def _collapsed(codes: IntArray) -> BoolArray:
    return np.asarray(sides(codes) > 0)


def _verdicts(target: BimodalTarget, schedule: Schedule, dynamics: Dynamics, starts: FloatArray) -> IntArray:
    model = full_free_pair(target, schedule, dynamics)
    codes = model.full_codes(np.ascontiguousarray(starts), _TOLERANCE, _MAX_STEPS)
    if np.any(codes <= UNDECIDED):
        where = int(np.flatnonzero(codes <= UNDECIDED)[0])
        raise SolveError(
            f"the run from (m1, m2, s11, s12, s22) = {starts[where].round(6).tolist()} did not settle "
            f"within {_MAX_STEPS} steps; the target is close to its critical separation, where runs "
            "take ever longer; move the separation"
        )
    return codes


def simulated_probability(
    target: BimodalTarget, schedule: Schedule, init: GaussianInit, dynamics: Dynamics, replicas: int, seed: int
) -> Estimate:
    """Fraction of collapsed runs with its binomial standard error."""
    counted = simulate_flow(target, schedule, init, dynamics, replicas, seed)
    error = math.sqrt(max(counted.fraction * (1 - counted.fraction), 1.0 / replicas) / replicas)
    return counted_estimate(
        counted.fraction, error, "simulated", f"{counted.count} of {counted.replicas} runs collapsed"
    )


def quasi_random_probability(
    target: BimodalTarget, schedule: Schedule, init: GaussianInit, dynamics: Dynamics, replicas: int, seed: int
) -> Estimate:
    """Fraction of collapsed runs over scrambled Sobol nets; the error is their standard error."""
    require_room(replicas)
    log2_count = max(4, math.ceil(math.log2(replicas / _NETS)))
    fractions = []
    for net in range(_NETS):
        starts = full_statistics(target, init, sobol_points(log2_count, seed * _NETS + net))
        fractions.append(float(collapsed_runs(target, schedule, dynamics, starts).mean()))
    total = _NETS << log2_count
    error = max(float(np.std(fractions, ddof=1)) / math.sqrt(_NETS), 1.0 / total)
    note = f"quasi-Monte Carlo over {_NETS} scrambled nets of {1 << log2_count} runs; the error is a standard error"
    return counted_estimate(float(np.mean(fractions)), error, "exact", note)


def counted_estimate(value: float, error: float, method: str, note: str) -> Estimate:
    """The estimate that a share of runs is, with its standard error."""
    log_value = math.log(value) if value > 0 else -math.inf
    log_rest = math.log1p(-value) if value < 1 else -math.inf
    return Estimate(value, error, log_value, method, log_complement=log_rest, note=note)
