"""The flows in the variables of their integration (theory sections 3 and 4).

Written by `python -m derivations`; do not edit.
"""

from typing import Any


def centre_flow(
    delta: Any, centre: Any, centre_square: Any, cross: Any, distance_square: Any, separation: Any, family_weight: Any,
    second_weight: Any, attraction: Any, repulsion: Any, mobility_1: Any, mobility_2: Any, psi_1: Any, psi_2: Any,
    overlap: Any, slope: Any
) -> tuple[Any, Any, Any, Any, Any]:
    """Rates of the statistics of centre and difference per unit of time.

    Args:
        delta: difference m1 - m2 of the two overlaps.
        centre: overlap (m1 + m2)/2 of the centre of the two means.
        centre_square: squared length of the centre (mu_1 + mu_2)/2.
        cross: scalar product of the centre and the difference of the two means.
        distance_square: squared distance of the two means.
        separation: distance of each mode from the origin, in standard deviations of a mode.
        family_weight: share of the family's first component.
        second_weight: share of the family's second component, 1 - w1.
        attraction: factor of the pull of the target: beta, or 1 for the free energy.
        repulsion: factor of the push of the components: 1, or T for the free energy.
        mobility_1: mobility of the first mean: 1, or 1/w1 in the natural metric.
        mobility_2: mobility of the second mean: 1, or 1/w2 in the natural metric.
        psi_1: mean of the target's mode label under the first component.
        psi_2: mean of the target's mode label under the second component.
        overlap: overlap G(D) of the two components.
        slope: growth rate of log rho, R^2 (psi(m1) - psi(m2))/(m1 - m2).
    """
    part_0 = overlap*repulsion
    part_1 = part_0*(mobility_1 - mobility_2)
    part_2 = (1/2)*part_1
    part_3 = family_weight*mobility_1
    part_4 = mobility_2*second_weight
    part_5 = attraction*(part_3 - part_4)
    part_6 = (1/4)*part_5
    part_7 = delta*(slope - 1)
    part_8 = separation**2
    part_9 = (1/2)*psi_1 + (1/2)*psi_2
    part_10 = -centre + part_8*part_9
    part_11 = attraction*(part_3 + part_4)
    part_12 = (1/2)*part_11
    part_13 = part_0*(mobility_1 + mobility_2)
    part_14 = centre*part_9 - centre_square
    part_15 = slope/part_8
    part_16 = centre*delta*part_15
    part_17 = delta**2*part_15 - distance_square
    return (
        (delta*part_2 + part_10*part_12 + part_6*part_7, delta*part_13 + part_10*part_5 + part_12*part_7, cross*part_1 +
        part_11*part_14 + (1/2)*part_5*(-cross + part_16), cross*part_13 + distance_square*part_2 + part_12*(-2*cross +
        delta*part_9 + part_16) + part_14*part_5 + part_17*part_6, 2*distance_square*part_13 + part_11*part_17 +
        2*part_5*(-cross + delta*part_9),)
    )


