r"""All pairs at rest on the sphere at a temperature and a variance (theory section 11).

They lie in one plane with the axis (docs/derivations/sphere_rest.md), at angles with
``w1 F(theta_1) + w2 F(theta_2) = 0``, ``F = psi(R^2 cos theta) sin theta``, which is free of the push of the pair. F is
odd and falls into monotone pieces between its extrema; on each pair of pieces one angle gives the other, and the pair
rests where the rest of the flow changes sign.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise, product

import numpy as np
from scipy.optimize import brentq, root

from anneal_theory._types import FloatArray
from anneal_theory.averages.quadrature_double import log_cosh_mean
from anneal_theory.fixed_points.information import label_information
from anneal_theory.fixed_points.pair import FixedPoint
from anneal_theory.fixed_points.sphere_flow import FrozenSphere
from anneal_theory.formulas.fixed_points import divergence
from anneal_theory.formulas.sphere_flow import cosine_of_difference, label_width, scaled_distance, sphere_overlaps
from anneal_theory.formulas.sphere_rest import plane_places, rest_pull, rest_pull_slope, width_divergence
from anneal_theory.problem import BimodalTarget

_HALF = Fraction(1, 2)
_EDGE = np.geomspace(1e-13, 1e-3, 121)
_SHARES = np.concatenate([_EDGE, np.linspace(1e-3, 1 - 1e-3, 801)[1:-1], 1 - _EDGE[::-1]])  # of a piece
_LOOKS = np.linspace(1e-9, math.pi - 1e-9, 2001)  # for extrema of F
_SAME = 1e-7  # angle below which two pairs at rest are one
_LEAST = 1e-11  # of T/v - |psi| at a mode: the means of a pair there are some 1e-6 apart
_SETTLED = 1e-10  # what the rates of a pair at rest may be, in units of the largest pull


@dataclass(frozen=True, repr=False)
class SphereFixedPoint(FixedPoint):
    """A pair at rest on the sphere.

    Attributes:
        pair_overlap: s = mu_1 . mu_2/R^2.
        variance: v of both components.
    """

    pair_overlap: float
    variance: float

    def told(self) -> dict[str, object]:
        """Kind, overlaps and loss, the pair's cosine and variance."""
        return super().told() | {"pair overlap": self.pair_overlap, "variance": self.variance}

    def loss_in(self, dim: int) -> float:
        """KL(q || p) at T = 1 in so many dimensions: `loss`, and what a variance other than 1 costs in each of them.

        Example:
            >>> round(SphereFixedPoint(9.0, -9.0, True, False, 0.1, -1.0, 2.0).loss_in(10), 6)
            1.634264
        """
        return self.loss + float(width_divergence(dim, self.variance))


def sphere_rests(
    target: BimodalTarget, temperature: float, variance: float, family_weight: Fraction = _HALF
) -> list[SphereFixedPoint]:
    """All pairs at rest but coincident ones, attractors or not.

    Of equal weights a pair is given once, with m1 >= m2. Source: theory section 11; docs/derivations/sphere_rest.md.
    """
    flow = FrozenSphere(target, temperature, variance, family_weight)
    points: list[SphereFixedPoint] = []
    for angles in ((0.0, math.pi), (math.pi, 0.0), *_crossings(flow), *_beside_modes(flow)):
        point = _point(flow, *angles)
        if not any(_alike(point, other) for other in points):
            points.append(point)
    return _sorted(points)


def _sorted(points: list[SphereFixedPoint]) -> list[SphereFixedPoint]:
    return sorted(points, key=lambda p: (-(p.m1 + p.m2), -p.m1))


def sphere_attractors(
    target: BimodalTarget, temperature: float, variance: float, family_weight: Fraction = _HALF
) -> tuple[SphereFixedPoint, ...]:
    """The stable ones of `sphere_rests`, and pairs at a mode that are so close that doubles hold them as coincident.

    The means of a pair at a mode are pushed apart while (T/v) G(D)/(w1 w2) is above |psi| there, and for equal weights
    4 G(D) is about 1 - D^2/4: where T/v - |psi| is below 1e-11 they rest within 1e-5 of each other, and the mode is
    their place to ten digits.
    """
    flow, square = FrozenSphere(target, temperature, variance, family_weight), target.separation**2
    stable = [point for point in sphere_rests(target, temperature, variance, family_weight) if point.stable]
    for side, label in zip((1.0, -1.0), flow.label(square * np.array([1.0, -1.0])), strict=True):
        listed = any(point.collapsed and side * point.m2 > 0 for point in stable)
        if side * label > 0 and temperature / variance - abs(label) < _LEAST and not listed:
            loss = _loss(flow, (side * square, side * square), 0.0)
            stable.append(SphereFixedPoint(side * square, side * square, True, True, loss, 1.0, variance))
    return tuple(_sorted(stable))


def cosine_of(target: BimodalTarget, point: SphereFixedPoint) -> float:
    """x of a pair at rest: the cosine of the angle between mu_1 - mu_2 and the axis."""
    *_, distance = sphere_overlaps(0.0, 0.0, point.pair_overlap, target.separation)
    return float(cosine_of_difference(point.m1, point.m2, distance, target.separation))


