"""The overlap G and the information of a label (theory section 2).

Written by `python -m derivations`; do not edit.
"""

from typing import Any

from numpy import exp, expm1, pi, sqrt


def explained_density(distance: Any, share: Any, y: Any) -> Any:
    """Integrand of the explained share over y > 0.

    Args:
        distance: distance of the two means, or of the two points of a label.
        share: share of the first point of a two-point label.
        y: an observation of the label.
    """
    part_0 = 1 - share
    part_1 = -distance*y
    part_2 = exp(part_1)
    return (
        (1/2)*sqrt(2)*part_0*share*((1/(part_2*share - share + 1)) + (1/(part_0*part_2 +
        share)))*exp(-1/2*(-1/2*distance + y)**2)*expm1(part_1)**2/sqrt(pi)
    )


def explained_share(overlap: Any, label_variance: Any) -> Any:
    """Share of a label's variance that is explained.

    Args:
        overlap: overlap G(D) of the two components.
        label_variance: variance w (1 - w) of a two-point label.
    """
    return 1 - overlap/label_variance


def information_by_distance(distance: Any, overlap: Any) -> Any:
    """Slope of the information in the distance.

    Args:
        distance: distance of the two means, or of the two points of a label.
        overlap: overlap G(D) of the two components.
    """
    return distance*overlap


def overlap_small(distance: Any, label_variance: Any) -> Any:
    """Taylor polynomial of G to order D^8 at small distance.

    Args:
        distance: distance of the two means, or of the two points of a label.
        label_variance: variance w (1 - w) of a two-point label.
    """
    part_0 = distance**2
    part_1 = label_variance**2
    return (
        label_variance + (part_0*(part_0*(part_0*(part_0*part_1*(label_variance*(label_variance*(2520*label_variance -
        900) + 78) - 1) + part_1*(label_variance*(96 - 360*label_variance) - 4)) + part_1*(72*label_variance - 12)) -
        24*part_1))/24
    )
