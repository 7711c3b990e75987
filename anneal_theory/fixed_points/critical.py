"""Critical temperature, critical separation, and which ends a training can have."""

import enum
import math
from fractions import Fraction
from functools import lru_cache
from typing import Any

import numpy as np
from scipy.optimize import brentq

from anneal_theory._types import Exactable, FloatArray, IntArray
from anneal_theory.errors import DomainError, NoCollapsedState, SolveError
from anneal_theory.exact import exact, show
from anneal_theory.fixed_points.pair import FixedPoint, branch_trough, extremum, heavy_branch, sampled
from anneal_theory.fixed_points.rests import rest_points
from anneal_theory.fixed_points.single import unstable_overlap
from anneal_theory.problem import BimodalTarget, Dynamics
from anneal_theory.quantities.doors import checked

_PROMINENCE = 1e-8  # of a fold in T over the scan: rounding next to s* stays below it
_LARGEST = 200.0


class Ending(enum.Enum):
    """Which attractors the training has at T = 1."""

    BOTH = "collapsed and split attractors"
    NONE_COLLAPSE = "only split attractors"
    ALL_COLLAPSE = "only collapsed attractors"


@checked(temperature="rest_temperature")
def attractors(
    target: BimodalTarget, *, temperature: float = 1.0, family_weight: Exactable = 0.5
) -> tuple[FixedPoint, ...]:
    """Stable aligned pairs at a temperature, each once (m1 >= m2).

    Args:
        target: Separation and weight.
        temperature: T >= 1.
        family_weight: w1, the weight of the component with the larger overlap. The fixed points are the same for
            both metrics.

    Raises:
        DomainError: the temperature is not from 1 to 1e300, or the family weight not strictly between 0 and 1, or the
            separation not from 1e-100 to 1e100.

    Source:
        theory sections 1 and 6.

    Example:
        >>> [(round(p.m1, 2), round(p.m2, 2), p.collapsed) for p in attractors(BimodalTarget(2.2, 0.95))]
        [(5.31, 4.27, True)]
    """
    weight = Dynamics(family_weight=family_weight).exact_family_weight
    if target.half_log_odds < 0:
        mirrored = _heavy_first_attractors(target.reflected, float(temperature), 1 - weight)
        found = [FixedPoint(-p.m2, -p.m1, p.stable, p.collapsed, p.loss) for p in mirrored]
    else:
        found = list(_heavy_first_attractors(target, float(temperature), weight))
    return tuple(sorted(found, key=lambda p: -(p.m1 + p.m2)))


@lru_cache(maxsize=256)
def _heavy_first_attractors(target: BimodalTarget, temperature: float, weight: Fraction) -> tuple[FixedPoint, ...]:
    found = tuple(point for point in rest_points(target, temperature, weight) if point.stable)
    if not found:  # the loss is bounded below and grows without bound, so it has a minimum
        raise SolveError(
            f"no attractor of {target!r} was found at T = {temperature:g} and family weight {float(weight):g}, though "
            "there is one: a fault of this package, please report it"
        )
    return found


@checked
def ending(target: BimodalTarget, dynamics: Dynamics) -> Ending:
    """Which ends the training has: theory section 6 below and above the critical separation.

    Example:
        >>> ending(BimodalTarget(2, 0.5), Dynamics()).name, ending(BimodalTarget(2.2, 0.95), Dynamics()).name
        ('NONE_COLLAPSE', 'ALL_COLLAPSE')
    """
    kinds = {point.collapsed for point in attractors(target, family_weight=dynamics.exact_family_weight)}
    if not dynamics.equal_weights:
        kinds |= {p.collapsed for p in attractors(target, family_weight=1 - dynamics.exact_family_weight)}
    if kinds == {True}:
        return Ending.ALL_COLLAPSE
    return Ending.NONE_COLLAPSE if kinds == {False} else Ending.BOTH


@checked
def critical_temperature(target: BimodalTarget, *, digits: int | None = None, certified: bool = False) -> Any:
    """Temperature above which the collapsed state of an aligned pair no longer exists (w1 = 1/2).

    Args:
        target: Separation R > 0 and weight w*; constants refer to the heavy mode.
        digits: None for doubles (relative error below 1e-12), else correct relative digits.
            Python prints 15 digits of an ``mpf``; ``mpmath.nstr(value, digits)`` gives them all.
        certified: Give a `Ball`, proven by interval Newton: it holds the one saddle-node in a box round the one found
            in doubles.

    Returns:
        T_c >= 1, dimensionless; float, ``mpf`` with digits, `Ball` when certified. It grows like e^(R^2/2), and doubles
        end near R = 40; digits start from them and end there too.

    Raises:
        DomainError: T_c is too large for a double (R above about 40).
        NoCollapsedState: there is no saddle-node for this target (R below the cusp, or T_c below 1).
        PrecisionError: the target is too close to the cusp.

    Source:
        theory section 6.

    Example:
        >>> round(critical_temperature(BimodalTarget(3, 0.8)), 5)
        5.58355
    """
    fold = first_fold(target.heavy_first)
    if fold is None or fold[2] < 1:
        reason = "has no saddle-node" if fold is None else f"loses its collapsed state already at T = {fold[2]:.6g} < 1"
        raise NoCollapsedState(
            f"target {target!r} {reason}, so no temperature is critical; increase separation, or ask attractors()"
        )
    if digits is None and not certified:
        return fold[2]
    from anneal_theory.fixed_points.roots import fold_balls, shown  # loads flint, which doubles do not need

    return shown(lambda count: fold_balls(target.heavy_first, count, fold), digits, certified)[2]


