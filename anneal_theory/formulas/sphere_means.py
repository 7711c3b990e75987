"""Unequal weights on the sphere (theory section 11).

Written by `python -m derivations`; do not edit.
"""

from typing import Any

from numpy import log1p, sqrt


def label_distance(distance: Any, dim: Any, variance_1: Any, variance_2: Any) -> Any:
    """Distance of two points whose label is told like that of the components.

    Args:
        distance: distance of the two means, or of the two points of a label.
        dim: dimension of the samples.
        variance_1: variance of the first component, where each has its own.
        variance_2: variance of the second component, where each has its own.
    """
    part_0 = variance_1 + variance_2
    return sqrt(-2*dim*log1p(-(variance_1 - variance_2)**2/part_0**2) + 2*distance**2/part_0)


def sphere_means_flow(
    m1: Any, m2: Any, pair_cosine: Any, separation: Any, family_weight: Any, variance_1: Any, variance_2: Any,
    temperature: Any, psi_1: Any, psi_2: Any, overlap: Any
) -> tuple[Any, Any, Any, Any, Any]:
    """Rates of m1, m2, mu_1 . mu_2/R^2, log v1 and log v2 for any family weights.

    Args:
        m1: overlap mu_1 . mu* of the first mean with the target's axis.
        m2: overlap mu_2 . mu* of the second mean with the target's axis.
        pair_cosine: cosine mu_1 . mu_2/R^2 of the angle between two means on the sphere.
        separation: distance of each mode from the origin, in standard deviations of a mode.
        family_weight: share of the family's first component.
        variance_1: variance of the first component, where each has its own.
        variance_2: variance of the second component, where each has its own.
        temperature: temperature of the loss.
        psi_1: mean of the target's mode label under the first component.
        psi_2: mean of the target's mode label under the second component.
        overlap: overlap G(D) of the two components.
    """
    part_0 = separation**2
    part_1 = -part_0
    part_2 = (1/part_0)
    part_3 = family_weight*psi_1
    part_4 = m1*pair_cosine - m2
    part_5 = overlap*temperature/(variance_1 + variance_2)
    part_6 = 2*part_5
    part_7 = m1 - m2*pair_cosine
    part_8 = psi_2*(1 - family_weight)
    part_9 = 4*part_5
    part_10 = 2*family_weight
    part_11 = -variance_2
    part_12 = part_9*(part_11 + variance_1)
    return (
        (part_3*(-m1**2*part_2 - part_1) + part_4*part_6, -part_6*part_7 + part_8*(-m2**2*part_2 - part_1),
        part_2*(-part_3*part_4 + part_7*part_8) - part_9*(1 - pair_cosine**2), (part_10*(temperature - variance_1) +
        part_12)/variance_1, (-part_12 + (2 - part_10)*(part_11 + temperature))/variance_2,)
    )


def sphere_means_flow_by_temperature(
    m1: Any, m2: Any, pair_cosine: Any, family_weight: Any, variance_1: Any, variance_2: Any, overlap: Any
) -> tuple[Any, Any, Any, Any, Any]:
    """Derivatives of these rates in the temperature.

    Args:
        m1: overlap mu_1 . mu* of the first mean with the target's axis.
        m2: overlap mu_2 . mu* of the second mean with the target's axis.
        pair_cosine: cosine mu_1 . mu_2/R^2 of the angle between two means on the sphere.
        family_weight: share of the family's first component.
        variance_1: variance of the first component, where each has its own.
        variance_2: variance of the second component, where each has its own.
        overlap: overlap G(D) of the two components.
    """
    part_0 = overlap/(variance_1 + variance_2)
    part_1 = 2*part_0
    part_2 = 4*part_0
    part_3 = 2*family_weight + part_2*(variance_1 - variance_2)
    return (
        (part_1*(m1*pair_cosine - m2), part_1*(-m1 + m2*pair_cosine), -part_2*(1 - pair_cosine**2), part_3/variance_1,
        (2 - part_3)/variance_2,)
    )


