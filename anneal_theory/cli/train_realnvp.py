"""`anneal-theory train-realnvp`: RealNVP flows trained by annealed reverse KL, and which of them lose a mode."""

import sys
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter

from anneal_theory.cli.baselines import flow_table, table_text
from anneal_theory.cli.interruption import ENDING, going_on
from anneal_theory.cli.intervals import interval_text, usual_interval
from anneal_theory.cli.option_fields import Default, OptionGroup, file, flag, headed, letter, of_rules, typed_integer
from anneal_theory.cli.options import OUTPUT, SCHEDULE, TARGET, OutputGroup, Quiet, TargetGroup
from anneal_theory.cli.output import drawing, emit
from anneal_theory.cli.refusals import require_distinct, require_left_out
from anneal_theory.cli.schedule_options import FLOW_DECAY, ScheduleGroup
from anneal_theory.exact import exact
from anneal_theory.extras import require
from anneal_theory.quantities import QUANTITIES
from anneal_theory.storage import require_writable
from anneal_theory.training.rules import FlowShape, FlowVerdict, TrainingRules

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from anneal_theory._types import FloatArray
    from anneal_theory.problem import BimodalTarget
    from anneal_theory.results import Outcomes
    from anneal_theory.schedules import Schedule
    from anneal_theory.training.stops import TrainingInterrupted, TrainingStopped

_RULES, _QUANTITIES = of_rules(TrainingRules)
_VERDICT, _ = of_rules(FlowVerdict)
_SHAPE, _FORMS = of_rules(FlowShape)


@headed(
    "Training", 4, {"replicas": "8", "seed": "0", **_RULES, **_VERDICT, "steps": None},
    QUANTITIES | _QUANTITIES,
    {
        "steps": "3000, or until the temperature is 1.15, unless given",
        "final_step_size": "constant unless given",
        "gradient_limit": "none unless given",
        "most_undecided": "one always may",
        "lost_share": "0.5 of its weight, 0.375 of the spread unless given",
    },
)  # fmt: skip
class FlowTraining(OptionGroup):
    """How the flows are trained and judged: the fields of `TrainingRules` and `FlowVerdict`."""


@headed(
    "Flow", 5, {**_SHAPE, "log_scale_bound": None, "mode_direction": "first-axis", "compiled": False},
    QUANTITIES | _FORMS,
    {
        "hidden": "comma-separated",
        "log_scale_bound": "log 1000 unless given",
        "mode_direction": "flows are not rotation invariant",
        "compiled": "a minute once, then 2.4 times faster",
    },
)  # fmt: skip
class FlowGroup(OptionGroup):
    """The RealNVP flow: the fields of `FlowShape`."""


TRAINING, FLOW = FlowTraining(), FlowGroup()


_RECIPE = (
    "train as the paper does (128 dimensions, random direction, its flow, its verdict); other options that are given "
    "change it"
)
_ANNEALING = "with --recipe; 2000 unless given, and 100 at T = 1 after them"
_UNANNEALED = "train the same flows at T = 1 throughout as well, for 3000 steps at most"
_BASELINES = (
    "compare ways to anneal instead, at the same steps: none, linear beta, two adaptive rules, and the schedule that "
    "the theory chooses in the flow's own clock"
)
_EVERY = "1000 unless given; the end and Ctrl-C make one anyway"


def train_realnvp(
    *,
    target: TargetGroup = TARGET,
    schedule: ScheduleGroup = SCHEDULE,
    dim: Annotated[str, letter("dim")] = Default("16"),
    training: FlowTraining = TRAINING,
    flow: FlowGroup = FLOW,
    recipe: Annotated[str | None, Parameter(help=_RECIPE, choices=("paper",))] = None,
    annealing_steps: Annotated[str | None, letter("annealing_steps", _ANNEALING)] = None,
    unannealed: Annotated[bool, flag(_UNANNEALED)] = False,
    baselines: Annotated[bool, flag(_BASELINES)] = False,
    checkpoint: Annotated[str | None, file("continue from this file where it exists, and write to it")] = None,
    checkpoint_every: Annotated[str | None, letter("checkpoint_every", _EVERY)] = None,
    figure: Annotated[str | None, file("draw the mode weights over time into this file (.svg, .png or .pdf)")] = None,
    quiet: Quiet = False,
    output: OutputGroup = OUTPUT,
) -> None:
    """Train RealNVP flows by annealed reverse KL and tell which of them lose a mode.

    Times of the schedule are optimiser steps; the decay time is 300 of them unless given.
    """
    train = _trainer()
    problem = target.build()
    cooling, keywords = _setting(schedule, dim, training, flow, recipe, annealing_steps)
    shown: dict[str, Any] = {"progress": sys.stderr.isatty() and not quiet}
    if baselines:
        own = {"unannealed": unannealed, "checkpoint_every": checkpoint_every, "recipe": recipe}
        why = "it belongs to the training of one schedule"
        require_left_out("with --baselines", why, **own, figure=figure)
        require_distinct(out=output.out, checkpoint=checkpoint)
        require_writable(checkpoint, "checkpoint")
        ENDING.go_on = lambda: going_on(checkpoint)
        table = flow_table({"target": problem, "checkpoint": checkpoint} | keywords | shown, schedule)
        emit(output, "train-realnvp", {"target": problem} | keywords, {"baselines": table}, table_text(table))
        return
    require_distinct(out=output.out, checkpoint=checkpoint, figure=figure)
    draw = drawing(figure)
    require_writable(checkpoint, "checkpoint")
    if checkpoint_every is not None:
        shown["checkpoint_every"] = typed_integer(checkpoint_every, "checkpoint_every")
    runs = {"annealed": (cooling, keywords, checkpoint)}
    if unannealed:
        from anneal_theory.schedules import Constant

        short = keywords | {"steps": min(3000, keywords.get("steps", 3000))}
        runs["unannealed"] = Constant(1), short, None if checkpoint is None else f"{checkpoint}.unannealed"
    settings = {"target": problem, "schedule": cooling} | keywords
    outcomes: dict[str, Outcomes] = {}
    try:
        for name, (temperatures, words, file) in runs.items():
            outcomes[name] = train(problem, temperatures, **words, **shown, checkpoint=file)
    except _stopped() as stopped:
        kept = {name: outcome.to_dict() for name, outcome in outcomes.items()} | {
            "stopped": _what_is_kept(name, stopped)
        }
        emit(output, "train-realnvp", settings, kept, _describe_history(name, stopped.history))
        raise
    if draw is not None:
        draw(_curves(outcomes, problem))
    text = "\n\n".join(_describe(name, outcome) for name, outcome in outcomes.items())
    emit(output, "train-realnvp", settings, {name: outcome.to_dict() for name, outcome in outcomes.items()}, text)


