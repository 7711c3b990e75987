"""The exact probability of means on the sphere: the average over both angles that the pair's rotation leaves alone.

The cosine c of the pair and the cosine y of its sum are independent, with densities ~ (1 - t^2)^((d-3)/2); given them
the collapse set is a cap of directions in d - 1 dimensions. At a cosine y_u(c) a pair across the axis goes to neither
mode, and the threshold vanishes like a power of y - y_u: so y is integrated on both sides of it, graded towards it.
All else is smooth, and Gauss-Gegenbauer rules serve; but in few dimensions pairs that start together count, c = 1.
Rules are made finer until P settles.
"""

import math

import numpy as np
from scipy.special import logsumexp

from anneal_theory._types import FloatArray, IntArray
from anneal_theory.errors import SolveError
from anneal_theory.formulas.sphere_flow import sphere_start
from anneal_theory.formulas.start_law import log_chance_offset_large
from anneal_theory.models.free_pair import ALIGNED, VANISHED
from anneal_theory.models.runs import Model
from anneal_theory.models.sphere_pair import SpherePair, sphere_pair
from anneal_theory.numerics.gauss import legendre_rule
from anneal_theory.probability.cap_probability import log_cap, log_erf
from anneal_theory.probability.exact.integrand_scan import FINEST, sharpness
from anneal_theory.probability.sphere.interpolated import interpolated_average, reach_of
from anneal_theory.probability.sphere.rules import LOWER, gegenbauer_rule, log_cosine_density, sum_balances
from anneal_theory.problem import BimodalTarget, Dynamics, SphereInit
from anneal_theory.results import Estimate
from anneal_theory.schedules import Schedule
from anneal_theory.threshold.bisection import CHECK_TOLERANCE, SCAN, Search
from anneal_theory.threshold.departures import Departures
from anneal_theory.threshold.sphere.methods import LIMIT_NOTE, require_biased

_COUNTS = ((10, 5), (15, 7), (22, 9), (33, 13), (50, 19))  # nodes of y on a side, and of c
_FEW = 12  # dimensions up to which starts at the ends of both cosines count
_GRADE = 3  # power by which nodes of c gather at 1 there
_SHARE = 0.02  # of the aim, for the local errors of thresholds; what they leave is below ten times that
_WEIGHTY, _CHECKED = 7.0, 12  # starts whose weight is within so many nats of the largest; how many of them are checked
_LOOKED_AT = 1e-5  # tolerance of runs that start a quarter from the threshold, or farther
_LOOKS = np.array([-8.0, -3.0, -1.0, -0.25, 0.25, 1.0, 3.0, 8.0])
_DEEPEST = 700.0  # nats: the grid of starts reaches as far
_TOLD = 0.01  # deeper, only the size of the logarithm is told: how well it has to settle
_CLIPPED, _UNKNOWN = 1e199, 1e300  # beyond the one a logarithm of erfc is clipped, and its error the other
_BALANCED = 1e-9  # of the widest y: how well y_u is known
_ROUGH, _MODE = 1e-3, 0.0  # of log rho_c at first; the curves of one mode serve the other as well
_ROUNDING = 2.0**-54  # of a double just below 1


