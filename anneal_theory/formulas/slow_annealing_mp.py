"""What slow annealing costs, in mpmath (theory section 6).

Written by `python -m derivations`; do not edit.
"""

from typing import Any


def branch_log_rho(ctx: Any, delta: Any, distance: Any, separation: Any) -> Any:
    """Log rho of a pair at a distance.

    Args:
        ctx: mpmath context whose precision is used.
        delta: difference m1 - m2 of the two overlaps.
        distance: distance of the two means, or of the two points of a label.
        separation: distance of each mode from the origin, in standard deviations of a mode.
    """
    return -1/2*ctx.log(-1 + distance**2*separation**2/delta**2)


def saturated_hot_clock(ctx: Any, threshold: Any, decay_time: Any) -> Any:
    """Limit of the clock above a temperature as T0 grows, exponential schedule under the tempered target.

    Args:
        ctx: mpmath context whose precision is used.
        threshold: temperature whose crossing is asked for.
        decay_time: time in which the temperature falls.
    """
    return -decay_time*ctx.log1p(-1/threshold)
