"""`anneal-theory train-mixture`: stochastic training of two-component mixtures, and how many collapse."""

import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Group, Parameter

from anneal_theory.cli.options import (
    DYNAMICS,
    INIT,
    OUTPUT,
    SCHEDULE,
    TARGET,
    DynamicsOptions,
    InitOptions,
    OutputOptions,
    ScheduleOptions,
    TargetOptions,
    letter,
    require_distinct,
    whole,
)
from anneal_theory.cli.output import drawing, emit

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from anneal_theory.results import Outcomes

FALSE_ALARM = 1e-9  # of the printed interval
_BATCH_SIZE = "1000"


def _number(text: str) -> Parameter:
    return Parameter(help=text, metavar="NUMBER", allow_leading_hyphen=True)


@Parameter(name="*", group=Group("Training", sort_key=4))
@dataclass(frozen=True, kw_only=True)
class MixtureOptions:
    """How the mixtures are trained."""

    replicas: Annotated[str, _number("number of independent runs")] = "1000"
    seed: Annotated[str, letter("seed")] = "0"
    batch_size: Annotated[
        str | None,
        _number("samples of each component in each step, at least 2; 1000 unless given, none on the route exact"),
    ] = None
    step_size: Annotated[str, _number("gradient-flow time of one step, positive")] = "0.05"
    route: Annotated[
        str,
        Parameter(help="noise in the directions that matter, in all, or none", choices=("reduced", "plain", "exact")),
    ] = "reduced"
    gradient: Annotated[
        str | None,
        Parameter(
            help="with or without the score term; plain unless given, none on the route exact",
            choices=("plain", "path"),
        ),
    ] = None
    end_time: Annotated[str | None, _number("longest time of a run; 200 after T is 1.01 unless given")] = None
    highest_final_temperature: Annotated[str, _number("largest temperature of the last step")] = "1.15"
    most_undecided: Annotated[
        str, _number("share of the runs that may end undecided (diverged or not settled); one always may")
    ] = "0.01"

    def build(self) -> dict[str, Any]:
        """Keywords of `train_mixture`."""
        from anneal_theory.exact import exact

        words: dict[str, Any] = {"route": self.route}
        words |= {name: whole(getattr(self, name), name) for name in ("replicas", "seed")}
        sampled = self.route != "exact"
        if sampled or self.batch_size is not None:
            words["batch_size"] = whole(self.batch_size or _BATCH_SIZE, "batch_size")
        if sampled or self.gradient is not None:
            words["gradient"] = self.gradient or "plain"
        reals = ("step_size", "end_time", "highest_final_temperature", "most_undecided")
        given = {name: getattr(self, name) for name in reals if getattr(self, name) is not None}
        return words | {name: float(exact(text, name)) for name, text in given.items()}


TRAINING = MixtureOptions()


def train_mixture(
    *,
    target: TargetOptions = TARGET,
    schedule: ScheduleOptions = SCHEDULE,
    init: InitOptions = INIT,
    dynamics: DynamicsOptions = DYNAMICS,
    training: MixtureOptions = TRAINING,
    record_every: Annotated[
        str | None, _number("steps between two records of the statistics; a recorded run makes all its steps")
    ] = None,
    checkpoint: Annotated[
        str | None,
        Parameter(
            help="take finished runs from this file where it exists, and write them to it, on Ctrl-C too; more "
            "--replicas may be asked for later",
            metavar="FILE",
        ),
    ] = None,
    figure: Annotated[
        str | None,
        Parameter(
            help="draw the overlaps of the first runs over the gradient flow from their starts (needs --record-every)",
            metavar="FILE",
        ),
    ] = None,
    quiet: Annotated[bool, Parameter(negative="", help="show no progress bar")] = False,
    output: OutputOptions = OUTPUT,
) -> None:
    """Train two-component mixtures by stochastic gradients and count the runs that collapse."""
    problem: dict[str, Any] = {"target": target.build(), "schedule": schedule.build(), "init": init.build()}
    keywords = training.build()
    if record_every is not None:
        keywords["record_every"] = whole(record_every, "record_every")
    require_distinct(out=output.out, checkpoint=checkpoint, figure=figure)
    draw = drawing(figure)
    if draw is not None and record_every is None:
        from anneal_theory.errors import DomainError

        raise DomainError.of("record_every", "given with --figure", None, "every 10 steps is fine enough to draw")
    from anneal_theory.compare import interval
    from anneal_theory.training.mixture import train_mixture as train

    shown = sys.stderr.isatty() and not quiet
    found = train(**problem, **dynamics.keywords, **keywords, checkpoint=checkpoint, progress=shown)
    if draw is not None:
        draw(_overlay(found, problem, dynamics.keywords))
    undecided = found.replicas - found.decided
    low, high = interval(found.count, found.replicas, 1 - FALSE_ALARM, undecided)
    settings = problem | {"dynamics": dynamics.build()} | keywords
    result = found.to_dict() | {"fraction": found.fraction, "interval": [low, high], "false_alarm": FALSE_ALARM}
    share = f"{found.count} of {found.decided} {'decided ' if undecided else ''}runs = {found.fraction:.4f}"
    lines = [
        f"collapsed: {share}" if found.decided else "no run was decided",
        *([f"undecided (diverged, or not settled): {undecided} of {found.replicas}"] if undecided else []),
        f"exact interval at false-alarm rate {FALSE_ALARM:g}: [{low:.4f}, {high:.4f}]",
        *(f"  {name}: {value}" for name, value in settings.items()),
    ]
    emit(output, "train-mixture", settings, result, "\n".join(lines))


def _overlay(found: "Outcomes", problem: dict[str, Any], dynamics: dict[str, Any]) -> "Figure":
    from anneal_theory.compare import flows_beside
    from anneal_theory.plots import training_figure

    target, schedule = problem["target"], problem["schedule"]
    flows = flows_beside(found, target, schedule, **dynamics)
    return training_figure(found, flows, target.separation, "Training over the flow from its starts")
