"""The law of a random start, in mpmath (theory section 5).

Written by `python -m derivations`; do not edit.
"""

from typing import Any


def log_cosine_density(ctx: Any, cosine: Any, half_freedom: Any, log_gamma_ratio: Any) -> Any:
    """Logarithm of the density of a cosine of a uniform direction.

    Args:
        ctx: mpmath context whose precision is used.
        cosine: cosine of the angle between mu_1 - mu_2 and the axis, with the sign of m1 - m2.
        half_freedom: half of the dimensions across the axis, (d - 1)/2.
        log_gamma_ratio: logarithm of Gamma(a + 1/2)/Gamma(a).
    """
    return log_gamma_ratio + (half_freedom - 1)*ctx.log1p(-cosine**2) - 1/2*ctx.log(ctx.pi)


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
