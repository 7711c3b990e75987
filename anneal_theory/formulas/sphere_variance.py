"""The trained variance (theory section 11).

Written by `python -m derivations`; do not edit.
"""

from typing import Any

from numpy import exp, expm1


def lagging_variance(t: Any, initial_temperature: Any, cooling_rate: Any) -> Any:
    """Trained variance while the temperature falls exponentially.

    Args:
        t: time of the gradient flow.
        initial_temperature: temperature at the start.
        cooling_rate: rate at which the logarithm of the temperature falls.
    """
    part_0 = cooling_rate - 1
    return initial_temperature*(cooling_rate*expm1(part_0*t)/part_0 + 1)*exp(-cooling_rate*t)


def lagging_variance_even(t: Any, initial_temperature: Any) -> Any:
    """The same where the temperature falls at the rate 1.

    Args:
        t: time of the gradient flow.
        initial_temperature: temperature at the start.
    """
    return initial_temperature*(t + 1)*exp(-t)


def relaxing_variance(initial_variance: Any, temperature: Any, t: Any) -> Any:
    """Trained variance a time after the temperature came to rest.

    Args:
        initial_variance: common variance of the components where a stretch of time begins.
        temperature: temperature of the loss.
        t: time of the gradient flow.
    """
    return temperature + (initial_variance - temperature)*exp(-t)


def variance_rate(variance: Any, temperature: Any) -> Any:
    """Rate of the trained variance in large dimension, equal weights.

    Args:
        variance: common variance of the components, or of one coordinate of an initial mean.
        temperature: temperature of the loss.
    """
    return temperature - variance
