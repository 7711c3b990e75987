"""The distance in the hot phase (theory section 7).

Written by `python -m derivations`; do not edit.
"""

from typing import Any


def hot_distance_squared_leading(excess: Any, label_variance: Any) -> Any:
    """Squared distance close to T = 1, to the first order in T - 1.

    Args:
        excess: temperature above 1.
        label_variance: variance w (1 - w) of a two-point label.
    """
    return excess/label_variance


def hot_distance_squared_warm(excess: Any, label_variance: Any) -> Any:
    """Squared distance close to T = 1, to order (T - 1)^4.

    Args:
        excess: temperature above 1.
        label_variance: variance w (1 - w) of a two-point label.
    """
    part_0 = 24*label_variance
    return (
        (excess*(excess*(excess*(excess*(label_variance*(label_variance*(168*label_variance - 36) + 12) - 3) +
        label_variance*(label_variance*(-part_0 - 12) + 4)) + label_variance**2*(part_0 - 6)) +
        12*label_variance**3)/label_variance**4)/12
    )
