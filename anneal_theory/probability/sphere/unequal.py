"""The exact probability on the sphere where the family's weights differ: quasi-Monte Carlo over pairs of thresholds.

With unequal weights the means part by themselves, so that the starts that collapse do not lie around x = 0: given the
cosines y and c they lie between two thresholds, below which one component ends at +mu* and above which the other does.
The direction of mu_1 - mu_2 is uniform in d - 1 dimensions, so that each start (y, c) has a chance of its own, exactly,
and only y and c are drawn: from scrambled Sobol nets, whose scatter is the error.
"""

import math

import numpy as np
from scipy import special

from anneal_theory._types import BoolArray, FloatArray, IntArray
from anneal_theory.errors import SolveError
from anneal_theory.formulas.start_law import log_rho_of_place
from anneal_theory.initial_law import sobol_points
from anneal_theory.models.runs import sides
from anneal_theory.models.sphere_means import SphereMeans, sphere_means
from anneal_theory.models.verdicts import REVERSED, SPLIT, UNDECIDED
from anneal_theory.probability.cap_probability import log_cap
from anneal_theory.probability.exact.integrand_scan import FINEST
from anneal_theory.problem import BimodalTarget, Dynamics, SphereInit
from anneal_theory.results import Estimate
from anneal_theory.schedules import Schedule
from anneal_theory.threshold.bisection import CHECK_TOLERANCE, MAX_STEPS
from anneal_theory.threshold.departures import Departures

STARTS = 1024  # unless given
_NETS = 16
_ROUGH = 1e-3  # tolerance of thresholds that tell how fine they have to be
_SHARE = 1e-4  # of the smaller of P and 1 - P that the thresholds may leave
_ALIGNED = 700.0  # the place that stands for an infinite one
_LARGE = 10**7  # dimensions from which a cosine is Gaussian to 1e-7 of itself
_CONFIRM = 3.0  # tolerances: between a threshold and the runs on both of its sides
_LOOKED_AT = 8  # starts of which runs between and beyond the thresholds are made
_INSIDE = np.array([0.05, 0.3, 0.5, 0.7, 0.95])  # of the way from the lower threshold to the upper
_BEYOND = np.array([0.05, 0.3, 1.0, 4.0])  # of it, and of 1, beyond either


def unequal_probability(
    target: BimodalTarget, schedule: Schedule, init: SphereInit, dynamics: Dynamics, starts: int, seed: int
) -> Estimate:
    """P_collapse of means on the sphere for any weights of the family and a common variance.

    Args:
        target: Separation and weight.
        schedule: Ends at temperature 1.
        init: Dimension.
        dynamics: With the constraint "sphere", and a variance that is fixed or follows the temperature.
        starts: Pairs (y, c) whose thresholds are found, at least; rounded up to 16 nets of a power of two.
        seed: Of the scramblings.

    Returns:
        Estimate whose `error` is the standard error over the scramblings and what the thresholds may be off by.

    Raises:
        DomainError: what the model does not treat.
        SolveError: a run stayed undecided, or the starts that collapse are no interval.

    Source:
        theory section 11.
    """
    model = sphere_means(target, schedule, dynamics)
    log2_count = max(3, math.ceil(math.log2(starts / _NETS)))
    nets = [sobol_points(log2_count, seed * _NETS + net, 2) for net in range(_NETS)]
    cosines = cosine_quantiles(np.concatenate(nets), init.dim)
    rough = _both(model, cosines[:: 1 << max(log2_count - 3, 0)], None, _ROUGH)
    smaller = min(float(chance.mean()) for chance in chances(rough, init.dim))
    steepness = math.sqrt(init.dim)  # of the chance in a threshold, at most
    tolerance = min(max(_SHARE * smaller / steepness, FINEST), _ROUGH)
    found = _both(model, cosines, rough, tolerance)
    _check(model, cosines, found, tolerance)
    collapse, split = (chance.reshape(_NETS, -1).mean(axis=1) for chance in chances(found, init.dim))
    value, rest = float(collapse.mean()), float(split.mean())
    which = collapse if value <= rest else split
    scatter = float(np.std(which, ddof=1)) / math.sqrt(_NETS)
    left = 20 * tolerance * steepness * math.sqrt(0.5 / math.pi)  # ten of its tolerances, of either threshold
    return _estimate(value, rest, math.hypot(scatter, left), f"{_NETS} scrambled nets of {1 << log2_count} starts")


def cosine_quantiles(uniforms: FloatArray, dim: int) -> FloatArray:
    """Cosines of uniform directions, of density ~ (1 - t^2)^((d-3)/2), at uniforms of (0, 1).

    Example:
        >>> cosine_quantiles(np.array([0.25, 0.5]), 3).round(6) + 0.0
        array([-0.5,  0. ])
    """
    if dim >= _LARGE:
        return np.asarray(special.ndtri(uniforms) / math.sqrt(dim))
    half = 0.5 * (dim - 1)
    # in t^2: 2 B - 1 of a symmetric beta variable loses the digits of a small cosine
    squares = special.betaincinv(0.5, half, np.abs(2.0 * uniforms - 1.0))
    return np.asarray(np.copysign(np.sqrt(squares), uniforms - 0.5))


