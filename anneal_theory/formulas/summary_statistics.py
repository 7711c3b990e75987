"""The flow of the Gram matrix (theory section 3).

Written by `python -m derivations`; do not edit.
"""

from typing import Any


def free_energy_factors(temperature: Any) -> tuple[Any, Any]:
    """Factors of the attraction and of the repulsion.

    Args:
        temperature: temperature of the loss.
    """
    return (1.0, temperature,)


def full_flow_by_repulsion(
    m1: Any, m2: Any, s11: Any, s12: Any, s22: Any, mobility_1: Any, mobility_2: Any, overlap: Any
) -> tuple[Any, Any, Any, Any, Any]:
    """Derivatives of the same rates by the factor of the repulsion.

    Args:
        m1: overlap mu_1 . mu* of the first mean with the target's axis.
        m2: overlap mu_2 . mu* of the second mean with the target's axis.
        s11: squared length of the first mean.
        s12: scalar product of the two means.
        s22: squared length of the second mean.
        mobility_1: mobility of the first mean: 1, or 1/w1 in the natural metric.
        mobility_2: mobility of the second mean: 1, or 1/w2 in the natural metric.
        overlap: overlap G(D) of the two components.
    """
    part_0 = m1 - m2
    part_1 = mobility_1*overlap
    part_2 = mobility_2*overlap
    part_3 = s11 - s12
    part_4 = s12 - s22
    return (part_0*part_1, -part_0*part_2, 2*part_1*part_3, part_1*part_4 - part_2*part_3, -2*part_2*part_4,)


def full_jacobian(
    m1: Any, m2: Any, s11: Any, s12: Any, s22: Any, distance: Any, separation: Any, family_weight: Any, attraction: Any,
    repulsion: Any, mobility_1: Any, mobility_2: Any, psi_1: Any, psi_2: Any, psi_prime_1: Any, psi_prime_2: Any,
    overlap: Any, overlap_prime: Any
) -> tuple[
        tuple[Any, Any, Any, Any, Any],
        tuple[Any, Any, Any, Any, Any],
        tuple[Any, Any, Any, Any, Any],
        tuple[Any, Any, Any, Any, Any],
        tuple[Any, Any, Any, Any, Any],
    ]:
    """Derivatives of the rates of m1, m2, s11, s12, s22 by these five.

    Args:
        m1: overlap mu_1 . mu* of the first mean with the target's axis.
        m2: overlap mu_2 . mu* of the second mean with the target's axis.
        s11: squared length of the first mean.
        s12: scalar product of the two means.
        s22: squared length of the second mean.
        distance: distance of the two means, or of the two points of a label.
        separation: distance of each mode from the origin, in standard deviations of a mode.
        family_weight: share of the family's first component.
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
    """
    part_0 = overlap*repulsion
    part_1 = mobility_1*part_0
    part_2 = separation**2
    part_3 = attraction*family_weight*mobility_1
    part_4 = -part_1
    part_5 = m1 - m2
    part_6 = overlap_prime*repulsion/distance
    part_7 = mobility_1*part_6
    part_8 = part_5*part_7
    part_9 = (1/2)*part_8
    part_10 = mobility_2*part_0
    part_11 = -part_10
    part_12 = attraction*mobility_2*(1 - family_weight)
    part_13 = mobility_2*part_6
    part_14 = -part_13*part_5
    part_15 = (1/2)*part_14
    part_16 = 2*part_3
    part_17 = 2*part_1
    part_18 = s11 - s12
    part_19 = part_18*part_7
    part_20 = s12 - s22
    part_21 = part_20*part_7
    part_22 = -part_13*part_18
    part_23 = (1/2)*part_21 + (1/2)*part_22
    part_24 = 2*part_12
    part_25 = -part_13*part_20
    part_26 = 2*part_10
    return (
        ((part_1 + part_3*(part_2*psi_prime_1 - 1), part_4, part_9, -part_8, part_9,), (part_11, part_10 +
        part_12*(part_2*psi_prime_2 - 1), part_15, -part_14, part_15,), (part_16*(m1*psi_prime_1 + psi_1), 0.0, -part_16
        + part_17 + part_19, -part_17 - 2*part_19, part_19,), (m2*part_3*psi_prime_1 + part_12*psi_2,
        m1*part_12*psi_prime_2 + part_3*psi_1, part_11 + part_23, -part_11 - part_12 - part_21 - part_22 - part_3 -
        part_4, part_23 + part_4,), (0.0, part_24*(m2*psi_prime_2 + psi_2), part_25, -2*part_25 - part_26, -part_24 +
        part_25 + part_26,),)
    )


def tempered_factors(temperature: Any) -> tuple[Any, Any]:
    """Factors of the attraction and of the repulsion.

    Args:
        temperature: temperature of the loss.
    """
    return ((1/temperature), 1.0,)
