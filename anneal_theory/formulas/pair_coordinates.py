"""The coordinates of a pair (theory section 4).

Written by `python -m derivations`; do not edit.
"""

from typing import Any

from numpy import exp, hypot, log, logaddexp, sqrt


def across_coordinates(m1: Any, m2: Any, log_across: Any, separation: Any, family_weight: Any) -> tuple[Any, Any]:
    """S and log rho of two overlaps at a length across the axis.

    Args:
        m1: overlap mu_1 . mu* of the first mean with the target's axis.
        m2: overlap mu_2 . mu* of the second mean with the target's axis.
        log_across: logarithm of the length of mu_1 - mu_2 across the target's axis.
        separation: distance of each mode from the origin, in standard deviations of a mode.
        family_weight: share of the family's first component.
    """
    return (family_weight*m1 + m2*(1 - family_weight), -log_across + log((m1 - m2)/separation),)


def across_products(m1: Any, m2: Any, s11: Any, s12: Any, s22: Any, separation: Any) -> tuple[Any, Any, Any]:
    """Scalar products of the means' parts across the axis.

    Args:
        m1: overlap mu_1 . mu* of the first mean with the target's axis.
        m2: overlap mu_2 . mu* of the second mean with the target's axis.
        s11: squared length of the first mean.
        s12: scalar product of the two means.
        s22: squared length of the second mean.
        separation: distance of each mode from the origin, in standard deviations of a mode.
    """
    part_0 = (1/(separation**2))
    return (-m1**2*part_0 + s11, -m1*m2*part_0 + s12, -m2**2*part_0 + s22,)


def across_squared(m1: Any, m2: Any, distance_square: Any, separation: Any) -> Any:
    """Squared length of the difference across the axis.

    Args:
        m1: overlap mu_1 . mu* of the first mean with the target's axis.
        m2: overlap mu_2 . mu* of the second mean with the target's axis.
        distance_square: squared distance of the two means.
        separation: distance of each mode from the origin, in standard deviations of a mode.
    """
    return distance_square - (m1 - m2)**2/separation**2


def aligned_overlaps(s: Any, delta: Any, family_weight: Any) -> tuple[Any, Any]:
    """Both overlaps from their weighted mean and difference.

    Args:
        s: weighted mean w1 m1 + w2 m2 of the two overlaps.
        delta: difference m1 - m2 of the two overlaps.
        family_weight: share of the family's first component.
    """
    return (delta*(1 - family_weight) + s, -delta*family_weight + s,)


def aligned_squares(m1: Any, m2: Any, separation: Any) -> tuple[Any, Any]:
    """Squared lengths of two means on the axis.

    Args:
        m1: overlap mu_1 . mu* of the first mean with the target's axis.
        m2: overlap mu_2 . mu* of the second mean with the target's axis.
        separation: distance of each mode from the origin, in standard deviations of a mode.
    """
    part_0 = (1/separation)
    return ((m1*part_0)**2, (m2*part_0)**2,)


def angle_across_axis(log_rho: Any) -> tuple[Any, Any, Any]:
    """The same for log rho <= 0.

    Args:
        log_rho: logarithm of rho.
    """
    part_0 = exp(2*log_rho)
    part_1 = part_0 + 1
    part_2 = (1/part_1)
    return (exp(log_rho)/sqrt(part_1), part_0*part_2, part_2,)


def angle_near_axis(log_rho: Any) -> tuple[Any, Any, Any]:
    """Cosine, its square and the squared sine for log rho > 0.

    Args:
        log_rho: logarithm of rho.
    """
    part_0 = exp(-2*log_rho)
    part_1 = part_0 + 1
    part_2 = (1/part_1)
    return (1/sqrt(part_1), part_2, part_0*part_2,)


def axis_cosine(delta: Any, distance: Any, separation: Any) -> Any:
    """Cosine of the angle with the axis, with the sign of delta.

    Args:
        delta: difference m1 - m2 of the two overlaps.
        distance: distance of the two means, or of the two points of a label.
        separation: distance of each mode from the origin, in standard deviations of a mode.
    """
    return delta/(distance*separation)


