"""The gain of the transient (theory section 6).

Written by `python -m derivations`; do not edit.
"""

from typing import Any

from numpy import log, pi, sqrt


def dimension_exponent(escape_rate: Any, start_rate: Any) -> Any:
    """Exponent of P in the dimension.

    Args:
        escape_rate: growth rate R^2 psi'(s*) of log rho at the collapsed state.
        start_rate: growth rate R^2 psi'(0) of log rho at overlap zero.
    """
    return (escape_rate - 1)/(2*start_rate - 2)


def gain_exponent(escape_rate: Any, start_rate: Any) -> Any:
    """Exponent of the power law C ~ |s0|^-gamma.

    Args:
        escape_rate: growth rate R^2 psi'(s*) of log rho at the collapsed state.
        start_rate: growth rate R^2 psi'(0) of log rho at overlap zero.
    """
    return (-escape_rate + start_rate)/(start_rate - 1)


def gain_slope(separation: Any, sinh_quotient: Any, sech_product: Any, sech_tanh_product: Any) -> Any:
    """Integrand of log C, without its removable singularity.

    Args:
        separation: distance of each mode from the origin, in standard deviations of a mode.
        sinh_quotient: sinh(s - s*)/(s - s*), s* the overlap of the collapsed state.
        sech_product: mean of sech u sech u* at overlaps s and s*.
        sech_tanh_product: mean of sech u sech u* (tanh u + tanh u*) at overlaps s and s*.
    """
    part_0 = separation**2*sinh_quotient
    return -part_0*sech_tanh_product/(part_0*sech_product - 1)


def gain_slope_at_rest(separation: Any, escape_rate: Any, psi_second_rest: Any) -> Any:
    """Integrand of log C at s = s*.

    Args:
        separation: distance of each mode from the origin, in standard deviations of a mode.
        escape_rate: growth rate R^2 psi'(s*) of log rho at the collapsed state.
        psi_second_rest: second derivative of psi at the collapsed state.
    """
    return psi_second_rest*separation**2/(escape_rate - 1)


def gain_small_start(
    s0: Any, separation: Any, escape_rate: Any, start_rate: Any, psi_third_start: Any, gain_exponent: Any,
    gain_constant: Any
) -> Any:
    """Log C at small starts of a symmetric target, to order s0^2.

    Args:
        s0: weighted mean overlap at the start.
        separation: distance of each mode from the origin, in standard deviations of a mode.
        escape_rate: growth rate R^2 psi'(s*) of log rho at the collapsed state.
        start_rate: growth rate R^2 psi'(0) of log rho at overlap zero.
        psi_third_start: third derivative of psi at overlap zero.
        gain_exponent: power with which the gain of the transient grows as s(0) -> 0.
        gain_constant: constant term of the logarithm of the gain as s(0) -> 0.
    """
    part_0 = s0**2
    return (
        gain_constant - 1/2*gain_exponent*log(part_0) - 1/2*part_0*psi_third_start*separation**2*(-(-escape_rate +
        start_rate)/((start_rate - 1)*(6*start_rate - 6)) + (1/(2*start_rate - 2)))
    )


def symmetric_probability(
    separation: Any, dim: Any, gain_exponent: Any, threshold_scale: Any, absolute_moment: Any
) -> Any:
    """Probability of collapse of a symmetric target in large dimension.

    Args:
        separation: distance of each mode from the origin, in standard deviations of a mode.
        dim: dimension of the samples.
        gain_exponent: power with which the gain of the transient grows as s(0) -> 0.
        threshold_scale: factor B of the threshold rho_c = B |s(0)|^gamma of small overlaps.
        absolute_moment: mean of |z|^gamma for a standard normal z.
    """
    part_0 = sqrt(2)
    part_1 = sqrt(dim)
    return absolute_moment*part_0*part_1*threshold_scale*((1/2)*part_0*separation/part_1)**gain_exponent/sqrt(pi)
