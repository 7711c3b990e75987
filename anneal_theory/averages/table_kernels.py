"""Compiled evaluation of the fixed-target tables of `averages.tables`.

Panel i holds the coefficients of a power series in ``t = |a|/width - i`` on [-1/2, 1/2]; panel 0 is odd (psi) or even
(psi', overlap) in a, so that relative accuracy holds down to a = 0. The last panel is constant and stands for all
arguments beyond. There is no branch, so loops over these functions vectorise. Arguments are finite; a NaN or an
infinity gives NaN.
"""

import math

import numpy as np
from numba import njit

TERMS = 11  # coefficients of a panel: the polynomials below are written out for this many


@njit(cache=True)
def panel_at(a, count, inverse_width):
    """The panel of |a| and the place in it."""
    x = abs(a) * inverse_width
    last = count - 1.0
    x = x if x < last else last
    i = int(x + 0.5)
    return i, x - i


@njit(cache=True)
def polynomial_at(t, table, i):
    """The series of panel i, by Horner's rule."""
    high = table[i, 7] + t * (table[i, 8] + t * (table[i, 9] + t * table[i, 10]))
    middle = table[i, 3] + t * (table[i, 4] + t * (table[i, 5] + t * (table[i, 6] + t * high)))
    return table[i, 0] + t * (table[i, 1] + t * (table[i, 2] + t * middle))


@njit(cache=True)
def slope_at(t, table, i):
    """Derivative in t of the series of panel i."""
    high = 8.0 * table[i, 8] + t * (9.0 * table[i, 9] + t * (10.0 * table[i, 10]))
    middle = 4.0 * table[i, 4] + t * (5.0 * table[i, 5] + t * (6.0 * table[i, 6] + t * (7.0 * table[i, 7] + t * high)))
    return table[i, 1] + t * (2.0 * table[i, 2] + t * (3.0 * table[i, 3] + t * middle))


@njit(cache=True)
def psi_at(a, table, inverse_width):
    """psi at a = m + h."""
    i, t = panel_at(a, table.shape[0], inverse_width)
    return math.copysign(polynomial_at(t, table, i), a) + (a - a)


@njit(cache=True)
def psi_prime_at(a, table, inverse_width):
    """psi' at a = m + h, from the panels of psi'."""
    i, t = panel_at(a, table.shape[0], inverse_width)
    return polynomial_at(t, table, i) + (a - a)


@njit(cache=True)
def psi_second_at(a, table, inverse_width):
    """psi'' at a = m + h, from the panels of psi'."""
    i, t = panel_at(a, table.shape[0], inverse_width)
    return math.copysign(inverse_width, a) * slope_at(t, table, i) + (a - a)


@njit(cache=True)
def mmse_at(distance, table, inverse_width):
    """G at distance D >= 0: the panels hold G exp(D^2/8)."""
    i, t = panel_at(distance, table.shape[0], inverse_width)
    return math.exp(-0.125 * distance * distance) * polynomial_at(t, table, i) + (distance - distance)


@njit(cache=True)
def mmse_slope_at(distance, table, inverse_width):
    """(G, dG/dD) at distance D >= 0."""
    i, t = panel_at(distance, table.shape[0], inverse_width)
    scale = math.exp(-0.125 * distance * distance) + (distance - distance)
    value = polynomial_at(t, table, i)
    return scale * value, scale * (inverse_width * slope_at(t, table, i) - 0.25 * distance * value)


@njit(cache=True)
def psi_values(a, table, inverse_width):
    """`psi_at` of an array."""
    out = np.empty_like(a)
    for j in range(a.shape[0]):
        out[j] = psi_at(a[j], table, inverse_width)
    return out


@njit(cache=True)
def even_values(a, table, inverse_width):
    """`psi_prime_at` of an array; so too any even function's panels."""
    out = np.empty_like(a)
    for j in range(a.shape[0]):
        out[j] = psi_prime_at(a[j], table, inverse_width)
    return out


@njit(cache=True)
def mmse_values(distance, table, inverse_width):
    """`mmse_at` of an array."""
    out = np.empty_like(distance)
    for j in range(distance.shape[0]):
        out[j] = mmse_at(distance[j], table, inverse_width)
    return out
