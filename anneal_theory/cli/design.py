"""`anneal-theory design`: a schedule for a probability or a budget."""

import sys
from typing import TYPE_CHECKING, Annotated, Any

from anneal_theory.cli.models import MODEL, ModelGroup
from anneal_theory.cli.option_fields import OptionGroup, file, headed
from anneal_theory.cli.options import INIT, OUTPUT, TARGET, InitGroup, OutputGroup, TargetGroup
from anneal_theory.cli.output import drawing, emit
from anneal_theory.cli.refusals import require_distinct
from anneal_theory.quantities import QUANTITIES

if TYPE_CHECKING:
    from anneal_theory.design import Design

_OPTIONS = {
    "max_probability": None, "budget": None, "family": "exponential", "highest_temperature": "100",
    "base_temperature": None, "highest_final_temperature": "1.15", "separations": None, "weights": None,
    "relative_error": None, "step_size": None, "batch_size": None, "gradient": None,
}  # fmt: skip
_NOTES = {
    "max_probability": "P is at most that, at the least cost",
    "budget": "the least P within it; the alternative to --max-probability",
    "base_temperature": "of cold-then-pulse; 1 unless given",
    "separations": "LOW,HIGH instead of one separation: P is the largest between them",
    "weights": "LOW,HIGH instead of one weight: P is the largest between them",
    "relative_error": "1e-3 unless given",
    "step_size": "tells the number of optimiser steps; with --batch-size also of the noise, 0.05 unless given",
    "batch_size": "puts the noise of training into P",
    "gradient": "of the noise; plain unless given",
}
_MEANT = {"family": QUANTITIES["design_family"], "separations": QUANTITIES["separation_interval"]} | {
    "weights": QUANTITIES["weight_interval"], "batch_size": QUANTITIES["noise_batch"]
}  # fmt: skip


@headed("Design", 4, _OPTIONS, QUANTITIES | _MEANT, _NOTES)
class DesignGroup(OptionGroup):
    """The requirements on a schedule."""


DESIGN = DesignGroup()


def design(
    *,
    target: TargetGroup = TARGET,
    init: InitGroup = INIT,
    dynamics: ModelGroup = MODEL,
    how: DesignGroup = DESIGN,
    figure: Annotated[
        str | None, file("draw temperature, overlaps and costs into this file (.svg, .png or .pdf)")
    ] = None,
    output: OutputGroup = OUTPUT,
) -> None:
    """The cheapest schedule that keeps the probability of collapse low, or the best within a budget.

    `anneal-theory design --max-probability 0.01 --family hold`
    """
    require_distinct(out=output.out, figure=figure)
    draw = drawing(figure)
    problem: dict[str, Any] = {"target": target.build(), "init": dynamics.law(init)}
    chosen = how.keywords
    step_size = chosen.pop("step_size", None)
    if step_size is not None:  # before the work, not after it
        QUANTITIES["step_size"].domain.check(step_size, "step_size", "0.05 is usual")
    words = dict(chosen) | ({"step_size": step_size} if "batch_size" in chosen and step_size is not None else {})
    for name in {"separations", "weights"} & words.keys():
        words[name] = tuple(words[name].split(","))
    from anneal_theory.design import design_schedule

    best = design_schedule(**problem, **words, **dynamics.arguments, progress=sys.stderr.isatty())
    steps = None if step_size is None else best.steps(step_size)
    settings = problem | {"dynamics": dynamics.build()} | chosen
    more = {} if steps is None else {"step_size": step_size, "steps": steps}
    emit(output, "design", settings | more, best.to_dict() | more, _text(best, settings | more))
    if draw is not None:
        from anneal_theory.plots import design_figure

        draw(design_figure(best))


def _text(best: "Design", settings: dict[str, object]) -> str:
    return "\n".join([str(best), *(f"  {name}: {value}" for name, value in settings.items())])