def centre_overlaps(delta: Any, centre: Any) -> tuple[Any, Any]:
    """Both overlaps from centre and difference.

    Args:
        delta: difference m1 - m2 of the two overlaps.
        centre: overlap (m1 + m2)/2 of the centre of the two means.
    """
    part_0 = (1/2)*delta
    return (centre + part_0, centre - part_0,)


def cotangent_of(delta: Any, perp: Any, separation: Any) -> Any:
    """Cotangent of the angle with the axis, with the sign of delta.

    Args:
        delta: difference m1 - m2 of the two overlaps.
        perp: length of mu_1 - mu_2 across the target's axis.
        separation: distance of each mode from the origin, in standard deviations of a mode.
    """
    return delta/(perp*separation)


def distance_of(delta: Any, perp: Any, separation: Any) -> Any:
    """Distance of a reduced state.

    Args:
        delta: difference m1 - m2 of the two overlaps.
        perp: length of mu_1 - mu_2 across the target's axis.
        separation: distance of each mode from the origin, in standard deviations of a mode.
    """
    return hypot(delta/separation, perp)


def distance_squared(s11: Any, s12: Any, s22: Any) -> Any:
    """Squared distance of the two means.

    Args:
        s11: squared length of the first mean.
        s12: scalar product of the two means.
        s22: squared length of the second mean.
    """
    return s11 - 2*s12 + s22


def from_centre() -> tuple[
    tuple[Any, Any, Any, Any, Any],
    tuple[Any, Any, Any, Any, Any],
    tuple[Any, Any, Any, Any, Any],
    tuple[Any, Any, Any, Any, Any],
    tuple[Any, Any, Any, Any, Any],
]:
    """The matrix back."""
    return (
        ((1.0, 1/2, 0.0, 0.0, 0.0,), (1.0, -1/2, 0.0, 0.0, 0.0,), (0.0, 0.0, 1.0, 1.0, 1/4,), (0.0, 0.0, 1.0, 0.0,
        -1/4,), (0.0, 0.0, 1.0, -1.0, 1/4,),)
    )


def log_cotangent_of(delta: Any, perp: Any, separation: Any) -> Any:
    """Logarithm of the cotangent, of a positive delta.

    Args:
        delta: difference m1 - m2 of the two overlaps.
        perp: length of mu_1 - mu_2 across the target's axis.
        separation: distance of each mode from the origin, in standard deviations of a mode.
    """
    return -log(perp) + log(delta/separation)


def log_stretch(log_rho: Any) -> Any:
    """Logarithm of a pair's distance over its length across the axis.

    Args:
        log_rho: logarithm of rho.
    """
    return (1/2)*logaddexp(0, 2*log_rho)


def pair_of_angle(rho: Any, distance: Any, separation: Any) -> tuple[Any, Any]:
    """A reduced state's difference and length across.

    Args:
        rho: cotangent of the angle between mu_1 - mu_2 and the target's axis.
        distance: distance of the two means, or of the two points of a label.
        separation: distance of each mode from the origin, in standard deviations of a mode.
    """
    part_0 = distance/hypot(1, rho)
    return (part_0*rho*separation, part_0,)


def quarter_squared(m1: Any, m2: Any, across_square: Any, separation: Any) -> Any:
    """Squared half distance of a pair of given length across the axis.

    Args:
        m1: overlap mu_1 . mu* of the first mean with the target's axis.
        m2: overlap mu_2 . mu* of the second mean with the target's axis.
        across_square: squared length of mu_1 - mu_2 across the target's axis.
        separation: distance of each mode from the origin, in standard deviations of a mode.
    """
    return (1/4)*across_square + (1/4)*(m1 - m2)**2/separation**2


def reduced_overlaps(s: Any, cosine: Any, distance: Any, separation: Any, family_weight: Any) -> tuple[Any, Any]:
    """Both overlaps of a reduced state.

    Args:
        s: weighted mean w1 m1 + w2 m2 of the two overlaps.
        cosine: cosine of the angle between mu_1 - mu_2 and the axis, with the sign of m1 - m2.
        distance: distance of the two means, or of the two points of a label.
        separation: distance of each mode from the origin, in standard deviations of a mode.
        family_weight: share of the family's first component.
    """
    part_0 = cosine*distance*separation
    return (part_0*(1 - family_weight) + s, -family_weight*part_0 + s,)


