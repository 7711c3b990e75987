"""Means on the sphere (theory section 11).

Written by `python -m derivations`; do not edit.
"""

from typing import Any

from numpy import log, log1p, logaddexp, sqrt


def cosine_of_difference(m1: Any, m2: Any, distance: Any, separation: Any) -> Any:
    """Cosine of mu_1 - mu_2 with the axis.

    Args:
        m1: overlap mu_1 . mu* of the first mean with the target's axis.
        m2: overlap mu_2 . mu* of the second mean with the target's axis.
        distance: distance of the two means, or of the two points of a label.
        separation: distance of each mode from the origin, in standard deviations of a mode.
    """
    return (m1 - m2)/(distance*separation)


def cosine_of_sum(m1: Any, m2: Any, pair_cosine: Any, separation: Any) -> Any:
    """Cosine of mu_1 + mu_2 with the axis.

    Args:
        m1: overlap mu_1 . mu* of the first mean with the target's axis.
        m2: overlap mu_2 . mu* of the second mean with the target's axis.
        pair_cosine: cosine mu_1 . mu_2/R^2 of the angle between two means on the sphere.
        separation: distance of each mode from the origin, in standard deviations of a mode.
    """
    return (m1 + m2)/(separation**2*sqrt(2*pair_cosine + 2))


def label_widening(separation: Any, variance: Any, psi_second_1: Any) -> Any:
    """Slope of psi in log v, from its second derivative.

    Args:
        separation: distance of each mode from the origin, in standard deviations of a mode.
        variance: common variance of the components, or of one coordinate of an initial mean.
        psi_second_1: second derivative of psi at m1.
    """
    return (1/2)*psi_second_1*separation**2*variance


def label_width(separation: Any, variance: Any) -> Any:
    """Separation at which psi is taken for this variance.

    Args:
        separation: distance of each mode from the origin, in standard deviations of a mode.
        variance: common variance of the components, or of one coordinate of an initial mean.
    """
    return separation*sqrt(variance)


def log_variance_flow(variance: Any, temperature: Any) -> tuple[Any, Any, Any]:
    """Rate of the logarithm of a trained variance, and its derivatives in log v and T.

    Args:
        variance: common variance of the components, or of one coordinate of an initial mean.
        temperature: temperature of the loss.
    """
    part_0 = (1/variance)
    part_1 = part_0*temperature
    return (part_1 - 1, -part_1, part_0,)


def overlap_argument(distance: Any, variance: Any) -> tuple[Any, Any]:
    """D^2/(4 v), and its slope in D/sqrt(v).

    Args:
        distance: distance of the two means, or of the two points of a label.
        variance: common variance of the components, or of one coordinate of an initial mean.
    """
    return ((1/4)*distance**2/variance, (1/2)*distance/sqrt(variance),)


def overlap_variance(separation: Any, variance: Any) -> Any:
    """Variance of a component's overlap with the axis.

    Args:
        separation: distance of each mode from the origin, in standard deviations of a mode.
        variance: common variance of the components, or of one coordinate of an initial mean.
    """
    return separation**2*variance


def pair_cosine_of(distance: Any, separation: Any) -> Any:
    """Cosine of two means of length R at a distance.

    Args:
        distance: distance of the two means, or of the two points of a label.
        separation: distance of each mode from the origin, in standard deviations of a mode.
    """
    return -1/2*distance**2/separation**2 + 1


def scaled_distance(distance: Any, variance: Any) -> Any:
    """Distance at which G is taken for this variance.

    Args:
        distance: distance of the two means, or of the two points of a label.
        variance: common variance of the components, or of one coordinate of an initial mean.
    """
    return distance/sqrt(variance)


def sphere_log_rho(difference_cosine: Any, sum_cosine: Any) -> Any:
    """Log rho of the cosines of a state.

    Args:
        difference_cosine: cosine of the angle between mu_1 - mu_2 and the axis, for means on the sphere.
        sum_cosine: cosine of the angle between mu_1 + mu_2 and the axis, for means on the sphere.
    """
    return log(difference_cosine) - 1/2*log1p(-difference_cosine**2 - sum_cosine**2)


