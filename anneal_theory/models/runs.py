"""What thresholds and probabilities need of a model: runs to their verdict from starts given in its coordinates.

A start has one coordinate whose threshold is sought, the logarithm of the alignment with the target's axis (it grows at
a rate of its own, whatever the pair does), and others that are averaged over. Nothing above this module knows which
model it has; `free_pair` is the first.
"""

import os
from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable

import numpy as np

from anneal_theory._types import FloatArray, IntArray
from anneal_theory.models.verdicts import HEAVY, LIGHT, REVERSED, SPLIT
from anneal_theory.numerics.pools import in_thread_pool, thread_pool
from anneal_theory.work import count_work

_WORTH_A_THREAD = 8  # runs


_NO_CURVES = np.empty((2, 2, 0))


@dataclass(frozen=True, eq=False)
class CompiledRuns:
    """A model's compiled `separatrix_kernels.searches` with the problem that it takes, as `run_kernels` has it."""

    searches: Any
    problem: tuple[Any, ...]

    def codes(self, starts: FloatArray, log_alignments: FloatArray, tolerance: float, max_steps: int) -> IntArray:
        """Verdicts of many starts, shape (n, coordinates), at logarithms of alignments, shape (n,)."""
        return self._searched(starts, log_alignments, _NO_CURVES, (0.0, 0.0, 0.0), False, tolerance, max_steps)[1]

    def departures(
        self, starts: FloatArray, log_alignments: FloatArray, tolerance: float, max_steps: int
    ) -> tuple[FloatArray, IntArray]:
        """Logarithms of the inverse growth of a change of many starts, and their verdicts."""
        return self._searched(starts, log_alignments, _NO_CURVES, (0.0, 0.0, 0.0), True, tolerance, max_steps)

    def thresholds(
        self, starts: FloatArray, guesses: FloatArray, curves: FloatArray, limits: tuple[float, float, float],
        tolerance: float, max_steps: int,
    ) -> tuple[FloatArray, IntArray]:  # fmt: skip
        """Logarithms of the thresholds of many starts, and the verdicts that the searches ended with."""
        return self._searched(starts, guesses, curves, limits, True, tolerance, max_steps)

    def _searched(self, starts: FloatArray, places: FloatArray, *rest: Any) -> tuple[FloatArray, IntArray]:
        *first, tolerance, max_steps = rest
        rest = (*first, self.problem, tolerance, max_steps)
        starts, places = np.ascontiguousarray(starts, dtype=float), np.ascontiguousarray(places, dtype=float)
        numbers, codes, runs, steps = on_all_cores(self.searches, (starts, places), rest)
        count_work(runs=sum(runs), steps=sum(steps))
        return numbers[0], codes[0]


@runtime_checkable
class Model(Protocol):
    """A model of training with what fixes it: target, schedule, rules.

    Attributes:
        lowest: Logarithm of the alignment below which no threshold is sought.
        highest: Beyond it a pair is aligned.
    """

    lowest: float
    highest: float

    @property
    def runs(self) -> CompiledRuns:
        """From starts in its coordinates."""

    def described(self, start: FloatArray, log_alignment: float) -> str:
        """A start in words, for messages."""


def on_all_cores(loop: Any, rows: tuple[Any, ...], rest: tuple[Any, ...]) -> Any:
    """The columns of what a compiled loop gives for parts of the rows: each is on its own, so no split changes it."""
    count = len(rows[0])
    workers = 1 if in_thread_pool() else min(os.cpu_count() or 1, max(count // _WORTH_A_THREAD, 1))
    if workers == 1:
        return tuple([part] for part in _called(loop, *rows, *rest))
    # Neighbours in the rows take alike long, and some much longer than others: the parts interleave.
    parts = [tuple(np.ascontiguousarray(row[k::workers]) for row in rows) for k in range(workers)]
    with thread_pool(workers) as pool:  # the compiled loop releases the interpreter's lock
        results = list(pool.map(lambda part: _called(loop, *part, *rest), parts))
    columns = list(zip(*results, strict=True))
    return tuple(_interleaved(column, count) if np.ndim(column[0]) else column for column in columns)


def _called(loop: Any, *arguments: Any) -> Any:
    """What a compiled loop gives. Ctrl-C while it returns that is wrapped by the interpreter: unwrap it."""
    try:
        return loop(*arguments)
    except SystemError as error:
        if isinstance(error.__cause__, KeyboardInterrupt):
            raise error.__cause__ from None
        raise


def _interleaved(parts: Any, count: int) -> Any:
    """Rows in their order again, as a list of one array."""
    whole = np.empty(count, dtype=parts[0].dtype)
    for k, part in enumerate(parts):
        whole[k :: len(parts)] = part
    return [whole]


def sides(codes: IntArray) -> IntArray:
    """+1 for every run that collapsed, -1 where it split, 0 where that is not known."""
    collapsed, split = (codes == HEAVY) | (codes == LIGHT), (codes == SPLIT) | (codes == REVERSED)
    return np.where(collapsed, 1, np.where(split, -1, 0))
