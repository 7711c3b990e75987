"""The distance in the hot phase, in mpmath (theory section 7).

Written by `python -m derivations`; do not edit.
"""

from typing import Any


def hot_distance_squared_corrected(ctx: Any, share_odds: Any, lambert: Any) -> Any:
    """Squared distance at high temperature with one correction, up to O(W^-2).

    Args:
        ctx: mpmath context whose precision is used.
        share_odds: half the log-odds of a two-point label, log(w/(1 - w))/2.
        lambert: Lambert's function of pi T^2/(8 w1 w2).
    """
    return 4*lambert - 4*(share_odds**2 + (1/4)*ctx.pi**2)/(lambert + 1)


def hot_distance_squared_hot(ctx: Any, share_odds: Any, lambert: Any) -> Any:
    """Squared distance at high temperature, up to O(W^-3).

    Args:
        ctx: mpmath context whose precision is used.
        share_odds: half the log-odds of a two-point label, log(w/(1 - w))/2.
        lambert: Lambert's function of pi T^2/(8 w1 w2).
    """
    part_0 = share_odds**2
    part_1 = ctx.pi**2
    return 4*lambert - 4*(part_0 + (1/4)*part_1)/(lambert + 1) + (part_0*part_1 + (1/4)*ctx.pi**4)/lambert**2


def lambert_argument(ctx: Any, temperature: Any, label_variance: Any) -> Any:
    """Argument of Lambert's function in D_T.

    Args:
        ctx: mpmath context whose precision is used.
        temperature: temperature of the loss.
        label_variance: variance w (1 - w) of a two-point label.
    """
    return (1/8)*ctx.pi*temperature**2/label_variance
