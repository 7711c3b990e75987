r"""Power series in time of the annealed pair's flow (theory section 4), at flint's working precision.

The state is ``(s, x, l)`` with ``x = log rho`` and ``l = log |Delta_perp|``, so that rho may be as small as it likes:

    g = m1 - m2 = R e^(x+l),   m1 = s + w2 g,   m2 = s - w1 g,   X = D^2/4 = (e^(2x+2l) + e^(2l))/4
    ds/dtau = -s + R^2 (w1 psi(m1) + w2 psi(m2))
    dx/dtau = K = R^2 (psi(m1) - psi(m2))/g
    dl/dtau = T G(X)/(w1 w2) - 1

with ``dtau = w1 beta dt`` (``beta dt`` in the natural metric, without beta for the free energy). Solutions come by
Newton's method on series, which brings the matrix of their derivatives by the start along.
"""

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import flint

from anneal_theory.averages.jets import psi_jet, squared_overlap_jet
from anneal_theory.balls import exact_ball
from anneal_theory.problem import BimodalTarget, Dynamics
from anneal_theory.separatrix.orbit_series import series_length

Vector = list[Any]
Matrix = list[list[Any]]

_TERMS = 3  # of the divided difference in powers of g


@dataclass(frozen=True)
class AnnealedPair:
    """The flow of a pair.

    Attributes:
        target: Separation and weight.
        dynamics: Reducible; the first component is the one with the larger overlap.
        bits: So many bits are to be good, about three quarters of flint's working precision.
    """

    target: BimodalTarget
    dynamics: Dynamics
    bits: int

    @property
    def smallest(self) -> float:
        """Below this gap m1 - m2 the divided difference is a series in it."""
        return float(2.0 ** (-self.bits / _TERMS))

    def pace(self, heat: Any) -> Any:
        """d tau/dt as a series."""
        weight = Fraction(1) if self.dynamics.metric == "natural" else self.dynamics.exact_family_weight
        rate = flint.arb_series([exact_ball(weight)])
        return rate / heat if self.dynamics.objective == "tempered-target" else rate

    def rates(self, state: Vector, heat: Any, length: int, slopes: int) -> tuple[Vector, Matrix]:
        """Rates in time along a series to `length` terms, and their derivatives by the state to `slopes` terms."""
        local = self._local([one[0] for one in state], length + _TERMS + 2)
        with series_length(length):
            rates = _Along(self, local, state, heat).rates()
        with series_length(slopes):
            return rates, _Along(self, local, state, heat).slopes()

    def _local(self, place: Vector, count: int) -> Vector:
        """Expansions at the first point: psi at m1, m2 and s, G at X."""
        s, x, length = place
        gap = exact_ball(self.target.exact_separation) * (x + length).exp()
        first = exact_ball(self.dynamics.exact_family_weight)
        spread = ((2 * (x + length)).exp() + (2 * length).exp()) / 4
        overlap = flint.arb_poly(squared_overlap_jet(spread.mid(), self.dynamics.exact_family_weight, count))

        def label(m: Any) -> Any:
            return flint.arb_poly(psi_jet(m.mid(), self.target, count))

        if gap < self.smallest:
            return [None, None, label(s), overlap]
        return [label(s + (1 - first) * gap), label(s - first * gap), None, overlap]


