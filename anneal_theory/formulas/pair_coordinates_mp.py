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


def angle_across_axis(ctx: Any, log_rho: Any) -> tuple[Any, Any, Any]:
    """The same for log rho <= 0.

    Args:
        ctx: mpmath context whose precision is used.
        log_rho: logarithm of rho.
    """
    part_0 = ctx.exp(2*log_rho)
    part_1 = part_0 + 1
    part_2 = (1/part_1)
    return (ctx.exp(log_rho)/ctx.sqrt(part_1), part_0*part_2, part_2,)


def angle_near_axis(ctx: Any, log_rho: Any) -> tuple[Any, Any, Any]:
    """Cosine, its square and the squared sine for log rho > 0.

    Args:
        ctx: mpmath context whose precision is used.
        log_rho: logarithm of rho.
    """
    part_0 = ctx.exp(-2*log_rho)
    part_1 = part_0 + 1
    part_2 = (1/part_1)
    return (1/ctx.sqrt(part_1), part_2, part_0*part_2,)
