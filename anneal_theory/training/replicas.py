"""Many replicas on threads, kept in a file, and ended by Ctrl-C between two of their steps."""

import json
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TypeAlias

import numpy as np

from anneal_theory._types import BoolArray, FloatArray
from anneal_theory.errors import Interrupted
from anneal_theory.numerics.pools import cores, thread_pool
from anneal_theory.numerics.progress import progress_bar
from anneal_theory.results import plain
from anneal_theory.sealed import read_sealed, refused, require_same, write_sealed
from anneal_theory.storage import require_writable
from anneal_theory.training.interruption import interruptible

_KIND = "anneal-theory mixture checkpoint"
_FORMAT = 1
_CHUNK = 8  # replicas of one task: the progress bar moves, and all processors stay busy until the end
_BLOCK = 8192  # replicas whose tasks wait at once
_SAVE_EVERY = 30.0  # seconds
_MAY_DIFFER = frozenset({"replicas", "most_undecided"})  # a replica's run does not depend on them


class Stopped(Exception):
    """A replica was stopped before its last step."""


# Trains a replica, and calls the function between its steps, which raises `Stopped` when it shall end.
Run: TypeAlias = Callable[[int, Callable[[], None]], FloatArray]


class Kept:
    """Rows of so many finished replicas, `width` numbers each, in memory and in a file, if there is one.

    A file of another training is refused; `sound` says which of several rows this training could give.
    """

    def __init__(
        self, replicas: int, width: int, path: str | Path | None, settings: dict[str, object],
        sound: Callable[[FloatArray], BoolArray],
    ) -> None:  # fmt: skip
        self.rows: FloatArray = np.full((replicas, width), np.nan)
        self.finished: BoolArray = np.zeros(replicas, dtype=bool)
        self.begun: BoolArray = np.zeros(replicas, dtype=bool)  # by this call
        self.path = None if path is None else Path(path)
        self._settings = plain({name: value for name, value in settings.items() if name not in _MAY_DIFFER})
        self._more, self._saved, self._sound = np.empty((0, width + 1)), time.monotonic(), sound
        require_writable(path, "checkpoint")
        if self.path is not None and self.path.exists():
            table = self._read(self.path)
            inside = table[:, 0] < replicas
            self.add(table[inside, 0].astype(np.intp), table[inside, 1:])
            self._more = table[~inside]  # of a training of more replicas: they stay in the file

    def add(self, indices: Sequence[int] | np.ndarray, rows: Sequence[FloatArray] | FloatArray) -> None:
        """Note the rows of finished replicas."""
        if len(indices):
            self.rows[indices], self.finished[indices] = rows, True

    def save(self, *, late: bool = False) -> bool:
        """Write the finished rows (`late`: unless that was less than half a minute ago); whether there is a file."""
        if self.path is None or not self.finished.any():
            return False
        if late and time.monotonic() - self._saved < _SAVE_EVERY:
            return False
        indices = np.flatnonzero(self.finished)
        table = np.concatenate([np.column_stack([indices, self.rows[indices]]), self._more])
        head = json.dumps({"settings": self._settings, "shape": table.shape}, sort_keys=True).encode()
        write_sealed(self.path, _KIND, _FORMAT, head + b"\n" + table.astype("<f8").tobytes())
        self._saved = time.monotonic()
        return True

    def _read(self, path: Path) -> FloatArray:
        head, _, numbers = read_sealed(path, _KIND, _FORMAT).partition(b"\n")
        try:
            header = json.loads(head)
            settings, (count, width) = dict(header["settings"]), header["shape"]
            if min(count, width) < 1:
                raise ValueError("an empty table")
            table = np.frombuffer(numbers, "<f8").reshape(int(count), int(width)).astype(np.float64)
        except (ValueError, KeyError, TypeError, RecursionError, OverflowError) as error:
            raise refused(path, f"whole ({type(error).__name__} in its head or its numbers)") from error
        require_same(path, settings, self._settings)
        indices = table[:, 0] if table.shape[1] == self.rows.shape[1] + 1 else np.array([-1.0])
        if np.any(indices < 0) or np.any(indices != np.floor(indices)) or np.unique(indices).size != indices.size:
            raise refused(path, "a table of distinct replicas, one a row, in the columns of this training")
        if not np.all(self._sound(table[:, 1:])):
            raise refused(path, "a table of runs that this training could give (steps, temperatures and records)")
        return table


def all_runs(run: Run, kept: Kept, threads: int | None, shown: bool) -> FloatArray:
    """The rows of all replicas: those kept already, the others trained by so many threads, one a processor unless
    given.
    """
    interrupted = False
    try:
        with interruptible() as stop:
            try:
                _train(run, kept, threads, shown, stop)
            except BaseException:
                stop.set()
                raise
            finally:
                kept.save()
            if stop.is_set():
                interrupted = True
    except KeyboardInterrupt:
        interrupted = True
    if interrupted:
        raise Interrupted(_how_to_go_on(kept), kept.path if kept.finished.any() else None)
    return kept.rows


def _train(run: Run, kept: Kept, threads: int | None, shown: bool, stop: threading.Event) -> None:
    def check() -> None:
        if stop.is_set():
            raise Stopped

    def chunk(indices: Sequence[int]) -> tuple[Sequence[int], list[FloatArray]]:
        rows: list[FloatArray] = []
        with suppress(Stopped), np.errstate(over="ignore", invalid="ignore"):  # what has diverged is judged at the end
            for index in indices:
                check()
                kept.begun[index] = True
                rows.append(run(index, check))
        return indices[: len(rows)], rows

    left = np.flatnonzero(~kept.finished).tolist()
    done = len(kept.rows) - len(left)
    with (
        thread_pool(threads or cores()) as pool,
        progress_bar("training", len(kept.rows), shown=shown, done=done) as move,
    ):
        try:
            for first in range(0, len(left), _BLOCK):
                block = left[first : first + _BLOCK]
                tasks = [pool.submit(chunk, block[i : i + _CHUNK]) for i in range(0, len(block), _CHUNK)]
                for task in tasks:
                    indices, rows = task.result()
                    kept.add(indices, rows)
                    kept.save(late=True)
                    move(advance=len(indices))
        except BaseException:
            stop.set()  # before the pool waits for its threads
            raise


def _how_to_go_on(kept: Kept) -> str:
    done = f"interrupted with {int(kept.finished.sum())} of {kept.finished.size} replicas finished"
    if kept.path is None:
        return f"{done}; nothing is kept without a checkpoint"
    lost = int(np.sum(kept.begun & ~kept.finished))
    anew = ["", ", the one in progress starts again", f", the {lost} in progress start again"][min(lost, 2)]
    if not kept.finished.any():
        return f"{done}: nothing is kept{anew}"
    return f"{done} and kept{anew}; the same call with the checkpoint {kept.path} goes on from there"
