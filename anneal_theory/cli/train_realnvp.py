"""`anneal-theory train-realnvp`: RealNVP flows trained by annealed reverse KL, and which of them lose a mode."""

import dataclasses
import sys
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Group, Parameter

from anneal_theory.cli.baselines import flow_table, table_text
from anneal_theory.cli.options import (
    OUTPUT,
    SCHEDULE,
    TARGET,
    OutputOptions,
    ScheduleOptions,
    TargetOptions,
    letter,
    require_distinct,
    whole,
)
from anneal_theory.cli.output import drawing, emit
from anneal_theory.storage import require_writable

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from anneal_theory._types import FloatArray
    from anneal_theory.problem import BimodalTarget
    from anneal_theory.results import Outcomes
    from anneal_theory.training.stops import TrainingInterrupted, TrainingStopped

_DECAY = "300"


def _number(text: str) -> Parameter:
    return Parameter(help=text, metavar="NUMBER", allow_leading_hyphen=True)


@Parameter(name="*", group=Group("Training", sort_key=4))
@dataclasses.dataclass(frozen=True, kw_only=True)
class TrainingOptions:
    """How the flows are trained."""

    replicas: Annotated[str, _number("number of flows, trained as one batch")] = "8"
    seed: Annotated[str, letter("seed")] = "0"
    steps: Annotated[str | None, _number("optimiser steps; 3000, or until the temperature is 1.15, unless given")] = (
        None
    )
    batch_size: Annotated[str, _number("samples a flow and step, at least 2")] = "256"
    step_size: Annotated[str, _number("learning rate, positive")] = "0.001"
    final_step_size: Annotated[str | None, _number("learning rate of the last step; constant unless given")] = None
    falling_share: Annotated[str, _number("share of the steps, the last ones, over which the learning rate falls")] = (
        "1"
    )
    optimiser: Annotated[str, Parameter(help="optimiser", choices=("adam", "sgd"))] = "adam"
    clock: Annotated[
        str, Parameter(help="time of the schedule: optimiser steps or gradient flow", choices=("steps", "flow"))
    ] = "steps"
    objective: Annotated[str, letter("objective")] = "tempered-target"
    gradient_limit: Annotated[str | None, _number("largest norm of a flow's gradient; none unless given")] = None
    highest_final_temperature: Annotated[str, _number("largest temperature of the last step")] = "1.15"
    record_every: Annotated[str, _number("steps between two records of the history")] = "100"
    record_samples: Annotated[str, _number("samples a flow that a record is measured on")] = "1000"
    most_undecided: Annotated[
        str, _number("share of the flows that may end undecided (diverged or not settled); one always may")
    ] = "0.01"

    def build(self) -> dict[str, Any]:
        """Keywords of `train_realnvp`."""
        from anneal_theory.exact import exact

        words: dict[str, Any] = {name: getattr(self, name) for name in ("optimiser", "clock", "objective")}
        integers = ("replicas", "seed", "steps", "batch_size", "record_every", "record_samples")
        reals = ["step_size", "final_step_size", "falling_share", "gradient_limit", "highest_final_temperature"]
        reals.append("most_undecided")
        given = {name: getattr(self, name) for name in (*integers, *reals) if getattr(self, name) is not None}
        words |= {name: whole(text, name) for name, text in given.items() if name in integers}
        return words | {name: float(exact(text, name)) for name, text in given.items() if name in reals}


@Parameter(name="*", group=Group("Flow", sort_key=5))
@dataclasses.dataclass(frozen=True, kw_only=True)
class FlowOptions:
    """The RealNVP flow."""

    couplings: Annotated[str, _number("affine couplings")] = "6"
    hidden: Annotated[str, Parameter(help="widths of the hidden layers", metavar="N,N")] = "64,64"
    perturbation: Annotated[str, _number("distance from the identity at the start")] = "0.3"
    dtype: Annotated[str, Parameter(help="precision", choices=("float32", "float64"))] = "float32"
    device: Annotated[str, Parameter(help="torch device")] = "cpu"
    mode_direction: Annotated[
        str, Parameter(help="direction of mu*; flows are not rotation invariant", choices=("first-axis", "diagonal"))
    ] = "first-axis"
    compiled: Annotated[
        bool, Parameter(negative="", help="use torch.compile: a minute once, then 2.4 times faster")
    ] = False

    def build(self) -> dict[str, Any]:
        """Keywords of `train_realnvp`."""
        from anneal_theory.exact import exact

        return {
            "couplings": whole(self.couplings, "couplings"),
            "hidden": tuple(whole(width, "hidden") for width in self.hidden.split(",")),
            "perturbation": float(exact(self.perturbation, "perturbation")),
            "dtype": self.dtype,
            "device": self.device,
            "mode_direction": self.mode_direction,
            "compiled": self.compiled,
        }


TRAINING, FLOW = TrainingOptions(), FlowOptions()


