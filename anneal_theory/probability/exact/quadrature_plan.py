"""Which lengths of the pair the averages of theory section 5 need: their stretch, their number, and the error left.

Everything is measured on the integrands themselves, at a few overlaps that matter.
"""

import math
from dataclasses import dataclass, replace

import numpy as np

from anneal_theory._types import FloatArray, IntArray
from anneal_theory.errors import SolveError
from anneal_theory.formulas.start_law import log_chance_offset
from anneal_theory.models.free_pair import FreePair
from anneal_theory.probability.cap_probability import log_erf
from anneal_theory.probability.distance_law import AcrossLaw, LengthRule, across_rule, interpolated, lobatto
from anneal_theory.probability.exact.deep_tail import highest_peak
from anneal_theory.probability.exact.integrand_scan import FINEST, Integrand, IntegrandScan, rough, scanned, sharpness
from anneal_theory.probability.exact.length_pieces import LengthPiece, differences, reads_at, rule_over_pieces
from anneal_theory.threshold.bisection import Search
from anneal_theory.threshold.departures import Departures

_LEFT_OUT = 0.1  # of the aim: what a side of the overlap may have that is not looked at
_FOR_LENGTHS = 0.2  # of the aim: what the choice of lengths may leave
_MOST_LENGTHS = 129
_SAME = 1e-12  # of the stretch of lengths: nodes this close are one
SAMPLE_NODES = 9  # Chebyshev-Lobatto nodes of a side at which lengths are compared, and which `quadrature` goes on from
_CHECKED = np.array([-8.0, -3.0, -1.0, -0.25, 0.25, 1.0, 3.0, 8.0])  # from log rho_c
_CHECK_TOLERANCE = 1e-5  # of runs that start a quarter from the threshold, or farther
_BOTH = -12.0  # log of the smaller of P and 1 - P below which it alone is integrated
_WIDE = 8.0  # standard deviations of the length looked at first
_LINE = np.linspace(-1.0, 1.0, 21)
_WIDENINGS = 12
_LOOKINGS = 40
_SETTLED = 0.1  # of the stretch of lengths: how little it may still move
SHARE = 0.02  # of the aim, for the local errors of the thresholds; `quadrature` states ten times that
_LOOSEST = 1e-4  # tolerance of log rho_c: noise above that would ask for more nodes
_UNDERFLOW, _OF_A_LOGARITHM = -745.0, 1e-6
_DEEP = -1e5  # below this the lengths and overlaps that matter are too far from the likely ones for a search by turns
_MARGIN = 6.0


@dataclass(frozen=True, eq=False)
class ThresholdSample:
    """log rho_c at some overlaps of one side that matter, shape (overlaps, lengths)."""

    scan: IntegrandScan
    v: FloatArray
    log_rho: FloatArray

    def guesses(self, v: FloatArray) -> FloatArray:
        """log rho_c near v, shape (points, lengths): the scan, shifted by what was seen at each length."""
        base = self.scan.v, self.scan.log_rho
        shifts = self.log_rho - np.interp(self.v, *base)[:, None]
        near = np.stack([np.interp(v, self.v, shift) for shift in shifts.T], axis=1)
        return np.asarray(np.interp(v, *base)[:, None] + near)


@dataclass(frozen=True, eq=False)
class QuadraturePlan:
    """What to integrate."""

    integrand: Integrand  # with its lengths chosen
    scans: list[IntegrandScan]  # of both sides of the unstable zero
    samples: list[ThresholdSample]  # one for each side that matters
    wanted: tuple[int, ...]  # which of P (0) and 1 - P (1) are integrated, the smaller first
    log_total: float  # logarithm of the smaller, from the scans
    aim: float  # error of its logarithm that is aimed at
    tolerance: float  # of log rho_c
    error: float  # error of the logarithm that the choice of lengths leaves
    deep: bool = False  # whether the total is that of Laplace's method, and nothing is to integrate
    left_out: float = 0.0  # what is in that of a side that was left out

    @property
    def certain(self) -> bool:
        """Whether no start within reach has the other end."""
        return math.isinf(_total(self.scans, 1 - self.wanted[0]))

    @property
    def depth(self) -> float:
        """Nats below its peak at which an integrand is negligible."""
        return _MARGIN - math.log(min(self.aim, 1.0))

    def matters(self, scan: IntegrandScan) -> IntArray:
        """Where on a side a wanted integrand is within `depth` of its peak."""
        tops = [max(float(other.logs[which].max()) for other in self.scans) for which in self.wanted]
        near = np.max([scan.logs[which] - top for which, top in zip(self.wanted, tops, strict=True)], axis=0)
        return np.flatnonzero(near > -self.depth)

    def stretch(self, scan: IntegrandScan) -> tuple[float, float]:
        """The interval of v to integrate over."""
        v, matters = scan.v, self.matters(scan)
        return float(v[max(matters[0] - 1, 0)]), float(v[min(matters[-1] + 1, v.size - 1)])


