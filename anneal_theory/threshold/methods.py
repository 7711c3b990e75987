"""The separatrix: how well aligned a pair must start to be saved from collapse (theory section 5)."""

import math
from dataclasses import replace
from fractions import Fraction
from typing import Any, Literal

import numpy as np

from anneal_theory._types import Exactable, Metric, Objective
from anneal_theory.errors import DomainError
from anneal_theory.exact import exact
from anneal_theory.fixed_points import Ending
from anneal_theory.problem import BimodalTarget, Dynamics
from anneal_theory.quantities.doors import checked
from anneal_theory.results import Estimate
from anneal_theory.schedules import Schedule
from anneal_theory.threshold.exact.bisection import VANISHED, Search
from anneal_theory.threshold.exact.collapse_kernels import ROUNDING
from anneal_theory.threshold.exact.compiled_problem import CollapseProblem, collapse_problem, possible_ends

ThresholdMethod = Literal["exact", "slow-annealing", "leading-order"]
_TOLERANCE = 1e-11  # local error of log rho a step; measured global errors are below ten times this
_SCAN = np.concatenate([np.arange(-8.0, 0.0, 0.25), np.arange(0.25, 8.25, 0.25)])
_CHECK_TOLERANCE = 1e-8


@checked(method="threshold_method")
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
    method: ThresholdMethod = "exact",
    digits: int | None = None,
    accept_cost: bool = False,
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
        family_weight: w1; other than 1/2 needs the natural metric here (no reduced flow otherwise). The threshold is
            then that of m1 > m2; the one of m1 < m2 is found with 1 - w1.
        method: "exact", or a formula of theory section 6 in which the distance plays no part (equal weights only):
            "slow-annealing", whose error says how far the formula may be off and which needs kappa* >= 5e-4 (R up to
            about 4.1), or "leading-order" (A = 1, error inf).
        digits: None for doubles, else correct relative digits of rho_c and its logarithm, as ``mpf`` numbers. The exact
            method then needs a schedule with a closed form; 50 digits take some twenty seconds.
        accept_cost: More than 150 digits of the exact method, or digits of an annealing so slow that they need
            thousands of power series, take long and are refused without this. (Without digits it is refused itself.)

    Returns:
        Estimate of rho_c >= 0 with relative error 1e-8 or better, but for s0 within about 1e-6 of the unstable zero of
        f, where rounding in s0 itself counts and `error` says how much. `value` is inf where even an aligned pair
        collapses, and 0 where no pair does with log rho above -1e8, the least that is searched; `log_value` holds where
        rho_c underflows.

    Raises:
        DomainError: an argument is outside its domain, or the dynamics have no reduced flow.
        NoCollapsedState: a formula is asked for and the target has no critical temperature.
        PrecisionError: the digits are out of reach.
        SolveError: the collapse set is no interval of rho, or a run stayed undecided.

    Source:
        theory sections 5 and 6.

    Example:
        >>> from anneal_theory.schedules import Exponential
        >>> rho = collapse_threshold(BimodalTarget(3, 0.8), Exponential(10, 100), s0=0, distance_squared=2)
        >>> f"{rho.value:.8f}"
        '0.05404872'
    """
    dynamics = Dynamics(objective, metric, family_weight)
    log_distance = _log_distance(distance, distance_squared)
    _refuse_unused(method, distance, distance_squared, digits, accept_cost)
    if method != "exact":
        return told(_by_formula(target, schedule, s0, dynamics, method, digits, accept_cost), schedule)
    require_reducible(dynamics)
    end = possible_ends(target, dynamics)
    if end is not Ending.BOTH:
        return _constant(end)
    problem = collapse_problem(target, schedule, dynamics)
    search, rougher = Search(problem, _TOLERANCE), Search(problem.hotter(), 10 * _TOLERANCE)
    middle, length = np.array([float(exact(s0, "s0"))]), np.array([log_distance])
    found = float(search.thresholds(middle, length, None, 0.25, _TOLERANCE)[0])
    if digits is not None and math.isfinite(found):
        from anneal_theory.digits import accepted_digits
        from anneal_theory.threshold.digits.any_digits import PRACTICAL_DIGITS, threshold_at_digits, threshold_cost

        count = accepted_digits(digits, PRACTICAL_DIGITS, threshold_cost, accept_cost)
        square = _distance_squared(distance, distance_squared)
        return threshold_at_digits(
            target, schedule, exact(s0, "s0"), square, dynamics, count, found, patient=accept_cost
        )
    rough = float(rougher.thresholds(middle, length, np.array([found]), 1e-6, 10 * _TOLERANCE)[0])
    Search(problem, _CHECK_TOLERANCE).check_interval(float(middle[0]), log_distance, found, _SCAN)
    if math.isinf(found):
        value = math.inf if found > 0 else 0.0
        return told(Estimate(value, 0.0, found, "exact", note=_INFINITE if found > 0 else _NEVER), schedule)
    value = math.exp(found) if found < 700 else math.inf
    relative = abs(found - rough) + 4e-12 * (1 + abs(found) * 1e-4) + _rounding(problem, float(middle[0]))
    return told(Estimate(value, value * relative, found, "exact", log_error=relative), schedule)


def _refuse_unused(
    method: str, distance: Exactable | None, distance_squared: Exactable | None, digits: int | None, accept_cost: bool
) -> None:
    """Refuse a distance where a formula has none, and a cost accepted where there is none."""
    for name, value in (("distance", distance), ("distance_squared", distance_squared)):
        if value is not None and method != "exact":
            raise DomainError.of(name, f'left out for method="{method}", which has none', value, "leave it out")
    if accept_cost and (digits is None or method == "leading-order"):
        raise DomainError.of("accept_cost", "left out without digits that cost", accept_cost, "leave it out")


def _by_formula(
    target: BimodalTarget, schedule: Schedule, s0: Exactable, dynamics: Dynamics, method: str, digits: int | None,
    accept_cost: bool,
) -> Estimate:  # fmt: skip
    from anneal_theory.precision import mpmath_context, rounded, to_mpf
    from anneal_theory.threshold.slow import slow_annealing  # loads flint, which the exact method does not need
    from anneal_theory.threshold.slow.leading_order import leading_threshold

    slow_annealing.require_equal_weights(dynamics)
    if method == "slow-annealing":
        count = 0 if digits is None else slow_annealing.formula_digits(digits, accept_cost)
        rough = slow_annealing.slow_estimate(target, schedule, s0, dynamics)
        if digits is None:
            return rough
        log_rho = slow_annealing.slow_threshold(target, schedule, s0, dynamics, count)[0]
        with mpmath_context(2 * count) as context:
            value = rounded(context.exp(log_rho), count)
            error = value * context.expm1(min(rough.log_error, 700.0))
            return replace(rough, value=value, error=to_mpf(error), log_value=log_rho, digits=count)
    rules: dict[str, Any] = {"objective": dynamics.objective, "metric": dynamics.metric, "digits": digits}
    found = leading_threshold(target, schedule, s0, **rules)
    note = "leading order: the prefactor A is left out"
    return Estimate(found.rho, math.inf, found.log_rho, method, note=note, digits=digits)


def _rounding(problem: CollapseProblem, s0: float) -> float:
    """What rounding in f does to log rho_c close to the unstable zero s_u, where f(s) is a difference."""
    if math.isnan(problem.saddle) or problem.saddle == 0:
        return 0.0
    return float(ROUNDING * problem.model[0] ** 2 / max(abs(s0 - problem.saddle), 1e-300))


def told(found: Estimate, schedule: Schedule) -> Estimate:
    """The estimate with the schedule's caveat in its note."""
    return replace(found, note="; ".join(filter(None, (found.note, schedule.caveat)))) if schedule.caveat else found


_INFINITE = "even a pair aligned with the target's axis collapses from this start"
_NEVER = f"no pair of this start with log rho above {VANISHED:g} collapses"


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


def _distance_squared(distance: Exactable | None, distance_squared: Exactable | None) -> Fraction:
    if distance is not None:
        return exact(distance, "distance") ** 2
    return Fraction(2) if distance_squared is None else exact(distance_squared, "distance_squared")


def _log_distance(distance: Exactable | None, distance_squared: Exactable | None) -> float:
    if distance is not None and distance_squared is not None:
        raise DomainError.of("distance", "given alone", distance, "give distance or distance_squared, not both")
    name = "distance" if distance is not None else "distance_squared"
    given = distance if distance is not None else distance_squared
    value = Fraction(2) if given is None else exact(given, name)
    if value <= 0 or not 0 < float(value) < math.inf:
        raise DomainError.of(name, "positive and finite", given, "separate the means: a coincident pair never splits")
    return math.log(value) * (1.0 if distance is not None else 0.5)
