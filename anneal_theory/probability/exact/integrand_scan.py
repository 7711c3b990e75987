"""Where the integrands of theory section 5 have their weight, looked at before they are integrated over s0.

The threshold vanishes like a power of |s0 - s_u| at the unstable zero s_u of f, so each side of it is a coordinate
log|s0 - s_u| of its own.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from scipy.special import log_ndtr

from anneal_theory._types import BoolArray, FloatArray, IntArray
from anneal_theory.formulas.start_law import log_normal_norm, normal_exponent
from anneal_theory.models.free_pair import ALIGNED, VANISHED, FreePair
from anneal_theory.probability.distance_law import LengthRule
from anneal_theory.threshold.bisection import Search
from anneal_theory.threshold.departures import Departures

_REACH = 9.0  # standard deviations of s0 looked at first
_WHOLE = 39.0  # and then, where that does not tell: beyond them the Gaussian is below 1e-330
_FARTHEST = 1e8  # standard deviations looked at when an integrand still rises at the end of a shorter reach
_NEAREST = 1e-10  # of the scale of s0: the closest approach to s_u; what is left out is that small a share
_COARSE = 16
_GUESS, _LEVELS = -2.0, (3, 9, 25)  # of log rho_c, and how many points of a scan the next ones are guessed from
_RISING = 32.0  # nats below its peak at which an integrand must be at the end of what is looked at
_ROUGH = 1e-3  # of log rho_c, where only the shape of an integrand matters
FINEST = 3e-12  # of log rho_c: no run in double precision decides better
_FINE = 5e-8  # and no better for a shape: a logarithm is good to a ten-millionth by it
_SEEN = 10  # points that have to lie within _DEEP nats of a peak
_DEEP = 15.0
_REFINEMENTS = 8


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


@dataclass(frozen=True, eq=False)
class Integrand:
    """P and 1 - P at a given s0, for both integrals at once: averages over the length by a rule."""

    search: Departures  # for thresholds of its model, which has the sign of m1 - m2 and the kind of lengths
    deviation: float  # of s0 ~ N(0, deviation^2)
    rule: LengthRule  # over the length of the pair

    @property
    def model(self) -> FreePair:
        """Of the training."""
        model = self.search.model
        assert isinstance(model, FreePair)
        return model

    def thresholds(self, s0: FloatArray, guesses: FloatArray, tolerance: float) -> FloatArray:
        """log rho_c for every s0 of one side and every length, shape (points, lengths), from guesses of that shape."""
        mode = float(np.sign(s0[0] - self.model.saddle)) if s0.size and math.isfinite(self.model.saddle) else 0.0
        nodes = self.rule.nodes
        starts = np.stack([np.repeat(s0, nodes.size), np.tile(nodes, s0.size)], axis=1)
        log_rho = self.search.thresholds(starts, guesses.ravel(), tolerance, mode)
        return np.clip(log_rho.reshape(s0.size, nodes.size), VANISHED, ALIGNED)

    def aligned(self, s0: FloatArray, column: IntArray) -> BoolArray:
        """Whether even an aligned pair collapses, for each s0 and the length of that column."""
        starts = np.stack([s0, self.rule.nodes[column]], axis=1)
        return Search(self.model, _ROUGH).sides(starts, np.full(s0.shape, ALIGNED)) > 0

    def logs(self, side: Side, v: FloatArray, log_rho: FloatArray) -> tuple[FloatArray, FloatArray]:
        """(log inside, log beyond) per unit of v, the density of s0 included."""
        inside, beyond = self.rule.logs(log_rho)
        weight = self.log_weight(side, v)
        return inside + weight, beyond + weight

    def log_weight(self, side: Side, v: FloatArray) -> FloatArray:
        """Logarithm of the density of v."""
        density = normal_exponent(s0=side.overlap(v) / self.deviation, variance=1.0) + log_normal_norm(self.deviation)
        return np.asarray(density + side.log_jacobian(v))


@dataclass(frozen=True, eq=False)
class IntegrandScan:
    """Both integrands (inside, beyond) on a grid of one side; log_rho at the middle length."""

    side: Side
    v: FloatArray
    log_rho: FloatArray
    logs: tuple[FloatArray, FloatArray]

    @property
    def log_totals(self) -> tuple[float, float]:
        """Logarithms of the trapezoidal sums of both integrands."""
        steps = np.log(np.gradient(self.v))
        inside, beyond = (float(np.logaddexp.reduce(part + steps)) for part in self.logs)
        return inside, beyond


def scanned(integrand: Integrand, negligible: float) -> tuple[list[IntegrandScan], float]:
    """Scans of sides, far enough out that neither integrand still rises at the far end; a rule of one length.

    A side is left out where it has at most the share `negligible` of both integrals, by the Gaussian's mass there;
    returned with the scans is what it may have of the smaller one.
    """
    reach = _REACH
    while True:
        scans, left = _scans(integrand, reach, negligible)
        unseen = reach < _WHOLE and any(math.isinf(_best(scans, which)) for which in (0, 1))
        if reach > _FARTHEST or not (unseen or any(_rises(scans, which) for which in (0, 1))):
            return _refined(integrand, scans), left
        reach = _WHOLE if reach < _WHOLE else 10.0 * reach


def _scans(integrand: Integrand, reach: float, negligible: float) -> tuple[list[IntegrandScan], float]:
    """The side of more starts, and the other unless it is negligible."""
    likely, *others = sorted(
        _sides(integrand.model, integrand.deviation, reach), key=lambda side: side.sign * side.centre
    )
    first = _scan(integrand, likely, reach)
    for side in others:
        log_mass = float(log_ndtr(-side.sign * side.centre / integrand.deviation))
        share = math.exp(min(log_mass - min(first.log_totals), 0.0))
        if share < negligible:
            return [first], share
    return [first, *(_scan(integrand, side, reach) for side in others)], 0.0


def sharpness(log_values: Iterable[float]) -> float:
    """How much an error of log rho_c is magnified: erfc(z) = e^-L falls by 2 L times the growth of log z."""
    return 1.0 + 2.0 * max((abs(value) for value in log_values if math.isfinite(value)), default=0.0)


def rough(log_values: list[float]) -> float:
    """Tolerance of log rho_c where only the shape of an integrand matters."""
    return max(_ROUGH / max(1.0, 0.02 * sharpness(log_values)), _FINE)


def _refined(integrand: Integrand, scans: list[IntegrandScan]) -> list[IntegrandScan]:
    """More points where a peak is narrower than the first grid, as it is far in a tail."""
    for _ in range(_REFINEMENTS):
        peaks = [max(float(scan.logs[which].max()) for scan in scans) for which in (0, 1)]
        narrow = [
            (index, which)
            for index, scan in enumerate(scans)
            for which in (0, 1)
            if 0 < np.count_nonzero(scan.logs[which] > peaks[which] - _DEEP) < _SEEN and math.isfinite(peaks[which])
        ]
        if not narrow:
            break
        for index, which in narrow:
            scan = scans[index]
            matters = np.flatnonzero(scan.logs[which] > peaks[which] - _DEEP)
            ends = scan.v[max(matters[0] - 1, 0)], scan.v[min(matters[-1] + 1, scan.v.size - 1)]
            scans[index] = _with_points(integrand, scan, np.linspace(*ends, 2 * _SEEN + 2)[1:-1], rough(peaks[1:]))
    return scans


def _with_points(integrand: Integrand, scan: IntegrandScan, v: FloatArray, tolerance: float) -> IntegrandScan:
    v = np.setdiff1d(v, scan.v)
    guesses = np.interp(v, scan.v, scan.log_rho)
    log_rho = integrand.thresholds(scan.side.overlap(v), guesses[:, None], tolerance)
    logs = integrand.logs(scan.side, v, log_rho)
    all_v = np.concatenate([scan.v, v])
    order = np.argsort(all_v)
    inside, beyond = (np.concatenate([old, new])[order] for old, new in zip(scan.logs, logs, strict=True))
    return IntegrandScan(
        scan.side, all_v[order], np.concatenate([scan.log_rho, log_rho[:, 0]])[order], (inside, beyond)
    )


def _sides(model: FreePair, deviation: float, reach: float) -> list[Side]:
    """The stretches of s0 within `reach` standard deviations."""
    if math.isnan(model.saddle) or abs(model.saddle) >= reach * deviation:
        return [Side(0.0, 0.0, -reach * deviation, reach * deviation)]
    nearest = math.log(_NEAREST * max(deviation, 1e-3 * abs(model.saddle)))
    return [
        Side(model.saddle, sign, nearest, math.log(reach * deviation - sign * model.saddle)) for sign in (1.0, -1.0)
    ]


def _best(scans: list[IntegrandScan], which: int) -> float:
    return max(float(scan.logs[which].max()) for scan in scans)


def _rises(scans: list[IntegrandScan], which: int) -> bool:
    """Whether an integrand has weight at the far end of what was looked at."""
    best = max(scans, key=lambda scan: float(scan.logs[which].max()))
    values = best.logs[which]
    far = (-1,) if best.side.sign else (0, -1)
    return bool(np.isfinite(values.max()) and any(values[end] > values.max() - _RISING for end in far))


def _scan(integrand: Integrand, side: Side, reach: float) -> IntegrandScan:
    """The grid is dense on the scale of the Gaussian and, in log|s0 - s_u|, close to the unstable zero."""
    gauss = np.sinh(np.linspace(-1.0, 1.0, 2 * _COARSE + 1) * math.asinh(reach)) * integrand.deviation
    if side.sign:
        offsets = side.sign * (gauss - side.centre)
        near = np.log(offsets[offsets > 0])
        v = np.concatenate([np.linspace(side.low, side.high, _COARSE), near[(near > side.low) & (near < side.high)]])
    else:
        v = np.concatenate([gauss, [0.0]])
    v = np.unique(v)
    log_rho, sampled = np.full((v.size, 1), _GUESS), np.zeros(1, dtype=int)
    for count in (*_LEVELS, v.size):
        rows = np.unique(np.linspace(0, v.size - 1, count).astype(int))
        guesses = np.interp(v[rows], v[sampled], log_rho[sampled, 0])[:, None]
        log_rho[rows], sampled = integrand.thresholds(side.overlap(v[rows]), guesses, _ROUGH), rows
    logs = integrand.logs(side, v, log_rho)
    finer = rough([float(logs[1].max())])
    if finer < 0.5 * _ROUGH:  # far in the tail of 1 - P errors of log rho_c would look like peaks
        log_rho = integrand.thresholds(side.overlap(v), log_rho, finer)
        logs = integrand.logs(side, v, log_rho)
    return IntegrandScan(side, v, log_rho[:, 0], logs)
