"""Thresholds of neighbouring starts: Newton's method begins at the run that those before say (theory section 5).

Thresholds, and the runs on the separatrix with them, are analytic in the place of a start. Runs of one family are held
at the same times, so that the polynomial through those found is soon a better guess of the next one than any from
doubles: it is taken once it gives what doubles do of the threshold. A guess is no more than that; what Newton's method
leaves is measured as for a start alone.
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

_FEW = 4  # runs through which no polynomial is a guess yet
_SPARE = (
    6.0  # factors of e that the times of a family hold beyond what a start needs: others come later to their saddle
)
_OFF = 1e-6  # of a logarithm in doubles: what is farther from it is another solution
_AS_DOUBLES = 1e-9  # of a logarithm: a polynomial that is so close to doubles is as good a guess
_WIDEST = 3.0  # how far apart places of a family may be


@dataclass(eq=False)
class NeighbouringRuns:
    """Runs held at the same times.

    Attributes:
        schedule: Of all of them.
        digits: Of all of them.
        branch: The saddles that they come to; None before the first.
        grid: Where all are held.
        measured: The error of the first by more points and precision.
        places: Of the runs found.
        runs: Those.
    """

    schedule: Schedule
    digits: int
    branch: Branch | None = None
    grid: HeldTimes | None = None
    measured: float = 0.0
    places: list[flint.arb] = field(default_factory=list)
    runs: list[HeldRun] = field(default_factory=list)

    def threshold(self, model: Separatrix, place: flint.arb, rough: float) -> Estimate:
        """The threshold of one more start; arguments as of `neighbouring_thresholds`."""
        shooting = Shooting(model, pieces(self.schedule), self.schedule.highest_after)
        if self.runs:
            try:
                return self._found(shooting, place, rough)
            except (PrecisionError, OverflowError, ValueError):
                self.places, self.runs = [], []  # it comes later to its saddle, or is too far from the others
        return self._first(shooting, place, rough)

    def _first(self, shooting: Shooting, place: flint.arb, rough: float) -> Estimate:
        """That of a family anew, whose points are measured to be enough."""
        nodes, self.branch = self._nodes(shooting, rough, _SPARE)
        grid = first_grid(nodes)
        result = confirmed(shooting, grid, held(shooting, nodes, grid), self.branch, self.digits)
        self.grid, self.measured = result.grid, result.error
        return self._kept(shooting, result.run, place, result.error)

    def _nodes(self, shooting: Shooting, rough: float, spare: float) -> tuple[list[RunNode], Branch]:
        branches = shooting.model.branches(float(self.schedule.highest_after(0.0)))
        return first_nodes(shooting, rough, branches, horizon_of(self.digits) + spare)

    def _found(self, shooting: Shooting, place: flint.arb, rough: float) -> Estimate:
        assert self.branch is not None  # `_first` has set both
        assert self.grid is not None
        wanted, run = wanted_bits(self.digits), self._guess(shooting, place, rough)
        if run is None:
            nodes, _ = self._nodes(shooting, rough, 0.0)
            run = settled(shooting, self.grid, held(shooting, nodes, self.grid), self.branch, FIRST_BITS).run
        result = settled(shooting, self.grid, run, self.branch, wanted)
        if not result.run.weights[-1] * math.log(2.0) < -horizon_of(self.digits):
            raise PrecisionError("the times of the family end before the run is known")
        if not abs(float(result.run.states[0][shooting.model.aligned]) - rough) < _OFF * (1 + abs(rough)):
            raise PrecisionError("the guess has led to another solution")
        return self._kept(shooting, result.run, place, result.error + self.measured)

    def _kept(self, shooting: Shooting, run: HeldRun, place: flint.arb, error: float) -> Estimate:
        self.places.append(place)
        self.runs.append(run)
        return stated(run.states[0][shooting.model.aligned], error, self.digits)

    def _guess(self, shooting: Shooting, place: flint.arb, rough: float) -> HeldRun | None:
        """The polynomial through the runs found, once it is as good as doubles."""
        if len(self.runs) < _FEW:
            return None
        with flint_precision(working_bits(wanted_bits(self.digits))):
            shares = _shares(self.places, place)
            states = _mixed(shares, [run.states for run in self.runs])
            if not abs(float(states[0][shooting.model.aligned]) - rough) < _AS_DOUBLES * (1 + abs(rough)):
                return None
            inside = [_mixed(shares, many) for many in zip(*(run.inside for run in self.runs), strict=True)]
        parts = np.array([float(share) for share in shares])
        slopes = [
            np.tensordot(parts, np.stack(many), 1) for many in zip(*(run.slopes for run in self.runs), strict=True)
        ]
        return HeldRun(states, inside, self.runs[-1].weights, slopes)


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
    thresholds = {}
    for group in _close(places):
        family = NeighbouringRuns(schedule, digits)
        for index in spread_order([float(places[index]) for index in group]):
            at = group[index]
            thresholds[at] = family.threshold(models[at], places[at], rough[at])
    return [thresholds[index] for index in range(len(models))]


def _close(places: Sequence[flint.arb]) -> list[list[int]]:
    """Which places lie close enough to each other for runs from there to be held at the same times."""
    values = np.array([float(place) for place in places])
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


def _mixed(shares: Vector, many: Sequence[list[Vector]]) -> list[Vector]:
    """The polynomial through lists of states."""
    row = flint.arb_mat([shares])
    columns = flint.arb_mat([[entry for state in states for entry in state] for states in many])
    flat = (row * columns).mid().entries()
    size = len(many[0][0])
    return [flat[k : k + size] for k in range(0, len(flat), size)]
