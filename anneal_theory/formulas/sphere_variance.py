"""The trained variance (theory section 11).

Written by `python -m derivations`; do not edit.
"""

from typing import Any

from numpy import exp


def common_variance_growth(dim: Any, variance: Any, variance_bend: Any, temperature: Any) -> Any:
    """Rate of the logarithm of a common trained variance in any dimension, equal weights.

    Args:
        dim: dimension of the samples.
        variance: common variance of the components, or of one coordinate of an initial mean.
        variance_bend: d times what the rate of log v in d dimensions has beyond that in large ones.
        temperature: temperature of the loss.
    """
    return temperature/variance - 1 + variance_bend/dim


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


def variance_rate(variance: Any, temperature: Any) -> Any:
    """Rate of the trained variance in large dimension, equal weights.

    Args:
        variance: common variance of the components, or of one coordinate of an initial mean.
        temperature: temperature of the loss.
    """
    return temperature - variance
