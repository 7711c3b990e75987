"""`anneal-theory sweep`: theory or training over a grid of any parameters, kept in a Zarr store."""

import math
import shlex
import sys
from dataclasses import fields, replace
from itertools import islice
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter

from anneal_theory.cli.axes import ranges_of
from anneal_theory.cli.interruption import ENDING
from anneal_theory.cli.option_fields import (
    Default,
    OptionGroup,
    flag,
    headed,
    letter,
    of_rules,
    option_name,
    typed_integer,
)
from anneal_theory.cli.options import INIT, OUTPUT, SCHEDULE, TARGET, InitGroup, OutputGroup, Quiet, TargetGroup
from anneal_theory.cli.output import emit
from anneal_theory.cli.refusals import require_distinct, require_left_out
from anneal_theory.cli.schedule_options import ScheduleGroup
from anneal_theory.cli.train_realnvp import in_steps
from anneal_theory.quantities import QUANTITIES, Quantity
from anneal_theory.quantities.domains import Text
from anneal_theory.training.mixture_rules import MixtureRules
from anneal_theory.training.rules import FlowShape, FlowVerdict, TrainingRules

if TYPE_CHECKING:
    import xarray

    from anneal_theory.problem import BimodalTarget, GaussianInit, SphereInit
    from anneal_theory.schedules import Schedule

_KINDS = QUANTITIES["sweep_kind"].choices
_SHOWN = 20  # rows of the printed table
_COLUMNS = 3  # numbers in it


def _listed(quantity: Quantity) -> Quantity:
    """A word whose option may also list several."""
    if not quantity.choices:
        return quantity
    meaning = f"{quantity.meaning} ({', '.join(quantity.choices)})"
    return replace(quantity, domain=Text(quantity.domain.text), meaning=meaning)


def _open(names: "dict[str, Quantity]") -> "tuple[dict[str, bool | None], dict[str, Quantity]]":
    """Options that are left out unless typed, and that may list values."""
    flags = {name: False if name == "batch_norm" else None for name in names}
    return flags, {name: _listed(quantity) for name, quantity in names.items()}


def _named(*names: str) -> "dict[str, Quantity]":
    return {name: QUANTITIES[name] for name in names}


_MIXTURE = of_rules(MixtureRules, left_out=("stop_at_rest", "record_every", "replicas", "seed"))[1]
_RULES = of_rules(TrainingRules, left_out=("record_every", "record_samples", "objective"))[1]
_VERDICT = of_rules(FlowVerdict)[1]


@headed("Dynamics", 3, *_open(_named("objective", "metric", "family_weight", "constraint", "variance_rule")))
class SweepDynamics(OptionGroup):
    """The loss, the metric, and what is held or trained."""


@headed(
    "Theory", 4,
    *_open(
        _named(
            "s0", "relative_error", "digits", "distance", "distance_squared", "pair_overlap", "mean_cosine",
            "variance_law",
        )
        | {"method": replace(QUANTITIES["probability_method"], meaning="the route to the number")}
    ),
    {
        "relative_error": "1e-4 unless given",
        "digits": "doubles unless given",
        "method": "with noise " + ", ".join(QUANTITIES["noisy_method"].choices),
    },
)  # fmt: skip
class SweepTheory(OptionGroup):
    """How numbers of theory are computed."""


@headed(
    "Training", 5, *_open(_named("replicas", "seed") | _RULES | _MIXTURE | _VERDICT),
    {
        "seed": "each cell makes one of its own of it",
        "most_undecided": "1 unless given: each cell tells how many are decided",
        "step_size": "or learning rate, of flows",
        "end_time": "of mixtures",
        "route": "of mixtures",
        "gradient": "of mixtures",
    },
)  # fmt: skip
class SweepTraining(OptionGroup):
    """How mixtures or flows are trained."""


@headed(
    "Flow", 6, *_open(of_rules(FlowShape)[1] | _named("mode_direction")),
    {"hidden": "comma-separated; several lists with semicolons"},
)  # fmt: skip
class SweepFlow(OptionGroup):
    """The RealNVP flow."""