def _crossings(flow: FrozenSphere) -> Iterator[tuple[float, float]]:
    """Angles of pairs at rest."""
    edges, odds = monotone_pieces(flow), float(flow.family_weight / (1 - flow.family_weight))
    mirrored = [(-high, -low) for low, high in edges]
    for first, second in product(edges, [*edges, *mirrored]):
        first_angles = first[0] + (first[1] - first[0]) * _SHARES
        scanned = second[0] + (second[1] - second[0]) * _SHARES
        strengths = pulls(flow, scanned)
        order = slice(None, None, 1 if strengths[-1] > strengths[0] else -1)
        second_angles = np.interp(
            -odds * pulls(flow, first_angles), strengths[order], scanned[order], left=math.nan, right=math.nan
        )
        rates, _ = flow.turning(first_angles, np.where(np.isnan(second_angles), 0.0, second_angles))
        rates = np.where(np.isnan(second_angles), math.nan, rates)
        for k in np.flatnonzero(rates[1:] * rates[:-1] < 0):
            share = rates[k] / (rates[k] - rates[k + 1])
            guess = (angles[k] + share * (angles[k + 1] - angles[k]) for angles in (first_angles, second_angles))
            polished = _polished(flow, np.array(list(guess)))
            if polished is not None:
                yield polished


def _beside_modes(flow: FrozenSphere) -> Iterator[tuple[float, float]]:
    """Angles of pairs with one mean at a mode and the other where psi vanishes.

    Far modes leave so little push that the first is off its mode by less than any share of a piece that is looked at.
    """
    neutral = -flow.target.half_log_odds / flow.target.separation**2
    if abs(neutral) < 1:
        for mode, order in product((0.0, math.pi), (1, -1)):
            polished = _polished(flow, np.array([mode, math.acos(neutral)])[::order])
            if polished is not None:
                yield polished


def _polished(flow: FrozenSphere, angles: FloatArray) -> tuple[float, float] | None:
    """The pair at rest next to a guess, unless its means coincide."""

    def rates(both: FloatArray) -> FloatArray:
        return np.concatenate(flow.turning(both[:1], both[1:]))

    solution = root(rates, angles, tol=1e-15).x
    if np.abs(rates(solution)).max() > _SETTLED or abs(math.sin((solution[0] - solution[1]) / 2)) < _SAME:
        return None
    return float(solution[0]), float(solution[1])


def monotone_pieces(flow: FrozenSphere) -> list[tuple[float, float]]:
    """Intervals of [0, pi] on which F is monotone."""
    radius = flow.target.separation

    def bend(angle: FloatArray) -> FloatArray:
        m, _, _ = plane_places(angle, angle, radius)
        return np.asarray(rest_pull_slope(angle, radius, flow.label(m), flow.label_slope(m)))

    values = bend(_LOOKS)
    turns = np.flatnonzero(values[1:] * values[:-1] < 0)
    inner = [float(brentq(lambda a: float(bend(np.array([a]))[0]), _LOOKS[k], _LOOKS[k + 1])) for k in turns]
    return list(pairwise([0.0, *inner, math.pi]))


def pulls(flow: FrozenSphere, angles: FloatArray) -> FloatArray:
    """F."""
    m, _, _ = plane_places(angles, angles, flow.target.separation)
    return np.asarray(rest_pull(angles, flow.label(m)))


def _point(flow: FrozenSphere, first: float, second: float) -> SphereFixedPoint:
    """The facts of a pair at rest."""
    places, equal = plane_places(first, second, flow.target.separation), flow.family_weight == _HALF
    m1, m2, distance = map(float, places)
    if equal:  # the names of the components mean nothing
        m1, m2 = max(m1, m2), min(m1, m2)
    if equal and m1 - m2 < _SAME * flow.target.separation**2:
        m1 = m2 = (m1 + m2) / 2
    cosine, collapsed = math.cos(first - second), min(m1, m2) > 0 or max(m1, m2) < 0
    loss, stable = _loss(flow, (m1, m2), distance), flow.return_rate(m1, m2, cosine) > 0
    return SphereFixedPoint(m1, m2, stable, collapsed, loss, cosine, flow.variance)


def away_from_target(flow: FrozenSphere, m1: FloatArray, m2: FloatArray) -> FloatArray:
    """KL(q || p) at T = 1 of pairs with these overlaps, but for their information and what the variance costs."""
    target, share = flow.target, float(flow.family_weight)
    width, square = float(label_width(target.separation, flow.variance)), target.separation**2
    phi_1, phi_2 = (log_cosh_mean(np.abs(m + target.half_log_odds), width) for m in (m1, m2))
    weight = float(min(target.exact_weight, 1 - target.exact_weight))
    return np.asarray(divergence(square, square, target.separation, weight, share, phi_1, phi_2, 0.0))


def _loss(flow: FrozenSphere, overlaps: tuple[float, float], distance: float) -> float:
    """KL(q || p) at T = 1, but for what the variance costs in each dimension; of variance 1 not below 0 by rounding."""
    information = label_information(float(scaled_distance(distance, flow.variance)), float(flow.family_weight))
    m1, m2 = np.array(overlaps).reshape(2, 1)
    loss = float(away_from_target(flow, m1, m2)[0]) - information
    return max(loss, 0.0) if flow.variance == 1 else loss


def _alike(point: SphereFixedPoint, other: SphereFixedPoint) -> bool:
    gaps = point.m1 - other.m1, point.m2 - other.m2
    return max(map(abs, gaps)) < 1e-6 * abs(point.m1 - point.m2) + 1e-9 * (abs(point.m1) + abs(point.m2)) and (
        abs(point.pair_overlap - other.pair_overlap) < 1e-9
    )
