"""Searches for the separatrix: the alignment bracketed and bisected between collapsing and splitting runs."""

import math
from dataclasses import dataclass

import numpy as np

from anneal_theory._types import FloatArray, IntArray
from anneal_theory.errors import SolveError
from anneal_theory.models.runs import Model, sides
from anneal_theory.work import count_work

MAX_STEPS = 2_000_000
TOLERANCE = 1e-11  # local error of the logarithm a step; measured global errors are below ten times this
CHECK_TOLERANCE = 1e-8
SCAN = np.concatenate([np.arange(-8.0, 0.0, 0.25), np.arange(0.25, 8.25, 0.25)])
_GUESS = -2.0


@dataclass(frozen=True, eq=False)
class Search:
    """A search's model, and its runs' local error; starts have shape (n, coordinates), logarithms (n,)."""

    model: Model
    tolerance: float

    def sides(self, starts: FloatArray, log_alignments: FloatArray) -> IntArray:
        """+1 for every start that collapses, -1 where it splits, 0 where that is not known."""
        return sides(self.model.runs.codes(starts, log_alignments, self.tolerance, MAX_STEPS))

    def thresholds(self, starts: FloatArray, guesses: FloatArray | None, stride: float, width: float) -> FloatArray:
        """The logarithm of the threshold of every start; +inf where every alignment collapses, -inf where none does.

        They are bisected to `width`; `stride` is how far from a guess to look next, None as guesses is no idea.
        """
        count_work(nodes=len(starts))
        first = np.full(len(starts), _GUESS) if guesses is None else guesses
        low, high = self._bracket(starts, np.clip(first, self.model.lowest, self.model.highest), stride)
        thresholds = low + 0.0
        open_ = np.flatnonzero(np.isfinite(low))
        while open_.size:
            below, above = low[open_], high[open_]
            middle = thresholds[open_] = 0.5 * (below + above)
            left = (above - below > width) & (middle > below) & (middle < above)
            open_ = open_[left]
            inside = self._decided(starts[open_], middle[left]) > 0
            low[open_] = np.where(inside, middle[left], below[left])
            high[open_] = np.where(inside, above[left], middle[left])
        return thresholds

    def _bracket(self, starts: FloatArray, first: FloatArray, stride: float) -> tuple[FloatArray, FloatArray]:
        """(collapsed, split) logarithms, or infinities where the other side never comes."""
        lowest, highest = self.model.lowest, self.model.highest
        low, high = np.empty(first.shape), np.empty(first.shape)
        x, side = first.copy(), self._decided(starts, first)
        strides, open_ = np.full(first.shape, stride), np.arange(first.size)
        while open_.size:
            here, sign = x[open_], side[open_]
            there = np.clip(here + sign * strides[open_], lowest, highest)
            turned = self._decided(starts[open_], there) != sign
            ended = ~turned & ((there == lowest) | (there == highest))
            done = open_[turned | ended]
            far = np.where(turned, there, sign * math.inf)[turned | ended]
            near = np.where(turned, here, sign * math.inf)[turned | ended]
            up = side[done] > 0
            low[done], high[done] = np.where(up, near, far), np.where(up, far, near)
            x[open_], strides[open_] = there, 2.0 * strides[open_]
            open_ = open_[~(turned | ended)]
        return low, high

    def _decided(self, starts: FloatArray, log_alignments: FloatArray) -> IntArray:
        decided = self.sides(starts, log_alignments)
        require_settled(self.model, decided, starts, log_alignments)
        return decided

    def check_intervals(self, starts: FloatArray, thresholds: FloatArray, offsets: FloatArray) -> None:
        """Refuse a collapse set that is no interval: starts split at `offsets` beyond (finite) thresholds, and collapse
        within.
        """
        lowest, highest = self.model.lowest, self.model.highest
        inside = (thresholds > lowest) & (thresholds < highest)
        edges = np.repeat(np.where(inside, thresholds, np.copysign(math.inf, thresholds)), offsets.size)
        grid = np.add.outer(np.where(inside, thresholds, 0.0), offsets).ravel()
        grid, rows = np.clip(grid, lowest, highest), np.repeat(starts, offsets.size, axis=0)
        wrong = np.flatnonzero(self.sides(rows, grid) != np.where(grid < edges, 1, -1))
        if wrong.size:
            first = wrong[0]
            raise SolveError(
                f"the collapse set is not an interval: the threshold is at "
                f"{self.model.described(rows[first], float(edges[first]))}, but the run at a logarithm of "
                f'{grid[first]:.9g} contradicts it; use collapse_probability(method="simulated")'
            )


def require_settled(model: Model, decided: IntArray, starts: FloatArray, log_alignments: FloatArray) -> None:
    """Refuse runs of which it is not known where they go."""
    unsettled = np.flatnonzero(decided == 0)
    if unsettled.size:
        first = unsettled[0]
        raise SolveError(
            f"the run from {model.described(starts[first], float(log_alignments[first]))} did not settle within "
            f"{MAX_STEPS} steps; move the separation away from its critical value, or let the schedule cool faster"
        )
