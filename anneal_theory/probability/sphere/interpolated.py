"""The average over starts on the sphere where log rho_c is smooth: few thresholds, interpolated and averaged densely.

On either side of y_u(c), at which a pair across the axis goes to neither mode, log rho_c is smooth in
v = log|y - y_u|, while the chance of collapse may rise from 0 to 1 within a small part of it. So log rho_c alone is
computed on Chebyshev-Lobatto nodes of v, for the nodes of a Gauss rule of c. It serves where the dimension is not small
and no threshold within reach is infinite; elsewhere the rules of `average` do.
"""

import math
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from scipy.special import logsumexp

from anneal_theory._types import FloatArray, IntArray
from anneal_theory.models.free_pair import ALIGNED, VANISHED
from anneal_theory.numerics.gauss import legendre_rule
from anneal_theory.numerics.logarithms import log_sum
from anneal_theory.probability.cap_probability import log_cap
from anneal_theory.probability.distance_law import dense_reads, interpolated, lobatto, polynomial_reads
from anneal_theory.probability.exact.integrand_scan import FINEST
from anneal_theory.probability.sphere.rules import gegenbauer_rule, log_cosine_density, sum_balances
from anneal_theory.threshold.departures import Departures

_COSINES = (3, 5, 9)
_COUNTS = (3, 5, 9, 17)
_SAFETY = 3.0
_BALANCED = 1e-2  # of the closest |y - y_u|: how well y_u is known
_FAR = 3.0  # of v, from its end
_DENSE = 120
_LEFT_OUT = 0.05  # of the aim: what is not known of the pairs next to y_u
_CHANGE = 0.2  # of the aim: what the nodes of v may leave


@dataclass(frozen=True, eq=False)
class Reach:
    """What is averaged over."""

    dim: int  # d
    widest: float  # the largest |y|
    closest: float  # |y - y_u| at which a side begins
    tolerance: float  # of log rho_c
    aim: float  # error of the logarithm of the smaller of P and 1 - P


@dataclass(frozen=True, eq=False)
class Average:
    """Logarithms of P and 1 - P, the relative error that is left of the smaller, and what it was computed from."""

    logs: tuple[float, float]  # (log P, log(1 - P))
    error: float  # of the interpolation and of both rules
    starts: FloatArray  # shape (n, 2)
    log_rho: FloatArray  # shape (n,)
    log_shares: FloatArray  # of the smaller of P and 1 - P, per unit of v, shape (n,)


def reach_of(dim: int, depth: float, rough: tuple[float, float], place: float, tolerance: float, aim: float) -> Reach:
    """The stretch of y outside of which nothing counts, and how close to y_u thresholds are needed.

    Next to y_u all pairs split but for a chance that goes to 0. It is at most that at the ends of what is left out,
    where it is about the rough P times the distance over that of y_u from 0. `rough` has logarithms of P and 1 - P, and
    `place` is about |y_u|; the density of y is left out from `depth` nats below its peak on.
    """
    widest = math.sqrt(-math.expm1(-2.0 * depth / (dim - 3)))
    allowed = _LEFT_OUT * aim
    by_mass = allowed * math.exp(max(min(rough[1], 0.0), -0.5 * depth)) / math.sqrt(dim)  # the density is below sqrt(d)
    by_chance = math.sqrt(allowed * math.exp(max(min(rough) - rough[0], -depth)) * place / math.sqrt(dim))
    return Reach(dim, widest, min(max(by_mass, by_chance), 1e-2 * widest), tolerance, aim)


def interpolated_average(search: Departures, reach: Reach, guess: float) -> Average | None:
    """The average, or None where it would not serve. `guess` is of log rho_c."""
    for count in _COSINES:
        average = _with_cosines(search, reach, guess, count)
        if average is None or average.error < reach.aim:
            return average
    return None


@dataclass(frozen=True, eq=False)
class Lines:
    """Stretches of v on which log rho_c is interpolated, each array of shape (lines,)."""

    owner: IntArray  # which node of c
    cosine: FloatArray  # c
    balance: FloatArray  # y_u(c)
    side: FloatArray  # y = y_u + side exp(v)
    low: FloatArray  # where v begins
    high: FloatArray  # where it ends

    def v(self, x: FloatArray) -> FloatArray:
        """v at x in [-1, 1], shape (points, lines)."""
        return np.asarray(0.5 * (self.low + self.high) + 0.5 * (self.high - self.low) * x[:, None])

    def starts(self, v: FloatArray) -> FloatArray:
        """(y, c), shape (points, lines, 2)."""
        y = self.balance + self.side * np.exp(v)
        return np.stack([y, np.broadcast_to(self.cosine, y.shape)], axis=2)


def _lines(search: Departures, reach: Reach, cosines: FloatArray) -> Lines:
    """Both sides of every y_u(c); where log rho_c curves, far from it, apart from where it is nearly straight."""
    rows = []
    for k, (cosine, balance) in enumerate(
        zip(cosines, sum_balances(search.model, cosines, max(_BALANCED * reach.closest, FINEST)), strict=True)
    ):
        for side in (1.0, -1.0):
            nearest, farthest = -reach.widest - side * balance, reach.widest - side * balance
            if farthest <= reach.closest:
                continue
            low, high = math.log(max(nearest, reach.closest)), math.log(farthest)
            joints = [low, high - _FAR, high] if high - low > _FAR else [low, high]
            rows += [(k, cosine, balance, side, *ends) for ends in pairwise(joints)]
    owner, *others = np.array(rows).T
    return Lines(owner.astype(int), *others)