def sphere_overlaps(
    difference_cosine: Any, overlap_sum: Any, pair_cosine: Any, separation: Any
) -> tuple[Any, Any, Any]:
    """M1, m2 and the distance of the means.

    Args:
        difference_cosine: cosine of the angle between mu_1 - mu_2 and the axis, for means on the sphere.
        overlap_sum: sum m1 + m2 of the two overlaps.
        pair_cosine: cosine mu_1 . mu_2/R^2 of the angle between two means on the sphere.
        separation: distance of each mode from the origin, in standard deviations of a mode.
    """
    part_0 = sqrt(2 - 2*pair_cosine)
    part_1 = (1/2)*difference_cosine*part_0*separation**2
    return ((1/2)*overlap_sum + part_1, (1/2)*overlap_sum - part_1, part_0*separation,)


def sphere_pair_flow(
    difference_cosine: Any, overlap_sum: Any, pair_cosine: Any, separation: Any, variance: Any, temperature: Any, psi_1:
    Any, psi_2: Any, overlap: Any, slope: Any
) -> tuple[Any, Any, Any]:
    """Rates of log x, m1 + m2 and mu_1 . mu_2/R^2 in the clock.

    Args:
        difference_cosine: cosine of the angle between mu_1 - mu_2 and the axis, for means on the sphere.
        overlap_sum: sum m1 + m2 of the two overlaps.
        pair_cosine: cosine mu_1 . mu_2/R^2 of the angle between two means on the sphere.
        separation: distance of each mode from the origin, in standard deviations of a mode.
        variance: common variance of the components, or of one coordinate of an initial mean.
        temperature: temperature of the loss.
        psi_1: mean of the target's mode label under the first component.
        psi_2: mean of the target's mode label under the second component.
        overlap: overlap G(D) of the two components.
        slope: growth rate of log rho, R^2 (psi(m1) - psi(m2))/(m1 - m2).
    """
    part_0 = difference_cosine**2
    part_1 = separation**2
    part_2 = (1/part_1)
    part_3 = overlap_sum*part_2
    part_4 = (1/2)*psi_1 + (1/2)*psi_2
    part_5 = 1 - pair_cosine
    part_6 = overlap_sum*part_5
    part_7 = overlap*temperature/variance
    part_8 = part_1*slope
    part_9 = part_0*part_5
    return (
        (-1/4*part_3*((1/2)*part_3*slope + part_4) + (1/2)*slope*(1 - part_0), part_1*part_4 -
        1/2*part_2*(part_0*part_6*part_8 + (1/2)*part_4*(overlap_sum**2 + 2*part_9*separation**4)) - part_6*part_7,
        (1/2)*part_2*(overlap_sum*part_4*part_5 - part_8*part_9*(pair_cosine + 1)) - 2*part_7*(1 - pair_cosine**2),)
    )


def sphere_pair_flow_by_log_variance(
    difference_cosine: Any, overlap_sum: Any, pair_cosine: Any, separation: Any, variance: Any, temperature: Any,
    overlap: Any, overlap_prime: Any, widening_1: Any, widening_2: Any, slope_widening: Any
) -> tuple[Any, Any, Any]:
    """Derivatives of the rates in log v.

    Args:
        difference_cosine: cosine of the angle between mu_1 - mu_2 and the axis, for means on the sphere.
        overlap_sum: sum m1 + m2 of the two overlaps.
        pair_cosine: cosine mu_1 . mu_2/R^2 of the angle between two means on the sphere.
        separation: distance of each mode from the origin, in standard deviations of a mode.
        variance: common variance of the components, or of one coordinate of an initial mean.
        temperature: temperature of the loss.
        overlap: overlap G(D) of the two components.
        overlap_prime: derivative dG/dD.
        widening_1: derivative of psi at m1 in the logarithm of the variance.
        widening_2: derivative of psi at m2 in the logarithm of the variance.
        slope_widening: derivative of the growth rate in the logarithm of the variance.
    """
    part_0 = separation**2
    part_1 = (1/part_0)
    part_2 = overlap_sum*part_1
    part_3 = (1/8)*part_2
    part_4 = (1/2)*difference_cosine**2
    part_5 = overlap_sum**2
    part_6 = separation**4
    part_7 = 1 - pair_cosine
    part_8 = part_4*part_7
    part_9 = part_8*slope_widening
    part_10 = overlap*temperature/variance
    part_11 = overlap_sum*part_7
    part_12 = overlap_prime*separation*temperature*sqrt(2 - 2*pair_cosine)/variance**(3/2)
    part_13 = (1/2)*part_0 - 1/2*part_1*((1/4)*part_5 + part_6*part_8)
    part_14 = (1/4)*part_2*part_7
    part_15 = 1 - pair_cosine**2
    return (
        (-part_3*widening_1 - part_3*widening_2 + slope_widening*(-part_4 - 1/8*part_5/part_6 + 1/2),
        -overlap_sum*part_9 + part_10*part_11 + (1/2)*part_11*part_12 + part_13*widening_1 + part_13*widening_2,
        2*part_10*part_15 + part_12*part_15 + part_14*widening_1 + part_14*widening_2 - part_9*(pair_cosine + 1),)
    )


