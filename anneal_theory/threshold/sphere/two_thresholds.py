"""Both thresholds of pairs on the sphere of unequal family weights (theory section 11).

With unequal weights the means part by themselves, so that the starts that collapse do not lie around x = 0: given the
cosines y and c they lie between two thresholds, below which the second mean ends at +mu* and the first at -mu*, and
above which it is the other way round.
"""

import math

import numpy as np

from anneal_theory._types import BoolArray, Exactable, FloatArray, IntArray
from anneal_theory.errors import SolveError
from anneal_theory.exact import exact
from anneal_theory.formulas.sphere_flow import turned_cosine
from anneal_theory.models.runs import sides
from anneal_theory.models.sphere_means import SphereMeans, sphere_means
from anneal_theory.models.verdicts import REVERSED, SPLIT, UNDECIDED
from anneal_theory.problem import BimodalTarget, Dynamics
from anneal_theory.results import Estimate
from anneal_theory.schedules import Schedule
from anneal_theory.threshold.bisection import CHECK_TOLERANCE, MAX_STEPS, TOLERANCE
from anneal_theory.threshold.departures import Departures

_CONFIRM = 3.0  # tolerances: between a threshold and the runs on both of its sides
_LOOKED_AT = 8  # starts of which runs between and beyond the thresholds are made
_INSIDE = np.array([0.05, 0.3, 0.5, 0.7, 0.95])  # of the way from the lower threshold to the upper
_BEYOND = np.array([0.05, 0.3, 1.0, 4.0])  # of it, and of 1, beyond either
_OFF = 10.0  # tolerances that a threshold may be off by: the runs' own errors add up
_ALWAYS = "no pair of this start splits with the first mean at the target's mode +mu*"
_BALANCED = "the target's modes weigh the same and mu_1 + mu_2 lies across the axis: no pair of this start collapses"
_NEVER = "all pairs of this start split with the first mean at the target's mode +mu*"


def uneven_threshold(
    target: BimodalTarget, schedule: Schedule, dynamics: Dynamics, pair_overlap: Exactable, mean_cosine: Exactable,
    dim: int,
) -> Estimate:  # fmt: skip
    """The upper threshold x, with its sign; `parts` has both. `mean_cosine` is y; `dim` where `Dynamics.needs_dim`."""
    y = float(exact(mean_cosine, "mean_cosine"))
    model = sphere_means(target, schedule, dynamics, dim)
    if target.half_log_odds == 0 and y == 0:
        # overlaps of opposite signs keep them: a mean whose overlap is 0 feels no pull, and the push drives it away
        # from the other one. Runs would tell that but for the threshold itself, which never leaves 0
        return Estimate(0.0, 0.0, -math.inf, "exact", note=_BALANCED, parts={"lower": 0.0, "upper": 0.0})
    start = np.array([[y, float(exact(pair_overlap, "pair_overlap"))]])
    thresholds = both_thresholds(model, start, None, TOLERANCE)
    check_pairs(model, start, thresholds, TOLERANCE)
    lower, upper = (math.copysign(math.inf, p) if math.isinf(p) else float(turned_cosine(math.tanh(p), y))
                    for p in thresholds[:, 0].tolist())  # fmt: skip
    error = 0.0 if math.isinf(upper) else _OFF * TOLERANCE * (1.0 - math.tanh(thresholds[1, 0]) ** 2)
    between = f"pairs of x between {lower:.9g} and {upper:.9g} collapse"
    note = between if math.isfinite(upper) else _ALWAYS if upper > 0 else _NEVER
    size = math.log(abs(upper)) if upper else -math.inf
    parts = {"lower": lower, "upper": upper}
    relative = error / abs(upper) if upper and math.isfinite(upper) else 0.0
    return Estimate(upper, error, size, "exact", note=note, log_error=relative, parts=parts)


