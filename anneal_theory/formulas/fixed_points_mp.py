"""Fixed points of an aligned pair, in mpmath (theory section 6).

Written by `python -m derivations`; do not edit.
"""

from typing import Any


def divergence(
    ctx: Any, s11: Any, s22: Any, separation: Any, weight: Any, family_weight: Any, phi_1: Any, phi_2: Any, information:
    Any
) -> Any:
    """KL(q || p) of a pair, in nats.

    Args:
        ctx: mpmath context whose precision is used.
        s11: squared length of the first mean.
        s22: squared length of the second mean.
        separation: distance of each mode from the origin, in standard deviations of a mode.
        weight: share of the target's mode at +mu*.
        family_weight: share of the family's first component.
        phi_1: mean of log cosh under the first component.
        phi_2: mean of log cosh under the second component.
        information: mutual information I(D) of label and observation, in nats.
    """
    return (
        family_weight*(-phi_1 + (1/2)*s11) - information + (1/2)*separation**2 + (1 - family_weight)*(-phi_2 +
        (1/2)*s22) - 1/2*ctx.log(4*weight*(1 - weight))
    )
