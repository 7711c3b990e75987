"""Cells that are no grid: a list of them by key, each of which comes to a row of plain data, kept in one file.

Comparisons, studies and the pages' tables are such lists. The work is done as `running` has it, and the file is written
whole after each cell, its rows in the order of the cells: it is the same whoever worked, and however often it was
stopped.
"""

from collections.abc import Callable, Hashable, Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

import numpy as np

from anneal_theory.numerics.progress import progress_bar
from anneal_theory.storage import require_writable
from anneal_theory.sweeps.crews import own_crew, process_crew
from anneal_theory.sweeps.locks import Lock
from anneal_theory.sweeps.running import Place, ending_told, fill

Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True)
class RowFile(Generic[Key]):
    """What keeps the rows."""

    path: Path  # the file
    read: Callable[[Path], Mapping[Key, Any]]  # its rows by key; called where the file exists
    write: Callable[[Path, Mapping[Key, Any]], None]  # writes all of it, whole or not at all


def fill_rows(
    cells: Mapping[Key, Any], work: Callable[[Any], Any], file: RowFile[Key] | None = None, *, what: str, keeper: str,
    workers: int | None = None, progress: bool = True, keep: Callable[[Key, Any], None] = lambda key, row: None,
) -> dict[Key, Any]:  # fmt: skip
    """The rows of all cells by key, in their order; those that the file holds are not computed again.

    Where there are workers, the work and its cells travel to other processes; with None this thread does the work,
    which may then take all cores. `what` is the work in words, `keeper` the argument that names the file, and `keep` is
    told of each row as it is there, those of the file first. On Ctrl-C, and where the disk is full, the file has the
    cells that were finished.
    """
    if file is not None:
        require_writable(file.path, keeper)
    with nullcontext() if file is None else Lock(file.path, keeper):
        rows = dict(file.read(file.path)) if file is not None and file.path.exists() else {}
        keys, done = list(cells), np.array([key in rows for key in cells], dtype=bool)
        for key in filter(rows.__contains__, keys):
            keep(key, rows[key])

        def take(place: Place, row: Any) -> None:
            key = keys[place[0]]
            rows[key] = row
            if file is not None:
                file.write(file.path, _ordered(rows, keys))
            keep(key, row)
            done[place] = True
            move(advance=1)

        def cell(place: Place) -> Any:
            return cells[keys[place[0]]]

        with (
            ending_told(done, None if file is None else file.path, what, keeper),
            progress_bar(what, done.size, shown=progress, done=int(done.sum()), terminal=True) as move,
            own_crew(work, cell) if workers is None else process_crew(work, cell, workers) as crew,
        ):
            fill(done, crew, take)
        return {key: rows[key] for key in keys}


def _ordered(rows: Mapping[Key, Any], keys: list[Key]) -> dict[Key, Any]:
    """The rows in the order of the cells; others that the file held come first."""
    wanted = set(keys)
    return {key: row for key, row in rows.items() if key not in wanted} | {
        key: rows[key] for key in keys if key in rows
    }  # fmt: skip