def centre_jacobian(
    delta: Any, distance: Any, centre: Any, cross: Any, separation: Any, family_weight: Any, second_weight: Any,
    attraction: Any, repulsion: Any, mobility_1: Any, mobility_2: Any, psi_1: Any, psi_2: Any, psi_prime_1: Any,
    psi_prime_2: Any, overlap: Any, overlap_prime: Any, slope: Any, slope_s: Any, slope_delta: Any
) -> tuple[
        tuple[Any, Any, Any, Any, Any],
        tuple[Any, Any, Any, Any, Any],
        tuple[Any, Any, Any, Any, Any],
        tuple[Any, Any, Any, Any, Any],
        tuple[Any, Any, Any, Any, Any],
    ]:
    """Derivatives of these rates by the statistics.

    Args:
        delta: difference m1 - m2 of the two overlaps.
        distance: distance of the two means, or of the two points of a label.
        centre: overlap (m1 + m2)/2 of the centre of the two means.
        cross: scalar product of the centre and the difference of the two means.
        separation: distance of each mode from the origin, in standard deviations of a mode.
        family_weight: share of the family's first component.
        second_weight: share of the family's second component, 1 - w1.
        attraction: factor of the pull of the target: beta, or 1 for the free energy.
        repulsion: factor of the push of the components: 1, or T for the free energy.
        mobility_1: mobility of the first mean: 1, or 1/w1 in the natural metric.
        mobility_2: mobility of the second mean: 1, or 1/w2 in the natural metric.
        psi_1: mean of the target's mode label under the first component.
        psi_2: mean of the target's mode label under the second component.
        psi_prime_1: derivative of psi at m1.
        psi_prime_2: derivative of psi at m2.
        overlap: overlap G(D) of the two components.
        overlap_prime: derivative dG/dD.
        slope: growth rate of log rho, R^2 (psi(m1) - psi(m2))/(m1 - m2).
        slope_s: derivative of the growth rate in s at fixed delta.
        slope_delta: derivative of the growth rate in delta at fixed s.
    """
    part_0 = family_weight*mobility_1
    part_1 = mobility_2*second_weight
    part_2 = attraction*(part_0 - part_1)
    part_3 = (1/4)*part_2
    part_4 = delta*part_3
    part_5 = separation**2
    part_6 = (1/2)*psi_prime_1 + (1/2)*psi_prime_2
    part_7 = part_5*part_6 - 1
    part_8 = attraction*(part_0 + part_1)
    part_9 = (1/2)*part_8
    part_10 = mobility_1 - mobility_2
    part_11 = overlap*repulsion
    part_12 = (1/2)*part_10*part_11
    part_13 = slope - 1
    part_14 = (1/4)*psi_prime_1 - 1/4*psi_prime_2
    part_15 = (1/4)*part_10
    part_16 = overlap_prime*repulsion
    part_17 = part_16/distance
    part_18 = delta*part_17
    part_19 = delta*part_9
    part_20 = mobility_1 + mobility_2
    part_21 = part_11*part_20
    part_22 = part_14*part_2
    part_23 = (1/2)*part_20
    part_24 = (1/part_5)
    part_25 = part_24*slope
    part_26 = delta*part_25
    part_27 = centre*delta
    part_28 = part_24*slope_s
    part_29 = part_26 + part_27*part_28
    part_30 = (1/2)*part_2
    part_31 = (1/2)*psi_1 + (1/2)*psi_2
    part_32 = centre*part_6 + part_31
    part_33 = part_24*slope_delta
    part_34 = centre*part_25 + part_27*part_33
    part_35 = -part_8
    part_36 = cross*part_17
    part_37 = delta**2
    part_38 = part_28*part_37
    part_39 = delta*part_6
    part_40 = 2*part_26 + part_33*part_37
    part_41 = delta*part_14 + part_31
    part_42 = distance*part_16
    part_43 = 2*part_2
    return (
        ((part_4*slope_s + part_7*part_9, part_12 + part_13*part_3 + part_14*part_5*part_9 + part_4*slope_delta, 0.0,
        0.0, part_15*part_18,), (part_19*slope_s + part_2*part_7, part_13*part_9 + part_19*slope_delta + part_21 +
        part_22*part_5, 0.0, 0.0, part_18*part_23,), (part_29*part_30 + part_32*part_8, centre*part_14*part_8 +
        part_30*part_34, part_35, overlap*part_10*repulsion - part_30, (1/2)*part_10*part_36,), (part_2*part_32 +
        part_3*part_38 + part_9*(part_29 + part_39), centre*part_22 + part_3*part_40 + part_9*(part_34 + part_41),
        -part_2, overlap*part_20*repulsion - part_8, part_12 + part_15*part_42 + part_23*part_36 - part_3,),
        (part_38*part_8 + part_39*part_43, part_40*part_8 + part_41*part_43, 0.0, -part_43, part_20*part_42 + 2*part_21
        + part_35,),)
    )


def reduced_log_jacobian(
    delta: Any, cosine_squared: Any, distance: Any, separation: Any, family_weight: Any, temperature: Any, psi_prime_1:
    Any, psi_prime_2: Any, overlap_prime: Any, slope: Any, slope_s: Any, slope_delta: Any
) -> tuple[tuple[Any, Any, Any], tuple[Any, Any, Any], tuple[Any, Any, Any]]:
    """Derivatives of the rates of s, log rho, log D by these three.

    Args:
        delta: difference m1 - m2 of the two overlaps.
        cosine_squared: squared cosine of the angle between mu_1 - mu_2 and the target's axis.
        distance: distance of the two means, or of the two points of a label.
        separation: distance of each mode from the origin, in standard deviations of a mode.
        family_weight: share of the family's first component.
        temperature: temperature of the loss.
        psi_prime_1: derivative of psi at m1.
        psi_prime_2: derivative of psi at m2.
        overlap_prime: derivative dG/dD.
        slope: growth rate of log rho, R^2 (psi(m1) - psi(m2))/(m1 - m2).
        slope_s: derivative of the growth rate in s at fixed delta.
        slope_delta: derivative of the growth rate in delta at fixed s.
    """
    part_0 = separation**2
    part_1 = family_weight*psi_prime_1
    part_2 = 1 - family_weight
    part_3 = part_2*psi_prime_2
    part_4 = 1 - cosine_squared
    part_5 = delta*part_0*(-family_weight*part_3 + part_1*part_2)
    part_6 = delta*slope_delta
    part_7 = part_4*part_6
    return (
        ((part_0*(part_1 + part_3) - 1, part_4*part_5, part_5,), (slope_s, part_7, part_6,), (cosine_squared*slope_s,
        2*cosine_squared*part_4*slope + cosine_squared*part_7, cosine_squared*part_6 +
        distance*overlap_prime*temperature/(family_weight*part_2),),)
    )
