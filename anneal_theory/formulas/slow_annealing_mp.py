"""What slow annealing costs, in mpmath (theory section 6).

Written by `python -m derivations`; do not edit.
"""

from typing import Any


def saturated_hot_clock(ctx: Any, threshold: Any, decay_time: Any) -> Any:
    """Limit of the clock above a temperature as T0 grows, exponential schedule under the tempered target.

    Args:
        ctx: mpmath context whose precision is used.
        threshold: temperature whose crossing is asked for.
        decay_time: time in which the temperature falls.
    """
    return -decay_time*ctx.log1p(-1/threshold)