_DYNAMICS, _THEORY, _TRAINING, _FLOW = SweepDynamics(), SweepTheory(), SweepTraining(), SweepFlow()
KindArgument = Annotated[str, Parameter(help="what fills a cell", choices=_KINDS)]
StoreOption = Annotated[
    str | None, Parameter(help="keep each cell in this Zarr store, and go on from it where it exists", metavar="FOLDER")
]
Scheduler = Annotated[
    str | None, Parameter(help="have the workers of this Dask scheduler do the work", metavar="ADDRESS")
]
Workers = Annotated[str | None, letter("workers", "processes of this machine, one a core unless given")]
DryRun = Annotated[bool, flag("compute one cell, say what the whole takes, and write nothing")]
Slow = Annotated[bool, letter("allow_slow", "more than an hour, as a few cells tell")]


def sweep(
    kind: KindArgument, /, *, target: TargetGroup = TARGET, schedule: ScheduleGroup = SCHEDULE, init: InitGroup = INIT,
    dynamics: SweepDynamics = _DYNAMICS, theory: SweepTheory = _THEORY, training: SweepTraining = _TRAINING,
    flow: SweepFlow = _FLOW, store: StoreOption = None, scheduler: Scheduler = None, workers: Workers = None,
    dry_run: DryRun = False, allow_slow: Slow = False, quiet: Quiet = False, output: OutputGroup = OUTPUT,
) -> None:  # fmt: skip
    """Theory or training over a grid of any parameters, cell by cell into a Zarr store.

    Any option takes several values: FROM:TO:COUNT is evenly spaced, FROM:TO:COUNTlog in the logarithm, and values and
    words may be listed with commas, lists with semicolons. The same command goes on from its store:
    `anneal-theory sweep mixture --separation 2,3 --batch-size 10:1000:3log --replicas 200 --store runs.zarr`
    """
    groups = (target, schedule, init, dynamics, theory, training, flow)
    require_distinct(out=output.out)
    (target, schedule, init, *rest), axes = ranges_of(*groups)
    words = {name: value for group in rest for name, value in group.keywords.items()}
    if kind == "realnvp":
        schedule = in_steps(schedule)
        words |= _flow_dim(groups[2], axes)
    problem = target.build(), schedule.build(), _law(kind, groups[2], init, words.get("constraint"))
    how = {"store": store, "scheduler": scheduler} | (
        {} if workers is None else {"workers": typed_integer(workers, "workers")}
    )
    command = _command(kind, *groups, **how)
    sweep_typed(kind, axes, problem, words, how, command, dry_run, allow_slow, quiet, output)


def sweep_typed(
    kind: str, axes: dict[str, Any],
    problem: "tuple[BimodalTarget, Schedule, GaussianInit | SphereInit | None]", words: dict[str, Any],
    how: dict[str, Any], command: str, dry_run: bool, allow_slow: bool, quiet: bool, output: OutputGroup,
) -> None:  # fmt: skip
    """Compute a sweep and write what came out."""
    from anneal_theory.errors import DomainError, Words
    from anneal_theory.sweeps.kinds import KINDS
    from anneal_theory.sweeps.setting import sweep_of

    if not axes:
        raise DomainError.of(
            "the sweep", "over one range or more", Words("over none"), 'write "1:100:20log" or "2,3" for a parameter'
        )
    accepted = KINDS[kind].arguments
    words = {"variance" if name == "variance_rule" else name: value for name, value in words.items()}
    for name, value in words.items():
        if name not in accepted:
            raise DomainError.of(name, f"left out of a sweep of {kind}", value, "it plays no part there")
    run_or_plan(sweep_of(kind, axes, *problem, words), how, command, dry_run, allow_slow, quiet, output)


def run_or_plan(
    setting: Any, how: dict[str, Any], command: str, dry_run: bool, allow_slow: bool, quiet: bool, output: OutputGroup
) -> None:
    """Compute a sweep, or say what it takes."""
    from anneal_theory.sweeps.run import plan_of, run_sweep

    store, scheduler, workers = (how.get(name) for name in ("store", "scheduler", "workers"))
    if workers is not None:
        QUANTITIES["workers"].check(workers, "workers")
    if dry_run:
        plan = plan_of(setting, store, scheduler=scheduler, workers=workers)
        emit(output, "sweep", setting.plain, vars(plan), plan.text)
        return
    ENDING.go_on = lambda: "nothing is kept without --store FOLDER" if store is None else f"go on from {store}"
    dataset = run_sweep(
        setting, store, command, scheduler=scheduler, workers=workers, allow_slow=allow_slow,
        progress=sys.stderr.isatty() and not quiet,
    )  # fmt: skip
    emit(output, "sweep", setting.plain, _plain(dataset), _text(dataset, store))


