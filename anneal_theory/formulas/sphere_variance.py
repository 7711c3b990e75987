"""The trained variance (theory section 11).

Written by `python -m derivations`; do not edit.
"""

from typing import Any

from numpy import exp, pi, sqrt


def common_variance_growth(dim: Any, variance: Any, variance_bend: Any, temperature: Any) -> Any:
    """Rate of the logarithm of a common trained variance in any dimension, equal weights.

    Args:
        dim: dimension of the samples.
        variance: common variance of the components, or of one coordinate of an initial mean.
        variance_bend: d times what the rate of log v in d dimensions has beyond that in large ones.
        temperature: temperature of the loss.
    """
    return temperature/variance - 1 + variance_bend/dim


def common_variance_slopes(
    distance: Any, difference_cosine: Any, separation: Any, dim: Any, variance: Any, temperature: Any, overlap: Any,
    overlap_prime: Any, widening_1: Any, widening_2: Any, psi_prime_widening_1: Any, psi_prime_widening_2: Any
) -> tuple[Any, Any, Any, Any, Any]:
    """Derivatives of the rate of log v in d dimensions, by log x, m1 + m2, the pair's cosine, log v and T.

    Args:
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
    part_8 = distance*overlap_prime/sqrt(variance)
    part_9 = distance**2
    return (
        (distance*part_3*part_4*separation, part_3*(widening_1 + widening_2), part_0*(part_5*part_6*temperature*(part_7
        + part_8) - part_2*part_4*separation**3/distance), part_0*((1/2)*part_5*(psi_prime_widening_1 +
        psi_prime_widening_2) + part_6*part_9*temperature*(part_7 + (1/2)*part_8)) - part_1*temperature,
        -overlap*part_0*part_6*part_9 + part_1,)
    )


def relaxing_variance(initial_variance: Any, temperature: Any, t: Any) -> Any:
    """Trained variance a time after the temperature came to rest.

    Args:
        initial_variance: common variance of the components where a stretch of time begins.
        temperature: temperature of the loss.
        t: time of the gradient flow.
    """
    return temperature + (initial_variance - temperature)*exp(-t)


def variance_bend(
    distance: Any, separation: Any, variance: Any, temperature: Any, psi_prime_1: Any, psi_prime_2: Any, overlap: Any
) -> Any:
    """D times what the rate of log v in d dimensions has beyond that in large ones.

    Args:
        distance: distance of the two means, or of the two points of a label.
        separation: distance of each mode from the origin, in standard deviations of a mode.
        variance: common variance of the components, or of one coordinate of an initial mean.
        temperature: temperature of the loss.
        psi_prime_1: derivative of psi at m1.
        psi_prime_2: derivative of psi at m2.
        overlap: overlap G(D) of the two components.
    """
    return -distance**2*overlap*temperature/variance**2 + (1/2)*separation**2*(psi_prime_1 + psi_prime_2)


def variance_ceiling(separation: Any, dim: Any, temperature: Any) -> Any:
    """What a trained variance does not exceed at temperatures up to this.

    Args:
        separation: distance of each mode from the origin, in standard deviations of a mode.
        dim: dimension of the samples.
        temperature: temperature of the loss.
    """
    return (1/4)*(sqrt(4*temperature + 2*separation**2/(pi*dim**2)) + sqrt(2)*separation/(sqrt(pi)*dim))**2


def variance_floor(dim: Any, temperature: Any) -> Any:
    """What a trained variance does not fall below at temperatures from this on.

    Args:
        dim: dimension of the samples.
        temperature: temperature of the loss.
    """
    return temperature*(1 - 2*exp(-1)/dim)


def variance_rate(variance: Any, temperature: Any) -> Any:
    """Rate of the trained variance in large dimension, equal weights.

    Args:
        variance: common variance of the components, or of one coordinate of an initial mean.
        temperature: temperature of the loss.
    """
    return temperature - variance
