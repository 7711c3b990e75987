"""The constant of the passage, in mpmath (theory section 6).

Written by `python -m derivations`; do not edit.
"""

from typing import Any


def passage_time(
    ctx: Any, passage_cubic: Any, passage_warming: Any, airy_zero: Any, airy_constant: Any, ramp_scale: Any
) -> Any:
    """Clock from the orbit's zero of time to T_c.

    Args:
        ctx: mpmath context whose precision is used.
        passage_cubic: cubic coefficient of the normal form, over the square of a.
        passage_warming: coefficient of y (T - T_c) in the normal form, over a c.
        airy_zero: size of the first zero of Airy's function.
        airy_constant: constant of the integral of the cubic term along Airy's function.
        ramp_scale: inverse time (a c r)^(1/3) of the passage on the ramp.
    """
    return airy_zero/ramp_scale - passage_cubic*(-airy_constant + ctx.log(ramp_scale)) + (1/2)*passage_warming
