"""A user's own flow in the annealed loop, from one call."""

from pathlib import Path
from typing import Any, Unpack

import numpy as np
import torch
from torch import Tensor

from anneal_theory._types import FloatArray
from anneal_theory.errors import DomainError, Words
from anneal_theory.quantities.doors import checked
from anneal_theory.quantities.keywords import refuse_unused
from anneal_theory.schedules import Schedule
from anneal_theory.training.adapters import Borrowed, SeparateFlows, sampled, sampling_way
from anneal_theory.training.adaptive import AdaAnn, ConstantESS
from anneal_theory.training.annealed import AnnealedRun
from anneal_theory.training.checkpoint import steps_between
from anneal_theory.training.devices import new_tensors_of, one_thread, own_settings
from anneal_theory.training.flow_outcome import TrainedFlow, mean_and_error, weighed
from anneal_theory.training.noise import EVALUATION, Noise
from anneal_theory.training.optimisers import OF_NAMED, Making, made
from anneal_theory.training.outcome import mode_weights, reverse_ess
from anneal_theory.training.realnvp_measures import CHUNK
from anneal_theory.training.realnvp_outcome import numbers
from anneal_theory.training.rules import LoopOptions, TrainingRules, steps_for
from anneal_theory.training.user_target import UserTarget

_OWN_RATE = "an optimiser of your own has its own learning rate"


@checked(log_prob="density", schedule="rule", optimiser="flow_optimiser", modes="mode_centres")
@own_settings()
def train_flow(
    flow: Any,
    log_prob: Any,
    schedule: Schedule | AdaAnn | ConstantESS,
    *,
    optimiser: Making = "adam",
    seed: int = 0,
    modes: FloatArray | None = None,
    target_weights: FloatArray | None = None,
    lost_share: float | None = None,
    reference_samples: FloatArray | None = None,
    evaluation_samples: int = 10_000,
    checkpoint: str | Path | None = None,
    checkpoint_every: int | None = None,
    progress: bool = False,
    **options: Unpack[LoopOptions],
) -> TrainedFlow:
    """Train one flow of yours, in place, by annealed reverse KL, and tell which modes it has found.

    Args:
        flow: zuko's lazy flow, a flow of normflows, or any object with `parameters` and `rsample_and_log_prob(n)`,
            which gives samples (n, d), differentiable in the parameters, and their log-density (n,). Noise comes from
            torch's generator, which is seeded for each step and left as it was.
        log_prob: The target's log-density up to a constant: samples (n, d) to (n,), differentiable.
        schedule: A schedule, with time in optimiser steps, or an adaptive rule.
        optimiser: "adam" or "sgd" (at `step_size`); what makes an optimiser of torch from the parameters, such as
            ``torch.optim.AdamW``; or an optimiser over all parameters of the flow that can be trained. One of your own
            keeps its own learning rate. One whose step asks for the loss several times (``torch.optim.LBFGS``) is given
            that of the step's batch each time, with its gradient (scaled down to `gradient_limit`, if given).
        seed: Of the noise; the start is the flow's own.
        modes: Centres of the target's modes, shape (K, d), where they are known: the flow's mass at each is measured.
        target_weights: The modes' weights in the target, shape (K,), positive, of sum one within the rounding of single
            precision; without them those of the reference samples.
        lost_share: Share of its weight in the target below which a mode counts as lost, 0.5 unless given; without
            weights and reference samples share of 1/K, 0.1 unless given.
        reference_samples: Samples of the target, shape (n, d), where there are some: the flow, which needs `log_prob`
            for this, is scored on them.
        evaluation_samples: Samples of the flow for the final measures.
        checkpoint: File to continue from where it exists, and to write to. It may be of a run of fewer steps. That the
            flow, its optimiser and the rules are those of the run that wrote it is checked; `log_prob` cannot be.
        checkpoint_every: Steps between two checkpoints, 1000 unless given; left out without a checkpoint.
        progress: Show a bar on the standard error.
        **options: Arguments of `TrainingRules` but the optimiser (steps, batch_size, step_size, objective, clock,
            gradient_limit, record_every ...). Without steps: 3000, or as many as the schedule takes to cool down.

    Returns:
        History, effective sample size, evidence bound, mode weights and cross-entropy.

    Raises:
        DomainError: an argument lies outside its domain; the flow lacks a method (the message names it); `log_prob`
            gives another shape or is not differentiable; the optimiser trains anything but the flow; the schedule ends
            too hot; the checkpoint is not of this run.
        TrainingStopped: `log_prob`, the loss or a gradient of these is NaN or infinite (the message names which, the
            step and the temperature).
        TrainingInterrupted: Ctrl-C during the steps (a KeyboardInterrupt); the checkpoint is of the step reached.

    Source:
        theory section 1 (the objectives).

    Example:
        >>> import zuko
        >>> from anneal_theory.schedules import LinearBeta
        >>> def log_prob(x):
        ...     return torch.logaddexp(-0.5 * ((x - 3) ** 2).sum(1), -0.5 * ((x + 3) ** 2).sum(1))
        >>> made = zuko.flows.RealNVP(2, transforms=2, hidden_features=(8,))
        >>> found = train_flow(made, log_prob, LinearBeta(10, 20), steps=25, modes=[[3, 3], [-3, -3]])
        >>> found.history["step"].tolist(), found.modes.weights.shape, 0 < found.ess <= 1
        ([0.0, 25.0], (2,), True)
    """
    rules = TrainingRules(**({"steps": steps_for(schedule, dict(options))} | _rules(optimiser, options)))
    steps_between(checkpoint, checkpoint_every)  # refuses before the work
    family = _family(flow)
    centres, shares, reference = _places(family, modes, target_weights, reference_samples)
    refuse_unused({"lost_share": lost_share}, () if centres is None else ("lost_share",), _WITH_MODES)
    target = UserTarget(log_prob, family.dtype)
    own = made(optimiser, list(family.parameters()))
    run = AnnealedRun(family, target, schedule, rules, Noise(seed, 1), label={"of": "train_flow"}, own_optimiser=own)
    target.run = run
    history = run.run(checkpoint=checkpoint, checkpoint_every=checkpoint_every, progress=progress)
    with one_thread():
        ratios, counts = _measured(run, evaluation_samples, centres, checkpoint)
        scores = None if reference is None else -_scores(run, reference)
    elbo, elbo_error = mean_and_error(ratios)
    entropy, entropy_error = (None, None) if scores is None else mean_and_error(scores)
    settings = run.settings | {"evaluation_samples": evaluation_samples}
    return TrainedFlow(
        {name: values[:, 0] for name, values in history.items()},
        float(reverse_ess(ratios)), elbo, elbo_error,
        None if counts is None else weighed(counts, shares, lost_share),
        entropy, entropy_error, settings,
    )  # fmt: skip


