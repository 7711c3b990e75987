r"""One pass of Newton's method on a run on the separatrix that is held at Gauss points; `shooting` says what it solves.

What the points miss their equations by is found with all digits, and the correction in doubles, so that a pass gains
about twelve digits and derivatives are found once. Within a stretch these linear equations are solved for the points,
which leaves the derivatives of its end by its start; the ends of all stretches then obey the recurrence of `shooting`.

How much an error at an end counts follows from the same derivatives, backwards: the condition at the end is a row,
which each stretch's matrix carries to the end before it, and its product with the threshold's own direction at the
start turns an error anywhere into one of the threshold. That weight falls as fast as runs part, so that towards the end
few digits are asked for; and with it the changes say what Newton's method leaves.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import NamedTuple

import flint
import numpy as np

from anneal_theory._types import FloatArray
from anneal_theory.numerics.elimination_kernels import factored, solved
from anneal_theory.numerics.taylor import Coefficients, Vector
from anneal_theory.precision import flint_precision
from anneal_theory.threshold.digits.held import Factors, GaussRule, HeldRun, HeldTimes, rule_of
from anneal_theory.threshold.digits.separatrix import Branch
from anneal_theory.threshold.digits.shooting import FIRST_BITS, Shooting, working_bits
from anneal_theory.work import count_work

_LEAST_BITS, _BIT_STEP = 40, 16  # of a stretch; few precisions, since each keeps expansions of its own
_LOG2 = math.log(2.0)
_LEAST_WEIGHT = -1e9  # of an end that does not count
_SMALLEST = 1e-250  # of doubles that have all their digits
StretchEquations = tuple[Coefficients, Vector]
"""The derivatives of the end of a stretch by its start, and the gap between that end and the next one's start."""


class Inner(NamedTuple):
    """How the points of a stretch follow."""

    own: FloatArray  # what their equations are missed by, solved, over the scale; shape (n, size)
    scale: flint.arb  # an exact Arb number
    carried: FloatArray  # their derivatives by the start, shape (n, size, size)


@dataclass(frozen=True)
class Pass:
    """What a pass found."""

    run: HeldRun  # the corrected one
    change: flint.arb  # of the logarithm of the alignment at the start
    largest: float  # change of an end of a stretch, in the model's units
    # binary logarithm of the sum over ends of the change times the end's weight: of what the threshold may have changed
    # by
    counted: float


def corrected(
    shooting: Shooting, grid: HeldTimes, run: HeldRun, branch: Branch, bits: int,
    tell: Callable[[float], None] = lambda share: None, last: bool = True,
) -> Pass:  # fmt: skip
    """One pass of Newton's method, which reports the share of it that is done after each stretch.

    `tell` is called with the share that is done; `run` is near the separatrix, and derivatives that it has are used.
    `bits` are those of the threshold. Before another pass (not `last`) errors of ends count by their squares, so that
    the weight of an end saves half of its bits only.
    """
    count_work(runs=1)
    model = shooting.model
    aligned = run.states[0][model.aligned]
    with flint_precision(working_bits(bits)):
        states = [[entry.mid() for entry in model.start(aligned)], *run.states[1:]]
        first = shooting.slope(aligned)
    run = replace(run, states=states, slopes=run.slopes or _slopes(shooting, grid, run))
    run = replace(run, factors=run.factors or _factors(shooting, grid, run))
    stretches: list[StretchEquations] = []
    inner = []
    for index, own in enumerate(own_bits(run, bits, 1.0 if last else 0.5)):
        with flint_precision(working_bits(own)):
            stretch, points = _stretch(shooting, grid, run, index, own)
        stretches.append(stretch)
        inner.append(points)
        tell((index + 1) / len(states))
    with flint_precision(4 * working_bits(bits)):  # the changes grow as much as the runs part
        changes = _changes(shooting, grid, run, stretches, first, branch)
    weights = _weights(shooting, grid, run, stretches, first, branch)
    return _applied(shooting, replace(run, weights=weights), changes, inner, bits)


