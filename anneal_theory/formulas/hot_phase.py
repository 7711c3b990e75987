"""The distance in the hot phase (theory section 7).

Written by `python -m derivations`; do not edit.
"""

from typing import Any

from numpy import pi


def hot_distance_squared_hot(share_odds: Any, lambert: Any) -> Any:
    """Squared distance at high temperature, up to O(W^-3).

    Args:
        share_odds: half the log-odds of a two-point label, log(w/(1 - w))/2.
        lambert: Lambert's function of pi T^2/(8 w1 w2).
    """
    part_0 = share_odds**2
    part_1 = pi**2
    return 4*lambert - 4*(part_0 + (1/4)*part_1)/(lambert + 1) + (part_0*part_1 + (1/4)*pi**4)/lambert**2


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


def lambert_argument(temperature: Any, label_variance: Any) -> Any:
    """Argument of Lambert's function in D_T.

    Args:
        temperature: temperature of the loss.
        label_variance: variance w (1 - w) of a two-point label.
    """
    return (1/8)*pi*temperature**2/label_variance