def sphere_pair_flow_by_temperature(
    overlap_sum: Any, pair_cosine: Any, variance: Any, overlap: Any
) -> tuple[Any, Any, Any]:
    """Derivatives of these rates in the temperature.

    Args:
        overlap_sum: sum m1 + m2 of the two overlaps.
        pair_cosine: cosine mu_1 . mu_2/R^2 of the angle between two means on the sphere.
        variance: common variance of the components, or of one coordinate of an initial mean.
        overlap: overlap G(D) of the two components.
    """
    part_0 = overlap/variance
    return (0.0, -overlap_sum*part_0*(1 - pair_cosine), -2*part_0*(1 - pair_cosine**2),)


def sphere_pair_jacobian(
    difference_cosine: Any, overlap_sum: Any, pair_cosine: Any, separation: Any, variance: Any, temperature: Any, psi_1:
    Any, psi_2: Any, psi_prime_1: Any, psi_prime_2: Any, overlap: Any, overlap_prime: Any, slope: Any, slope_1: Any,
    slope_2: Any
) -> tuple[tuple[Any, Any, Any], tuple[Any, Any, Any], tuple[Any, Any, Any]]:
    """Derivatives of the rates by log x, m1 + m2 and the pair's cosine.

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
        overlap: overlap G(D) of the two components.
        overlap_prime: derivative dG/dD.
        slope: growth rate of log rho, R^2 (psi(m1) - psi(m2))/(m1 - m2).
        slope_1: derivative of the growth rate in m1.
        slope_2: derivative of the growth rate in m2.
    """
    part_0 = difference_cosine**2
    part_1 = part_0*slope
    part_2 = (1/16)*overlap_sum
    part_3 = sqrt(2 - 2*pair_cosine)
    part_4 = difference_cosine*part_3
    part_5 = (1/2)*part_0
    part_6 = overlap_sum**2
    part_7 = separation**4
    part_8 = (1/8)/part_7
    part_9 = -part_5 - part_6*part_8 + 1/2
    part_10 = (1/2)*slope_1
    part_11 = separation**2
    part_12 = part_11*part_4
    part_13 = (1/2)*slope_2
    part_14 = part_10*part_12 - part_12*part_13
    part_15 = (1/part_11)
    part_16 = part_15*part_2
    part_17 = overlap_sum*slope
    part_18 = (1/2)*part_15
    part_19 = (1/2)*psi_1 + (1/2)*psi_2
    part_20 = part_10 + part_13
    part_21 = (1/part_3)
    part_22 = difference_cosine*part_21
    part_23 = part_2*part_22
    part_24 = (1/2)*difference_cosine*part_11*part_21*slope_2 - part_10*part_11*part_22
    part_25 = 1 - pair_cosine
    part_26 = part_25*part_5
    part_27 = overlap_sum*part_26
    part_28 = part_1*part_11
    part_29 = part_25*part_28
    part_30 = part_0*part_19*part_7
    part_31 = (1/2)*part_11
    part_32 = -part_18*(part_26*part_7 + (1/4)*part_6) + part_31
    part_33 = part_31*part_32
    part_34 = (1/variance)
    part_35 = overlap*part_34
    part_36 = overlap_sum*part_19 + part_29
    part_37 = variance**(-3/2)
    part_38 = part_22*psi_prime_1
    part_39 = pair_cosine + 1
    part_40 = (1/8)*overlap_sum*part_25
    part_41 = part_40*psi_prime_2
    part_42 = part_26*part_39
    part_43 = part_15*part_40
    return (
        (((1/16)*difference_cosine*overlap_sum*part_3*psi_prime_2 - part_1 + part_14*part_9 - part_2*part_4*psi_prime_1,
        -1/4*part_15*(part_17*part_18 + part_19) - part_16*psi_prime_1 - part_16*psi_prime_2 - part_17*part_8 +
        part_20*part_9, part_23*psi_prime_1 - part_23*psi_prime_2 + part_24*part_9,),
        ((1/2)*difference_cosine*part_11*part_3*part_32*psi_prime_1 - part_14*part_27 - part_18*(2*overlap_sum*part_29 +
        2*part_25*part_30) - part_33*part_4*psi_prime_2, -part_18*part_36 - part_20*part_27 -
        part_25*part_35*temperature + (1/2)*part_32*psi_prime_1 + (1/2)*part_32*psi_prime_2,
        (1/2)*difference_cosine*part_11*part_21*part_32*psi_prime_2 + overlap*overlap_sum*part_34*temperature +
        overlap_prime*overlap_sum*part_21*part_25*part_37*separation*temperature - part_18*(-overlap_sum*part_28 -
        part_30) - part_24*part_27 - part_33*part_38,), ((1/8)*difference_cosine*overlap_sum*part_25*part_3*psi_prime_1
        - part_1*part_25*part_39 - part_14*part_42 - part_4*part_41, part_18*part_19*part_25 - part_20*part_42 +
        part_43*psi_prime_1 + part_43*psi_prime_2, 2*overlap_prime*part_21*part_37*separation*temperature*(1 -
        pair_cosine**2) + 4*pair_cosine*part_35*temperature + part_18*(part_0*part_11*part_39*slope - part_36) +
        part_22*part_41 - part_24*part_42 - part_38*part_40,),)
    )


