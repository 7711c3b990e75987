"""The average of theory section 5 over the initial overlap and distance, for P and for 1 - P at once.

The threshold vanishes like a power of |s0 - s_u| at the unstable zero s_u of f, so each side is integrated in
log|s0 - s_u|; both integrands are scaled by their own peaks, so that either may be as small as 1e-300.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy import integrate, special

from anneal_theory._types import FloatArray
from anneal_theory.separatrix.problem import CollapseProblem
from anneal_theory.separatrix.threshold import log_thresholds

Angle = Callable[[FloatArray], tuple[FloatArray, FloatArray]]

_REACH = 39.0  # standard deviations of s0 that are looked at: beyond them the Gaussian is below 1e-330
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


def sides(problem: CollapseProblem, deviation: float) -> list[Side]:
    """The stretches of s0 to integrate over, for s0 ~ N(0, deviation^2)."""
    if math.isnan(problem.saddle):
        return [Side(0.0, 0.0, -_REACH * deviation, _REACH * deviation)]
    nearest = math.log(_NEAREST * max(deviation, 1e-3 * abs(problem.saddle)))
    out = []
    for sign in (1.0, -1.0):
        farthest = _REACH * deviation - sign * problem.saddle
        if farthest > math.exp(nearest):
            out.append(Side(problem.saddle, sign, nearest, math.log(farthest)))
    return out


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
    surveys = [(side, *_survey(rule, side)) for side in sides(problem, deviation)]
    peaks = [max(float(s[3].max()) for s in surveys), max(float(s[4].max()) for s in surveys)]
    totals, errors = np.zeros(4), np.zeros(4)
    for side, v, found, inside, beyond in surveys:
        for low, high in _stretches(v, inside - peaks[0], beyond - peaks[1]):

            def scaled(
                points: FloatArray, side: Side = side, v: FloatArray = v, found: FloatArray = found
            ) -> FloatArray:
                return _scaled(rule, side, points[:, 0], np.interp(points[:, 0], v, found), peaks)

            result = integrate.cubature(
                scaled,
                [low],
                [high],
                rule="gk21",
                rtol=0.3 * relative_error,
                atol=0.1 * relative_error,
                max_subdivisions=60,
            )
            totals += result.estimate
            errors += result.error
    relative = errors[:2] / totals[:2] + np.abs(totals[:2] - totals[2:]) / totals[:2]
    logs = np.log(totals[:2]) + np.array(peaks)
    mismatch = abs(math.exp(min(logs[0], 0.1)) + math.exp(min(logs[1], 0.1)) - 1)
    share = np.exp(np.minimum(logs, 0.0))
    relative = relative + np.where(share > 1e-3, mismatch, 0.0) + 0.1 * relative_error
    return Averages(float(logs[0]), float(logs[1]), float(relative[0]), float(relative[1]))


def _survey(rule: _Integrand, side: Side) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    """(v, log rho_c, log inside, log beyond) on a coarse grid at the middle distance."""
    v = np.linspace(side.low, side.high, _COARSE if side.sign else 3 * _COARSE)
    middle = rule.log_distances.size // 2
    single = _Integrand(
        rule.problem,
        rule.deviation,
        rule.log_distances[middle : middle + 1],
        rule.weights,
        rule.angle,
        0.0,
        rule.orientation,
    )
    found, inside, beyond = single.logs(side, v, np.full(v.size, -2.0), 1e-3)
    return v, np.clip(found[:, 0], -1e7, 15.0), inside[:, 0], beyond[:, 0]


def _stretches(v: FloatArray, inside: FloatArray, beyond: FloatArray) -> list[tuple[float, float]]:
    """The part of the grid where either integrand matters, as intervals of a few grid steps around their peaks."""
    matters = np.flatnonzero(np.maximum(inside, beyond) > -_NEGLIGIBLE)
    if not matters.size:
        return []
    return [(float(v[max(matters[0] - 1, 0)]), float(v[min(matters[-1] + 1, v.size - 1)]))]


def _scaled(rule: _Integrand, side: Side, v: FloatArray, guesses: FloatArray, peaks: list[float]) -> FloatArray:
    _, inside, beyond = rule.logs(side, v, guesses, rule.tolerance)
    values = [np.exp(np.minimum(part - peak, 300.0)) for part, peak in ((inside, peaks[0]), (beyond, peaks[1]))]
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
