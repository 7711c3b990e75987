r"""The threshold on the sphere by the linear passage: the sharp formula of theory section 11.

A pair of orthogonal means is turned antipodal, its cosine x with the target's axis grows, and the bias of the target
drives the sum of the overlaps against the push of the components. The pair is split exactly when x exceeds half that
sum once the push is gone. All of it is linear, so that the threshold is an integral.
"""

import itertools
import math
from fractions import Fraction
from typing import Any, Literal, TypeAlias

import numpy as np

from anneal_theory._types import Number, Objective, VarianceRule
from anneal_theory.digits import accepted_digits
from anneal_theory.errors import DomainError, SolveError
from anneal_theory.formulas.sphere_flow import sphere_overlaps
from anneal_theory.formulas.sphere_flow_mp import label_width
from anneal_theory.formulas.sphere_formulas import bias_of_target, passage_rates
from anneal_theory.formulas.sphere_formulas_mp import log_passage_threshold, passage_distance
from anneal_theory.precision import mpmath_context, rounded
from anneal_theory.problem import BimodalTarget, Dynamics
from anneal_theory.quantities.doors import checked
from anneal_theory.results import Estimate
from anneal_theory.schedules import ExponentialToOne, Schedule
from anneal_theory.schedules.variance import AlongClock, along, along_to_digits, variance_curve
from anneal_theory.threshold.sphere.passage_path import (
    DOUBLES,
    LinearPassage,
    PassageAverages,
    PassagePath,
    averages_in,
)  # fmt: skip
from anneal_theory.threshold.sphere.slow_background import slow_sphere_threshold
from anneal_theory.work import Work

PassageEnd: TypeAlias = Literal["saturation", "annealing"]
Rules: TypeAlias = tuple[VarianceRule, Objective, PassageEnd]

METHOD = "sharp"
PRACTICAL_DIGITS = 60
LARGEST_SEPARATION = 1e9  # beyond it the start of the passage is not resolved in doubles
_COST = 30.0 / 30**2.5  # seconds, times a power of the digits
_SPARE_DIGITS = 12
# The weights of the formula's error are from thresholds of ExponentialToOne alone: times this for other schedules that
# cool from the start on, of which one in some hundreds is off by nearly twice as much.
_OTHER_SCHEDULES = 2.0
_LOOKS = 129  # places between two kinks at which the temperature is looked at
_WARMER = 1e-6  # what counts as a change of it
_ROUNDING = 2e-15  # of the averages, for each unit of log x_c
_TRAINED, _FIXED = (0.04, 0.28, 0.53, 0.23), (0.04, 1.34, 8.48, 0.0)
WEIGHTS: dict[VarianceRule, tuple[float, float, float, float]] = {
    "trained": _TRAINED, "follows-temperature": _TRAINED, "fixed": _FIXED,
}  # fmt: skip
"""Of `error_terms`, for each rule of the variance; empirical.

They come from `python -m tests.benchmarks.sphere_passage_errors`, 2000 exact thresholds: R from 2.2 to 4, w* from 0.505
to 0.9, T0 from 2 to 1e5, annealing times from 3 to 70, all three rules of the variance. They are twice the smallest (on
average over these) that cover all of them; the median error there is 0.006 (0.02 for a fixed variance).
Slower annealing is beyond them (`_formula_error`). `python -m tests.honesty --sharp` holds the whole error against
settings drawn anew, slow ones too.
"""


