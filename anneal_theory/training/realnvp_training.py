"""RealNVP flows trained on the bimodal target, from one call."""

import gc
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple, Unpack

import numpy as np
import torch

from anneal_theory._types import BoolArray, FloatArray
from anneal_theory.errors import DomainError
from anneal_theory.problem import BimodalTarget
from anneal_theory.quantities.arguments import MOST_NUMBERS
from anneal_theory.quantities.doors import checked
from anneal_theory.quantities.keywords import keywords_for
from anneal_theory.results import Outcomes
from anneal_theory.schedules import Schedule
from anneal_theory.sealed import refused
from anneal_theory.training import realnvp_outcome as outcome
from anneal_theory.training.adaptive import AdaAnn, ConstantESS
from anneal_theory.training.annealed import AnnealedRun
from anneal_theory.training.checkpoint import read_checkpoint, steps_between
from anneal_theory.training.devices import checked_device, one_thread, own_settings
from anneal_theory.training.fates import DECIDED, DIVERGED, require_decided
from anneal_theory.training.flow_memory import bytes_of_a_flow, groups
from anneal_theory.training.noise import Noise
from anneal_theory.training.realnvp import RealNVP
from anneal_theory.training.realnvp_measures import (
    CHUNK,
    final_statistics,
    half_directions,
    initial_statistics,
    record_of,
)
from anneal_theory.training.rules import FlowShape, FlowVerdict, RealNVPOptions, TrainingRules, steps_for
from anneal_theory.training.run_state import require_tensors
from anneal_theory.training.stops import TrainingInterrupted

_RECORDED = 11  # numbers of a record and replica


