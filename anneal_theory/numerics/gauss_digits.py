"""Rules and interpolation to any number of digits, at flint's working precision."""

import math
from collections.abc import Callable
from fractions import Fraction

import flint

from anneal_theory.balls import exact_ball, rational

Recurrence = Callable[[int], tuple[Fraction, Fraction]]
"""From k to (a_k, b_k) of the monic polynomials ``p_(k+1) = (x - a_k) p_k - b_k p_(k-1)`` orthogonal to a density."""


def log_gamma(shape: Fraction, count: int) -> Recurrence:
    """Of the law of log x, less its mean, for x of the law Gamma(shape): the first `count` coefficients.

    The cumulants are polygamma functions (DLMF 5.15, 25.11.12), the moments follow from them, and the coefficients from
    the moments by Chebyshev's algorithm, which costs digits and has them.
    """
    with flint.ctx.extraprec(count * (16 + 2 * int(shape).bit_length())):
        cumulants = [flint.arb(0), flint.arb(0)]
        for k in range(2, 2 * count + 1):
            cumulants.append((-1) ** k * math.factorial(k - 1) * flint.arb(k).zeta(exact_ball(shape)))
        moments = [flint.arb(1)]
        for n in range(1, 2 * count + 1):
            terms = (math.comb(n - 1, k - 1) * cumulants[k] * moments[n - k] for k in range(1, n + 1))
            moments.append(sum(terms, flint.arb(0)))
        return _from_moments(moments, count)


def _from_moments(moments: list[flint.arb], count: int) -> Recurrence:
    """Chebyshev's algorithm (Gautschi, Orthogonal Polynomials, 2.1.7)."""
    before, last = [flint.arb(0)] * len(moments), list(moments)
    centres, scales = [last[1] / last[0]], [last[0]]
    for k in range(1, count):
        after = {
            n: last[n + 1] - centres[-1] * last[n] - (scales[-1] * before[n] if k > 1 else 0)
            for n in range(k, 2 * count - k)
        }
        centres.append(after[k + 1] / after[k] - last[k] / last[k - 1])
        scales.append(after[k] / last[k - 1])
        before, last = last, [after.get(n, flint.arb(0)) for n in range(len(moments))]
    pairs = [(rational(a.mid()), rational(b.mid())) for a, b in zip(centres, scales, strict=True)]
    return pairs.__getitem__


def gegenbauer(dim: int) -> Recurrence:
    """Of the density proportional to ``(1 - x^2)^((dim-3)/2)`` on [-1, 1], dim >= 3 (DLMF 18.9)."""
    order = Fraction(dim - 2, 2)

    def coefficients(k: int) -> tuple[Fraction, Fraction]:
        if k == 1:  # 0/0 for the uniform density of a plane
            return Fraction(0), 1 / (2 * (order + 1))
        return Fraction(0), k * (k + 2 * order - 1) / (4 * (k + order) * (k + order - 1)) if k else Fraction(0)

    return coefficients


def gauss_rule(recurrence: Recurrence, count: int) -> list[tuple[flint.arb, flint.arb]]:
    """Nodes, ascending, and weights of mass 1 of the Gauss rule of a density, as balls. Source: DLMF 3.5(v)."""
    before, last, norm = flint.fmpq_poly([0]), flint.fmpq_poly([1]), Fraction(1)
    for k in range(count):
        centre, scale = recurrence(k)
        if k:
            norm *= scale
        line = flint.fmpq_poly([-_rational(centre), 1])
        before, last = last, line * last - _rational(scale) * before if k else line
    slope, rule = last.derivative(), []
    with flint.ctx.extraprec(2 * count * (16 + int(abs(recurrence(0)[0])).bit_length())):
        # flint's stub leaves the multiplicities out
        roots: list[tuple[flint.acb, int]] = last.numer().complex_roots()  # type: ignore[assignment]
        for root, _ in roots:
            lower, steep = (flint.arb_poly(poly)(root.real) for poly in (before, slope))
            rule.append((root.real, exact_ball(norm) / (lower * steep)))
    return sorted(rule, key=lambda pair: float(pair[0]))


def legendre_points(count: int) -> list[tuple[flint.arb, flint.arb]]:
    """Nodes and weights of Gauss's rule on [-1, 1], with the weights' sum 2 (DLMF 3.5(v))."""
    return [flint.arb.legendre_p_root(count, k, weight=True) for k in range(count)]


def chebyshev_points(count: int) -> list[flint.arb]:
    """Chebyshev points of the first kind on [-1, 1], descending."""
    return [flint.arb.cos_pi_fmpq(flint.fmpq(2 * j + 1, 2 * count)) for j in range(count)]


def to_chebyshev(count: int) -> flint.arb_mat:
    """The matrix from values at `chebyshev_points` (a column) to coefficients (a column)."""
    share = flint.arb(2) / count
    rows = [
        [
            flint.arb.cos_pi_fmpq(flint.fmpq(k * (2 * j + 1), 2 * count)) * (share if k else share / 2)
            for j in range(count)
        ]
        for k in range(count)
    ]
    return flint.arb_mat(rows)


def chebyshev_values(points: list[flint.arb], count: int) -> flint.arb_mat:
    """The matrix from Chebyshev coefficients to values at points of [-1, 1]."""
    rows = []
    for x in points:
        row = [flint.arb(1), x]
        while len(row) < count:
            row.append(2 * x * row[-1] - row[-2])
        rows.append(row[:count])
    return flint.arb_mat(rows)


def _rational(value: Fraction) -> flint.fmpq:
    return flint.fmpq(value.numerator, value.denominator)
