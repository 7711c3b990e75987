"""The gradient of the loss (theory section 3).

Written by `python -m derivations`; do not edit.
"""

from typing import Any


def logit_gradient(component_weight: Any, component_loss: Any, mean_loss: Any) -> Any:
    """Slope of L in a_i.

    Args:
        component_weight: share of the component whose mean moves.
        component_loss: mean of log q - beta log p under component i.
        mean_loss: weighted mean of the component losses.
    """
    return component_weight*(component_loss - mean_loss)


def mean_pull(component_weight: Any, variance: Any, beta: Any, same: Any, own_share: Any) -> Any:
    """Coefficient of mean j in -grad L of mean i.

    Args:
        component_weight: share of the component whose mean moves.
        variance: common variance of the components, or of one coordinate of an initial mean.
        beta: inverse temperature.
        same: 1 for the moving component itself, else 0.
        own_share: mean responsibility in q of component j under component i.
    """
    return -component_weight*(beta*same + (own_share - same)/variance)


def mode_pull(component_weight: Any, beta: Any, mode_share: Any) -> Any:
    """Coefficient of mode k in -grad L of mean i.

    Args:
        component_weight: share of the component whose mean moves.
        beta: inverse temperature.
        mode_share: mean responsibility in p of mode k under component i.
    """
    return beta*component_weight*mode_share


def variance_slope(dim: Any, variance: Any, beta: Any, own_spread: Any, mode_spread: Any) -> Any:
    """Component i's part of the slope of L in v, before its weight.

    Args:
        dim: dimension of the samples.
        variance: common variance of the components, or of one coordinate of an initial mean.
        beta: inverse temperature.
        own_spread: mean under component i of the spread of the means, weighted by r.
        mode_spread: mean under component i of the spread of the modes, weighted by r*.
    """
    return -1/2*beta*(-dim + mode_spread) - 1/2*dim/variance + (1/2)*own_spread/variance**2