def sphere_probability(
    target: BimodalTarget, schedule: Schedule, init: SphereInit, dynamics: Dynamics, relative_error: float,
    law_dim: float,
) -> Estimate:  # fmt: skip
    """P_collapse of means on the sphere; a trained variance moves by its law in `law_dim` dimensions, inf too."""
    model = sphere_pair(target, schedule, dynamics, law_dim)
    # without bias the threshold vanishes at y = 0, and the starts at a typical y tell how large it is
    typical = init.dim**-0.5 if target.half_log_odds == 0 else 0.0
    place = typical or abs(target.half_log_odds) / target.separation**2  # about |y_u|
    first, change, tolerance = _rough(model, typical), math.inf, math.inf
    logs, search = _erf(first, init.dim), Departures(model, _SHARE * relative_error)
    if init.dim > _FEW and min(logs) > -_DEEPEST:
        quick = _interpolated(search, init.dim, logs, (first, typical, place), relative_error)
        if quick is not None:
            return quick
    starts, log_rho = np.zeros((0, 2)), np.zeros(0)
    for counts in _COUNTS:
        before, tolerance = logs, max(_SHARE * relative_error / sharpness(logs), FINEST)
        starts, log_weights = _rule(
            model, init.dim, counts, 6.0 - math.log(relative_error) - max(min(before), -_DEEPEST)
        )
        log_rho = np.clip(_thresholds(search, starts, first, tolerance), VANISHED, ALIGNED)
        inside, beyond = log_cap(log_rho, init.dim - 1)
        inside[log_rho <= VANISHED * (1 - 1e-9)] = -np.inf
        beyond[log_rho >= ALIGNED * (1 - 1e-9)] = -np.inf
        logs = float(logsumexp(inside + log_weights)), float(logsumexp(beyond + log_weights))
        _require_both(logs)
        which = 0 if logs[0] <= logs[1] else 1
        change = abs(logs[which] - before[which])
        if change < max(0.5 * relative_error, -_TOLD * min(logs) if min(logs) < -_DEEPEST else 0.0):
            break
    error = change + 10 * tolerance * sharpness(logs) + _lacking(logs)
    smaller = (inside, beyond)[which] + log_weights
    _check_intervals(model, starts, log_rho, np.flatnonzero(smaller >= smaller.max() - _WEIGHTY))
    note = "" if error <= relative_error else f"the aim of {relative_error:g} was missed: it is about {error:.1g}"
    if min(logs) < -_DEEPEST:  # other starts than those near y = c = 0 then carry it
        error, note = (
            max(error, abs(min(logs))),
            "of the smaller of P and 1 - P only the size of its logarithm is known",
        )
    return _estimate(logs, error, "exact", note)


def _interpolated(
    search: Departures, dim: int, rough: tuple[float, float], known: tuple[float, float, float], relative_error: float
) -> Estimate | None:
    """By interpolation of log rho_c, where it serves; `known`: log rho_c at a y and c = 0, that y, and about |y_u|."""
    # P follows x_c at most in proportion, 1 - P far in its tail much faster
    magnified = sharpness(rough) if rough[1] < rough[0] else 1.0
    tolerance = max(_SHARE * relative_error / magnified, FINEST)
    depth = 6.0 - math.log(relative_error) - min(rough)
    guess, typical, place = known
    reach = reach_of(dim, depth, rough, place, tolerance, relative_error)
    if typical:  # it vanishes like about |y|
        guess += math.log(reach.closest / typical)
    average = interpolated_average(search, reach, guess)
    if average is None or math.isinf(min(average.logs)):
        return None
    error = average.error + 10 * tolerance * magnified + _lacking(average.logs)
    if error > relative_error:
        return None
    weighty = np.flatnonzero(average.log_shares >= average.log_shares.max() - _WEIGHTY)
    _check_intervals(search.model, average.starts, average.log_rho, weighty)
    return _estimate(average.logs, error, "exact", "")


def _lacking(logs: tuple[float, float]) -> float:
    """P and 1 - P are integrated apart: what their sum lacks of 1 is an error of either."""
    least = max(min(logs), math.log(1e-3))
    return abs(math.exp(logs[0]) + math.expm1(logs[1])) / math.exp(least) if min(logs) > math.log(1e-3) else 0.0


def _rule(model: SpherePair, dim: int, counts: tuple[int, int], depth: float) -> tuple[FloatArray, FloatArray]:
    """Starts (y, c), shape (n, 2), and logarithms of their weights."""
    cosines, log_weights = gegenbauer_rule(dim, counts[1]) if dim > _FEW else _graded_rule(dim, counts[0])
    widest = math.sqrt(-math.expm1(-2.0 * depth / (dim - 3))) if dim > 3 else 1.0
    balance, plain = sum_balances(model, cosines, _BALANCED * widest, widest), gegenbauer_rule(dim, 2 * counts[1] - 1)
    t, weights = _unit_rule(counts[0])
    place, slope = t**2 * (3 - 2 * t), 6 * t * (1 - t)  # gathers the nodes at both ends
    starts, logs = [], []
    for cosine, log_weight, middle in zip(cosines, log_weights, balance, strict=True):
        alone = abs(middle) >= LOWER * widest  # all pairs across the axis go to one mode
        if alone and dim > _FEW:
            starts.append(np.stack([plain[0], np.full(plain[0].size, cosine)], axis=1))
            logs.append(log_weight + plain[1])
            continue
        for end in (widest, -widest):
            span = end - (0.0 if alone else middle)
            y = end - span * (1 - place)
            starts.append(np.stack([y, np.full(y.size, cosine)], axis=1))
            logs.append(log_weight + np.log(weights * slope * abs(span)) + log_cosine_density(y, dim))
    return np.concatenate(starts), np.concatenate(logs)


