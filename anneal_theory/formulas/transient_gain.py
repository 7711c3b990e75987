"""The gain of the transient (theory section 6).

Written by `python -m derivations`; do not edit.
"""

from typing import Any

from numpy import pi, sqrt


def absolute_moment_of(gain_exponent: Any, moment_gamma: Any) -> Any:
    """Mean of |z|^gamma for a standard normal z.

    Args:
        gain_exponent: power with which the gain of the transient grows as s(0) -> 0.
        moment_gamma: Gamma function of half of the power plus one.
    """
    return 2**((1/2)*gain_exponent)*moment_gamma/sqrt(pi)


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


def gain_quotient(s: Any, separation: Any, psi_s: Any, psi_prime_s: Any, escape_rate: Any) -> tuple[Any, Any]:
    """Numerator and denominator of the integrand of log C.

    Args:
        s: weighted mean w1 m1 + w2 m2 of the two overlaps.
        separation: distance of each mode from the origin, in standard deviations of a mode.
        psi_s: psi at the weighted mean overlap.
        psi_prime_s: derivative of psi at the weighted mean overlap.
        escape_rate: growth rate R^2 psi'(s*) of log rho at the collapsed state.
    """
    part_0 = separation**2
    return (-escape_rate + part_0*psi_prime_s, part_0*psi_s - s,)


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
