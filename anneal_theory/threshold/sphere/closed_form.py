r"""The paper's closed formula, and slow cooling from a hot start by Laplace's method (theory section 11).

Both are for ``T = T0 exp(-t/t0)`` with a variance that follows the temperature, under the free energy.
"""

from functools import lru_cache, partial
from typing import overload

from anneal_theory._types import Exactable, MpContext, Mpf, Number
from anneal_theory.arithmetic import FloatArithmetic
from anneal_theory.asymptotics.evaluation import evaluated, number
from anneal_theory.averages import multiprecision
from anneal_theory.averages.jets import overlap_jet
from anneal_theory.balls import DEFAULT_DIGITS
from anneal_theory.exact import exact
from anneal_theory.formulas.sphere_formulas import bias_of_target, laplace_bend, stability_temperature
from anneal_theory.formulas.sphere_formulas_mp import (
    antipodal_surplus_slope,
    hot_growth,
    laplace_exponent,
    laplace_threshold,
    paper_exponent,
    paper_threshold,
)
from anneal_theory.precision import bits_of, flint_precision, mpmath_context, to_ball, to_mpf
from anneal_theory.problem import BimodalTarget
from anneal_theory.quantities.doors import checked
from anneal_theory.schedules import ExponentialToOne
from anneal_theory.schedules.exponential_to_one import cooling_rate
from anneal_theory.threshold.sphere.antipodal import antipodal_root

PAPER_ALPHA = "0.608"
_SPARE_DIGITS = 6


@overload
def closed_form_threshold(
    target: BimodalTarget, schedule: ExponentialToOne, *, alpha: Exactable = ..., digits: None = None
) -> float: ...
@overload
def closed_form_threshold(
    target: BimodalTarget, schedule: ExponentialToOne, *, alpha: Exactable = ..., digits: int
) -> Mpf: ...
@checked(schedule="paper_schedule", alpha="stability_constant")
def closed_form_threshold(
    target: BimodalTarget, schedule: ExponentialToOne, *, alpha: Exactable = PAPER_ALPHA, digits: int | None = None
) -> Number:
    """The paper's threshold, ``sqrt(2) eps exp(-I)`` with ``eps = h/R^2``.

    ``I = (R/sqrt(2 pi)) (2 t0/log T0) max(sqrt(alpha)/R - 1/sqrt(T0), 0)`` integrates the hot growth rate down to ``T =
    R^2/alpha``. Its errors: heuristic in the factor and in that end (`passage_threshold` has neither), asymptotic in
    large R sqrt(T) and, as v = T, in slow cooling. It is above the truth by factors from 1.1 to 5, and 1 where T0 is
    below R^2/alpha. `digits` give an ``mpf``; `antipodal_alpha` is what the constant `alpha` should be, and the paper's
    t0 is the schedule's `duration`. Source: theory section 11; docs/derivations/sphere_formulas.md.
    """
    constant, heavy = exact(alpha, "alpha"), target.heavy_first
    temperature = schedule.exact_initial_temperature

    def value(context: MpContext) -> Mpf:
        radius, bias = _letters(context, heavy)
        exponent = context.zero
        if temperature > stability_temperature(heavy.exact_separation, constant):
            rate = cooling_rate(schedule, partial(number, context), context)
            exponent = paper_exponent(context, radius, number(context, temperature), rate, number(context, constant))
        threshold: Mpf = paper_threshold(context, bias, exponent)
        return threshold

    return evaluated(digits, value)


@checked
def slow_cooling_threshold(target: BimodalTarget, decay_time: Exactable, *, digits: int | None = None) -> Number:
    """The threshold of slow cooling from an infinite temperature, by Laplace's method on the linear passage.

    Its exponent is ``(2/kappa) [q/sqrt(2 pi) + 2 int_q^inf G(2p)/p dp]`` with ``kappa = 1/decay_time`` and
    ``q = sqrt(alpha)``: the paper's first term alone, and what the push leaves from then on.

    Args:
        target: Separation R and weight w*.
        decay_time: Time in which the temperature falls by the factor e, in units of gradient-flow time.
        digits: None for a double, else correct relative digits of the formula.

    Remainder: relative O(kappa) of the passage ended with the annealing, at fixed weight and large R. Where kappa is
        well below eps the passage saturates earlier, and `passage_threshold` is larger.

    Returns:
        x_c >= 0; float, or ``mpf`` with digits.

    Raises:
        DomainError: an argument is outside its domain, or the value is no double.

    Source:
        theory section 11; docs/derivations/sphere_formulas.md.

    Example:
        >>> round(slow_cooling_threshold(BimodalTarget(3, 0.55), 5), 6)
        0.000338
    """
    time, heavy = exact(decay_time, "decay_time"), target.heavy_first
    count = DEFAULT_DIGITS + 2 if digits is None else digits

    def value(context: MpContext) -> Mpf:
        _, bias = _letters(context, heavy)
        place, tail, slope = (context.mpf(constant) for constant in _constants(count + _SPARE_DIGITS))
        rate = 1 / number(context, time)
        exponent = laplace_exponent(context, rate, place, tail)
        growth = hot_growth(context, place, context.one)  # R/sqrt(v) = q
        threshold: Mpf = laplace_threshold(context, bias, growth, exponent, laplace_bend(rate, place, slope))
        return threshold

    return evaluated(digits, value)


def _letters(context: MpContext, heavy: BimodalTarget) -> tuple[Mpf, Mpf]:
    """R and eps = h/R^2."""
    radius = number(context, heavy.exact_separation)
    return radius, bias_of_target(radius, FloatArithmetic(context).half_log_odds(heavy.exact_weight))


@lru_cache(maxsize=8)
def _constants(digits: int) -> tuple[Mpf, Mpf, Mpf]:
    """q, ``int_q^inf G(2p)/p dp`` and ``d(lambda - 2 g)/dq`` at q, as ``mpf`` numbers."""
    with flint_precision(bits_of(digits) + 40):
        root = antipodal_root()
        gradient = overlap_jet((2 * root).mid(), "1/2", 2)[1]
        rounded_root, slope_of_overlap = (to_ball(ball.mid(), digits).midpoint for ball in (root, gradient))
    with mpmath_context(digits + 5) as context:
        q = context.mpf(rounded_root)
        slope = antipodal_surplus_slope(context, context.mpf(slope_of_overlap))

        def density(p: Mpf) -> Mpf:
            return context.mpf(multiprecision.mmse(to_mpf(2 * p), digits=digits + 3)) / p

        far = context.sqrt(2 * context.log(10) * (digits + 8)) + q  # G(2p) < exp(-p^2/2)
        tail = context.quad(density, context.linspace(q, far, 2 + int(far)))
        return to_mpf(q), to_mpf(tail), to_mpf(slope)
