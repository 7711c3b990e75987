"""The growth rate of log rho (theory section 4).

Written by `python -m derivations`; do not edit.
"""

from typing import Any

from numpy import sqrt


def close_averages(
    delta: Any, separation: Any, family_weight: Any, psi_s: Any, psi_prime_s: Any, psi_second_s: Any, psi_third_s: Any
) -> tuple[Any, Any, Any]:
    """Psi at both overlaps and K of a close pair.

    Args:
        delta: difference m1 - m2 of the two overlaps.
        separation: distance of each mode from the origin, in standard deviations of a mode.
        family_weight: share of the family's first component.
        psi_s: psi at the weighted mean overlap.
        psi_prime_s: derivative of psi at the weighted mean overlap.
        psi_second_s: second derivative of psi at the weighted mean overlap.
        psi_third_s: third derivative of psi at the weighted mean overlap.
    """
    part_0 = 1 - family_weight
    part_1 = delta*psi_prime_s
    part_2 = part_0**2
    part_3 = delta**2
    part_4 = (1/2)*psi_second_s
    part_5 = part_0**3
    part_6 = (psi_third_s)/6
    part_7 = delta**3*part_6
    part_8 = family_weight**2
    part_9 = family_weight**3
    return (
        (part_0*part_1 + part_2*part_3*part_4 + part_5*part_7 + psi_s, -family_weight*part_1 +
        (1/2)*part_3*part_8*psi_second_s - part_7*part_9 + psi_s, separation**2*(delta*part_4*(part_2 - part_8) +
        part_3*part_6*(part_5 + part_9) + psi_prime_s),)
    )


def close_slopes(
    delta: Any, separation: Any, family_weight: Any, psi_prime_s: Any, psi_second_s: Any, psi_third_s: Any,
    psi_fourth_s: Any
) -> tuple[Any, Any, Any, Any]:
    """Derivatives of psi at both overlaps, and of K in m1 and m2, of a close pair.

    Args:
        delta: difference m1 - m2 of the two overlaps.
        separation: distance of each mode from the origin, in standard deviations of a mode.
        family_weight: share of the family's first component.
        psi_prime_s: derivative of psi at the weighted mean overlap.
        psi_second_s: second derivative of psi at the weighted mean overlap.
        psi_third_s: third derivative of psi at the weighted mean overlap.
        psi_fourth_s: fourth derivative of psi at the weighted mean overlap.
    """
    part_0 = 1 - family_weight
    part_1 = delta*psi_second_s
    part_2 = part_0**2
    part_3 = delta**2
    part_4 = part_0**3
    part_5 = (psi_fourth_s)/6
    part_6 = delta**3*part_5
    part_7 = family_weight**2
    part_8 = family_weight**3
    part_9 = separation**2
    part_10 = part_4 + part_8
    part_11 = delta*psi_third_s
    part_12 = (1/2)*part_2 - 1/2*part_7
    part_13 = part_9*((part_10*part_11)/3 + part_12*psi_second_s)
    part_14 = part_9*(part_10*part_3*part_5 + part_11*part_12 + psi_second_s)
    return (
        (part_0*part_1 + (1/2)*part_2*part_3*psi_third_s + part_4*part_6 + psi_prime_s, -family_weight*part_1 +
        (1/2)*part_3*part_7*psi_third_s - part_6*part_8 + psi_prime_s, family_weight*part_14 + part_13, part_0*part_14 -
        part_13,)
    )


def coincident_growth(separation: Any, psi_prime_s: Any) -> Any:
    """Growth rate K of a coincident pair: kappa* at s*, kappa_0 at 0.

    Args:
        separation: distance of each mode from the origin, in standard deviations of a mode.
        psi_prime_s: derivative of psi at the weighted mean overlap.
    """
    return psi_prime_s*separation**2


def gauss_overlaps(m1: Any, m2: Any) -> tuple[Any, Any]:
    """The two Gauss points between m1 and m2.

    Args:
        m1: overlap mu_1 . mu* of the first mean with the target's axis.
        m2: overlap mu_2 . mu* of the second mean with the target's axis.
    """
    part_0 = (sqrt(3)*(m1 - m2))/6
    part_1 = (1/2)*m1 + (1/2)*m2
    return (part_0 + part_1, -part_0 + part_1,)


def growth_apart(
    m1: Any, m2: Any, separation: Any, psi_1: Any, psi_2: Any, psi_prime_1: Any, psi_prime_2: Any
) -> tuple[Any, Any, Any]:
    """Growth rate K and its derivatives in m1 and m2.

    Args:
        m1: overlap mu_1 . mu* of the first mean with the target's axis.
        m2: overlap mu_2 . mu* of the second mean with the target's axis.
        separation: distance of each mode from the origin, in standard deviations of a mode.
        psi_1: mean of the target's mode label under the first component.
        psi_2: mean of the target's mode label under the second component.
        psi_prime_1: derivative of psi at m1.
        psi_prime_2: derivative of psi at m2.
    """
    part_0 = separation**2
    part_1 = (1/(m1 - m2))
    part_2 = part_0*part_1*(psi_1 - psi_2)
    part_3 = -part_2
    return (part_2, part_1*(part_0*psi_prime_1 + part_3), part_1*(-part_0*psi_prime_2 - part_3),)


def growth_close(separation: Any, psi_prime_plus: Any, psi_prime_minus: Any) -> Any:
    """Growth rate K of a close pair.

    Args:
        separation: distance of each mode from the origin, in standard deviations of a mode.
        psi_prime_plus: derivative of psi at the Gauss point next to m1.
        psi_prime_minus: derivative of psi at the Gauss point next to m2.
    """
    return (1/2)*separation**2*(psi_prime_minus + psi_prime_plus)


def growth_close_slopes(separation: Any, psi_second_plus: Any, psi_second_minus: Any) -> tuple[Any, Any]:
    """Derivatives of K in m1 and m2 of a close pair.

    Args:
        separation: distance of each mode from the origin, in standard deviations of a mode.
        psi_second_plus: second derivative of psi at the Gauss point next to m1.
        psi_second_minus: second derivative of psi at the Gauss point next to m2.
    """
    part_0 = (sqrt(3))/6
    part_1 = 1/2 - part_0
    part_2 = part_0 + 1/2
    part_3 = (1/2)*separation**2
    return (
        (part_3*(part_1*psi_second_minus + part_2*psi_second_plus), part_3*(part_1*psi_second_plus +
        part_2*psi_second_minus),)
    )


def growth_of_quotient(separation: Any, label_quotient: Any) -> Any:
    """Growth rate K of a divided difference of psi, or of its derivative.

    Args:
        separation: distance of each mode from the origin, in standard deviations of a mode.
        label_quotient: divided difference of psi between the overlaps, or its derivative.
    """
    return label_quotient*separation**2
