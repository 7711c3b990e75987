"""Critical temperature, critical separation, hot separation, and which ends a training can have."""

import enum
import math
from fractions import Fraction
from functools import lru_cache

import numpy as np
from scipy.optimize import brentq

from anneal_theory._types import Exactable, FloatArray, IntArray
from anneal_theory.averages import mmse, psi_prime
from anneal_theory.errors import DomainError, NoCollapsedState
from anneal_theory.exact import exact, show
from anneal_theory.problem import BimodalTarget, Dynamics
from anneal_theory.states.pair import FixedPoint, branch_trough, extremum, heavy_branch, pair_loss, rest_points, sampled
from anneal_theory.states.single import heavy_overlap, light_overlap, unstable_overlap

_PROMINENCE = 1e-8  # of a fold in T over the scan: rounding next to s* stays below it
_LARGEST = 200.0
_HOTTEST = 10**300
_COINCIDENT = 1e-9  # escape rates below this leave the collapsed pair closer together than the scan resolves


class Ending(enum.Enum):
    """Which attractors the training has at T = 1."""

    BOTH = "collapsed and split attractors"
    NONE_COLLAPSE = "only split attractors"
    ALL_COLLAPSE = "only collapsed attractors"


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
        DomainError: the temperature is below 1 or not finite.

    Source:
        theory sections 1 and 6.

    Example:
        >>> [(round(p.m1, 2), round(p.m2, 2), p.collapsed) for p in attractors(BimodalTarget(2.2, 0.95))]
        [(5.31, 4.27, True)]
    """
    if not 1 <= temperature < math.inf:
        raise DomainError.of("temperature", "at least 1 and finite", temperature, "use 1 for the end of training")
    weight = float(exact(family_weight, "family_weight"))
    if target.half_log_odds < 0:
        mirrored = _heavy_first_attractors(target.reflected, float(temperature), 1 - weight)
        found = [FixedPoint(-p.m2, -p.m1, p.stable, p.collapsed, p.loss) for p in mirrored]
    else:
        found = list(_heavy_first_attractors(target, float(temperature), weight))
    return tuple(sorted(found, key=lambda p: -(p.m1 + p.m2)))


@lru_cache(maxsize=256)
def _heavy_first_attractors(target: BimodalTarget, temperature: float, weight: float) -> tuple[FixedPoint, ...]:
    found = [point for point in rest_points(target, temperature, weight) if point.stable]
    if temperature == 1:
        found += _coincident(target, weight, found)
        found += _far_split(target, weight, found)
    return tuple(found)


def _coincident(target: BimodalTarget, weight: float, found: list[FixedPoint]) -> list[FixedPoint]:
    """Collapsed pairs that are too close together for the scan: their distance is about 2 sqrt(kappa*)."""
    extra = []
    for m in (heavy_overlap(target), light_overlap(target)):
        if m is None or m == 0 or target.separation**2 * float(psi_prime(m, target)) > _COINCIDENT:
            continue
        if all(abs(p.m1 - m) + abs(p.m2 - m) > 1e-2 * (1 + abs(m)) for p in found):
            extra.append(FixedPoint(m, m, True, True, pair_loss(target, m, m, weight)))
    return extra


def _far_split(target: BimodalTarget, weight: float, found: list[FixedPoint]) -> list[FixedPoint]:
    """The split pair whose means are too far apart to feel each other: each rests at its own zero of f.

    Wherever both modes hold a single mean, pairs on either side of the unstable zero stay there, so a split
    attractor exists; where the scan cannot tell it from the two zeros, they are it to 1e-4 of R^2.
    """
    heavy, light = heavy_overlap(target), light_overlap(target)
    if light is None or any(not p.collapsed for p in found):
        return []
    return [FixedPoint(heavy, light, True, False, pair_loss(target, heavy, light, weight))]


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


def critical_temperature(target: BimodalTarget) -> float:
    """Temperature above which the collapsed state of an aligned pair no longer exists (w1 = 1/2).

    Args:
        target: Separation R > 0 and weight w*; constants refer to the heavy mode.

    Returns:
        T_c >= 1, dimensionless; relative error below 1e-12.

    Raises:
        NoCollapsedState: there is no saddle-node for this target (R below the cusp, or T_c below 1).

    Source:
        theory section 6.

    Example:
        >>> round(critical_temperature(BimodalTarget(3, 0.8)), 5)
        5.58355
    """
    fold = _first_fold(target.heavy_first)
    if fold is None or fold < 1:
        reason = "has no saddle-node" if fold is None else f"loses its collapsed state already at T = {fold:.6g} < 1"
        raise NoCollapsedState(
            f"target {target!r} {reason}, so no temperature is critical; increase separation, or ask attractors()"
        )
    return fold


def _folds(temperatures: FloatArray) -> IntArray:
    """Indices of the maxima of T along a branch that stand out of rounding."""
    from scipy.signal import find_peaks  # costs 0.4 s, so only where it is used

    return np.asarray(find_peaks(temperatures, prominence=_PROMINENCE)[0], np.intp)


def _first_fold(target: BimodalTarget) -> float | None:
    branch = heavy_branch(target, 0.5)
    if unstable_overlap(target) is None and target.half_log_odds == 0:
        return None
    grid, values = sampled(branch)[0]
    # Walking away from s* (the upper end) T rises from 1 - kappa*; the fold is its first maximum above rounding.
    peaks = _folds(values)
    if not len(peaks):
        return None
    return extremum(branch, grid, int(peaks[-1]))[1]


def critical_separation(weight: Exactable) -> float:
    """R_c(w*): the separation at which one of the two kinds of attractor appears at T = 1 (w1 = 1/2).

    Below it every pair ends alike: split for nearly equal weights, collapsed for very unequal ones.

    Args:
        weight: w* in (0, 1).

    Returns:
        R_c, in standard deviations of a mode; absolute error below 1e-9.

    Source:
        theory section 6.

    Example:
        >>> round(critical_separation(0.5), 4)
        2.2596
    """
    share = exact(weight, "weight")
    BimodalTarget(1, share)  # refuses what is no weight
    heavy = max(share, 1 - share)

    def margin(radius: float) -> float:
        return _bistable_margin(BimodalTarget(Fraction(radius), heavy))

    low, high = 0.5, 1.0
    while margin(high) <= 0:
        low, high = high, high * 1.25
        if high > _LARGEST:
            raise NoCollapsedState(
                f"weight {show(share)} has no separation below {_LARGEST} with two kinds of attractors at T = 1; "
                "ask attractors() for the separations of interest"
            )
    while math.isinf(margin(low)) and high - low > 1e-9 * high:
        middle = 0.5 * (low + high)
        low, high = (low, middle) if margin(middle) > 0 else (middle, high)
    return float(brentq(margin, low, high, xtol=1e-10)) if math.isfinite(margin(low)) else 0.5 * (low + high)


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
    lowest = branch_trough(branch, grid, values, peak)
    return min(highest, 1.0 - lowest)


def hot_separation(temperature: Exactable, family_weight: Exactable = 0.5) -> float:
    """D_T, the distance at which a pair across the target's axis settles at a temperature.

    Args:
        temperature: T >= 1 and finite.
        family_weight: w1 (the natural flow where it is not 1/2).

    Returns:
        D_T >= 0 in standard deviations; relative error below 1e-12.

    Raises:
        DomainError: the temperature is below 1, or a number is out of range.

    Source:
        theory section 7: G(D; w1)/(w1 w2) = 1/T.

    Example:
        >>> round(hot_separation(10), 12), hot_separation(1)
        (3.667285495165, 0.0)
    """
    heat, weight = exact(temperature, "temperature"), exact(family_weight, "family_weight")
    if not 1 <= heat <= _HOTTEST:
        raise DomainError.of("temperature", "from 1 to 1e300", temperature, "a pair colder than 1 merges")
    if heat == 1:
        return 0.0
    product = float(weight * (1 - weight))

    def surplus(distance: float) -> float:
        return math.log(max(float(mmse(distance, weight)), 1e-320) / product) + math.log(heat)

    # Close to T = 1 the separation is about 2 sqrt(T - 1), where log G is flat: solve for it through log1p.
    excess = float(heat - 1)
    if excess < 1e-3:
        return _small_separation(excess, weight)
    return float(brentq(surplus, 1e-6, 76.0, rtol=16e-16, xtol=1e-300))


def _small_separation(excess: float, weight: Fraction) -> float:
    """D_T close to T = 1 from mpmath: 1 - G/(w1 w2) would lose the digits of T - 1 in doubles."""
    import mpmath

    with mpmath.workdps(40):
        product = mpmath.mpf(weight.numerator * (weight.denominator - weight.numerator)) / weight.denominator**2

        def gap(square: "mpmath.mpf") -> "mpmath.mpf":
            value = mmse(mpmath.sqrt(square), weight, digits=36)
            return value / product * (1 + mpmath.mpf(excess)) - 1

        guess = excess / float(product)
        root = mpmath.findroot(gap, (guess * 0.98, guess), tol=1e-60, maxsteps=60, verify=False)
        return float(mpmath.sqrt(root))
