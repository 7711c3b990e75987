"""Compiled evaluation of the fixed-target tables of `averages.tables`.

Panel i holds the coefficients of a power series in ``t = |a|/width - i`` on [-1/2, 1/2]; panel 0 is odd (psi) or even
(psi', overlap) in a, so that relative accuracy holds down to a = 0. The last panel is constant and stands for all
arguments beyond. There is no branch, so loops over these functions vectorise. Arguments are finite; a NaN or an
infinity gives NaN.
"""

import math

import numpy as np

from anneal_theory._compiled import kernel
from anneal_theory._types import FloatArray

_BLOCK = 512
TERMS = 11  # coefficients of a panel: the polynomials below are written out for this many


@kernel()
def panel_at(a: float, count: int, inverse_width: float) -> tuple[int, float]:
    """The panel of |a| and the place in it."""
    x = abs(a) * inverse_width
    last = count - 1.0
    x = x if x < last else last
    i = int(x + 0.5)
    return i, x - i


@kernel()
def polynomial_at(t: float, table: FloatArray, i: int) -> float:
    """The series of panel i, by Horner's rule."""
    high = table[i, 7] + t * (table[i, 8] + t * (table[i, 9] + t * table[i, 10]))
    middle = table[i, 3] + t * (table[i, 4] + t * (table[i, 5] + t * (table[i, 6] + t * high)))
    return table[i, 0] + t * (table[i, 1] + t * (table[i, 2] + t * middle))


@kernel()
def slope_at(t: float, table: FloatArray, i: int) -> float:
    """Derivative in t of the series of panel i."""
    high = 8.0 * table[i, 8] + t * (9.0 * table[i, 9] + t * (10.0 * table[i, 10]))
    middle = 4.0 * table[i, 4] + t * (5.0 * table[i, 5] + t * (6.0 * table[i, 6] + t * (7.0 * table[i, 7] + t * high)))
    return table[i, 1] + t * (2.0 * table[i, 2] + t * (3.0 * table[i, 3] + t * middle))


@kernel()
def psi_at(a: float, table: FloatArray, inverse_width: float) -> float:
    """psi at a = m + h."""
    i, t = panel_at(a, table.shape[0], inverse_width)
    return math.copysign(polynomial_at(t, table, i), a) + (a - a)


@kernel()
def psi_prime_at(a: float, table: FloatArray, inverse_width: float) -> float:
    """psi' at a = m + h, from the panels of psi'."""
    i, t = panel_at(a, table.shape[0], inverse_width)
    return polynomial_at(t, table, i) + (a - a)


@kernel()
def psi_second_at(a: float, table: FloatArray, inverse_width: float) -> float:
    """psi'' at a = m + h, from the panels of psi'."""
    i, t = panel_at(a, table.shape[0], inverse_width)
    return math.copysign(inverse_width, a) * slope_at(t, table, i) + (a - a)


@kernel()
def mmse_at(distance: float, table: FloatArray, inverse_width: float) -> float:
    """G at distance D >= 0: the panels hold G exp(D^2/8)."""
    i, t = panel_at(distance, table.shape[0], inverse_width)
    return math.exp(-0.125 * distance * distance) * polynomial_at(t, table, i) + (distance - distance)


@kernel()
def mmse_slope_at(distance: float, table: FloatArray, inverse_width: float) -> tuple[float, float]:
    """(G, dG/dD) at distance D >= 0."""
    i, t = panel_at(distance, table.shape[0], inverse_width)
    scale = math.exp(-0.125 * distance * distance) + (distance - distance)
    value = polynomial_at(t, table, i)
    return scale * value, scale * (inverse_width * slope_at(t, table, i) - 0.25 * distance * value)


@kernel()
def shifted(m: float, high: float, low: float) -> float:
    """m + h with h = high + low: where m is so close to -h that the low part counts, the first sum is exact."""
    return (m + high) + low


@kernel()
def even_values(
    m: FloatArray, high: float, low: float, table: FloatArray, inverse_width: float, tail: float
) -> FloatArray:
    """An even function of m + h from its panels; beyond them it grows with slope `tail`.

    In two passes a block, since finding the panels vectorises.
    """
    out = np.empty_like(m)
    index, place = np.empty(_BLOCK, np.int64), np.empty(_BLOCK)
    last = table.shape[0] - 1.0
    end = last / inverse_width
    for start in range(0, m.shape[0], _BLOCK):
        block, target = m[start : start + _BLOCK], out[start : start + _BLOCK]
        for j in range(block.shape[0]):
            a = shifted(block[j], high, low)
            index[j], place[j] = panel_at(a, table.shape[0], inverse_width)
            target[j] = tail * max(abs(a) - end, 0.0)
        for j in range(block.shape[0]):
            target[j] += polynomial_at(place[j], table, index[j])
    return out
