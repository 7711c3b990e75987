"""The cells of a report's map."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from anneal_theory._types import FloatArray
from anneal_theory.phase_diagrams.filling import MapTables, fill_map
from anneal_theory.phase_diagrams.grid import grid_of
from anneal_theory.problem import BimodalTarget, GaussianInit, SphereInit
from anneal_theory.schedules import Schedule

MAP_ERROR = 1e-3
"""Relative error of a cell: less than a step of its colour."""
_NEAR = np.geomspace(0.85, 1.9, 8)  # of T_c: where contours bend, which a grid over two decades would place by chance


def refined(temperatures: FloatArray, critical: float | None) -> FloatArray:
    """Initial temperatures of a map with more of them about T_c, from where on slower cooling helps without end.

    Example:
        >>> refined(np.array([1.0, 10.0]), 5.0).round(2).tolist()
        [1.0, 4.25, 4.77, 5.35, 6.0, 6.73, 7.55, 8.47, 9.5, 10.0]
    """
    if critical is None:
        return temperatures
    near = critical * _NEAR
    inside = near[(near > temperatures[0]) & (near < temperatures[-1])]
    return np.unique(np.concatenate([temperatures, inside]))


def map_cells(
    problem: tuple[BimodalTarget, Schedule, GaussianInit | SphereInit],
    axes: Mapping[str, Any],
    how: Mapping[str, object],
    tell_share: Callable[[float], None],
) -> FloatArray:
    """Probabilities over two parameters, NaN where there is none.

    The schedule of the problem says which form is varied; `axes` has the values along both, and the rules of training,
    as keywords of `phase_diagram`, `how` the method and what it takes.
    """
    target, schedule, init = problem
    grid = grid_of(target, init, schedule, dict(axes), dict(how))
    tables = MapTables(grid.shape)
    fill_map(grid, tables, lambda **change: tell_share(1 - tables.missing / tables.done.size), allow_slow=True)
    return tables.numbers["value"]