def reduced_to_full(
    s: Any, delta: Any, perp: Any, separation: Any, family_weight: Any
) -> tuple[Any, Any, Any, Any, Any]:
    """The five statistics of a reduced state.

    Args:
        s: weighted mean w1 m1 + w2 m2 of the two overlaps.
        delta: difference m1 - m2 of the two overlaps.
        perp: length of mu_1 - mu_2 across the target's axis.
        separation: distance of each mode from the origin, in standard deviations of a mode.
        family_weight: share of the family's first component.
    """
    part_0 = 1 - family_weight
    part_1 = delta*part_0 + s
    part_2 = -delta*family_weight + s
    part_3 = perp**2
    part_4 = (1/(separation**2))
    return (
        (part_1, part_2, part_0**2*part_3 + part_1**2*part_4, -family_weight*part_0*part_3 + part_1*part_2*part_4,
        family_weight**2*part_3 + part_2**2*part_4,)
    )


def run_places(
    s: Any, log_rho: Any, log_distance: Any, side: Any, separation: Any, family_weight: Any
) -> tuple[Any, Any, Any, Any]:
    """Both overlaps, their difference and the length across the axis in a run.

    Args:
        s: weighted mean w1 m1 + w2 m2 of the two overlaps.
        log_rho: logarithm of rho.
        log_distance: logarithm of the distance of the means.
        side: sign of m1 - m2: 1 or -1.
        separation: distance of each mode from the origin, in standard deviations of a mode.
        family_weight: share of the family's first component.
    """
    part_0 = 2*log_rho
    part_1 = separation*side*exp(log_distance - 1/2*logaddexp(0, -part_0))
    return (
        (part_1*(1 - family_weight) + s, -family_weight*part_1 + s, part_1, exp(log_distance - 1/2*logaddexp(0,
        part_0)),)
    )


def run_start(log_rho: Any, log_distance: Any, side: Any, centre: Any, separation: Any, family_weight: Any) -> Any:
    """Weighted mean overlap of a start of given centre.

    Args:
        log_rho: logarithm of rho.
        log_distance: logarithm of the distance of the means.
        side: sign of m1 - m2: 1 or -1.
        centre: overlap (m1 + m2)/2 of the centre of the two means.
        separation: distance of each mode from the origin, in standard deviations of a mode.
        family_weight: share of the family's first component.
    """
    return centre + separation*side*(family_weight - 1/2)*exp(log_distance - 1/2*logaddexp(0, -2*log_rho))


def sum_squared(s11: Any, s12: Any, s22: Any) -> Any:
    """Squared length of the sum of the two means.

    Args:
        s11: squared length of the first mean.
        s12: scalar product of the two means.
        s22: squared length of the second mean.
    """
    return s11 + 2*s12 + s22


def to_centre() -> tuple[
    tuple[Any, Any, Any, Any, Any],
    tuple[Any, Any, Any, Any, Any],
    tuple[Any, Any, Any, Any, Any],
    tuple[Any, Any, Any, Any, Any],
    tuple[Any, Any, Any, Any, Any],
]:
    """The matrix from the five to centre and difference."""
    return (
        ((1/2, 1/2, 0.0, 0.0, 0.0,), (1.0, -1.0, 0.0, 0.0, 0.0,), (0.0, 0.0, 1/4, 1/2, 1/4,), (0.0, 0.0, 1/2, 0.0,
        -1/2,), (0.0, 0.0, 1.0, -2.0, 1.0,),)
    )


def weighted_mean(m1: Any, m2: Any, family_weight: Any) -> Any:
    """Weighted mean of the two overlaps.

    Args:
        m1: overlap mu_1 . mu* of the first mean with the target's axis.
        m2: overlap mu_2 . mu* of the second mean with the target's axis.
        family_weight: share of the family's first component.
    """
    return family_weight*m1 + m2*(1 - family_weight)
