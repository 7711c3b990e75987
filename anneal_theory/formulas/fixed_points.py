"""Fixed points of an aligned pair (theory section 6).

Written by `python -m derivations`; do not edit.
"""

from typing import Any

from numpy import log


def across_rate(family_weight: Any, temperature: Any, overlap: Any) -> Any:
    """Growth rate across the axis per unit of the clock.

    Args:
        family_weight: share of the family's first component.
        temperature: temperature of the loss.
        overlap: overlap G(D) of the two components.
    """
    return -1 + overlap*temperature/(family_weight*(1 - family_weight))


def aligned_rest(
    m1: Any, m2: Any, separation: Any, family_weight: Any, temperature: Any, psi_1: Any, psi_2: Any, overlap: Any
) -> tuple[Any, Any]:
    """The two expressions that vanish at rest.

    Args:
        m1: overlap mu_1 . mu* of the first mean with the target's axis.
        m2: overlap mu_2 . mu* of the second mean with the target's axis.
        separation: distance of each mode from the origin, in standard deviations of a mode.
        family_weight: share of the family's first component.
        temperature: temperature of the loss.
        psi_1: mean of the target's mode label under the first component.
        psi_2: mean of the target's mode label under the second component.
        overlap: overlap G(D) of the two components.
    """
    part_0 = separation**2
    part_1 = overlap*temperature*(m1 - m2)
    return (-m1 + part_0*psi_1 + part_1/family_weight, -m2 + part_0*psi_2 - part_1/(1 - family_weight),)


def aligned_rest_jacobian(
    m1: Any, m2: Any, separation: Any, family_weight: Any, temperature: Any, psi_prime_1: Any, psi_prime_2: Any,
    overlap: Any, overlap_prime: Any
) -> tuple[tuple[Any, Any], tuple[Any, Any]]:
    """Derivatives of the two by m1 and m2.

    Args:
        m1: overlap mu_1 . mu* of the first mean with the target's axis.
        m2: overlap mu_2 . mu* of the second mean with the target's axis.
        separation: distance of each mode from the origin, in standard deviations of a mode.
        family_weight: share of the family's first component.
        temperature: temperature of the loss.
        psi_prime_1: derivative of psi at m1.
        psi_prime_2: derivative of psi at m2.
        overlap: overlap G(D) of the two components.
        overlap_prime: derivative dG/dD.
    """
    part_0 = separation**2
    part_1 = (1/family_weight)
    part_2 = overlap*temperature
    part_3 = overlap_prime*temperature*(m1 - m2)/separation
    part_4 = part_1*part_2 + part_1*part_3
    part_5 = (1/(1 - family_weight))
    part_6 = part_2*part_5 + part_3*part_5
    return ((part_0*psi_prime_1 + part_4 - 1, -part_4,), (-part_6, part_0*psi_prime_2 + part_6 - 1,),)


def divergence(
    s11: Any, s22: Any, separation: Any, weight: Any, family_weight: Any, phi_1: Any, phi_2: Any, information: Any
) -> Any:
    """KL(q || p) of a pair, in nats.

    Args:
        s11: squared length of the first mean.
        s22: squared length of the second mean.
        separation: distance of each mode from the origin, in standard deviations of a mode.
        weight: share of the target's mode at +mu*.
        family_weight: share of the family's first component.
        phi_1: mean of log cosh under the first component.
        phi_2: mean of log cosh under the second component.
        information: mutual information I(D) of label and observation, in nats.
    """
    return (
        family_weight*(-phi_1 + (1/2)*s11) - information + (1/2)*separation**2 + (1 - family_weight)*(-phi_2 +
        (1/2)*s22) - 1/2*log(4*weight*(1 - weight))
    )


def partner_drift(family_weight: Any, drift_2: Any) -> Any:
    """F at the first overlap of a pair at rest.

    Args:
        family_weight: share of the family's first component.
        drift_2: drift -m2 + R^2 psi(m2) of a single mean at the second overlap.
    """
    return drift_2*(family_weight - 1)/family_weight


