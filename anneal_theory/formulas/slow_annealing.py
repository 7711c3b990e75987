"""What slow annealing costs (theory section 6).

Written by `python -m derivations`; do not edit.
"""

from typing import Any

from numpy import log


def saturated_hot_clock(threshold: Any, decay_time: Any) -> Any:
    """Limit of the clock above a temperature as T0 grows, exponential schedule under the tempered target.

    Args:
        threshold: temperature whose crossing is asked for.
        decay_time: time in which the temperature falls.
    """
    return decay_time*log(threshold/(threshold - 1))
