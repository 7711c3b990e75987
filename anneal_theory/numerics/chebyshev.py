"""Interpolation at Chebyshev points, and panels of power series on a uniform grid."""

import math
from collections.abc import Callable
from functools import lru_cache

import numpy as np
from numpy.polynomial import chebyshev

from anneal_theory._types import FloatArray


@lru_cache(maxsize=8)
def chebyshev_rule(count: int) -> tuple[FloatArray, FloatArray]:
    """Chebyshev points of the first kind, and the matrix from values (rows) to Chebyshev coefficients (columns)."""
    orders = np.arange(count)
    turns = np.outer(2 * orders + 1, orders) % (4 * count)  # angles in units of pi/(2 count), reduced exactly
    cosines = np.cos(math.pi / (2 * count) * np.minimum(turns, 4 * count - turns))
    to_series = 2 / count * cosines
    to_series[:, 0] *= 0.5
    return cosines[:, 1].copy(), to_series


def panels(
    function: Callable[[FloatArray], FloatArray], width: float, count: int, *, terms: int, odd: bool
) -> FloatArray:
    """Interpolants of an odd or even function, given at x >= 0, on ``|x - i width| <= width/2``.

    Coefficients of power series in ``x/width - i``, shape (count, terms); panel 0 has the function's parity.
    """
    nodes, _ = chebyshev_rule(terms)
    x = (np.arange(count)[:, None] + 0.5 * nodes) * width
    values = function(np.abs(x).ravel()).reshape(x.shape)
    if odd:
        values = np.copysign(values, x)
    series = power_series(values)
    series[0, (0 if odd else 1) :: 2] = 0.0
    return np.asarray(series)


def power_series(values: FloatArray) -> FloatArray:
    """Coefficients of power series in half the node, from values at Chebyshev nodes on the last axis."""
    _, to_chebyshev = chebyshev_rule(values.shape[-1])
    # in two steps: the product of the matrices loses four digits
    return np.asarray((values @ to_chebyshev) @ _to_powers(values.shape[-1]))


@lru_cache(maxsize=8)
def _to_powers(terms: int) -> FloatArray:
    """From Chebyshev series in a node to power series in t = node/2."""
    rows = [np.pad(chebyshev.cheb2poly(row[: n + 1]), (0, terms - 1 - n)) for n, row in enumerate(np.eye(terms))]
    return np.asarray(np.array(rows) * 2.0 ** np.arange(terms))


def closed(series: FloatArray, constant: float) -> FloatArray:
    """The panels with a last one, constant, that stands for everything beyond; read-only."""
    last = np.zeros((1, series.shape[1]))
    last[0, 0] = constant
    table = np.ascontiguousarray(np.vstack([series, last]))
    table.setflags(write=False)
    return table