def both_thresholds(model: SphereMeans, cosines: FloatArray, rough: FloatArray | None, tolerance: float) -> FloatArray:
    """Lower and upper thresholds in the model's places, shape (2, n); `rough` has some, shape (2, k), from before."""
    thresholds = []
    for index, sign in enumerate((-1.0, 1.0)):
        finite = np.zeros(1) if rough is None else sign * rough[index][np.isfinite(rough[index])]
        guess = float(np.median(finite)) if finite.size else 0.0
        own = model.oriented(sign)
        search = Departures(own, tolerance)
        log_thresholds = search.thresholds(cosines, np.full(len(cosines), guess), tolerance, sign)
        thresholds.append(sign * _confirmed(own, cosines, log_thresholds, tolerance))
    return np.stack([np.minimum(thresholds[0], thresholds[1]), thresholds[1]])


def _confirmed(model: SphereMeans, cosines: FloatArray, searched: FloatArray, tolerance: float) -> FloatArray:
    """Thresholds with the right verdicts on both sides, else bisected: a search may find the other component's."""
    thresholds, off = searched + 0.0, _CONFIRM * tolerance

    def beyond(at: IntArray, where: FloatArray) -> BoolArray:
        """Whether starts split in the way that these thresholds bound from below."""
        codes = model.runs.codes(cosines[at], where, tolerance, MAX_STEPS)
        if np.any(codes <= UNDECIDED):
            first = int(np.argmin(codes))
            raise SolveError(
                f"the run from {model.described(cosines[at][first], float(where[first]))} did not settle within "
                f"{MAX_STEPS} steps; move the separation, or let the schedule cool faster"
            )
        return np.asarray(codes == (SPLIT if model.sign > 0 else REVERSED))

    finite = np.flatnonzero(np.isfinite(thresholds))
    right = beyond(finite, np.clip(thresholds[finite] + off, model.lowest, model.highest))
    right &= ~beyond(finite, np.clip(thresholds[finite] - off, model.lowest, model.highest))
    wrong = finite[~right]
    low, high = np.full(wrong.size, model.lowest), np.full(wrong.size, model.highest)
    ends = ~beyond(wrong, low), beyond(wrong, high)
    while wrong.size and np.max(high - low) > tolerance:
        middle = 0.5 * (low + high)
        above = beyond(wrong, middle)
        low, high = np.where(above, low, middle), np.where(above, middle, high)
    thresholds[wrong] = np.where(ends[1], np.where(ends[0], 0.5 * (low + high), -np.inf), np.inf)
    return thresholds


def check_pairs(model: SphereMeans, cosines: FloatArray, thresholds: FloatArray, tolerance: float) -> None:
    """Refuse starts between the thresholds that do not collapse, or beyond either that do not split, each its way."""
    finite = np.flatnonzero(np.isfinite(thresholds).all(axis=0))
    for at in finite[np.linspace(0, finite.size - 1, min(_LOOKED_AT, finite.size)).astype(int)]:
        low, high = thresholds[:, at]
        wide = high - low
        off = np.concatenate([_BEYOND, _BEYOND * wide])
        off = off[off > 100 * tolerance]
        inner = low + _INSIDE * wide if wide > 1e4 * tolerance else np.zeros(0)
        checked = np.concatenate([inner, high + off, low - off])
        codes = model.runs.codes(np.tile(cosines[at], (checked.size, 1)), checked, CHECK_TOLERANCE, MAX_STEPS)
        expected = [codes[: inner.size] * 0 + 1, codes[inner.size :] * 0 - 1]
        ways = np.repeat([SPLIT, REVERSED], off.size)
        if np.any(sides(codes) != np.concatenate(expected)) or np.any(codes[inner.size :] != ways):
            raise SolveError(
                f"the starts that collapse are not an interval: between the thresholds {low:.9g} and {high:.9g} at "
                f"(y, mu_1 . mu_2/R^2) = {cosines[at].tolist()} and beyond, runs end otherwise; "
                'use collapse_probability(method="simulated")'
            )