def _flow_dim(init: InitGroup, axes: dict[str, Any]) -> dict[str, Any]:
    """The dimension of flows, which is an argument of their training."""
    dim = getattr(init, "dim")  # noqa: B009  # a field that `headed` makes
    return {} if isinstance(dim, Default) or "dim" in axes else {"dim": typed_integer(dim, "dim")}


def _law(kind: str, typed: InitGroup, first: InitGroup, constraint: object) -> "GaussianInit | SphereInit | None":
    """The law of the start, where the kind has one; options that it does not take are refused."""
    if kind in ("threshold", "realnvp"):
        why = "thresholds are of single starts" if kind == "threshold" else "the start is the flow's own"
        options = {name: getattr(typed, name) for name in ("dim", "variance")}
        own = {name: text for name, text in options.items() if not isinstance(text, Default)}
        require_left_out(f"of a sweep of {kind}", why, **(own if kind == "threshold" else own | {"dim": None}))
        return None
    if constraint != "sphere":
        return first.build()
    from anneal_theory.problem import SphereInit

    keywords = first.keywords
    require_left_out("with --constraint sphere", "means start uniform there", variance=keywords.pop("variance", None))
    return SphereInit(**keywords)


def _command(kind: str, *groups: Any, **how: Any) -> str:
    """The command line as it was typed, without what does not change a number."""
    parts = ["anneal-theory", "sweep", kind]
    for group in groups:
        for option in fields(group):
            value = getattr(group, option.name)
            if value is not None and value is not False and not isinstance(value, Default):
                parts += [option_name(option.name)] if value is True else [option_name(option.name), value]
    store = how["store"]
    return shlex.join(parts if store is None else [*parts, "--store", store])


def _plain(dataset: "xarray.Dataset") -> dict[str, Any]:
    """The dataset as plain data: its axes, and every variable over them."""
    axes = {str(name): dataset[name].values for name in dataset.dims}
    variables = {str(name): variable.values for name, variable in dataset.data_vars.items()}
    about = {name: dataset.attrs[name] for name in ("command", "versions", "seeds")}
    return {"axes": axes} | variables | about


def _text(dataset: "xarray.Dataset", store: str | None) -> str:
    """A table of the first cells, what there is besides, and how many have no number."""
    import numpy as np

    names = [
        str(name) for name, variable in dataset.data_vars.items() if variable.dtype.kind == "f" and name != "seconds"
    ]
    axes, shown = [str(name) for name in dataset.refusal.dims], names[:_COLUMNS]
    full = [name for name in ("value_digits",) if name in dataset]
    shape = dataset.refusal.shape
    lines = ["".join(f"{name:>22}" for name in axes) + "".join(f"{name:>14}" for name in shown)]
    lines[0] += "".join(f"  {name}" for name in full)
    for cell in islice(np.ndindex(shape), _SHOWN):
        values = (dataset[name].values[index] for name, index in zip(axes, cell, strict=True))
        numbers = (dataset[name].values[cell] for name in shown)
        row = "".join(f"{value if isinstance(value, str) else f'{value:.6g}':>22}" for value in values)
        row += "".join(f"{value:14.6g}" if math.isfinite(value) else f"{'-':>14}" for value in numbers)
        lines.append(row + "".join(f"  {dataset[name].values[cell]}" for name in full))
    count, refused = math.prod(shape), [text for text in dataset.refusal.values.flat if text]
    if count > _SHOWN:
        lines.append(f"{_SHOWN} of {count} cells; --json has all of them")
    if refused:
        lines.append(f"{len(refused)} of {count} cells have no number; the first says: {refused[0]}")
    kept = [] if store is None else [f"{count} cells in {store}"]
    return "\n".join([*lines, *kept, *(f"  {name}: {value}" for name, value in dataset.attrs.items())])