@checked(variance="variance_rule", end="passage_end")
def passage_threshold(
    target: BimodalTarget, schedule: Schedule, variance: VarianceRule = "trained", objective: Objective = "free-energy",
    *, end: PassageEnd = "saturation", digits: int | None = None, allow_slow: bool = False,
) -> Estimate:  # fmt: skip
    """x_c of orthogonal means with m1 + m2 = 0 at the start, by the linear passage; equal weights, large dimension.

    The end "saturation" is where the sum of the overlaps would exceed its largest value, "annealing" the first time at
    which T = 1 for good: the plain formula of small bias. A variance that "follows-temperature" is the paper's v = T.
    `log_error` says how far the formula may be off, an estimate from thresholds of the full equations and no bound;
    `parts` has the error of its numerics, and at the end of the passage the clock, the growth of log x, 2 g over its
    rate ("push") and artanh of minus the pair's cosine ("rapidity"). More than 60 digits take minutes. Source: theory
    section 11; docs/derivations/sphere_formulas.md.
    """
    _require(target, schedule)
    rules = variance, objective, end
    quick, quick_log = _followed(target, schedule, rules, along(schedule, objective), DOUBLES)
    formula = _formula_error(target, schedule, rules, quick, float(quick_log))
    if digits is None:
        numerical = float(quick.error) + _ROUNDING * (1 + abs(float(quick_log)))
        return _estimate(quick, float(quick_log), formula, numerical, None)
    count = accepted_digits(digits, PRACTICAL_DIGITS, lambda many: _COST * many**2.5, allow_slow)
    with mpmath_context(count + _SPARE_DIGITS) as context:
        read = along_to_digits(schedule, objective, context, count)
        passage, log_value = _followed(target, schedule, rules, read, averages_in(context, count + _SPARE_DIGITS // 2))
        numerical = float(passage.error + context.mpf(10) ** -(count + 2))
        return _estimate(passage, log_value, formula, numerical, count, context)


def _require(target: BimodalTarget, schedule: Schedule) -> None:
    heavy = target.heavy_first
    if heavy.separation > LARGEST_SEPARATION:
        most = f"at most {LARGEST_SEPARATION:g} for the sharp formula"
        raise DomainError.of("separation", most, target.separation, 'take a smaller one, or method="closed-form"')
    if heavy.exact_weight == Fraction(1, 2):
        raise DomainError.of("weight", "other than 1/2", 0.5, "without bias the threshold of such a start is 0")
    if bias_of_target(heavy.separation, heavy.half_log_odds) >= 1:
        what = "of half log-odds below R^2, where both modes attract"
        raise DomainError.of("weight", what, target.weight, "take a larger separation")
    if schedule.final_temperature != 1:
        raise DomainError.of("schedule", "one that comes to T = 1", schedule, "use Constant(1) for no annealing")
    if not _lets_go(heavy.separation):
        what = "so large that an antipodal pair is not stable at T = 1"
        raise DomainError.of("separation", what, target.separation, "take R > 1")


def _lets_go(separation: float) -> bool:
    """Whether the sum of the overlaps grows at T = v = 1 along the passage."""
    cold = np.array([1.0])
    overlap = DOUBLES.overlap(passage_distance(np, np.array([np.inf]), separation, cold))
    slope = DOUBLES.centre_slope(label_width(np, separation, cold))
    turning, growth = passage_rates(separation, cold, cold, overlap, slope)
    return bool(growth[0] > turning[0])


def _followed(
    target: BimodalTarget, schedule: Schedule, rules: Rules, read: AlongClock, averages: PassageAverages
) -> tuple[LinearPassage, Number]:
    """The passage, and log x_c in the numbers of the reading."""
    (variance, objective, end), heavy = rules, target.heavy_first
    radius = read.number(heavy.exact_separation)
    surplus = read.number((2 * heavy.exact_weight - 1) / (1 - heavy.exact_weight))  # of the odds over 1
    bias = bias_of_target(separation=radius, half_log_odds=read.functions.log1p(surplus) / 2)
    stop = None
    if end == "annealing":
        stop = read.end
        if not stop < read.number(Fraction(10**9)):
            raise DomainError.of(
                "end", '"saturation" for a schedule that reaches T = 1 only in the limit', end, "or cut the schedule"
            )
    curve = variance_curve(schedule, variance, objective, read)
    passage = PassagePath(radius, bias, curve, averages).run(stop)
    return passage, log_passage_threshold(
        read.functions, bias=bias, rapidity=passage.rapidity, log_growth=passage.log_growth - passage.lift,
        passage_integral=passage.gain,
    )  # fmt: skip


def error_terms(target: BimodalTarget, passage: LinearPassage) -> tuple[float, float, float, float]:
    """What the error of log x_c is made of.

    1. A constant, for the number 2 at which the passage ends.
    2. The bias eps: the passage is linear in it.
    3. What the push still does at the end, by the square of its ratio to the growth rate, over the growth until then.
    4. The push of a mean that has arrived at its mode on the other one, over the growth rate.
    """
    radius = target.separation
    overlap = DOUBLES.overlap(np.array([sphere_overlaps(0.0, 0.0, 0.0, radius)[2]]))
    turning, growth = passage_rates(radius, 1.0, 1.0, overlap, DOUBLES.centre_slope(np.array([radius])))
    left = float(passage.push) ** 2 * float(passage.log_growth)
    return 1.0, bias_of_target(radius, target.half_log_odds), left, float(turning[0] / growth[0]) / 2


def _formula_error(
    target: BimodalTarget, schedule: Schedule, rules: Rules, passage: LinearPassage, log_value: float
) -> float:
    """That of the end at saturation, and how far the other end's value is from it.

    Beyond the thresholds that it is estimated from, slow annealing, the distance from that formula and its error count,
    where they are smaller.
    """
    variance, objective, end = rules
    apart = 0.0
    if end == "annealing":
        read = along(schedule, objective)
        passage, saturated = _followed(target, schedule, (variance, objective, "saturation"), read, DOUBLES)
        apart = abs(log_value - float(saturated))
    own = 1.0 if isinstance(schedule, ExponentialToOne) else _OTHER_SCHEDULES
    terms = error_terms(target.heavy_first, passage)
    error = apart + own * sum(weight * term for weight, term in zip(WEIGHTS[variance], terms, strict=True))
    if not _only_cools(schedule, along(schedule, objective), float(passage.end)):
        error = math.inf
    try:
        dynamics = Dynamics(objective, constraint="sphere", variance=variance)
        slow = slow_sphere_threshold(target, schedule, dynamics)
    except (DomainError, SolveError):  # too fast for it
        return error
    return error if error < slow.log_error else abs(log_value - slow.log_value) + slow.log_error


def _only_cools(schedule: Schedule, read: AlongClock, end: float) -> bool:
    """Whether the temperature falls until it is 1 or the passage ends; heat after it, which parts means anew, is
    refused.
    """
    edges = sorted({0.0, end, *(float(edge) for edge in {*read.breaks, read.end} if 0 < edge < math.inf)})
    stretches = [np.linspace(low, high, _LOOKS)[:-1] for low, high in itertools.pairwise(edges)]
    clock = np.concatenate([*stretches, np.array([edges[-1]])])
    heat = np.asarray(read.temperature(clock), dtype=float)
    later = heat[clock >= end]
    if later.max() > later[0] * (1 + _WARMER):
        what = f"one that does not warm up again after the passage, which ends at the clock {end:.4g}"
        raise DomainError.of("schedule", what, schedule, 'use method="exact"')
    own = heat[clock <= end]
    return bool(np.all((np.diff(own) < -_WARMER * (own[:-1] - 1) / _LOOKS) | (own[:-1] <= 1 + _WARMER)))


def _estimate(
    passage: LinearPassage, log_value: Any, formula: float, numerical: float, digits: int | None, context: Any = None
) -> Estimate:
    """The result in doubles, or rounded to digits in the context in use."""
    log_error = formula + numerical
    parts: dict[str, Any] = {"clock": passage.end, "log_growth": passage.log_growth, "push": passage.push}
    parts["rapidity"] = passage.rapidity
    if digits is None:
        value: Any = math.exp(log_value)
        parts = {name: float(number) for name, number in parts.items()}
    else:
        value, log_value = rounded(context.exp(log_value), digits), rounded(log_value, digits)
        parts = {name: rounded(number, digits) for name, number in parts.items()}
    error = value * math.expm1(min(log_error, 700.0))
    off = f"log x_c may be off by {formula:.2g}"
    if formula == math.inf:
        off = "how far it is off is known of schedules that cool from the start on, and not of this one"
    note = f"asymptotic in small bias and large separation: {off}"
    return Estimate(
        value, error, log_value, METHOD, note=note, log_error=log_error, digits=digits,
        parts=parts | {"numerical_error": numerical}, work=Work(steps=passage.panels),
    )  # fmt: skip