def rest_temperature(m1: Any, m2: Any, family_weight: Any, overlap: Any, drift_2: Any) -> Any:
    """Temperature at which two overlaps rest.

    Args:
        m1: overlap mu_1 . mu* of the first mean with the target's axis.
        m2: overlap mu_2 . mu* of the second mean with the target's axis.
        family_weight: share of the family's first component.
        overlap: overlap G(D) of the two components.
        drift_2: drift -m2 + R^2 psi(m2) of a single mean at the second overlap.
    """
    return drift_2*(1 - family_weight)/(overlap*(m1 - m2))


def saddle_node(
    m1: Any, m2: Any, separation: Any, family_weight: Any, temperature: Any, psi_1: Any, psi_2: Any, psi_prime_1: Any,
    psi_prime_2: Any, overlap: Any, overlap_prime: Any
) -> tuple[Any, Any, Any]:
    """The three expressions that vanish at a saddle-node.

    Args:
        m1: overlap mu_1 . mu* of the first mean with the target's axis.
        m2: overlap mu_2 . mu* of the second mean with the target's axis.
        separation: distance of each mode from the origin, in standard deviations of a mode.
        family_weight: share of the family's first component.
        temperature: temperature of the loss.
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
    part_3 = overlap*temperature
    part_4 = part_2*part_3
    part_5 = (1/(1 - family_weight))
    part_6 = part_3*part_5
    part_7 = overlap_prime*part_1*temperature/separation
    part_8 = part_2*part_7 + part_4
    part_9 = part_5*part_7 + part_6
    return (
        (-m1 + part_0*psi_1 + part_1*part_4, -m2 + part_0*psi_2 - part_1*part_6, -part_8*part_9 + (part_0*psi_prime_1 +
        part_8 - 1)*(part_0*psi_prime_2 + part_9 - 1),)
    )


def saddle_node_jacobian(
    m1: Any, m2: Any, separation: Any, family_weight: Any, temperature: Any, psi_prime_1: Any, psi_prime_2: Any,
    psi_second_1: Any, psi_second_2: Any, overlap: Any, overlap_prime: Any, overlap_second: Any
) -> tuple[tuple[Any, Any, Any], tuple[Any, Any, Any], tuple[Any, Any, Any]]:
    """Derivatives of the three by m1, m2 and T.

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
    part_0 = separation**2
    part_1 = (1/family_weight)
    part_2 = overlap*part_1
    part_3 = overlap_prime/separation
    part_4 = m1 - m2
    part_5 = part_1*part_4
    part_6 = part_3*part_5
    part_7 = part_2*temperature + part_6*temperature
    part_8 = part_0*psi_prime_1 + part_7 - 1
    part_9 = -part_7
    part_10 = (1/(1 - family_weight))
    part_11 = overlap*part_10
    part_12 = part_10*part_3
    part_13 = part_12*part_4
    part_14 = part_11*temperature + part_13*temperature
    part_15 = -part_14
    part_16 = part_0*psi_prime_2 + part_14 - 1
    part_17 = 2*temperature
    part_18 = overlap_second*temperature/part_0
    part_19 = part_10*part_18*part_4 + part_12*part_17
    part_20 = part_1*part_17*part_3 + part_18*part_5
    part_21 = -part_20
    part_22 = part_2 + part_6
    part_23 = part_11 + part_13
    return (
        ((part_8, part_9, part_2*part_4,), (part_15, part_16, -part_11*part_4,), (-part_15*part_21 +
        part_16*(part_0*psi_second_1 + part_20) + part_19*part_8 + part_19*part_9, -part_15*part_20 + part_16*part_21 -
        part_19*part_9 + part_8*(part_0*psi_second_2 - part_19), part_15*part_22 + part_16*part_22 + part_23*part_8 +
        part_23*part_9,),)
    )


def single_drift(s: Any, separation: Any, psi_s: Any) -> Any:
    """Drift of a single mean.

    Args:
        s: weighted mean w1 m1 + w2 m2 of the two overlaps.
        separation: distance of each mode from the origin, in standard deviations of a mode.
        psi_s: psi at the weighted mean overlap.
    """
    return psi_s*separation**2 - s


def single_drift_slope(separation: Any, psi_prime_s: Any) -> Any:
    """Its derivative.

    Args:
        separation: distance of each mode from the origin, in standard deviations of a mode.
        psi_prime_s: derivative of psi at the weighted mean overlap.
    """
    return psi_prime_s*separation**2 - 1
