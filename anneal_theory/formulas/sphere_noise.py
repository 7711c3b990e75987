"""The threshold on the sphere with noise (theory section 12).

Written by `python -m derivations`; do not edit.
"""

from typing import Any

from numpy import exp, log, log1p, pi, sqrt


def beyond_first(noise_scale: Any, shift_part: Any) -> Any:
    """Size of the orders beyond the first of a part of the shift.

    Args:
        noise_scale: strength of the noise of training: step size over batch.
        shift_part: a part of what noise of strength 1 raises the critical log u of a start by.
    """
    part_0 = noise_scale*shift_part
    return part_0 - 1/2*log(2*part_0 + 1)


def chance_slope(cosine: Any, half_freedom: Any, log_gamma_ratio: Any) -> Any:
    """Slope of a start's chance to collapse in the logarithm of its critical u.

    Args:
        cosine: cosine of the angle between mu_1 - mu_2 and the axis, with the sign of m1 - m2.
        half_freedom: half of the dimensions across the axis, (d - 1)/2.
        log_gamma_ratio: logarithm of Gamma(a + 1/2)/Gamma(a).
    """
    return 2*cosine*exp(log_gamma_ratio + (half_freedom - 1)*log1p(-cosine**2))/sqrt(pi)


def divergence_slopes(
    difference_cosine: Any, overlap_sum: Any, pair_cosine: Any, separation: Any, variance: Any, temperature: Any, psi_1:
    Any, psi_2: Any, psi_prime_1: Any, psi_prime_2: Any, psi_second_1: Any, psi_second_2: Any, overlap: Any,
    overlap_prime: Any, overlap_second: Any
) -> tuple[Any, Any, Any]:
    """Slopes in log x, m1 + m2 and c of the divergence of the flow of (x, m1 + m2, c), in the clock.

    Args:
        difference_cosine: cosine of the angle between mu_1 - mu_2 and the axis, for means on the sphere.
        overlap_sum: sum m1 + m2 of the two overlaps.
        pair_cosine: cosine mu_1 . mu_2/R^2 of the angle between two means on the sphere.
        separation: distance of each mode from the origin, in standard deviations of a mode.
        variance: common variance of the components, or of one coordinate of an initial mean.
        temperature: temperature of the loss.
        psi_1: mean of the target's mode label under the first component.
        psi_2: mean of the target's mode label under the second component.
        psi_prime_1: derivative of psi at m1.
        psi_prime_2: derivative of psi at m2.
        psi_second_1: second derivative of psi at m1.
        psi_second_2: second derivative of psi at m2.
        overlap: overlap G(D) of the two components.
        overlap_prime: derivative dG/dD.
        overlap_second: second derivative of G in D.
    """
    part_0 = 2 - 2*pair_cosine
    part_1 = sqrt(part_0)
    part_2 = (3/4)*part_1
    part_3 = separation**2
    part_4 = (1/part_3)
    part_5 = overlap_sum*part_4
    part_6 = difference_cosine*part_1
    part_7 = part_5 + part_6
    part_8 = part_7*psi_prime_1
    part_9 = (5/8)*part_3
    part_10 = part_1*part_9
    part_11 = overlap_sum*part_4 - part_6
    part_12 = part_11*psi_prime_2
    part_13 = -part_3
    part_14 = (1/4)*part_3
    part_15 = psi_second_1*(-part_13 - part_14*part_7**2)
    part_16 = part_1*part_14
    part_17 = psi_second_2*(-part_11**2*part_14 - part_13)
    part_18 = (1/2)*part_3
    part_19 = part_1*part_18
    part_20 = (1/2)*pair_cosine
    part_21 = part_20*part_3
    part_22 = part_1*part_21 + part_19
    part_23 = part_11*part_18
    part_24 = -part_21*part_7 + part_23
    part_25 = part_24*psi_prime_1
    part_26 = -part_18*part_7
    part_27 = -part_11*part_21 - part_26
    part_28 = part_27*psi_prime_2
    part_29 = (1/part_0)
    part_30 = (1/2)*part_4
    part_31 = part_29*part_30
    part_32 = (3/4)*part_4
    part_33 = (1/2)*part_5
    part_34 = (1/2)*part_6
    part_35 = (1/2)*psi_prime_1
    part_36 = (1/2)*psi_prime_2
    part_37 = 1/2 - part_20
    part_38 = overlap*temperature/variance
    part_39 = (1/part_1)
    part_40 = difference_cosine*part_39
    part_41 = (3/4)*part_40
    part_42 = variance**(-3/2)
    part_43 = overlap_prime*part_39*part_42*separation
    part_44 = 2 - 2*pair_cosine**2
    part_45 = part_44*temperature
    part_46 = part_40*part_9
    part_47 = part_14*part_40
    part_48 = part_18*part_40
    part_49 = part_21*part_40 + part_48
    return (
        (difference_cosine*(part_10*part_12 - part_10*part_8 + part_15*part_16 - part_16*part_17 - part_2*psi_1 +
        part_2*psi_2 + part_31*(part_19*part_25 - part_19*part_28 - part_22*psi_1 + part_22*psi_2)), -3/8*part_12 +
        (1/4)*part_15 + (1/4)*part_17 + part_31*(part_24*part_35 + part_27*part_36 + part_37*psi_1 + part_37*psi_2) -
        part_32*psi_1 - part_32*psi_2 + part_35*(-part_33 - part_34) + part_36*(-part_33 + part_34) - 3/8*part_8,
        overlap_prime*part_42*part_45*separation/part_0**(3/2) - overlap_second*part_29*part_3*part_45/variance**2 -
        10*pair_cosine*part_43*temperature - part_12*part_46 - part_15*part_47 + part_17*part_47 +
        part_29*(4*pair_cosine*part_38 + part_30*(-part_25*part_48 + part_28*part_48 + psi_1*(part_26 + part_49) +
        psi_2*(-part_23 - part_49)) + part_43*part_45) + 6*part_38 + part_41*psi_1 - part_41*psi_2 + part_46*part_8 +
        2*(-part_38*part_44 + (1/2)*part_4*(part_24*psi_1 + part_27*psi_2))/part_0**2,)
    )


