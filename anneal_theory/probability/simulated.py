"""The collapse probability counted over draws of the exact initial law, trained by the full flow.

Independent of the separatrix and of the reduced flow: it is the check of the exact formula, and (with quasi-random
draws) the method for the Euclidean metric with unequal family weights, which has no reduced flow.
"""

import math

import numpy as np

from anneal_theory._types import BoolArray, FloatArray, IntArray, VarianceLaw
from anneal_theory.errors import DomainError, SolveError
from anneal_theory.gradient_flow import FullState, SphereState, solve_flows
from anneal_theory.gradient_flow.driver import sample_times
from anneal_theory.gradient_flow.starts import Numbers
from anneal_theory.initial_law import full_statistics, sample_full_statistics, sobol_points
from anneal_theory.models.free_pair import full_free_pair
from anneal_theory.models.runs import sides
from anneal_theory.models.verdicts import HEAVY, LIGHT, REVERSED, SPLIT, UNDECIDED
from anneal_theory.probability.counted import counted_estimate, require_room, share_collapsed
from anneal_theory.probability.sphere.simulated import SphereDraws, sphere_verdicts
from anneal_theory.problem import BimodalTarget, Dynamics, GaussianInit, SphereInit
from anneal_theory.problem.dynamics import require_fitting, require_law
from anneal_theory.quantities.doors import checked
from anneal_theory.results import Estimate, Outcomes
from anneal_theory.schedules import Schedule

_TOLERANCE = 1e-8
_MAX_STEPS = 200_000
_NETS = 16
_NAMES = ("m1", "m2", "s11", "s12", "s22")
_AT_ONCE = 4096  # trajectories that are stepped together: their stages fill some ten megabytes
_MOST_RECORDS = 2**24  # of all runs, whose statistics fill a gigabyte


@checked(init="initial_law", dynamics="any_dynamics", times="flow_times")
def simulate_flow(
    target: BimodalTarget,
    schedule: Schedule,
    init: GaussianInit | SphereInit,
    dynamics: Dynamics,
    replicas: int,
    seed: int,
    *,
    times: Numbers | None = None,
    variance_law: VarianceLaw | None = None,
) -> Outcomes:
    """Train independent draws of the initial law by the full flow.

    Args:
        target: Separation and weight.
        schedule: Ends at temperature 1.
        init: Law of the initial means; `SphereInit` for means on the sphere.
        dynamics: Objective, metric, weights and model.
        replicas: How many runs.
        seed: Of the draws.
        times: Times of gradient flow, increasing, at which the statistics of every run are kept; None for verdicts
            alone, which take a tenth of the time.
        variance_law: Of a trained variance on the sphere, equal weights: "exact" for both components' common one in the
            dimension of `init` (the default) or "large-dim". Variances of unequal weights follow the latter.

    Returns:
        Outcomes whose `mode_weight` is the weight of the means that end on the side of +mu*. The statistics are those
        of the starts, initial_m1, initial_m2 and initial_s11, initial_s12, initial_s22 (free means) or
        initial_pair_overlap (sphere), shape (replicas,). With `times` also those at the last of them, by the names of
        `solve_flows` (m1, m2, pair_overlap, variance, ... on the sphere), and the history has them at every time, with
        "time" and "temperature", shape (times, replicas).

    Raises:
        DomainError: an argument lies outside its domain, or the law does not go with the constraint.
        SolveError: a run stayed undecided, or did not reach the last time.

    Source:
        theory sections 3, 5 and 11.

    Example:
        >>> from anneal_theory.schedules import ExponentialToOne
        >>> paper = Dynamics("free-energy", constraint="sphere", variance="trained")
        >>> target, cooling = BimodalTarget(3, 0.8), ExponentialToOne(9, 2)
        >>> runs = simulate_flow(target, cooling, SphereInit(16), paper, 100, 0, times=[40])
        >>> bool(np.all((runs.statistics["pair_overlap"] > 0) == runs.collapsed))
        True
    """
    require_room(replicas)
    require_fitting(init, dynamics, 'give Dynamics(constraint="sphere")')
    require_law(dynamics, variance_law)
    wanted = None if times is None else sample_times(times)
    _require_records(replicas, wanted)
    rng = np.random.default_rng(seed)
    if isinstance(init, SphereInit):
        drawn = SphereDraws.of(init.dim, replicas, rng)
        initial, codes = (
            drawn.statistics(target),
            sphere_verdicts(target, schedule, init, dynamics, drawn, variance_law),
        )
    else:
        starts = sample_full_statistics(target, init, replicas, rng)
        initial = dict(zip(_NAMES, starts.T.copy(), strict=True))
        codes = _verdicts(target, schedule, dynamics, starts)
    statistics, history = {f"initial_{name}": values for name, values in initial.items()}, {}
    if wanted is not None:
        states = drawn.states() if isinstance(init, SphereInit) else FullState(*starts.T)
        known = dynamics.takes_dim and (dynamics.needs_dim or variance_law != "large-dim")
        history = _followed(target, schedule, states, dynamics, init.dim if known else None, wanted)
        statistics |= {name: rows[-1] for name, rows in history.items() if name not in ("time", "temperature")}
    settings = {"target": repr(target), "schedule": schedule.to_dict(), "init": repr(init), "dynamics": repr(dynamics)}
    settings |= {"replicas": replicas, "seed": seed} | ({} if wanted is None else {"times": wanted.tolist()})
    settings |= {} if variance_law is None else {"variance_law": variance_law}
    return Outcomes(_collapsed(codes), _weights_at_heavy(codes, dynamics), statistics, settings, history)