def _setting(
    schedule: ScheduleGroup, dim: str, training: FlowTraining, flow: FlowGroup, recipe: str | None,
    annealing_steps: str | None,
) -> "tuple[Schedule, dict[str, Any]]":  # fmt: skip
    """The schedule and the keywords of `train_realnvp`: a recipe with what was typed, or options and their defaults."""
    if recipe is None:
        require_left_out("without --recipe", "the schedule says how long it takes", annealing_steps=annealing_steps)
        return in_steps(schedule).build(), {"dim": typed_integer(dim, "dim")} | training.keywords | flow.keywords
    from anneal_theory.training.recipes import paper_recipe

    why = "the recipe has its own: --initial-temperature and --annealing-steps"
    require_left_out("with --recipe", why, **(schedule.typed | {"initial_temperature": None}))
    words: dict[str, Any] = {}
    if schedule.initial_temperature is not None:
        words["initial_temperature"] = float(exact(schedule.initial_temperature, "initial_temperature"))
    if annealing_steps is not None:
        words["annealing_steps"] = typed_integer(annealing_steps, "annealing_steps")
    keywords = paper_recipe(**words) | training.typed | flow.typed
    if not isinstance(dim, Default):
        keywords["dim"] = typed_integer(dim, "dim")
    return keywords.pop("schedule"), keywords


def in_steps(schedule: ScheduleGroup) -> ScheduleGroup:
    """The schedule of a training whose time is counted in steps: its decay time is 300 of them unless given."""
    timed = schedule.decay_time is not None or schedule.duration is not None
    return schedule if timed or not schedule.schedule.startswith("exponential") else schedule.but(decay_time=FLOW_DECAY)


def _stopped() -> Any:
    from anneal_theory.training.stops import TrainingInterrupted, TrainingStopped

    return TrainingStopped, TrainingInterrupted


def _what_is_kept(arm: str, stopped: "TrainingStopped | TrainingInterrupted") -> dict[str, object]:
    """A training that ended before its time, as plain data."""
    checkpoint = None if stopped.checkpoint is None else str(stopped.checkpoint)
    facts = {"arm": arm, "step": stopped.step, "temperature": stopped.temperature, "checkpoint": checkpoint}
    return facts | {"message": str(stopped), "history": stopped.history}


def _describe_history(arm: str, history: "dict[str, FloatArray]") -> str:
    """What was recorded until the end, mean values over the flows."""
    rows = [f"{arm}, recorded until it stopped (means over the flows)", "   step  temperature         loss  weight"]
    for record in range(len(history.get("step", ()))):
        step, temperature, loss, weight = (
            float(history[name][record].mean()) for name in ("step", "temperature", "loss", "mode_weight")
        )
        rows.append(f"{step:7.0f}  {temperature:11.5g}  {loss:11.5g}  {weight:.4f}")
    return "\n".join(rows)


def _trainer() -> Any:
    require("torch")
    from anneal_theory.training.realnvp_training import train_realnvp as train

    return train


def _curves(outcomes: "dict[str, Outcomes]", target: "BimodalTarget") -> "Figure":
    """The mode weights over time."""
    from anneal_theory.plots import weight_figure

    runs = {
        f"{name}: {outcome.count} of {outcome.replicas} collapsed": (
            outcome.history["step"][:, 0],
            outcome.history["mode_weight"].T,
        )
        for name, outcome in outcomes.items()
    }
    return weight_figure(runs, target.weight, "Share of samples at the heavier mode")


def _describe(name: str, outcomes: "Outcomes") -> str:
    """One line a flow, and the mode weight over time."""
    undecided = outcomes.replicas - outcomes.decided
    more = f", {undecided} undecided" if undecided else ""
    usual = interval_text(usual_interval(outcomes.count, outcomes.replicas, undecided))
    rows = [f"{name}: {outcomes.count} of {outcomes.replicas} flows collapsed{more}; exact 95 % interval: {usual}"]
    rows += ["replica  verdict    weight  spread  over time"]
    curves = outcomes.history["mode_weight"]
    records = [round(record * (len(curves) - 1) / 7) for record in range(8)]
    for replica, (collapsed, weight) in enumerate(zip(outcomes.collapsed, outcomes.mode_weight, strict=True)):
        verdict = "undecided" if outcomes.undecided[replica] else "collapsed" if collapsed else "split"
        curve = " ".join(f"{curves[record, replica]:.2f}" for record in records)
        spread = outcomes.statistics["spread"][replica]
        rows.append(f"{replica:7d}  {verdict:9s}  {weight:.4f}  {spread:6.3f}  {curve}")
    steps = " ".join(f"{outcomes.history['step'][record, 0]:.0f}" for record in records)
    return "\n".join([*rows, f"  steps of the columns: {steps}"])