def sphere_start(log_rho: Any, sum_cosine: Any, pair_cosine: Any, separation: Any) -> tuple[Any, Any]:
    """Log x and m1 + m2 of a start.

    Args:
        log_rho: logarithm of rho.
        sum_cosine: cosine of the angle between mu_1 + mu_2 and the axis, for means on the sphere.
        pair_cosine: cosine mu_1 . mu_2/R^2 of the angle between two means on the sphere.
        separation: distance of each mode from the origin, in standard deviations of a mode.
    """
    return (
        ((1/2)*log1p(-sum_cosine**2) - 1/2*logaddexp(0, -2*log_rho), separation**2*sum_cosine*sqrt(2*pair_cosine + 2),)
    )


def sphere_trapping_ceiling(
    m1: Any, pair_cosine: Any, separation: Any, component_weight: Any, variance: Any, psi_1: Any, overlap: Any
) -> Any:
    """Temperature up to which both overlaps stay beyond m1.

    Args:
        m1: overlap mu_1 . mu* of the first mean with the target's axis.
        pair_cosine: cosine mu_1 . mu_2/R^2 of the angle between two means on the sphere.
        separation: distance of each mode from the origin, in standard deviations of a mode.
        component_weight: share of the component whose mean moves.
        variance: common variance of the components, or of one coordinate of an initial mean.
        psi_1: mean of the target's mode label under the first component.
        overlap: overlap G(D) of the two components.
    """
    return component_weight*psi_1*variance*sqrt(-m1**2 + separation**4)/(overlap*separation**2*sqrt(1 - pair_cosine**2))


def sum_of_overlaps(sum_cosine: Any, pair_cosine: Any, separation: Any) -> Any:
    """M1 + m2 of the cosine of mu_1 + mu_2 with the axis.

    Args:
        sum_cosine: cosine of the angle between mu_1 + mu_2 and the axis, for means on the sphere.
        pair_cosine: cosine mu_1 . mu_2/R^2 of the angle between two means on the sphere.
        separation: distance of each mode from the origin, in standard deviations of a mode.
    """
    return separation**2*sum_cosine*sqrt(2*pair_cosine + 2)


def turned_cosine(cosine: Any, sum_cosine: Any) -> Any:
    """Cosine of mu_1 - mu_2 with the axis, from that with its part across it.

    Args:
        cosine: cosine of the angle between mu_1 - mu_2 and the axis, with the sign of m1 - m2.
        sum_cosine: cosine of the angle between mu_1 + mu_2 and the axis, for means on the sphere.
    """
    return cosine*sqrt(1 - sum_cosine**2)


def widening_of(width_slope: Any) -> Any:
    """Slope of an average in log v, from that in log(R sqrt(v)).

    Args:
        width_slope: derivative of an average in the logarithm of R sqrt(v).
    """
    return (1/2)*width_slope
