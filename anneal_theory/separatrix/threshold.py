"""The separatrix: how well aligned a pair must start to be saved from collapse (theory section 5)."""

import math
import os
from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction
from itertools import pairwise

import numpy as np

from anneal_theory._types import Exactable, FloatArray, Metric, Objective
from anneal_theory.errors import DomainError, SolveError
from anneal_theory.exact import exact
from anneal_theory.flow.collapse_kernels import ROUNDING
from anneal_theory.problem import BimodalTarget, Dynamics
from anneal_theory.results import Estimate
from anneal_theory.schedules import Schedule
from anneal_theory.separatrix import search_kernels as kernels
from anneal_theory.separatrix.problem import CollapseProblem, collapse_problem, possible_ends
from anneal_theory.states import Ending

MAX_STEPS = 2_000_000
_TOLERANCE = 1e-11  # local error of log rho a step; measured global errors are below ten times this
_SCAN = np.concatenate([np.arange(-8.0, 0.0, 0.25), np.arange(0.25, 8.25, 0.25)])
_GUESS = -2.0
_WORTH_A_THREAD = 8  # starts


def collapse_threshold(
    target: BimodalTarget,
    schedule: Schedule,
    *,
    s0: Exactable = 0,
    distance: Exactable | None = None,
    distance_squared: Exactable | None = None,
    objective: Objective = "tempered-target",
    metric: Metric = "euclidean",
    family_weight: Exactable = 0.5,
) -> Estimate:
    """Cotangent rho_c of the angle to the target's axis below which a pair collapses.

    Args:
        target: Separation and weight.
        schedule: Must end at temperature 1.
        s0: Initial mean overlap (m1 + m2)/2, in the units of R^2.
        distance: Initial distance D0 = |mu_1 - mu_2| > 0, in standard deviations of a mode; or
        distance_squared: D0^2, the exact form where D0 is a root. The square root of 2 if neither is given.
        objective: "tempered-target" or "free-energy".
        metric: "euclidean" or "natural".
        family_weight: w1; other than 1/2 needs the natural metric here (no reduced flow otherwise).

    Returns:
        Estimate of rho_c >= 0 with relative error 1e-8 or better. `value` is inf where even an aligned pair collapses,
        and 0 where no pair does; `log_value` holds where rho_c underflows.

    Raises:
        DomainError: an argument is outside its domain, or the dynamics have no reduced flow.
        SolveError: the collapse set is no interval of rho, or a run stayed undecided.

    Source:
        theory section 5.

    Example:
        >>> from anneal_theory.schedules import Exponential
        >>> rho = collapse_threshold(BimodalTarget(3, 0.8), Exponential(10, 100), s0=0, distance_squared=2)
        >>> f"{rho.value:.8f}"
        '0.05404872'
    """
    dynamics = Dynamics(objective, metric, family_weight)
    require_reducible(dynamics)
    log_distance = _log_distance(distance, distance_squared)
    end = possible_ends(target, dynamics)
    if end is not Ending.BOTH:
        return _constant(end)
    problem = collapse_problem(target, schedule, dynamics)
    start = np.array([float(exact(s0, "s0"))]), np.array([log_distance])
    found = log_thresholds(problem, *start, tolerance=_TOLERANCE)[0]
    rough = log_thresholds(problem, *start, tolerance=10 * _TOLERANCE, guesses=np.array([found]))[0]
    check_monotone(problem, float(start[0][0]), log_distance, found, _SCAN)
    if math.isinf(found):
        value = math.inf if found > 0 else 0.0
        return Estimate(value, 0.0, found, "exact", note=_INFINITE if found > 0 else _NEVER)
    value = math.exp(found) if found < 700 else math.inf
    relative = abs(found - rough) + 4e-12 * (1 + abs(found) * 1e-4) + _rounding(problem, float(start[0][0]))
    return Estimate(value, value * relative, found, "exact")


def _rounding(problem: CollapseProblem, s0: float) -> float:
    """What rounding in f does to log rho_c close to the unstable zero s_u, where f(s) is a difference."""
    if math.isnan(problem.saddle) or problem.saddle == 0:
        return 0.0
    return ROUNDING * problem.model[0] ** 2 / max(abs(s0 - problem.saddle), 1e-300)


_INFINITE = "even a pair aligned with the target's axis collapses from this start"
_NEVER = "no pair of this start collapses"