def chances(thresholds: FloatArray, dim: int) -> tuple[FloatArray, FloatArray]:
    """Chances to collapse and to split of starts between two thresholds, and beyond them.

    Args:
        thresholds: Lower and upper p, shape (2, n).
        dim: d.
    """
    with np.errstate(divide="ignore"):
        log_rho = log_rho_of_place(np.minimum(np.abs(thresholds), _ALIGNED))
    inside, beyond = (np.exp(one) for one in log_cap(log_rho, dim - 1))
    inside, beyond = np.where(np.isinf(thresholds), 1.0, inside), np.where(np.isinf(thresholds), 0.0, beyond)
    low, high = np.sign(thresholds)
    across = low * high <= 0  # the starts with x = 0 collapse
    between = 0.5 * np.where(across, inside[0] + inside[1], np.abs(inside[1] - inside[0]))
    apart = 0.5 * (beyond[0] + beyond[1])
    return between, np.where(across, apart, 1.0 - between)


def _both(model: SphereMeans, cosines: FloatArray, rough: FloatArray | None, tolerance: float) -> FloatArray:
    """Lower and upper thresholds of all starts, shape (2, n); none is below the other."""
    found = []
    for place, sign in enumerate((-1.0, 1.0)):
        known = np.zeros(1) if rough is None else sign * rough[place][np.isfinite(rough[place])]
        guess = float(np.median(known)) if known.size else 0.0
        own = model.oriented(sign)
        search = Departures(own, tolerance)
        places = search.thresholds(cosines, np.full(len(cosines), guess), tolerance, sign)
        found.append(sign * _confirmed(own, cosines, places, tolerance))
    return np.stack([np.minimum(found[0], found[1]), found[1]])


def _confirmed(model: SphereMeans, cosines: FloatArray, places: FloatArray, tolerance: float) -> FloatArray:
    """Thresholds with the right verdicts on both of their sides; those without are bisected.

    A search goes by how far off a run's nearest threshold is, and that of the other component may be the nearer one.
    """
    found, off = places + 0.0, _CONFIRM * tolerance

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

    finite = np.flatnonzero(np.isfinite(found))
    right = beyond(finite, np.clip(found[finite] + off, model.lowest, model.highest))
    right &= ~beyond(finite, np.clip(found[finite] - off, model.lowest, model.highest))
    wrong = finite[~right]
    low, high = np.full(wrong.size, model.lowest), np.full(wrong.size, model.highest)
    ends = ~beyond(wrong, low), beyond(wrong, high)
    while wrong.size and np.max(high - low) > tolerance:
        middle = 0.5 * (low + high)
        above = beyond(wrong, middle)
        low, high = np.where(above, low, middle), np.where(above, middle, high)
    found[wrong] = np.where(ends[1], np.where(ends[0], 0.5 * (low + high), -np.inf), np.inf)
    return found


def _check(model: SphereMeans, cosines: FloatArray, thresholds: FloatArray, tolerance: float) -> None:
    """Starts between the thresholds collapse, and those beyond either split, each its way."""
    finite = np.flatnonzero(np.isfinite(thresholds).all(axis=0))
    for at in finite[np.linspace(0, finite.size - 1, min(_LOOKED_AT, finite.size)).astype(int)]:
        low, high = thresholds[:, at]
        wide = high - low
        off = np.concatenate([_BEYOND, _BEYOND * wide])
        off = off[off > 100 * tolerance]
        inner = low + _INSIDE * wide if wide > 1e4 * tolerance else np.zeros(0)
        places = np.concatenate([inner, high + off, low - off])
        codes = model.runs.codes(np.tile(cosines[at], (places.size, 1)), places, CHECK_TOLERANCE, MAX_STEPS)
        expected = [codes[: inner.size] * 0 + 1, codes[inner.size :] * 0 - 1]
        ways = np.repeat([SPLIT, REVERSED], off.size)
        if np.any(sides(codes) != np.concatenate(expected)) or np.any(codes[inner.size :] != ways):
            raise SolveError(
                f"the starts that collapse are not an interval: between the thresholds {low:.9g} and {high:.9g} at "
                f"(y, mu_1 . mu_2/R^2) = {cosines[at].tolist()} and beyond, runs end otherwise; "
                'use collapse_probability(method="simulated")'
            )


def _estimate(value: float, rest: float, error: float, nets: str) -> Estimate:
    logs = [math.log(one) if one > 0 else -math.inf for one in (value, rest)]
    note = f"quasi-Monte Carlo over {nets} between two thresholds each; the error is a standard error"
    if min(value, rest) == 0.0:
        raise SolveError(
            "all starts that were drawn end alike, so that the smaller of P and 1 - P is not known; "
            "use a smaller dim, or a slower schedule"
        )
    return Estimate(value, error, logs[0], "exact", log_complement=logs[1], note=note)
