"""Compiled evaluation of the fixed-target tables of `averages.tables`.

Panel i holds the coefficients of a power series in ``t = |a|/width - i`` on [-1/2, 1/2]; panel 0 is odd (psi) or even
(psi', overlap) in a, so that relative accuracy holds down to a = 0. The last panel is constant and stands for all
arguments beyond. There is no branch, so loops over these functions vectorise. Arguments are finite; a NaN or an
infinity gives NaN. They take one double, or `Lanes` of them.
"""

import numpy as np

from anneal_theory._compiled import INNER, kernel
from anneal_theory._types import FloatArray
from anneal_theory.numerics.lane_functions_kernels import exp_of_lanes as exp_of_lanes
from anneal_theory.numerics.lane_kernels import as_doubles, where, whole
from anneal_theory.numerics.lane_memory_kernels import entries_at

_BLOCK = 512
TERMS = 11  # coefficients of a panel: the polynomials below are written out for this many
COLUMNS = 16  # of a table, the last of them unused: Lanes are read eight at once


@kernel(**INNER)
def panel_at(a, count, inverse_width):
    """The panel of |a| and the place in it."""
    x = abs(a) * inverse_width
    last = count - 1.0
    x = where(x < last, x, last)
    i = whole(x + 0.5)
    return i, x - as_doubles(i)


@kernel(**INNER)
def polynomial_at(t, table, i):
    """The series of panel i, in pairs of terms (Estrin's scheme): no operation waits for ten others."""
    c = entries_at(table, i, 0, TERMS)
    s = t * t
    q = s * s
    low, middle = (c[0] + t * c[1]) + s * (c[2] + t * c[3]), (c[4] + t * c[5]) + s * (c[6] + t * c[7])
    return low + q * (middle + q * ((c[8] + t * c[9]) + s * c[10]))


@kernel(**INNER)
def slope_at(t, table, i):
    """Derivative in t of the series of panel i."""
    c = entries_at(table, i, 0, TERMS)
    s = t * t
    q = s * s
    low = (c[1] + t * (2.0 * c[2])) + s * (3.0 * c[3] + t * (4.0 * c[4]))
    middle = (5.0 * c[5] + t * (6.0 * c[6])) + s * (7.0 * c[7] + t * (8.0 * c[8]))
    return low + q * (middle + q * (9.0 * c[9] + t * (10.0 * c[10])))


@kernel(**INNER)
def curve_at(t, table, i):
    """Second derivative in t of the series of panel i."""
    c = entries_at(table, i, 0, TERMS)
    s = t * t
    q = s * s
    low = (2.0 * c[2] + t * (6.0 * c[3])) + s * (12.0 * c[4] + t * (20.0 * c[5]))
    middle = (30.0 * c[6] + t * (42.0 * c[7])) + s * (56.0 * c[8] + t * (72.0 * c[9]))
    return low + q * (middle + q * (90.0 * c[10]))


@kernel()
def psi_at(a, table, inverse_width):
    """psi at a = m + h."""
    i, t = panel_at(a, table.shape[0], inverse_width)
    return np.copysign(polynomial_at(t, table, i), a) + (a - a)


@kernel()
def psi_prime_at(a, table, inverse_width):
    """psi' at a = m + h, from the panels of psi'."""
    i, t = panel_at(a, table.shape[0], inverse_width)
    return polynomial_at(t, table, i) + (a - a)


@kernel()
def psi_second_at(a, table, inverse_width):
    """psi'' at a = m + h, from the panels of psi'."""
    i, t = panel_at(a, table.shape[0], inverse_width)
    return np.copysign(inverse_width, a) * slope_at(t, table, i) + (a - a)


@kernel()
def mmse_at(distance, table, inverse_width):
    """G at distance D >= 0: the panels hold G exp(D^2/8)."""
    i, t = panel_at(distance, table.shape[0], inverse_width)
    return np.exp(-0.125 * distance * distance) * polynomial_at(t, table, i) + (distance - distance)


@kernel()
def mmse_slope_at(distance, table, inverse_width):
    """(G, dG/dD) at distance D >= 0."""
    i, t = panel_at(distance, table.shape[0], inverse_width)
    scale = np.exp(-0.125 * distance * distance) + (distance - distance)
    value = polynomial_at(t, table, i)
    return scale * value, scale * (inverse_width * slope_at(t, table, i) - 0.25 * distance * value)


@kernel()
def mmse_curve_at(distance, table, inverse_width):
    """(G, dG/dD, d^2G/dD^2) at distance D >= 0."""
    i, t = panel_at(distance, table.shape[0], inverse_width)
    scale = np.exp(-0.125 * distance * distance) + (distance - distance)
    value, slope = polynomial_at(t, table, i), inverse_width * slope_at(t, table, i)
    bend = inverse_width * inverse_width * curve_at(t, table, i) - 0.5 * distance * slope
    return (
        scale * value,
        scale * (slope - 0.25 * distance * value),
        scale * (bend + (0.0625 * distance * distance - 0.25) * value),
    )


@kernel()
def shifted(m: float, high: float, low: float) -> float:
    """m + h with h = high + low: where m is so close to -h that the low part counts, the first sum is exact."""
    return (m + high) + low


@kernel()
def even_values(
    m: FloatArray, high: float, low: float, table: FloatArray, inverse_width: float, tail: float
) -> FloatArray:
    """An even function of m + h from its panels, by slope `tail` beyond; in two passes, as finding the panels
    vectorises.
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
