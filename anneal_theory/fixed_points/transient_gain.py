"""The gain of the transient C(s0): how much rho grows beyond the escape rate on the way to the collapsed state."""

import math
from collections.abc import Callable
from fractions import Fraction
from functools import lru_cache
from typing import Any

import numpy as np

from anneal_theory._types import Exactable, FloatArray
from anneal_theory.averages import psi, psi_prime
from anneal_theory.errors import DomainError, SolveError
from anneal_theory.exact import exact
from anneal_theory.fixed_points.landscape import Mode, landscape_of
from anneal_theory.fixed_points.single import drift
from anneal_theory.formulas.fixed_points import single_drift
from anneal_theory.formulas.transient_gain import gain_quotient
from anneal_theory.problem import BimodalTarget
from anneal_theory.quantities.doors import checked

_NODES = 16
_TOLERANCE = 2e-14  # of log C
_HALVINGS = 40
_GRADING = 0.6  # of the panels towards the unstable zero
_STEEP = 1e-3  # relative size of f at the start below which its doubles lose too many digits
_EASY_DIGITS = 17


@checked
def transient_gain(
    target: BimodalTarget, s0: Exactable = 0, *, digits: int | None = None, certified: bool = False
) -> Any:
    """C(s0), the gain of the transient from s0 to the collapsed state.

    ``C = exp int_{s0}^{s*} (R^2 psi'(s) - kappa*)/f(s) ds`` with ``f(s) = R^2 psi(s) - s``: over the transient rho
    grows by C times what the escape rate kappa* alone would give.

    Args:
        target: Separation and weight; the heavy mode's collapsed state is meant.
        s0: Mean overlap at the start, in the basin of the heavy mode (either mode's, if the weights are equal).
        digits: None for doubles (relative error below 1e-12), else correct relative digits.
            Python prints 15 digits of an ``mpf``; ``mpmath.nstr(value, digits)`` gives them all.
        certified: Return a `Ball` that encloses the truth.

    Returns:
        C > 0; float, ``mpf`` with digits, `Ball` when certified.

    Raises:
        DomainError: s0 lies outside the basin, or at the unstable fixed point of a symmetric target, where C diverges.
        PrecisionError: the digits are out of reach (s0 too close to the unstable zero of f).

    Source:
        theory section 6.

    Example:
        >>> round(transient_gain(BimodalTarget(3, 0.8)), 5)
        12.91865
    """
    heavy, mode = target.heavy_first, landscape_of(target).heavy
    start = exact(s0, "s0")
    start = start if heavy is target else -start
    start = abs(start) if heavy.exact_weight == Fraction(1, 2) else start
    _require_basin(mode, start, s0)
    if digits is not None or certified:
        from anneal_theory.fixed_points.gain_digits import gain  # loads flint, which doubles do not need

        return gain(mode, start, digits, certified)
    return _double(mode, start)


def _require_basin(mode: Mode, start: Fraction, s0: object) -> None:
    """Refuse a start that does not run to the heavy mode: a zero of f lies between."""
    saddle, target = mode.unstable, mode.target
    if saddle is None:
        return
    if target.exact_weight == Fraction(1, 2):
        if start == 0:
            raise DomainError.of(
                "s0", "other than 0 for a symmetric target", s0,
                "the gain diverges there like |s0|^(-(kappa_0 - kappa*)/(kappa_0 - 1)), so give a typical |s0| > 0",
            )  # fmt: skip
        return
    if float(start) > saddle + 1e-6 * (1 + abs(saddle)):
        return
    below = float(start) < saddle - 1e-6 * (1 + abs(saddle))
    if below or single_drift(start, target.exact_separation, exact(psi(start, target, digits=30))) <= 0:
        raise DomainError.of(
            "s0",
            f"in the basin of the heavy mode, above the unstable overlap {saddle:.12g} (times -1 where w* < 1/2)",
            s0,
            "a run from here goes to the light mode; start nearer to the heavy one",
        )


def _double(mode: Mode, start: Fraction) -> float:
    target, s0 = mode.target, float(start)
    pull = float(drift(s0, target))
    if abs(s0 - mode.overlap) <= 1e-300 or start == 0 == mode.overlap:
        return 1.0
    steep = abs(pull) < _STEEP * (abs(s0) + target.separation**2 * abs(float(psi(s0, target))))
    if (steep and abs(s0 - mode.overlap) > 1e-2 * mode.overlap) or mode.escape_rate > 1 - _STEEP:
        from anneal_theory.fixed_points.gain_digits import gain  # f cancels: its doubles are not good enough

        return float(gain(mode, start, _EASY_DIGITS, False))

    def integrand(s: FloatArray) -> FloatArray:
        averages = np.asarray(psi(s, target)), np.asarray(psi_prime(s, target))
        above, below = gain_quotient(s, target.separation, *averages, mode.escape_rate)
        return np.asarray(above / below)

    return math.exp(_integral(integrand, _edges(mode, s0)))


def _edges(mode: Mode, s0: float) -> FloatArray:
    """First panel edges from s0 to s*: psi varies over R round -h, g over the distance from the unstable zero."""
    target, star, saddle = mode.target, mode.overlap, mode.unstable
    radius = target.separation
    steps = radius * np.concatenate([np.arange(0.0, 4.0, 0.8), 4.0 * 1.5 ** np.arange(0, 60)])
    marks = np.concatenate([-target.half_log_odds - steps, -target.half_log_odds + steps])
    low, high = min(s0, star), max(s0, star)
    if saddle is not None and low > saddle:
        count = max(0, math.ceil(math.log(radius / (low - saddle)) / math.log(1 / _GRADING)))
        marks = np.concatenate([marks, saddle + radius * _GRADING ** np.arange(count)])
    inside = np.unique(marks[(marks > low) & (marks < high)])
    edges = np.concatenate([[low], inside, [high]])
    return edges if s0 <= star else edges[::-1]


def _integral(integrand: Callable[[FloatArray], FloatArray], edges: FloatArray) -> float:
    """Gauss-Legendre on panels, halved until both halves agree."""
    left, right, total = edges[:-1], edges[1:], 0.0
    whole = _panels(integrand, left, right)
    for _ in range(_HALVINGS):
        middle = 0.5 * (left + right)
        halves = np.stack([_panels(integrand, left, middle), _panels(integrand, middle, right)])
        rough = np.abs(whole - halves.sum(axis=0)) > _TOLERANCE * np.maximum(1.0, np.abs(whole))
        total += float(halves[:, ~rough].sum())
        if not rough.any():
            return total
        whole = halves[:, rough].reshape(-1)
        left, right = np.r_[left[rough], middle[rough]], np.r_[middle[rough], right[rough]]
    raise SolveError("the integral of the transient gain did not settle; ask for digits=17 instead")


def _panels(integrand: Callable[[FloatArray], FloatArray], left: FloatArray, right: FloatArray) -> FloatArray:
    nodes, weights = _rule()
    width = right - left
    points = left[:, None] + width[:, None] * nodes
    return np.asarray(width * (integrand(points.reshape(-1)).reshape(points.shape) @ weights))


@lru_cache(maxsize=1)
def _rule() -> tuple[FloatArray, FloatArray]:
    nodes, weights = np.polynomial.legendre.leggauss(_NODES)
    return (nodes + 1) / 2, weights / 2
