"""How the cells of a map, a sweep or a study are worked at: by whom, in which order, and what the rest will take.

One mechanism for all: `fill` takes the cells that are missing, has a `Crew` work at them and gives each result to a
keeper as soon as it is there. What keeps them (a journal, a Zarr store, a file of rows, memory) is the keeper's affair.
"""

import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, wait
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np

from anneal_theory._types import BoolArray
from anneal_theory.errors import DomainError, Interrupted
from anneal_theory.numerics.pools import ctrl_c_waits

Place: TypeAlias = tuple[int, ...]
Keep: TypeAlias = Callable[[Place, Any], None]

PRACTICAL_SECONDS = 3600.0
_PROBES = 8  # cells all over the grid from whose time that of the rest is estimated
_FEW = 2 * _PROBES  # cells whose time is estimated from the first of them
_LONG = 60.0  # seconds that no compiling takes
_GOLDEN = 0.6180339887498949
_QUEUE = 2  # cells that wait for each worker, so that none is ever without one


@dataclass(frozen=True)
class Crew:
    """Those who work: `submit` gives them a cell, `size` (it may change) is how many they work at at once."""

    submit: Callable[[Place], "Future[Any]"]
    size: Callable[[], int]


@dataclass(frozen=True)
class Consent:
    """What may be done without asking. `argument`, with `value`, makes the grid as large as it is."""

    argument: str
    value: object
    allow_slow: bool
    bytes_a_cell: int
    cells: int

    def require(self, seconds: float, missing: int) -> None:
        """Refuse the rest where it takes more than an hour."""
        if self.allow_slow or seconds <= PRACTICAL_SECONDS:
            return
        memory = self.bytes_a_cell * self.cells / 2**20
        raise DomainError.of(
            self.argument, "fewer values, unless the cost is accepted", self.value,
            f"the {missing} cell{'' if missing == 1 else 's'} left would take about {seconds / 3600:.1f} hours and "
            f"{memory:.1f} MiB: pass allow_slow=True, or ask for fewer",
        )  # fmt: skip


def fill(
    done: BoolArray, crew: Crew, keep: Keep, consent: Consent | None = None,
    tell: Callable[[float], None] = lambda seconds: None,
) -> None:  # fmt: skip
    """Compute the cells that are missing; no number depends on how many work at once, or on the order.

    `done` says which cells are; `keep` sets those that it takes, in this thread. Without consent nothing is asked, and
    the cells are worked at in their order; `tell` is called once with the seconds that the rest will take.
    """
    if consent is None:
        _work(crew, _all(done), keep)
        return
    begun = time.perf_counter()

    def judge(seconds: float) -> None:
        if missing := missing_of(done):
            consent.require(seconds * missing, missing)
            tell(seconds * missing)

    def judged_by_the_first(place: Place, result: Any) -> None:
        keep(place, result)
        if not judged:
            judged.append(place)
            judge((time.perf_counter() - begun) / min(crew.size(), count))

    count, judged = missing_of(done), list[Place]()
    if count <= _FEW:
        _work(crew, _all(done), judged_by_the_first)
        return
    _work(crew, spread_cells(done, 1), keep)  # compiles, and loads tables: its time says nothing unless it is long
    if (first := time.perf_counter() - begun) > _LONG:
        judge(first / min(crew.size(), count))
        _work(crew, _all(done), keep)
        return
    probes, begun = spread_cells(done, min(max(_PROBES, crew.size()), count - 1)), time.perf_counter()
    _work(crew, probes, keep)
    judge((time.perf_counter() - begun) / len(probes))
    _work(crew, _all(done), keep)


def _work(crew: Crew, places: Iterable[Place], keep: Keep) -> None:
    """Compute cells; on an interruption those that are finished are kept."""
    waiting: dict[Future[Any], Place] = {}

    def take(finished: Iterable[Future[Any]]) -> None:
        for future in finished:
            with ctrl_c_waits():  # or a cell that is written would not be counted, or one that is computed be lost
                keep(waiting.pop(future), future.result())

    try:
        for place in places:
            waiting[crew.submit(place)] = place
            take([future for future in waiting if future.done()])  # at once, for a crew that has worked meanwhile
            if len(waiting) >= _QUEUE * crew.size():
                take(wait(waiting, return_when=FIRST_COMPLETED).done)
        while waiting:
            take(wait(waiting, return_when=FIRST_COMPLETED).done)
    except KeyboardInterrupt:
        take([future for future in waiting if future.done() and not future.cancelled() and future.exception() is None])
        raise


def missing_of(done: BoolArray) -> int:
    """How many cells are missing."""
    return int(np.count_nonzero(~done))


def _all(done: BoolArray) -> Iterator[Place]:
    """The cells that are missing when their turn comes, row by row."""
    return (place for place in np.ndindex(done.shape) if not done[place])


def spread_cells(done: BoolArray, count: int) -> list[Place]:
    """So many of the missing cells, all over the grid."""
    missing = np.flatnonzero(~done)
    shares = (np.arange(count) * _GOLDEN) % 1  # no two in one place, and no row or column oftener than others
    chosen = np.unique(missing[(missing.size * shares).astype(int)])  # where few are missing two may fall together
    return [tuple(map(int, np.unravel_index(index, done.shape))) for index in chosen]


@contextmanager
def ending_told(done: BoolArray, path: str | Path | None, what: str, keeper: str) -> Iterator[None]:
    """Say on Ctrl-C, and where the disk is full, what is kept.

    `path` is of what keeps the cells, None for nothing; `what` is the work in words, and `keeper` the argument that
    names the path, empty where there is none to give.
    """
    try:
        yield
    except KeyboardInterrupt as interruption:
        message = f"interrupted with {_finished(done)} finished"
        if path is None:
            raise Interrupted(f"{message}; nothing is kept without a {keeper}" if keeper else message) from interruption
        again = f"the same {what} with {keeper} {path} goes on from there"
        raise Interrupted(f"{message} and kept; {again}", Path(path)) from interruption
    except OSError as error:
        if path is None or error.filename != str(path):
            raise
        message = f"{error.strerror}; {_finished(done)} are kept, and the same {what} goes on from there"
        raise OSError(error.errno, message, error.filename) from error


def _finished(done: BoolArray) -> str:
    return f"{done.size - missing_of(done)} of {done.size} cells"