def sphere_means_jacobian(
    m1: Any, m2: Any, pair_cosine: Any, separation: Any, family_weight: Any, dim: Any, variance_1: Any, variance_2: Any,
    temperature: Any, psi_1: Any, psi_2: Any, psi_prime_1: Any, psi_prime_2: Any, overlap: Any, overlap_prime: Any,
    widening_1: Any, widening_2: Any
) -> tuple[
        tuple[Any, Any, Any, Any, Any],
        tuple[Any, Any, Any, Any, Any],
        tuple[Any, Any, Any, Any, Any],
        tuple[Any, Any, Any, Any, Any],
        tuple[Any, Any, Any, Any, Any],
    ]:
    """Derivatives of these rates by m1, m2, the pair's cosine, log v1 and log v2.

    Args:
        m1: overlap mu_1 . mu* of the first mean with the target's axis.
        m2: overlap mu_2 . mu* of the second mean with the target's axis.
        pair_cosine: cosine mu_1 . mu_2/R^2 of the angle between two means on the sphere.
        separation: distance of each mode from the origin, in standard deviations of a mode.
        family_weight: share of the family's first component.
        dim: dimension of the samples.
        variance_1: variance of the first component, where each has its own.
        variance_2: variance of the second component, where each has its own.
        temperature: temperature of the loss.
        psi_1: mean of the target's mode label under the first component.
        psi_2: mean of the target's mode label under the second component.
        psi_prime_1: derivative of psi at m1.
        psi_prime_2: derivative of psi at m2.
        overlap: overlap G(D) of the two components.
        overlap_prime: derivative dG/dD.
        widening_1: derivative of psi at m1 in the logarithm of the variance.
        widening_2: derivative of psi at m2 in the logarithm of the variance.
    """
    part_0 = family_weight*psi_1
    part_1 = m1*part_0
    part_2 = separation**2
    part_3 = (1/part_2)
    part_4 = 2*part_3
    part_5 = 2*pair_cosine
    part_6 = variance_1 + variance_2
    part_7 = (1/part_6)
    part_8 = overlap*temperature
    part_9 = part_7*part_8
    part_10 = part_5*part_9
    part_11 = -part_2
    part_12 = family_weight*(-m1**2*part_3 - part_11)
    part_13 = 2*part_9
    part_14 = -part_13
    part_15 = m1*pair_cosine - m2
    part_16 = (1/(part_6**2))
    part_17 = -variance_2
    part_18 = part_17 + variance_1
    part_19 = 1/sqrt(-2*dim*log1p(-part_16*part_18**2) + 2*part_2*part_7*(2 - part_5))
    part_20 = overlap_prime*part_19*temperature
    part_21 = 4*part_20
    part_22 = part_16*part_2
    part_23 = part_21*part_22
    part_24 = part_16*part_8
    part_25 = 2*part_15*part_24
    part_26 = (1/variance_1)
    part_27 = variance_1**2
    part_28 = variance_2**2
    part_29 = 2*variance_1
    part_30 = (1/(part_27 + part_28 + part_29*variance_2))
    part_31 = dim*part_27 - dim*part_28
    part_32 = -part_2*part_29 + part_2*part_5*variance_1 + part_31
    part_33 = (1/variance_2)
    part_34 = 2*pair_cosine*part_2*variance_2 - 2*part_2*variance_2 - part_31
    part_35 = 1 - family_weight
    part_36 = part_35*psi_2
    part_37 = m2*part_36
    part_38 = part_35*(-m2**2*part_3 - part_11)
    part_39 = m1 - m2*pair_cosine
    part_40 = -part_39
    part_41 = 2*part_24*part_40
    part_42 = -family_weight*part_15*part_3
    part_43 = part_3*part_35*part_39
    part_44 = 1 - pair_cosine**2
    part_45 = 8*part_20*part_22
    part_46 = 4*part_24
    part_47 = part_44*part_46
    part_48 = part_26*part_32
    part_49 = part_21*part_30*part_7
    part_50 = part_44*part_49
    part_51 = part_33*part_34
    part_52 = part_18*part_45
    part_53 = (1/part_27)
    part_54 = 2*family_weight
    part_55 = 4*part_9
    part_56 = part_18*part_55
    part_57 = part_18*part_46
    part_58 = -part_55 + part_57
    part_59 = part_18*part_49
    part_60 = part_55 + part_57
    part_61 = (1/part_28)
    part_62 = part_54 - 2
    return (
        ((-part_1*part_4 + part_10 + part_12*psi_prime_1, part_14, m1*part_13 - part_15*part_23, part_12*widening_1 +
        variance_1*(2*overlap_prime*part_15*part_19*part_26*part_30*part_32*part_7*temperature - part_25),
        variance_2*(2*overlap_prime*part_15*part_19*part_30*part_33*part_34*part_7*temperature - part_25),), (part_14,
        part_10 - part_37*part_4 + part_38*psi_prime_2, m2*part_13 - part_23*part_40,
        variance_1*(2*overlap_prime*part_19*part_26*part_30*part_32*part_40*part_7*temperature - part_41),
        part_38*widening_2 + variance_2*(2*overlap_prime*part_19*part_30*part_33*part_34*part_40*part_7*temperature -
        part_41),), (part_3*(-pair_cosine*part_0 + part_35*psi_2) + part_42*psi_prime_1, part_3*(-pair_cosine*part_36 +
        part_0) + part_43*psi_prime_2, 8*pair_cosine*part_9 + part_3*(-part_1 - part_37) + part_44*part_45,
        part_42*widening_1 + variance_1*(part_47 - part_48*part_50), part_43*widening_2 + variance_2*(part_47 -
        part_50*part_51),), (0.0, 0.0, -part_26*part_52, variance_1*(part_26*(-part_54 - part_58) +
        part_32*part_53*part_59 - part_53*(part_54*(temperature - variance_1) + part_56)),
        variance_2*(part_26*part_51*part_59 - part_26*part_60),), (0.0, 0.0, part_33*part_52,
        variance_1*(-part_33*part_48*part_59 + part_33*part_58), variance_2*(part_33*(part_60 + part_62) -
        part_34*part_59*part_61 - part_61*(-part_56 - part_62*(part_17 + temperature))),),)
    )


def variance_return(family_weight: Any, variance_1: Any, variance_2: Any, overlap: Any) -> Any:
    """Half the rate of (v1 - 1)^2 + (v2 - 1)^2 at T = 1.

    Args:
        family_weight: share of the family's first component.
        variance_1: variance of the first component, where each has its own.
        variance_2: variance of the second component, where each has its own.
        overlap: overlap G(D) of the two components.
    """
    part_0 = variance_1 - 1
    part_1 = 2*family_weight
    part_2 = 4*overlap*(variance_1 - variance_2)/(variance_1 + variance_2)
    part_3 = variance_2 - 1
    return part_0*(-part_0*part_1 + part_2) + part_3*(-part_2 - part_3*(2 - part_1))
