"""A sweep at work: its tables, its store, its workers and its bar; and what it would take."""

import functools
import math
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from anneal_theory._version import __version__
from anneal_theory.errors import DomainError, SolveError
from anneal_theory.extras import require
from anneal_theory.numerics.pools import cores
from anneal_theory.numerics.progress import progress_bar
from anneal_theory.shown import Shown
from anneal_theory.sweeps.attributes import attributes
from anneal_theory.sweeps.cells import (
    CellResult,
    SweepTables,
    Terms,
    bytes_a_cell,
    computed_cell,
    measure,
    sweep_dataset,
)
from anneal_theory.sweeps.crews import dask_crew, process_crew
from anneal_theory.sweeps.running import Consent, Crew, Place, ending_told, fill, spread_cells
from anneal_theory.sweeps.setting import Sweep
from anneal_theory.sweeps.store import CellStore

if TYPE_CHECKING:
    import xarray


@dataclass(frozen=True, repr=False)
class SweepPlan(Shown):
    """What a sweep would take, estimated from one of its cells.

    Attributes:
        cells: Of the grid.
        missing: Those that the store does not hold.
        workers: That work at once.
        seconds_a_cell: What the measured cell took.
        seconds: What all the missing cells would take, by the clock on the wall.
        worker_memory: The largest memory of the process that computed the cell, in bytes; None where the system does
            not tell.
        memory: Bytes that the numbers of all cells take.
        disk: Bytes that the store would take.

    Example:
        >>> SweepPlan(200, 150, 2, 0.5, 37.5, 300 * 2**20, 9600, 6 * 2**20).text
        '150 of 200 cells missing, 2 at once, 0.5 s a cell: about 38 s; memory 300 MiB a worker; 6 MiB on the disk'
    """

    cells: int
    missing: int
    workers: int
    seconds_a_cell: float
    seconds: float
    worker_memory: int | None
    memory: int
    disk: int

    def told(self) -> dict[str, object]:
        """Cells, time, memory and disk."""
        worker = None if self.worker_memory is None else f"{self.worker_memory / 2**20:.0f} MiB a worker"
        return {
            "missing": f"{self.missing} of {self.cells} cells",
            "workers": self.workers,
            "time": f"about {self._long}, {self.seconds_a_cell:.2g} s a cell",
            "memory": worker,
            "disk": f"{self.disk / 2**20:.3g} MiB",
        }

    @property
    def text(self) -> str:
        """One line for readers."""
        memory = "" if self.worker_memory is None else f"memory {self.worker_memory / 2**20:.0f} MiB a worker; "
        each = f"{self.workers} at once, {self.seconds_a_cell:.2g} s a cell: about {self._long}"
        return f"{self.missing} of {self.cells} cells missing, {each}; {memory}{self.disk / 2**20:.3g} MiB on the disk"

    @property
    def _long(self) -> str:
        return f"{self.seconds / 3600:.1f} hours" if self.seconds > 3600 else f"{self.seconds:.2g} s"


def run_sweep(
    sweep: Sweep, store: str | Path | None, command: str, *, scheduler: object, workers: int | None, progress: bool,
    allow_slow: bool,
) -> "xarray.Dataset":  # fmt: skip
    """Compute the cells that are missing; the arguments are those of `anneal_theory.sweeps.sweep`."""
    require("xarray")
    tables, attrs = SweepTables(sweep), attributes(sweep, command)
    argument = max(sweep.axes, key=lambda name: len(sweep.axes[name]))
    consent = Consent(argument, max(sweep.shape), allow_slow, bytes_a_cell(sweep)[0], tables.done.size)
    count = tables.done.size
    with (
        CellStore(store, sweep, tables, attrs) as kept,
        ending_told(tables.done, kept.path, "sweep", "store"),
        progress_bar("sweep", count, shown=progress, done=count - tables.missing, terminal=True) as move,
    ):

        def keep(place: Place, result: CellResult) -> None:
            _require_own_version(result)
            kept.keep(place, result)
            tables.put(place, result)
            move(advance=1)

        if tables.missing:
            with _crew(computed_cell, sweep, scheduler, workers, tables.missing, allow_slow) as crew:
                fill(tables.done, crew, keep, consent, lambda left: move(description=f"sweep, about {left:.0f} s"))
    return sweep_dataset(sweep, tables, attrs)


def plan_of(sweep: Sweep, store: str | Path | None, *, scheduler: object, workers: int | None) -> SweepPlan:
    """What the missing cells would take, from one that is computed and not kept; the store is not made."""
    tables = SweepTables(sweep)
    if store is not None and Path(store).exists():
        CellStore(store, sweep, tables, {}).close()
    memory, disk = (size * tables.done.size for size in bytes_a_cell(sweep))
    if not tables.missing:
        return SweepPlan(tables.done.size, 0, workers or 1, 0.0, 0.0, None, memory, disk)
    first, *others = spread_cells(tables.done, min(2, tables.missing))
    work = functools.partial(measure, [sweep.at(place) for place in others])
    with _crew(work, sweep, scheduler, workers, tables.missing) as crew:
        cost, count = crew.submit(first).result(), crew.size()
    seconds = cost.seconds * math.ceil(tables.missing / count)
    return SweepPlan(
        tables.done.size, tables.missing, count, cost.seconds, seconds, cost.memory, memory, disk
    )  # fmt: skip


def _crew(
    work: Callable[..., Any], sweep: Sweep, scheduler: object, workers: int | None, missing: int,
    allow_slow: bool = False,
) -> AbstractContextManager[Crew]:  # fmt: skip
    """Those who work at the cells: on a cluster, or as many processes as there are cells for."""
    if scheduler is not None:
        if workers is not None:
            raise DomainError.of("workers", "left out with a scheduler", workers, "the cluster has its own")
        return dask_crew(functools.partial(work, Terms(1, allow_slow)), sweep.at, scheduler)
    count = min(workers or cores(), missing)
    terms = Terms(None if count == 1 else 1, allow_slow)
    return process_crew(functools.partial(work, terms), sweep.at, count)


def _require_own_version(result: CellResult) -> None:
    """Refuse a cell of a worker that has another version of the package."""
    if result.version != __version__:
        raise SolveError(
            f"a worker has version {result.version} of anneal_theory, and this process {__version__}: install the same "
            "on all, and the same call goes on with what is kept."
        )
