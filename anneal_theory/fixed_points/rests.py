r"""All aligned fixed points at a temperature, with their digits kept where f or the temperature is a small difference.

On a branch (module `pair`) both overlaps are measured from zeros of f: ``m1 = s + y`` beyond the heavy zero s, and
``m2 = a + x`` from a zero a of f. So ``f(a + x) = -x (1 - Kbar)``, with Kbar the mean of R^2 psi' over the way, has no
cancellation however small x is. A pair rests at temperature T where

    surplus = 1 - K - T G(D)/(w1 w2) = 0,     1 - K = f(m2)/(w1 (m1 - m2)) = (f(m2) - f(m1))/(m1 - m2),

and near coincidence, where both parts tend to 1, it is ``(1 - G/(w1 w2)) - K - (T - 1) G/(w1 w2)`` of small parts. The
distances looked at begin at 1e-160 of a stretch; where the surplus is positive even there, G or kappa* has underflown,
and the pair rests at the zeros themselves to all digits of a double.
"""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

import numpy as np
from scipy.optimize import brentq

from anneal_theory._types import FloatArray
from anneal_theory.averages import mmse, psi
from anneal_theory.averages.double import psi_prime_by_rows
from anneal_theory.averages.explained import explained_share
from anneal_theory.errors import DomainError
from anneal_theory.fixed_points.landscape import landscape_of
from anneal_theory.fixed_points.pair import FixedPoint, pair_loss
from anneal_theory.fixed_points.single import drift_slope
from anneal_theory.formulas.alignment import alignment_rate
from anneal_theory.formulas.fixed_points import (
    close_rest_surplus,
    drift_from_zero,
    partner_drift,
    rest_surplus,
    single_drift_slope,
)
from anneal_theory.formulas.growth_rate import coincident_growth
from anneal_theory.problem import BimodalTarget

_EPS = float(np.finfo(np.float64).eps)
_LARGEST = Fraction(10) ** 100
_SHARES = np.concatenate(
    [np.geomspace(1e-160, 1e-13, 300)[:-1], np.geomspace(1e-13, 1e-2, 120)[:-1], np.linspace(0.01, 1.0, 240)]
)
# (reach in units of max(1, R), panels, nodes): psi' has its poles at least pi/2 from the line, so n nodes on a way of
# half-length h leave less than the power -2n of pi/2h + sqrt(1 + (pi/2h)^2), 2e-17 at most. Beyond, the difference of
# psi serves; it loses digits where psi is close to +1 or -1 at both ends.
_ORDINARY = ((1e-8, 1, 1), (1e-4, 1, 2), (0.05, 1, 4), (0.5, 1, 8), (1.5, 1, 16))
_SATURATED = (*_ORDINARY, (12.0, 8, 16))
_CLOSE = 1e-4
_NEWTON = 700
_ROWS = 512  # values of psi' summed at once
_SPARE = 10.0  # standard deviations beyond the distance at which a pair balances


@dataclass(frozen=True)
class _Stretch:
    """Fixed points with m1 beyond the heavy zero and m2 at a distance from a zero of f."""

    target: BimodalTarget  # with the mode that m1 lies at on the positive side
    share: Fraction  # weight of the component with the larger overlap
    top: float  # the largest zero of f, at that mode
    anchor: float  # the zero that m2 is measured from; `top` where the pair is close together
    sign: float  # of m2 minus the anchor
    length: float  # the largest distance from the anchor

    def surplus(self, distances: FloatArray, temperature: float) -> FloatArray:
        """Positive where a pair with this m2 rests at a higher temperature only."""
        merging, weight = self.anchor == self.top, float(self.share)
        rate = _mean_rate(self.target, self.anchor, self.sign * distances)
        drift = drift_from_zero(self.sign * distances, rate)
        beyond = self.beyond(drift)
        gap = beyond - self.sign * distances + (self.top - self.anchor)
        apart, variance = gap / self.target.separation, float(self.share * (1 - self.share))
        overlap = mmse(apart, self.share)
        if not merging:
            return np.asarray(rest_surplus(gap, weight, temperature, overlap, drift, variance))
        rates = _mean_rate(self.target, self.top, beyond), rate
        explained = explained_share(apart, self.share)
        return np.asarray(
            close_rest_surplus(temperature, overlap, beyond / gap, distances / gap, *rates, explained, variance)
        )

    def beyond(self, drift_2: FloatArray) -> FloatArray:
        """y >= 0 with ``w1 f(top + y) = -w2 f(m2)``: Newton's method, which comes down on a convex function."""
        drive = -partner_drift(float(self.share), float(1 - self.share), np.maximum(drift_2, 0.0))
        margin = -float(drift_slope(self.top, self.target))
        rise: FloatArray = drive / margin if margin > 0 else drive + self.target.separation**2
        active = np.flatnonzero(drive > 0)
        for _ in range(_NEWTON):
            if not active.size:
                break
            y, wanted = rise[active], drive[active]
            rate = psi_prime_by_rows(self.top + y, self.target, _ROWS)
            fall = np.maximum(-single_drift_slope(self.target.separation, rate), _EPS)
            step = (-drift_from_zero(y, _mean_rate(self.target, self.top, y)) - wanted) / fall
            rise[active] = np.maximum(y - step, wanted)
            active = active[np.abs(step) * fall > 8 * _EPS * y]  # what rounding leaves of the difference
        return rise

    def overlaps(self, distance: float) -> tuple[float, float]:
        """(m1, m2)."""
        here = np.array([self.sign * distance])
        drift = drift_from_zero(here, _mean_rate(self.target, self.anchor, here))
        return self.top + float(self.beyond(drift)[0]), self.anchor + float(here[0])

    def roots(self, temperature: float) -> Iterator[tuple[float, bool]]:
        """The distances at which a pair rests, and whether it is an attractor: T falls as m2 rises."""
        distances = self.length * _SHARES
        values = self.surplus(distances, temperature)
        if values[0] > 0:
            yield 0.0, self.sign < 0
        for i in np.flatnonzero((values[1:] > 0) != (values[:-1] > 0)):
            low, high = math.log(distances[i]), math.log(distances[i + 1])
            known = {low: float(values[i]), high: float(values[i + 1])}
            log_distance = brentq(self._surplus_at, low, high, (temperature, known), xtol=4 * _EPS, rtol=4 * _EPS)
            yield math.exp(log_distance), bool(values[i + 1] > 0) == (self.sign < 0)

    def _surplus_at(self, log_distance: float, temperature: float, known: Mapping[float, float]) -> float:
        if log_distance in known:
            return known[log_distance]
        return float(self.surplus(np.array([math.exp(log_distance)]), temperature)[0])