class _Along:
    """Everything the rates are made of along a series, of the current length."""

    def __init__(self, pair: AnnealedPair, local: Vector, state: Vector, heat: Any) -> None:
        s, x, length = _extended(state)
        self.square = exact_ball(pair.target.exact_separation**2)
        self.w1 = exact_ball(pair.dynamics.exact_family_weight)
        self.w2 = 1 - self.w1
        self.s, self.local = s, local
        (self.heat,) = _extended([heat])
        self.pace = pair.pace(self.heat)
        self.along, self.across = (2 * (x + length)).exp(), (2 * length).exp()
        self.spread = (self.along + self.across) / 4
        self.gap = exact_ball(pair.target.exact_separation) * (x + length).exp()
        self.places = [s + self.w2 * self.gap, s - self.w1 * self.gap]

    def rates(self) -> Vector:
        if self.local[2] is None:
            labels = [_composed(one, place) for one, place in zip(self.local, self.places, strict=False)]
            mean, slope = self.w1 * labels[0] + self.w2 * labels[1], (labels[0] - labels[1]) / self.gap
        else:
            terms = self._derivatives(_TERMS)
            mean = terms[0] + sum(self._mean_share(k) * terms[k] * self.gap**k for k in range(2, _TERMS + 1))
            slope = sum(self._share(k) * terms[k] * self.gap ** (k - 1) for k in range(1, _TERMS + 1))
        push = self.heat * _composed(self.local[3], self.spread) / (self.w1 * self.w2)
        return [self.pace * one for one in (self.square * mean - self.s, self.square * slope, push - 1)]

    def slopes(self) -> Matrix:
        by_s, by_gap, steep, bend = self._label_slopes()
        turn = self.heat * _composed(self.local[3].derivative(), self.spread) / (self.w1 * self.w2)
        zero = flint.arb_series([0])
        rows = [
            [self.square * by_s - 1, *[self.square * by_gap * self.gap] * 2],
            [self.square * steep, *[self.square * bend * self.gap] * 2],
            [zero, turn * self.along / 2, 2 * turn * self.spread],
        ]
        return [[self.pace * one for one in row] for row in rows]

    def _label_slopes(self) -> Vector:
        """Derivatives of the mean label and of the divided difference, by s and by the gap."""
        if self.local[2] is None:
            labels = [_composed(one, place) for one, place in zip(self.local, self.places, strict=False)]
            falls = [_composed(one.derivative(), at) for one, at in zip(self.local, self.places, strict=False)]
            slope, difference = (labels[0] - labels[1]) / self.gap, falls[0] - falls[1]
            mean = self.w1 * falls[0] + self.w2 * falls[1]
            bend = (self.w2 * falls[0] + self.w1 * falls[1] - slope) / self.gap
            return [mean, self.w1 * self.w2 * difference, difference / self.gap, bend]
        terms, gap = self._derivatives(_TERMS + 1), self.gap
        reach = range(1, _TERMS + 1)
        mean = terms[1] + sum((k + 1) * self._mean_share(k) * terms[k + 1] * gap**k for k in reach[1:])
        by_gap = sum(k * self._mean_share(k) * terms[k] * gap ** (k - 1) for k in reach[1:])
        steep = sum((k + 1) * self._share(k) * terms[k + 1] * gap ** (k - 1) for k in reach)
        bend = sum((k - 1) * self._share(k) * terms[k] * gap ** (k - 2) for k in reach[1:])
        return [mean, by_gap, steep, bend]

    def _derivatives(self, count: int) -> Vector:
        """psi^(k)(s)/k! along the series, k = 0 .. count."""
        poly, found = self.local[2], []
        for k in range(count + 1):
            found.append(_composed(poly, self.s))
            poly = poly.derivative() * (flint.arb(1) / (k + 1))
        return found

    def _share(self, k: int) -> Any:
        return self.w2**k - (-self.w1) ** k

    def _mean_share(self, k: int) -> Any:
        return self.w1 * self.w2**k + self.w2 * (-self.w1) ** k


def _composed(poly: Any, series: Any) -> Any:
    """A local expansion along a series, whose constant term is where it was expanded."""
    moving = list(series.coeffs())[1:]
    if not any(moving):
        return flint.arb_series([poly[0]])
    return flint.arb_series(list(poly.coeffs()))(flint.arb_series([0, *moving]))


def step_series(pair: AnnealedPair, start: Vector, heat: Any, count: int) -> tuple[Vector, Matrix]:
    """The solution to `count` terms, and the matrix of its derivatives by the start to half as many.

    Newton's method on series (Brent and Kung): with M the matrix and N its inverse, a residual r of the equation is
    removed by ``M int N r``, which doubles the number of right terms.
    """
    lengths = [count]
    while lengths[-1] > 1:
        lengths.append((lengths[-1] + 1) // 2)
    state = [flint.arb_series([one]) for one in start]
    identity = [[flint.arb_series([int(i == j)]) for j in range(3)] for i in range(3)]
    matrix, inverse = identity, identity
    for length in reversed(lengths[:-1]):
        known = (length + 1) // 2
        rates, slopes = pair.rates(state, heat, length - 1, known)
        with series_length(known):
            matrix, inverse, unit = ([_extended(row) for row in one] for one in (matrix, inverse, identity))
            wrong = _minus(_product(slopes, matrix), [[one.derivative() for one in row] for row in matrix])
            change = [[one.integral() for one in row] for row in _product(inverse, wrong)]
            matrix = _plus(matrix, _product(matrix, change))
            inverse = _plus(inverse, _product(inverse, _minus(unit, _product(matrix, inverse))))
        with series_length(length):
            state = _extended(state)
            residual = [rate - one.derivative() for rate, one in zip(_extended(rates), state, strict=True)]
            turned = [one.integral() for one in _applied([_extended(row) for row in inverse], residual)]
            removed = _applied([_extended(row) for row in matrix], turned)
            state = [one + more for one, more in zip(state, removed, strict=True)]
    return state, matrix


def _extended(many: Vector) -> Vector:
    """The same series with zeros up to the current length; flint would end sums and products with the shorter one."""
    return [flint.arb_series(list(one.coeffs())) for one in many]


def _applied(matrix: Matrix, vector: Vector) -> Vector:
    return [row[0] * vector[0] + row[1] * vector[1] + row[2] * vector[2] for row in matrix]


def _product(left: Matrix, right: Matrix) -> Matrix:
    columns = list(zip(*right, strict=True))
    return [[row[0] * c[0] + row[1] * c[1] + row[2] * c[2] for c in columns] for row in left]


def _plus(left: Matrix, right: Matrix) -> Matrix:
    return [[a + b for a, b in zip(one, other, strict=True)] for one, other in zip(left, right, strict=True)]


def _minus(left: Matrix, right: Matrix) -> Matrix:
    return [[a - b for a, b in zip(one, other, strict=True)] for one, other in zip(left, right, strict=True)]
