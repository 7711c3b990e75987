r"""Where a pair comes to rest: the aligned fixed points at a temperature, and the folds that end them.

With m1 > m2 the fixed-point equations (theory section 6) say ``f(m1) = -T G(D) (m1 - m2)/w1 < 0`` and
``f(m2) = T G(D) (m1 - m2)/w2 > 0``. Round the heavy mode the first has one solution m1 > s* for each m2, since f only
falls beyond s*. So all fixed points with m1 beyond the heavy zero form one curve, m2 -> (m1(m2), T(m2)):

    f(m1) = -(w2/w1) f(m2),   T(m2) = w2 f(m2) / (G(D) (m1 - m2)),   D = (m1 - m2)/R.

The fixed points at temperature T are its level set. A point is an attractor where T falls as m2 rises; folds are the
extrema of T(m2). Points with m2 beyond the light zero are the same of the mirrored target.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from scipy.optimize import brentq, minimize_scalar

from anneal_theory._types import FloatArray
from anneal_theory.averages import mmse, phi
from anneal_theory.fixed_points.information import label_information
from anneal_theory.fixed_points.single import drift, heavy_overlap, light_overlap, unstable_overlap
from anneal_theory.formulas.fixed_points import divergence, partner_drift, rest_temperature
from anneal_theory.problem import BimodalTarget

_EPS = float(np.finfo(np.float64).eps)
_POINTS = 1200


@dataclass(frozen=True)
class FixedPoint:
    """An aligned pair at rest.

    Attributes:
        m1: Overlap of the better aligned mean, m1 >= m2.
        m2: Overlap of the other.
        stable: Whether it attracts.
        collapsed: Whether both means are at the same mode, m1 m2 > 0.
        loss: KL(q || p) at T = 1.
    """

    m1: float
    m2: float
    stable: bool
    collapsed: bool
    loss: float


@dataclass(frozen=True)
class Branch:
    """The curve of fixed points with m1 beyond the heavy zero of f.

    Attributes:
        target: With the mode that m1 lies at on the positive side.
        family_weight: Weight of the component with the larger overlap.
        top: The largest zero of f, at that mode.
    """

    target: BimodalTarget
    family_weight: float
    top: float

    def partner(self, m2: float) -> float:
        """m1 for this m2."""
        pull = -float(partner_drift(self.family_weight, drift(m2, self.target)))
        low = self.top
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
        overlap = float(mmse((m1 - m2) / self.target.separation, self.family_weight))
        return rest_temperature(m1, m2, self.family_weight, overlap, drift_2) if overlap > 0 else np.inf

    def temperatures(self, m2: FloatArray) -> FloatArray:
        """`temperature` of many m2 at once."""
        from scipy.optimize import elementwise  # loads much, and scalar questions do not need it

        share, drift_2 = self.family_weight, drift(m2, self.target)
        pull = -np.asarray(partner_drift(share, drift_2))
        rising = pull > 0
        ends = np.full(m2.shape, self.top * (1 - 1e-12)), self.target.separation**2 + np.maximum(pull, 0.0) + 1.0
        solve: Any = elementwise.find_root  # its stubs know no args
        found = solve(lambda m, p: drift(m, self.target) + p, ends, args=(np.where(rising, pull, 0.0),))
        gap = found.x - m2
        overlap = np.asarray(mmse(np.abs(gap) / self.target.separation, share))
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            values = rest_temperature(found.x, m2, share, overlap, drift_2)
        return np.where(rising & (gap > 0), np.where(overlap > 0, values, np.inf), 0.0)

    def pieces(self) -> list[tuple[float, float]]:
        """Intervals of m2 with f(m2) > 0, the one next to the top first."""
        radius = self.target.separation
        bottom = -(radius**2) - 24.0 * radius  # pairs 24 apart balance at T = 1e30
        saddle = unstable_overlap(self.target)
        if saddle is None:
            return [(bottom, self.top)]
        light = light_overlap(self.target) if self.target.half_log_odds >= 0 else -heavy_overlap(self.target.reflected)
        return [(saddle, self.top)] if light is None else [(saddle, self.top), (bottom, light)]


def heavy_branch(target: BimodalTarget, family_weight: float) -> Branch:
    """Fixed points with m1 beyond the heavy zero; the target has w* >= 1/2."""
    return Branch(target, family_weight, heavy_overlap(target))


def branch_grid(low: float, high: float) -> FloatArray:
    """Points inside (low, high), dense towards both ends, rising."""
    share = np.concatenate([np.geomspace(1e-5, 1e-2, 40), np.linspace(0.01, 0.5, _POINTS // 8)[1:]])
    both = np.concatenate([share, 1.0 - share[::-1][1:]])
    return low + (high - low) * both


@lru_cache(maxsize=256)
def sampled(branch: Branch) -> list[tuple[FloatArray, FloatArray]]:
    """(m2, T) on each piece of a branch."""
    out = []
    for low, high in branch.pieces():
        grid = branch_grid(low, high)
        out.append((grid, branch.temperatures(grid)))
    return out


def extremum(branch: Branch, grid: FloatArray, index: int) -> tuple[float, float]:
    """(m2, T) of the local maximum of T next to a grid point."""
    found = minimize_scalar(
        lambda m: -branch.temperature(float(m)),
        bounds=(grid[index - 1], grid[index + 1]),
        method="bounded",
        options={"xatol": 1e-9 * (abs(grid[index]) + 1.0)},
    )
    return float(found.x), branch.temperature(float(found.x))


def branch_trough(branch: Branch, grid: FloatArray, values: FloatArray, peak: int) -> tuple[float, float]:
    """(m2, T) where T is lowest on the far side of a peak: the fold of the split pair where f has a single zero."""
    lowest = int(np.argmin(values[:peak]))
    if not 0 < lowest < peak:
        return float(grid[lowest]), float(values[lowest])
    found = minimize_scalar(
        lambda m: branch.temperature(float(m)),
        bounds=(grid[lowest - 1], grid[lowest + 1]),
        method="bounded",
        options={"xatol": 1e-9 * (abs(grid[lowest]) + 1.0)},
    )
    return float(found.x), branch.temperature(float(found.x))


def pair_loss(target: BimodalTarget, m1: float, m2: float, family_weight: float) -> float:
    """KL(q || p) of an aligned pair (theory section 3, with its constant)."""
    radius = target.separation
    return float(
        divergence(
            (m1 / radius) ** 2,
            (m2 / radius) ** 2,
            radius,
            float(min(target.exact_weight, 1 - target.exact_weight)),  # symmetric in w*, and 1 - w* keeps its digits
            family_weight,
            float(phi(m1, target)),
            float(phi(m2, target)),
            label_information(abs(m1 - m2) / radius, family_weight),
        )
    )
