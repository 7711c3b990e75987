"""Growth rates on the sphere and the lag of a trained variance, to any number of digits, proven (theory section 11)."""

from collections.abc import Callable
from fractions import Fraction

import flint

from anneal_theory._types import Exactable, Mpf
from anneal_theory.averages.jets import label_jet, squared_overlap_jet
from anneal_theory.balls import CONTEXT, DEFAULT_DIGITS, answer, exact_ball, refined
from anneal_theory.digits import checked_digits
from anneal_theory.errors import DomainError
from anneal_theory.exact import exact
from anneal_theory.formulas.sphere_flow import overlap_variance
from anneal_theory.formulas.sphere_flow_mp import overlap_argument
from anneal_theory.formulas.sphere_formulas import antipodal_growth
from anneal_theory.formulas.sphere_variance_mp import lagging_variance, lagging_variance_even
from anneal_theory.problem import BimodalTarget
from anneal_theory.quantities.doors import checked
from anneal_theory.results import Ball
from anneal_theory.schedules import ExponentialToOne

_HALF = Fraction(1, 2)


@checked
def sphere_growth_rates(
    target: BimodalTarget,
    temperature: Exactable,
    variance: Exactable,
    *,
    digits: int | None = None,
    certified: bool = False,
) -> dict[str, Mpf | Ball]:
    """How fast a nearly antipodal pair across the axis changes, in the clock of the pull: linear rates at m1 = m2 = 0.

    Args:
        target: Separation R and weight w*.
        temperature: T > 0.
        variance: v > 0 of both components.
        digits: None for 15, else correct relative digits.
        certified: Give a `Ball` of each, which encloses the truth.

    Returns:
        "cosine": the growth rate of x, ``R^2 E sech^2(h + R sqrt(v) z)/2``; "sum": that of m1 + m2, which is lower by
        the push of the components, ``2 (T/v) G(2 R/sqrt(v))``, and negative where the pair is held antipodal.

    Raises:
        DomainError: an argument is outside its domain.
        PrecisionError: the digits are out of reach, as at the temperature where the second is 0.

    Source:
        theory section 11; docs/derivations/sphere_formulas.md.

    Example:
        >>> found = sphere_growth_rates(BimodalTarget(3, 0.8), 1, 1, certified=True)
        >>> round(float(found["cosine"].value), 6), bool(found["sum"].error < 1e-14)
        (1.118941, True)
    """
    exact_temperature, exact_variance = exact(temperature, "temperature"), exact(variance, "variance")

    def rates() -> tuple[flint.arb, flint.arb]:
        square = exact_ball(overlap_variance(target.exact_separation, exact_variance))
        slope = label_jet(CONTEXT.half_log_odds(target.exact_weight), square, 2)[1]
        apart = overlap_argument(CONTEXT, 2 * exact_ball(target.exact_separation), exact_ball(exact_variance))[0]
        overlap = squared_overlap_jet(apart, _HALF, 1)[0]
        place = (
            exact_ball(target.exact_separation),
            exact_ball(exact_variance),
            exact_ball(exact_temperature),
            overlap,
            slope,
        )
        cosine, total = antipodal_growth(*place)
        return cosine, total

    cosine, total = _answers(rates, digits, certified)
    return {"cosine": cosine, "sum": total}


@checked
def lagging_variance_at(
    schedule: ExponentialToOne, t: Exactable, *, digits: int | None = None, certified: bool = False
) -> Mpf | Ball:
    """The trained variance in large dimension as T falls exponentially, under the free energy (section 11)."""
    time, temperature, decay = exact(t, "t"), schedule.exact_initial_temperature, schedule.exact_decay_time
    if time < 0 or float(time) > schedule.end_time:
        step = "ask schedules.variance.variance_along"
        raise DomainError.of("t", f"from 0 to the end of the schedule, {schedule.end_time:g}", t, step)

    def value() -> tuple[flint.arb]:
        if decay == 1:
            return (lagging_variance_even(CONTEXT, exact_ball(time), exact_ball(temperature)),)
        return (lagging_variance(CONTEXT, exact_ball(time), exact_ball(temperature), exact_ball(1 / decay)),)

    return _answers(value, digits, certified)[0]


def _answers(values: Callable[[], tuple[flint.arb, ...]], digits: int | None, certified: bool) -> list[Mpf | Ball]:
    count = DEFAULT_DIGITS if digits is None else checked_digits(digits)
    balls = refined(values, count, "the value is a difference of nearly equal numbers")
    return [answer(ball, count, certified) for ball in balls]
