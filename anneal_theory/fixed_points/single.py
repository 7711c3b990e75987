"""Where a single mean comes to rest: the zeros of f(m) = R^2 psi(m) - m (theory sections 4 and 6)."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.optimize import brentq

from anneal_theory._types import FloatArray
from anneal_theory.averages import psi, psi_prime
from anneal_theory.formulas.fixed_points import single_drift, single_drift_slope
from anneal_theory.numerals import full_repr
from anneal_theory.problem import BimodalTarget
from anneal_theory.quantities.doors import checked

_EPS = float(np.finfo(np.float64).eps)


@dataclass(frozen=True, repr=False)
class CollapsedState:
    """The coincident pair at the heavy mode, from which a collapsed run escapes only at an exponentially small rate.

    Attributes:
        overlap: s*, the largest zero of f, in the units of R^2.
        escape_rate: kappa* = R^2 psi'(s*), per unit of the clock of theory section 4; 0.0 where a double underflows.

    Both are floats, ``mpf`` or `Ball`, as asked for.
    """

    overlap: Any
    escape_rate: Any

    __repr__ = full_repr


def drift(m: FloatArray | float, target: BimodalTarget) -> FloatArray:
    """f(m) = R^2 psi(m) - m."""
    return np.asarray(single_drift(m, target.separation, np.asarray(psi(m, target))), dtype=np.float64)


def drift_slope(m: FloatArray | float, target: BimodalTarget) -> FloatArray:
    """f'(m)."""
    return np.asarray(single_drift_slope(target.separation, np.asarray(psi_prime(m, target))), dtype=np.float64)


def heavy_overlap(target: BimodalTarget) -> float:
    """The largest zero of f for w* >= 1/2; 0 for a symmetric target whose modes do not hold a mean apart."""
    square, h = target.separation**2, target.half_log_odds
    if h == 0 and drift_slope(0.0, target) <= 0:
        return 0.0
    # Beyond m = -h psi is concave, so f rises from its value at the lower end to a peak and falls through s*.
    low = _peak(target)
    # In units of R^2, since products of tiny values of f underflow.
    found = brentq(
        lambda v: float(single_drift(v, 1.0, float(psi(square * v, target)))), low / square, 1 + 4 * _EPS, xtol=1e-300,
        rtol=4 * _EPS,
    )  # fmt: skip
    return square * float(found)


def _peak(target: BimodalTarget) -> float:
    """Where f is largest beyond -h (or 0 where it only falls, since f(0) >= 0 there)."""
    square, h = target.separation**2, target.half_log_odds

    if drift_slope(-h, target) <= 0:
        return 0.0
    far = square + abs(h) + 8 * target.separation
    return max(0.0, float(brentq(lambda m: float(drift_slope(m, target)), -h, far, xtol=1e-12 * (1 + square))))


@checked
def unstable_overlap(target: BimodalTarget) -> float | None:
    """The unstable zero of f between the basins of the two modes, or None where a single mean has one mode only.

    Source:
        theory sections 4 and 6.

    Example:
        >>> unstable_overlap(BimodalTarget(3, 0.5)), unstable_overlap(BimodalTarget(1, 0.8)) is None
        (0.0, True)
    """
    if target.half_log_odds < 0:
        mirrored = unstable_overlap(target.reflected)
        return None if mirrored is None else -mirrored
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


def light_overlap(target: BimodalTarget) -> float | None:
    """The smallest zero of f (the light mode's own rest, w* >= 1/2), or None where there is only the heavy one."""
    saddle = unstable_overlap(target)
    if saddle is None:
        return None
    square = target.separation**2
    gap = max(abs(saddle), 1e-9) * 1e-9
    return float(brentq(lambda m: float(drift(m, target)), -square - 1e-300, saddle - gap, xtol=1e-300, rtol=4 * _EPS))


@checked
def collapsed_state(target: BimodalTarget, *, digits: int | None = None, certified: bool = False) -> CollapsedState:
    """The coincident pair at the heavy mode: s* and the escape rate kappa*.

    Args:
        target: Any separation; constants refer to the heavy mode (w* and 1 - w* give the same).
        digits: None for doubles (relative error of s* below 1e-12, of kappa* below ``1e-12 max(1, |log kappa*|)``),
            else correct relative digits of both.
        certified: Give balls, proven by interval Newton: s* is the one zero of f in its box.

    Raises:
        DomainError: the digits are no integer from 1 to 10^6.
        PrecisionError: s* is nearly a double zero of f.

    Source:
        theory section 6.

    Example:
        >>> state = collapsed_state(BimodalTarget(3, 0.8))
        >>> round(state.overlap, 12), round(state.escape_rate, 14)
        (8.981355632865, 0.01978001076914)
    """
    heavy = target.heavy_first
    overlap = heavy_overlap(heavy)
    if digits is None and not certified:
        return CollapsedState(overlap, heavy.separation**2 * float(psi_prime(overlap, heavy)))
    from anneal_theory.fixed_points.roots import collapsed_balls, shown  # loads flint, which doubles do not need

    return CollapsedState(*shown(lambda count: collapsed_balls(heavy, count, overlap), digits, certified))