def train_realnvp(
    *,
    target: TargetOptions = TARGET,
    schedule: ScheduleOptions = SCHEDULE,
    dim: Annotated[str, letter("dim")] = "16",
    training: TrainingOptions = TRAINING,
    flow: FlowOptions = FLOW,
    unannealed: Annotated[
        bool, Parameter(negative="", help="train the same flows at T = 1 throughout as well, for 3000 steps at most")
    ] = False,
    baselines: Annotated[
        bool,
        Parameter(
            negative="",
            help="compare ways to anneal instead, at the same steps: none, linear beta, two adaptive rules, and the "
            "schedule that the theory chooses in the flow's own clock",
        ),
    ] = False,
    checkpoint: Annotated[
        str | None, Parameter(help="continue from this file where it exists, and write to it", metavar="FILE")
    ] = None,
    checkpoint_every: Annotated[
        str | None,
        _number("steps between two checkpoints, 1000 unless given; the end and Ctrl-C make one anyway"),
    ] = None,
    figure: Annotated[
        str | None,
        Parameter(help="draw the mode weights over time into this file (.svg, .png or .pdf)", metavar="FILE"),
    ] = None,
    output: OutputOptions = OUTPUT,
) -> None:
    """Train RealNVP flows by annealed reverse KL and tell which of them lose a mode.

    Times of the schedule are optimiser steps; the decay time is 300 of them unless given.
    """
    train = _trainer()
    problem, keywords = target.build(), {"dim": whole(dim, "dim")} | training.build() | flow.build()
    shown: dict[str, Any] = {"progress": sys.stderr.isatty()}
    if baselines:
        _refuse(unannealed=unannealed, checkpoint=checkpoint, checkpoint_every=checkpoint_every, figure=figure)
        table = flow_table({"target": problem} | keywords | shown, schedule)
        emit(output, "train-realnvp", {"target": problem} | keywords, {"baselines": table}, table_text(table))
        return
    require_distinct(out=output.out, checkpoint=checkpoint, figure=figure)
    draw = drawing(figure)
    require_writable(checkpoint, "checkpoint")
    if checkpoint_every is not None:
        shown["checkpoint_every"] = whole(checkpoint_every, "checkpoint_every")
    if schedule.decay_time is None and schedule.schedule.startswith("exponential"):
        schedule = schedule.but(decay_time=_DECAY)
    cooling = schedule.build()
    arms = {"annealed": (cooling, keywords, checkpoint)}
    if unannealed:
        from anneal_theory.schedules import Constant

        short = keywords | {"steps": min(3000, keywords.get("steps", 3000))}
        arms["unannealed"] = Constant(1), short, None if checkpoint is None else f"{checkpoint}.unannealed"
    settings = {"target": problem, "schedule": cooling} | keywords
    found: dict[str, Outcomes] = {}
    try:
        for name, (temperatures, words, file) in arms.items():
            found[name] = train(problem, temperatures, **words, **shown, checkpoint=file)
    except _stopped() as stopped:
        kept = {name: one.to_dict() for name, one in found.items()} | {"stopped": _what_is_kept(name, stopped)}
        emit(output, "train-realnvp", settings, kept, _describe_history(name, stopped.history))
        raise
    if draw is not None:
        draw(_curves(found, problem))
    text = "\n\n".join(_describe(name, one) for name, one in found.items())
    emit(output, "train-realnvp", settings, {name: one.to_dict() for name, one in found.items()}, text)


def _stopped() -> Any:
    from anneal_theory.training.stops import TrainingInterrupted, TrainingStopped

    return TrainingStopped, TrainingInterrupted


def _what_is_kept(arm: str, stopped: "TrainingStopped | TrainingInterrupted") -> dict[str, Any]:
    """A training that ended before its time, as plain data."""
    checkpoint = None if stopped.checkpoint is None else str(stopped.checkpoint)
    places = {"arm": arm, "step": stopped.step, "temperature": stopped.temperature, "checkpoint": checkpoint}
    return places | {"message": str(stopped), "history": stopped.history}


def _describe_history(arm: str, history: "dict[str, FloatArray]") -> str:
    """What was recorded until the end, mean values over the flows."""
    rows = [f"{arm}, recorded until it stopped (means over the flows)", "   step  temperature         loss  weight"]
    for place in range(len(history.get("step", ()))):
        step, heat, loss, weight = (
            float(history[name][place].mean()) for name in ("step", "temperature", "loss", "mode_weight")
        )
        rows.append(f"{step:7.0f}  {heat:11.5g}  {loss:11.5g}  {weight:.4f}")
    return "\n".join(rows)


def _refuse(**given: Any) -> None:
    from anneal_theory.errors import DomainError

    for name, value in given.items():
        if value:
            raise DomainError.of(name, "left out with --baselines", value, "it belongs to the training of one schedule")


def _trainer() -> Any:
    try:
        import torch  # noqa: F401  # to tell its absence from an error of our own
    except ModuleNotFoundError as error:
        from anneal_theory.errors import DomainError

        requirement = 'installed; run `pip install "anneal-theory[train]"`'
        raise DomainError(f"torch must be {requirement}.") from error
    from anneal_theory.training.realnvp_training import train_realnvp as train

    return train


def _curves(found: "dict[str, Outcomes]", target: "BimodalTarget") -> "Figure":
    """The mode weights over time."""
    from anneal_theory.report.realnvp import weight_figure

    arms = {
        f"{name}: {one.count} of {one.replicas} collapsed": (one.history["step"][:, 0], one.history["mode_weight"].T)
        for name, one in found.items()
    }
    return weight_figure(arms, target.weight, "Share of samples at the heavier mode")


def _describe(name: str, found: "Outcomes") -> str:
    """One line a flow, and the mode weight over time."""
    undecided = found.replicas - found.decided
    more = f", {undecided} undecided" if undecided else ""
    rows = [f"{name}: {found.count} of {found.replicas} flows collapsed{more}", "replica  verdict    weight  over time"]
    curves = found.history["mode_weight"]
    places = [round(place * (len(curves) - 1) / 7) for place in range(8)]
    for replica, (collapsed, weight) in enumerate(zip(found.collapsed, found.mode_weight, strict=True)):
        verdict = "undecided" if found.undecided[replica] else "collapsed" if collapsed else "split"
        curve = " ".join(f"{curves[place, replica]:.2f}" for place in places)
        rows.append(f"{replica:7d}  {verdict:9s}  {weight:.4f}  {curve}")
    steps = " ".join(f"{found.history['step'][place, 0]:.0f}" for place in places)
    return "\n".join([*rows, f"  steps of the columns: {steps}"])
