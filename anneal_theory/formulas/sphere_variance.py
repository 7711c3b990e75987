"""The trained variance (theory section 11).

Written by `python -m derivations`; do not edit.
"""

from typing import Any

from numpy import exp


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
