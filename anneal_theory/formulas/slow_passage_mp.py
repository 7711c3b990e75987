"""The passage through the critical temperature, in mpmath (theory section 6).

Written by `python -m derivations`; do not edit.
"""

from typing import Any


def ramp_scale(ctx: Any, passage_drive: Any, ramp_rate: Any) -> Any:
    """Inverse time of the passage on the ramp.

    Args:
        ctx: mpmath context whose precision is used.
        passage_drive: product of the coefficients a and c of the normal form of the passage.
        ramp_rate: rate at which the temperature falls per unit of the clock at T_c.
    """
    return ctx.cbrt(passage_drive)*ctx.cbrt(ramp_rate)
