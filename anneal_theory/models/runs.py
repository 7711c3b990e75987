"""What thresholds and probabilities need of a model: runs to their verdict from starts given in its coordinates.

A start has one coordinate that is bisected, the logarithm of the alignment with the target's axis (it grows at a rate
of its own, whatever the pair does), and others that are averaged over. Nothing above this module knows which model it
has; `free_pair` is the first.
"""

import os
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Protocol, runtime_checkable

import numpy as np

from anneal_theory._types import FloatArray, IntArray
from anneal_theory.models.verdicts import HEAVY, LIGHT, REVERSED, SPLIT
from anneal_theory.numerics.pools import thread_pool
from anneal_theory.work import count_work

_WORTH_A_THREAD = 8  # runs


@runtime_checkable
class Model(Protocol):
    """A model of training with what fixes it: target, schedule, rules.

    Attributes:
        lowest: Logarithm of the alignment below which no threshold is sought.
        highest: Beyond it a pair is aligned.
    """

    lowest: float
    highest: float

    def codes(self, starts: FloatArray, log_alignments: FloatArray, tolerance: float, max_steps: int) -> IntArray:
        """Codes of `verdicts`; starts of shape (n, coordinates), log_alignments of shape (n,)."""

    def described(self, start: FloatArray, log_alignment: float) -> str:
        """A start in words, for messages."""


@dataclass(frozen=True, eq=False)
class CompiledRuns:
    """A compiled loop over runs with the problem that it takes, as `run_kernels` has both."""

    outcomes: Any
    problem: tuple[Any, ...]

    def codes(self, starts: FloatArray, tolerance: float, max_steps: int) -> IntArray:
        """Verdicts of many starts, on all cores: every run is on its own, so the split changes none of them."""
        workers = min(os.cpu_count() or 1, max(len(starts) // _WORTH_A_THREAD, 1))
        if workers == 1:
            codes, steps = self.outcomes(starts, self.problem, tolerance, max_steps)
            count_work(runs=len(starts), steps=steps)
            return np.asarray(codes)
        edges = np.linspace(0, len(starts), workers + 1).astype(int)
        with thread_pool(workers) as pool:  # the compiled loop releases the interpreter's lock
            parts = pool.map(
                lambda ends: self.outcomes(starts[ends[0] : ends[1]], self.problem, tolerance, max_steps),
                pairwise(edges),
            )
            codes, counts = zip(*parts, strict=True)
        count_work(runs=len(starts), steps=sum(counts))
        return np.concatenate(codes)


def sides(codes: IntArray) -> IntArray:
    """+1 for every run that collapsed, -1 where it split, 0 where that is not known."""
    collapsed, split = (codes == HEAVY) | (codes == LIGHT), (codes == SPLIT) | (codes == REVERSED)
    return np.where(collapsed, 1, np.where(split, -1, 0))