def _mean_rate(target: BimodalTarget, start: float, offsets: FloatArray) -> FloatArray:
    """The mean of R^2 psi' from `start` over every offset, to relative digits as far as psi is close to +1 or -1."""
    scale = max(1.0, target.separation)
    first, lengths, out = float(psi(start, target)), np.abs(offsets) / scale, np.empty(offsets.shape)
    limits = _SATURATED if 1.0 - abs(first) < _CLOSE else _ORDINARY
    left = np.ones(offsets.shape, dtype=bool)
    for limit, panels, nodes in limits:
        here = left & (lengths <= limit)
        left &= ~here
        if here.any():
            out[here] = coincident_growth(target.separation, _mean(target, start, offsets[here], panels, nodes))
    far = offsets[left]  # of both overlaps only the difference counts
    out[left] = alignment_rate(far, 0.0, target.separation, np.asarray(psi(start + far, target)), first)
    return out


def _mean(target: BimodalTarget, start: float, offsets: FloatArray, panels: int, nodes: int) -> FloatArray:
    """The mean of psi' by Gauss's rule on panels."""
    points, weights = _gauss(panels, nodes)
    overlaps = start + points[:, None] * offsets
    values = psi_prime_by_rows(overlaps.ravel(), target, _ROWS).reshape(overlaps.shape)
    return np.asarray((weights[:, None] * values).sum(axis=0) / (2.0 * panels))


@lru_cache
def _gauss(panels: int, nodes: int) -> tuple[FloatArray, FloatArray]:
    """Places in (0, 1), and the weights of Gauss's rule on each panel."""
    points, weights = np.polynomial.legendre.leggauss(nodes)
    return np.ravel((np.arange(panels)[:, None] + 0.5 * (1.0 + points)) / panels), np.tile(weights, panels)


def _stretches(target: BimodalTarget, share: Fraction, temperature: float) -> Iterator[tuple[_Stretch, bool]]:
    """All stretches of a target with w* >= 1/2, and whether each is mirrored; together they hold each pair once."""
    mode = landscape_of(target).heavy
    top, saddle, light = mode.overlap, mode.unstable, mode.opposite
    radius, least = target.separation, min(float(share), float(1 - share))
    reach = radius * (radius + _SPARE + math.sqrt(8.0 * (math.log(temperature) - math.log(least))))  # D of all pairs
    if saddle is None or light is None:
        yield _Stretch(target, share, top, top, -1.0, reach), False
        return
    for seen_from, weight, high, middle, mirrored in (
        (target, share, top, saddle, False),
        (target.reflected, 1 - share, -light, -saddle, True),
    ):
        half = 0.5 * (high - middle)
        yield _Stretch(seen_from, weight, high, high, -1.0, half), mirrored
        yield _Stretch(seen_from, weight, high, middle, 1.0, half), mirrored
    yield _Stretch(target, share, top, light, -1.0, reach), False


def rest_points(target: BimodalTarget, temperature: float, family_weight: Fraction) -> list[FixedPoint]:
    """Aligned fixed points at a temperature, m1 > m2."""
    if not 1 / _LARGEST <= target.exact_separation <= _LARGEST:
        what = "from 1e-100 to 1e100 for fixed points, which are doubles"
        step = "overlaps are in units of R^2: take the limit of small or of large R instead"
        raise DomainError.of("separation", what, target.separation, step)
    if target.half_log_odds < 0:
        points = rest_points(target.reflected, temperature, 1 - family_weight)
        return [FixedPoint(-p.m2, -p.m1, p.stable, p.collapsed, p.loss) for p in points]
    points = []
    for stretch, mirrored in _stretches(target, family_weight, temperature):
        for distance, stable in stretch.roots(temperature):
            pair = stretch.overlaps(distance)
            m1, m2 = (-pair[1], -pair[0]) if mirrored else pair
            loss = pair_loss(target, m1, m2, float(family_weight))
            points.append(FixedPoint(m1, m2, stable, min(m1, m2) > 0 or max(m1, m2) < 0, loss))
    return points
