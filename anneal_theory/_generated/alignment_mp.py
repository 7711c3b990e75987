"""Summary statistics and the alignment identity, in mpmath (theory sections 3 and 4).

Written by `python -m derivations`; do not edit.
"""

from typing import Any


def reduced_log_flow(
    ctx: Any, s: Any, log_rho: Any, separation: Any, family_weight: Any, temperature: Any, psi_1: Any, psi_2: Any,
    overlap: Any, slope: Any
) -> tuple[Any, Any, Any]:
    """Rates of s, log rho and log D per unit of the clock.

    Args:
        ctx: mpmath context whose precision is used.
        s: weighted mean w1 m1 + w2 m2 of the two overlaps.
        log_rho: logarithm of rho.
        separation: distance of each mode from the origin, in standard deviations of a mode.
        family_weight: share of the family's first component.
        temperature: temperature of the loss.
        psi_1: mean of the target's mode label under the first component.
        psi_2: mean of the target's mode label under the second component.
        overlap: overlap G(D) of the two components.
        slope: growth rate of log rho, R^2 (psi(m1) - psi(m2))/(m1 - m2).
    """
    part_0 = 1 - family_weight
    return (
        (-s + separation**2*(family_weight*psi_1 + part_0*psi_2), slope, slope/(1 + ctx.exp(-2*log_rho)) - 1 +
        overlap*temperature/(family_weight*part_0),)
    )
