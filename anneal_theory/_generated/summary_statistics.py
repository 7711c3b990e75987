"""The flow of the Gram matrix (theory section 3).

Written by `python -m derivations`; do not edit.
"""

from typing import Any


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
    part_0 = separation**2
    part_1 = attraction*family_weight*mobility_1
    part_2 = part_1*psi_prime_1
    part_3 = overlap*repulsion
    part_4 = mobility_1*part_3
    part_5 = -part_1 + part_4
    part_6 = (1/distance)
    part_7 = overlap_prime*part_6*repulsion
    part_8 = mobility_1*part_7
    part_9 = m1*part_8
    part_10 = -1/2*m2*part_8 + (1/2)*part_9
    part_11 = mobility_2*part_3
    part_12 = attraction*mobility_2
    part_13 = part_12*psi_prime_2
    part_14 = family_weight*part_12
    part_15 = part_14*psi_prime_2
    part_16 = part_11 - part_12 + part_14
    part_17 = mobility_2*part_7
    part_18 = m1*part_17
    part_19 = (1/2)*m2*mobility_2*overlap_prime*part_6*repulsion - 1/2*part_18
    part_20 = 2*part_1
    part_21 = 2*part_4
    part_22 = part_8*s12
    part_23 = part_8*s11
    part_24 = -part_22
    part_25 = part_14*psi_2
    part_26 = part_17*s11
    part_27 = part_8*s22
    part_28 = (
        -1/2*mobility_1*overlap_prime*part_6*repulsion*s12 - 1/2*mobility_2*overlap_prime*part_6*repulsion*s12 +
        (1/2)*part_26 + (1/2)*part_27
    )
    part_29 = part_17*s12
    part_30 = -part_29
    part_31 = 2*part_14
    part_32 = 2*part_11
    part_33 = part_17*s22
    return (
        ((part_0*part_2 + part_5, -part_4, part_10, m2*mobility_1*overlap_prime*part_6*repulsion - part_9, part_10,),
        (-part_11, part_0*part_13 - part_0*part_15 + part_16, part_19, -m2*part_17 + part_18, part_19,),
        (m1*part_20*psi_prime_1 + part_20*psi_1, 0.0, mobility_1*overlap_prime*part_6*repulsion*s11 - part_20 + part_21
        - part_22, 2*mobility_1*overlap_prime*part_6*repulsion*s12 - part_21 - 2*part_23, part_23 + part_24,),
        (m2*part_2 + part_12*psi_2 - part_25, m1*part_13 - m1*part_15 + part_1*psi_1, -part_11 - part_28, part_16 +
        part_24 + part_26 + part_27 + part_30 + part_5, -part_28 - part_4,), (0.0,
        2*attraction*m2*mobility_2*psi_prime_2 + 2*attraction*mobility_2*psi_2 - m2*part_31*psi_prime_2 - 2*part_25,
        mobility_2*overlap_prime*part_6*repulsion*s22 - part_29, 2*mobility_2*overlap_prime*part_6*repulsion*s12 -
        part_32 - 2*part_33, -2*part_12 + part_30 + part_31 + part_32 + part_33,),)
    )
