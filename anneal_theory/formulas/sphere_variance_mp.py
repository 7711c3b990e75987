"""The trained variance, in mpmath (theory section 11).

Written by `python -m derivations`; do not edit.
"""

from typing import Any


def common_variance_slopes(
    ctx: Any, distance: Any, difference_cosine: Any, separation: Any, dim: Any, variance: Any, temperature: Any,
    overlap: Any, overlap_prime: Any, widening_1: Any, widening_2: Any, psi_prime_widening_1: Any, psi_prime_widening_2:
    Any
) -> tuple[Any, Any, Any, Any, Any]:
    """Derivatives of the rate of log v in d dimensions, by log x, m1 + m2, the pair's cosine, log v and T.

    Args:
        ctx: mpmath context whose precision is used.
        distance: distance of the two means, or of the two points of a label.
        difference_cosine: cosine of the angle between mu_1 - mu_2 and the axis, for means on the sphere.
        separation: distance of each mode from the origin, in standard deviations of a mode.
        dim: dimension of the samples.
        variance: common variance of the components, or of one coordinate of an initial mean.
        temperature: temperature of the loss.
        overlap: overlap G(D) of the two components.
        overlap_prime: derivative dG/dD.
        widening_1: derivative of psi at m1 in the logarithm of the variance.
        widening_2: derivative of psi at m2 in the logarithm of the variance.
        psi_prime_widening_1: derivative of psi' at m1 in log v.
        psi_prime_widening_2: derivative of psi' at m2 in log v.
    """
    part_0 = (1/dim)
    part_1 = (1/variance)
    part_2 = (1/2)*part_1
    part_3 = part_0*part_2
    part_4 = difference_cosine*(widening_1 - widening_2)
    part_5 = separation**2
    part_6 = (1/(variance**2))
    part_7 = 2*overlap
    part_8 = distance*overlap_prime/ctx.sqrt(variance)
    part_9 = distance**2
    return (
        (distance*part_3*part_4*separation, part_3*(widening_1 + widening_2), part_0*(part_5*part_6*temperature*(part_7
        + part_8) - part_2*part_4*separation**3/distance), part_0*((1/2)*part_5*(psi_prime_widening_1 +
        psi_prime_widening_2) + part_6*part_9*temperature*(part_7 + (1/2)*part_8)) - part_1*temperature,
        -overlap*part_0*part_6*part_9 + part_1,)
    )


def lagging_variance(ctx: Any, t: Any, initial_temperature: Any, cooling_rate: Any) -> Any:
    """Trained variance while the temperature falls exponentially.

    Args:
        ctx: mpmath context whose precision is used.
        t: time of the gradient flow.
        initial_temperature: temperature at the start.
        cooling_rate: rate at which the logarithm of the temperature falls.
    """
    part_0 = cooling_rate - 1
    return initial_temperature*(cooling_rate*ctx.expm1(part_0*t)/part_0 + 1)*ctx.exp(-cooling_rate*t)


def lagging_variance_even(ctx: Any, t: Any, initial_temperature: Any) -> Any:
    """The same where the temperature falls at the rate 1.

    Args:
        ctx: mpmath context whose precision is used.
        t: time of the gradient flow.
        initial_temperature: temperature at the start.
    """
    return initial_temperature*(t + 1)*ctx.exp(-t)


def relaxing_variance(ctx: Any, initial_variance: Any, temperature: Any, t: Any) -> Any:
    """Trained variance a time after the temperature came to rest.

    Args:
        ctx: mpmath context whose precision is used.
        initial_variance: common variance of the components where a stretch of time begins.
        temperature: temperature of the loss.
        t: time of the gradient flow.
    """
    return temperature + (initial_variance - temperature)*ctx.exp(-t)
