"""The distance of a pair across the axis at high and low temperature, its overlap, and the clock of slow annealing."""

from fractions import Fraction

from anneal_theory._types import Exactable, MpContext, Mpf, Number
from anneal_theory.arithmetic import FloatArithmetic
from anneal_theory.asymptotics.evaluation import evaluated, number
from anneal_theory.errors import DomainError
from anneal_theory.exact import exact
from anneal_theory.formulas.hot_phase import hot_distance_squared_warm
from anneal_theory.formulas.hot_phase_mp import hot_distance_squared_hot, lambert_argument
from anneal_theory.formulas.label_overlap import overlap_small
from anneal_theory.formulas.label_overlap_mp import overlap_large
from anneal_theory.formulas.slow_annealing_mp import saturated_hot_clock
from anneal_theory.quantities.doors import checked


@checked(temperature="hot_temperature")
def hot_separation(temperature: Exactable, family_weight: Exactable = 0.5, *, digits: int | None = None) -> Number:
    """D_T at high temperature, by Lambert's function.

    Args:
        temperature: T so high that W(pi T^2/(8 w1 w2)) > 4.
        family_weight: w1.

    Remainder: O(W^-3) in D_T^2, with ``W ~ 2 log T``, at fixed w1.

    Source: theory section 7; docs/derivations/hot_phase.md.

    Example:
        >>> round(hot_separation(1e6), 3)
        9.957
    """
    exact_temperature, weight = exact(temperature), exact(family_weight)

    def value(context: MpContext) -> Mpf:
        share = number(context, weight)
        argument = lambert_argument(context, number(context, exact_temperature), share * (1 - share))
        lambert = context.lambertw(argument).real
        if not lambert > 4:
            raise DomainError.of("temperature", "high: W(pi T^2/(8 w1 w2)) above 4", temperature, "use hot_separation")
        return context.sqrt(hot_distance_squared_hot(context, FloatArithmetic(context).half_log_odds(weight), lambert))

    return evaluated(digits, value)


@checked(temperature="hot_temperature")
def warm_separation(temperature: Exactable, family_weight: Exactable = 0.5, *, digits: int | None = None) -> Number:
    """D_T close to T = 1.

    Args:
        temperature: ``1 <= T < 1 + w1 w2``.
        family_weight: w1.

    Remainder: O((T - 1)^5) in D_T^2, at fixed w1.

    Source: theory section 7; docs/derivations/hot_phase.md.

    Example:
        >>> round(warm_separation(1.01), 8)
        0.19999353
    """
    excess, weight = exact(temperature) - 1, exact(family_weight)
    variance = weight * (1 - weight)
    if not excess < variance:
        raise DomainError.of("temperature", "below 1 + w1 w2", temperature, "use hot_separation")
    square = Fraction(hot_distance_squared_warm(excess, variance))
    return evaluated(digits, lambda context: context.sqrt(number(context, square)))


@checked(weight="share")
def close_mmse(distance: Exactable, weight: Exactable = 0.5, *, digits: int | None = None) -> Number:
    """G(D; w) at small distance, the Taylor polynomial to D^8.

    Args:
        distance: ``0 < D < 1``.
        weight: w.

    Remainder: O(D^10).

    Source: docs/derivations/label_overlap.md.

    Example:
        >>> round(close_mmse(0.1), 12)
        0.249376556032
    """
    gap, share = exact(distance), exact(weight)
    if not gap < 1:
        raise DomainError.of("distance", "below 1", distance, "use averages.mmse")
    value = Fraction(overlap_small(gap, share * (1 - share)))
    return evaluated(digits, lambda context: number(context, value))


@checked(weight="share")
def far_mmse(distance: Exactable, weight: Exactable = 0.5, *, digits: int | None = None) -> Number:
    """G(D; w) at large distance.

    Args:
        distance: D > 5.
        weight: w.

    Remainder: Relative O(D^-6), at fixed w.

    Source: theory section 7; docs/derivations/label_overlap.md.

    Example:
        >>> f"{far_mmse(20):.5e}"
        '5.97107e-24'
    """
    gap, share = exact(distance), exact(weight)
    if not gap > 5:
        raise DomainError.of("distance", "above 5", distance, "use averages.mmse")

    def value(context: MpContext) -> Mpf:
        numbers = number(context, gap), number(context, share), FloatArithmetic(context).half_log_odds(share)
        overlap: Mpf = overlap_large(context, *numbers)
        return overlap

    return evaluated(digits, value)


@checked
def saturated_clock(threshold: Exactable, decay_time: Exactable, *, digits: int | None = None) -> Number:
    """Integral of beta that an exponential schedule spends above a temperature, in the limit T0 -> infinity.

    Under the tempered target raising T0 at fixed t0 buys no more than this.

    Args:
        threshold: The temperature, above 1.
        decay_time: t0.

    Remainder: t0/T0 + O(t0/T0^2).

    Source: theory section 6; docs/derivations/slow_annealing.md.

    Example:
        >>> round(saturated_clock(5.58355, 100), 3)
        19.735
    """
    level, time = exact(threshold), exact(decay_time)
    if level == 1:
        raise DomainError.of("threshold", "above 1", threshold, "an exponential schedule stays above 1")
    return evaluated(
        digits, lambda context: saturated_hot_clock(context, number(context, level), number(context, time))
    )