def _constant(end: Ending) -> Estimate:
    if end is Ending.ALL_COLLAPSE:
        return Estimate(math.inf, 0.0, math.inf, "exact", note="the only attractor at T = 1 is collapsed")
    return Estimate(0.0, 0.0, -math.inf, "exact", note="the only attractor at T = 1 is split")


def require_reducible(dynamics: Dynamics) -> None:
    """Refuse dynamics without a reduced flow."""
    if not dynamics.reducible:
        raise DomainError.of(
            "family_weight",
            "0.5 under the Euclidean metric, for a threshold in (s0, D0) to exist",
            dynamics.family_weight,
            'use metric="natural", or collapse_probability, which integrates the full flow',
        )


def _log_distance(distance: Exactable | None, distance_squared: Exactable | None) -> float:
    if distance is not None and distance_squared is not None:
        raise DomainError.of("distance", "given alone", distance, "give distance or distance_squared, not both")
    name = "distance" if distance is not None else "distance_squared"
    given = distance if distance is not None else distance_squared
    value = Fraction(2) if given is None else exact(given, name)
    if value <= 0 or not 0 < float(value) < math.inf:
        raise DomainError.of(name, "positive and finite", given, "separate the means: a coincident pair never splits")
    return math.log(value) * (1.0 if distance is not None else 0.5)


def log_thresholds(
    problem: CollapseProblem,
    middles: FloatArray,
    log_lengths: FloatArray,
    *,
    tolerance: float,
    guesses: FloatArray | None = None,
    stride: float = 0.25,
    orientation: float = 1.0,
    across: bool = False,
) -> FloatArray:
    """log rho_c of many starts (middle = (m1 + m2)/2), each to about `tolerance`.

    Args:
        log_lengths: log D0, or log |Delta_perp| if `across`.
        guesses: Where to look first, and `stride` how far from it next.
        orientation: The sign of m1 - m2.

    Raises:
        SolveError: a run stayed undecided.
    """
    first = np.full(middles.shape, _GUESS) if guesses is None else np.clip(guesses, kernels.VANISHED, kernels.ALIGNED)
    packed = problem.packed(orientation, across)

    def search(part: slice) -> FloatArray:
        starts = middles[part], log_lengths[part], first[part]
        return np.asarray(kernels.thresholds(*starts, stride, tolerance, packed, tolerance, MAX_STEPS))

    # The kernel releases the interpreter's lock, and every start is searched on its own: the split changes no digit.
    workers = min(os.cpu_count() or 1, max(middles.size // _WORTH_A_THREAD, 1))
    edges = np.linspace(0, middles.size, workers + 1).astype(int)
    parts = [slice(int(a), int(b)) for a, b in pairwise(edges)]
    if workers == 1:
        found = search(parts[0])
    else:
        with ThreadPoolExecutor(workers) as pool:
            found = np.concatenate(list(pool.map(search, parts)))
    if np.isnan(found).any():
        where = int(np.flatnonzero(np.isnan(found))[0])
        raise SolveError(
            f"the run from (m1 + m2)/2 = {middles[where]:.6g}, {'|Delta_perp|' if across else 'D0'} = "
            f"{math.exp(log_lengths[where]):.6g} did not settle within {MAX_STEPS} steps; move the separation away "
            "from its critical value"
        )
    return found


def check_monotone(
    problem: CollapseProblem,
    middle: float,
    log_length: float,
    found: float,
    offsets: FloatArray,
    *,
    orientation: float = 1.0,
    across: bool = False,
) -> None:
    """The collapse set is an interval: starts beyond log rho_c split and starts within it collapse.

    Raises:
        SolveError: the run at one of the offsets from log rho_c contradicts it.
    """
    centre = found if math.isfinite(found) else 0.0
    grid = np.clip(centre + offsets, kernels.VANISHED, kernels.ALIGNED)
    sides = kernels.scan(middle, log_length, grid, problem.packed(orientation, across), 1e-8, MAX_STEPS)
    expected = np.where(grid < found, 1, -1)
    if np.any(sides != expected):
        odd = float(grid[np.flatnonzero(sides != expected)[0]])
        raise SolveError(
            f"the collapse set is not an interval of rho: log rho_c = {found:.9g} at (m1 + m2)/2 = {middle:.6g}, but "
            f'the run at log rho = {odd:.9g} contradicts it; use collapse_probability(method="simulated")'
        )
