"""Boxes that no run leaves (theory sections 3 and 4).

Written by `python -m derivations`; do not edit.
"""

from typing import Any


def distance_ceiling(separation: Any, family_weight: Any, psi_prime_s: Any, overlap: Any) -> Any:
    """Temperature up to which a distance shrinks at any angle.

    Args:
        separation: distance of each mode from the origin, in standard deviations of a mode.
        family_weight: share of the family's first component.
        psi_prime_s: derivative of psi at the weighted mean overlap.
        overlap: overlap G(D) of the two components.
    """
    return family_weight*(1 - family_weight)*(-psi_prime_s*separation**2 + 1)/overlap


def overlap_ceiling(distance: Any, separation: Any, component_weight: Any, overlap: Any, drift: Any) -> Any:
    """Temperature up to which a drift outweighs the push at a distance.

    Args:
        distance: distance of the two means, or of the two points of a label.
        separation: distance of each mode from the origin, in standard deviations of a mode.
        component_weight: share of the component whose mean moves.
        overlap: overlap G(D) of the two components.
        drift: drift -s + R^2 psi(s) of a coincident pair.
    """
    return component_weight*drift/(distance*overlap*separation)