def _folds(temperatures: FloatArray) -> IntArray:
    """Indices of the maxima of T along a branch that stand out of rounding."""
    from scipy.signal import find_peaks  # costs 0.4 s, so only where it is used

    return np.asarray(find_peaks(temperatures, prominence=_PROMINENCE)[0], np.intp)


def first_fold(target: BimodalTarget) -> tuple[float, float, float] | None:
    """(m1, m2, T) at the saddle-node of the collapsed pair of a target with w* >= 1/2."""
    branch = heavy_branch(target, 0.5)
    if unstable_overlap(target) is None and target.half_log_odds == 0:
        return None
    grid, values = sampled(branch)[0]
    if not np.all(np.isfinite(values)):
        raise DomainError.of(
            "separation", "small enough for T_c to be a double (up to about 40)", target.separation,
            "T_c grows like e^(R^2/2): for larger R use the formula of docs/derivations/large_separation.md",
        )  # fmt: skip
    # Walking away from s* (the upper end) T rises from 1 - kappa*; the fold is its first maximum above rounding.
    peaks = _folds(values)
    if not len(peaks):
        return None
    m2, heat = extremum(branch, grid, int(peaks[-1]))
    return branch.partner(m2), m2, heat


@checked
def critical_separation(weight: Exactable, *, digits: int | None = None, certified: bool = False) -> Any:
    """R_c(w*): the separation at which one of the two kinds of attractor appears at T = 1 (w1 = 1/2).

    Below it every pair ends alike, at the one attractor that is left: split for nearly equal weights, collapsed for
    very unequal ones. At smaller separations its kind can change once more (at w* = 0.8 it is split below R of about
    1.45 and collapsed from there to R_c); `ending` and `attractors` tell.

    Args:
        weight: w* in (0, 1).
        digits: None for doubles (absolute error below 1e-9), else correct relative digits.
            Python prints 15 digits of an ``mpf``; ``mpmath.nstr(value, digits)`` gives them all.
        certified: Give a `Ball`, proven by interval Newton: it holds the one fold at T = 1 in a box round the one
            found in doubles.

    Returns:
        R_c, in standard deviations of a mode; float, ``mpf`` with digits, `Ball` when certified.

    Raises:
        NoCollapsedState: no separation below the largest one looked at has both kinds of attractors.
        PrecisionError: two folds are too close.

    Source:
        theory section 6.

    Example:
        >>> round(critical_separation(0.5), 4)
        2.2596
    """
    share = exact(weight, "weight")
    BimodalTarget(1, share)  # refuses what is no weight
    heavy = max(share, 1 - share)
    found = _critical_double(heavy)
    if digits is None and not certified:
        return found
    from anneal_theory.fixed_points.roots import separation_balls, shown  # loads flint, which doubles do not need

    pair = _fold_at_one(BimodalTarget(Fraction(found), heavy))
    return shown(lambda count: separation_balls(heavy, count, (*pair, found)), digits, certified)[2]


@lru_cache(maxsize=256)
def _critical_double(heavy: Fraction) -> float:
    """R_c in double precision for w* >= 1/2."""

    def margin(radius: float) -> float:
        return _bistable_margin(BimodalTarget(Fraction(radius), heavy))

    low, high = 0.5, 1.0
    while margin(high) <= 0:
        low, high = high, high * 1.25
        if high > _LARGEST:
            raise NoCollapsedState(
                f"weight {show(heavy)} has no separation below {_LARGEST} with two kinds of attractors at T = 1; "
                "ask attractors() for the separations of interest"
            )
    while math.isinf(margin(low)) and high - low > 1e-9 * high:
        middle = 0.5 * (low + high)
        low, high = (low, middle) if margin(middle) > 0 else (middle, high)
    return float(brentq(margin, low, high, xtol=1e-10)) if math.isfinite(margin(low)) else 0.5 * (low + high)


def _fold_at_one(target: BimodalTarget) -> tuple[float, float]:
    """(m1, m2) of the fold whose temperature is closest to 1."""
    branch = heavy_branch(target, 0.5)
    grid, values = sampled(branch)[0]
    peak = int(_folds(values)[-1])
    folds = [extremum(branch, grid, peak), branch_trough(branch, grid, values, peak)]
    m2, _ = min(folds, key=lambda fold: abs(fold[1] - 1.0))
    return branch.partner(m2), m2


def _bistable_margin(target: BimodalTarget) -> float:
    """How far T = 1 lies between the folds of the split and the collapsed pair: positive where both are attractors.

    Both folds move smoothly with the separation, beyond R_c too; minus infinity where there is no fold left.
    """
    branch = heavy_branch(target, 0.5)
    if unstable_overlap(target) is None and target.half_log_odds == 0:
        return -math.inf
    grid, values = sampled(branch)[0]
    peaks = _folds(values)
    if not len(peaks):
        return -math.inf
    peak = int(peaks[-1])
    highest = extremum(branch, grid, peak)[1] - 1.0
    if unstable_overlap(target) is not None:
        return highest  # a split pair exists whatever the temperature
    lowest = branch_trough(branch, grid, values, peak)[1]
    return min(highest, 1.0 - lowest)
