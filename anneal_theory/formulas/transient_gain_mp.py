"""The gain of the transient, in mpmath (theory section 6).

Written by `python -m derivations`; do not edit.
"""

from typing import Any


def gain_small_start(
    ctx: Any, s0: Any, separation: Any, escape_rate: Any, start_rate: Any, psi_third_start: Any, gain_exponent: Any,
    gain_constant: Any
) -> Any:
    """Log C at small starts of a symmetric target, to order s0^2.

    Args:
        ctx: mpmath context whose precision is used.
        s0: weighted mean overlap at the start.
        separation: distance of each mode from the origin, in standard deviations of a mode.
        escape_rate: growth rate R^2 psi'(s*) of log rho at the collapsed state.
        start_rate: growth rate R^2 psi'(0) of log rho at overlap zero.
        psi_third_start: third derivative of psi at overlap zero.
        gain_exponent: power with which the gain of the transient grows as s(0) -> 0.
        gain_constant: constant term of the logarithm of the gain as s(0) -> 0.
    """
    part_0 = s0**2
    return (
        gain_constant - 1/2*gain_exponent*ctx.log(part_0) - 1/2*part_0*psi_third_start*separation**2*(-(-escape_rate +
        start_rate)/((start_rate - 1)*(6*start_rate - 6)) + (1/(2*start_rate - 2)))
    )
