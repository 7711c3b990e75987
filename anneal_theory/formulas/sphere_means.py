"""Unequal weights on the sphere (theory section 11).

Written by `python -m derivations`; do not edit.
"""

from typing import Any

from numpy import sqrt


def sphere_means_flow(
    m1: Any, m2: Any, pair_cosine: Any, separation: Any, family_weight: Any, variance: Any, temperature: Any, psi_1:
    Any, psi_2: Any, overlap: Any
) -> tuple[Any, Any, Any]:
    """Rates of m1, m2 and mu_1 . mu_2/R^2 for any family weights.

    Args:
        m1: overlap mu_1 . mu* of the first mean with the target's axis.
        m2: overlap mu_2 . mu* of the second mean with the target's axis.
        pair_cosine: cosine mu_1 . mu_2/R^2 of the angle between two means on the sphere.
        separation: distance of each mode from the origin, in standard deviations of a mode.
        family_weight: share of the family's first component.
        variance: common variance of the components, or of one coordinate of an initial mean.
        temperature: temperature of the loss.
        psi_1: mean of the target's mode label under the first component.
        psi_2: mean of the target's mode label under the second component.
        overlap: overlap G(D) of the two components.
    """
    part_0 = m1*pair_cosine - m2
    part_1 = overlap*temperature/variance
    part_2 = separation**2
    part_3 = -part_2
    part_4 = (1/part_2)
    part_5 = family_weight*psi_1
    part_6 = m1 - m2*pair_cosine
    part_7 = psi_2*(1 - family_weight)
    return (
        (part_0*part_1 + part_5*(-m1**2*part_4 - part_3), -part_1*part_6 + part_7*(-m2**2*part_4 - part_3), -2*part_1*(1
        - pair_cosine**2) + part_4*(-part_0*part_5 + part_6*part_7),)
    )


def sphere_means_flow_by_log_variance(
    m1: Any, m2: Any, pair_cosine: Any, separation: Any, family_weight: Any, variance: Any, temperature: Any, overlap:
    Any, overlap_prime: Any, widening_1: Any, widening_2: Any
) -> tuple[Any, Any, Any]:
    """Derivatives of these rates in log v.

    Args:
        m1: overlap mu_1 . mu* of the first mean with the target's axis.
        m2: overlap mu_2 . mu* of the second mean with the target's axis.
        pair_cosine: cosine mu_1 . mu_2/R^2 of the angle between two means on the sphere.
        separation: distance of each mode from the origin, in standard deviations of a mode.
        family_weight: share of the family's first component.
        variance: common variance of the components, or of one coordinate of an initial mean.
        temperature: temperature of the loss.
        overlap: overlap G(D) of the two components.
        overlap_prime: derivative dG/dD.
        widening_1: derivative of psi at m1 in the logarithm of the variance.
        widening_2: derivative of psi at m2 in the logarithm of the variance.
    """
    part_0 = m1*pair_cosine - m2
    part_1 = part_0*temperature
    part_2 = overlap/variance
    part_3 = separation**2
    part_4 = -part_3
    part_5 = (1/part_3)
    part_6 = overlap_prime*separation*sqrt(2 - 2*pair_cosine)/variance**(3/2)
    part_7 = m1 - m2*pair_cosine
    part_8 = -part_7
    part_9 = part_2*temperature
    part_10 = 1 - family_weight
    part_11 = part_6*temperature
    part_12 = 1 - pair_cosine**2
    return (
        (family_weight*widening_1*(-m1**2*part_5 - part_4) - part_1*part_2 - 1/2*part_1*part_6,
        part_10*widening_2*(-m2**2*part_5 - part_4) - 1/2*part_11*part_8 - part_8*part_9,
        -family_weight*part_0*part_5*widening_1 + part_10*part_5*part_7*widening_2 + part_11*part_12 +
        2*part_12*part_9,)
    )


def sphere_means_flow_by_temperature(
    m1: Any, m2: Any, pair_cosine: Any, variance: Any, overlap: Any
) -> tuple[Any, Any, Any]:
    """Derivatives of these rates in the temperature.

    Args:
        m1: overlap mu_1 . mu* of the first mean with the target's axis.
        m2: overlap mu_2 . mu* of the second mean with the target's axis.
        pair_cosine: cosine mu_1 . mu_2/R^2 of the angle between two means on the sphere.
        variance: common variance of the components, or of one coordinate of an initial mean.
        overlap: overlap G(D) of the two components.
    """
    part_0 = overlap/variance
    return (part_0*(m1*pair_cosine - m2), part_0*(-m1 + m2*pair_cosine), -2*part_0*(1 - pair_cosine**2),)


def sphere_means_jacobian(
    m1: Any, m2: Any, pair_cosine: Any, separation: Any, family_weight: Any, variance: Any, temperature: Any, psi_1:
    Any, psi_2: Any, psi_prime_1: Any, psi_prime_2: Any, overlap: Any, overlap_prime: Any
) -> tuple[tuple[Any, Any, Any], tuple[Any, Any, Any], tuple[Any, Any, Any]]:
    """Derivatives of these rates by m1, m2 and the pair's cosine.

    Args:
        m1: overlap mu_1 . mu* of the first mean with the target's axis.
        m2: overlap mu_2 . mu* of the second mean with the target's axis.
        pair_cosine: cosine mu_1 . mu_2/R^2 of the angle between two means on the sphere.
        separation: distance of each mode from the origin, in standard deviations of a mode.
        family_weight: share of the family's first component.
        variance: common variance of the components, or of one coordinate of an initial mean.
        temperature: temperature of the loss.
        psi_1: mean of the target's mode label under the first component.
        psi_2: mean of the target's mode label under the second component.
        psi_prime_1: derivative of psi at m1.
        psi_prime_2: derivative of psi at m2.
        overlap: overlap G(D) of the two components.
        overlap_prime: derivative dG/dD.
    """
    part_0 = overlap*temperature/variance
    part_1 = pair_cosine*part_0
    part_2 = family_weight*psi_1
    part_3 = m1*part_2
    part_4 = separation**2
    part_5 = (1/part_4)
    part_6 = 2*part_5
    part_7 = -part_4
    part_8 = family_weight*psi_prime_1
    part_9 = -part_0
    part_10 = m1*pair_cosine - m2
    part_11 = overlap_prime*separation*temperature/(variance**(3/2)*sqrt(2 - 2*pair_cosine))
    part_12 = 1 - family_weight
    part_13 = part_12*psi_2
    part_14 = m2*part_13
    part_15 = part_12*psi_prime_2
    part_16 = m1 - m2*pair_cosine
    return (
        ((part_1 - part_3*part_6 + part_8*(-m1**2*part_5 - part_7), part_9, m1*part_0 - part_10*part_11,), (part_9,
        part_1 - part_14*part_6 + part_15*(-m2**2*part_5 - part_7), m2*part_0 + part_11*part_16,),
        (-part_10*part_5*part_8 + part_5*(-pair_cosine*part_2 + part_12*psi_2), part_15*part_16*part_5 +
        part_5*(-pair_cosine*part_13 + part_2), 4*part_1 + 2*part_11*(1 - pair_cosine**2) + part_5*(-part_14 -
        part_3),),)
    )
