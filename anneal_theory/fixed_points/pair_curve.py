r"""The curve of aligned pairs at rest with one mean beyond a mode, by the smaller overlap, in doubles.

With m1 > m2 and equal weights of the family the fixed-point equations (theory section 6) say
``f(m1) = -2 T G(D) (m1 - m2) < 0`` and ``f(m2) = -f(m1)``. Round a mode the first has one solution m1 > s* for each m2,
since f only falls beyond s*. So all fixed points with m1 beyond s* form one curve, m2 -> (m1(m2), T(m2)). The fixed
points at temperature T are its level set. A point is an attractor where T falls as m2 rises; folds are the extrema of
T(m2). Points with m1 beyond the other mode's zero are the same of the mirrored target.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from scipy.optimize import brentq, minimize_scalar

from anneal_theory._types import FloatArray, IntArray
from anneal_theory.averages import mmse
from anneal_theory.errors import DomainError
from anneal_theory.fixed_points.single import drift
from anneal_theory.formulas.fixed_points import partner_drift, rest_temperature
from anneal_theory.problem import BimodalTarget

_EPS = float(np.finfo(np.float64).eps)
_POINTS = 1200
_HALF = 0.5  # both weights of the family
_PROMINENCE = 1e-8  # of a fold in T over the scan: rounding next to s* stays below it


@dataclass(frozen=True)
class PairCurve:
    """The curve round one mode."""

    target: BimodalTarget  # with the mode on the positive side
    overlap: float  # rest s* of a single mean there
    unstable: float | None  # the zero of f between the basins of the two modes, or None

    @cached_property
    def sampled(self) -> tuple[FloatArray, FloatArray]:
        """(m2, T) along the part of the curve next to s*, where f(m2) > 0."""
        radius = self.target.separation
        bottom = -(radius**2) - 24.0 * radius  # pairs 24 apart balance at T = 1e30
        grid = _dense_at_both_ends(bottom if self.unstable is None else self.unstable, self.overlap)
        return grid, self.temperatures(grid)

    @property
    def peaks(self) -> IntArray:
        """Indices of the maxima of T that stand out of rounding."""
        from scipy.signal import find_peaks  # costs 0.4 s, so only where it is used

        if self.unstable is None and self.target.half_log_odds == 0:
            return np.zeros(0, np.intp)
        _, values = self.sampled
        if not np.all(np.isfinite(values)):
            raise DomainError.of(
                "separation", "small enough for T_c to be a double (up to about 40)", self.target.separation,
                "T_c grows like e^(R^2/2): for larger R use asymptotics.log_critical_temperature",
            )  # fmt: skip
        return np.asarray(find_peaks(values, prominence=_PROMINENCE)[0], np.intp)

    def partner(self, m2: float) -> float:
        """m1 for this m2."""
        pull = -float(partner_drift(_HALF, _HALF, drift(m2, self.target)))
        low = self.overlap
        high = self.target.separation**2 + pull + 1.0
        if pull <= 0:
            return low
        return float(
            brentq(lambda m: float(drift(m, self.target)) + pull, low * (1 - 1e-12), high, rtol=4 * _EPS, xtol=1e-300)
        )

    def temperature(self, m2: float) -> float:
        """T at which this m2 rests."""
        drift_2, m1 = float(drift(m2, self.target)), self.partner(m2)
        if drift_2 <= 0 or m1 <= m2:
            return 0.0
        overlap = float(mmse((m1 - m2) / self.target.separation))
        return rest_temperature(m1, m2, _HALF, overlap, drift_2) if overlap > 0 else np.inf

    def temperatures(self, m2: FloatArray) -> FloatArray:
        """`temperature` of many m2 at once."""
        from scipy.optimize import elementwise  # loads much, and scalar questions do not need it

        drift_2 = drift(m2, self.target)
        pull = -np.asarray(partner_drift(_HALF, _HALF, drift_2))
        rising = pull > 0
        ends = np.full(m2.shape, self.overlap * (1 - 1e-12)), self.target.separation**2 + np.maximum(pull, 0.0) + 1.0
        solve: Any = elementwise.find_root  # its stubs know no args
        zeros = solve(lambda m, p: drift(m, self.target) + p, ends, args=(np.where(rising, pull, 0.0),))
        gap = zeros.x - m2
        overlap = np.asarray(mmse(np.abs(gap) / self.target.separation))
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            values = rest_temperature(zeros.x, m2, _HALF, overlap, drift_2)
        return np.where(rising & (gap > 0), np.where(overlap > 0, values, np.inf), 0.0)

    def extremum(self, index: int, sign: int = 1) -> tuple[float, float]:
        """(m2, T) of the local maximum of T (minimum for sign -1) next to a sampled point."""
        grid = self.sampled[0]
        peak = minimize_scalar(
            lambda m: -sign * self.temperature(float(m)),
            bounds=(grid[index - 1], grid[index + 1]),
            method="bounded",
            options={"xatol": 1e-9 * (abs(grid[index]) + 1.0)},
        )
        return float(peak.x), self.temperature(float(peak.x))

    def trough(self, peak: int) -> tuple[float, float]:
        """(m2, T) where T is lowest on the far side of a peak: the fold of the split pair where f has one zero."""
        grid, values = self.sampled
        lowest = int(np.argmin(values[:peak]))
        if not 0 < lowest < peak:
            return float(grid[lowest]), float(values[lowest])
        return self.extremum(lowest, -1)


def _dense_at_both_ends(low: float, high: float) -> FloatArray:
    """Points inside (low, high), dense towards both ends, rising."""
    share = np.concatenate([np.geomspace(1e-5, 1e-2, 40), np.linspace(0.01, 0.5, _POINTS // 8)[1:]])
    both = np.concatenate([share, 1.0 - share[::-1][1:]])
    return low + (high - low) * both
