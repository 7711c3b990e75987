"""Compiled evaluation of psi over long arrays at a fixed target, in blocks that stay in the first-level cache.

A block whose largest |a| lies within the reach of a single odd polynomial is summed by it, which vectorises and costs
half a tanh a value; any other block reads the panels of the table. ``contract`` lets products and sums fuse; it changes
no order of summation.
"""

import numpy as np
from numba import njit

from anneal_theory._types import FloatArray
from anneal_theory.averages.table_kernels import psi_at

SHORT, LONG = 20, 28  # coefficients of the two odd polynomials
_BLOCK = 512


@njit(cache=True, fastmath={"contract"})  # type: ignore[untyped-decorator]  # numba carries no types
def psi_of_overlaps(
    m: FloatArray,
    high: float,
    low: float,
    short: FloatArray,
    long: FloatArray,
    reach: FloatArray,
    panels: FloatArray,
    inverse_width: float,
) -> FloatArray:
    """psi at overlaps m, with h = high + low; `reach` holds the largest |a| of the two polynomials."""
    out = np.empty_like(m)
    a = np.empty(_BLOCK)
    for start in range(0, m.shape[0], _BLOCK):
        count = min(_BLOCK, m.shape[0] - start)
        beyond_short, beyond_long = shifted_block(m[start : start + count], high, low, reach, a)
        block, target = a[:count], out[start : start + count]
        if not beyond_short:
            short_block(block, short, 1.0 / reach[0], target)
        elif not beyond_long:
            long_block(block, long, 1.0 / reach[1], target)
        else:
            for j in range(count):
                target[j] = psi_at(block[j], panels, inverse_width)
    return out


@njit(cache=True)  # type: ignore[untyped-decorator]  # numba carries no types
def shifted_block(m: FloatArray, high: float, low: float, reach: FloatArray, a: FloatArray) -> tuple[int, int]:
    """a = m + h with h's low part (a two-sum), and how many lie beyond the two reaches."""
    beyond_short = beyond_long = 0
    first, second = reach[0], reach[1]
    for j in range(m.shape[0]):
        total = m[j] + high
        back = total - m[j]
        value = total + ((m[j] - (total - back)) + (high - back) + low)
        a[j] = value
        beyond_short += abs(value) > first
        beyond_long += abs(value) > second
    return beyond_short, beyond_long


@njit(cache=True, fastmath={"contract"})  # type: ignore[untyped-decorator]  # numba carries no types
def short_block(a: FloatArray, c: FloatArray, inverse_reach: float, out: FloatArray) -> None:
    """a times a polynomial of SHORT coefficients in ``2 (a/reach)^2 - 1``."""
    for j in range(a.shape[0]):
        y = a[j] * inverse_reach
        t = 2.0 * y * y - 1.0
        v = c[16] + t * (c[17] + t * (c[18] + t * c[19]))
        v = c[12] + t * (c[13] + t * (c[14] + t * (c[15] + t * v)))
        v = c[8] + t * (c[9] + t * (c[10] + t * (c[11] + t * v)))
        v = c[4] + t * (c[5] + t * (c[6] + t * (c[7] + t * v)))
        out[j] = a[j] * (c[0] + t * (c[1] + t * (c[2] + t * (c[3] + t * v))))


@njit(cache=True, fastmath={"contract"})  # type: ignore[untyped-decorator]  # numba carries no types
def long_block(a: FloatArray, c: FloatArray, inverse_reach: float, out: FloatArray) -> None:
    """a times a polynomial of LONG coefficients in ``2 (a/reach)^2 - 1``."""
    for j in range(a.shape[0]):
        y = a[j] * inverse_reach
        t = 2.0 * y * y - 1.0
        v = c[24] + t * (c[25] + t * (c[26] + t * c[27]))
        v = c[20] + t * (c[21] + t * (c[22] + t * (c[23] + t * v)))
        v = c[16] + t * (c[17] + t * (c[18] + t * (c[19] + t * v)))
        v = c[12] + t * (c[13] + t * (c[14] + t * (c[15] + t * v)))
        v = c[8] + t * (c[9] + t * (c[10] + t * (c[11] + t * v)))
        v = c[4] + t * (c[5] + t * (c[6] + t * (c[7] + t * v)))
        out[j] = a[j] * (c[0] + t * (c[1] + t * (c[2] + t * (c[3] + t * v))))
