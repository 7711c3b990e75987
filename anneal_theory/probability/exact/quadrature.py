"""The average of theory section 5 over the initial overlap and length, for P and for 1 - P at once.

log rho_c is smooth where the integrands are not, so it alone is computed at few starts, on Chebyshev-Lobatto nodes of
the overlap and the length; the polynomial through them (in log cos of the angle) is averaged densely, in logarithms, so
that P or 1 - P may be as small as 1e-300.
"""

import math
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from scipy.special import logsumexp

from anneal_theory._types import FloatArray
from anneal_theory.errors import SolveError
from anneal_theory.models.free_pair import ALIGNED, FreePair
from anneal_theory.numerics.gauss import legendre_rule
from anneal_theory.numerics.logarithms import log_sum
from anneal_theory.probability.distance_law import (
    AcrossLaw,
    LengthRule,
    dense_reads,
    interpolated,
    lobatto,
    polynomial_reads,
)
from anneal_theory.probability.exact.integrand_scan import rough
from anneal_theory.probability.exact.quadrature_plan import (
    SAMPLE_NODES,
    SHARE,
    QuadraturePlan,
    ThresholdSample,
    quadrature_plan,
)

_COUNTS = (5, 9, 17, 33)
_PANELS = 400
_PASSES = 3
_FAR = 600.0  # nats: a double holds exp(600)
_WIDENINGS = 12
_SLACK = 3.0  # nats by which an integrand may be higher at an end than the scan has it
_NEAR = 1e-10  # of a side's stretch: how close to the start of an infinite rho_c a panel is cut
_CHANGE = 0.1  # of the aim: what the last doubling of a panel's nodes may still change
_DENSE = 240  # Gauss-Legendre points; an integrand falls by `plan.depth` nats over its stretch, so no peak is narrower


@dataclass(frozen=True)
class Integrals:
    """log P and log(1 - P) with the relative errors of P and 1 - P."""

    log_inside: float
    log_beyond: float
    error_inside: float
    error_beyond: float


def average(model: FreePair, deviation: float, law: AcrossLaw | LengthRule, relative_error: float) -> Integrals:
    """Average the chance of collapse over s0 ~ N(0, deviation^2) and the length, by the error of the smaller of P and 1
    - P.
    """
    plan = quadrature_plan(model, deviation, law, relative_error)
    if plan.certain:
        return _with_complement(plan.wanted[0], 0.0, 0.0)
    if plan.deep:
        return _with_complement(plan.wanted[0], plan.log_total, plan.error)
    first = plan.wanted[0]
    logs, changes = np.full(2, -math.inf), np.zeros(0)
    for _ in range(_PASSES):
        parts = [_integral(plan, sample) for sample in plan.samples]
        logs, changes = logsumexp([part for part, _ in parts], axis=0), np.concatenate([part for _, part in parts])
        # Far in a tail the scan, of a single length, may put the total nats too high: panels then seemed negligible.
        changes *= math.exp(min(max(plan.log_total - logs[first], 0.0), _FAR))
        if np.all(changes < _CHANGE * plan.aim):
            break
        plan = replace(plan, log_total=float(logs[first]))
    # Global errors of thresholds are below ten times their tolerance.
    relative = float(changes.sum()) + plan.error + 10.0 * SHARE * plan.aim
    if len(plan.wanted) == 2 and logs[first] > math.log(1e-3):
        # P and 1 - P are integrated apart: what their sum lacks of 1 is an error of either.
        relative += abs(math.exp(logs[first]) + math.expm1(logs[plan.wanted[1]])) / math.exp(logs[first])
    return _with_complement(first, float(logs[first]), float(relative))


def _with_complement(first: int, log_first: float, relative: float) -> Integrals:
    """Both logarithms from that of the smaller (or of the only one that is not zero)."""
    log_first = min(log_first, 0.0)
    share = math.exp(log_first)
    log_other = math.log1p(-share) if share < 1.0 else -math.inf
    other = relative * share / max(1.0 - share, 1e-300)
    if first == 0:
        return Integrals(log_first, log_other, relative, other)
    return Integrals(log_other, log_first, other, relative)


