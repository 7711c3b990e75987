"""Pairs at rest on the sphere (theory section 11).

Written by `python -m derivations`; do not edit.
"""

from typing import Any

from numpy import log, sin


def plane_flow(
    angle_1: Any, angle_2: Any, variance: Any, temperature: Any, psi_1: Any, psi_2: Any, overlap: Any
) -> tuple[Any, Any]:
    """Rates of the angles in the clock.

    Args:
        angle_1: angle of the first mean from the target's axis, in a plane that holds all three.
        angle_2: angle of the second mean from the target's axis, in that plane.
        variance: common variance of the components, or of one coordinate of an initial mean.
        temperature: temperature of the loss.
        psi_1: mean of the target's mode label under the first component.
        psi_2: mean of the target's mode label under the second component.
        overlap: overlap G(D) of the two components.
    """
    part_0 = overlap*temperature*sin(angle_1 - angle_2)/variance
    return (part_0 - 1/2*psi_1*sin(angle_1), -part_0 - 1/2*psi_2*sin(angle_2),)


def width_divergence(dim: Any, variance: Any) -> Any:
    """Part of KL(q || p) that the variance has in every dimension.

    Args:
        dim: dimension of the samples.
        variance: common variance of the components, or of one coordinate of an initial mean.
    """
    return (1/2)*dim*(variance - log(variance) - 1)
