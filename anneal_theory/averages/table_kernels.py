"""Compiled evaluation of the fixed-target tables of `averages.tables`.

Panel i holds the coefficients of a power series in ``t = |a|/width - i`` on [-1/2, 1/2]; panel 0 is odd (psi) or even
(psi', overlap) in a, so that relative accuracy holds down to a = 0. The last panel is constant and stands for all
arguments beyond. There is no branch, so loops over these functions vectorise. Arguments are finite; a NaN or an
infinity gives NaN.
"""

import math

import numpy as np
from numba import njit

from anneal_theory._types import FloatArray

_BLOCK = 512
TERMS = 11  # coefficients of a panel: the polynomials below are written out for this many


@njit(cache=True)
def panel_at(a: float, count: int, inverse_width: float) -> tuple[int, float]:
    """The panel of |a| and the place in it."""
    x = abs(a) * inverse_width
    last = count - 1.0
    x = x if x < last else last
    i = int(x + 0.5)
    return i, x - i


@njit(cache=True)
def polynomial_at(t: float, table: FloatArray, i: int) -> float:
    """The series of panel i, by Horner's rule."""
    high = table[i, 7] + t * (table[i, 8] + t * (table[i, 9] + t * table[i, 10]))
    middle = table[i, 3] + t * (table[i, 4] + t * (table[i, 5] + t * (table[i, 6] + t * high)))
    return table[i, 0] + t * (table[i, 1] + t * (table[i, 2] + t * middle))


@njit(cache=True)
def slope_at(t: float, table: FloatArray, i: int) -> float:
    """Derivative in t of the series of panel i."""
    high = 8.0 * table[i, 8] + t * (9.0 * table[i, 9] + t * (10.0 * table[i, 10]))
    middle = 4.0 * table[i, 4] + t * (5.0 * table[i, 5] + t * (6.0 * table[i, 6] + t * (7.0 * table[i, 7] + t * high)))
    return table[i, 1] + t * (2.0 * table[i, 2] + t * (3.0 * table[i, 3] + t * middle))


@njit(cache=True)
def psi_at(a: float, table: FloatArray, inverse_width: float) -> float:
    """psi at a = m + h."""
    i, t = panel_at(a, table.shape[0], inverse_width)
    return math.copysign(polynomial_at(t, table, i), a) + (a - a)


@njit(cache=True)
def psi_prime_at(a: float, table: FloatArray, inverse_width: float) -> float:
    """psi' at a = m + h, from the panels of psi'."""
    i, t = panel_at(a, table.shape[0], inverse_width)
    return polynomial_at(t, table, i) + (a - a)


@njit(cache=True)
def psi_second_at(a: float, table: FloatArray, inverse_width: float) -> float:
    """psi'' at a = m + h, from the panels of psi'."""
    i, t = panel_at(a, table.shape[0], inverse_width)
    return math.copysign(inverse_width, a) * slope_at(t, table, i) + (a - a)


@njit(cache=True)
def mmse_at(distance: float, table: FloatArray, inverse_width: float) -> float:
    """G at distance D >= 0: the panels hold G exp(D^2/8)."""
    i, t = panel_at(distance, table.shape[0], inverse_width)
    return math.exp(-0.125 * distance * distance) * polynomial_at(t, table, i) + (distance - distance)


@njit(cache=True)
def mmse_slope_at(distance: float, table: FloatArray, inverse_width: float) -> tuple[float, float]:
    """(G, dG/dD) at distance D >= 0."""
    i, t = panel_at(distance, table.shape[0], inverse_width)
    scale = math.exp(-0.125 * distance * distance) + (distance - distance)
    value = polynomial_at(t, table, i)
    return scale * value, scale * (inverse_width * slope_at(t, table, i) - 0.25 * distance * value)


@njit(cache=True)
def shifted(m: float, high: float, low: float) -> float:
    """m + h rounded once, with h = high + low (a two-sum): where m is close to -h, the low part decides."""
    total = m + high
    back = total - m
    return total + ((m - (total - back)) + (high - back) + low)


@njit(cache=True)
def from_panels(a: FloatArray, table: FloatArray, inverse_width: float, out: FloatArray) -> None:
    """The series of every |a|, into `out`; in two passes a block, since finding the panels vectorises."""
    index, place = np.empty(_BLOCK, np.int64), np.empty(_BLOCK)
    for start in range(0, a.shape[0], _BLOCK):
        count = min(_BLOCK, a.shape[0] - start)
        for j in range(count):
            index[j], place[j] = panel_at(a[start + j], table.shape[0], inverse_width)
        for j in range(count):
            out[start + j] = polynomial_at(place[j], table, index[j])


@njit(cache=True)
def even_values(
    m: FloatArray, high: float, low: float, table: FloatArray, inverse_width: float, tail: float
) -> FloatArray:
    """An even function of m + h from its panels; beyond them it grows with slope `tail`."""
    a, out = np.empty_like(m), np.empty_like(m)
    for j in range(m.shape[0]):
        a[j] = shifted(m[j], high, low)
    from_panels(a, table, inverse_width, out)
    end = (table.shape[0] - 1.0) / inverse_width
    for j in range(m.shape[0]):
        out[j] += tail * max(abs(a[j]) - end, 0.0)
    return out


@njit(cache=True)
def mmse_values(distance: FloatArray, table: FloatArray, inverse_width: float) -> FloatArray:
    """`mmse_at` of an array."""
    out = np.empty_like(distance)
    from_panels(distance, table, inverse_width, out)
    for j in range(distance.shape[0]):
        out[j] *= math.exp(-0.125 * distance[j] * distance[j])
    return out
