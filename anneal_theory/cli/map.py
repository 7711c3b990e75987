"""`anneal-theory map`: the probability of mode collapse over two parameters."""

import math
import sys
from typing import TYPE_CHECKING, Annotated

from anneal_theory.cli.axes import split_axes
from anneal_theory.cli.interruption import ENDING, going_on
from anneal_theory.cli.models import MODEL, ModelGroup
from anneal_theory.cli.option_fields import OptionGroup, file, headed
from anneal_theory.cli.options import INIT, OUTPUT, SCHEDULE, TARGET, InitGroup, OutputGroup, Quiet, TargetGroup
from anneal_theory.cli.output import LETTERS, drawing, emit
from anneal_theory.cli.refusals import require_distinct
from anneal_theory.cli.schedule_options import ScheduleGroup
from anneal_theory.quantities import QUANTITIES

if TYPE_CHECKING:
    import xarray

_OPTIONS = {
    "method": "exact", "relative_error": None, "replicas": None, "seed": None, "s0": None, "workers": None,
    "checkpoint": None, "allow_slow": False,
}  # fmt: skip
_NOTES = {
    "relative_error": "1e-3 unless given",
    "replicas": "for --method simulated",
    "seed": "for random methods",
    "s0": "for --method leading-order, 0 unless given",
    "workers": "one a core unless given",
    "checkpoint": "each cell is kept as soon as it is computed",
    "allow_slow": "accept more than an hour, as measured on a few cells",
}
_SHOWN = 10  # rows and columns of the printed table


@headed("Map", 4, _OPTIONS, QUANTITIES | {"method": QUANTITIES["probability_method"]}, _NOTES)
class MapGroup(OptionGroup):
    """The route to the probabilities."""


MAP = MapGroup()


def map(
    *,
    target: TargetGroup = TARGET,
    schedule: ScheduleGroup = SCHEDULE,
    init: InitGroup = INIT,
    dynamics: ModelGroup = MODEL,
    how: MapGroup = MAP,
    figure: Annotated[str | None, file("draw the map into this file (.svg, .png or .pdf)")] = None,
    quiet: Quiet = False,
    output: OutputGroup = OUTPUT,
) -> None:
    """Probability of mode collapse over two parameters, given as ranges such as --decay-time 1:1000:20log.

    FROM:TO:COUNT is evenly spaced, FROM:TO:COUNTlog in the logarithm, and values may be listed with commas:
    `anneal-theory map --initial-temperature 1:100:20log --decay-time 1,10,100 --figure map.svg`
    """
    (target, schedule, init, dynamics), axes = split_axes(target, schedule, init, dynamics)
    checkpoint = how.checkpoint  # type: ignore[attr-defined]  # a field that `headed` makes
    require_distinct(out=output.out, checkpoint=checkpoint, figure=figure)
    draw = drawing(figure)
    ENDING.go_on = lambda: going_on(checkpoint)
    from anneal_theory.phase_diagrams import phase_diagram

    dataset = phase_diagram(
        target.build(), dynamics.law(init), schedule.build(), **axes, **dynamics.arguments, **how.keywords,
        progress=sys.stderr.isatty() and not quiet,
    )  # fmt: skip
    settings = {name: value for name, value in dataset.attrs.items() if name not in ("command", "versions", "seconds")}
    emit(output, "map", settings, _plain(dataset), _text(dataset, settings))
    if draw is not None:  # at last: a map without any number has no figure, and is printed all the same
        from anneal_theory.plots import diagram_figure

        draw(diagram_figure(dataset))


def _plain(dataset: "xarray.Dataset") -> dict[str, object]:
    """The dataset as plain data: its axes, and every variable with the parameters that it is over."""
    axes = {str(name): dataset[name].values for name in dataset.value.dims}
    variables = {
        str(name): {"over": list(variable.dims), "values": variable.values}
        for name, variable in dataset.data_vars.items()
    }
    about = {name: dataset.attrs[name] for name in ("command", "versions", "seconds")}
    return {"axes": axes} | variables | about


def _text(diagram: "xarray.Dataset", settings: dict[str, object]) -> str:
    """A table of some of the cells, what there is besides, and how many have no number."""
    across, down = diagram.value.dims
    columns, rows = (_some(diagram.sizes[name]) for name in (across, down))
    lines = [f"P(collapse), {across} across and {down} down"]
    lines.append(" " * 9 + "".join(f"{value:>9.4g}" for value in diagram[across].values[columns]))
    for row in rows:
        values = diagram.value.values[columns, row]
        cells = (f"{value:9.3g}" if math.isfinite(value) else f"{'-':>9}" for value in values)
        lines.append(f"{diagram[down].values[row]:>9.4g}" + "".join(cells))
    count, missing = diagram.value.size, int(diagram.value.isnull().sum())
    if len(columns) * len(rows) < count:
        lines.append(f"{len(columns) * len(rows)} of {count} cells; --json has all of them")
    if missing:
        reason = next(text for text in diagram.refusal.values.flat if text)
        lines.append(f"{missing} of {count} cells have no number; the first says: {reason}")
    for name in ("critical_temperature", "antipodal_temperature"):
        if name in diagram and diagram[name].ndim == 0:
            lines.append(f"{LETTERS[name]} = {diagram[name].item():.8g}")
    return "\n".join([*lines, f"{diagram.seconds:.1f} s", *(f"  {name}: {value}" for name, value in settings.items())])


def _some(count: int) -> list[int]:
    """Places of so many values that a table holds, both ends among them."""
    shown = min(count, _SHOWN)
    return [round(index * (count - 1) / max(shown - 1, 1)) for index in range(shown)]