def own_bits(run: HeldRun, bits: int, share: float = 1.0) -> list[int]:
    """Of each stretch, whose end counts for the threshold by 2^weight, of which a share saves bits."""
    return [_own_bits(bits, share * weight) for weight in run.weights[1:]]


def _own_bits(bits: int, weight: float) -> int:
    own = _LEAST_BITS + _BIT_STEP * math.ceil(max(bits + weight - _LEAST_BITS, 0.0) / _BIT_STEP)
    return min(own, bits)


def _slopes(shooting: Shooting, grid: HeldTimes, run: HeldRun) -> list[FloatArray]:
    with flint_precision(working_bits(FIRST_BITS)):
        flow = shooting.model.flow(FIRST_BITS)
        return [
            np.array(
                [[[float(entry) for entry in row] for row in flow.at(*pair).slopes()] for pair in
                 zip(inside, grid.temperatures(shooting, index), strict=True)]
            )
            for index, inside in enumerate(run.inside)
        ]  # fmt: skip


def _factors(shooting: Shooting, grid: HeldTimes, run: HeldRun) -> list[Factors]:
    """Of the linear equations of the points: a change y of them changes what they miss by y - h S J y."""
    factors = []
    for index, slopes in enumerate(run.slopes):
        count, size = slopes.shape[:2]
        span = float(shooting.span(grid.ends[index], grid.ends[index + 1]))
        with flint_precision(working_bits(FIRST_BITS)):
            within = rule_of(count).doubles
        system = np.eye(count * size) - span * np.einsum("ij,jab->iajb", within, slopes).reshape(count * size, -1)
        factors.append((system, factored(system)))
    return factors


def _stretch(
    shooting: Shooting, grid: HeldTimes, run: HeldRun, index: int, bits: int
) -> tuple[StretchEquations, Inner]:
    """What a stretch misses its equations by, and what follows for its end."""
    inside, start = run.inside[index], run.states[index]
    count_work(steps=len(inside))
    flow, rule = shooting.model.flow(bits), rule_of(len(inside))
    temperatures, span = grid.temperatures(shooting, index), shooting.span(grid.ends[index], grid.ends[index + 1])
    rates = [[rate.mid() for rate in flow.at(*pair).rates()] for pair in zip(inside, temperatures, strict=True)]
    gone = (rule.within * flint.arb_mat(rates)).table()
    gaps = [
        [(begin + span * more - entry).mid() for begin, more, entry in zip(start, row, state, strict=True)]
        for row, state in zip(gone, [*inside, run.states[index + 1]], strict=True)
    ]
    matrix, end, inner = _condensed(rule, float(span), run.slopes[index], run.factors[index], gaps)
    return (matrix, [(gap + more).mid() for gap, more in zip(gaps[-1], end, strict=True)]), inner


def _condensed(
    rule: GaussRule, span: float, slopes: FloatArray, factors: Factors, gaps: list[Vector]
) -> tuple[Coefficients, Vector, Inner]:
    """The linear equations of the points solved: derivatives of the end by the start, and its own change."""
    count, size = slopes.shape[:2]
    scale = _scale([gap for row in gaps[:-1] for gap in row])
    missed = np.array([[float(gap / scale) for gap in row] for row in gaps[:-1]])
    right = np.concatenate([missed.reshape(-1, 1), np.tile(np.eye(size), (count, 1))], axis=1)
    solution = solved(*factors, right).reshape(count, size, size + 1)
    end = span * np.einsum("j,jab,jbc->ac", rule.weights, slopes, solution)
    matrix = [[flint.arb(float(entry)) for entry in row] for row in np.eye(size) + end[:, 1:]]
    return matrix, [float(entry) * scale for entry in end[:, 0]], Inner(solution[:, :, 0], scale, solution[:, :, 1:])


def _scale(many: Vector) -> flint.arb:
    """An exact power of 2 over which numbers are doubles."""
    largest = max((float(abs(entry)) for entry in many), default=0.0)
    if largest > _SMALLEST:
        return flint.arb(1)
    sizes = [int(e) + int(m).bit_length() for m, e in (entry.man_exp() for entry in many if entry != 0)]
    return flint.arb((1, max(sizes))) if sizes else flint.arb(1)


