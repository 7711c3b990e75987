r"""Where thresholds are needed for an average to many digits, and how many: chosen by what doubles show.

On either side of the kink k of the inner coordinate, ``inner = k + side e^v``, the logarithm z of the cosine of the
threshold's angle is analytic in v: near the kink it is a straight line, and it goes through 0 where even an aligned
pair begins to collapse. It is interpolated in v on panels at Chebyshev points; a panel that carries little of P asks
for few digits.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise

import numpy as np
from scipy.special import logsumexp

from anneal_theory._types import BoolArray, FloatArray
from anneal_theory.errors import PrecisionError
from anneal_theory.formulas.start_law import log_rho_of_cosine
from anneal_theory.numerics.chebyshev import chebyshev_rule
from anneal_theory.numerics.gauss import legendre_rule
from anneal_theory.probability.cap_probability import log_cap
from anneal_theory.probability.digits.starts import Starts

DOUBLES = 9.0  # digits of z that doubles are relied on for
_LN10 = math.log(10)
_SCAN, _ACROSS = 0.25, 161  # steps in v, and places across the density of the inner coordinate
_SURVEY_TOLERANCE = 1e-6  # of z, where only the shape of the integrand matters
SPARE = 2.0  # digits of an interpolation beyond what its share of P asks for
NODE_SPARE = 1.5  # digits of a threshold beyond those of the interpolation
_LEAST = 12  # digits that a threshold is computed to where doubles do not do
_STEP_DOWN = 6.0  # digits of the share of P from one panel to the next
_TRIED, _SEEN, _FIT_TOLERANCE = 24, 3e-9, 1e-10  # points of a fit, what of its coefficients is no noise, their error
_FASTEST, _WORST, _SPLITS = 0.02, 0.55, 6  # ratios of coefficients: at least, and from which on two panels are better
_MOST_ORDERS = 40
_ORDER_TOLERANCE, _ORDER_SEEN = 1e-11, 1e-10
_ORDER_POINTS, _SLOWEST = 5, 0.9
_CLOSED = -1e-12  # z from which on an aligned pair collapses


@dataclass(frozen=True)
class Panel:
    """A stretch of v on one side of the kink.

    Attributes:
        sign: Of the label of the better aligned component.
        side: 1 and -1 for both sides of the kink, 0 where there is none and v is the inner coordinate itself.
        low: Where v begins.
        high: Where it ends.
        share: Logarithm of the largest share of P per unit of v, at the middle of the outer coordinate.
        size: Of the coefficients of z, extrapolated to the first.
        ratio: By which they fall.
    """

    sign: int
    side: int
    low: float
    high: float
    share: float
    size: float = 1.0
    ratio: float = 0.5

    def count(self, digits: float) -> int:
        """Points that leave an error of z below 10^-digits."""
        return max(4, math.ceil(math.log(10.0**-digits / self.size) / math.log(self.ratio)) + 3)


@dataclass(frozen=True, eq=False)
class PanelScan:
    """What doubles show of one side at the middle of the outer coordinate.

    Attributes:
        sign, side: As `Panel` has them.
        v: Shape (n,).
        z: Logarithm of the cosine, shape (n,).
        logs: Logarithm of the integrand of P, shape (n,).
    """

    sign: int
    side: int
    v: FloatArray
    z: FloatArray
    logs: FloatArray

    @property
    def log_total(self) -> float:
        """Logarithm of what the side has of P."""
        return float(logsumexp(self.logs + np.log(np.gradient(self.v))))


class PanelPlan:
    """Panels and orders for so many digits.

    Attributes:
        starts: The law.
        digits: Of P.
        order: Nodes of the outer rule.
        panels: Those that are computed.
        tops: Up to which v each side is computed, by (sign, side); beyond it all pairs collapse, or none is.
        filled: For which of them all pairs beyond collapse.
        neglected: The share of P of sides that have no panel.
        close: Whether starts count that are closer to the kink than it is known in doubles.
    """

    def __init__(self, starts: Starts, digits: int) -> None:
        self.starts, self.digits = starts, digits
        self.depth = (digits + 2) * _LN10
        nodes = starts.outer_rule(3)
        low, self.middle, high = (node for node, _ in nodes)
        self.edges = low, high
        self.centre = _double(starts.kink(self.middle))
        self._scans = [self._scanned(sign, side) for sign in starts.signs for side in self.sides]
        self.total = float(np.logaddexp.reduce([one.log_total for one in self._scans]))
        self.neglected, self.close = 0.0, False
        self.tops: dict[tuple[int, int], float] = {}
        self.filled: dict[tuple[int, int], bool] = {}
        self.panels = [panel for one in self._scans for panel in self._panels(one)]
        if not self.panels:
            raise PrecisionError(
                "0 digits reached: at so many digits all starts that matter end alike; leave digits out"
            )
        self.order = self._order()

    @property
    def sides(self) -> tuple[int, ...]:
        """1 and -1, or 0 where there is no kink."""
        return (0,) if self.starts.kink(self.middle) is None else (1, -1)

    def needed(self, panel: Panel, weight: float) -> float:
        """Digits of z on a panel, for a node of the outer rule with a weight."""
        return self.digits + SPARE + (panel.share + math.log(weight)) / _LN10

    def points(self, panel: Panel, weight: float) -> tuple[int, int]:
        """How many Chebyshev points a panel has, and the digits of the thresholds there; 0 where doubles do."""
        needed = self.needed(panel, weight)
        digits = needed + NODE_SPARE
        resolved = panel.side == 0 or panel.low >= math.log(self.starts.reach)
        return panel.count(max(needed, 3.0)), 0 if digits <= DOUBLES and resolved else max(_LEAST, math.ceil(digits))

    def rough(self, panel: Panel, outer: Fraction, centre: float, v: FloatArray, tolerance: float) -> FloatArray:
        """z in doubles; closer to the kink than they resolve along a straight line, which is right to a tenth or so."""
        near = v < math.log(self.starts.reach) if panel.side else np.zeros(v.shape, dtype=bool)
        log_cosines = np.empty(v.shape)
        if not near.all():
            inner = place(centre, panel.side, v[~near])
            log_cosines[~near] = self.starts.rough(panel.sign, panel.side, outer, inner, tolerance)
        if near.any():
            known = math.log(self.starts.reach) + np.array([0.0, 1.0])
            z = self.starts.rough(panel.sign, panel.side, outer, place(centre, panel.side, known), _SURVEY_TOLERANCE)
            log_cosines[near] = z[0] + (z[1] - z[0]) * (v[near] - known[0])
        return log_cosines

    def resolved(self, panel: Panel, v: float) -> bool:
        """Whether doubles resolve a place on a panel."""
        return not panel.side or v >= math.log(self.starts.reach)

    def _scanned(self, sign: int, side: int) -> PanelScan:
        far = self.starts.farthest(self.depth + 40.0)
        inner, low = np.linspace(-far, far, _ACROSS), math.log(self.starts.reach)
        beside = side * (inner - self.centre) if side else np.zeros(0)  # the density is as narrow as that
        high = np.sort(np.log(beside[beside > 2 * self.starts.reach]))
        steps = np.arange(low, high[0] if high.size else low + 1.0, _SCAN)
        v = np.union1d(steps, high) if side else inner
        z = self.starts.rough(sign, side, self.middle, place(self.centre, side, v), _SURVEY_TOLERANCE)
        return self._extended(PanelScan(sign, side, v, z, self._logs(sign, side, v, z)))

    def _extended(self, scan: PanelScan) -> PanelScan:
        """Further down along a straight line, where the integrand is not negligible at the first place."""
        steps = math.ceil((self.depth + 5.0) / _SCAN) if scan.side else 0
        v = scan.v[0] - _SCAN * np.arange(steps, 0, -1)
        z = _line(scan, v)
        logs = self._logs(scan.sign, scan.side, v, z)
        joined = (v, scan.v), (z, scan.z), (logs, scan.logs)
        return PanelScan(scan.sign, scan.side, *(np.concatenate(pair) for pair in joined))

    def _logs(self, sign: int, side: int, v: FloatArray, z: FloatArray) -> FloatArray:
        chances = log_cap(log_rho_of_cosine(np.minimum(z, _CLOSED)), self.starts.directions)[0]
        return np.asarray(chances + self._log_weights(sign, side, v))

    def _log_weights(self, sign: int, side: int, v: FloatArray) -> FloatArray:
        density = self.starts.rough_log_density(place(self.centre, side, v))
        return np.asarray(density + (v if side else 0.0) - math.log(len(self.starts.signs)))

    def _panels(self, scan: PanelScan) -> Iterator[Panel]:
        """From the top down, each as long as its share of P falls by six digits, and as short as its series asks."""
        v, shares = scan.v, scan.logs - self.total
        beyond = 0.5 * (self.starts.directions - 1) * -np.log1p(-np.exp(2 * np.minimum(scan.z, _CLOSED)))
        full = np.flatnonzero(beyond > self.depth + 5.0)
        matters = np.flatnonzero((shares > -self.depth - 2.0) | self._bounding(scan))
        if not matters.size:
            self.neglected += math.exp(min(scan.log_total - self.total, 0.0))
            self.tops[scan.sign, scan.side], self.filled[scan.sign, scan.side] = float(v[-1]), False
            return
        last = int(min(matters[-1] + 1, v.size - 1))
        filled = bool(full.size) and int(full[0]) <= last
        last = int(full[0]) if filled else last
        if np.any(scan.z[: last + 1] >= _CLOSED):
            raise PrecisionError(
                "0 digits reached: at so many digits starts matter from which even an aligned pair collapses, and P is "
                "no smooth average there; ask for fewer digits, a larger dim or a hotter schedule, or leave digits out"
            )
        self.tops[scan.sign, scan.side], self.filled[scan.sign, scan.side] = float(v[last]), filled
        cuts, top = [last], float(shares[: last + 1].max())
        inside = [int(i) for i in matters if i <= last]
        for level in np.arange(top - _STEP_DOWN * _LN10, -self.depth, -_STEP_DOWN * _LN10):
            below = [i for i in inside if i < int(np.argmax(shares[: last + 1])) and shares[i] < level]
            if below and cuts[-1] - below[-1] > 2:
                cuts.append(below[-1])
        if not inside:
            self.neglected += math.exp(min(scan.log_total - self.total, 0.0))
            return
        if cuts[-1] > inside[0]:
            cuts.append(max(inside[0] - 1, 0))
        if scan.side and self.starts.closest and v[cuts[-1]] < math.log(self.starts.closest):
            self.close = True
        for upper, lower in pairwise(cuts):
            share = float(shares[lower : upper + 1].max())
            yield from self._fitted(Panel(scan.sign, scan.side, float(v[lower]), float(v[upper]), share), 0)

    def _bounding(self, scan: PanelScan) -> BoolArray:
        """Where starts count if all of them collapse, as is assumed of those beyond the ends away from the kink."""
        bounds = self._log_weights(scan.sign, scan.side, scan.v) - self.total
        outside = np.arange(scan.v.size) >= np.argmax(scan.logs) if scan.side else np.ones(scan.v.size, dtype=bool)
        return np.asarray((bounds > -self.depth - 2.0) & outside & (scan.z < _CLOSED))

    def _fitted(self, panel: Panel, splits: int) -> Iterator[Panel]:
        """With what its series shows in doubles; in two halves if that falls slowly."""
        if panel.side and panel.high <= math.log(self.starts.reach):
            yield panel
            return
        low = max(panel.low, math.log(self.starts.reach)) if panel.side else panel.low
        x, to_series = chebyshev_rule(_TRIED)
        v = 0.5 * (low + panel.high) + 0.5 * (panel.high - low) * x
        tried = [self._shown(panel, outer, v, to_series) for outer in self.edges]
        size, ratio = max(tried, key=lambda pair: replace(panel, size=pair[0], ratio=pair[1]).count(self.digits))
        if ratio > _WORST and splits < _SPLITS:
            middle = 0.5 * (panel.low + panel.high)
            yield from self._fitted(replace(panel, low=middle), splits + 1)
            yield from self._fitted(replace(panel, high=middle), splits + 1)
            return
        yield replace(panel, size=size, ratio=ratio)

    def _shown(self, panel: Panel, outer: Fraction, v: FloatArray, to_series: FloatArray) -> tuple[float, float]:
        """Size and ratio of the coefficients at a node of the outer rule, in doubles."""
        z = self.rough(panel, outer, _double(self.starts.kink(outer)), v, _FIT_TOLERANCE)
        sizes = np.maximum.accumulate(np.abs(z @ to_series)[::-1])[::-1]
        seen = np.flatnonzero(sizes > _SEEN * max(1.0, float(np.abs(z).max())))
        if not seen.size:  # next to no bias along all of the panel
            return float(sizes[0]), _FASTEST
        last = max(int(seen[-1]), 4)
        ratio = float(np.clip((sizes[last] / sizes[last // 2]) ** (1.0 / (last - last // 2)), _FASTEST, 0.97))
        return float(sizes[last]) / ratio**last, ratio

    def _order(self) -> int:
        """Nodes of the outer rule to begin with: its errors at low orders in doubles, continued as they fall."""
        panel = max(self.panels, key=lambda one: one.share)
        x, weights = legendre_rule(_ORDER_POINTS)
        low = max(panel.low, math.log(self.starts.reach)) if panel.side else panel.low
        v = 0.5 * (low + panel.high) + 0.5 * (panel.high - low) * x
        means, errors = [], [1.0]
        for order in range(1, _MOST_ORDERS):
            means.append(self._outer_mean(panel, order, v, np.log(weights)))
            if len(means) > 1:
                errors.append(max(abs(math.expm1(means[-2] - means[-1])), 1e-300))
                if errors[-1] < _ORDER_SEEN:
                    break
        seen = [one for one in errors if one >= _ORDER_SEEN]
        at = len(seen) - 1  # the error of `at` nodes is the last that is no noise
        rate = (seen[at] / seen[max(at - 2, 0)]) ** (1.0 / min(at, 2)) if at else _ORDER_SEEN
        order = at + math.ceil(math.log(10.0 ** -(self.digits + 1) / seen[at]) / math.log(min(rate, _SLOWEST)))
        if order > _MOST_ORDERS:
            raise PrecisionError(
                f"0 digits reached: the average over the length of the pair takes more than {_MOST_ORDERS} nodes; "
                "ask for a larger dim, fewer digits, or doubles"
            )
        return max(order, 2)

    def _outer_mean(self, panel: Panel, order: int, v: FloatArray, log_weights: FloatArray) -> float:
        """Logarithm of the average over the outer coordinate and a panel, in doubles."""
        logs = []
        for outer, weight in self.starts.outer_rule(order):
            centre = _double(self.starts.kink(outer))
            z = self.rough(panel, outer, centre, v, _ORDER_TOLERANCE)
            logs.append(self._logs(panel.sign, panel.side, v, z) + log_weights + math.log(float(weight)))
        return float(logsumexp(logs))


def place(centre: float, side: int, v: FloatArray) -> FloatArray:
    """The inner coordinate at v."""
    return np.asarray(centre + side * np.exp(v) if side else v)


def _double(centre: object) -> float:
    return 0.0 if centre is None else float(centre)  # type: ignore[arg-type]


def _line(scan: PanelScan, v: FloatArray) -> FloatArray:
    slope = (scan.z[1] - scan.z[0]) / (scan.v[1] - scan.v[0])
    return np.asarray(scan.z[0] + slope * (v - scan.v[0]))
