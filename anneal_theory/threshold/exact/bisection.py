"""Searches for the separatrix: log rho bracketed and bisected between collapsing and splitting runs of many starts."""

import math
import os
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from anneal_theory._types import FloatArray, IntArray
from anneal_theory.errors import SolveError
from anneal_theory.numerics.pools import thread_pool
from anneal_theory.threshold.exact.bisection_kernels import outcomes
from anneal_theory.threshold.exact.collapse_kernels import ALIGNED, REDUCED
from anneal_theory.threshold.exact.compiled_problem import CollapseProblem
from anneal_theory.threshold.exact.verdict_kernels import HEAVY, LIGHT, REVERSED, SPLIT

VANISHED = -1e8  # log rho below which no threshold is sought
MAX_STEPS = 2_000_000
_GUESS = -2.0
_WORTH_A_THREAD = 8  # runs


@dataclass(frozen=True, eq=False)
class Search:
    """What the runs of a search have in common.

    Attributes:
        problem: The training.
        tolerance: Local error of log rho a step.
        orientation: The sign of m1 - m2.
        across: Whether lengths are |Delta_perp|, else they are D0.
    """

    problem: CollapseProblem
    tolerance: float
    orientation: float = 1.0
    across: bool = False

    def sides(self, middles: FloatArray, log_lengths: FloatArray, log_rho: FloatArray) -> IntArray:
        """+1 for every start that collapses, -1 where it splits, 0 where that is not known."""
        starts = self._starts(middles, log_lengths, log_rho)
        codes = runs(REDUCED, starts, self.problem, self.tolerance, MAX_STEPS, self.orientation)
        collapsed, split = (codes == HEAVY) | (codes == LIGHT), (codes == SPLIT) | (codes == REVERSED)
        return np.where(collapsed, 1, np.where(split, -1, 0))

    def _starts(self, middles: FloatArray, log_lengths: FloatArray, log_rho: FloatArray) -> FloatArray:
        """(s, log rho, log D): the middle is (m1 + m2)/2, and s the weighted mean."""
        radius, weight = self.problem.model[0], self.problem.model[2]
        stretch = 0.5 * np.logaddexp(0.0, 2.0 * log_rho)  # log(D / |Delta_perp|)
        log_distance = log_lengths + stretch if self.across else log_lengths
        delta = self.orientation * radius * np.exp(log_rho - stretch + log_distance)
        return np.stack([middles + (weight - 0.5) * delta, log_rho, log_distance], axis=1)

    def thresholds(
        self, middles: FloatArray, log_lengths: FloatArray, guesses: FloatArray | None, stride: float, width: float
    ) -> FloatArray:
        """log rho_c of every start to `width`; +inf where every angle collapses, -inf where none does.

        Args:
            guesses: Where to look first, and `stride` how far from it next.

        Raises:
            SolveError: a run stayed undecided.
        """
        first = np.full(middles.shape, _GUESS) if guesses is None else np.clip(guesses, VANISHED, ALIGNED)
        low, high = self._bracket(middles, log_lengths, first, stride)
        found = low + 0.0
        open_ = np.flatnonzero(np.isfinite(low))
        while open_.size:
            below, above = low[open_], high[open_]
            x = found[open_] = 0.5 * (below + above)
            left = (above - below > width) & (x > below) & (x < above)
            open_ = open_[left]
            inside = self._decided(middles[open_], log_lengths[open_], x[left]) > 0
            low[open_], high[open_] = np.where(inside, x[left], below[left]), np.where(inside, above[left], x[left])
        return found

    def _bracket(
        self, middles: FloatArray, log_lengths: FloatArray, first: FloatArray, stride: float
    ) -> tuple[FloatArray, FloatArray]:
        """(collapsed, split) values of log rho, or infinities where the other side never comes."""
        low, high = np.empty(first.shape), np.empty(first.shape)
        x, side = first.copy(), self._decided(middles, log_lengths, first)
        steps, open_ = np.full(first.shape, stride), np.arange(first.size)
        while open_.size:
            here, sign = x[open_], side[open_]
            there = np.clip(here + sign * steps[open_], VANISHED, ALIGNED)
            turned = self._decided(middles[open_], log_lengths[open_], there) != sign
            ended = ~turned & ((there == VANISHED) | (there == ALIGNED))
            done = open_[turned | ended]
            ends = np.where(turned, there, sign * math.inf)[turned | ended]
            starts = np.where(turned, here, sign * math.inf)[turned | ended]
            up = side[done] > 0
            low[done], high[done] = np.where(up, starts, ends), np.where(up, ends, starts)
            x[open_], steps[open_] = there, 2.0 * steps[open_]
            open_ = open_[~(turned | ended)]
        return low, high

    def _decided(self, middles: FloatArray, log_lengths: FloatArray, log_rho: FloatArray) -> IntArray:
        sides = self.sides(middles, log_lengths, log_rho)
        if np.any(sides == 0):
            where = int(np.flatnonzero(sides == 0)[0])
            raise SolveError(
                f"the run from (m1 + m2)/2 = {middles[where]:.6g}, {'|Delta_perp|' if self.across else 'D0'} = "
                f"{math.exp(log_lengths[where]):.6g}, log rho = {log_rho[where]:.6g} did not settle within {MAX_STEPS} "
                "steps; move the separation away from its critical value, or let the schedule cool faster"
            )
        return sides

    def check_interval(self, middle: float, log_length: float, found: float, offsets: FloatArray) -> None:
        """The collapse set is an interval: starts beyond log rho_c split and starts within it collapse.

        Raises:
            SolveError: the run at one of the offsets from log rho_c contradicts it.
        """
        grid = np.clip((found if math.isfinite(found) else 0.0) + offsets, VANISHED, ALIGNED)
        sides = self.sides(np.full(grid.shape, middle), np.full(grid.shape, log_length), grid)
        wrong = np.flatnonzero(sides != np.where(grid < found, 1, -1))
        if wrong.size:
            raise SolveError(
                f"the collapse set is not an interval of rho: log rho_c = {found:.9g} at (m1 + m2)/2 = {middle:.6g}, "
                f"but the run at log rho = {grid[wrong[0]]:.9g} contradicts it; use "
                'collapse_probability(method="simulated")'
            )


def runs(
    kind: int, starts: FloatArray, problem: CollapseProblem, tolerance: float, max_steps: int, orientation: float = 1.0
) -> IntArray:
    """Verdict codes of many starts, on all cores: every run is on its own, so the split changes none of them."""
    packed = problem.packed(orientation)
    workers = min(os.cpu_count() or 1, max(len(starts) // _WORTH_A_THREAD, 1))
    if workers == 1:
        return np.asarray(outcomes(kind, starts, packed, tolerance, max_steps))
    edges = np.linspace(0, len(starts), workers + 1).astype(int)
    with thread_pool(workers) as pool:  # the compiled loop releases the interpreter's lock
        parts = pool.map(
            lambda ends: outcomes(kind, starts[ends[0] : ends[1]], packed, tolerance, max_steps), pairwise(edges)
        )
        return np.concatenate(list(parts))
