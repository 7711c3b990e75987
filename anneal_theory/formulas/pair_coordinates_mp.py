"""The coordinates of a pair, in mpmath (theory section 4).

Written by `python -m derivations`; do not edit.
"""

from typing import Any


def across_places(
    ctx: Any, s: Any, log_rho: Any, log_across: Any, separation: Any, family_weight: Any
) -> tuple[Any, Any, Any, Any, Any]:
    """Overlaps, their difference, squared half distance and squared length across the axis.

    Args:
        ctx: mpmath context whose precision is used.
        s: weighted mean w1 m1 + w2 m2 of the two overlaps.
        log_rho: logarithm of rho.
        log_across: logarithm of the length of mu_1 - mu_2 across the target's axis.
        separation: distance of each mode from the origin, in standard deviations of a mode.
        family_weight: share of the family's first component.
    """
    part_0 = separation*ctx.exp(log_across + log_rho)
    part_1 = 2*log_across
    part_2 = ctx.exp(part_1)
    return (
        (part_0*(1 - family_weight) + s, -family_weight*part_0 + s, part_0, (1/4)*part_2 + (1/4)*ctx.exp(2*log_rho +
        part_1), part_2,)
    )


def across_start(
    ctx: Any, log_rho: Any, distance: Any, centre: Any, separation: Any, family_weight: Any
) -> tuple[Any, Any, Any]:
    """The state (s, log rho, log length across) of a start.

    Args:
        ctx: mpmath context whose precision is used.
        log_rho: logarithm of rho.
        distance: distance of the two means, or of the two points of a label.
        centre: overlap (m1 + m2)/2 of the centre of the two means.
        separation: distance of each mode from the origin, in standard deviations of a mode.
        family_weight: share of the family's first component.
    """
    part_0 = ctx.exp(2*log_rho) + 1
    return (
        (centre + distance*separation*(family_weight - 1/2)*ctx.exp(log_rho)/ctx.sqrt(part_0), log_rho,
        ctx.log(distance) - 1/2*ctx.log(part_0),)
    )
