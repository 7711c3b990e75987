"""Critical temperature, critical separation, and which ends a training can have."""

import enum
import math
from fractions import Fraction
from functools import lru_cache
from typing import Any

from scipy.optimize import brentq

from anneal_theory._types import Constraint, Exactable, VarianceRule
from anneal_theory.errors import NoCollapsedState, SolveError
from anneal_theory.exact import exact, show
from anneal_theory.fixed_points.landscape import landscape_of
from anneal_theory.fixed_points.pair import FixedPoint
from anneal_theory.fixed_points.rests import rest_points
from anneal_theory.problem import BimodalTarget, Dynamics
from anneal_theory.quantities.doors import checked

_LARGEST = 200.0


class AttractorSet(enum.Enum):
    """Which attractors the training has at T = 1."""

    BOTH = "collapsed and split attractors"
    NONE_COLLAPSE = "only split attractors"
    ALL_COLLAPSE = "only collapsed attractors"


@checked(temperature="rest_temperature", variance="variance_rule")
def attractors(
    target: BimodalTarget,
    *,
    temperature: float = 1.0,
    family_weight: Exactable = 0.5,
    constraint: Constraint = "free",
    variance: VarianceRule = "fixed",
) -> tuple[FixedPoint, ...]:
    """Stable pairs at a temperature, each once: aligned ones of free means (m1 >= m2), and all on the sphere.

    Args:
        target: Separation and weight.
        temperature: T >= 1.
        family_weight: w1, of free means the weight of the component with the larger overlap; on the sphere that of the
            first mean, whichever has the larger one (m1 >= m2 for equal weights). The fixed points are the same for
            both metrics.
        constraint: "free", or "sphere" for means held on ``|mu_i| = R`` (large dimension), whose attractors, each a
            `SphereFixedPoint`, have the pair's overlap and the variance too.
        variance: On the sphere "fixed" at 1, or "trained" or "follows-temperature", both of which rest at v = T.

    Raises:
        DomainError: the temperature is not from 1 to 1e300, or the family weight not strictly between 0 and 1, or the
            separation not from 1e-100 to 1e100. (On the sphere, beyond about R = 7 at T = 1, doubles do not tell the
            means of a collapsed pair apart: both are given at the mode.)

    Source:
        theory sections 1, 6 and 11.

    Example:
        >>> [(round(p.m1, 2), round(p.m2, 2), p.collapsed) for p in attractors(BimodalTarget(2.2, 0.95))]
        [(5.31, 4.27, True)]
        >>> found = attractors(BimodalTarget(3, 0.8), constraint="sphere")
        >>> [(round(p.m1, 3), round(p.pair_overlap, 4), round(p.loss, 4), p.collapsed) for p in found]
        [(8.999, 0.9996, 0.2214, True), (9.0, -1.0, 0.2221, False), (-8.996, 0.9983, 1.6015, True)]
    """
    rules = Dynamics(family_weight=family_weight, constraint=constraint, variance=variance)  # refuses what does not go
    weight = rules.exact_family_weight
    if constraint == "sphere":
        from anneal_theory.fixed_points.sphere_rests import sphere_attractors  # loads much that free means do not need

        rest = 1.0 if variance == "fixed" else float(temperature)
        return sphere_attractors(target, float(temperature), rest, weight)
    key = "attractors", target, float(temperature), weight
    pairs: tuple[FixedPoint, ...] = landscape_of(target).heavy.remembered(key, lambda: _attractors(*key[1:]))
    return pairs


def _attractors(target: BimodalTarget, temperature: float, weight: Fraction) -> tuple[FixedPoint, ...]:
    stable = [point for point in rest_points(target, temperature, weight) if point.stable]
    if not stable:  # the loss is bounded below and grows without bound, so it has a minimum
        raise SolveError(
            f"no attractor of {target!r} was found at T = {temperature:g} and family weight {float(weight):g}, though "
            "there is one: a fault of this package, please report it"
        )
    return tuple(sorted(stable, key=lambda p: -(p.m1 + p.m2)))


@checked
def attractor_set(target: BimodalTarget, dynamics: Dynamics) -> AttractorSet:
    """Which ends the training has: theory section 6 below and above the critical separation."""
    kinds = {point.collapsed for point in attractors(target, family_weight=dynamics.exact_family_weight)}
    if not dynamics.equal_weights:
        kinds |= {p.collapsed for p in attractors(target, family_weight=1 - dynamics.exact_family_weight)}
    if kinds == {True}:
        return AttractorSet.ALL_COLLAPSE
    return AttractorSet.NONE_COLLAPSE if kinds == {False} else AttractorSet.BOTH


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
    mode = landscape_of(target).heavy
    fold = mode.critical_fold(target)
    if digits is None and not certified:
        return fold[2]
    from anneal_theory.fixed_points.roots import shown  # loads flint, which doubles do not need

    return shown(mode.fold_at, digits, certified)[2]


@checked
def critical_separation(weight: Exactable, *, digits: int | None = None, certified: bool = False) -> Any:
    """R_c(w*): the separation at which one of the two kinds of attractor appears at T = 1 (w1 = 1/2).

    Below it every pair ends alike, at the one attractor that is left: split for nearly equal weights, collapsed for
    very unequal ones. At smaller separations its kind can change once more (at w* = 0.8 it is split below R of about
    1.45 and collapsed from there to R_c); `attractor_set` and `attractors` tell.

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
    separation = _critical_double(heavy)
    if digits is None and not certified:
        return separation
    from anneal_theory.fixed_points.roots import separation_balls, shown  # loads flint, which doubles do not need

    pair = _fold_at_one(BimodalTarget(Fraction(separation), heavy))
    return shown(lambda count: separation_balls(heavy, count, (*pair, separation)), digits, certified)[2]


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
    mode = landscape_of(target).heavy
    peak = int(mode.curve.peaks[-1])
    m2, _ = min(mode.curve.extremum(peak), mode.curve.trough(peak), key=lambda fold: abs(fold[1] - 1.0))
    return mode.curve.partner(m2), m2


def _bistable_margin(target: BimodalTarget) -> float:
    """How far T = 1 lies between the folds of the split and the collapsed pair: positive where both are attractors.

    Both folds move smoothly with the separation, beyond R_c too; minus infinity where there is no fold left.
    """
    mode = landscape_of(target).heavy
    if mode.fold is None:
        return -math.inf
    highest = mode.fold[2] - 1.0
    if mode.unstable is not None:
        return highest  # a split pair exists whatever the temperature
    return min(highest, 1.0 - mode.curve.trough(int(mode.curve.peaks[-1]))[1])
