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
    psi_prime_2: Any, overlap: Any, overlap_prime: Any, slope: Any, slope_1: Any, slope_2: Any
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
        slope_1: derivative of the growth rate in m1.
        slope_2: derivative of the growth rate in m2.
    """
    part_0 = slope_1 + slope_2
    part_1 = family_weight*mobility_1
    part_2 = mobility_2*second_weight
    part_3 = attraction*(part_1 - part_2)
    part_4 = (1/4)*part_3
    part_5 = delta*part_4
    part_6 = separation**2
    part_7 = (1/2)*psi_prime_1 + (1/2)*psi_prime_2
    part_8 = part_6*part_7 - 1
    part_9 = attraction*(part_1 + part_2)
    part_10 = (1/2)*part_9
    part_11 = mobility_1 - mobility_2
    part_12 = overlap*repulsion
    part_13 = (1/2)*part_11*part_12
    part_14 = slope - 1
    part_15 = (1/2)*slope_1 - 1/2*slope_2
    part_16 = (1/4)*psi_prime_1 - 1/4*psi_prime_2
    part_17 = (1/4)*part_11
    part_18 = overlap_prime*repulsion
    part_19 = part_18/distance
    part_20 = delta*part_19
    part_21 = delta*part_10
    part_22 = mobility_1 + mobility_2
    part_23 = part_12*part_22
    part_24 = part_16*part_3
    part_25 = (1/2)*part_22
    part_26 = (1/2)*psi_1 + (1/2)*psi_2
    part_27 = centre*part_7 + part_26
    part_28 = (1/part_6)
    part_29 = part_28*slope
    part_30 = delta*part_29
    part_31 = centre*delta
    part_32 = part_0*part_28
    part_33 = part_30 + part_31*part_32
    part_34 = (1/2)*part_3
    part_35 = part_15*part_28
    part_36 = centre*part_29 + part_31*part_35
    part_37 = -part_9
    part_38 = cross*part_19
    part_39 = delta**2
    part_40 = part_32*part_39
    part_41 = delta*part_7
    part_42 = 2*part_30 + part_35*part_39
    part_43 = delta*part_16 + part_26
    part_44 = distance*part_18
    part_45 = 2*part_3
    return (
        ((part_0*part_5 + part_10*part_8, part_10*part_16*part_6 + part_13 + part_14*part_4 + part_15*part_5, 0.0, 0.0,
        part_17*part_20,), (part_0*part_21 + part_3*part_8, part_10*part_14 + part_15*part_21 + part_23 +
        part_24*part_6, 0.0, 0.0, part_20*part_25,), (part_27*part_9 + part_33*part_34, centre*part_16*part_9 +
        part_34*part_36, part_37, overlap*part_11*repulsion - part_34, (1/2)*part_11*part_38,), (part_10*(part_33 +
        part_41) + part_27*part_3 + part_4*part_40, centre*part_24 + part_10*(part_36 + part_43) + part_4*part_42,
        -part_3, overlap*part_22*repulsion - part_9, part_13 + part_17*part_44 + part_25*part_38 - part_4,),
        (part_40*part_9 + part_41*part_45, part_42*part_9 + part_43*part_45, 0.0, -part_45, part_22*part_44 + 2*part_23
        + part_37,),)
    )


def overlap_log_jacobian(
    delta: Any, across_square: Any, separation: Any, family_weight: Any, temperature: Any, psi_prime_1: Any,
    psi_prime_2: Any, overlap: Any, overlap_in_square: Any
) -> tuple[tuple[Any, Any, Any], tuple[Any, Any, Any], tuple[Any, Any, Any]]:
    """Derivatives of the rates of m1, m2, log |Delta_perp| by these three.

    Args:
        delta: difference m1 - m2 of the two overlaps.
        across_square: squared length of mu_1 - mu_2 across the target's axis.
        separation: distance of each mode from the origin, in standard deviations of a mode.
        family_weight: share of the family's first component.
        temperature: temperature of the loss.
        psi_prime_1: derivative of psi at m1.
        psi_prime_2: derivative of psi at m2.
        overlap: overlap G(D) of the two components.
        overlap_in_square: derivative of G in X = D^2/4.
    """
    part_0 = separation**2
    part_1 = (1/family_weight)
    part_2 = overlap*temperature
    part_3 = (1/2)*overlap_in_square*temperature
    part_4 = part_1*part_3
    part_5 = (1/part_0)
    part_6 = delta**2*part_5
    part_7 = part_1*part_2 + part_4*part_6
    part_8 = across_square*delta
    part_9 = (1/(1 - family_weight))
    part_10 = part_3*part_9
    part_11 = part_10*part_6 + part_2*part_9
    part_12 = part_4*part_9
    part_13 = delta*part_12*part_5
    return (
        ((part_0*psi_prime_1 + part_7 - 1, -part_7, part_4*part_8,), (-part_11, part_0*psi_prime_2 + part_11 - 1,
        -part_10*part_8,), (part_13, -part_13, across_square*part_12,),)
    )


def reduced_across_jacobian(
    delta: Any, across_square: Any, separation: Any, family_weight: Any, temperature: Any, psi_prime_1: Any,
    psi_prime_2: Any, overlap_in_square: Any, slope_1: Any, slope_2: Any
) -> tuple[tuple[Any, Any, Any], tuple[Any, Any, Any], tuple[Any, Any, Any]]:
    """Derivatives of the rates of s, log rho, log |Delta_perp| by these three.

    Args:
        delta: difference m1 - m2 of the two overlaps.
        across_square: squared length of mu_1 - mu_2 across the target's axis.
        separation: distance of each mode from the origin, in standard deviations of a mode.
        family_weight: share of the family's first component.
        temperature: temperature of the loss.
        psi_prime_1: derivative of psi at m1.
        psi_prime_2: derivative of psi at m2.
        overlap_in_square: derivative of G in X = D^2/4.
        slope_1: derivative of the growth rate in m1.
        slope_2: derivative of the growth rate in m2.
    """
    part_0 = separation**2
    part_1 = family_weight*(part_0*psi_prime_1 - 1)
    part_2 = 1 - family_weight
    part_3 = part_2*(part_0*psi_prime_2 - 1)
    part_4 = delta*family_weight
    part_5 = delta*part_1*part_2 - part_3*part_4
    part_6 = delta*part_2*slope_1 - part_4*slope_2
    part_7 = (1/2)*delta**2/part_0
    part_8 = overlap_in_square*temperature/(family_weight*part_2)
    return (
        ((part_1 + part_3, part_5, part_5,), (slope_1 + slope_2, part_6, part_6,), (0.0, part_7*part_8,
        part_8*((1/2)*across_square + part_7),),)
    )


def reduced_log_flow_by_temperature(family_weight: Any, overlap: Any) -> tuple[Any, Any, Any]:
    """Derivatives of the same rates by the temperature.

    Args:
        family_weight: share of the family's first component.
        overlap: overlap G(D) of the two components.
    """
    return (0.0, 0.0, overlap/(family_weight*(1 - family_weight)),)


def reduced_log_jacobian(
    delta: Any, cosine_squared: Any, sine_squared: Any, distance: Any, separation: Any, family_weight: Any, temperature:
    Any, psi_prime_1: Any, psi_prime_2: Any, overlap_prime: Any, slope: Any, slope_1: Any, slope_2: Any
) -> tuple[tuple[Any, Any, Any], tuple[Any, Any, Any], tuple[Any, Any, Any]]:
    """Derivatives of the rates of s, log rho, log D by these three.

    Args:
        delta: difference m1 - m2 of the two overlaps.
        cosine_squared: squared cosine of the angle between mu_1 - mu_2 and the target's axis.
        sine_squared: squared sine of the angle between mu_1 - mu_2 and the target's axis.
        distance: distance of the two means, or of the two points of a label.
        separation: distance of each mode from the origin, in standard deviations of a mode.
        family_weight: share of the family's first component.
        temperature: temperature of the loss.
        psi_prime_1: derivative of psi at m1.
        psi_prime_2: derivative of psi at m2.
        overlap_prime: derivative dG/dD.
        slope: growth rate of log rho, R^2 (psi(m1) - psi(m2))/(m1 - m2).
        slope_1: derivative of the growth rate in m1.
        slope_2: derivative of the growth rate in m2.
    """
    part_0 = separation**2
    part_1 = family_weight*psi_prime_1
    part_2 = 1 - family_weight
    part_3 = part_2*psi_prime_2
    part_4 = delta*part_0*(-family_weight*part_3 + part_1*part_2)
    part_5 = slope_1 + slope_2
    part_6 = delta*(-family_weight*slope_2 + part_2*slope_1)
    part_7 = part_6*sine_squared
    return (
        ((part_0*(part_1 + part_3) - 1, part_4*sine_squared, part_4,), (part_5, part_7, part_6,),
        (cosine_squared*part_5, cosine_squared*part_7 + 2*cosine_squared*sine_squared*slope, cosine_squared*part_6 +
        distance*overlap_prime*temperature/(family_weight*part_2),),)
    )
