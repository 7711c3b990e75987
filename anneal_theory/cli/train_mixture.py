"""`anneal-theory train-mixture`: stochastic training of two-component mixtures, and how many collapse."""

import sys
from typing import TYPE_CHECKING, Annotated, Any

from anneal_theory.cli.intervals import interval_text, usual_interval
from anneal_theory.cli.models import MODEL, ModelGroup
from anneal_theory.cli.option_fields import OptionGroup, file, headed, letter, of_rules, typed_integer
from anneal_theory.cli.options import INIT, OUTPUT, SCHEDULE, TARGET, InitGroup, OutputGroup, Quiet, TargetGroup
from anneal_theory.cli.output import drawing, emit
from anneal_theory.cli.refusals import require_distinct
from anneal_theory.cli.schedule_options import ScheduleGroup
from anneal_theory.training.mixture_rules import MixtureRules

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from anneal_theory.results import Outcomes

FALSE_ALARM = 1e-9  # of the printed interval
_NOTES = {
    "batch_size": "1000 unless given, none on the route exact",
    "gradient": "plain unless given, none on the route exact",
    "end_time": "200 after T is 1.01 unless given",
    "most_undecided": "one always may",
}


@headed("Training", 4, *of_rules(MixtureRules, left_out=("stop_at_rest", "record_every")), _NOTES)
class MixtureTraining(OptionGroup):
    """How the mixtures are trained: the fields of `MixtureRules`."""


TRAINING = MixtureTraining()


_CHECKPOINT = (
    "take finished runs from this file where it exists, and write them to it, on Ctrl-C too; more --replicas may be "
    "asked for later"
)
_FIGURE = "draw the overlaps of the first runs over the gradient flow from their starts (needs --record-every)"


def train_mixture(
    *,
    target: TargetGroup = TARGET,
    schedule: ScheduleGroup = SCHEDULE,
    init: InitGroup = INIT,
    dynamics: ModelGroup = MODEL,
    training: MixtureTraining = TRAINING,
    record_every: Annotated[str | None, letter("record_every", "a recorded run makes all its steps")] = None,
    checkpoint: Annotated[str | None, file(_CHECKPOINT)] = None,
    figure: Annotated[str | None, file(_FIGURE)] = None,
    quiet: Quiet = False,
    output: OutputGroup = OUTPUT,
) -> None:
    """Train two-component mixtures by stochastic gradients and count the runs that collapse."""
    problem: dict[str, Any] = {"target": target.build(), "schedule": schedule.build(), "init": dynamics.law(init)}
    keywords = training.keywords
    if record_every is not None:
        keywords["record_every"] = typed_integer(record_every, "record_every")
    require_distinct(out=output.out, checkpoint=checkpoint, figure=figure)
    draw = drawing(figure)
    if draw is not None and record_every is None:
        from anneal_theory.errors import DomainError

        raise DomainError.of("record_every", "given with --figure", None, "every 10 steps is fine enough to draw")
    from anneal_theory.compare import interval
    from anneal_theory.training.mixture import train_mixture as train

    shown = sys.stderr.isatty() and not quiet
    outcomes = train(**problem, **dynamics.arguments, **keywords, checkpoint=checkpoint, progress=shown)
    if draw is not None:
        draw(_overlay(outcomes, problem, dynamics.arguments))
    undecided = outcomes.replicas - outcomes.decided
    strict = interval(outcomes.count, outcomes.replicas, 1 - FALSE_ALARM, undecided)
    usual = usual_interval(outcomes.count, outcomes.replicas, undecided)
    settings = problem | {"dynamics": dynamics.build()} | keywords
    result = outcomes.to_dict() | {"fraction": outcomes.fraction, "interval": strict, "false_alarm": FALSE_ALARM}
    result["interval_95"] = usual
    share = f"{outcomes.count} of {outcomes.decided} {'decided ' if undecided else ''}runs = {outcomes.fraction:.4f}"
    lines = [
        f"collapsed: {share}" if outcomes.decided else "no run was decided",
        *([f"undecided (diverged, or not settled): {undecided} of {outcomes.replicas}"] if undecided else []),
        f"exact 95 % interval: {interval_text(usual)}; at false-alarm rate {FALSE_ALARM:g}: {interval_text(strict)}",
        *(f"  {name}: {value}" for name, value in settings.items()),
    ]
    emit(output, "train-mixture", settings, result, "\n".join(lines))


def _overlay(outcomes: "Outcomes", problem: dict[str, Any], dynamics: dict[str, Any]) -> "Figure":
    from anneal_theory.compare import flows_beside
    from anneal_theory.plots import training_figure
    from anneal_theory.problem import Dynamics

    target, schedule = problem["target"], problem["schedule"]
    by_law = {"dim": problem["init"].dim} if Dynamics(**dynamics).takes_dim else {}
    flows = flows_beside(outcomes, target, schedule, **dynamics, **by_law)
    return training_figure(outcomes, flows, target.separation, "Training over the flow from its starts")
