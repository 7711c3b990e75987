r"""The run on the separatrix, from its start to the saddle it ends in, by multiple shooting at any precision.

A run beside the separatrix leaves it at the rate of the saddle's unstable direction, so no single run follows it to the
end. Here the run is held at nodes in time. The first one comes from doubles, by power series; `held` holds it at points
between the nodes too, which gives the derivatives M of a stretch's end by its start. With the gaps ("defects") between
the end of a stretch and the next node, Newton's correction of the nodes (`newton_pass`) obeys

    change_(j+1) = M_j change_j + defect_j,   change_0 along the threshold's own direction,
    and no part of node_N + change_N along the unstable direction of the saddle at T(t_N).

The last condition is only right up to the curvature of the stable manifold, which the growth from t = 0 to t_N divides:
t_N is chosen so late that nothing is left of it.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any

import flint
import numpy as np

from anneal_theory.errors import PrecisionError
from anneal_theory.numerics.taylor import (
    Series,
    SeriesFlow,
    Vector,
    series_length,
    series_of,
    step_series,
)
from anneal_theory.precision import flint_precision
from anneal_theory.schedules.analytic import AnalyticPiece
from anneal_theory.threshold.digits.separatrix import Branch, Separatrix
from anneal_theory.work import count_work

FIRST_BITS = 64
_TERMS_A_BIT = 0.6
SPARE_TERMS = 6
_LEAST_ORDER = 4
PRACTICAL_SERIES, _MOST_SERIES = 2500, 50_000  # without and with leave to take long
_LONGEST = 1e4  # time on one series, however far it converges
_GROWTH = 2.0  # factors of e by which a deviation grows on a stretch at a saddle; Newton's first changes are rough
_FALL = 4.0  # and by which it falls at most, since the series of that is an exponential's
_ROUNDING = 1e-9
_LARGEST_LOG = 700.0  # its exponential is a double
_CLOSE, _FAR = 0.2, 0.4  # of R^2: a run has come to a saddle, and has left it again


def working_bits(bits: int) -> int:
    """Precision at which `bits` bits come out: the divided difference of psi may cost a third of them."""
    return bits + bits // 3 + 40


@dataclass(frozen=True)
class RunNode:
    """A point of the run."""

    piece: int  # index of the schedule's analytic stretch
    offset: float  # time since it began
    state: Vector  # in the model's coordinates, exact Arb numbers
    # binary logarithm of what a change of it by one unit changes the threshold by; 0 where that is not known
    weight: float = 0.0


@dataclass(frozen=True, eq=False)
class Shooting:
    """What a pass needs to know; `highest_after` gives the largest T from a time on."""

    model: Separatrix
    pieces: list[AnalyticPiece]
    highest_after: Callable[[float], float]
    allow_slow: bool = False

    def check(self, series: int) -> None:
        """Refuse to go on with more power series than are practical."""
        most = _MOST_SERIES if self.allow_slow else PRACTICAL_SERIES
        if series > most:
            raise PrecisionError(
                f"the run on the separatrix needs more than {most} power series, which take minutes in each pass: "
                + ("" if self.allow_slow else "pass allow_slow=True, or ")
                + "ask for doubles, or for the slow-annealing formula"
            )

    def slope(self, log_alignment: flint.arb) -> Vector:
        """The derivative of the start by the logarithm of its alignment."""
        with series_length(2):
            started = series_of(self.model.start(flint.arb_series([log_alignment, 1])))
            return [series[1].mid() for series in started]

    def begin(self, piece: int) -> flint.arb:
        """When a stretch of the schedule begins."""
        before = self.pieces[piece - 1].end if piece else None
        return before() if before else flint.arb(0)

    def temperature(self, node: RunNode) -> flint.arb_series:
        """The series of T at a node."""
        return self.pieces[node.piece].local(self.begin(node.piece) + node.offset)

    def span(self, node: RunNode, after: RunNode) -> flint.arb:
        """Time from a node to the next."""
        if after.piece == node.piece:
            return flint.arb(after.offset) - node.offset
        return self.begin(after.piece) - self.begin(node.piece) - node.offset


def moved(series: Series, span: flint.arb) -> Vector:
    """A solution at the end of a stretch."""
    return [flint.arb_poly(list(part.coeffs()))(span).mid() for part in series]


def radius(many: Series) -> float:
    """Where the last coefficients that stand out of rounding say that the first of many series ends to converge."""
    sizes = []
    for series in many:
        orders = [k for k in range(series.length() - 1, _LEAST_ORDER, -1) if not series[k].contains(0)][:2]
        sizes += [math.exp(min(-float(abs(series[k]).mid().log()) / k, _LARGEST_LOG)) for k in orders]
    return min(sizes, default=math.inf)


def first_nodes(
    shooting: Shooting, log_alignment: float, branches: list[Any], horizon: float
) -> tuple[list[RunNode], Branch]:
    """Nodes of a run in doubles while it stays by the separatrix, then of its saddle, for `horizon` factors of e."""
    count = int(_TERMS_A_BIT * FIRST_BITS) + SPARE_TERMS
    model, unit = shooting.model, shooting.model.unit
    with flint_precision(working_bits(FIRST_BITS)):
        flow = model.flow(FIRST_BITS)
        state = [entry.mid() for entry in model.start(flint.arb(log_alignment))]
        nodes = [RunNode(0, 0.0, state)]
        distances: list[list[float]] = [[math.inf] for _ in branches]
        while True:
            shooting.check(len(nodes))
            nodes.append(_next(shooting, flow, nodes[-1], count))
            temperature = float(shooting.temperature(nodes[-1])[0])
            m1, m2 = model.overlaps(nodes[-1].state)
            for branch, passed in zip(branches, distances, strict=True):
                saddle = model.rest(branch, temperature, nodes[-1].state)
                passed.append(math.hypot(m1 - saddle.m1, m2 - saddle.m2) if saddle else math.inf)
                if min(passed) < _CLOSE * unit and _FAR * unit < passed[-1] < math.inf:
                    closest = int(np.argmin(passed))
                    _require_fold_passed(shooting, nodes[closest], branch)
                    return _continued(shooting, nodes[: closest + 1], branch, horizon), branch
            if all(min(passed) >= _CLOSE * unit and passed[-1] >= passed[-2] for passed in distances):
                _require_undecided(shooting, nodes[-1])


def _require_undecided(shooting: Shooting, node: RunNode) -> None:
    """Refuse a run that has come to no saddle and whose end is certain: doubles did not keep it on the separatrix."""
    time = float(shooting.begin(node.piece)) + node.offset
    if shooting.model.decided(node.state, float(shooting.highest_after(time))):
        raise PrecisionError(
            f"the run from the threshold in doubles has left the separatrix by t = {time:.6g}, before it came to its "
            "saddle: it is too unstable for Newton's method to begin with; ask for doubles"
        )


def _require_fold_passed(shooting: Shooting, node: RunNode, branch: Branch) -> None:
    """Refuse a run that has come to its saddle before the temperature takes the saddle away again."""
    fold, time = branch.fold, float(shooting.begin(node.piece)) + node.offset
    if not shooting.highest_after(time) <= fold * (1 + _ROUNDING):
        raise PrecisionError(
            f"the run on the separatrix comes to its saddle by t = {time:.6g}, and the temperature rises above the "
            f"saddle's fold at T = {fold:.6g} after that; ask for doubles"
        )


def _next(shooting: Shooting, flow: SeriesFlow[flint.arb_series], node: RunNode, count: int) -> RunNode:
    count_work(steps=1)
    with series_length(count):
        temperature = shooting.temperature(node)
        tempered = shooting.model.dynamics.objective == "tempered-target"
        cooling = [temperature / temperature[0], *([temperature[0] / temperature] if tempered else [])]
    series, matrix = step_series(flow, node.state, temperature, count)
    # Of a brief annealing the state has too little for its own coefficients to tell where they end to converge.
    wanted = min(radius([*series, *chain(*matrix), *cooling]) * 2.0 ** (-FIRST_BITS / count), _LONGEST)
    end = shooting.pieces[node.piece].end
    if end is not None:
        left = end() - shooting.begin(node.piece) - node.offset
        if float(left) <= 1.2 * wanted:
            return RunNode(node.piece + 1, 0.0, moved(series, left))
    return replace(node, offset=node.offset + wanted, state=moved(series, flint.arb(wanted)))


def _continued(shooting: Shooting, nodes: list[RunNode], branch: Branch, horizon: float) -> list[RunNode]:
    """Further nodes at the saddle of the temperature there, until the separatrix is known to the horizon."""
    model, passed = shooting.model, 0.0
    here = model.rest(branch, float(shooting.temperature(nodes[-1])[0]), nodes[-1].state)
    here = here or model.rest(branch, 1.0, nodes[-1].state)
    while passed < horizon:
        assert here is not None  # the branch begins at T = 1
        node = nodes[-1]
        step = min(_GROWTH / here.rate, _FALL / here.fastest) / model.pace(float(shooting.temperature(node)[0]))
        after = replace(node, offset=node.offset + step)
        end = shooting.pieces[node.piece].end
        if end is not None and float(end() - shooting.begin(node.piece)) <= after.offset + 0.2 * step:
            after = RunNode(node.piece + 1, 0.0, node.state)
        span = float(shooting.span(node, after))
        temperature = float(shooting.temperature(after)[0])
        here = model.rest(branch, temperature, node.state) or here
        state = model.resting(here, node.state, temperature, span)
        passed += model.pace(temperature) * here.rate * span
        weight = -passed / math.log(2.0)
        nodes.append(replace(after, state=[flint.arb(float(entry)) for entry in state], weight=weight))
        shooting.check(len(nodes))
    return nodes
