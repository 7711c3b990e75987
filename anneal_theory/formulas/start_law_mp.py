"""The law of a random start, in mpmath (theory section 5).

Written by `python -m derivations`; do not edit.
"""

from typing import Any


def log_normal_norm(ctx: Any, scale: Any) -> Any:
    """Logarithm of its largest density.

    Args:
        ctx: mpmath context whose precision is used.
        scale: standard deviation of one coordinate of an initial mean.
    """
    return -ctx.log(ctx.sqrt(2)*ctx.sqrt(ctx.pi)*scale)
