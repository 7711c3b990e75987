"""The smaller of P and 1 - P where no double holds it: its logarithm, by Laplace's method.

Hundreds of nats down, all of an integral lies where its integrand is highest, at an overlap and a length far from the
likely ones. That point is climbed to, and the integral is that of the paraboloid there.
"""

import math
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from scipy.optimize import minimize

from anneal_theory._types import FloatArray
from anneal_theory.formulas.start_law import log_chance_offset
from anneal_theory.models.free_pair import ALIGNED, VANISHED
from anneal_theory.probability.cap_probability import log_erf
from anneal_theory.probability.distance_law import AcrossLaw
from anneal_theory.probability.exact.integrand_scan import FINEST, Integrand, IntegrandScan, sharpness

_LOWEST = 1e300  # nats below the peak where the integrand is 0
_EVALUATIONS = 600
_SETTLED = 1e-3  # nats
_OF_A_LOGARITHM = 1e-8  # or so much of the whole
_CLOSEST = 1e-10  # the first stride from the peak
_STRIDES, _LEAP = 40, 8.0


@dataclass(frozen=True, eq=False)
class Tail:
    """The integrand of P (`which` = 0) or 1 - P (1) over one side's coordinate v and the length."""

    integrand: Integrand  # its rule is not used
    scan: IntegrandScan  # of the side
    law: AcrossLaw  # of the length
    which: int  # 0 or 1
    settled: float  # nats to which the peak is sought
    recent: list[float]  # the last value of log rho_c, from which the next is looked for

    def log_rho(self, point: FloatArray) -> float:
        """log rho_c at (v, log length)."""
        v = np.clip(point[:1], self.scan.side.low, self.scan.side.high)
        line = replace(self.integrand, rule=replace(self.integrand.rule, nodes=np.asarray(point[1:])))
        tolerance = max(0.1 * self.settled / sharpness([self.settled / _OF_A_LOGARITHM]), FINEST)
        threshold = float(line.thresholds(self.scan.side.overlap(v), np.array([self.recent]), tolerance)[0, 0])
        self.recent[0] = threshold
        return threshold

    def height(self, point: FloatArray) -> float:
        """Logarithm of the integrand."""
        log_rho = self.log_rho(point)
        if not self.scan.side.low <= point[0] <= self.scan.side.high:
            return -_LOWEST
        if log_rho >= ALIGNED * (1 - 1e-9) if self.which else log_rho <= VANISHED * (1 - 1e-9):
            return -_LOWEST
        chance = log_erf(np.array([log_rho + log_chance_offset(point[1], self.law.scale)]))[self.which]
        weight = self.integrand.log_weight(self.scan.side, point[:1]) + self.law.log_density(point[1:])
        return max(float((chance + weight)[0]), -_LOWEST)


@dataclass(frozen=True, eq=False)
class Peak:
    """The highest point of a tail, and what the integral is there."""

    point: FloatArray  # (v, log length)
    log_rho: float  # log rho_c there
    log_total: float  # logarithm of the integral
    error: float  # of that: all that the paraboloid contributes, and a nat


def highest_peak(
    integrand: Integrand, scans: list[IntegrandScan], law: AcrossLaw, which: int
) -> tuple[Peak, IntegrandScan]:
    """The peak that carries the integral, and the side that it is on."""
    climbs = []
    for scan in scans:
        top = int(np.argmax(scan.logs[which]))
        if np.isfinite(scan.logs[which][top]):
            settled = max(_SETTLED, _OF_A_LOGARITHM * abs(float(scan.logs[which][top])))
            guess = float(scan.log_rho[top])
            tail = Tail(integrand, scan, law, which, settled, [guess])
            climbs.append((tail, *_climbed(tail, np.array([scan.v[top], integrand.rule.nodes[0]]), 1.0)))
    tail, point, _ = max(climbs, key=lambda climb: climb[2])
    point, height = _climbed(tail, point, 0.01)  # again from where the first climb, perhaps on a ridge, ended
    volume = _log_volume(tail, point, height)
    return Peak(point, tail.log_rho(point), height + volume, abs(volume) + 1.0 + tail.settled), tail.scan


def _climbed(tail: Tail, start: FloatArray, share: float) -> tuple[FloatArray, float]:
    """Where a climb ends that begins with strides of this share of the usual ones, and how high that is."""
    strides = share * np.array([0.01, 8.0 * tail.law.deviation])
    corners = start + np.vstack([np.zeros(2), np.diag(strides)])
    options: Any = {"initial_simplex": corners, "maxfev": _EVALUATIONS, "fatol": tail.settled, "xatol": math.inf}
    climb = minimize(lambda point: -tail.height(point), start, method="Nelder-Mead", options=options)  # type: ignore[call-overload]
    return climb.x, -float(climb.fun)


def _log_volume(tail: Tail, point: FloatArray, height: float) -> float:
    """log(2 pi / sqrt(det H)) of the peak, with H by differences over which the integrand falls by a nat or more."""
    strides = [_stride(tail, point, height, axis) for axis in np.eye(2)]
    steps = np.diag(strides)
    curvatures = [(2 * height - tail.height(point + step) - tail.height(point - step)) for step in steps]
    corners = [tail.height(point + a * steps[0] + b * steps[1]) * a * b for a in (1, -1) for b in (1, -1)]
    determinant = curvatures[0] * curvatures[1] - (sum(corners) / 4) ** 2
    # at an edge of the integrand there is no paraboloid: its scale is that of the strides
    log_determinant = math.log(determinant) if 0 < determinant < _LOWEST else 0.0
    return math.log(2 * math.pi) + math.log(strides[0]) + math.log(strides[1]) - log_determinant / 2


def _stride(tail: Tail, point: FloatArray, height: float, axis: FloatArray) -> float:
    stride, enough = _CLOSEST, max(1.0, 100 * tail.settled)
    for _ in range(_STRIDES):
        fallen = height - max(tail.height(point + stride * axis), tail.height(point - stride * axis))
        if fallen > enough:
            break
        stride *= 2.0 if fallen > enough / _LEAP**2 else _LEAP  # a paraboloid falls by the square: no leap is too far
    return stride
