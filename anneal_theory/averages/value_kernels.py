"""Compiled evaluation of psi over long arrays at a fixed target, in blocks that stay in the first-level cache.

A block whose largest |m + h| lies within the reach of a single odd polynomial is summed by it, which vectorises and
costs about half a tanh a value; any other block reads narrow panels of degree five. ``contract`` lets a product and a
sum fuse; it changes no order of summation.
"""

import math
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from anneal_theory._compiled import kernel
from anneal_theory._types import FloatArray
from anneal_theory.averages.table_kernels import shifted

IndexArray: TypeAlias = NDArray[np.int32]
LENGTHS = (17, 21)  # coefficients of the odd polynomials: those of `short` and `middle`
PANEL_TERMS = 6
_BLOCK = 256


@kernel(fastmath={"contract"})
def psi_of_overlaps(
    m: FloatArray, high: float, low: float, series: FloatArray, reach: FloatArray, panels: FloatArray,
    inverse_width: float, out: FloatArray,
) -> None:  # fmt: skip
    """psi at overlaps m, with h = high + low, into `out`.

    `series` has a row of coefficients, padded, for each of `LENGTHS`; `reach` holds the largest |a| of each; `panels`
    and `inverse_width` are a table of psi as in `table_kernels`, with `PANEL_TERMS` coefficients.
    """
    index, place = np.empty(_BLOCK, np.int32), np.empty(_BLOCK)
    for start in range(0, m.shape[0], _BLOCK):
        block, target = m[start : start + _BLOCK], out[start : start + _BLOCK]
        if within(block, reach[0] - abs(high)):
            short(block, high, low, series[0], reach[0], target)
        elif within(block, reach[1] - abs(high)):
            middle(block, high, low, series[1], reach[1], target)
        else:
            panels_block(block, high, low, panels, inverse_width, target, index, place)


@kernel()
def within(m: FloatArray, bound: float) -> bool:
    """Whether no |m| exceeds the bound."""
    beyond = 0
    for j in range(m.shape[0]):
        beyond += abs(m[j]) > bound
    return beyond == 0


@kernel(fastmath={"contract"})
def panels_block(
    m: FloatArray, high: float, low: float, panels: FloatArray, inverse_width: float, out: FloatArray,
    index: IndexArray, place: FloatArray,
) -> None:  # fmt: skip
    """psi from narrow panels, for a block of any overlaps; in two passes, since finding the panels vectorises."""
    last = panels.shape[0] - 1.0
    for j in range(m.shape[0]):
        a = shifted(m[j], high, low)
        x = abs(a) * inverse_width
        x = x if x < last else last
        i = np.int32(x + 0.5)
        index[j], place[j] = i, x - i
        out[j] = math.copysign(1.0, a) + (a - a)
    for j in range(m.shape[0]):
        k, t = np.uint32(index[j]), place[j]
        v = panels[k, 2] + t * (panels[k, 3] + t * (panels[k, 4] + t * panels[k, 5]))
        out[j] *= panels[k, 0] + t * (panels[k, 1] + t * v)


@kernel(fastmath={"contract"})
def short(m: FloatArray, high: float, low: float, c: FloatArray, reach: float, out: FloatArray) -> None:
    """a times a polynomial of 17 coefficients in ``2 (a/reach)^2 - 1``, a = m + h."""
    stretch = 2.0 / (reach * reach)
    for j in range(m.shape[0]):
        a = shifted(m[j], high, low)
        t = a * a * stretch - 1.0
        out[j] = a * _lowest(c, t, c[16])


@kernel(fastmath={"contract"})
def middle(m: FloatArray, high: float, low: float, c: FloatArray, reach: float, out: FloatArray) -> None:
    """a times a polynomial of 21 coefficients in ``2 (a/reach)^2 - 1``, a = m + h."""
    stretch = 2.0 / (reach * reach)
    for j in range(m.shape[0]):
        a = shifted(m[j], high, low)
        t = a * a * stretch - 1.0
        out[j] = a * _lowest(c, t, c[16] + t * (c[17] + t * (c[18] + t * (c[19] + t * c[20]))))


@kernel(fastmath={"contract"}, forceinline=True)
def _lowest(c: FloatArray, t: float, v: float) -> float:
    """A polynomial in t by its lowest 16 coefficients, and by what those above make at t."""
    v = c[12] + t * (c[13] + t * (c[14] + t * (c[15] + t * v)))
    v = c[8] + t * (c[9] + t * (c[10] + t * (c[11] + t * v)))
    v = c[4] + t * (c[5] + t * (c[6] + t * (c[7] + t * v)))
    total: float = c[0] + t * (c[1] + t * (c[2] + t * (c[3] + t * v)))
    return total
