"""The work of a phase diagram: cells on all cores, the cost measured on a few of them, and what is kept of them."""

import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, wait

import numpy as np

from anneal_theory._types import BoolArray
from anneal_theory.errors import DomainError
from anneal_theory.numerics.pools import cores, thread_pool
from anneal_theory.phase_diagrams.grid import NUMBERS, Cell, Grid, Place
from anneal_theory.phase_diagrams.journal import Journal
from anneal_theory.quantities.arguments import MOST_NUMBERS
from anneal_theory.quantities.axes import VARIED

PRACTICAL_SECONDS = 3600.0
_PROBES = 8  # cells all over the map whose time tells that of the rest
_GOLDEN = 0.6180339887498949
_FEW = 2 * _PROBES  # cells of which nothing need be told before
_BYTES = 8 * (len(NUMBERS) + 2) + 1  # of a cell: its numbers, two texts that many share, and whether it is done
_QUEUE = 2  # cells that wait for each worker, so that none is ever without one

Keep = Callable[[Place, Cell], None]


class Tables:
    """The numbers and texts of all cells, as arrays; what is not computed is NaN and empty.

    Args:
        shape: Numbers of values along the axes.
    """

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
        return int(np.count_nonzero(~self.done))


def require_size(grid: Grid) -> None:
    """Refuse a map that the memory cannot hold.

    Raises:
        DomainError: it is one.
    """
    count, most = grid.shape[0] * grid.shape[1], MOST_NUMBERS // (len(NUMBERS) + 2)
    if count > most:
        raise DomainError.of(_longest(grid), f"values of at most {most} cells in all", count, "give fewer of them")


def fill(
    grid: Grid,
    tables: Tables,
    tell: Callable[[str], None],
    *,
    journal: Journal | None = None,
    workers: int | None = None,
    allow_slow: bool = False,
) -> None:
    """Compute the cells that are missing; the numbers do not depend on how many work at once, or on the order.

    Args:
        grid: The map.
        tables: Where the cells go; those that are done are left as they are.
        tell: Called after each cell with what is done, in words.
        journal: Where they go besides.
        workers: How many are worked at at once; None for one a core.
        allow_slow: Whether more than an hour is fine.

    Raises:
        DomainError: the rest takes more than an hour, and that is not accepted; or an argument of all cells is wrong.
    """
    what = "phase diagram"

    def keep(place: Place, cell: Cell) -> None:
        if journal is not None:
            journal.keep(place, cell)
        tables.put(place, cell)
        tell(what)

    count = workers or cores()
    if tables.missing > _FEW:
        _work(grid, _spread(tables, 1), count, keep)  # compiles, and loads tables: its time tells nothing
        begun = time.perf_counter()
        _work(grid, _spread(tables, _PROBES), count, keep)
        each = (time.perf_counter() - begun) / _PROBES
        _require_accepted(grid, each * tables.missing, tables.missing, allow_slow)
        what = f"phase diagram, about {each * tables.missing:.0f} s from here"
    _work(grid, _all(tables), count, keep)


def _work(grid: Grid, places: Iterable[Place], workers: int, keep: Keep) -> None:
    """Compute cells; on an interruption those that are finished are kept."""
    waiting: dict[Future[Cell], Place] = {}

    def take(finished: Iterable[Future[Cell]]) -> None:
        for one in finished:
            keep(waiting.pop(one), one.result())

    with thread_pool(workers) as pool:  # the compiled loops let other threads run, and share what is known of a target
        try:
            for place in places:
                waiting[pool.submit(grid.cell, place)] = place
                if len(waiting) >= _QUEUE * workers:
                    take(wait(waiting, return_when=FIRST_COMPLETED).done)
            while waiting:
                take(wait(waiting, return_when=FIRST_COMPLETED).done)
        except KeyboardInterrupt:
            take([one for one in waiting if one.done() and one.exception() is None])
            raise


def _all(tables: Tables) -> Iterator[Place]:
    """The cells that are missing when their turn comes, row by row."""
    rows, columns = tables.done.shape
    return ((i, j) for i in range(rows) for j in range(columns) if not tables.done[i, j])


def _spread(tables: Tables, count: int) -> list[Place]:
    """So many of the missing cells, all over the map."""
    missing = np.flatnonzero(~tables.done)
    shares = (np.arange(count) * _GOLDEN) % 1  # no two in one place, and no row or column oftener than others
    rows, columns = np.unravel_index(missing[(missing.size * shares).astype(int)], tables.done.shape)
    return list(zip(rows.tolist(), columns.tolist(), strict=True))


def _require_accepted(grid: Grid, seconds: float, cells: int, allow_slow: bool) -> None:
    if seconds <= PRACTICAL_SECONDS or allow_slow:
        return
    memory = _BYTES * grid.shape[0] * grid.shape[1] / 2**20
    raise DomainError.of(
        _longest(grid), "fewer values, unless the cost is accepted", max(grid.shape),
        f"the {cells} cells left would take about {seconds / 3600:.1f} hours and {memory:.1f} MiB: "
        "pass allow_slow=True, or ask for fewer",
    )  # fmt: skip


def _longest(grid: Grid) -> str:
    """The longer axis, as the argument that it is."""
    name = max(grid.axes, key=lambda one: len(grid.axes[one]))
    return next(plural for plural, parameter in VARIED.items() if parameter == name)
