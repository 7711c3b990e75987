"""The cells of a report's map."""

from collections.abc import Callable, Mapping
from typing import Any

from anneal_theory._types import FloatArray
from anneal_theory.phase_diagrams.filling import MapTables, fill_map
from anneal_theory.phase_diagrams.grid import grid_of
from anneal_theory.problem import BimodalTarget, GaussianInit, SphereInit
from anneal_theory.schedules import Schedule

MAP_ERROR = 1e-3
"""Relative error of a cell: less than a step of its colour."""


def map_cells(
    problem: tuple[BimodalTarget, Schedule, GaussianInit | SphereInit],
    axes: Mapping[str, Any],
    how: Mapping[str, object],
    tell_share: Callable[[float], None],
) -> FloatArray:
    """Probabilities over two parameters, NaN where there is none.

    Args:
        problem: What stays the same; the schedule says which form is varied.
        axes: The values along both axes and the rules of training, as keywords of `phase_diagram`.
        how: The method and what it takes.
        tell_share: Called with the share that is done.
    """
    target, schedule, init = problem
    grid = grid_of(target, init, schedule, dict(axes), dict(how))
    tables = MapTables(grid.shape)
    fill_map(grid, tables, lambda **change: tell_share(1 - tables.missing / tables.done.size), allow_slow=True)
    return tables.numbers["value"]
