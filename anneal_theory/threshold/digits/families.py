"""Thresholds of neighbouring starts: Newton's method begins at the run that those before say (theory section 5).

Thresholds, and the runs on the separatrix with them, are analytic in the place of a start. Runs of one family are held
at the same times, so that the polynomial through those found is a guess of the next one: a rough one through few of
them, from which Newton's method still comes to the run in fewer passes than from power series, and at last one as good
as doubles, whose derivatives serve too. A guess is no more than that; what Newton's method leaves is measured as for a
start alone, and where a guess leads nowhere the run begins from doubles.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import flint
import numpy as np

from anneal_theory.errors import PrecisionError
from anneal_theory.numerics.taylor import Vector
from anneal_theory.precision import flint_precision
from anneal_theory.results import Estimate
from anneal_theory.schedules import Schedule
from anneal_theory.schedules.series import pieces
from anneal_theory.threshold.digits.any_digits import confirmed, horizon_of, settled, stated, wanted_bits
from anneal_theory.threshold.digits.held import HeldRun, HeldTimes, first_grid, held
from anneal_theory.threshold.digits.separatrix import Branch, Separatrix
from anneal_theory.threshold.digits.shooting import FIRST_BITS, RunNode, Shooting, first_nodes, working_bits

_SPARE = (
    6.0  # factors of e that the times of a family hold beyond what a start needs: others come later to their saddle
)
_OFF, _NEAR = 1e-6, 0.1  # of a logarithm in doubles, or near it: what is farther from it is another solution
_AS_DOUBLES = 1e-9  # of a logarithm: a polynomial that is so close to doubles is as good a guess
_GUESSED_PASSES = 8  # by which a guess has come to the digits of doubles, or does not; 4 were usual from a far one
_STRIDE = 0.5  # from the first place to the second
_WIDEST = 3.0  # how far apart places of a family may be


@dataclass(frozen=True, eq=False)
class Neighbour:
    """A start among others along a line.

    `place` is an exact number in which thresholds are smooth along the line; `rough` the logarithm of the threshold in
    doubles. Where it is not `resolved` a run is no more than near the threshold.
    """

    model: Separatrix
    place: flint.arb
    digits: int
    rough: float
    resolved: bool = True


@dataclass(eq=False)
class NeighbouringRuns:
    """Runs held at the same times.

    `digits` are the most of any, `branch` the saddles that they come to (None before the first), and `measured` the
    error of the first by more points and precision.
    """

    schedule: Schedule
    digits: int
    branch: Branch | None = None
    grid: HeldTimes | None = None
    measured: float = 0.0
    places: list[flint.arb] = field(default_factory=list)
    runs: list[HeldRun] = field(default_factory=list)

    def threshold(self, start: Neighbour) -> Estimate:
        """The threshold of one more start."""
        shooting = Shooting(start.model, pieces(self.schedule), self.schedule.highest_after)
        if self.runs:
            try:
                return self._found(shooting, start)
            except PrecisionError:
                self.places, self.runs = [], []  # it comes later to its saddle, or is too far from the others
        return self._first(shooting, start)

    def _first(self, shooting: Shooting, start: Neighbour) -> Estimate:
        """That of a family anew, whose points are measured to be enough for the most digits of any."""
        nodes, self.branch = self._nodes(shooting, start.rough, self.digits, _SPARE)
        grid = first_grid(nodes)
        result = confirmed(shooting, grid, held(shooting, nodes, grid), self.branch, self.digits)
        self.grid, self.measured = result.grid, result.error
        return self._kept(result.run, start, result.error)

    def _nodes(self, shooting: Shooting, rough: float, digits: int, spare: float) -> tuple[list[RunNode], Branch]:
        branches = shooting.model.branches(float(self.schedule.highest_after(0.0)))
        return first_nodes(shooting, rough, branches, horizon_of(digits) + spare)

    def _found(self, shooting: Shooting, start: Neighbour) -> Estimate:
        assert self.branch is not None  # `_first` has set both
        assert self.grid is not None
        run = self._guess(start)
        if not run.slopes:
            run = self._in_doubles(shooting, self.grid, self.branch, run, start)
        result = settled(shooting, self.grid, run, self.branch, wanted_bits(start.digits))
        if not result.run.weights[-1] * math.log(2.0) < -horizon_of(start.digits):
            raise PrecisionError("the times of the family end before the run is known")
        if not _is_own(result.run, start):
            raise PrecisionError("the guess has led to another solution")
        return self._kept(result.run, start, result.error + self.measured)

    def _in_doubles(
        self, shooting: Shooting, grid: HeldTimes, branch: Branch, guess: HeldRun, start: Neighbour
    ) -> HeldRun:
        """A run with the digits of doubles: from a guess, or where that leads nowhere from the threshold in doubles."""
        try:
            run = settled(shooting, grid, guess, branch, FIRST_BITS, most=_GUESSED_PASSES).run
        except PrecisionError:
            pass
        else:
            if _is_own(run, start):
                return run
        nodes, _ = self._nodes(shooting, start.rough, start.digits, 0.0)
        return settled(shooting, grid, held(shooting, nodes, grid), branch, FIRST_BITS).run

    def _kept(self, run: HeldRun, start: Neighbour, error: float) -> Estimate:
        self.places.append(start.place)
        self.runs.append(run)
        return stated(run.states[0][start.model.aligned], error, start.digits)

    def _guess(self, start: Neighbour) -> HeldRun:
        """The polynomial through the runs found; with derivatives if it is as good as doubles."""
        with flint_precision(working_bits(wanted_bits(start.digits))):
            shares = _shares(self.places, start.place)
            states = _mixed(shares, [run.states for run in self.runs])
            inside = [_mixed(shares, many) for many in zip(*(run.inside for run in self.runs), strict=True)]
        slopes = []
        if _off(states, start) < _AS_DOUBLES:
            parts = np.array([float(share) for share in shares])
            slopes = [
                np.tensordot(parts, np.stack(many), 1) for many in zip(*(run.slopes for run in self.runs), strict=True)
            ]
        return HeldRun(states, inside, self.runs[-1].weights, slopes)


def _off(states: list[Vector], start: Neighbour) -> float:
    """How far the threshold of a run is off the one in doubles."""
    return abs(float(states[0][start.model.aligned]) - start.rough) / (1 + abs(start.rough))


def _is_own(run: HeldRun, start: Neighbour) -> bool:
    """Whether a run is the start's own, and not another solution."""
    return _off(run.states, start) < (_OFF if start.resolved else _NEAR)


