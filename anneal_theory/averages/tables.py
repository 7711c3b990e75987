"""Fixed-target tables of psi, psi', phi and the label overlap G: piecewise polynomials for kernels and long arrays.

Panel i covers ``|a - i width| <= width/2`` (``a = m + h``, or the distance D) and holds power-series coefficients in
``a/width - i``; see `table_kernels`. The widths are chosen so that ten degrees leave the rounding of the values.
"""

import math
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

import numpy as np

from anneal_theory._types import Exactable, FloatArray
from anneal_theory.averages import table_kernels as kernels
from anneal_theory.averages.psi_batches import odd_series
from anneal_theory.averages.quadrature_double import (
    MMSE_END,
    label_mean,
    label_slope,
    log_cosh_mean,
    saturation,
    scaled_overlap,
    tilt_and_scale,
)
from anneal_theory.averages.table_kernels import COLUMNS, TERMS
from anneal_theory.averages.value_kernels import psi_of_overlaps
from anneal_theory.errors import DomainError
from anneal_theory.exact import exact
from anneal_theory.numerics import chebyshev as fits
from anneal_theory.problem import BimodalTarget

_UNDERFLOW = 746.0  # exp(-746) is 0 in double precision
_MMSE_WIDTH = 0.25


@dataclass(frozen=True, eq=False)
class LabelTable:
    """psi and psi' of one target on panels in ``|a| = |m + h|``."""

    target: BimodalTarget  # separation R and weight w*
    inverse_width: float  # 1/width of the panels, the same for both
    psi: FloatArray  # coefficients, shape (panels, 16), eleven in use; the last panel is the constant 1
    # coefficients, shape (panels, 16), eleven in use, relative accuracy in every panel; the last panel is 0
    psi_prime: FloatArray

    @property
    def half_log_odds(self) -> float:
        """h."""
        return self.target.half_log_odds

    @property
    def separation(self) -> float:
        """R."""
        return self.target.separation

    def psi_values(self, m: FloatArray, out: FloatArray | None = None) -> FloatArray:
        """psi at overlaps m, shape (n,), to 1e-14; into `out` if given. Not finite where m is not."""
        odd = odd_series(self.target.exact_separation)
        m = np.ascontiguousarray(m)
        out = np.empty_like(m) if out is None else out
        shift = self.target.half_log_odds_pair
        psi_of_overlaps(m, *shift, odd.coefficients, odd.reach, odd.panels, odd.inverse_width, out)
        return out

    def psi_prime_values(self, m: FloatArray) -> FloatArray:
        """psi' at overlaps m, shape (n,)."""
        shift = self.target.half_log_odds_pair
        m = np.ascontiguousarray(m)
        return np.asarray(kernels.even_values(m, *shift, self.psi_prime, self.inverse_width, 0.0))


@dataclass(frozen=True, eq=False)
class MmseTable:
    """``G(D; w) exp(D^2/8)`` on panels in D."""

    inverse_width: float  # 1/width of the panels
    coefficients: FloatArray  # shape (panels, 11); the last panel is 0, where G underflows

    def values(self, distance: FloatArray) -> FloatArray:
        """G at an array of distances, shape (n,)."""
        distance = np.ascontiguousarray(distance)
        scaled = kernels.even_values(distance, 0.0, 0.0, self.coefficients, self.inverse_width, 0.0)
        return np.asarray(np.exp(-0.125 * np.minimum(distance, 2 * MMSE_END) ** 2) * scaled)


@lru_cache(maxsize=128)
def label_table(target: BimodalTarget) -> LabelTable:
    """The table of a target; built once (milliseconds) and remembered. Source: theory section 2."""
    return LabelTable(target, 1 / panel_width(target.separation), *_label_panels(target.exact_separation))


@lru_cache(maxsize=64)
def _label_panels(separation: Fraction) -> tuple[FloatArray, FloatArray]:
    radius = float(separation)
    width = panel_width(radius)
    ends = math.ceil(saturation(radius) / width + 0.5), math.ceil(_slope_end(radius) / width + 0.5)
    psi = fits.panels(lambda a: label_mean(a, radius), width, ends[0], terms=TERMS, odd=True)
    slope = fits.panels(lambda a: label_slope(a, radius), width, ends[1], terms=TERMS, odd=False)
    return fits.closed(_padded(psi), 1.0), fits.closed(_padded(slope), 0.0)


def _padded(panels: FloatArray) -> FloatArray:
    """Panels with as many columns as kernels read at once."""
    return np.ascontiguousarray(np.pad(panels, ((0, 0), (0, COLUMNS - TERMS))))


@lru_cache(maxsize=64)
def _log_cosh_panels(separation: Fraction) -> FloatArray:
    radius = float(separation)
    width = panel_width(radius)
    count = math.ceil(saturation(radius) / width + 1.5)
    return fits.panels(lambda a: log_cosh_mean(a, radius), width, count, terms=TERMS, odd=False)


def phi_values(m: FloatArray, target: BimodalTarget) -> FloatArray:
    """phi at overlaps m, shape (n,), for R of at least 0.01; slope 1 beyond the panels."""
    panels = _log_cosh_panels(target.exact_separation)
    shift, scale = target.half_log_odds_pair, 1 / panel_width(target.separation)
    return np.asarray(kernels.even_values(np.ascontiguousarray(m), *shift, panels, scale, 1.0))


def panel_width(radius: float) -> float:
    """Width of a panel: psi varies over R (over 1 for small R), and psi' by less than a factor e^2 in a panel."""
    return max(min(0.15 + 0.2 * radius, 0.5), radius / 40)


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

    count = math.ceil(MMSE_END / _MMSE_WIDTH + 0.5)
    panels = fits.panels(scaled, _MMSE_WIDTH, count, terms=TERMS, odd=False)
    return MmseTable(1 / _MMSE_WIDTH, fits.closed(_padded(panels), 0.0))


def mmse_table(weight: Exactable = 0.5) -> MmseTable:
    """The table of G(D; w) for one weight; built once and remembered. Source: theory section 2."""
    share = exact(weight, "weight")
    if not 0 < share < 1:
        raise DomainError.of("weight", "strictly between 0 and 1", weight, "give the share w of one component")
    return _mmse_table(share)