_WITH_MODES = dict.fromkeys(("target_weights", "lost_share"), ("modes", "give the modes' centres, or leave it out"))


def _rules(optimiser: Making, options: Any) -> dict[str, Any]:
    """Arguments of `TrainingRules`; learning rates are refused beside an optimiser that has its own."""
    if isinstance(optimiser, str):
        return dict(options) | {"optimiser": optimiser}
    for name in OF_NAMED:
        if name in options:
            what = "left out with an optimiser of your own"
            raise DomainError.of(name, what, options[name], _OWN_RATE)
    return dict(options)


def _family(flow: Any) -> SeparateFlows:
    """A user's flow behind the interface of the loop, found to give differentiable samples (n, d) with log-density."""
    module = flow if isinstance(flow, torch.nn.Module) else Borrowed(flow)
    trained = [parameter for parameter in module.parameters() if parameter.requires_grad]
    if not trained:
        raise DomainError.of("flow", "with parameters that can be trained", type(flow).__name__, "requires_grad_(True)")
    dtype = trained[0].dtype
    way = sampling_way(module, "flow", dtype)
    with torch.random.fork_rng(), new_tensors_of(dtype):
        samples, log_density = sampled(module, way, 2)
    shapes = tuple(samples.shape), tuple(log_density.shape)
    if len(shapes[0]) != 2 or shapes[0][0] != 2 or shapes[1] != (2,):
        what = "one whose samples are of shape (n, d) and whose log-densities are of shape (n,)"
        raise DomainError.of("flow", what, f"{shapes[0]} and {shapes[1]} for n = 2", "flatten what a sample is")
    if not samples.requires_grad:
        what = "one whose samples are differentiable in its parameters"
        raise DomainError.of("flow", what, type(flow).__name__, "sample by moving base noise, outside torch.no_grad()")
    return SeparateFlows([module], shapes[0][1])