def neighbouring_thresholds(starts: Sequence[Neighbour], schedule: Schedule) -> list[Estimate]:
    """Thresholds of starts along a line, in their order, as `settled_threshold` gives them for one of many."""
    result = {}
    for group in _close([one.place for one in starts]):
        family = NeighbouringRuns(schedule, max(starts[index].digits for index in group))
        places, digits = zip(*((float(starts[index].place), starts[index].digits) for index in group), strict=True)
        for at in spread_order(places, digits):
            result[group[at]] = family.threshold(starts[group[at]])
    return [result[index] for index in range(len(starts))]


def _close(places: Sequence[flint.arb]) -> list[list[int]]:
    """Which places lie close enough to each other for runs from there to be held at the same times."""
    values = np.array([float(place) for place in places])
    low, width = values.min(), np.ptp(values)
    parts = max(math.ceil(width / _WIDEST), 1)
    part = np.minimum((values - low) / (width or 1.0) * parts, parts - 1).astype(int)
    return [np.flatnonzero(part == k).tolist() for k in range(parts) if np.any(part == k)]


def spread_order(places: Sequence[float], digits: Sequence[int]) -> list[int]:
    """Leja's order: each place as far as can be from those before it, so that these enclose it soon.

    It begins in the middle of those that need the most digits, and goes on with others when these are through: a
    polynomial is no better than the worst of its values. No place is farther from those before than these are from each
    other, where there are such, since a guess is no good far from all that is known.
    """
    x, wanted = np.array(places), np.array(digits)
    first = np.flatnonzero(wanted == wanted.max())
    order, logs = [int(first[np.argsort(x[first])[len(first) // 2]])], np.zeros(len(x))
    while len(order) < len(x):
        with np.errstate(divide="ignore"):
            logs += np.log(np.abs(x - x[order[-1]]))
        left = np.setdiff1d(np.arange(len(x)), order)
        left = left[wanted[left] == wanted[left].max()]
        low, high = x[order].min(), x[order].max()
        away = np.maximum(np.maximum(low - x[left], x[left] - high), 0.0)
        close = left[away <= max(high - low, _STRIDE, away.min())]
        order.append(int(close[np.argmax(logs[close])]))
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


def _mixed(shares: Vector, many: Sequence[list[Vector]]) -> list[Vector]:
    """The polynomial through lists of states."""
    row = flint.arb_mat([shares])
    columns = flint.arb_mat([[entry for state in states for entry in state] for states in many])
    flat = (row * columns).mid().entries()
    size = len(many[0][0])
    return [flat[k : k + size] for k in range(0, len(flat), size)]
