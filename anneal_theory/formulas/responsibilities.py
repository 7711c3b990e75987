"""The averages of the gradient (theory section 3).

Written by `python -m derivations`; do not edit.
"""

from typing import Any

from numpy import log, pi, sqrt


def component_loss(dim: Any, variance: Any, beta: Any, own_log_sum: Any, mode_log_sum: Any) -> Any:
    """Mean of log q - beta log p under component i.

    Args:
        dim: dimension of the samples.
        variance: common variance of the components, or of one coordinate of an initial mean.
        beta: inverse temperature.
        own_log_sum: mean under component i of the logarithm of the softmax sum of q.
        mode_log_sum: mean under component i of the logarithm of the softmax sum of p.
    """
    part_0 = 2*pi
    part_1 = (1/2)*dim
    return -beta*(mode_log_sum - part_1*(variance + log(part_0))) + own_log_sum - part_1*(log(part_0*variance) + 1)


def softmax_offset(distance_square: Any, component_weight: Any, density_variance: Any) -> Any:
    """Logarithm of a component at the mean of another, up to a constant.

    Args:
        distance_square: squared distance of the two means.
        component_weight: share of the component whose mean moves.
        density_variance: variance of a component of a density that is averaged over another one.
    """
    return log(component_weight) - 1/2*distance_square/density_variance


def softmax_reach(variance: Any, density_variance: Any) -> Any:
    """Slope of that logarithm in z, for each unit of the centre.

    Args:
        variance: common variance of the components, or of one coordinate of an initial mean.
        density_variance: variance of a component of a density that is averaged over another one.
    """
    return sqrt(variance)/density_variance


def spread_part(distance_square: Any, share_product: Any) -> Any:
    """What two points add to the spread, by their distance.

    Args:
        distance_square: squared distance of the two means.
        share_product: product of the responsibilities of two components, or its mean.
    """
    return (1/2)*distance_square*share_product