@checked(schedule="rule")
@own_settings()
def train_realnvp(
    target: BimodalTarget,
    schedule: Schedule | AdaAnn | ConstantESS,
    *,
    dim: int = 16,
    replicas: int = 8,
    seed: int = 0,
    mode_direction: str = "first-axis",
    halves: str = "label",
    compiled: bool = False,
    checkpoint: str | Path | None = None,
    checkpoint_every: int | None = None,
    progress: bool = False,
    **options: Unpack[RealNVPOptions],
) -> Outcomes:
    """Train RealNVP flows by annealed reverse KL, replicas as one batch, and tell which lost a mode.

    Replicas that memory does not hold at once (2 GB on a processor, what is free on a GPU) are trained in groups, one
    after the other, to the same numbers but for rounding. Each group has a checkpoint of its own then, `flows.0-2`
    beside `flows` for replicas 0 to 2; a file that is there already is of all of them, and goes on as one batch.

    Args:
        target: The target.
        schedule: A schedule, with time in optimiser steps unless ``clock="flow"``, or an adaptive rule.
        dim: d >= 2.
        replicas: Number of flows, each with weights and noise of its own.
        seed: Replica r of any run with this seed starts and draws alike, however many replicas there are.
        mode_direction: Where mu* points, "first-axis", "diagonal" (all coordinates equal) or "random" (a uniform
            direction for each replica, kept in ``settings["mode_axes"]``); a RealNVP is not invariant under rotations
            and splits far more easily along the diagonal.
        halves: Of which halves of the base the history has the means m1 to s22. "label": along the direction in which
            the samples' overlap with mu* grows most, found anew in each record. "fixed": along a uniform direction, one
            for each replica. "shifts": those, and means of how far samples are from their base points in the place of
            the samples, as the two means of a mixture are; `calibrate_flow` reads them best.
        compiled: Use torch.compile (needs a C++ compiler; about a minute once).
        checkpoint: File to continue from where it exists, and to write to; `load_flow` reads its flows. It may
            be of a run of fewer steps, unless the learning rate falls.
        checkpoint_every: Steps between two checkpoints, 1000 unless given; the last step, and where Ctrl-C stops it,
            have one in any case. Left out without a checkpoint.
        progress: Show a bar on the standard error.
        **options: Arguments of `TrainingRules` (steps, batch_size, step_size, objective, clock ...), of `FlowShape`
            (couplings, hidden ...) and of `FlowVerdict` (verdict, lost_share ...). Without steps: 3000, or as
            many as the schedule takes to reach highest_final_temperature. The overlaps at the start are measured and
            kept in ``statistics["initial_m1"]`` and so on, their mean and standard deviation in ``settings``.

    Returns:
        Verdicts, mode weights, final and initial statistics, settings, and the history (with the overlaps m1, m2, s11,
        s12, s22 of the means of the samples from both halves of the base, see `half_statistics`).

    Raises:
        DomainError: an argument lies outside its domain; the schedule ends too hot; the checkpoint is not of this run.
        TrainingStopped: a loss is NaN or infinite.
        SolveError: more flows are undecided than may be.
        TrainingInterrupted: Ctrl-C (a KeyboardInterrupt); the checkpoint is of the step reached.

    Source:
        theory sections 1 and 10 (the setting and what flows are seen to do).

    Example:
        >>> from anneal_theory.schedules import Constant
        >>> settings = dict(dim=2, replicas=2, steps=20, couplings=2, hidden=(8,), most_undecided=1)
        >>> found = train_realnvp(BimodalTarget(3, 0.8), Constant(1), **settings)
        >>> found.replicas, sorted(found.history)[:4], found.history["step"][:, 0].tolist()
        (2, ['ess', 'loss', 'm1', 'm2'], [0.0, 20.0])
    """
    noise, rules = Noise(seed, replicas), keywords_for(TrainingRules, options)
    shape, verdict = FlowShape(**keywords_for(FlowShape, options)), FlowVerdict(**keywords_for(FlowVerdict, options))
    chosen = TrainingRules(**({"steps": steps_for(schedule, rules)} | rules))
    steps_between(checkpoint, checkpoint_every)  # refuses before the work
    _require_records(replicas, chosen.steps // chosen.record_every)
    each = bytes_of_a_flow(dim, shape, chosen, verdict.evaluation_samples)
    goes_on = checkpoint is not None and Path(checkpoint).exists()
    together = [noise] if goes_on else groups(noise, each, checked_device(shape.device))
    most_samples = max(chosen.batch_size, chosen.record_samples, verdict.evaluation_samples, CHUNK)
    _require_room(dim, together[0].replicas, shape, most_samples)
    setting = _Setting(target, schedule, dim, mode_direction, halves, compiled, options, shape, verdict, chosen)
    keep: dict[str, Any] = {"checkpoint_every": checkpoint_every, "progress": progress}
    trained = []
    for part in together:
        trained.append(_train(setting, part, _checkpoint_of(part, checkpoint, len(together)), **keep))
        if len(together) > 1:
            gc.collect()  # flows point at themselves, and the next ones need their memory
    start, history, final = (
        {name: np.concatenate([rows[name] for rows in parts], axis=-1) for name in parts[0]}
        for parts in ([getattr(run, of) for run in trained] for of in ("start", "history", "final"))
    )
    fates = outcome.flow_fates(final, history, target)
    require_decided(fates, verdict.most_undecided, chosen.step_size, f"use steps={2 * chosen.steps} or more")
    settings = trained[0].settings | {"noise": vars(noise), "device": shape.device}
    if mode_direction == "random":
        settings["mode_axes"] = [row for run in trained for row in run.axes]
    outcomes = _outcomes(target, verdict, fates != DECIDED, start, final, history, settings)
    return replace(outcomes, diverged=fates == DIVERGED)


def _checkpoint_of(part: Noise, checkpoint: str | Path | None, count: int) -> str | Path | None:
    """The file of one of several groups: that of all of them, with its replicas."""
    alone = checkpoint is None or count == 1
    return checkpoint if alone else f"{checkpoint}.{part.first}-{part.first + part.replicas - 1}"


class _Setting(NamedTuple):
    """What a training is, but for its replicas."""

    target: BimodalTarget
    schedule: Schedule | AdaAnn | ConstantESS
    dim: int
    mode_direction: str
    halves: str
    compiled: bool
    options: RealNVPOptions
    shape: FlowShape
    verdict: FlowVerdict
    rules: TrainingRules


class _Trained(NamedTuple):
    """What was measured of flows that were trained together: before, on the way and after, and their axes of mu*."""

    start: dict[str, FloatArray]
    history: dict[str, FloatArray]
    final: dict[str, FloatArray]
    axes: list[list[float]]
    settings: dict[str, object]


def _train(setting: _Setting, noise: Noise, checkpoint: str | Path | None, **shown: Any) -> _Trained:
    """Train flows as one batch, and measure them."""
    target, verdict, steps = setting.target, setting.verdict, setting.rules.steps
    flow = RealNVP(setting.dim, noise, **keywords_for(FlowShape, setting.options))
    axis = outcome.mode_axis(setting.mode_direction, noise, setting.dim, flow.weights)
    way = None if setting.halves == "label" else half_directions(noise, setting.dim, flow.weights)
    if setting.compiled:
        flow.compile_forward()

    def log_density(samples: torch.Tensor) -> torch.Tensor:
        return outcome.target_log_density(target, samples, axis)

    def observe(base: torch.Tensor | None, samples: torch.Tensor) -> dict[str, FloatArray]:
        record = record_of(base, samples, target, axis)
        if way is None or base is None:
            return record
        moved = samples - base if setting.halves == "shifts" else samples
        return record | outcome.half_statistics(base, moved, target.separation, way, axis)

    label = {"target": repr(target), "mode_direction": setting.mode_direction}
    if way is not None:
        label["halves"] = setting.halves
    run = AnnealedRun(flow, log_density, setting.schedule, setting.rules, noise, observe, label)
    try:
        with one_thread():
            start = initial_statistics(flow, noise, target, verdict.evaluation_samples, axis)
            history = run.run(checkpoint=checkpoint, **shown)
            final = final_statistics(flow, noise, target, steps, verdict.evaluation_samples, axis)
    except TrainingInterrupted:
        raise
    except KeyboardInterrupt as interruption:  # while the flows were measured, before or after their steps
        raise _interrupted(run, checkpoint) from interruption
    if broken := [name for name, values in final.items() if not np.all(np.isfinite(values))]:
        bad = np.flatnonzero(~np.isfinite(np.stack([final[name] for name in broken])).all(axis=0))
        raise run.stopped(bad)
    axes = outcome.numbers(axis).tolist() if setting.mode_direction == "random" and axis is not None else []
    return _Trained(start, history, final, axes, run.settings)


def _outcomes(
    target: BimodalTarget, verdict: FlowVerdict, undecided: BoolArray, start: dict[str, FloatArray],
    final: dict[str, FloatArray], history: dict[str, FloatArray], settings: dict[str, object],
) -> Outcomes:  # fmt: skip
    """Verdicts and statistics of flows that have been trained and measured."""
    settings |= {"verdict": verdict.verdict, "lost_share": verdict.cut}
    settings["evaluation_samples"] = verdict.evaluation_samples
    spread = {
        name: {"mean": float(overlaps.mean()), "standard_deviation": float(overlaps.std())}
        for name, overlaps in start.items()
    }
    settings["initial_overlaps"] = spread
    weights = final["mode_weight"]
    statistics = {name: final[name] for name in final if name not in ("mode_weight", "distance")}
    statistics |= {f"initial_{name}": values for name, values in start.items()}
    statistics["final_temperature"] = history["temperature"][-1]
    statistics["mode_weight_error"] = outcome.mode_weight_error(weights, target)
    by_spread = verdict.verdict == "spread"
    judge = outcome.spread_verdict if by_spread else outcome.collapse_verdict
    verdicts = judge(final["spread"] if by_spread else weights, target, verdict.cut) & ~undecided
    return Outcomes(verdicts, weights, statistics, settings, history, undecided)


def _interrupted(run: AnnealedRun, checkpoint: str | Path | None) -> TrainingInterrupted:
    kept = None if checkpoint is None or not Path(checkpoint).exists() else Path(checkpoint)
    message = f"interrupted while the flows were measured, at step {run.step} of {run.rules.steps}; "
    message += "nothing is kept" if kept is None else f"the same call goes on from the checkpoint {kept}"
    return TrainingInterrupted(message, run.step, 1 / run.beta, run.history, kept)


@checked
@own_settings()
def load_flow(checkpoint: str | Path, device: str = "cpu") -> RealNVP:
    """The flows of a checkpoint of `train_realnvp`, to sample from or to evaluate.

    Args:
        checkpoint: The file.
        device: Name of a torch device.

    Raises:
        DomainError: the file cannot be read, is damaged, or is not of a RealNVP.

    Example:
        >>> import tempfile
        >>> from anneal_theory.schedules import Constant
        >>> settings = dict(dim=2, replicas=2, steps=5, couplings=2, hidden=(8,), most_undecided=1)
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     _ = train_realnvp(BimodalTarget(3, 0.8), Constant(1), **settings, checkpoint=f"{folder}/flows")
        ...     flow = load_flow(f"{folder}/flows")
        >>> samples, log_det = flow(torch.randn(2, 100, 2))
        >>> tuple(samples.shape), tuple(flow.log_prob(samples).shape)
        ((2, 100, 2), (2, 100))
    """
    settings, state = read_checkpoint(checkpoint)
    try:
        shape, noise = dict(settings["flow"]), Noise(**settings["noise"])
        kind, dim = shape.pop("kind"), shape.pop("dim")
        if kind == "realnvp":
            _require_room(dim, noise.replicas, FlowShape(**shape), 1)
            flow = RealNVP(dim, noise, **shape)
    except (KeyError, TypeError, ValueError) as error:
        raise refused(checkpoint, f"of a flow that can be made ({type(error).__name__}: {error})") from error
    if kind != "realnvp":
        raise refused(checkpoint, "of flows that train_realnvp trained (make others yourself, and give them the state)")
    require_tensors(checkpoint, state.get("flow"), dict(flow.state_dict()))
    flow.load_state_dict(state["flow"])
    return flow.to(checked_device(device))


def _require_room(dim: int, replicas: int, shape: FlowShape, samples: int) -> None:
    """Refuse flows whose samples or weights do not fit in memory together."""
    widths = [dim // 2, *shape.hidden, dim]
    networks = shape.couplings * (2 if shape.networks == "separate" else 1)
    numbers = replicas * max(samples * dim, networks * sum(a * b for a, b in pairwise(widths)))
    if numbers > MOST_NUMBERS:
        what = f"small enough for at most {MOST_NUMBERS:.3g} weights, and as many numbers of a batch"
        raise DomainError.of("dim", what, dim, "use fewer replicas, couplings or samples")


def _require_records(replicas: int, records: int) -> None:
    """Refuse flows whose records do not fit in memory, however few are trained together."""
    most = MOST_NUMBERS // _RECORDED
    if replicas > most:
        raise DomainError.of(
            "replicas", f"at most {most}, for a record of each to fit in memory", replicas, "use fewer"
        )
    if replicas * records > most:
        what = f"large enough for at most {most // replicas} records"
        raise DomainError.of("record_every", what, f"{records} records", "record more rarely")
