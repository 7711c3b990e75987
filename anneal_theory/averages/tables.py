"""Fixed-target tables of psi, psi' and the overlap G: piecewise polynomials for compiled loops.

Panel i covers ``|a - i width| <= width/2`` (``a = m + h``, or the distance D) and holds power-series coefficients in
``a/width - i``; see `table_kernels`. The widths are chosen so that ten degrees leave the rounding of the values.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

import numpy as np
from numpy.polynomial import chebyshev

from anneal_theory._types import Exactable, FloatArray
from anneal_theory.averages import table_kernels as kernels
from anneal_theory.averages.label_sums import label_mean, log_cosh_mean, saturation, scaled_overlap, sech_mean_log
from anneal_theory.errors import DomainError
from anneal_theory.exact import exact
from anneal_theory.problem import BimodalTarget

_DEGREE = 10  # table_kernels.TERMS - 1
_UNDERFLOW = 746.0  # exp(-746) is 0 in double precision
_MMSE_WIDTH = 0.25
MMSE_END = 78.0  # exp(-D^2/8) is 0 beyond
SMALLEST_TABLED_PHI = 0.01  # below, phi varies in panel 0 by more than its relative accuracy allows


@dataclass(frozen=True, eq=False)
class OverlapTable:
    """psi and psi' of one target on panels in ``|a| = |m + h|``.

    Attributes:
        half_log_odds: h.
        separation: R.
        inverse_width: 1/width of the panels, the same for both.
        psi: Coefficients, shape (panels, 11); the last panel is the constant 1.
        psi_prime: Coefficients, shape (panels, 11), relative accuracy in every panel; the last panel is 0.
    """

    half_log_odds: float
    separation: float
    inverse_width: float
    psi: FloatArray
    psi_prime: FloatArray

    def psi_values(self, a: FloatArray) -> FloatArray:
        """psi at an array of a = m + h, shape (n,)."""
        return np.asarray(kernels.psi_values(np.ascontiguousarray(a), self.psi, self.inverse_width))

    def psi_prime_values(self, a: FloatArray) -> FloatArray:
        """psi' at an array of a = m + h, shape (n,)."""
        return np.asarray(kernels.even_values(np.ascontiguousarray(a), self.psi_prime, self.inverse_width))


@dataclass(frozen=True, eq=False)
class MmseTable:
    """``G(D; w) exp(D^2/8)`` on panels in D.

    Attributes:
        inverse_width: 1/width of the panels.
        coefficients: Shape (panels, 11); the last panel is 0, where G underflows.
    """

    inverse_width: float
    coefficients: FloatArray

    def values(self, distance: FloatArray) -> FloatArray:
        """G at an array of distances, shape (n,)."""
        return np.asarray(kernels.mmse_values(np.ascontiguousarray(distance), self.coefficients, self.inverse_width))


@dataclass(frozen=True, eq=False)
class LogCoshTable:
    """phi of one separation on panels in ``|a|``; beyond them phi is ``|a| - log 2``.

    Attributes:
        inverse_width: 1/width of the panels.
        coefficients: Shape (panels, 11).
    """

    inverse_width: float
    coefficients: FloatArray

    def values(self, a: FloatArray) -> FloatArray:
        """phi at an array of a = m + h, shape (n,)."""
        size, end = np.abs(a), (self.coefficients.shape[0] - 1.0) / self.inverse_width
        inside = kernels.even_values(np.minimum(size, end), self.coefficients, self.inverse_width)
        return np.where(size < end, inside, size - math.log(2.0))


@lru_cache(maxsize=128)
def overlap_table(target: BimodalTarget) -> OverlapTable:
    """The table of a target; built once (milliseconds) and remembered.

    Args:
        target: Separation R and weight w*.

    Source:
        theory section 2.

    Example:
        >>> from anneal_theory.averages.table_kernels import psi_at
        >>> table = overlap_table(BimodalTarget(3, 0.8))
        >>> round(psi_at(0.0 + table.half_log_odds, table.psi, table.inverse_width), 14)
        0.17520210452009
    """
    radius = target.separation
    width = panel_width(radius)
    psi_panels = math.ceil(saturation(radius) / width + 0.5)
    psi = _fitted(lambda a: label_mean(a, radius), width, psi_panels, odd=True)
    slope = _fitted(lambda a: label_slope(a, radius), width, math.ceil(_slope_end(radius) / width + 0.5), odd=False)
    return OverlapTable(target.half_log_odds, radius, 1 / width, _closed(psi, 1.0), _closed(slope, 0.0))


@lru_cache(maxsize=64)
def log_cosh_table(separation: Fraction) -> LogCoshTable:
    """The table of phi, for R of at least `SMALLEST_TABLED_PHI`; built once and remembered."""
    radius = float(separation)
    width = panel_width(radius)
    panels = math.ceil(saturation(radius) / width + 0.5)
    return LogCoshTable(1 / width, _fitted(lambda a: log_cosh_mean(a, radius), width, panels, odd=False))


