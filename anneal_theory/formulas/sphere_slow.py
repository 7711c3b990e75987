"""Slow annealing on the sphere (theory section 11).

Written by `python -m derivations`; do not edit.
"""

from typing import Any

from numpy import exp, log, sqrt


def log_slow_sphere_threshold(log_growth: Any, saturation: Any) -> Any:
    """Logarithm of the threshold of slow annealing at a fixed bias, at the end of the background.

    Args:
        log_growth: integral of the growth rate of x since the start.
        saturation: first-order change of log x with x^2, over x^2.
    """
    return -log_growth - 1/2*log(2*saturation)


def slow_sphere_largest(log_growth: Any, saturation: Any, largest_growth: Any) -> Any:
    """Largest square of x on the background, at the threshold.

    Args:
        log_growth: integral of the growth rate of x since the start.
        saturation: first-order change of log x with x^2, over x^2.
        largest_growth: largest value of the growth of log x since the start.
    """
    return (1/2)*exp(2*largest_growth - 2*log_growth)/saturation


def sphere_background_rates(
    overlap_sum: Any, pair_cosine: Any, separation: Any, variance: Any, temperature: Any, psi_1: Any, psi_prime_1: Any,
    overlap: Any, overlap_prime: Any, widening_1: Any, slope_widening: Any, sum_response: Any, cosine_response: Any,
    saturation: Any
) -> tuple[Any, Any, Any, Any, Any, Any]:
    """Rates of a pair whose difference lies across the axis, of its response to x^2, and of its saturation.

    Args:
        overlap_sum: sum m1 + m2 of the two overlaps.
        pair_cosine: cosine mu_1 . mu_2/R^2 of the angle between two means on the sphere.
        separation: distance of each mode from the origin, in standard deviations of a mode.
        variance: common variance of the components, or of one coordinate of an initial mean.
        temperature: temperature of the loss.
        psi_1: mean of the target's mode label under the first component.
        psi_prime_1: derivative of psi at m1.
        overlap: overlap G(D) of the two components.
        overlap_prime: derivative dG/dD.
        widening_1: derivative of psi at m1 in the logarithm of the variance.
        slope_widening: derivative of the growth rate in the logarithm of the variance.
        sum_response: first-order change of m1 + m2 with x^2, over x^2.
        cosine_response: first-order change of the pair's cosine with x^2, over x^2.
        saturation: first-order change of log x with x^2, over x^2.
    """
    part_0 = separation**2
    part_1 = (1/2)*part_0*psi_prime_1
    part_2 = (1/2)*overlap_sum*psi_prime_1 + psi_1
    part_3 = (1/part_0)
    part_4 = (1/4)*part_3
    part_5 = part_2*part_4
    part_6 = overlap_sum**2
    part_7 = part_4*part_6
    part_8 = 1 - pair_cosine
    part_9 = (1/variance)
    part_10 = overlap_sum*part_9
    part_11 = overlap*temperature
    part_12 = part_10*part_11
    part_13 = part_11*part_9
    part_14 = 2 - 2*pair_cosine**2
    part_15 = part_8*separation**4
    part_16 = part_9*widening_1
    part_17 = (1/2)*part_3
    part_18 = overlap_sum*part_17
    part_19 = part_0*psi_prime_1 - part_18*part_2
    part_20 = overlap_prime*separation*temperature/(variance**(3/2)*sqrt(2 - 2*pair_cosine))
    part_21 = part_18*psi_1
    part_22 = part_15*psi_prime_1
    part_23 = part_16*part_8
    part_24 = overlap_sum*part_4
    part_25 = part_24*psi_prime_1
    part_26 = (1/2)*part_0
    return (
        (-overlap_sum*part_5 + part_1, part_0*psi_1 - part_12*part_8 - part_7*psi_1,
        (1/2)*overlap_sum*part_3*part_8*psi_1 - part_13*part_14, cosine_response*(overlap_sum*part_20*part_8 + part_12)
        + (1/2)*part_15*part_16 - part_17*(overlap_sum*part_22 + (1/4)*part_0*part_23*part_6 + part_15*psi_1) -
        part_19*sum_response + sum_response*(-part_13*part_8 - part_21 + (1/2)*psi_prime_1*(part_0 - part_7)),
        -cosine_response*part_19 + cosine_response*(4*pair_cosine*part_13 + part_14*part_20 - part_21) +
        part_17*(part_10*part_26*part_8**2*widening_1 - part_22*(pair_cosine + 1)) + sum_response*(part_17*part_8*psi_1
        + part_25*part_8), (part_0*part_8*part_9*slope_widening)/12 - part_1 - part_19*saturation -
        part_24*((part_10*part_8*slope_widening)/12 + part_23*part_26) + sum_response*(-part_25 +
        part_3*part_9*widening_1*((1/2)*part_0 - 1/8*part_3*part_6) - part_5),)
    )