def _unit_rule(count: int) -> tuple[FloatArray, FloatArray]:
    t, weights = legendre_rule(count)
    return 0.5 * (1 + t), 0.5 * weights


def _graded_rule(dim: int, count: int) -> tuple[FloatArray, FloatArray]:
    """Nodes of c that gather at 1, where both means start at one place: in few dimensions such pairs count."""
    t, weights = _unit_rule(count)
    cosines = 1 - 2 * t**_GRADE
    return cosines, np.log(weights * 2 * _GRADE * t ** (_GRADE - 1)) + log_cosine_density(cosines, dim)


def _thresholds(search: Departures, starts: FloatArray, guess: float, tolerance: float) -> FloatArray:
    """log rho_c of all starts."""
    rough = search.thresholds(starts, np.full(len(starts), guess), _ROUGH, _MODE)
    known = np.isfinite(rough)
    log_rho = rough + 0.0
    log_rho[known] = search.thresholds(starts[known], rough[known], tolerance, _MODE)
    return log_rho


def _rough(model: SpherePair, y: float = 0.0) -> float:
    """log rho_c at y and c = 0, to a thousandth."""
    return float(Search(model, 1e-3).thresholds(np.array([[y, 0.0]]), None, 0.5, 1e-3)[0])


def sphere_limit(
    target: BimodalTarget, schedule: Schedule, dim: int, dynamics: Dynamics, relative_error: float
) -> Estimate:
    """The limit of P_collapse in large dimension, erf(sqrt(d/2) x_c) from y = c = 0."""
    model = sphere_pair(target, schedule, dynamics)
    require_biased(target, "large-dim")
    rough = _rough(model)
    sharp = sharpness(_erf(rough, dim))
    tolerance = max(_SHARE * relative_error / sharp, FINEST)
    log_rho = float(Search(model, tolerance).thresholds(np.zeros((1, 2)), np.array([rough]), 1e-3, tolerance)[0])
    Search(model, CHECK_TOLERANCE).check_intervals(np.zeros((1, 2)), np.array([log_rho]), SCAN)
    logs = _erf(log_rho, dim)
    error = 10 * tolerance * sharp if min(logs) > -_CLIPPED else _UNKNOWN
    return _estimate(logs, error, "large-dim", LIMIT_NOTE)


def _erf(log_rho: float, dim: int) -> tuple[float, float]:
    log_x = sphere_start(log_rho, 0.0, 0.0, 1.0)[0]
    inside, beyond = log_erf(np.array([log_x + log_chance_offset_large(float(dim))]))
    return float(inside[0]), float(beyond[0])


def _require_both(logs: tuple[float, float]) -> None:
    """Refuse where all starts that were looked at end alike."""
    if math.isinf(min(logs)):
        raise SolveError(
            "all starts that were looked at end alike, so that the smaller of P and 1 - P is not known; "
            "use a smaller dim, or a slower schedule"
        )


def _check_intervals(model: Model, starts: FloatArray, log_rho: FloatArray, weighty: IntArray) -> None:
    """The collapse set is an interval in x at some of the starts that count."""
    places = weighty[np.linspace(0, weighty.size - 1, _CHECKED).astype(int)]
    Search(model, _LOOKED_AT).check_intervals(starts[places], log_rho[places], _LOOKS)


def _estimate(logs: tuple[float, float], relative: float, method: str, note: str) -> Estimate:
    """The estimate from log P and log(1 - P), of which the smaller has this relative error."""
    _require_both(logs)
    if logs[0] <= logs[1]:
        probability = math.exp(logs[0])
        other = relative * probability / (1 - probability)
        return Estimate(
            probability, probability * relative, logs[0], method, log_complement=math.log1p(-probability), note=note,
            log_error=relative, log_complement_error=other,
        )  # fmt: skip
    complement = math.exp(logs[1])
    return Estimate(
        1 - complement, complement * relative + _ROUNDING, math.log1p(-complement) + 0.0, method,
        log_complement=logs[1], note=note, log_error=relative * complement / (1 - complement),
        log_complement_error=relative,
    )  # fmt: skip