def _places(
    family: SeparateFlows, modes: FloatArray | None, weights: FloatArray | None, reference: FloatArray | None
) -> tuple[FloatArray | None, FloatArray | None, FloatArray | None]:
    """Centres, their weights in the target, and samples of the target; refused where they do not fit each other."""
    for name, points in (("modes", modes), ("reference_samples", reference)):
        least = 1 if name == "modes" else 2
        if points is not None and (points.shape[1] != family.dim or len(points) < least):
            what = (
                f"of shape ({'K' if name == 'modes' else 'n'}, {family.dim}), at least {least} rows: the flow's space"
            )
            raise DomainError.of(name, what, f"of shape {points.shape}", "give one row for each point")
    if modes is not None:
        _require_apart(modes)
    if reference is not None and not (hasattr(family.flows[0], "log_prob") or family.ways[0] == "lazy"):
        kind, step = family.settings["classes"][0], "give the flow `log_prob(x)`, or leave them out"
        raise DomainError.of("reference_samples", "left out for a flow without `log_prob`", kind, step)
    refuse_unused({"target_weights": weights}, () if modes is None else ("target_weights",), _WITH_MODES)
    if weights is not None and modes is not None:
        _require_shares(weights, len(modes))
    if weights is None and modes is not None and reference is not None:
        weights = mode_weights(reference, modes)
    return modes, weights, reference


def _require_apart(modes: FloatArray) -> None:
    """Refuse a centre that is given twice: no sample is nearer to one of the two."""
    _, first, counts = np.unique(modes, axis=0, return_index=True, return_counts=True)
    if np.any(counts > 1):
        row = int(first[counts > 1].min())
        was = Words(f"{int(counts[counts > 1].sum())} rows that others equal, row {row} first")
        raise DomainError.of("modes", "centres of which no two are equal", was, "give each mode of the target once")


def _require_shares(weights: FloatArray, count: int) -> None:
    """Refuse what are not the shares of so many modes: each may be rounded to single precision."""
    if len(weights) != count:
        raise DomainError.of("target_weights", f"{count} numbers, one for each mode", len(weights), "add the rest")
    total = float(weights.sum())
    if abs(total - 1) > (count + 1) * np.finfo(np.float32).eps:  # of each weight, and of the sum they were divided by
        was = Words(f"of sum {total:.6g}")
        step = "divide relative weights by their sum, or add the modes that are missing"
        raise DomainError.of("target_weights", "shares whose sum is 1", was, step)


@torch.no_grad()
def _measured(
    run: AnnealedRun, count: int, modes: FloatArray | None, checkpoint: str | Path | None
) -> tuple[FloatArray, FloatArray | None]:
    """log p - log q at fresh samples of the flow, and how many of them are nearest to each mode."""
    ratios, counts = [], None if modes is None else np.zeros(len(modes))
    for chunk, start in enumerate(range(0, count, CHUNK)):
        _, samples, log_q = run.flow.draw(run.noise, EVALUATION, run.step + chunk, min(CHUNK, count - start))
        log_ratios, points = numbers(run.log_density(samples) - log_q)[0], numbers(samples)[0]
        if not (np.isfinite(log_ratios).all() and np.isfinite(points).all()):
            stopped = run.stopped(np.zeros(1, dtype=np.int64))
            stopped.checkpoint = None if checkpoint is None else Path(checkpoint)
            raise stopped
        ratios.append(log_ratios)
        if counts is not None and modes is not None:
            counts += np.rint(mode_weights(points, modes) * len(points))
    return np.concatenate(ratios), counts


@torch.no_grad()
def _scores(run: AnnealedRun, reference: FloatArray) -> FloatArray:
    """log q at samples of the target."""
    rows: Tensor = torch.tensor(reference, dtype=run.dtype, device=run.device)
    scores = np.concatenate([numbers(run.flow.log_prob(part[None]))[0] for part in torch.split(rows, CHUNK)])
    if broken := int(np.isnan(scores).sum()):
        was = f"{broken} of {len(scores)} at which it is NaN"
        raise DomainError.of("reference_samples", "points at which the flow has a log-density", was, "look at these")
    return scores