def panel_width(radius: float) -> float:
    """Width of a panel: psi varies over R (over 1 for small R), and psi' by less than a factor e^2 in a panel."""
    return max(min(0.15 + 0.2 * radius, 0.5), radius / 40)


def label_slope(a: FloatArray, radius: float) -> FloatArray:
    """psi' at ``a = m + h >= 0``."""
    exponent, factor = sech_mean_log(a, np.array([radius]), 2)
    return assembled(exponent, factor)


def assembled(exponent: FloatArray, factor: FloatArray) -> FloatArray:
    """exp(exponent) factor, rounded once where it is denormal."""
    log_value = exponent + np.log(factor)
    return np.where(log_value > -700.0, np.exp(exponent) * factor, np.exp(log_value))


def _slope_end(radius: float) -> float:
    """Overlap beyond which psi' underflows: exp(-a^2/(2R^2)) up to a = 2R^2, then exp(2R^2 - 2a)."""
    gaussian = math.sqrt(2 * _UNDERFLOW) * radius
    return gaussian if gaussian < 2 * radius**2 else radius**2 + 0.5 * _UNDERFLOW + 1


@lru_cache(maxsize=128)
def _mmse_table(weight: Fraction) -> MmseTable:
    tilt, scale = tilt_and_scale(weight)

    def scaled(distance: FloatArray) -> FloatArray:
        exponent, factor = scaled_overlap(distance, tilt)
        return scale * np.exp(exponent) * factor

    panels = math.ceil(MMSE_END / _MMSE_WIDTH + 0.5)
    return MmseTable(1 / _MMSE_WIDTH, _closed(_fitted(scaled, _MMSE_WIDTH, panels, odd=False), 0.0))


def mmse_table(weight: Exactable = 0.5) -> MmseTable:
    """The table of G(D; w) for one weight; built once and remembered.

    Args:
        weight: w in (0, 1).

    Raises:
        DomainError: the weight is not strictly between 0 and 1.

    Source:
        theory section 2.

    Example:
        >>> from anneal_theory.averages.table_kernels import mmse_at
        >>> table = mmse_table(0.5)
        >>> round(mmse_at(1.3, table.coefficients, table.inverse_width), 14)
        0.17269611755224
    """
    share = exact(weight, "weight")
    if not 0 < share < 1:
        raise DomainError.of("weight", "strictly between 0 and 1", weight, "give the share w of one component")
    return _mmse_table(share)


def tilt_and_scale(weight: Fraction) -> tuple[float, float]:
    """c = log(w/(1-w))/2 and sqrt(w(1-w)), from the exact weight: w near 1 loses nothing."""
    close = Fraction(1, 4) < weight < Fraction(3, 4)
    tilt = math.log1p(float((2 * weight - 1) / (1 - weight))) if close else _log(weight) - _log(1 - weight)
    return 0.5 * tilt, math.sqrt(float(weight)) * math.sqrt(float(1 - weight))


def _log(value: Fraction) -> float:
    return (
        math.log1p(float(value - 1))
        if value > Fraction(1, 2)
        else math.log(value.numerator) - math.log(value.denominator)
    )


def _fitted(function: Callable[[FloatArray], FloatArray], width: float, panels: int, *, odd: bool) -> FloatArray:
    """Interpolants at Chebyshev points, as power series in t on [-1/2, 1/2], shape (panels, degree + 1)."""
    nodes, to_chebyshev, to_power = _interpolation()
    x = (np.arange(panels)[:, None] + 0.5 * nodes) * width
    values = function(np.abs(x).ravel()).reshape(x.shape)
    if odd:
        values = np.copysign(values, x)
    series = (values @ to_chebyshev) @ to_power  # two steps: the product of the matrices would lose four digits
    series[0, (0 if odd else 1) :: 2] = 0.0
    return np.asarray(series)


@lru_cache(maxsize=1)
def _interpolation() -> tuple[FloatArray, FloatArray, FloatArray]:
    """Chebyshev points, values to Chebyshev series, and that to a power series in t = node/2."""
    count = _DEGREE + 1
    orders = np.arange(count)
    turns = np.outer(2 * orders + 1, orders) % (4 * count)  # angles in units of pi/(2 count), reduced exactly
    cosines = np.cos(math.pi / (2 * count) * np.minimum(turns, 4 * count - turns))
    nodes, to_chebyshev = cosines[:, 1].copy(), 2 / count * cosines
    to_chebyshev[:, 0] *= 0.5
    rows = [np.pad(chebyshev.cheb2poly(row[: n + 1]), (0, _DEGREE - n)) for n, row in enumerate(np.eye(count))]
    return nodes, to_chebyshev, np.array(rows) * 2.0**orders


def _closed(series: FloatArray, constant: float) -> FloatArray:
    last = np.zeros((1, series.shape[1]))
    last[0, 0] = constant
    table = np.ascontiguousarray(np.vstack([series, last]))
    table.setflags(write=False)
    return table
