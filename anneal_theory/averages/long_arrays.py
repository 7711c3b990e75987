"""psi over long arrays: the odd polynomials of `value_kernels`, fitted once a separation."""

from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

import numpy as np
from numpy.polynomial import chebyshev, polynomial

from anneal_theory._types import FloatArray
from anneal_theory.averages.fits import chebyshev_rule
from anneal_theory.averages.label_sums import label_mean, saturation
from anneal_theory.averages.value_kernels import LENGTHS

_TOLERANCE = 5e-15  # of psi, absolute; rounding takes about 1e-15 of it
_SHRINK = 0.97


@dataclass(frozen=True, eq=False)
class OddSeries:
    """psi as ``a p(2 (a/reach)^2 - 1)``, for three lengths of p.

    Attributes:
        coefficients: Shape (3, longest), rows padded with zeros.
        reach: Largest |a| of each row, shape (3,).
    """

    coefficients: FloatArray
    reach: FloatArray


@lru_cache(maxsize=64)
def odd_series(separation: Fraction) -> OddSeries:
    """The polynomials of one separation, each over the widest range that it resolves to `_TOLERANCE`."""
    radius = float(separation)
    fits = [_widest(radius, count) for count in LENGTHS]
    rows = [np.pad(row, (0, max(LENGTHS) - row.size)) for _, row in fits]
    return OddSeries(np.array(rows), np.array([reach for reach, _ in fits]))


def _widest(radius: float, count: int) -> tuple[float, FloatArray]:
    guess = (count / 17) ** 1.35 * max(1.5 + 2.6 * radius, 3.5 * radius)  # measured, some per cent too wide
    reach = min(saturation(radius), guess)
    probe = np.linspace(0.02, 1.0, 101)
    while True:
        series = _fit(radius, reach, count)
        x = reach * probe
        found = x * polynomial.polyval(2 * probe * probe - 1, series)
        if np.abs(found - label_mean(x, radius)).max() < _TOLERANCE:
            return reach, series
        reach *= _SHRINK


def _fit(radius: float, reach: float, count: int) -> FloatArray:
    nodes, to_chebyshev = chebyshev_rule(count)
    x = reach * np.sqrt(0.5 * (1 + nodes))
    series = chebyshev.cheb2poly((label_mean(x, radius) / x) @ to_chebyshev)
    return np.pad(series, (0, count - series.size))
