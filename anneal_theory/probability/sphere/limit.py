r"""The chance of collapse on the sphere in large dimension: ``erf(sqrt(d/2) x_c)`` (theory section 11)."""

import math
from dataclasses import replace

from anneal_theory._types import Number, Objective, VarianceRule
from anneal_theory.balls import DEFAULT_DIGITS
from anneal_theory.digits import checked_digits
from anneal_theory.precision import mpmath_context, to_mpf
from anneal_theory.probability.cap_digits import erf_chance
from anneal_theory.problem import BimodalTarget, Dynamics
from anneal_theory.quantities.doors import checked
from anneal_theory.results import Estimate
from anneal_theory.schedules import ExponentialToOne, Schedule
from anneal_theory.threshold.digits.passes import shown_passes
from anneal_theory.threshold.sphere.closed_form import closed_form_threshold
from anneal_theory.threshold.sphere.digits import sphere_threshold_at_digits, sphere_threshold_cost
from anneal_theory.threshold.sphere.linear_passage import passage_threshold
from anneal_theory.threshold.sphere.methods import CLOSED_NOTE, LIMIT_NOTE, require_biased, require_published
from anneal_theory.threshold.sphere.slow_background import slow_sphere_threshold

_SPARE_DIGITS = 6


@checked(variance="variance_rule")
def passage_probability(
    target: BimodalTarget, schedule: Schedule, dim: int, variance: VarianceRule = "trained",
    objective: Objective = "free-energy", *, digits: int | None = None, allow_slow: bool = False,
) -> Estimate:  # fmt: skip
    """P of two independent means, uniform on the sphere, by the threshold of the linear passage.

    Arguments as of `passage_threshold`; the starts other than the typical one are left out, which is of order 1/d. Its
    errors are those of the threshold's formula, an estimate and no bound. Source: theory section 11.
    """
    count = None if digits is None else checked_digits(digits) + _SPARE_DIGITS
    threshold = passage_threshold(target, schedule, variance, objective, digits=count, allow_slow=allow_slow)
    return _chance(threshold, dim, digits)


def _chance(threshold: Estimate, dim: int, digits: int | None) -> Estimate:
    """P is a concave function of the threshold that vanishes with it: log P follows log x_c at most in proportion."""
    count = DEFAULT_DIGITS + 2 if digits is None else digits
    chance = erf_chance(dim, log_rho=threshold.log_value, digits=count)
    numbers = chance.value, chance.log_value, chance.log_complement
    probability, inside, beyond = numbers if digits is not None else tuple(float(one) for one in numbers)
    error = min(probability * math.expm1(min(threshold.log_error, 700.0)), 1)
    return Estimate(
        probability, error, inside, threshold.method, log_complement=beyond, note=_joined(threshold.note),
        log_error=threshold.log_error, digits=digits,
        parts={"log_cosine": threshold.log_value if digits is not None else float(threshold.log_value)},
        work=threshold.work,
    )  # fmt: skip


def large_dim_probability(
    target: BimodalTarget, schedule: Schedule, dim: int, dynamics: Dynamics, *, digits: int, allow_slow: bool = False,
    progress: bool = False,
) -> Estimate:  # fmt: skip
    """P in large dimension by the exact threshold of orthogonal means with m1 + m2 = 0; doubles if certain."""
    require_biased(target, "large-dim")
    count = checked_digits(digits)
    wanted = count + _SPARE_DIGITS
    with shown_passes(wanted, sphere_threshold_cost, shown=progress) as tell:
        threshold = sphere_threshold_at_digits(
            target, schedule, dynamics, 0, 0, digits=wanted, allow_slow=allow_slow, tell=tell
        )
    if not math.isfinite(threshold.log_value):
        certain = 1.0 if threshold.log_value > 0 else 0.0
        logs = (0.0, -math.inf) if certain else (-math.inf, 0.0)
        return Estimate(certain, 0.0, logs[0], "large-dim", logs[1], note=threshold.note, digits=count)
    return replace(_chance(threshold, dim, count), method="large-dim", parts={})


def _joined(note: str) -> str:
    return f"{note}; {LIMIT_NOTE}" if note else LIMIT_NOTE


@checked(schedule="paper_schedule")
def closed_form_probability(
    target: BimodalTarget, schedule: ExponentialToOne, dim: int, *, digits: int | None = None
) -> Number:
    """The paper's closed formula, ``P = erf(sqrt(d) eps exp(-I))`` (theory section 11), as published."""
    count = DEFAULT_DIGITS + 2 if digits is None else checked_digits(digits)
    place = closed_form_threshold(target, schedule, digits=count + _SPARE_DIGITS)
    if not place:
        return 0.0 if digits is None else place
    with mpmath_context(count + 2 * _SPARE_DIGITS) as context:
        log_place = to_mpf(context.log(context.mpf(place)))
    probability = erf_chance(dim, log_rho=log_place, digits=count).value
    return float(probability) if digits is None else probability


def formula_probability(
    target: BimodalTarget, schedule: Schedule, dim: int, dynamics: Dynamics, method: str, digits: int | None,
    allow_slow: bool,
) -> Estimate:  # fmt: skip
    """P by method "sharp", "slow-annealing" or "closed-form", as `collapse_probability` gives it."""
    require_biased(target, method)
    if method == "sharp":
        rules = dynamics.variance, dynamics.objective
        return passage_probability(target, schedule, dim, *rules, digits=digits, allow_slow=allow_slow)
    if method == "slow-annealing":
        return _chance(slow_sphere_threshold(target, schedule, dynamics), dim, None)
    cooling = require_published(schedule, dynamics)
    count = DEFAULT_DIGITS + 2 if digits is None else checked_digits(digits)
    place = closed_form_threshold(target, cooling, digits=count + _SPARE_DIGITS)
    threshold = Estimate(
        place, math.inf, place.context.log(place), method, note=CLOSED_NOTE, log_error=math.inf, digits=count
    )
    return _chance(threshold, dim, digits)
