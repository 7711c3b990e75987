"""Where a pair across the target's axis settles at a temperature (theory section 7)."""

import math
from fractions import Fraction
from typing import Any

from scipy.optimize import brentq

from anneal_theory._types import Exactable, Mpf
from anneal_theory.averages import mmse
from anneal_theory.exact import exact
from anneal_theory.formulas.fixed_points import across_push, close_across_rate
from anneal_theory.formulas.hot_phase import hot_distance_squared_leading
from anneal_theory.quantities.doors import checked

_NEAREST = Fraction(1, 10**17)  # D^2 below which the leading order is exact in doubles


@checked(temperature="hot_temperature")
def hot_separation(
    temperature: Exactable, family_weight: Exactable = 0.5, *, digits: int | None = None, certified: bool = False
) -> Any:
    """D_T, the distance at which a pair across the target's axis settles at a temperature.

    Args:
        temperature: T >= 1 and finite.
        family_weight: w1 (the natural flow where it is not 1/2).
        digits: None for doubles (relative error below 1e-12), else correct relative digits.
            Python prints 15 digits of an ``mpf``; ``mpmath.nstr(value, digits)`` gives them all.
        certified: Give a `Ball`, proven by interval Newton.

    Returns:
        D_T >= 0 in standard deviations; float, ``mpf`` with digits, `Ball` when certified.

    Raises:
        DomainError: the temperature is below 1, or a number is out of range.
        PrecisionError: the temperature is too close to 1.

    Source:
        theory section 7: G(D; w1)/(w1 w2) = 1/T.

    Example:
        >>> round(hot_separation(10), 12), hot_separation(1)
        (3.667285495165, 0.0)
    """
    exact_temperature, weight = exact(temperature, "temperature"), exact(family_weight, "family_weight")
    rough = _double(exact_temperature, weight) if exact_temperature > 1 else 0.0
    if digits is None and not certified:
        return rough
    from anneal_theory.fixed_points.roots import hot_ball, shown  # loads flint, which doubles do not need

    return shown(lambda count: (hot_ball(exact_temperature, weight, count, rough),), digits, certified)[0]


def _double(exact_temperature: Fraction, weight: Fraction) -> float:
    product, temperature = weight * (1 - weight), float(exact_temperature)
    variance = float(product)

    def surplus(distance: float) -> float:
        return math.log(across_push(temperature, max(float(mmse(distance, weight)), 1e-320), variance))

    # Close to T = 1 log G is flat: the leading order has a relative error of about D^2; then more digits are needed.
    excess = exact_temperature - 1
    leading = hot_distance_squared_leading(excess, product)
    if leading < _NEAREST:
        return _root(leading)
    if excess < 1e-3:
        return _small_separation(excess, weight)
    return float(brentq(surplus, 1e-6, 76.0, rtol=16e-16, xtol=1e-300))


def _small_separation(excess: Fraction, weight: Fraction) -> float:
    """D_T close to T = 1 from mpmath: 1 - G/(w1 w2) would lose the digits of T - 1 in doubles."""
    from anneal_theory.precision import mpmath_context, to_mpf

    with mpmath_context(60) as context:
        product, small = (
            context.mpf(fraction.numerator) / fraction.denominator for fraction in (weight * (1 - weight), excess)
        )

        def gap(square: Mpf) -> Mpf:
            overlap = context.mpf(mmse(to_mpf(context.sqrt(square)), weight, digits=56))
            rate: Mpf = close_across_rate(small, overlap - product, product)
            return rate / small

        low = high = min(hot_distance_squared_leading(small, product), context.mpf(1))
        while gap(low) <= 0:
            low /= 4
        while gap(high) >= 0:
            high *= 4
        scaled = context.findroot(
            lambda u: gap(u * high), (low / high, context.one), solver="illinois", tol=1e-36, maxsteps=200, verify=False
        )
        return float(context.sqrt(scaled * high))


def _root(square: Fraction) -> float:
    """Square root of a rational that may be too small for a double."""
    import mpmath

    return float(mpmath.sqrt(_number(square)))


def _number(value: Fraction) -> Any:
    import mpmath

    return mpmath.mpf(value.numerator) / value.denominator
