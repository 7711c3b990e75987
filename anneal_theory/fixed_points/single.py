"""Where a single mean comes to rest: the zeros of f(m) = R^2 psi(m) - m (theory sections 4 and 6)."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.optimize import brentq

from anneal_theory._types import FloatArray
from anneal_theory.averages import psi, psi_prime
from anneal_theory.formulas.fixed_points import single_drift, single_drift_slope
from anneal_theory.formulas.growth_rate import coincident_growth
from anneal_theory.problem import BimodalTarget
from anneal_theory.shown import Shown

_EPS = float(np.finfo(np.float64).eps)


@dataclass(frozen=True, repr=False)
class CollapsedState(Shown):
    """The coincident pair at the heavy mode, from which a collapsed run escapes only at an exponentially small rate.

    Attributes:
        overlap: s*, the largest zero of f, in the units of R^2.
        escape_rate: kappa* = R^2 psi'(s*), per unit of the clock of theory section 4; 0.0 where a double underflows.

    Both are floats, ``mpf`` or `Ball`, as asked for.
    """

    overlap: Any
    escape_rate: Any

    def told(self) -> dict[str, object]:
        """Both numbers."""
        return {"overlap": self.overlap, "escape rate": self.escape_rate}


def drift(m: FloatArray | float, target: BimodalTarget) -> FloatArray:
    """f(m) = R^2 psi(m) - m."""
    return np.asarray(single_drift(m, target.separation, np.asarray(psi(m, target))), dtype=np.float64)


def drift_slope(m: FloatArray | float, target: BimodalTarget) -> FloatArray:
    """f'(m)."""
    return np.asarray(single_drift_slope(target.separation, np.asarray(psi_prime(m, target))), dtype=np.float64)


def growth(m: FloatArray | float, target: BimodalTarget) -> FloatArray:
    """R^2 psi'(m), the growth rate of log rho of a coincident pair: kappa* at s*, kappa_0 at 0."""
    return np.asarray(coincident_growth(target.separation, np.asarray(psi_prime(m, target))), dtype=np.float64)


def heavy_zero(target: BimodalTarget) -> float:
    """The largest zero of f for w* >= 1/2; 0 for a symmetric target whose modes do not hold a mean apart."""
    square, h = target.separation**2, target.half_log_odds
    if h == 0 and drift_slope(0.0, target) <= 0:
        return 0.0
    # Beyond m = -h psi is concave, so f rises from its value at the lower end to a peak and falls through s*.
    low = _peak(target)
    # In units of R^2, since products of tiny values of f underflow.
    scaled = brentq(
        lambda v: float(single_drift(v, 1.0, float(psi(square * v, target)))), low / square, 1 + 4 * _EPS, xtol=1e-300,
        rtol=4 * _EPS,
    )  # fmt: skip
    return square * float(scaled)


def _peak(target: BimodalTarget) -> float:
    """Where f is largest beyond -h (or 0 where it only falls, since f(0) >= 0 there)."""
    square, h = target.separation**2, target.half_log_odds

    if drift_slope(-h, target) <= 0:
        return 0.0
    far = square + abs(h) + 8 * target.separation
    return max(0.0, float(brentq(lambda m: float(drift_slope(m, target)), -h, far, xtol=1e-12 * (1 + square))))


def unstable_zero(target: BimodalTarget) -> float | None:
    """The unstable zero of f for w* >= 1/2, or None where a single mean has one mode only."""
    square, h = target.separation**2, target.half_log_odds
    if drift_slope(-h, target) <= 0:
        return None
    if h == 0:
        return 0.0
    low = -h - square - 9 * target.separation
    trough = float(brentq(lambda m: float(drift_slope(m, target)), low, -h, xtol=1e-12 * (1 + square)))
    if float(drift(trough, target)) >= 0:
        return None
    return float(brentq(lambda m: float(drift(m, target)), trough, 0.0, xtol=1e-300, rtol=4 * _EPS))


def light_zero(target: BimodalTarget, unstable: float) -> float:
    """The smallest zero of f for w* >= 1/2, the light mode's own rest, below the unstable one."""
    gap = max(abs(unstable), 1e-9) * 1e-9
    low = -(target.separation**2) - 1e-300
    return float(brentq(lambda m: float(drift(m, target)), low, unstable - gap, xtol=1e-300, rtol=4 * _EPS))