def quadrature_plan(
    model: FreePair, deviation: float, law: AcrossLaw | LengthRule, relative_error: float
) -> QuadraturePlan:
    """Scan the integrands, choose the lengths, and check that the collapse set is an interval where it matters."""
    if isinstance(law, LengthRule):
        integrand = Integrand(Departures(model, SHARE * relative_error), deviation, law)
        plan = _scanned_plan(integrand, relative_error)
        plan = plan if plan.certain else replace(plan, samples=_samples(plan, ()))
    else:
        plan = _fitted(model.lengths_across(), deviation, law, relative_error)
    for sample in plan.samples:
        _check_intervals(plan.integrand, sample)
    return plan


def _scanned_plan(integrand: Integrand, relative_error: float) -> QuadraturePlan:
    scans, left_out = scanned(integrand, _LEFT_OUT * relative_error)
    wanted = _wanted(scans)
    log_total = _total(scans, wanted[0])
    # P follows rho_c at most in proportion, 1 - P far in its tail much faster: there the best threshold sets the aim.
    magnified = sharpness([log_total]) if wanted[0] else 1.0
    aim = max(relative_error, FINEST / SHARE * magnified)
    if log_total < _UNDERFLOW:  # no double holds the smaller probability: what is asked for is its logarithm
        aim = max(aim, _OF_A_LOGARITHM * abs(log_total))
    return QuadraturePlan(
        integrand, scans, [], wanted, log_total, aim, min(SHARE * aim / magnified, _LOOSEST), 2.0 * left_out,
        left_out=2.0 * left_out,
    )  # fmt: skip


def _fitted(model: FreePair, deviation: float, law: AcrossLaw, relative_error: float) -> QuadraturePlan:
    low, high = law.mode - _WIDE * law.deviation, law.mode + _WIDE * law.deviation
    # Far in a tail the lengths that matter, and with them the overlaps, are not the likely ones: sample again by turns.
    search = Departures(model, SHARE * relative_error)
    for _ in range(_LOOKINGS):
        integrand = Integrand(search, deviation, across_rule(law, low, high, 1))
        plan = _scanned_plan(integrand, relative_error)
        if plan.certain:
            return plan
        if plan.log_total < _DEEP and (deep := _deep(plan, law)).log_total < _DEEP:
            return deep
        middle = 0.5 * (low + high)
        low, high = _length_range(plan, law)
        if abs(0.5 * (low + high) - middle) <= _SETTLED * (high - low):
            break
    else:
        raise SolveError(
            "the lengths and overlaps that carry the smaller of P and 1 - P were not found; ask for a larger "
            'relative_error, or use method="large-dim"'
        )
    return _refined(plan, law, LengthPiece(low, high))


def _refined(plan: QuadraturePlan, law: AcrossLaw, stretch: LengthPiece) -> QuadraturePlan:
    """The plan with as many lengths as leave a fifth of the aim, and thresholds at the overlaps that matter."""
    pieces: tuple[LengthPiece, ...] = (stretch,)
    earlier = pieces
    while True:
        plan = replace(plan, integrand=replace(plan.integrand, rule=rule_over_pieces(law, pieces)))
        plan = replace(plan, samples=_samples(plan, earlier))
        looked = [
            (sample.log_rho, plan.integrand.log_weight(sample.scan.side, sample.v) + _log_steps(sample.v))
            for sample in plan.samples
        ]
        errors = differences(law, pieces, plan.wanted[0], looked)
        error = float(errors.sum())
        if error < _FOR_LENGTHS * plan.aim:
            kept = np.concatenate([piece.coarser_nodes for piece in pieces])
            rule = rule_over_pieces(law, [piece.coarser for piece in pieces])
            samples = [replace(sample, log_rho=sample.log_rho[:, kept]) for sample in plan.samples]
            return replace(
                plan, integrand=replace(plan.integrand, rule=rule), samples=samples, error=error + plan.left_out
            )
        if plan.integrand.rule.nodes.size > _MOST_LENGTHS:
            return replace(plan, error=error + plan.left_out)
        allowed = 0.5 * _FOR_LENGTHS * plan.aim / len(pieces)
        earlier, pieces = (
            pieces,
            tuple(
                finer
                for piece, own in zip(pieces, errors, strict=True)
                for finer in (piece.finer if own > allowed else (piece,))
            ),
        )


def _log_steps(v: FloatArray) -> FloatArray:
    return np.asarray(np.log(np.gradient(v))) if v.size > 1 else np.zeros(1)


