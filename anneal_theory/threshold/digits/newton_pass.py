"""One pass of Newton's method on the nodes of a run on the separatrix; `shooting` says what it solves."""

import math
from collections.abc import Callable
from dataclasses import replace
from itertools import chain, pairwise

import flint

from anneal_theory.numerics.taylor import Coefficients, SeriesFlow, Vector, series_length, step_series
from anneal_theory.precision import flint_precision
from anneal_theory.threshold.digits.separatrix import Branch
from anneal_theory.threshold.digits.shooting import SPARE_TERMS, Node, Shooting, moved, radius, working_bits
from anneal_theory.work import count_work


def corrected(
    shooting: Shooting, nodes: list[Node], branch: Branch, bits: int, tell: Callable[[float], None] = lambda share: None
) -> tuple[list[Node], flint.arb, float]:
    """One pass of Newton's method, which tells the share of it that is done after each stretch.

    Returns:
        The nodes, the change of the logarithm of the alignment at the start, and the largest change of a node, in the
        model's units.
    """
    count_work(runs=1)
    with flint_precision(working_bits(bits)):
        model, flow = shooting.model, shooting.model.flow(bits)
        aligned = nodes[0].state[model.aligned]
        nodes = [replace(nodes[0], state=[one.mid() for one in model.start(aligned)]), *nodes[1:]]
        stretches, better = [], []
        for index, (node, after) in enumerate(pairwise(nodes)):
            end, matrix, terms = _stretch(shooting, flow, node, shooting.span(node, after), bits)
            stretches.append((matrix, [(one - goal).mid() for one, goal in zip(end, after.state, strict=True)]))
            better.append(replace(node, terms=terms))
            tell((index + 1) / len(nodes))
        last, first = [*better, nodes[-1]], shooting.slope(aligned)
    with flint_precision(4 * working_bits(bits)):  # the changes grow as much as the runs part
        changes = _changes(shooting, last, stretches, first, branch)
        moved_nodes = []
        largest = 0.0
        for node, change in zip(last, changes, strict=True):
            largest = max(largest, *model.sizes(change))
            moved_nodes.append(
                replace(node, state=[(one + more).mid() for one, more in zip(node.state, change, strict=True)])
            )
        return moved_nodes, changes[0][model.aligned].mid(), largest


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
    shooting: Shooting, nodes: list[Node], stretches: list[tuple[Coefficients, Vector]], first: Vector, branch: Branch
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


def _dot(row: Vector, vector: Vector) -> flint.arb:
    return sum((one * more for one, more in zip(row, vector, strict=True)), flint.arb(0))