def _integral(plan: QuadraturePlan, sample: ThresholdSample) -> tuple[FloatArray, FloatArray]:
    """Logarithms of both integrals over one side, and the error that each panel leaves of the smaller's total.

    A panel is cut where even an aligned pair begins to collapse, at every length: there rho_c becomes infinite, and
    nodes on both sides of it may agree on a wrong integral. One that its polynomial does not resolve is halved.
    """
    low, high = _stretch(plan, sample)
    whole = low, high
    panels, near = [whole], _NEAR * (high - low)
    parts: list[FloatArray] = []
    changes: list[float] = []
    while panels:
        if len(parts) + len(panels) > _PANELS:
            raise SolveError(
                f"{_PANELS} panels of the overlap do not resolve the threshold to the relative error {plan.aim:g}; "
                'ask for a larger relative_error, or use method="simulated"'
            )
        low, high = panels.pop()
        sampled = (low, high) == whole == plan.stretch(sample.scan)  # by the plan's samples
        thresholds = sample.log_rho if sampled else _first_thresholds(plan, sample, low, high)
        edges = _edges(
            plan, sample, 0.5 * (low + high) + 0.5 * (high - low) * lobatto(len(thresholds)), thresholds, near
        )
        if edges:
            panels += pairwise([low, *edges, high])
            continue
        logs, change = _panel(plan, sample, low, high, thresholds)
        if change < _CHANGE * plan.aim:
            parts.append(logs)
            changes.append(change)
        else:
            panels += [(low, 0.5 * (low + high)), (0.5 * (low + high), high)]
    return logsumexp(parts, axis=0), np.array(changes)


def _stretch(plan: QuadraturePlan, sample: ThresholdSample) -> tuple[float, float]:
    """What to integrate over: the scan's stretch, widened while the integrand of all lengths has not fallen there."""
    low, high = plan.stretch(sample.scan)
    side, fallen = sample.scan.side, plan.depth - _SLACK
    for widened in range(_WIDENINGS):
        v = 0.5 * (low + high) + 0.5 * (high - low) * lobatto(SAMPLE_NODES)
        log_rho = sample.log_rho
        if widened:
            log_rho = plan.integrand.thresholds(side.overlap(v), sample.guesses(v), rough([plan.log_total]))
        values = plan.integrand.logs(side, v, log_rho)[plan.wanted[0]]
        width = 0.5 * (high - low)
        wider = low, high
        if values[0] > values.max() - fallen:
            wider = max(low - width, side.low), high
        if values[-1] > values.max() - fallen:
            wider = wider[0], min(high + width, side.high)
        if wider == (low, high):
            break
        low, high = wider
    return low, high


def _first_thresholds(plan: QuadraturePlan, sample: ThresholdSample, low: float, high: float) -> FloatArray:
    """log rho_c on the coarsest nodes of a panel, shape (nodes, lengths)."""
    v = 0.5 * (low + high) + 0.5 * (high - low) * lobatto(_COUNTS[0])
    return plan.integrand.thresholds(sample.scan.side.overlap(v), sample.guesses(v), plan.tolerance)


def _edges(
    plan: QuadraturePlan, sample: ThresholdSample, v: FloatArray, log_rho: FloatArray, near: float
) -> list[float]:
    """Where within a panel aligned pairs begin to collapse, at each length that has it; by bisection to `near`."""
    aligned = log_rho >= ALIGNED
    node, column = np.nonzero(aligned[1:] != aligned[:-1])
    low, high, side = v[node], v[node + 1], aligned[node, column]
    while node.size and np.max(high - low) > near:
        middle = 0.5 * (low + high)
        same = plan.integrand.aligned(sample.scan.side.overlap(middle), column) == side
        low, high = np.where(same, middle, low), np.where(same, high, middle)
    edges: list[float] = []
    for edge in np.sort(0.5 * (low + high)).tolist():
        if edge - (edges or [v[0]])[-1] > 2 * near and v[-1] - edge > 2 * near:
            edges.append(edge)
    return edges


def _panel(
    plan: QuadraturePlan, sample: ThresholdSample, low: float, high: float, log_rho: FloatArray
) -> tuple[FloatArray, float]:
    """Logarithms of both integrals over a panel, and what doubling changed; log_rho is at some coarser nodes."""
    side, first = sample.scan.side, plan.wanted[0]
    middle, half = 0.5 * (low + high), 0.5 * (high - low)
    points, weights = legendre_rule(_DENSE)
    log_weights = np.log(weights * half)
    earlier, change = -math.inf, math.inf
    for nodes in _COUNTS:
        x = lobatto(nodes)
        coarse = log_rho[:: max((len(log_rho) - 1) // (nodes - 1), 1)]
        if nodes > len(log_rho):
            guesses = interpolated(polynomial_reads(x[1::2], log_rho.shape[0]), log_rho)
            new = plan.integrand.thresholds(side.overlap(middle + half * x[1::2]), guesses, plan.tolerance)
            log_rho = coarse = np.insert(log_rho, np.arange(1, log_rho.shape[0]), new, axis=0)
        dense = plan.integrand.logs(side, middle + half * points, interpolated(dense_reads(_DENSE, nodes), coarse))
        logs = np.array([log_sum(part + log_weights, axis=0) for part in dense])
        share = math.exp(min(logs[first] - plan.log_total, 0.0))
        change = abs(logs[first] - earlier) * share if share > 0 else 0.0
        # Twice the nodes square the error: where that will not do, a shorter panel is better.
        if change < _CHANGE * plan.aim or math.sqrt(_CHANGE * plan.aim) < change < math.inf:
            break
        earlier = logs[first]
    return logs, change
