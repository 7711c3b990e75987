"""Thresholds of neighbouring starts: Newton's method begins at the run that those before say (theory section 5).

Thresholds, and the runs on the separatrix with them, are analytic in the place of a start. Runs of one family are held
at the same times, so that the polynomial through those found is soon a better guess of the next one than any from
doubles: it is taken once it gives what doubles do of the threshold. A guess is no more than that; what Newton's method
leaves is measured as for a start alone.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import flint
import numpy as np

from anneal_theory.errors import PrecisionError
from anneal_theory.numerics.taylor import Vector
from anneal_theory.precision import flint_precision
from anneal_theory.results import Estimate
from anneal_theory.schedules import Schedule
from anneal_theory.schedules.series import pieces
from anneal_theory.threshold.digits.any_digits import horizon_of, settled, settled_threshold, stated, wanted_bits
from anneal_theory.threshold.digits.separatrix import Branch, Separatrix
from anneal_theory.threshold.digits.shooting import Node, Shooting, first_nodes, nodes_at, working_bits

_FEW = 4  # runs through which no polynomial is a guess yet
_SPARE = (
    6.0  # factors of e that the times of a family hold beyond what a start needs: others come later to their saddle
)
_OFF = 1e-6  # of a logarithm in doubles: what is farther from it is another solution
_AS_DOUBLES = 1e-9  # of a logarithm: a polynomial that is so close to doubles is as good a guess
_ALONE = 14  # digits up to which two passes from doubles do
_WORTH, _WIDEST = 10, 3.0  # starts for which a family is made, and how far apart their places may be


@dataclass(eq=False)
class Family:
    """Runs held at the same times.

    Attributes:
        schedule: Of all of them.
        digits: Of all of them.
        branch: The saddles that they come to; None before the first.
        places: Of the runs found.
        runs: Their nodes.
        expected: What Newton's first pass will leave of the next guess, from the one before.
    """

    schedule: Schedule
    digits: int
    branch: Branch | None = None
    places: list[flint.arb] = field(default_factory=list)
    runs: list[list[Node]] = field(default_factory=list)
    expected: float = 1.0

    def threshold(self, model: Separatrix, place: flint.arb, rough: float) -> Estimate:
        """The threshold of one more start; arguments as of `neighbouring_thresholds`."""
        shooting = Shooting(model, pieces(self.schedule), self.schedule.highest_after)
        if self.branch is not None:
            try:
                return self._found(shooting, self._guess(shooting, place, rough), place, rough)
            except (PrecisionError, OverflowError, ValueError):
                # it comes later to its saddle, or is too far from the others: a family anew
                self.places, self.runs, self.expected = [], [], 1.0
        branches = model.branches(float(self.schedule.highest_after(0.0)))
        nodes, self.branch = first_nodes(shooting, rough, branches, horizon_of(self.digits) + _SPARE)
        return self._found(shooting, nodes, place, rough)

    def _found(self, shooting: Shooting, nodes: list[Node], place: flint.arb, rough: float) -> Estimate:
        assert self.branch is not None  # `threshold` has set it
        wanted, guessed = wanted_bits(self.digits), len(self.runs) >= _FEW
        settling = settled(shooting, nodes, self.branch, wanted, one_of_many=True, expected=self.expected)
        nodes = settling.nodes
        log_alignment = float(nodes[0].state[shooting.model.aligned])
        if self.runs and not (nodes[-1].weight * math.log(2.0) < -horizon_of(self.digits)):
            raise PrecisionError("the times of the family end before the run is known")
        if guessed and not abs(log_alignment - rough) < _OFF * (1 + abs(rough)):
            raise PrecisionError("the guess has led to another solution")
        self.places.append(place)
        self.runs.append(nodes)
        self.expected = settling.guess_left
        return stated(nodes[0].state[shooting.model.aligned], settling.error, self.digits)

    def _guess(self, shooting: Shooting, place: flint.arb, rough: float) -> list[Node]:
        assert self.branch is not None  # `threshold` has set it
        times = self.runs[-1]
        if len(self.runs) >= _FEW:
            with flint_precision(working_bits(wanted_bits(self.digits))):
                shares = _shares(self.places, place)
                guess = [
                    replace(node, state=_mixed(shares, [run[index].state for run in self.runs]))
                    for index, node in enumerate(times)
                ]
            if abs(float(guess[0].state[shooting.model.aligned]) - rough) < _AS_DOUBLES * (1 + abs(rough)):
                return guess
        self.expected = 1.0
        return nodes_at(shooting, times, rough, self.branch)


def neighbouring_thresholds(
    models: Sequence[Separatrix], places: Sequence[flint.arb], schedule: Schedule, digits: int, rough: Sequence[float]
) -> list[Estimate]:
    """Thresholds of starts along a line, with so many digits.

    Args:
        models: A start each.
        places: Where it lies on the line, exact numbers in which thresholds are smooth.
        schedule: With a closed form, and an end at temperature 1.
        digits: Correct relative digits.
        rough: Logarithms of the thresholds in doubles.

    Returns:
        Estimates in the order of the models, as `settled_threshold` gives them for one of many.

    Raises:
        PrecisionError: Newton's method does not settle, or a run is too long.
    """
    found = {}
    for group in _close(places):
        family = Family(schedule, digits)
        for index in spread_order([float(places[index]) for index in group]):
            at = group[index]
            if digits <= _ALONE or len(group) < _WORTH:
                found[at] = settled_threshold(models[at], schedule, digits, rough[at], one_of_many=True)
            else:
                found[at] = family.threshold(models[at], places[at], rough[at])
    return [found[index] for index in range(len(models))]


def _close(places: Sequence[flint.arb]) -> list[list[int]]:
    """Which places lie close enough to each other for runs from there to be held at the same times."""
    values = np.array([float(one) for one in places])
    low, width = values.min(), np.ptp(values)
    parts = max(math.ceil(width / _WIDEST), 1)
    part = np.minimum((values - low) / (width or 1.0) * parts, parts - 1).astype(int)
    return [np.flatnonzero(part == k).tolist() for k in range(parts) if np.any(part == k)]


def spread_order(places: Sequence[float]) -> list[int]:
    """Leja's order from the middle: each place as far as can be from those before it, so that these enclose it soon.

    Example:
        >>> spread_order([0.0, 1.0, 2.0, 3.0])
        [2, 0, 3, 1]
    """
    x = np.array(places)
    order, logs = [len(x) // 2], np.zeros(len(x))
    while len(order) < len(x):
        with np.errstate(divide="ignore"):
            logs += np.log(np.abs(x - x[order[-1]]))
        logs[order] = -np.inf
        order.append(int(np.argmax(logs)))
    return order


def _shares(places: Sequence[flint.arb], place: flint.arb) -> Vector:
    """Of the values at places in the polynomial through them, at another place."""
    shares = []
    for i, own in enumerate(places):
        share = flint.arb(1)
        for j, other in enumerate(places):
            if j != i:
                share *= (place - other) / (own - other)
        shares.append(share)
    return shares


def _mixed(shares: Vector, states: Sequence[Vector]) -> Vector:
    return [
        sum((share * one for share, one in zip(shares, column, strict=True)), flint.arb(0)).mid()
        for column in zip(*states, strict=True)
    ]
