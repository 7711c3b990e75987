r"""A run that is held at Gauss points: where these are, and what the run is there.

Between two times the run is a polynomial that obeys its equation at the n points t_i of Gauss's rule,

    y(t_i) = y_0 + h sum_j S_ij f(y(t_j), T(t_j)),   y(h) = y_0 + h sum_j w_j f(y(t_j), T(t_j)),

with S the integrals of Lagrange's polynomials. Its end has twice the digits of what is between: the error of n points
falls like the 2 n-th power of what Legendre coefficients fall by (Hairer and Wanner, Solving ODEs II, IV.5).
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

import flint
import numpy as np
from numpy.polynomial.legendre import legvander

from anneal_theory._types import FloatArray, IntArray
from anneal_theory.numerics.gauss_digits import legendre_points
from anneal_theory.numerics.taylor import Vector, series_length
from anneal_theory.precision import flint_precision
from anneal_theory.threshold.digits.shooting import FIRST_BITS, RunNode, Shooting, working_bits

_MERGED = 3  # stretches of power series that one polynomial takes the place of
_FIRST_POINTS = 16
_SMALLEST = 1e-300
_NOISE = 1e-12  # of coefficients in doubles, relative to the largest
_FASTEST, _SLOWEST = 0.02, 0.9  # ratios of coefficients that are believed
_LEAST_POINTS, _SPARE_POINTS, _SPARE_SHARE, _MORE_POINTS = 4, 2, 1.08, 1.15
_BITS_APART = 64  # precisions for which a rule is made


class GaussRule(NamedTuple):
    """Gauss's rule on [0, 1]."""

    places: Vector  # of the points, in doubles
    within: flint.arb_mat  # S, and w as one row more: from values to integrals up to each point, and over all
    series: FloatArray  # from values to Legendre coefficients, in doubles
    doubles: FloatArray  # S in doubles
    weights: FloatArray  # w in doubles


def rule_of(count: int) -> GaussRule:
    """The rule with so many points, for flint's working precision."""
    bits = _BITS_APART * math.ceil(flint.ctx.prec / _BITS_APART)
    with flint_precision(bits):
        return _rule(count, bits)


@lru_cache(maxsize=1024)
def _rule(count: int, _bits: int) -> GaussRule:
    points = legendre_points(count)
    heights = [_legendre(x, count) for x, _ in points]
    scaled = flint.arb_mat(
        [[w * height for height in row[:count]] for row, (_, w) in zip(heights, points, strict=True)]
    )
    # the integral of P_k is (P_(k+1) - P_(k-1))/(2 k + 1), and the coefficient of P_k is (2 k + 1)/2 times an average
    integrals = [[x + 1, *(row[k + 1] - row[k - 1] for k in range(1, count))] for row, (x, _) in
                 zip(heights, points, strict=True)]  # fmt: skip
    integrals.append([flint.arb(2), *[flint.arb(0)] * (count - 1)])
    within = flint.arb_mat(integrals) * scaled.transpose() / 4
    rows, columns = (np.array([[float(entry) for entry in row] for row in part.table()]) for part in (within, scaled))
    series = columns.T * (np.arange(count)[:, None] + 0.5)
    return GaussRule([((x + 1) / 2).mid() for x, _ in points], within.mid(), series, rows[:-1], rows[-1])


def _legendre(x: flint.arb, count: int) -> Vector:
    """P_0, .., P_count at x."""
    values = [flint.arb(1), x]
    for k in range(1, count):
        values.append(((2 * k + 1) * x * values[-1] - k * values[-2]) / (k + 1))
    return values


@dataclass(eq=False)
class HeldTimes:
    """Times at which runs are held: ends of stretches, counts of points, and temperatures there that are known."""

    ends: list[RunNode]
    counts: list[int]
    known: dict[tuple[int, int], Vector] = field(default_factory=dict)

    def temperatures(self, shooting: Shooting, index: int) -> Vector:
        """Temperatures at the points of a stretch, at flint's working precision."""
        key = index, flint.ctx.prec
        if key not in self.known:
            node, after = self.ends[index], self.ends[index + 1]
            begin, span = shooting.begin(node.piece) + node.offset, shooting.span(node, after)
            local = shooting.pieces[node.piece].local
            with series_length(1):
                places = rule_of(self.counts[index]).places
                self.known[key] = [local(begin + span * place)[0].mid() for place in places]
        return self.known[key]


Factors = tuple[FloatArray, IntArray]
"""Of a matrix, and the order of its rows, as `elimination_kernels` has them."""


@dataclass(frozen=True, eq=False)
class HeldRun:
    """A run that is held at the times of a grid."""

    states: list[Vector]  # at the ends of the stretches, exact Arb numbers
    inside: list[list[Vector]]  # at the points of each stretch
    # binary logarithm of what a change of an end by one unit changes the threshold by; 0 where not known
    weights: list[float]
    slopes: list[FloatArray]  # derivatives of the rates at the points in doubles, shape (n, size, size) of each stretch
    # of the linear equations of the points of each stretch, where they are known for these derivatives
    factors: list[Factors] = field(default_factory=list)


