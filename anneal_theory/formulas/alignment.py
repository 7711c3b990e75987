"""Summary statistics and the alignment identity (theory sections 3 and 4).

Written by `python -m derivations`; do not edit.
"""

from typing import Any


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


def clock_pace(family_weight: Any, attraction: Any, mobility_1: Any) -> Any:
    """Rate at which the clock runs.

    Args:
        family_weight: share of the family's first component.
        attraction: factor of the pull of the target: beta, or 1 for the free energy.
        mobility_1: mobility of the first mean: 1, or 1/w1 in the natural metric.
    """
    return attraction*family_weight*mobility_1


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
    part_0 = m1 - m2
    part_1 = overlap*repulsion
    part_2 = separation**2
    part_3 = attraction*family_weight
    part_4 = attraction*(1 - family_weight)
    part_5 = -s12
    part_6 = part_5 + s11
    part_7 = -s22
    part_8 = part_7 + s12
    return (
        (mobility_1*(part_0*part_1 + part_3*(-m1 + part_2*psi_1)), mobility_2*(-part_0*part_1 + part_4*(-m2 +
        part_2*psi_2)), 2*mobility_1*(part_1*part_6 + part_3*(m1*psi_1 - s11)), mobility_1*(part_1*part_8 +
        part_3*(m2*psi_1 + part_5)) + mobility_2*(-part_1*part_6 + part_4*(m1*psi_2 + part_5)),
        2*mobility_2*(-part_1*part_8 + part_4*(m2*psi_2 + part_7)),)
    )


def natural_mobility(component_weight: Any) -> Any:
    """Mobility of a mean in the natural metric.

    Args:
        component_weight: share of the component whose mean moves.
    """
    return (1/component_weight)


def reduced_flow(
    s: Any, delta: Any, perp: Any, separation: Any, family_weight: Any, temperature: Any, psi_1: Any, psi_2: Any,
    overlap: Any, slope: Any
) -> tuple[Any, Any, Any]:
    """Rates of s, delta and |Delta_perp| per unit of the clock.

    Args:
        s: weighted mean w1 m1 + w2 m2 of the two overlaps.
        delta: difference m1 - m2 of the two overlaps.
        perp: length of mu_1 - mu_2 across the target's axis.
        separation: distance of each mode from the origin, in standard deviations of a mode.
        family_weight: share of the family's first component.
        temperature: temperature of the loss.
        psi_1: mean of the target's mode label under the first component.
        psi_2: mean of the target's mode label under the second component.
        overlap: overlap G(D) of the two components.
        slope: growth rate of log rho, R^2 (psi(m1) - psi(m2))/(m1 - m2).
    """
    part_0 = 1 - family_weight
    part_1 = (1/family_weight)
    part_2 = (1/part_0)
    return (
        (-s + separation**2*(family_weight*psi_1 + part_0*psi_2), delta*(overlap*part_1*part_2*temperature + slope - 1),
        perp*(overlap*part_1*part_2*temperature - 1),)
    )


def reduced_log_flow(
    s: Any, cosine_squared: Any, separation: Any, family_weight: Any, temperature: Any, psi_1: Any, psi_2: Any, overlap:
    Any, slope: Any
) -> tuple[Any, Any, Any]:
    """Rates of s, log rho and log D per unit of the clock.

    Args:
        s: weighted mean w1 m1 + w2 m2 of the two overlaps.
        cosine_squared: squared cosine of the angle between mu_1 - mu_2 and the target's axis.
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
        (-s + separation**2*(family_weight*psi_1 + part_0*psi_2), slope, cosine_squared*slope - 1 +
        overlap*temperature/(family_weight*part_0),)
    )
