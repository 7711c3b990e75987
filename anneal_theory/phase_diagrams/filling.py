"""The work of a phase diagram: its tables, and cells on all cores, as `anneal_theory.sweeps.running` has them done."""

from collections.abc import Callable

import numpy as np

from anneal_theory._types import BoolArray
from anneal_theory.errors import DomainError
from anneal_theory.phase_diagrams.grid import NUMBERS, Cell, Grid
from anneal_theory.phase_diagrams.journal import Journal
from anneal_theory.quantities.arguments import MOST_NUMBERS
from anneal_theory.quantities.axes import VARIED
from anneal_theory.sweeps.crews import thread_crew
from anneal_theory.sweeps.running import Consent, Place, fill, missing_of

_BYTES = 8 * (len(NUMBERS) + 2) + 1  # of a cell: its numbers, two texts that many share, and whether it is done


class MapTables:
    """The numbers and texts of all cells, as arrays; what is not computed is NaN and empty."""

    def __init__(self, shape: tuple[int, int]) -> None:
        self.numbers = {name: np.full(shape, np.nan) for name in NUMBERS}
        self.note, self.refusal = np.full(shape, "", dtype=object), np.full(shape, "", dtype=object)
        self.done: BoolArray = np.zeros(shape, dtype=bool)
        self._texts: dict[str, str] = {}

    def put(self, place: Place, cell: Cell) -> None:
        """Take a cell in."""
        for name, numbers in self.numbers.items():
            numbers[place] = getattr(cell, name)
        for texts, text in ((self.note, cell.note), (self.refusal, cell.refusal)):
            texts[place] = self._texts.setdefault(text, text)  # many cells say the same
        self.done[place] = True

    @property
    def missing(self) -> int:
        """How many cells are not computed."""
        return missing_of(self.done)


def require_size(grid: Grid) -> None:
    """Refuse a map that the memory cannot hold."""
    count, most = grid.shape[0] * grid.shape[1], MOST_NUMBERS // (len(NUMBERS) + 2)
    if count > most:
        raise DomainError.of(_longest(grid), f"values of at most {most} cells in all", count, "give fewer of them")


def fill_map(
    grid: Grid, tables: MapTables, tell: Callable[..., None], *, journal: Journal | None = None,
    workers: int | None = None, allow_slow: bool = False,
) -> None:  # fmt: skip
    """Compute the cells that are missing, in threads: compiled loops let others run, and what is known of a target is
    shared.

    They go to the tables, and to the journal besides; `workers` is None for one a core, and `tell` moves the bar after
    each cell.
    """

    def keep(place: Place, cell: Cell) -> None:
        if journal is not None:
            journal.keep(place, cell)
        tables.put(place, cell)
        tell(advance=1)

    consent = Consent(_longest(grid), max(grid.shape), allow_slow, _BYTES, tables.done.size)
    with thread_crew(grid.cell, tuple, workers) as crew:
        fill(
            tables.done, crew, keep, consent,
            lambda seconds: tell(description=f"phase diagram, about {seconds:.0f} s from here"),
        )  # fmt: skip


def _longest(grid: Grid) -> str:
    """The longer axis, as the argument that it is."""
    name = max(grid.axes, key=lambda axis: len(grid.axes[axis]))
    return next(plural for plural, parameter in VARIED.items() if parameter == name)
