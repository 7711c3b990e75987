"""Summary statistics and the alignment identity (theory sections 3 and 4).

Written by `python -m derivations`; do not edit.
"""

from typing import Any

from numpy import exp


def alignment_rate(m1: Any, m2: Any, separation: Any, psi_1: Any, psi_2: Any) -> Any:
    """Growth rate of log rho per unit of the clock.

    Args:
        m1: overlap mu_1 . mu* of the first mean with the target's axis.
        m2: overlap mu_2 . mu* of the second mean with the target's axis.
        separation: distance of each mode from the origin, in standard deviations of a mode.
        psi_1: mean of the target's mode label under the first component.
        psi_2: mean of the target's mode label under the second component.
    """
    return separation**2*(psi_1 - psi_2)/(m1 - m2)


def full_flow(
    m1: Any, m2: Any, s11: Any, s12: Any, s22: Any, separation: Any, family_weight: Any, attraction: Any, repulsion:
    Any, mobility_1: Any, mobility_2: Any, psi_1: Any, psi_2: Any, overlap: Any
) -> tuple[Any, Any, Any, Any, Any]:
    """Rates of m1, m2, s11, s12, s22 per unit of time.

    Args:
        m1: overlap mu_1 . mu* of the first mean with the target's axis.
        m2: overlap mu_2 . mu* of the second mean with the target's axis.
        s11: squared length of the first mean.
        s12: scalar product of the two means.
        s22: squared length of the second mean.
        separation: distance of each mode from the origin, in standard deviations of a mode.
        family_weight: share of the family's first component.
        attraction: factor of the pull of the target: beta, or 1 for the free energy.
        repulsion: factor of the push of the components: 1, or T for the free energy.
        mobility_1: mobility of the first mean: 1, or 1/w1 in the natural metric.
        mobility_2: mobility of the second mean: 1, or 1/w2 in the natural metric.
        psi_1: mean of the target's mode label under the first component.
        psi_2: mean of the target's mode label under the second component.
        overlap: overlap G(D) of the two components.
    """
    part_0 = attraction*family_weight
    part_1 = m1*mobility_1*part_0
    part_2 = overlap*repulsion
    part_3 = m2*part_2
    part_4 = separation**2
    part_5 = attraction*mobility_2
    part_6 = m2*part_5
    part_7 = family_weight*part_6
    part_8 = mobility_2*part_2
    part_9 = part_5*psi_2
    part_10 = part_4*part_9
    part_11 = 2*s11
    part_12 = mobility_1*part_2
    part_13 = mobility_1*s12
    return (
        (attraction*family_weight*mobility_1*part_4*psi_1 + m1*mobility_1*overlap*repulsion - mobility_1*part_3 -
        part_1, -family_weight*part_10 - m1*part_8 + mobility_2*part_3 + part_10 - part_6 + part_7,
        -mobility_1*part_0*part_11 + 2*part_1*psi_1 + part_11*part_12 - 2*part_13*part_2,
        attraction*family_weight*m2*mobility_1*psi_1 + attraction*family_weight*mobility_2*s12 +
        attraction*m1*mobility_2*psi_2 - family_weight*m1*part_9 + mobility_1*overlap*repulsion*s12 +
        mobility_2*overlap*repulsion*s12 - part_0*part_13 - part_12*s22 - part_5*s12 - part_8*s11,
        2*attraction*family_weight*mobility_2*s22 + 2*attraction*m2*mobility_2*psi_2 +
        2*mobility_2*overlap*repulsion*s22 - 2*part_5*s22 - 2*part_7*psi_2 - 2*part_8*s12,)
    )


def reduced_log_flow(
    s: Any, log_rho: Any, separation: Any, family_weight: Any, temperature: Any, psi_1: Any, psi_2: Any, overlap: Any,
    slope: Any
) -> tuple[Any, Any, Any]:
    """Rates of s, log rho and log D per unit of the clock.

    Args:
        s: weighted mean w1 m1 + w2 m2 of the two overlaps.
        log_rho: logarithm of rho.
        separation: distance of each mode from the origin, in standard deviations of a mode.
        family_weight: share of the family's first component.
        temperature: temperature of the loss.
        psi_1: mean of the target's mode label under the first component.
        psi_2: mean of the target's mode label under the second component.
        overlap: overlap G(D) of the two components.
        slope: growth rate of log rho, R^2 (psi(m1) - psi(m2))/(m1 - m2).
    """
    part_0 = 1 - family_weight
    return (
        (-s + separation**2*(family_weight*psi_1 + part_0*psi_2), slope, slope/(1 + exp(-2*log_rho)) - 1 +
        overlap*temperature/(family_weight*part_0),)
    )