def first_grid(nodes: list[RunNode]) -> HeldTimes:
    """Times from the nodes of power series: stretches end at every third, and where a piece of the schedule begins."""
    ends = [nodes[0]]
    merged = 0
    for before, after in pairwise(nodes):
        merged += 1
        if after.piece != before.piece or merged == _MERGED or after is nodes[-1]:
            ends.append(after)
            merged = 0
    return HeldTimes(ends, [_FIRST_POINTS] * (len(ends) - 1))


def held(shooting: Shooting, nodes: list[RunNode], grid: HeldTimes) -> HeldRun:
    """A run from nodes of power series, at the times of a grid, by cubics in doubles."""
    model = shooting.model
    with flint_precision(working_bits(FIRST_BITS)):
        flow = model.flow(FIRST_BITS)
        begins = [float(shooting.begin(k)) for k in range(len(shooting.pieces))]
        times, ends = (np.array([begins[node.piece] + node.offset for node in many]) for many in (nodes, grid.ends))
        values = _doubles([node.state for node in nodes])
        rates = _doubles([flow.at(node.state, shooting.temperature(node)[0]).rates() for node in nodes])
        inside = []
        for (low, high), count in zip(pairwise(ends), grid.counts, strict=True):
            places = np.array([float(place) for place in rule_of(count).places])
            inside.append(_exact(_between(times, values, rates, low + (high - low) * places)))
    weights = np.interp(ends, times, [node.weight for node in nodes])
    return HeldRun(_exact(_between(times, values, rates, ends)), inside, weights.tolist(), [])


def _between(times: FloatArray, values: FloatArray, rates: FloatArray, at: FloatArray) -> FloatArray:
    """Cubics through values and rates; the last value from there on."""
    at = np.minimum(at, times[-1])
    index = np.clip(np.searchsorted(times, at) - 1, 0, len(times) - 2)
    step = np.maximum(times[index + 1] - times[index], _SMALLEST)
    x, step = ((at - times[index]) / step)[:, None], step[:, None]
    low, high = values[index], values[index + 1]
    bent = (1 - x) * (low - high + step * rates[index]) + x * (high - low - step * rates[index + 1])
    return np.asarray((1 - x) * low + x * high + x * (1 - x) * bent)


def finer(grid: HeldTimes, run: HeldRun) -> tuple[HeldTimes, HeldRun]:
    """The same run with more points."""
    return resampled(grid, run, [_even(_MORE_POINTS * count) for count in grid.counts])


def _even(count: float) -> int:
    """A few counts, since each has a rule of its own."""
    return 2 * math.ceil(count / 2)


def resampled(grid: HeldTimes, run: HeldRun, counts: list[int]) -> tuple[HeldTimes, HeldRun]:
    """The same run with other points between its ends, in doubles."""
    inside, slopes = [], []
    for index, (before, after) in enumerate(zip(grid.counts, counts, strict=True)):
        with flint_precision(working_bits(FIRST_BITS)):
            old, new = rule_of(before), rule_of(after)
        moved = legvander([2 * float(place) - 1 for place in new.places], before - 1) @ old.series
        states = moved @ _doubles(run.inside[index])
        inside.append(_exact(states))
        slopes.append(np.einsum("ij,jab->iab", moved, run.slopes[index]))
    return HeldTimes(grid.ends, counts), HeldRun(run.states, inside, run.weights, slopes)


def wanted_points(shooting: Shooting, grid: HeldTimes, run: HeldRun, bits: Sequence[int]) -> list[int]:
    """Points of each stretch whose end is to have so many bits, by how fast its coefficients fall."""
    counts = []
    for index, (count, own) in enumerate(zip(grid.counts, bits, strict=True)):
        with flint_precision(working_bits(FIRST_BITS)):
            series = rule_of(count).series
        span = float(shooting.span(grid.ends[index], grid.ends[index + 1]))
        parts = np.concatenate([_doubles(run.inside[index]), span * run.slopes[index].reshape(count, -1)], axis=1)
        points = _needed(np.abs(series @ parts).max(axis=1), own)
        counts.append(_even(max(_SPARE_SHARE * points + _SPARE_POINTS, _LEAST_POINTS)))
    return counts


def _needed(sizes: FloatArray, bits: int) -> int:
    """Points after which the square of the coefficients left out is 2^-bits, as those seen in doubles fall."""
    sizes = np.maximum.accumulate(sizes[::-1])[::-1]
    last = int(np.flatnonzero(sizes >= _NOISE * sizes[0])[-1])
    half = last // 2
    if not last:
        return 0
    ratio = float(np.clip((sizes[last] / sizes[half]) ** (1.0 / (last - half)), _FASTEST, _SLOWEST))
    size = float(sizes[last]) / ratio**last
    return math.ceil((0.5 * bits * math.log(2.0) + math.log(size)) / -math.log(ratio))


def _doubles(many: list[Vector]) -> FloatArray:
    return np.array([[float(entry) for entry in row] for row in many])


def _exact(many: FloatArray) -> list[Vector]:
    return [[flint.arb(float(entry)) for entry in row] for row in many]
