"""The overlap G and the information of a label, in mpmath (theory section 2).

Written by `python -m derivations`; do not edit.
"""

from typing import Any


def overlap_large(ctx: Any, distance: Any, share: Any, share_odds: Any) -> Any:
    """Expansion of G to relative order D^-4 at large distance.

    Args:
        ctx: mpmath context whose precision is used.
        distance: distance of the two means, or of the two points of a label.
        share: share of the first point of a two-point label.
        share_odds: half the log-odds of a two-point label, log(w/(1 - w))/2.
    """
    part_0 = distance**2
    part_1 = ctx.pi**2
    part_2 = share_odds**2
    return (
        (1/16)*ctx.sqrt(2)*ctx.sqrt(ctx.pi)*ctx.sqrt(share)*ctx.sqrt(1 - share)*(8*distance**4 - 4*part_0*(part_1 +
        4*part_2) + 24*part_1*part_2 + 16*share_odds**4 + 5*ctx.pi**4)*ctx.exp(-1/8*part_0)/distance**5
    )
