"""Pairs at rest on the sphere (theory section 11).

Written by `python -m derivations`; do not edit.
"""

from typing import Any

from numpy import cos, log, sin


def plane_flow(
    angle_1: Any, angle_2: Any, family_weight: Any, variance: Any, temperature: Any, psi_1: Any, psi_2: Any, overlap:
    Any
) -> tuple[Any, Any]:
    """Rates of the angles in the clock.

    Args:
        angle_1: angle of the first mean from the target's axis, in a plane that holds all three.
        angle_2: angle of the second mean from the target's axis, in that plane.
        family_weight: share of the family's first component.
        variance: common variance of the components, or of one coordinate of an initial mean.
        temperature: temperature of the loss.
        psi_1: mean of the target's mode label under the first component.
        psi_2: mean of the target's mode label under the second component.
        overlap: overlap G(D) of the two components.
    """
    part_0 = overlap*temperature*sin(angle_1 - angle_2)/variance
    return (-family_weight*psi_1*sin(angle_1) + part_0, -part_0 + psi_2*(family_weight - 1)*sin(angle_2),)


def plane_places(angle_1: Any, angle_2: Any, separation: Any) -> tuple[Any, Any, Any]:
    """Overlaps and distance of the means.

    Args:
        angle_1: angle of the first mean from the target's axis, in a plane that holds all three.
        angle_2: angle of the second mean from the target's axis, in that plane.
        separation: distance of each mode from the origin, in standard deviations of a mode.
    """
    part_0 = separation**2
    return (part_0*cos(angle_1), part_0*cos(angle_2), 2*separation*abs(sin((1/2)*angle_1 - 1/2*angle_2)),)


def rest_pull(angle_1: Any, psi_1: Any) -> Any:
    """What adds up to 0 at rest.

    Args:
        angle_1: angle of the first mean from the target's axis, in a plane that holds all three.
        psi_1: mean of the target's mode label under the first component.
    """
    return psi_1*sin(angle_1)


def rest_pull_slope(angle_1: Any, separation: Any, psi_1: Any, psi_prime_1: Any) -> Any:
    """Its slope in the angle.

    Args:
        angle_1: angle of the first mean from the target's axis, in a plane that holds all three.
        separation: distance of each mode from the origin, in standard deviations of a mode.
        psi_1: mean of the target's mode label under the first component.
        psi_prime_1: derivative of psi at m1.
    """
    return psi_1*cos(angle_1) - psi_prime_1*separation**2*sin(angle_1)**2


def width_divergence(dim: Any, variance: Any) -> Any:
    """Part of KL(q || p) that the variance has in every dimension.

    Args:
        dim: dimension of the samples.
        variance: common variance of the components, or of one coordinate of an initial mean.
    """
    return (1/2)*dim*(variance - log(variance) - 1)
