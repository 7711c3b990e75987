"""One pass of Newton's method on the nodes of a run on the separatrix; `shooting` says what it solves."""

import math
from collections.abc import Callable
from dataclasses import replace
from itertools import chain, pairwise
from typing import Any

import flint

from anneal_theory.balls import CONTEXT, exact_ball
from anneal_theory.formulas.pair_coordinates_mp import across_places
from anneal_theory.numerics.taylor import Vector, series_length, step_series
from anneal_theory.precision import flint_precision
from anneal_theory.threshold.digits.annealed_series import AnnealedPair
from anneal_theory.threshold.digits.saddles import Saddle, SaddleBranch
from anneal_theory.threshold.digits.shooting import SPARE_TERMS, Node, Shooting, moved, radius, working_bits
from anneal_theory.work import count_work


def corrected(
    shooting: Shooting,
    nodes: list[Node],
    branch: SaddleBranch,
    bits: int,
    tell: Callable[[float], None] = lambda share: None,
) -> tuple[list[Node], Any, float]:
    """One pass of Newton's method, which tells the share of it that is done after each stretch.

    Returns:
        The nodes, the change of log rho_0, and the largest change of a node (of s over R, of the logarithms).
    """
    count_work(runs=1)
    with flint_precision(working_bits(bits)):
        pair = AnnealedPair(shooting.target, shooting.dynamics, bits)
        log_rho = nodes[0].state[1]
        nodes = [replace(nodes[0], state=[one.mid() for one in shooting.start(log_rho)]), *nodes[1:]]
        stretches, better = [], []
        for index, (node, after) in enumerate(pairwise(nodes)):
            end, matrix, terms = _stretch(shooting, pair, node, shooting.span(node, after), bits)
            stretches.append((matrix, [(one - goal).mid() for one, goal in zip(end, after.state, strict=True)]))
            better.append(replace(node, terms=terms))
            tell((index + 1) / len(nodes))
        last, first = [*better, nodes[-1]], shooting.slope(log_rho)
    with flint_precision(4 * working_bits(bits)):  # the changes grow as much as the runs part
        changes = _changes(shooting, last, stretches, first, branch)
        moved_nodes = []
        largest = 0.0
        for node, change in zip(last, changes, strict=True):
            sizes = [abs(float(change[0])) / shooting.target.separation, abs(float(change[1])), abs(float(change[2]))]
            largest = max(largest, *sizes)
            moved_nodes.append(
                replace(node, state=[(one + more).mid() for one, more in zip(node.state, change, strict=True)])
            )
        return moved_nodes, changes[0][1].mid(), largest


def _stretch(shooting: Shooting, pair: AnnealedPair, node: Node, span: Any, bits: int) -> tuple[Vector, Any, float]:
    """End and derivatives of a stretch, with as many terms as it needs."""
    count = int(node.terms * bits) + SPARE_TERMS
    while True:
        count_work(steps=1)
        with series_length(count):
            heat = shooting.heat(node)
        series, matrix = step_series(pair, node.state, heat, count)
        extent = float(span)  # 0 where a schedule ends as it begins
        reach = math.log2(max(radius([*series, *chain(*matrix)]) / extent, 1.05)) if extent else math.inf
        terms = 1 / reach
        if terms * bits <= count:
            break
        count = int(1.1 * terms * bits) + SPARE_TERMS
    ends = [[flint.arb_poly(list(one.coeffs()))(span).mid() for one in row] for row in matrix]
    return moved(series, span), ends, max(terms, 0.1)


def _changes(
    shooting: Shooting, nodes: list[Node], stretches: list[Any], first: Vector, branch: SaddleBranch
) -> list[Vector]:
    own, along = [flint.arb(0)] * 3, list(first)
    pairs = [(own, along)]
    for matrix, defect in stretches:
        own = [(_dot(row, own) + gap).mid() for row, gap in zip(matrix, defect, strict=True)]
        along = [_dot(row, along).mid() for row in matrix]
        pairs.append((own, along))
    heat = float(shooting.heat(nodes[-1])[0])
    rest = branch.at(heat)
    assert rest is not None  # the last node lies on the branch
    (off, by_own), (_, by_along) = (_off(shooting, nodes[-1].state, way, rest) for way in (own, along))
    size = (-(off + by_own).mid() / by_along.mid()).mid()  # wide balls would lose bits of the middle
    return [[one + size * more for one, more in zip(*two, strict=True)] for two in pairs]


def _off(shooting: Shooting, state: Vector, way: Vector, rest: Saddle) -> tuple[Any, Any]:
    """How far a state lies off a saddle along its unstable direction, and the slope of that along a way."""
    w1, radius_ = exact_ball(shooting.dynamics.exact_family_weight), exact_ball(shooting.target.exact_separation)
    with series_length(2):
        s, x, length = (flint.arb_series([one, more]) for one, more in zip(state, way, strict=True))
        m1, m2, *_ = across_places(CONTEXT, s, x, length, radius_, w1)
        off = float(rest.row[0]) * (m1 - rest.m1) + float(rest.row[1]) * (m2 - rest.m2)
        return off[0], off[1]


def _dot(row: Vector, vector: Vector) -> Any:
    return row[0] * vector[0] + row[1] * vector[1] + row[2] * vector[2]
