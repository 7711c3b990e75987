"""Sweeps: any grid over any parameters of theory and training, in a store that a kill does not harm."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from anneal_theory.problem import BimodalTarget, GaussianInit, SphereInit
from anneal_theory.quantities.doors import checked
from anneal_theory.sweeps.run import SweepPlan, plan_of, run_sweep
from anneal_theory.sweeps.setting import Sweep, sweep_of
from anneal_theory.sweeps.store import kept_into, stored_sweep
from anneal_theory.training.adaptive import Rule

if TYPE_CHECKING:
    import xarray

__all__ = ["SweepPlan", "plan_sweep", "rerun_sweep", "sweep"]

SweepKind: TypeAlias = Literal["probability", "noisy-probability", "threshold", "mixture", "realnvp"]


@checked(kind="sweep_kind", schedule="rule", init="initial_law")
def sweep(
    kind: SweepKind,
    axes: Mapping[str, object],
    target: BimodalTarget,
    schedule: Rule,
    init: GaussianInit | SphereInit | None = None,
    *,
    store: str | Path | None = None,
    scheduler: object = None,
    workers: int | None = None,
    progress: bool = False,
    allow_slow: bool = False,
    **arguments: object,
) -> "xarray.Dataset":
    """Numbers of theory or of training over a grid of any parameters.

    Args:
        kind: What fills a cell: "probability" (`collapse_probability`), "noisy-probability"
            (`noisy_collapse_probability`), "threshold" (`collapse_threshold`), "mixture" (`train_mixture`) or "realnvp"
            (`train_realnvp`).
        axes: Lists of distinct values by parameter: separation, weight, those of the schedule and of the start (dim,
            variance), and any argument of the function that is a number, a word, a truth value or a list of numbers
            (method, batch_size, objective, digits, hidden ...); the dataset has lists as texts, such as "64, 64". A
            rule of the variance is the axis "variance_rule". Any number of axes, in this order.
        target: Separation and weight, where they do not vary.
        schedule: Form and parameters; not one made of a function. Trainings take an adaptive rule too
            (`anneal_theory.training.adaptive`), whose parameters can vary like a schedule's.
        init: Law of the initial means, for all but "threshold" and "realnvp".
        store: Folder of a Zarr store, which is made where there is none: it keeps each cell as soon as it is computed,
            and the same call goes on from it. A store of another sweep, of another version, or that another process
            writes to is refused.
        scheduler: Address of a Dask scheduler, or a ``distributed.Client``, whose workers then do the work; a cell
            whose worker is lost is computed by another. This process alone writes to the store.
        workers: Processes of this machine, one a core unless given; 1 is this process itself.
        progress: Whether a bar is shown on the standard error.
        allow_slow: Whether more than an hour is fine. What the whole takes is measured on some ten cells.
        **arguments: Those of the function, but for those of proofs, files and threads. A training accepts undecided
            runs unless `most_undecided` is given: each cell tells how many are decided.

    Returns:
        Dataset over the axes (``found.sel({"method": "exact"})`` selects along methods, as `sel` has a keyword of that
        name). Of theory value, error, log_value and log_error, for a probability also log_complement and
        log_complement_error; of training the counts collapsed, decided, diverged and replicas, and mode_weight, the
        mean over the decided runs. Besides seed (where cells draw), note, refusal and seconds. Numbers are doubles, NaN
        where there is a refusal, which says why; where digits are asked for, value_digits, log_value_digits and (of a
        probability) log_complement_digits have all of them as texts. The attributes tell every other
        parameter, those that were not given with their defaults (which these are stands in "defaults"), seeds, versions
        and the call.

        A cell draws with a seed of its own, a function of `seed` and of the cell's values along the axes: no number
        depends on the order, on who works, or on the other cells.

    Raises:
        DomainError: an argument is outside its domain, or none of the function; an axis is unknown, empty or has a
            value twice; the sweep takes over an hour; no scheduler answers; the store is damaged, in use, or of another
            sweep or version.
        SolveError: a worker was ended from outside, or has another version.
        Interrupted: Ctrl-C; the store has the cells that were finished.
        OSError: the disk is full; the store has the cells before.
        MissingExtra: zarr, Dask or torch is needed and not installed.

    Source:
        theory sections 5, 6, 10 and 11.

    Example:
        >>> from anneal_theory.schedules import Exponential
        >>> target, schedule = BimodalTarget(3, 0.8), Exponential(10, 100)
        >>> axes = {"separation": [2.5, 3], "decay_time": [100, 1000]}
        >>> found = sweep("threshold", axes, target, schedule, workers=1)
        >>> found.value.sel(separation=3, decay_time=100).round(6).item()
        0.054049
    """
    setting = sweep_of(kind, axes, target, schedule, init, arguments)
    how: dict[str, Any] = {"scheduler": scheduler, "workers": workers, "progress": progress, "allow_slow": allow_slow}
    return run_sweep(setting, store, call_of(setting), **how)


@checked(kind="sweep_kind", schedule="rule", init="initial_law")
def plan_sweep(
    kind: SweepKind,
    axes: Mapping[str, object],
    target: BimodalTarget,
    schedule: Rule,
    init: GaussianInit | SphereInit | None = None,
    *,
    store: str | Path | None = None,
    scheduler: object = None,
    workers: int | None = None,
    **arguments: object,
) -> SweepPlan:
    """What a sweep would take: one of its cells is computed, and nothing is written.

    Args:
        kind: As of `sweep`, like all others.
        axes: The lists of values.
        target: Separation and weight.
        schedule: Form and parameters.
        init: Law of the initial means.
        store: A store that may hold some of the cells.
        scheduler: Address of a Dask scheduler, or a ``distributed.Client``; one of its workers computes the cell.
        workers: Processes of this machine, one a core unless given.
        **arguments: Those of the function.

    Returns:
        Cells, those missing, seconds (by the clock on the wall), memory and disk in bytes.

    Raises:
        DomainError: as of `sweep`.

    Example:
        >>> from anneal_theory.schedules import Exponential
        >>> target, schedule = BimodalTarget(3, 0.8), Exponential(10, 100)
        >>> plan_sweep("threshold", {"decay_time": [10, 100, 1000]}, target, schedule, workers=1).cells
        3
    """
    setting = sweep_of(kind, axes, target, schedule, init, arguments)
    return plan_of(setting, store, scheduler=scheduler, workers=workers)


@checked
def rerun_sweep(
    store: str | Path,
    *,
    into: str | Path | None = None,
    scheduler: object = None,
    workers: int | None = None,
    progress: bool = False,
    allow_slow: bool = False,
) -> "xarray.Dataset":
    """The sweep of a store, from what the store says of itself: the rest of it, or all of it again.

    Args:
        store: The store of a sweep; the cells that it lacks are computed.
        into: Another store, for all the cells once more; nothing is then written to the first.
        scheduler: As of `sweep`, like all others.
        workers: Processes of this machine, one a core unless given.
        progress: Whether a bar is shown.
        allow_slow: Whether more than an hour is fine.

    Returns:
        The whole dataset.

    Raises:
        DomainError: it is no store of a sweep, or one of another version; `into` is the same store; and as of `sweep`.

    Example:
        >>> import tempfile
        >>> from anneal_theory.schedules import Exponential
        >>> target, schedule = BimodalTarget(3, 0.8), Exponential(10, 100)
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     store = f"{folder}/runs.zarr"
        ...     found = sweep("threshold", {"decay_time": [10, 100]}, target, schedule, store=store, workers=1)
        ...     rerun_sweep(store).equals(found)
        True
    """
    setting, command = stored_sweep(store, into)
    how: dict[str, Any] = {"scheduler": scheduler, "workers": workers, "progress": progress, "allow_slow": allow_slow}
    with kept_into(into):
        return run_sweep(setting, store if into is None else into, command, **how)


def call_of(setting: Sweep) -> str:
    """The call that gives a sweep."""
    objects = [setting.target, setting.schedule, *([] if setting.init is None else [setting.init])]
    words = [f"{name}={value!r}" for name, value in setting.arguments.items()]
    return f"sweep({', '.join([repr(setting.kind), repr(setting.axes), *map(repr, objects), *words])})"