def fastest_rate(separation: Any, variance: Any, temperature: Any) -> Any:
    """About the fastest rate of a pair per unit of time of the tempered flow.

    Args:
        separation: distance of each mode from the origin, in standard deviations of a mode.
        variance: common variance of the components, or of one coordinate of an initial mean.
        temperature: temperature of the loss.
    """
    return (1/2)*separation**2/temperature + (1/variance)


def sphere_start_spread(
    by_difference: Any, by_sum: Any, by_cosine: Any, difference_variance: Any, difference_with_total: Any,
    difference_with_cosine: Any, total_variance: Any, total_with_cosine: Any, cosine_variance: Any
) -> tuple[Any, Any]:
    """Rates at which noise of strength 1 spreads the critical log u of a given start: in all, and by m1 + m2 and c.

    Args:
        by_difference: derivative by log x of a function that is zero on the separatrix.
        by_sum: derivative by m1 + m2 of a function that is zero on the separatrix.
        by_cosine: derivative by the pair's cosine of a function that is zero on the separatrix.
        difference_variance: variance that noise of strength 1 adds to log x in a unit of time.
        difference_with_total: covariance that it adds to log x and m1 + m2.
        difference_with_cosine: covariance that it adds to log x and the pair's cosine.
        total_variance: variance that it adds to m1 + m2.
        total_with_cosine: covariance that it adds to m1 + m2 and the pair's cosine.
        cosine_variance: variance that it adds to the pair's cosine.
    """
    part_0 = 2*by_cosine
    part_1 = by_cosine**2*cosine_variance + by_sum**2*total_variance + by_sum*part_0*total_with_cosine
    return (
        (by_difference**2*difference_variance + 2*by_difference*by_sum*difference_with_total +
        by_difference*difference_with_cosine*part_0 + part_1, part_1,)
    )