def _deep(plan: QuadraturePlan, law: AcrossLaw) -> QuadraturePlan:
    """The plan where the smaller of P and 1 - P lies so deep that all of it is at one point, of which no integral is
    needed; the collapse set is checked there."""
    peak, scan = highest_peak(plan.integrand, plan.scans, law, plan.wanted[0])
    rule = replace(plan.integrand.rule, nodes=peak.point[1:])
    samples = [ThresholdSample(scan, peak.point[:1], np.array([[peak.log_rho]]))]
    return replace(
        plan, integrand=replace(plan.integrand, rule=rule), samples=samples, log_total=peak.log_total, error=peak.error,
        deep=True,
    )  # fmt: skip


def _total(scans: list[IntegrandScan], which: int) -> float:
    return float(np.logaddexp.reduce([scan.log_totals[which] for scan in scans]))


def _wanted(scans: list[IntegrandScan]) -> tuple[int, ...]:
    totals = [_total(scans, which) for which in (0, 1)]
    order = (0, 1) if totals[0] <= totals[1] else (1, 0)
    if math.isinf(totals[order[0]]):
        return order[1:]
    return order if totals[order[0]] > _BOTH else order[:1]


def _length_range(plan: QuadraturePlan, law: AcrossLaw) -> tuple[float, float]:
    """The lengths that carry the integrals, at the overlaps where these peak."""
    ends: list[float] = []
    for which in plan.wanted:
        scan = max(plan.scans, key=lambda s: float(s.logs[which].max()))
        peak = int(np.argmax(scan.logs[which]))
        s0, guess = scan.side.overlap(scan.v[peak : peak + 1]), float(scan.log_rho[peak])
        width, tolerance = _WIDE * law.deviation, rough([float(scan.logs[which][peak])])
        for _ in range(_WIDENINGS):
            lengths = float(plan.integrand.rule.nodes[0]) + width * _LINE
            line = replace(plan.integrand, rule=replace(plan.integrand.rule, nodes=lengths))
            log_rho = line.thresholds(s0, np.full((1, lengths.size), guess), tolerance)[0]
            carried = log_erf(log_rho + log_chance_offset(lengths, law.scale))[which] + law.log_density(lengths)
            matters = np.flatnonzero(carried > carried.max() - plan.depth)
            if matters[0] > 0 and matters[-1] < lengths.size - 1:
                break
            width *= 2.0
        ends += [float(lengths[max(matters[0] - 1, 0)]), float(lengths[min(matters[-1] + 1, lengths.size - 1)])]
    return min(ends), max(ends)


def _samples(plan: QuadraturePlan, earlier_pieces: tuple[LengthPiece, ...]) -> list[ThresholdSample]:
    """Thresholds at the overlaps that matter; those that the plan has at the nodes of the earlier pieces are kept, and
    the polynomials through them are guesses for the others."""
    samples, nodes = [], plan.integrand.rule.nodes
    earlier = {id(sample.scan): sample for sample in plan.samples}
    new, nearest, reads = np.full(nodes.size, True), np.zeros(nodes.size, dtype=int), np.zeros((0, 0))
    if earlier:
        reads, earlier_nodes = (
            reads_at(earlier_pieces, nodes),
            np.concatenate([piece.nodes for piece in earlier_pieces]),
        )
        nearest = np.argmin(np.abs(nodes[:, None] - earlier_nodes), axis=1)
        new = np.abs(nodes - earlier_nodes[nearest]) > _SAME * (nodes[-1] - nodes[0])
    for scan in plan.scans:
        if not plan.matters(scan).size:
            continue
        if id(scan) in earlier:
            v, before = earlier[id(scan)].v, earlier[id(scan)].log_rho
            thresholds, guesses = before[:, nearest], interpolated(reads, before.T).T[:, new]
        else:
            low, high = plan.stretch(scan)
            v = 0.5 * (low + high) + 0.5 * (high - low) * lobatto(SAMPLE_NODES)
            guesses = np.repeat(np.interp(v, scan.v, scan.log_rho)[:, None], nodes.size, axis=1)
            thresholds = guesses.copy()
        lines = replace(plan.integrand, rule=replace(plan.integrand.rule, nodes=nodes[new]))
        thresholds[:, new] = lines.thresholds(scan.side.overlap(v), guesses, plan.tolerance)
        samples.append(ThresholdSample(scan, v, thresholds))
    return samples


def _check_intervals(integrand: Integrand, sample: ThresholdSample) -> None:
    """At every overlap looked at, for the shortest and the longest pair."""
    nodes = integrand.rule.nodes
    chosen = sorted({0, nodes.size - 1})
    s0 = sample.scan.side.overlap(sample.v)
    starts = np.stack([np.repeat(s0, len(chosen)), np.tile(nodes[chosen], s0.size)], axis=1)
    Search(integrand.model, _CHECK_TOLERANCE).check_intervals(starts, sample.log_rho[:, chosen].ravel(), _CHECKED)
