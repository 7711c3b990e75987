"""The fold of the collapsed pair and its cusp (theory section 6).

Written by `python -m derivations`; do not edit.
"""

from typing import Any

from numpy import sqrt


def critical_separation_jacobian(
    m1: Any, m2: Any, separation: Any, family_weight: Any, psi_1: Any, psi_2: Any, psi_prime_1: Any, psi_prime_2: Any,
    psi_second_1: Any, psi_second_2: Any, psi_third_1: Any, psi_third_2: Any, overlap: Any, overlap_prime: Any,
    overlap_second: Any
) -> tuple[tuple[Any, Any, Any], tuple[Any, Any, Any], tuple[Any, Any, Any]]:
    """Derivatives of the three by m1, m2 and R.

    Args:
        m1: overlap mu_1 . mu* of the first mean with the target's axis.
        m2: overlap mu_2 . mu* of the second mean with the target's axis.
        separation: distance of each mode from the origin, in standard deviations of a mode.
        family_weight: share of the family's first component.
        psi_1: mean of the target's mode label under the first component.
        psi_2: mean of the target's mode label under the second component.
        psi_prime_1: derivative of psi at m1.
        psi_prime_2: derivative of psi at m2.
        psi_second_1: second derivative of psi at m1.
        psi_second_2: second derivative of psi at m2.
        psi_third_1: third derivative of psi at m1.
        psi_third_2: third derivative of psi at m2.
        overlap: overlap G(D) of the two components.
        overlap_prime: derivative dG/dD.
        overlap_second: second derivative of G in D.
    """
    part_0 = separation**2
    part_1 = (1/family_weight)
    part_2 = overlap_prime*part_1
    part_3 = (1/separation)
    part_4 = m1 - m2
    part_5 = part_3*part_4
    part_6 = overlap*part_1 + part_2*part_5
    part_7 = part_0*psi_prime_1 + part_6 - 1
    part_8 = -part_6
    part_9 = 2*separation
    part_10 = separation**3
    part_11 = (1/part_0)
    part_12 = part_11*part_4**2
    part_13 = (1/(1 - family_weight))
    part_14 = overlap_prime*part_13
    part_15 = overlap*part_13 + part_14*part_5
    part_16 = -part_15
    part_17 = part_0*psi_prime_2 + part_15 - 1
    part_18 = 2*part_3
    part_19 = part_11*part_4
    part_20 = overlap_second*part_19
    part_21 = part_13*part_20 + part_14*part_18
    part_22 = part_1*part_20 + part_18*part_2
    part_23 = -part_22
    part_24 = part_13*part_8
    part_25 = overlap_prime*part_19
    part_26 = part_1*part_16
    part_27 = part_13*part_7
    part_28 = part_1*part_17
    return (
        ((part_7, part_8, part_10*psi_second_1 - part_12*part_2 + part_9*psi_1,), (part_16, part_17,
        part_10*psi_second_2 + part_12*part_14 + part_9*psi_2,), (-part_16*part_23 + part_17*(part_0*psi_second_1 +
        part_22) + part_21*part_7 + part_21*part_8, -part_16*part_22 + part_17*part_23 - part_21*part_8 +
        part_7*(part_0*psi_second_2 - part_21), part_10*part_17*psi_third_1 + part_10*part_7*psi_third_2 +
        part_17*(-part_19*part_2 + part_9*psi_prime_1) - part_20*(part_24*part_5 + part_26*part_5 + part_27*part_5 +
        part_28*part_5) - part_24*part_25 - part_25*part_26 - part_25*(part_24 + part_26 + part_27 + part_28) +
        part_7*(-part_14*part_19 + 2*psi_prime_2*separation),),)
    )


