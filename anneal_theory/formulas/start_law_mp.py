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


def log_rho_of_cosine(ctx: Any, log_cosine: Any) -> Any:
    """Log rho of the logarithm of a cosine.

    Args:
        ctx: mpmath context whose precision is used.
        log_cosine: logarithm of the cosine of an angle with the axis.
    """
    return log_cosine - 1/2*ctx.log(-ctx.expm1(2*log_cosine))
