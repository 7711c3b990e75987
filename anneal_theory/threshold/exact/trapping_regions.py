r"""Boxes that no run leaves: when a pair is certain to stay collapsed at one mode.

Let f(m) = R^2 psi(m) - m and take the box ``m1, m2 >= a``, ``D <= b`` round the heavy mode. While the temperature
stays at or below M, a run cannot leave it (clock of theory section 4, natural metric or equal weights) if

    f(a) >= M (R / min(w)) max_{D <= b} D G(D)           (an overlap at a is pushed up), and
    M G(b) / (w1 w2) - 1 + R^2 psi'(a) <= 0              (the distance at b shrinks),

because dm_i/dtau = f(m_i) + (T G / w_i)(m_i - m_j) with ``|m_i - m_j| <= R D``, and because d log D/dtau =
T G/(w1 w2) - 1 + cos^2 K, where K is R^2 times the mean of psi' between the overlaps and psi' falls beyond its
peak at m = -h <= a. With a > 0 both overlaps keep one sign, which is what collapse means. The light mode is the same
box of the mirrored target.

Source: theory sections 3 and 4; docs/derivations/trapping.md.
"""

from functools import lru_cache

import numpy as np

from anneal_theory._types import FloatArray
from anneal_theory.averages import mmse, psi_prime
from anneal_theory.fixed_points.single import drift
from anneal_theory.formulas.fixed_points import single_drift_slope
from anneal_theory.formulas.trapping import distance_ceiling, overlap_ceiling
from anneal_theory.problem import BimodalTarget, Dynamics

_POINTS = 400
_SAFETY = 1e-9  # the scan over D sees its maximum to 1e-5 of its width; f has margins far above this
# Shares of the highest temperature that still has a box. A box for a lower temperature is larger.
_SHARES = (0.98, 0.7, 0.4, 0.15, 0.03, 0.0)


@lru_cache(maxsize=64)
def trapping_boxes(target: BimodalTarget, dynamics: Dynamics) -> FloatArray:
    """Rows (side, a, b, M) of boxes: side +1 for the heavy end (both overlaps >= a), -1 for the light one.

    Shape (boxes, 4); empty where no box exists (close to the saddle-node) or the dynamics are not reducible.
    """
    rows: list[tuple[float, float, float, float]] = []
    if dynamics.reducible:
        rows += [(1.0, a, b, top) for a, b, top in _one_side(target, dynamics.family_weight)]
        rows += [(-1.0, -a, b, top) for a, b, top in _one_side(target.reflected, dynamics.family_weight)]
    return np.array(rows).reshape(-1, 4)


def _one_side(target: BimodalTarget, family_weight: float) -> list[tuple[float, float, float]]:
    radius = target.separation
    shares = np.linspace(0.0, 1.0, _POINTS + 2)[1:-1]
    edges = -target.half_log_odds + shares * (radius**2 + 2 * abs(target.half_log_odds) + radius)
    drifts, primes = drift(edges, target), np.asarray(psi_prime(edges, target))
    inside = (edges > 0) & (drifts > 0) & (single_drift_slope(radius, primes) < 0)
    edges, drifts, primes = edges[inside], drifts[inside], primes[inside]
    if not edges.size:
        return []
    widths = np.geomspace(1e-3, 12.0, _POINTS)
    overlap = np.asarray(mmse(widths, family_weight))
    # The largest M for each (a, b): the push has to be outweighed at all distances up to b.
    lighter = min(family_weight, 1.0 - family_weight)
    held = overlap_ceiling(widths, radius, lighter, overlap, drifts[:, None])
    shrinks = distance_ceiling(radius, family_weight, primes[:, None], overlap)
    tops = np.minimum(np.minimum.accumulate(held, axis=1), shrinks) * (1.0 - _SAFETY)
    if tops.max() <= 1.0:
        return []
    boxes = []
    for share in _SHARES:
        level = 1.0 + share * (tops.max() - 1.0)
        allowed = tops >= level
        size = np.where(allowed, widths[None, :] * (edges.max() + 1.0 - edges[:, None]), -1.0)
        a, b = np.unravel_index(int(np.argmax(size)), size.shape)
        boxes.append((float(edges[a]), float(widths[b]), float(tops[a, b])))
    return sorted(set(boxes), reverse=True)