def critical_separation_system(
    m1: Any, m2: Any, separation: Any, family_weight: Any, psi_1: Any, psi_2: Any, psi_prime_1: Any, psi_prime_2: Any,
    overlap: Any, overlap_prime: Any
) -> tuple[Any, Any, Any]:
    """The three expressions that vanish at the critical separation.

    Args:
        m1: overlap mu_1 . mu* of the first mean with the target's axis.
        m2: overlap mu_2 . mu* of the second mean with the target's axis.
        separation: distance of each mode from the origin, in standard deviations of a mode.
        family_weight: share of the family's first component.
        psi_1: mean of the target's mode label under the first component.
        psi_2: mean of the target's mode label under the second component.
        psi_prime_1: derivative of psi at m1.
        psi_prime_2: derivative of psi at m2.
        overlap: overlap G(D) of the two components.
        overlap_prime: derivative dG/dD.
    """
    part_0 = separation**2
    part_1 = m1 - m2
    part_2 = (1/family_weight)
    part_3 = overlap*part_2
    part_4 = (1/(1 - family_weight))
    part_5 = overlap*part_4
    part_6 = overlap_prime*part_1/separation
    part_7 = part_2*part_6 + part_3
    part_8 = part_4*part_6 + part_5
    return (
        (-m1 + part_0*psi_1 + part_1*part_3, -m2 + part_0*psi_2 - part_1*part_5, -part_7*part_8 + (part_0*psi_prime_1 +
        part_7 - 1)*(part_0*psi_prime_2 + part_8 - 1),)
    )


def fold_normal_form(
    m1: Any, m2: Any, separation: Any, family_weight: Any, temperature: Any, psi_prime_1: Any, psi_prime_2: Any,
    psi_second_1: Any, psi_second_2: Any, overlap: Any, overlap_prime: Any, overlap_second: Any
) -> tuple[Any, Any]:
    """Coefficients a, c of the normal form y' = a y^2 + c (T - T_c) of a fold, y along its null vector.

    Args:
        m1: overlap mu_1 . mu* of the first mean with the target's axis.
        m2: overlap mu_2 . mu* of the second mean with the target's axis.
        separation: distance of each mode from the origin, in standard deviations of a mode.
        family_weight: share of the family's first component.
        temperature: temperature of the loss.
        psi_prime_1: derivative of psi at m1.
        psi_prime_2: derivative of psi at m2.
        psi_second_1: second derivative of psi at m1.
        psi_second_2: second derivative of psi at m2.
        overlap: overlap G(D) of the two components.
        overlap_prime: derivative dG/dD.
        overlap_second: second derivative of G in D.
    """
    part_0 = 1 - family_weight
    part_1 = separation**2
    part_2 = part_1*psi_prime_2 - 1
    part_3 = family_weight*part_0**2*part_2**2
    part_4 = part_1*psi_prime_1 - 1
    part_5 = family_weight**2*part_0*part_4**2
    part_6 = (1/separation)
    part_7 = m1 - m2
    part_8 = family_weight*part_4 + part_0*part_2
    return (
        ((part_1*(-family_weight**3*part_0*part_4**3*psi_second_2 + family_weight*part_0**3*part_2**3*psi_second_1) +
        part_6*part_8**3*temperature*(2*overlap_prime + overlap_second*part_6*part_7))/(2*part_3 + 2*part_5),
        overlap*part_7*part_8/(part_3 + part_5),)
    )


def fold_null_vector(separation: Any, family_weight: Any, psi_prime_1: Any, psi_prime_2: Any) -> tuple[Any, Any]:
    """Null vector of the Jacobian where it is singular.

    Args:
        separation: distance of each mode from the origin, in standard deviations of a mode.
        family_weight: share of the family's first component.
        psi_prime_1: derivative of psi at m1.
        psi_prime_2: derivative of psi at m2.
    """
    part_0 = separation**2
    return ((1 - family_weight)*(part_0*psi_prime_2 - 1), -family_weight*(part_0*psi_prime_1 - 1),)


def fold_offset(fold_bend: Any, fold_drive: Any, temperature_drop: Any) -> Any:
    """Distance of the rest points from a fold along the null vector there.

    Args:
        fold_bend: coefficient of y^2 in the normal form of a fold.
        fold_drive: coefficient of T - T_c in the normal form of a fold.
        temperature_drop: how far a temperature is below the critical one.
    """
    return sqrt(temperature_drop)*sqrt(fold_drive/fold_bend)