def _require_records(replicas: int, times: FloatArray | None) -> None:
    records = replicas * (0 if times is None else times.size)
    if records > _MOST_RECORDS:
        what = f"at most {_MOST_RECORDS} in all runs together, to fit in memory"
        raise DomainError.of("times", what, records, "take fewer runs or times")


def _weights_at_heavy(codes: IntArray, dynamics: Dynamics) -> FloatArray:
    """The weight of the means that end at +mu*."""
    first = dynamics.exact_family_weight
    shares = {HEAVY: 1.0, LIGHT: 0.0, SPLIT: float(first), REVERSED: float(1 - first)}
    return np.array([shares[code] for code in codes.tolist()])


def _followed(
    target: BimodalTarget, schedule: Schedule, states: FullState | SphereState, dynamics: Dynamics, dim: int | None,
    times: FloatArray,
) -> dict[str, FloatArray]:  # fmt: skip
    """The statistics of all runs at the times, shape (times, n)."""
    columns, parts = vars(states), []
    for first in range(0, len(next(iter(columns.values()))), _AT_ONCE):
        some = type(states)(**{name: values[first : first + _AT_ONCE] for name, values in columns.items()})
        run = solve_flows(
            target, schedule, some, times, rtol=_TOLERANCE, max_steps=_MAX_STEPS, dim=dim, objective=dynamics.objective,
            metric=dynamics.metric, family_weight=dynamics.exact_family_weight, constraint=dynamics.constraint,
            variance=dynamics.variance,
        )  # fmt: skip
        if run.status != "finished":
            raise SolveError(f"{run.message}; ask for earlier times")
        alike = {"time": run.times, "temperature": run.temperature}
        width = len(next(iter(vars(some).values())))
        parts.append(
            {name: np.repeat(column[:, None], width, axis=1) for name, column in alike.items()} | run.statistics
        )
    return {name: np.concatenate([part[name] for part in parts], axis=1) for name in parts[0]}


def collapsed_runs(target: BimodalTarget, schedule: Schedule, dynamics: Dynamics, starts: FloatArray) -> BoolArray:
    """Whether each full start, shape (n, 5), collapses."""
    return _collapsed(_verdicts(target, schedule, dynamics, starts))


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
    target: BimodalTarget, schedule: Schedule, init: GaussianInit | SphereInit, dynamics: Dynamics, replicas: int,
    seed: int, variance_law: VarianceLaw | None = None,
) -> Estimate:  # fmt: skip
    """Fraction of collapsed runs with its binomial standard error."""
    counted = simulate_flow(target, schedule, init, dynamics, replicas, seed, variance_law=variance_law)
    return share_collapsed(counted.count, counted.replicas)


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
