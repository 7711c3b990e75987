r"""Where two means on the sphere stay collapsed: sides of the axis that neither leaves again (theory section 11).

While both overlaps are at least a > 0 and T is at most the `sphere_trapping_ceiling` at a, at the worst cosine of the
pair and for the lighter component, neither falls below a: both keep the sign that collapse means.

Variances of unequal weights are trained apart: the pull is then taken at the worst variance, and the push at the worst
mean of two. Once T is 1 these stay within a distance of (1, 1), `variances_that_stay`. A common variance that is
trained in d dimensions goes on to 1 but for a part of order 1/d, which depends on the pair: a side is one where, of all
pairs on it, none drives log v out of its band (`_kept_in_band`).
"""

import math
from functools import lru_cache

import numpy as np

from anneal_theory._types import BoolArray, FloatArray
from anneal_theory.averages import mmse
from anneal_theory.averages.quadrature_double import label_mean, label_slope
from anneal_theory.errors import DomainError
from anneal_theory.fixed_points.sphere_rests import sphere_attractors
from anneal_theory.formulas.sphere_flow import label_width, scaled_distance, sphere_overlaps, sphere_trapping_ceiling
from anneal_theory.formulas.sphere_means import label_distance, variance_return
from anneal_theory.formulas.sphere_rest import plane_places
from anneal_theory.formulas.sphere_variance import common_variance_growth, variance_bend
from anneal_theory.problem import BimodalTarget

BAND = 0.05  # of log v
_BANDS = (BAND, 0.1, 0.2, 0.4)  # of two, the first that keeps them is taken
_ROUND = np.linspace(0.0, 2.0 * math.pi, 721)
_EDGES = np.linspace(0.02, 0.98, 49)  # of R^2
_COSINES = np.cos(np.linspace(1e-3, math.pi - 1e-3, 2001))
_SAFETY = 1e-4  # the scan, 1.6e-3 apart in the angle, misses a smooth minimum by some 1e-6 of it
_PLACE = 0.01  # to which the least separation is found
_NEAR = np.linspace(0.0, 1.0, 257)  # of the largest distance of a pair on a side
_SPARE = 1e-3  # the scan of distances, 1/256 apart, misses a smooth minimum by some 1e-5 of it
_APART = 0.025  # of log v, between variances at which a side is looked at: a minimum is lower by some 1e-5 of it


def sphere_sides(target: BimodalTarget, band: float, family_weight: float = 0.5) -> FloatArray:
    """Trapping sides of both modes.

    Args:
        target: Separation and weight.
        band: They hold at all variances whose logarithm is at most this in size.
        family_weight: w1.

    Returns:
        Rows (side, a, T), those that hold at T = 1 or above.

    Raises:
        DomainError: pairs may rest at a mode that has none; with the least separation beyond that is treated.
    """
    if _treated(target, band, family_weight):
        return _sides(target, band, family_weight)
    low = high = target.separation
    while not _treated(BimodalTarget(high, target.exact_weight), band, family_weight):
        low, high = high, 2 * high
    while high - low > _PLACE * high:
        middle = 0.5 * (low + high)
        kept = _treated(BimodalTarget(middle, target.exact_weight), band, family_weight)
        low, high = (low, middle) if kept else (middle, high)
    least = f"at least {math.ceil(high / _PLACE) * _PLACE:.4g}, where it is sure which pairs stay together at T = 1"
    raise DomainError.of("separation", least, target.separation, "enlarge it, or take a weight nearer to 1/2")


def trained_sides(target: BimodalTarget, dim: float) -> tuple[FloatArray, float]:
    """Trapping sides of both modes where a common variance is trained, and the band of log v for which they hold.

    Args:
        target: Separation and weight.
        dim: d, inf for the law of the variance in large dimension.

    Returns:
        Rows (side, a, T) as of `sphere_sides`, on which log v stays within the band once T is 1; and the band.

    Raises:
        DomainError: there are none for this separation, or in so few dimensions.

    Example:
        >>> sides, band = trained_sides(BimodalTarget(3, 0.8), 3)
        >>> sorted(set(sides[:, 0].tolist())), band
        ([-1.0, 1.0], 0.1)
    """
    for band in _BANDS:
        if _treated(target, band, 0.5, dim):
            return _sides(target, band, 0.5, dim), band
    sphere_sides(target, BAND)  # refuses the separation, which no dimension would change
    least = 2 * dim
    while not any(_treated(target, band, 0.5, least) for band in _BANDS):
        least *= 2
    need = f"larger, as {least:g}, where a variance is trained at this separation: it is sure there that it ends near 1"
    step = 'enlarge the separation, or use variance_law="large-dim" or train_mixture'
    raise DomainError.of("dim", need, dim, step)


def variances_that_stay(target: BimodalTarget, family_weight: float, dim: int) -> tuple[float, float]:
    """A distance of (v1, v2) from (1, 1) that does not grow while T = 1, and the band of log v that it lies in.

    On the circle around (1, 1) of that radius the rate of the distance is not positive where the means are one, and
    farther means push their variances apart less.

    Args:
        target: For what is said where there is none: whether more dimensions would do.
        family_weight: w1.
        dim: d.

    Raises:
        DomainError: none is known to be kept: the label drives variances of a few dimensions apart.

    Example:
        >>> radius, band = variances_that_stay(BimodalTarget(3, 0.8), 0.6, 128)
        >>> round(radius, 4), band
        (0.0488, 0.05)
    """
    for band in _BANDS:
        if keeps(family_weight, dim, radius_of(band)):
            return radius_of(band), band
    bands = [band for band in _BANDS if _treated(target, band, family_weight)]
    if not bands:
        sphere_sides(target, BAND, family_weight)  # refuses the separation, which no dimension would change
    least = dim
    while not any(keeps(family_weight, least, radius_of(band)) for band in bands):
        least *= 2
    need = f"larger, as {least}, where variances of these weights are trained: it is sure there that they end at 1"
    raise DomainError.of(
        "dim", need, dim, 'use variance="follows-temperature", or train_mixture, or weights nearer to 1/2'
    )


