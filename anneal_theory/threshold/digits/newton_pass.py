r"""One pass of Newton's method on the nodes of a run on the separatrix; `shooting` says what it solves.

How much an error at a node counts follows from the same derivatives, backwards: the condition at the end is a row,
which each stretch's matrix carries to the node before it, and its product with the threshold's own direction at the
start turns an error anywhere into one of the threshold. That weight falls as fast as runs part, so that towards the end
few digits are asked for; and with it the squares of the changes say what Newton's method leaves.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import chain, pairwise

import flint

from anneal_theory.numerics.taylor import Coefficients, SeriesFlow, Vector, series_length, step_series
from anneal_theory.precision import flint_precision
from anneal_theory.threshold.digits.separatrix import Branch
from anneal_theory.threshold.digits.shooting import (
    FIRST_BITS,
    SPARE_TERMS,
    Node,
    Shooting,
    moved,
    radius,
    working_bits,
)
from anneal_theory.work import count_work

_LEAST_BITS, _BIT_STEP = 40, 16  # of a stretch; few precisions, since each keeps expansions of its own
_LOG2 = math.log(2.0)
Stretch = tuple[Coefficients, Vector]
"""The derivatives of the end of a stretch by its start, and the gap between that end and the next node."""


@dataclass(frozen=True)
class Pass:
    """What a pass found.

    Attributes:
        nodes: The corrected ones.
        change: Of the logarithm of the alignment at the start.
        largest: Change of a node, in the model's units.
        left: The sum over nodes of the square of the change times the node's weight: what the next pass will change the
            threshold by, but for the curvature of the flow.
    """

    nodes: list[Node]
    change: flint.arb
    largest: float
    left: float


def corrected(
    shooting: Shooting,
    nodes: list[Node],
    branch: Branch,
    bits: int,
    tell: Callable[[float], None] = lambda share: None,
    last: bool = True,
) -> Pass:
    """One pass of Newton's method, which tells the share of it that is done after each stretch.

    Args:
        shooting: The problem.
        nodes: A run near the separatrix.
        branch: The saddles that it comes to.
        bits: That the threshold is to have.
        tell: Called with the share that is done.
        last: Whether no other pass is to follow. Before one, errors of nodes count by their squares, so that the
            weight of a node saves half of its bits only.
    """
    count_work(runs=1)
    model, saved = shooting.model, 1.0 if last else 0.5
    with flint_precision(working_bits(bits)):
        aligned = nodes[0].state[model.aligned]
        nodes = [replace(nodes[0], state=[one.mid() for one in model.start(aligned)]), *nodes[1:]]
    stretches: list[Stretch] = []
    better = []
    for index, (node, after) in enumerate(pairwise(nodes)):
        own = _own_bits(bits, saved * after.weight)
        with flint_precision(working_bits(own)):
            end, matrix, terms = _stretch(shooting, model.flow(own), node, shooting.span(node, after), own)
            stretches.append((matrix, [(one - goal).mid() for one, goal in zip(end, after.state, strict=True)]))
        better.append(replace(node, terms=terms))
        tell((index + 1) / len(nodes))
    with flint_precision(working_bits(bits)):
        first = shooting.slope(aligned)
    reached = [*better, nodes[-1]]
    with flint_precision(4 * working_bits(bits)):  # the changes grow as much as the runs part
        changes = _changes(shooting, reached, stretches, first, branch)
    weights = _weights(shooting, reached, stretches, first, branch)
    return _applied(shooting, reached, changes, weights, bits)


def _applied(shooting: Shooting, nodes: list[Node], changes: list[Vector], weights: list[float], bits: int) -> Pass:
    found, largest, left = [], 0.0, 0.0
    with flint_precision(working_bits(bits)):
        for node, change, weight in zip(nodes, changes, weights, strict=True):
            size = max(shooting.model.sizes(change))
            largest, left = max(largest, size), left + size**2 * 2.0**weight
            state = [(one + more).mid() for one, more in zip(node.state, change, strict=True)]
            found.append(replace(node, state=state, weight=weight))
        return Pass(found, changes[0][shooting.model.aligned].mid(), largest, left)


def _own_bits(bits: int, weight: float) -> int:
    """Of a stretch whose end counts for the threshold by 2^weight."""
    own = _LEAST_BITS + _BIT_STEP * math.ceil(max(bits + weight - _LEAST_BITS, 0.0) / _BIT_STEP)
    return min(own, bits)


def _stretch(
    shooting: Shooting, flow: SeriesFlow[flint.arb_series], node: Node, span: flint.arb, bits: int
) -> tuple[Vector, Coefficients, float]:
    """End and derivatives of a stretch, with as many terms as it needs."""
    count = int(node.terms * bits) + SPARE_TERMS
    while True:
        count_work(steps=1)
        with series_length(count):
            heat = shooting.heat(node)
        series, matrix = step_series(flow, node.state, heat, count)
        extent = float(span)  # 0 where a schedule ends as it begins
        reach = math.log2(max(radius([*series, *chain(*matrix)]) / extent, 1.05)) if extent else math.inf
        terms = 1 / reach
        if terms * bits <= count:
            break
        count = int(1.1 * terms * bits) + SPARE_TERMS
    ends = [[flint.arb_poly(list(one.coeffs()))(span).mid() for one in row] for row in matrix]
    return moved(series, span), ends, max(terms, 0.1)


def _changes(
    shooting: Shooting, nodes: list[Node], stretches: list[Stretch], first: Vector, branch: Branch
) -> list[Vector]:
    own, along = [flint.arb(0)] * len(first), list(first)
    pairs = [(own, along)]
    for matrix, defect in stretches:
        own = [(_dot(row, own) + gap).mid() for row, gap in zip(matrix, defect, strict=True)]
        along = [_dot(row, along).mid() for row in matrix]
        pairs.append((own, along))
    last, model = nodes[-1].state, shooting.model
    rest = model.rest(branch, float(shooting.heat(nodes[-1])[0]), last)
    assert rest is not None  # the last node lies on the branch
    (off, by_own), (_, by_along) = (model.off(rest, last, way) for way in (own, along))
    size = (-(off + by_own).mid() / by_along.mid()).mid()  # wide balls would lose bits of the middle
    return [[one + size * more for one, more in zip(*two, strict=True)] for two in pairs]


def _weights(
    shooting: Shooting, nodes: list[Node], stretches: list[Stretch], first: Vector, branch: Branch
) -> list[float]:
    """Of each node the binary logarithm of what a change of it by one unit changes the threshold by."""
    model, size = shooting.model, len(first)
    units = [[flint.arb(int(i == j)) for j in range(size)] for i in range(size)]
    scales = [max(model.sizes(unit)) for unit in units]
    with flint_precision(FIRST_BITS):
        last = nodes[-1].state
        rest = model.rest(branch, float(shooting.heat(nodes[-1])[0]), last)
        assert rest is not None  # as in `_changes`
        rows = [[model.off(rest, last, unit)[1].mid() for unit in units]]
        for matrix, _ in reversed(stretches):
            rows.append([_dot(list(column), rows[-1]).mid() for column in zip(*matrix, strict=True)])
        whole = abs(_dot(first, rows[-1]))
        return [
            max(float((abs(one) / whole / scale).mid().log()) if one != 0 else -math.inf for one, scale in
                zip(row, scales, strict=True)) / _LOG2
            for row in reversed(rows)
        ]  # fmt: skip


def _dot(row: Vector, vector: Vector) -> flint.arb:
    return sum((one * more for one, more in zip(row, vector, strict=True)), flint.arb(0))