def _with_cosines(search: Departures, reach: Reach, guess: float, count: int) -> Average | None:
    cosines, log_weights = gegenbauer_rule(reach.dim, count)
    lines = _lines(search, reach, cosines)
    # close to y_u the threshold vanishes like about |y - y_u|: the guess, of y = 0, goes along with it
    known = lines.v(np.zeros(1)) - np.log(np.maximum(np.abs(lines.balance), reach.closest)) + guess
    log_rho, before = np.minimum(known, ALIGNED), np.full(2, math.inf)
    change = left = math.inf
    for nodes in _COUNTS:
        x = lobatto(nodes)
        finer = interpolated(polynomial_reads(x, len(log_rho)), log_rho)
        if nodes == _COUNTS[0]:
            finer = np.minimum(log_rho + lines.v(x) - lines.v(np.zeros(1)), ALIGNED)
        new = slice(None) if nodes == _COUNTS[0] else slice(1, None, 2)
        finer[new] = _thresholds(search, lines, lines.v(x[new]), finer[new], reach.tolerance)
        if np.any(finer >= ALIGNED) or np.any(finer <= VANISHED):
            return None
        if nodes > _COUNTS[0]:
            finer[::2] = log_rho
        log_rho = finer
        log_chances, unknown = _integrals(reach, lines, log_weights, log_rho)
        logs = log_sum(log_chances + log_weights, axis=1)
        smaller = int(np.argmin(logs))
        earlier, change, before = change, abs(logs[smaller] - before[smaller]), logs
        # Twice the nodes square an error: the next change would be smaller in the proportion that this one is.
        left = change * min(_SAFETY * change / earlier, 1.0) if math.isfinite(earlier) else math.inf
        if left < _CHANGE * reach.aim:
            break
    error = left + unknown / math.exp(logs[smaller]) + _coarser(cosines, log_weights, log_chances[smaller])
    v = lines.v(lobatto(len(log_rho)))
    starts = lines.starts(v)
    shares = log_cap(log_rho, reach.dim - 1)[smaller] + log_cosine_density(starts[..., 0], reach.dim) + v
    shares += log_weights[lines.owner]
    both = float(logs[0]), float(logs[1])
    return Average(both, float(error), starts.reshape(-1, 2), log_rho.ravel(), shares.ravel())


def _thresholds(search: Departures, lines: Lines, v: FloatArray, guesses: FloatArray, tolerance: float) -> FloatArray:
    """log rho_c, shape (nodes, lines); each side has its mode."""
    log_rho, starts = np.empty(v.shape), lines.starts(v)
    for side in set(lines.side.tolist()):
        chosen = lines.side == side
        place = search.thresholds(starts[:, chosen].reshape(-1, 2), guesses[:, chosen].ravel(), tolerance, side)
        log_rho[:, chosen] = place.reshape(len(v), -1)
    return np.clip(log_rho, VANISHED, ALIGNED)


def _integrals(reach: Reach, lines: Lines, log_weights: FloatArray, log_rho: FloatArray) -> tuple[FloatArray, float]:
    """Logarithms of the chances to collapse and to split, for each cosine, shape (2, cosines), and what is not known.

    Of the starts closer to y_u than any line the chance to collapse is taken as half of that at the line's end.
    """
    points, weights = legendre_rule(_DENSE)
    v = lines.v(points)
    density = log_cosine_density(lines.starts(v)[..., 0], reach.dim) + v
    density += np.log(weights[:, None] * 0.5 * (lines.high - lines.low))
    chances = log_cap(interpolated(dense_reads(_DENSE, len(log_rho)), log_rho), reach.dim - 1)
    log_chances = np.full((2, log_weights.size), -math.inf)
    for which, part in enumerate(chances):
        np.logaddexp.at(log_chances[which], lines.owner, log_sum(part + density, axis=0))
    ends = np.flatnonzero(lines.low == math.log(reach.closest))
    mass = math.log(reach.closest) + log_cosine_density(lines.balance[ends], reach.dim)
    half = log_cap(log_rho[0, ends], reach.dim - 1)[0] - math.log(2.0)
    np.logaddexp.at(log_chances[0], lines.owner[ends], mass + half)
    np.logaddexp.at(log_chances[1], lines.owner[ends], mass + np.log1p(-np.exp(half)))
    return log_chances, float(np.sum(np.exp(mass + half + log_weights[lines.owner[ends]])))


def _coarser(cosines: FloatArray, log_weights: FloatArray, logs: FloatArray) -> float:
    """What the rule of c would give if it knew every other node alone, and interpolated the logarithm between them."""
    known = slice(None, None, 2)
    read = np.polynomial.Polynomial.fit(cosines[known], logs[known], len(cosines) // 2)(cosines)
    return abs(float(logsumexp(read + log_weights) - logsumexp(logs + log_weights)))
