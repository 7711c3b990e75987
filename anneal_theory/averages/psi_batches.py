"""psi over long arrays: the odd polynomials of `value_kernels`, fitted once a separation."""

import math
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

import numpy as np
from numpy.polynomial import chebyshev, polynomial

from anneal_theory._types import FloatArray
from anneal_theory.averages.quadrature_double import label_mean, saturation
from anneal_theory.averages.value_kernels import LENGTHS, PANEL_TERMS
from anneal_theory.numerics import chebyshev as fits

_TOLERANCE = 5e-15  # of psi, absolute; rounding takes about 1e-15 of it
_SHRINK = 0.97


@dataclass(frozen=True, eq=False)
class OddSeries:
    """psi as ``a p(2 (a/reach)^2 - 1)`` for two lengths of p, and on narrow panels."""

    coefficients: FloatArray  # shape (2, longest), rows padded with zeros
    reach: FloatArray  # largest |a| of each row, shape (2,)
    panels: FloatArray  # coefficients as in `averages.tables`, shape (panels, 6); the last panel is the constant 1
    inverse_width: float  # 1/width of the panels


@lru_cache(maxsize=64)
def odd_series(separation: Fraction) -> OddSeries:
    """The polynomials of one separation, each over the widest range that it resolves to `_TOLERANCE`."""
    radius = float(separation)
    fitted = [_widest(radius, count) for count in LENGTHS]
    rows = [np.pad(row, (0, max(LENGTHS) - row.size)) for _, row in fitted]
    width = 0.02 * max(radius, 0.6)  # degree five leaves 1e-15
    count = math.ceil(saturation(radius) / width + 0.5)
    panels = fits.panels(lambda a: label_mean(a, radius), width, count, terms=PANEL_TERMS, odd=True)
    return OddSeries(np.array(rows), np.array([reach for reach, _ in fitted]), fits.closed(panels, 1.0), 1 / width)


def _widest(radius: float, count: int) -> tuple[float, FloatArray]:
    guess = (count / 17) ** 1.35 * max(1.5 + 2.6 * radius, 3.5 * radius)  # measured, some per cent too wide
    reach = min(saturation(radius), guess)
    probe = np.linspace(0.02, 1.0, 101)
    while True:
        series = _fit(radius, reach, count)
        x = reach * probe
        fitted = x * polynomial.polyval(2 * probe * probe - 1, series)
        if np.abs(fitted - label_mean(x, radius)).max() < _TOLERANCE:
            return reach, series
        reach *= _SHRINK


def _fit(radius: float, reach: float, count: int) -> FloatArray:
    nodes, to_chebyshev = fits.chebyshev_rule(count)
    x = reach * np.sqrt(0.5 * (1 + nodes))
    series = chebyshev.cheb2poly((label_mean(x, radius) / x) @ to_chebyshev)
    return np.pad(series, (0, count - series.size))