def sphere_threshold_moves(
    by_difference: Any, by_sum: Any, by_cosine: Any, difference_variance: Any, difference_with_total: Any,
    difference_with_cosine: Any, total_variance: Any, total_with_cosine: Any, cosine_variance: Any, difference_drift:
    Any, total_drift: Any, cosine_drift: Any, difference_push: Any, total_push: Any, cosine_push: Any,
    law_by_difference: Any, law_by_sum: Any, law_by_cosine: Any
) -> tuple[Any, Any, Any, Any]:
    """Rates at which noise of strength 1 raises the critical log u: by drift of x, by other drifts, by widening the law along x, along m1 + m2 and c.

    Args:
        by_difference: derivative by log x of a function that is zero on the separatrix.
        by_sum: derivative by m1 + m2 of a function that is zero on the separatrix.
        by_cosine: derivative by the pair's cosine of a function that is zero on the separatrix.
        difference_variance: variance that noise of strength 1 adds to log x in a unit of time.
        difference_with_total: covariance that it adds to log x and m1 + m2.
        difference_with_cosine: covariance that it adds to log x and the pair's cosine.
        total_variance: variance that it adds to m1 + m2.
        total_with_cosine: covariance that it adds to m1 + m2 and the pair's cosine.
        cosine_variance: variance that it adds to the pair's cosine.
        difference_drift: drift that noise of strength 1 gives x, over x.
        total_drift: drift that it gives m1 + m2.
        cosine_drift: drift that it gives the pair's cosine.
        difference_push: velocity of log x in a law that noise of strength 1 moves, but for its slopes.
        total_push: velocity of m1 + m2 there.
        cosine_push: velocity of the pair's cosine there.
        law_by_difference: slope in log x of the logarithm of the density of (x, m1 + m2, c).
        law_by_sum: its slope in m1 + m2.
        law_by_cosine: its slope in the pair's cosine.
    """
    return (
        (-by_difference*difference_drift, -by_cosine*cosine_drift - by_sum*total_drift, by_cosine*(cosine_drift -
        cosine_push) + by_difference*(difference_drift - difference_push) + by_sum*(total_drift - total_push) +
        (1/2)*law_by_difference*(by_cosine*difference_with_cosine + by_difference*difference_variance +
        by_sum*difference_with_total), (1/2)*law_by_cosine*(by_cosine*cosine_variance +
        by_difference*difference_with_cosine + by_sum*total_with_cosine) + (1/2)*law_by_sum*(by_cosine*total_with_cosine
        + by_difference*difference_with_total + by_sum*total_variance),)
    )


def start_slopes(
    difference_cosine: Any, overlap_sum: Any, pair_cosine: Any, separation: Any, dim: Any
) -> tuple[Any, Any, Any]:
    """Slopes in log x, m1 + m2 and c of the logarithm of the density of a start's (x, m1 + m2, c).

    Args:
        difference_cosine: cosine of the angle between mu_1 - mu_2 and the axis, for means on the sphere.
        overlap_sum: sum m1 + m2 of the two overlaps.
        pair_cosine: cosine mu_1 . mu_2/R^2 of the angle between two means on the sphere.
        separation: distance of each mode from the origin, in standard deviations of a mode.
        dim: dimension of the samples.
    """
    part_0 = difference_cosine**2
    part_1 = separation**4
    part_2 = 2*part_1
    part_3 = part_0*part_2
    part_4 = overlap_sum**2
    part_5 = pair_cosine*part_2
    part_6 = -part_2 + part_3
    part_7 = (1/(part_0*part_5 + part_4 - part_5 + part_6))
    part_8 = part_7*(dim - 4)
    part_9 = pair_cosine*part_1
    part_10 = 14*part_9
    part_11 = 4*dim*part_9
    return (
        (part_3*part_8*(pair_cosine + 1), overlap_sum*part_8, (1/2)*part_7*(dim*part_4 - part_0*part_10 + part_0*part_11
        + part_10 - part_11 - 3*part_4 + part_6)/(pair_cosine - 1),)
    )
