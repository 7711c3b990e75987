"""Phase diagrams: the probability of collapse over any two parameters of the problem."""

import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Unpack

from anneal_theory._types import Exactable
from anneal_theory._version import __version__
from anneal_theory.errors import DomainError
from anneal_theory.extras import require
from anneal_theory.numerics.progress import progress_bar
from anneal_theory.phase_diagrams.dataset import map_dataset, settings_of
from anneal_theory.phase_diagrams.filling import MapTables, fill_map, require_size
from anneal_theory.phase_diagrams.grid import Axes, Grid, MapOptions, grid_of
from anneal_theory.phase_diagrams.journal import Journal
from anneal_theory.probability import Method
from anneal_theory.problem import BimodalTarget, GaussianInit, SphereInit
from anneal_theory.quantities.doors import checked
from anneal_theory.schedules import Exponential, FromCallable, Schedule
from anneal_theory.sweeps.running import ending_told

if TYPE_CHECKING:
    import xarray

__all__ = ["Axes", "phase_diagram"]


@checked(method="probability_method", init="initial_law")
def phase_diagram(
    target: BimodalTarget,
    init: GaussianInit | SphereInit,
    schedule: Schedule | None = None,
    *,
    method: Method = "exact",
    relative_error: float | None = None,
    replicas: int | None = None,
    seed: int | None = None,
    s0: Exactable | None = None,
    workers: int | None = None,
    checkpoint: str | Path | None = None,
    progress: bool = False,
    allow_slow: bool = False,
    **options: Unpack[MapOptions],
) -> "xarray.Dataset":
    """The probability of mode collapse over any two parameters.

    One rule says what varies: a list, named by the plural of a parameter, takes the place of that parameter's value.
    Two lists are given; everything else is as the objects have it. This is the function for many values; all others
    take single ones.

    Args:
        target: Separation and weight.
        init: Dimension and variance of the initial means; `SphereInit` where ``constraint="sphere"``.
        schedule: Form and parameters of the schedule; may be left out where `initial_temperatures` and `decay_times`
            are both given, for `Exponential`.
        method: As of `collapse_probability`.
        relative_error: Aim of "exact" and "large-dim"; 1e-3 unless given.
        replicas: Runs a cell of "simulated", or of quasi-Monte Carlo.
        seed: Of the draws, the same in every cell.
        s0: Initial mean overlap of "leading-order".
        workers: Cells worked at at once, in threads; one a core unless given. No number depends on it.
        checkpoint: A file that keeps each cell as soon as it is computed, and that a later call of the same map goes on
            from. A map of other settings, or a file that another process writes to, is refused.
        progress: Whether a bar is shown on the standard error.
        allow_slow: Whether more than an hour is fine. What the whole takes is measured on some ten cells.
        **options: Two lists of `Axes`, and arguments of `Dynamics`.

    Returns:
        Dataset over the two parameters: value, error, log_value, log_error, log_complement, log_complement_error as
        doubles (NaN where the method does not hold or gives up), and note and refusal as text, the latter the reason of
        a NaN. `critical_temperature` (free means of equal weights) or `antipodal_temperature` (the sphere, with a
        variance that moves) is over the axes that it depends on. The attributes tell every other parameter, the method,
        versions, the call, and the seconds that it took.

    Raises:
        DomainError: an argument is outside its domain, the method does not use it or is none of this model; not two
            lists are given; the map takes over an hour or too much memory; the checkpoint is damaged, in use, or of
            another map.
        Interrupted: Ctrl-C; the checkpoint has the cells that were finished.
        MissingExtra: xarray is not installed.

    Source:
        theory sections 5, 6 and 11.

    Example:
        >>> target, init = BimodalTarget(3, 0.8), GaussianInit(128)
        >>> axes = {"initial_temperatures": [1, 10], "decay_times": [10, 100]}
        >>> found = phase_diagram(target, init, method="large-dim", relative_error=0.01, **axes)
        >>> found.value.sel(initial_temperature=10, decay_time=10).round(2).item()
        0.67
        >>> found.critical_temperature.round(5).item()
        5.58355
    """
    begun = time.perf_counter()
    require("xarray")
    how = {"method": method, "relative_error": relative_error, "replicas": replicas, "seed": seed, "s0": s0}
    grid = grid_of(target, init, _schedule(schedule, options), options, how)
    require_size(grid)
    if checkpoint is not None and isinstance(grid.problem.schedule, FromCallable):
        step = "a file cannot tell one function from another"
        raise DomainError.of("checkpoint", "left out for a schedule made of a function", str(checkpoint), step)
    tables = MapTables(grid.shape)
    with Journal(checkpoint, _settings(grid), grid.shape) as journal:
        for place, cell in journal.cells.items():
            tables.put(place, cell)
        _fill(grid, tables, journal, {"workers": workers, "allow_slow": allow_slow}, progress)
    return map_dataset(grid, tables, time.perf_counter() - begun)


def _schedule(schedule: Schedule | None, options: MapOptions) -> Schedule:
    if schedule is not None:
        return schedule
    if options.get("initial_temperatures") is None or options.get("decay_times") is None:
        step = "give one, such as Linear(10, 10); a list takes the place of its own value"
        raise DomainError.of("schedule", "given unless initial_temperatures and decay_times are", None, step)
    return Exponential(10, 10)


def _settings(grid: Grid) -> dict[str, object]:
    return {"version": __version__} | settings_of(grid)


def _fill(grid: Grid, tables: MapTables, journal: Journal, how: dict[str, Any], progress: bool) -> None:
    """Fill the tables, with a bar; say on Ctrl-C what is kept."""
    count = tables.done.size
    with (
        ending_told(tables.done, journal.path, "map", "checkpoint"),
        progress_bar("phase diagram", count, shown=progress, done=count - tables.missing, terminal=True) as move,
    ):
        fill_map(grid, tables, move, journal=journal, **how)
