r"""Where two means on the sphere stay collapsed: sides of the axis that neither leaves again (theory section 11).

While both overlaps are at least a > 0 and T is at most the `sphere_trapping_ceiling` at a, at the worst cosine of the
pair and for the lighter component, neither falls below a: both keep the sign that collapse means.
"""

import math
from functools import lru_cache

import numpy as np

from anneal_theory._types import FloatArray
from anneal_theory.averages import mmse
from anneal_theory.averages.label_sums import label_mean
from anneal_theory.errors import DomainError
from anneal_theory.fixed_points.sphere_rests import sphere_attractors
from anneal_theory.formulas.sphere_flow import label_width, scaled_distance, sphere_overlaps, sphere_trapping_ceiling
from anneal_theory.problem import BimodalTarget

BAND = 0.05  # of log v
_EDGES = np.linspace(0.02, 0.98, 49)  # of R^2
_COSINES = np.cos(np.linspace(1e-3, math.pi - 1e-3, 2001))
_SAFETY = 1e-4  # the scan, 1.6e-3 apart in the angle, misses a smooth minimum by some 1e-6 of it
_PLACE = 0.01  # to which the least separation is told
_VARIANCES = np.exp(np.linspace(-BAND, BAND, 5))  # 2.5 % apart: between them a minimum is lower by some 1e-5 of it


def sphere_sides(target: BimodalTarget, band: float, family_weight: float = 0.5) -> FloatArray:
    """Trapping sides of both modes.

    Args:
        target: Separation and weight.
        band: They hold at all variances whose logarithm is at most this in size, 0 or `BAND`.
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


def _treated(target: BimodalTarget, band: float, family_weight: float) -> bool:
    """Whether every mode at which a pair may come to rest at T = 1 has a trapping side.

    Beside a heavy mode the light one holds no pair at small separations: its attractor is looked for, with all others,
    among the pairs at rest, numerically. Below R = 1 the target has one mode.
    """
    if target.separation <= 1:
        return False
    sides = set(_sides(target, band, family_weight)[:, 0].tolist())
    if len(sides) != 1 or family_weight != 0.5:
        return len(sides) == 2
    ends = sphere_attractors(target, 1.0, 1.0)
    held = {math.copysign(1.0, point.m1 + point.m2) for point in ends if point.collapsed}
    return held == sides and any(not point.collapsed for point in ends)


@lru_cache(maxsize=64)
def _sides(target: BimodalTarget, band: float, family_weight: float) -> FloatArray:
    variances, lighter = _VARIANCES if band else np.ones(1), min(family_weight, 1.0 - family_weight)
    return np.concatenate([
        _side(target, 1.0, variances, lighter), _side(target.reflected, -1.0, variances, lighter),
    ])  # fmt: skip


def _side(target: BimodalTarget, side: float, variances: FloatArray, lighter: float) -> FloatArray:
    """Rows (side, a, T) of one mode, only those that hold at T = 1 or above."""
    radius = target.separation
    edges = _EDGES * radius**2
    ceilings = np.full(edges.shape, math.inf)
    for variance in variances:
        labels = np.asarray(mmse(scaled_distance(sphere_overlaps(0.0, 0.0, _COSINES, radius)[2], variance), lighter))
        places = edges + target.half_log_odds
        pulls = np.copysign(label_mean(np.abs(places), float(label_width(radius, variance))), places)
        with np.errstate(over="ignore", divide="ignore"):  # means far apart do not push: the ceiling is infinite there
            held = sphere_trapping_ceiling(edges[:, None], _COSINES, radius, lighter, variance, pulls[:, None], labels)
        ceilings = np.minimum(ceilings, held.min(axis=1) * (1.0 - _SAFETY))
    rows = np.stack([np.full(edges.shape, side), side * edges, ceilings], axis=1)
    return np.asarray(rows[ceilings >= 1.0])