def radius_of(band: float) -> float:
    """The radius of a circle around (1, 1) whose logarithms are within a band."""
    return -math.expm1(-band)


def keeps(family_weight: float, dim: int, radius: float) -> bool:
    """Whether variances stay within this distance of 1 once T is 1, as far as their push apart tells."""
    return slowest_return(family_weight, dim, radius) <= 0.0


def slowest_return(family_weight: float, dim: int, radius: float) -> float:
    """The largest of the rates `variance_return` on the circle of this radius, where the means are one."""
    first, second = 1.0 + radius * np.cos(_ROUND), 1.0 + radius * np.sin(_ROUND)
    overlap = np.asarray(mmse(label_distance(0.0, dim, first, second), family_weight))
    away = variance_return(family_weight=family_weight, variance_1=first, variance_2=second, overlap=overlap)
    return float(np.max(away))


def _treated(target: BimodalTarget, band: float, family_weight: float, dim: float = math.inf) -> bool:
    """Whether every mode at which a pair may come to rest at T = 1 has a trapping side.

    Beside a heavy mode the light one holds no pair at small separations: its attractor is looked for, with all others,
    among the pairs at rest, numerically. Below R = 1 the target has one mode, and where |h| >= R^2 no overlap is beyond
    the zero of psi, which a split pair is known by.
    """
    if target.separation <= 1 or abs(target.half_log_odds) >= target.separation**2:
        return False
    sides = set(_sides(target, band, family_weight, dim)[:, 0].tolist())
    if len(sides) != 1 or family_weight != 0.5:
        return len(sides) == 2
    ends = sphere_attractors(target, 1.0, 1.0)
    held = {math.copysign(1.0, point.m1 + point.m2) for point in ends if point.collapsed}
    return held == sides and any(not point.collapsed for point in ends)


@lru_cache(maxsize=256)
def _sides(target: BimodalTarget, band: float, family_weight: float, dim: float = math.inf) -> FloatArray:
    if dim < math.inf:
        rows = _sides(target, band, family_weight)
        return np.asarray(rows[_kept_in_band(target, band, dim, rows)])
    variances = np.exp(np.linspace(-band, band, 2 * round(band / _APART) + 1))
    lighter = min(family_weight, 1.0 - family_weight)
    apart = sphere_overlaps(0.0, 0.0, _COSINES, target.separation)[2]
    labels = [np.asarray(mmse(scaled_distance(apart, variance), lighter)) for variance in variances]
    sides = (target, 1.0), (target.reflected, -1.0)
    return np.concatenate([_side(*one, variances, labels, family_weight) for one in sides])


def _kept_in_band(target: BimodalTarget, band: float, dim: float, rows: FloatArray) -> BoolArray:
    """On which of the sides no pair drives the logarithm of its trained variance out of the band, while T = 1.

    At the upper end the push can only help, and psi' is largest at the edge; at the lower one psi' can only help, and
    two means beyond the edge are no farther apart than the chord across the axis there.
    """
    radius, edges, upper, lower = target.separation, np.abs(rows[:, 1]), math.exp(band), math.exp(-band)
    places = edges + np.sign(rows[:, 0]) * target.half_log_odds
    pull = label_slope(np.abs(places), float(label_width(radius, upper)))
    highest = variance_bend(0.0, radius, upper, 1.0, pull, pull, 0.0)
    falls = common_variance_growth(dim, upper, highest * (1.0 + _SAFETY), 1.0) <= 0.0
    angles = np.arccos(np.minimum(edges / radius**2, 1.0))
    widest = plane_places(angles, -angles, radius)[2]
    distances = widest[:, None] * _NEAR
    labels = np.asarray(mmse(scaled_distance(distances, lower)))
    lowest = variance_bend(distances, radius, lower, 1.0, 0.0, 0.0, labels).min(axis=1)
    rises = common_variance_growth(dim, lower, lowest * (1.0 + _SPARE), 1.0) >= 0.0
    return np.asarray((places > 0.0) & falls & rises)


def _side(
    target: BimodalTarget, side: float, variances: FloatArray, labels: list[FloatArray], family_weight: float
) -> FloatArray:
    """Rows (side, a, T) of one mode, only those that hold at T = 1 or above; labels are G at each variance."""
    radius, lighter = target.separation, min(family_weight, 1.0 - family_weight)
    edges = _EDGES * radius**2
    arguments, ceilings = edges + target.half_log_odds, np.full(edges.shape, math.inf)
    means = np.stack([label_mean(np.abs(arguments), float(label_width(radius, variance))) for variance in variances])
    pulls = np.copysign(means, arguments)
    if family_weight != 0.5:  # each component has a variance of its own
        pulls[:] = pulls.min(axis=0)
    for variance, pull, label in zip(variances, pulls, labels, strict=True):
        with np.errstate(over="ignore", divide="ignore"):  # means far apart do not push: the ceiling is infinite there
            held = sphere_trapping_ceiling(edges[:, None], _COSINES, radius, lighter, variance, pull[:, None], label)
        ceilings = np.minimum(ceilings, held.min(axis=1) * (1.0 - _SAFETY))
    rows = np.stack([np.full(edges.shape, side), side * edges, ceilings], axis=1)
    return np.asarray(rows[ceilings >= 1.0])