def _applied(shooting: Shooting, run: HeldRun, changes: list[Vector], inner: list[Inner], bits: int) -> Pass:
    sizes = [_log_size(shooting, change) for change in changes]
    counted = np.logaddexp2.reduce(np.array(sizes) + np.maximum(run.weights, _LEAST_WEIGHT))
    with flint_precision(working_bits(bits)):
        states = [_moved(state, change) for state, change in zip(run.states, changes, strict=True)]
        inside = []
        for points, follow, change in zip(run.inside, inner, changes[:-1], strict=True):
            scale = _scale(change)
            more = follow.carried @ np.array([float(entry / scale) for entry in change])
            inside.append([
                [(entry + follow.scale * float(a) + scale * float(b)).mid() for entry, a, b in zip(*three, strict=True)]
                for three in zip(points, follow.own, more, strict=True)
            ])  # fmt: skip
    at_start = changes[0][shooting.model.aligned].mid()
    return Pass(replace(run, states=states, inside=inside), at_start, float(2.0 ** max(sizes)), float(counted))


def _log_size(shooting: Shooting, change: Vector) -> float:
    """Binary logarithm of a change, which may be below all doubles."""
    scale = _scale(change)
    size = max(shooting.model.sizes([(entry / scale).mid() for entry in change]))
    return math.log2(size) + float(scale.log()) / _LOG2 if size else -math.inf


def _moved(state: Vector, change: Vector) -> Vector:
    return [(entry + more).mid() for entry, more in zip(state, change, strict=True)]


def _changes(
    shooting: Shooting, grid: HeldTimes, run: HeldRun, stretches: list[StretchEquations], first: Vector, branch: Branch
) -> list[Vector]:
    own, along = [flint.arb(0)] * len(first), list(first)
    pairs = [(own, along)]
    for matrix, defect in stretches:
        own = [(_dot(row, own) + gap).mid() for row, gap in zip(matrix, defect, strict=True)]
        along = [_dot(row, along).mid() for row in matrix]
        pairs.append((own, along))
    last, model = run.states[-1], shooting.model
    rest = model.rest(branch, float(shooting.temperature(grid.ends[-1])[0]), last)
    assert rest is not None  # the last node lies on the branch
    (off, by_own), (_, by_along) = (model.off(rest, last, way) for way in (own, along))
    size = (-(off + by_own).mid() / by_along.mid()).mid()  # wide balls would lose bits of the middle
    return [[(entry + size * more).mid() for entry, more in zip(*two, strict=True)] for two in pairs]


def _weights(
    shooting: Shooting, grid: HeldTimes, run: HeldRun, stretches: list[StretchEquations], first: Vector, branch: Branch
) -> list[float]:
    """Of each end the binary logarithm of what a change of it by one unit changes the threshold by."""
    model, size = shooting.model, len(first)
    units = [[flint.arb(int(i == j)) for j in range(size)] for i in range(size)]
    scales = [max(model.sizes(unit)) for unit in units]
    with flint_precision(FIRST_BITS):
        last = run.states[-1]
        rest = model.rest(branch, float(shooting.temperature(grid.ends[-1])[0]), last)
        assert rest is not None  # as in `_changes`
        rows = [[model.off(rest, last, unit)[1].mid() for unit in units]]
        for matrix, _ in reversed(stretches):
            rows.append([_dot(list(column), rows[-1]).mid() for column in zip(*matrix, strict=True)])
        whole = abs(_dot(first, rows[-1]))
        return [
            max(float((abs(weight) / whole / scale).mid().log()) if weight != 0 else -math.inf for weight, scale in
                zip(row, scales, strict=True)) / _LOG2
            for row in reversed(rows)
        ]  # fmt: skip


def _dot(row: Vector, vector: Vector) -> flint.arb:
    return sum((entry * more for entry, more in zip(row, vector, strict=True)), flint.arb(0))
