"""`anneal-theory compare`: theory beside training, cell by cell, or baselines at an equal budget of steps."""

import sys
import time
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter

from anneal_theory.cli.baselines import mixture_table, table_text
from anneal_theory.cli.cells import compared
from anneal_theory.cli.interruption import ENDING, going_on
from anneal_theory.cli.intervals import interval_text, usual_interval
from anneal_theory.cli.models import MODEL, ModelGroup
from anneal_theory.cli.option_fields import file, flag, letter, typed_integer
from anneal_theory.cli.options import INIT, OUTPUT, SCHEDULE, TARGET, InitGroup, OutputGroup, Quiet, TargetGroup
from anneal_theory.cli.output import emit
from anneal_theory.cli.refusals import require_distinct, require_left_out
from anneal_theory.cli.schedule_options import ScheduleGroup
from anneal_theory.cli.train_mixture import TRAINING, MixtureTraining
from anneal_theory.schedules import own_time
from anneal_theory.storage import require_writable
from anneal_theory.work import peak_memory

if TYPE_CHECKING:
    from anneal_theory.schedules import Schedule


_CELLS = 'several exponential schedules, each T0,t0, separated by semicolons (1,- is no annealing): "1,-;10,10;10,50"'
_BIAS = "with half the step size and with twice the batch size; a tenth unless given"
_BASELINES = (
    "compare ways to anneal instead, at the budget --end-time (200 unless given): none, linear beta, two adaptive "
    "rules, and the schedule that the theory chooses"
)
_CHECKPOINT = "take finished cells, or rows of --baselines, from this file where it exists, and write them to it"


def compare(
    *,
    target: TargetGroup = TARGET,
    schedule: ScheduleGroup = SCHEDULE,
    cells: Annotated[str | None, Parameter(help=_CELLS, metavar="T0,t0;...")] = None,
    init: InitGroup = INIT,
    dynamics: ModelGroup = MODEL,
    training: MixtureTraining = TRAINING,
    bias_replicas: Annotated[str | None, letter("bias_replicas", _BIAS)] = None,
    false_alarm: Annotated[str, letter("false_alarm")] = "0.001",
    baselines: Annotated[bool, flag(_BASELINES)] = False,
    checkpoint: Annotated[str | None, file(_CHECKPOINT)] = None,
    quiet: Quiet = False,
    output: OutputGroup = OUTPUT,
) -> None:
    """Train mixtures and set their collapses beside the exact formula; or compare ways to anneal."""
    from anneal_theory.exact import exact

    begun = time.perf_counter()
    problem: dict[str, Any] = {"target": target.build(), "init": dynamics.law(init)}
    keywords = training.keywords | {"false_alarm": float(exact(false_alarm, "false_alarm"))}
    require_writable(checkpoint, "checkpoint")
    require_distinct(out=output.out, checkpoint=checkpoint)
    settings = problem | {"dynamics": dynamics.build()} | keywords
    words = problem | dynamics.arguments | keywords | {"progress": sys.stderr.isatty() and not quiet}
    result: dict[str, Any]
    ENDING.go_on = lambda: going_on(checkpoint)
    if baselines:
        own = {"cells": cells, "bias_replicas": bias_replicas}
        require_left_out("with --baselines", "it belongs to the comparison of cells", **own)
        result = {"baselines": mixture_table(words | {"checkpoint": checkpoint}, schedule)}
        text = table_text(result["baselines"])
    else:
        pairs = None if bias_replicas is None else typed_integer(bias_replicas, "bias_replicas")
        more = {"bias_replicas": pairs}
        schedules = _schedules(cells, schedule)
        result = {"cells": compared(schedules, words | more, checkpoint, settings | more)}
        settings |= {"schedules": [cooling.to_dict() for cooling in schedules]}
        text = _cell_text(result["cells"])
    spent: dict[str, Any] = {"seconds": round(time.perf_counter() - begun, 3), "peak_memory_bytes": peak_memory()}
    memory = spent["peak_memory_bytes"]
    took = f"{spent['seconds']:.0f} s" + ("" if memory is None else f", peak memory {memory / 2**20:.0f} MiB")
    lines = [text, took, *(f"  {name}: {value}" for name, value in settings.items() if name != "schedules")]
    emit(output, "compare", settings, result | spent, "\n".join(lines))


def _schedules(cells: str | None, schedule: ScheduleGroup) -> "list[Schedule]":
    """The schedules of the cells; the one of the schedule options where none are given."""
    from anneal_theory.errors import DomainError
    from anneal_theory.schedules import Constant, Exponential

    if cells is None:
        return [schedule.build()]
    if not schedule.is_default:
        raise DomainError.of("cells", "given without other schedule options", cells, "give one or the other")
    schedules: list[Schedule] = []
    for cell in cells.split(";"):
        temperature, _, span = (part.strip() for part in cell.partition(","))
        bare = span in ("", "-")
        if not temperature or "," in span or (bare and temperature != "1"):
            raise DomainError.of("cells", "T0,t0 pairs separated by semicolons", cell, 'an example is "1,-;10,10"')
        schedules.append(Constant(1) if bare else Exponential(temperature, span))
    return schedules


def _cell_text(cells: list[dict[str, Any]]) -> str:
    rows = ["      T0       t0  theory   training  95 % interval     strict interval   verdict"]
    notes, unknown = [], []
    for cell in cells:
        schedule, count = cell["settings"]["schedule"], cell["count"]
        temperature = schedule.get("initial_temperature", schedule.get("temperature", "-"))
        span = schedule.get(own_time(schedule), "-")
        decided = count["replicas"] > count.get("undecided", 0)
        share = f"{float(count['share']):.4f}" if decided else "none  "
        usual = usual_interval(count["collapsed"], count["replicas"], count.get("undecided", 0))
        rows.append(
            f"{_short(temperature):>8} {_short(span):>8}  {cell['theory']['value']:.4f}  {share}    "
            f"{interval_text(usual)}  {interval_text((count['low'], count['high']))}  {cell['verdict']}"
        )
        counts = [count, *cell["finer"]]
        if any(tally.get("undecided") for tally in counts):
            many = ", ".join(f"{tally['undecided']} of {tally['replicas']}" for tally in counts)
            unknown.append(f"  {_short(temperature)}, {_short(span)}: {many}")
        notes += [f"  {_short(temperature)}, {_short(span)}: {_bias_text(bias)}" for bias in cell["biases"]]
    head = [
        f"count of {cells[0]['count']['replicas']} runs a cell, strict interval: "
        f"false-alarm rate {cells[0]['false_alarm']:g}"
    ]
    rows += ["known biases, with standard errors", *notes] if notes else []
    rows += (
        ["undecided runs of count and biases (intervals cover all they could have done)", *unknown] if unknown else []
    )
    return "\n".join(head + rows)


def _short(number: float | str) -> str:
    return number if isinstance(number, str) else f"{number:g}"


def _bias_text(bias: dict[str, Any]) -> str:
    cause = "step size" if bias["cause"] == "step_size" else "sampling noise"
    if bias["undecided"] == bias["replicas"]:
        return f"{cause} unknown (none of {bias['replicas']} pairs is decided)"
    return f"{cause} {float(bias['value']):+.4f} +- {float(bias['error']):.4f} ({bias['replicas']} pairs)"
