"""The average of theory section 5 over the initial overlap and distance, for P and for 1 - P at once.

The threshold vanishes like a power of |s0 - s_u| at the unstable zero s_u of f, so each side is integrated in
log|s0 - s_u|; both integrands are scaled by their own peaks, so that either may be as small as 1e-300.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from scipy import integrate, special

from anneal_theory._types import FloatArray
from anneal_theory.separatrix.problem import CollapseProblem
from anneal_theory.separatrix.threshold import log_thresholds

Angle = Callable[[FloatArray], tuple[FloatArray, FloatArray]]

_REACH = 39.0  # standard deviations of s0 looked at first: beyond them the Gaussian is below 1e-330
_FARTHEST = 1e8  # standard deviations looked at when an integrand still rises at the end of a shorter reach
_NEAREST = 1e-10  # of the scale of s0: the closest approach to s_u; what is left out is that small a share
_COARSE = 40
_NEGLIGIBLE = 32.0  # nats below the peak of an integrand


@dataclass(frozen=True)
class Side:
    """One stretch of s0: s0 = centre + sign exp(v) (or centre + v where there is no unstable zero)."""

    centre: float
    sign: float
    low: float
    high: float

    def overlap(self, v: FloatArray) -> FloatArray:
        """s0 at v."""
        return self.centre + (self.sign * np.exp(v) if self.sign else v)

    def log_jacobian(self, v: FloatArray) -> FloatArray:
        """log |ds0/dv|."""
        return v if self.sign else np.zeros_like(v)


@dataclass(frozen=True)
class Averages:
    """log P and log(1 - P) with the relative errors of P and 1 - P."""

    log_inside: float
    log_beyond: float
    error_inside: float
    error_beyond: float


def sides(problem: CollapseProblem, deviation: float, reach: float) -> list[Side]:
    """The stretches of s0 within `reach` standard deviations, for s0 ~ N(0, deviation^2)."""
    if math.isnan(problem.saddle) or abs(problem.saddle) >= reach * deviation:
        return [Side(0.0, 0.0, -reach * deviation, reach * deviation)]
    nearest = math.log(_NEAREST * max(deviation, 1e-3 * abs(problem.saddle)))
    return [
        Side(problem.saddle, sign, nearest, math.log(reach * deviation - sign * problem.saddle)) for sign in (1.0, -1.0)
    ]


@dataclass(frozen=True)
class _Integrand:
    problem: CollapseProblem
    deviation: float
    log_distances: FloatArray
    weights: FloatArray  # rows: the rule over D0 and the coarser one that checks it
    angle: Angle
    tolerance: float
    orientation: float

    def logs(self, side: Side, v: FloatArray, guesses: FloatArray, tolerance: float) -> tuple[FloatArray, ...]:
        """(log rho_c, log inside, log beyond) at v for every distance, shape (points, distances)."""
        s0 = np.repeat(side.overlap(v), self.log_distances.size)
        distances = np.tile(self.log_distances, v.size)
        found = log_thresholds(
            self.problem,
            s0,
            distances,
            tolerance=tolerance,
            guesses=np.repeat(guesses, self.log_distances.size),
            orientation=self.orientation,
        ).reshape(v.size, -1)
        inside, beyond = self.angle(found)
        density = -0.5 * (side.overlap(v) / self.deviation) ** 2 - math.log(self.deviation * math.sqrt(2 * math.pi))
        weight = (density + side.log_jacobian(v))[:, None]
        return found, inside + weight, beyond + weight


def average(
    problem: CollapseProblem,
    deviation: float,
    log_distances: FloatArray,
    weights: FloatArray,
    angle: Angle,
    relative_error: float,
    orientation: float = 1.0,
) -> Averages:
    """Average the chance of collapse over s0 ~ N(0, deviation^2) and a rule over log D0.

    Args:
        weights: Shape (2, distances): the rule and a coarser rule on the same nodes, for the error.
    """
    rule = _Integrand(problem, deviation, log_distances, weights, angle, 0.03 * relative_error, orientation)
    surveys = _surveys(rule)
    peaks = [float(max(getattr(survey, name).max() for survey in surveys)) for name in ("inside", "beyond")]
    totals, errors = np.zeros(4), np.zeros(4)
    for survey in surveys:
        for low, high in survey.stretches(peaks):
            result = integrate.cubature(
                _scaled,
                [low],
                [high],
                args=(rule, survey, peaks),
                rule="gk21",
                rtol=0.3 * relative_error,
                atol=0.1 * relative_error,
                max_subdivisions=60,
            )
            totals += result.estimate
            errors += result.error
    # A share with no weight anywhere within reach is below every double, and so is its logarithm's error.
    with np.errstate(divide="ignore"):
        logs = np.where(np.isfinite(peaks), np.log(totals[:2]) + np.where(np.isfinite(peaks), peaks, 0.0), -np.inf)
    scale = np.where(totals[:2] > 0, totals[:2], 1.0)
    relative = errors[:2] / scale + np.abs(totals[:2] - totals[2:]) / scale
    mismatch = abs(math.exp(min(logs[0], 0.1)) + math.exp(min(logs[1], 0.1)) - 1)
    share = np.exp(np.minimum(logs, 0.0))
    relative = relative + np.where(share > 1e-3, mismatch, 0.0) + 0.1 * relative_error
    return Averages(float(logs[0]), float(logs[1]), float(relative[0]), float(relative[1]))


@dataclass(frozen=True, eq=False)
class _Survey:
    """Both integrands on a coarse grid of one side, at the middle distance."""

    side: Side
    v: FloatArray
    log_rho: FloatArray
    inside: FloatArray
    beyond: FloatArray

    def stretches(self, peaks: list[float]) -> list[tuple[float, float]]:
        """Intervals of v where either integrand matters, cut at the peak of each so that none is stepped over."""
        parts = [part - peak for part, peak in zip((self.inside, self.beyond), peaks, strict=True) if peak > -np.inf]
        matters = np.flatnonzero(np.max(parts, axis=0) > -_NEGLIGIBLE)
        if not matters.size:
            return []
        first, last = max(int(matters[0]) - 1, 0), min(int(matters[-1]) + 1, self.v.size - 1)
        cuts = sorted({first, last, *(min(max(int(np.argmax(part)), first), last) for part in parts)})
        return [(float(self.v[a]), float(self.v[b])) for a, b in pairwise(cuts)]


def _surveys(rule: _Integrand) -> list[_Survey]:
    """Surveys of all sides, far enough out that neither integrand still rises at the far end."""
    reach = _REACH
    while True:
        surveys = [_survey(rule, side, reach) for side in sides(rule.problem, rule.deviation, reach)]
        for name in ("inside", "beyond"):
            best = surveys[int(np.argmax([getattr(survey, name).max() for survey in surveys]))]
            values = getattr(best, name)
            outer = (-1,) if best.side.sign else (0, -1)
            if np.isfinite(values.max()) and any(values[end] > values.max() - _NEGLIGIBLE for end in outer):
                break
        else:
            return surveys
        if reach > _FARTHEST:
            return surveys
        reach *= 10.0


def _survey(rule: _Integrand, side: Side, reach: float) -> _Survey:
    """The grid is dense on the scale of the Gaussian and, in log|s0 - s_u|, close to the unstable zero."""
    gauss = np.sinh(np.linspace(-1.0, 1.0, 2 * _COARSE + 1) * math.asinh(reach)) * rule.deviation
    if side.sign:
        offsets = side.sign * (gauss - side.centre)
        near = np.log(offsets[offsets > 0])
        v = np.concatenate([np.linspace(side.low, side.high, _COARSE), near[(near > side.low) & (near < side.high)]])
    else:
        v = np.concatenate([gauss, [0.0]])
    v = np.unique(v)
    middle = rule.log_distances.size // 2
    single = replace(rule, log_distances=rule.log_distances[middle : middle + 1])
    found, inside, beyond = single.logs(side, v, np.full(v.size, -2.0), 1e-3)
    return _Survey(side, v, np.clip(found[:, 0], -1e7, 15.0), inside[:, 0], beyond[:, 0])


def _scaled(points: FloatArray, rule: _Integrand, survey: _Survey, peaks: list[float]) -> FloatArray:
    """Both integrands over their peaks, by the rule over D0 and by its check; points of shape (n, 1)."""
    v = points[:, 0]
    _, inside, beyond = rule.logs(survey.side, v, np.interp(v, survey.v, survey.log_rho), rule.tolerance)
    values = [
        np.exp(np.minimum(part - peak, 300.0)) if peak > -np.inf else np.zeros(part.shape)
        for part, peak in ((inside, peaks[0]), (beyond, peaks[1]))
    ]
    return np.stack(
        [
            values[0] @ rule.weights[0],
            values[1] @ rule.weights[0],
            values[0] @ rule.weights[1],
            values[1] @ rule.weights[1],
        ],
        axis=-1,
    )


def distance_rule(dim: int, scale: float) -> tuple[FloatArray, FloatArray]:
    """(log D0, weights) for D0 = sqrt(2) sigma chi_d, with a coarser rule on some of the same nodes.

    The nodes are Gauss-Hermite points mapped through the quantiles of chi_d, which is close to linear for large d.
    """
    count = 9 if dim < 16 else 5 if dim < 100 else 3
    z, weights = special.roots_hermitenorm(count)
    lower, upper = special.gammaincinv(0.5 * dim, special.ndtr(z)), special.gammainccinv(0.5 * dim, special.ndtr(-z))
    kept = np.array([1]) if count == 3 else np.arange(0, count, 2)
    # The coarse rule is exact for the Gaussian moments that its nodes allow.
    moments = np.array([0.0 if k % 2 else float(special.factorial2(k - 1)) if k else 1.0 for k in range(kept.size)])
    coarse = np.zeros(count)
    coarse[kept] = np.linalg.solve(np.vander(z[kept], increasing=True).T, moments)
    logs = 0.5 * np.log(4.0 * np.where(z > 0, upper, lower)) + math.log(scale)
    return logs, np.stack([weights / weights.sum(), coarse])
