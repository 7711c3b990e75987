"""RealNVP flows trained on the bimodal target, from one call."""

import math
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import torch

from anneal_theory._types import FloatArray
from anneal_theory.errors import DomainError
from anneal_theory.problem import BimodalTarget
from anneal_theory.results import Outcomes
from anneal_theory.schedules import Schedule
from anneal_theory.training import flow_outcome as outcome
from anneal_theory.training.adapters import Flow
from anneal_theory.training.adaptive import AdaAnn, ConstantESS
from anneal_theory.training.annealed import AnnealedRun, one_thread
from anneal_theory.training.checkpoint import read_checkpoint
from anneal_theory.training.checks import MOST_NUMBERS
from anneal_theory.training.noise import EVALUATION, REFERENCE, Noise
from anneal_theory.training.outcome import forward_kl, forward_relative_ess, reverse_ess
from anneal_theory.training.realnvp import LOG_SCALE_BOUND, PERTURBATION, RealNVP
from anneal_theory.training.rules import HIGHEST_FINAL_TEMPERATURE, TrainingRules

LEAST_STEPS = 3000
_CHUNK = 1000  # points a replica at once, so that any number of them fits in memory


def train_realnvp(
    target: BimodalTarget,
    schedule: Schedule | AdaAnn | ConstantESS,
    *,
    dim: int = 16,
    replicas: int = 8,
    seed: int = 0,
    couplings: int = 6,
    hidden: Sequence[int] = (64, 64),
    perturbation: float | int = PERTURBATION,
    log_scale_bound: float | int = LOG_SCALE_BOUND,
    dtype: str = "float32",
    device: str = "cpu",
    mode_direction: str = "first-axis",
    lost_share: float = outcome.LOST_SHARE,
    evaluation_samples: int = 10_000,
    compiled: bool = False,
    checkpoint: str | Path | None = None,
    checkpoint_every: int = 1000,
    progress: bool = False,
    **rules: Any,
) -> Outcomes:
    """Train RealNVP flows by annealed reverse KL, all replicas as one batch, and tell which lost a mode.

    Args:
        target: The target.
        schedule: A schedule, with time in optimiser steps unless ``clock="flow"``, or an adaptive rule.
        dim: d >= 2.
        replicas: Number of flows, each with weights and noise of its own.
        seed: Replica r of any run with this seed starts and draws alike, however many replicas there are.
        couplings: Number of affine couplings.
        hidden: Widths of the hidden layers of their networks.
        perturbation: Distance from the identity at the start (see `RealNVP`); the overlaps that it gives are measured
            and kept in ``statistics["initial_m1"]`` and so on, their mean and standard deviation in ``settings``.
        log_scale_bound: Bound of a coupling's log-scale.
        dtype: "float32" or "float64".
        device: Name of a torch device.
        mode_direction: Where mu* points, "first-axis" or "diagonal" (all coordinates equal); a RealNVP is not invariant
            under rotations and splits far more easily along the diagonal.
        lost_share: A flow counts as collapsed when a mode holds less than this share of its weight in the target.
        evaluation_samples: Samples a replica for the final statistics.
        compiled: Use torch.compile (needs a C++ compiler; about a minute once).
        checkpoint: File to continue from where it exists, and to write to; `load_flow` reads the flows from it.
        checkpoint_every: Steps between two checkpoints.
        progress: Show a bar on the standard error.
        **rules: Fields of `TrainingRules`: steps, batch_size, step_size, final_step_size, falling_share, optimiser,
            objective, clock, gradient_limit, highest_final_temperature, record_every, record_samples. Without steps:
            3000, or as many as the schedule takes to reach highest_final_temperature.

    Returns:
        Verdicts, mode weights, final and initial statistics, settings, and the history (with the overlaps m1, m2, s11,
        s12, s22 of the means of the samples from both halves of the base, see `half_statistics`).

    Raises:
        DomainError: an argument lies outside its domain; the schedule ends too hot; the checkpoint is not of this run.
        TrainingStopped: a loss is NaN or infinite.

    Source:
        theory sections 1 and 10 (the setting and what flows are seen to do).

    Example:
        >>> from anneal_theory.schedules import Constant
        >>> settings = dict(dim=2, replicas=2, steps=20, couplings=2, hidden=(8,), evaluation_samples=100)
        >>> found = train_realnvp(BimodalTarget(3, 0.8), Constant(1), **settings)
        >>> found.replicas, sorted(found.history)[:4], found.history["step"][:, 0].tolist()
        (2, ['ess', 'loss', 'm1', 'm2'], [0.0, 20.0])
    """
    noise = Noise(seed, replicas)
    chosen = TrainingRules(**(rules if rules.get("steps") is not None else rules | {"steps": _steps(schedule, rules)}))
    outcome.collapse_verdict(np.empty(0), target, lost_share)  # refuses a bad threshold before the training
    if evaluation_samples < 2:
        raise DomainError.of("evaluation_samples", "at least 2", evaluation_samples, "10000 is the default")
    _require_room(dim, replicas, couplings, hidden, max(chosen.batch_size, chosen.record_samples, _CHUNK))
    shape: dict[str, Any] = {"couplings": couplings, "hidden": hidden, "perturbation": perturbation}
    flow = RealNVP(dim, noise, **shape, log_scale_bound=log_scale_bound, dtype=dtype, device=device)
    axis = outcome.mode_axis(mode_direction, dim, flow.weights)
    if compiled:
        flow.compile_forward()

    def log_density(samples: torch.Tensor) -> torch.Tensor:
        return outcome.target_log_density(target, samples, axis)

    def observe(base: torch.Tensor | None, samples: torch.Tensor) -> dict[str, FloatArray]:
        return {"mode_weight": outcome.mode_weight(samples, axis)} | _halves(base, samples, target, axis)

    label = {"target": repr(target), "mode_direction": mode_direction}
    run = AnnealedRun(flow, log_density, schedule, chosen, noise, observe, label)
    with one_thread():
        start = _initial_statistics(flow, noise, target, evaluation_samples, axis)
        history = run.run(checkpoint=checkpoint, checkpoint_every=checkpoint_every, progress=progress)
        final = final_statistics(flow, noise, target, chosen.steps, evaluation_samples, axis)
    weights = final.pop("mode_weight")
    settings = run.settings | {"lost_share": lost_share, "evaluation_samples": evaluation_samples, "device": device}
    settings["initial_overlaps"] = {
        name: {"mean": float(start[name].mean()), "standard_deviation": float(start[name].std())} for name in start
    }
    statistics = final | {f"initial_{name}": values for name, values in start.items()}
    statistics["final_temperature"] = history["temperature"][-1]
    statistics["mode_weight_error"] = outcome.mode_weight_error(weights, target)
    return Outcomes(outcome.collapse_verdict(weights, target, lost_share), weights, statistics, settings, history)


def load_flow(checkpoint: str | Path, device: str = "cpu") -> RealNVP:
    """The flows of a checkpoint of `train_realnvp`, to sample from or to evaluate.

    Args:
        checkpoint: The file.
        device: Name of a torch device.

    Raises:
        DomainError: the file is damaged, or not of a RealNVP.

    Example:
        >>> import tempfile
        >>> from anneal_theory.schedules import Constant
        >>> settings = dict(dim=2, replicas=2, steps=5, couplings=2, hidden=(8,), evaluation_samples=100)
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     _ = train_realnvp(BimodalTarget(3, 0.8), Constant(1), **settings, checkpoint=f"{folder}/flows")
        ...     flow = load_flow(f"{folder}/flows")
        >>> samples, log_det = flow(torch.randn(2, 100, 2))
        >>> tuple(samples.shape), tuple(flow.log_prob(samples).shape)
        ((2, 100, 2), (2, 100))
    """
    settings, state = read_checkpoint(checkpoint)
    shape = dict(settings["flow"])
    if shape.pop("kind") != "realnvp":
        what = "of flows that train_realnvp trained"
        raise DomainError.of("checkpoint", what, str(checkpoint), "make the flow yourself and give it the state")
    flow = RealNVP(shape.pop("dim"), Noise(**settings["noise"]), **shape, device=device)
    flow.load_state_dict(state["flow"])
    return flow


@torch.no_grad()
def final_statistics(
    flow: Flow, noise: Noise, target: BimodalTarget, step: int, count: int, axis: torch.Tensor | None = None
) -> dict[str, FloatArray]:
    """Mode weight, overlaps, effective sample sizes and divergences of a flow, one value a replica.

    Args:
        flow: The flow.
        noise: Where samples come from.
        target: The target.
        step: Number of steps taken (the noise depends on it).
        count: Samples a replica, from the flow and from the target.
        axis: Unit vector of mu*; None for the first coordinate axis.

    Returns:
        mode_weight; m1, m2, s11, s12, s22 (where the flow gives its base points); ess, reverse_kl from the flow's
        samples; forward_ess and forward_kl (the EUBO too, since the target is normalised) from samples of the target.
    """
    drawn = [flow.draw(noise, EVALUATION, step + place, size) for place, size in enumerate(_chunks(count))]
    samples = torch.cat([part[1] for part in drawn], dim=1)
    bases = [part[0] for part in drawn]
    base = None if any(one is None for one in bases) else torch.cat([one for one in bases if one is not None], dim=1)
    log_ratio = outcome.target_log_density(target, samples, axis) - torch.cat([part[2] for part in drawn], dim=1)
    found = {"mode_weight": outcome.mode_weight(samples, axis)} | _halves(base, samples, target, axis)
    found |= {"ess": reverse_ess(outcome.numbers(log_ratio)), "reverse_kl": _means(-log_ratio)}
    parts = [
        _target_log_ratio(flow, noise, target, step + place, size, axis) for place, size in enumerate(_chunks(count))
    ]
    forward = outcome.numbers(torch.cat(parts, dim=1))
    return found | {"forward_ess": forward_relative_ess(forward), "forward_kl": forward_kl(forward)}


def _target_log_ratio(
    flow: Flow, noise: Noise, target: BimodalTarget, step: int, count: int, axis: torch.Tensor | None
) -> torch.Tensor:
    """log p - log q at samples of the target."""
    drawn = [
        target.sample(count, flow.dim, noise.generator(replica, REFERENCE, step)) for replica in range(flow.replicas)
    ]
    like = next(iter(flow.parameters()))
    samples = torch.tensor(np.stack(drawn), dtype=like.dtype, device=like.device)
    if axis is not None:  # a reflection takes the first axis to mu*
        mirror = -axis.clone()
        mirror[0] += 1
        samples = samples - (2 / (mirror @ mirror)) * (samples @ mirror)[..., None] * mirror
    return outcome.target_log_density(target, samples, axis) - flow.log_prob(samples)


@torch.no_grad()
def _initial_statistics(
    flow: RealNVP, noise: Noise, target: BimodalTarget, count: int, axis: torch.Tensor | None
) -> dict[str, FloatArray]:
    """Overlaps of the untrained flow, and the root mean square distance a coordinate is moved by it."""
    parts = [flow.draw(noise, EVALUATION, place, size) for place, size in enumerate(_chunks(count))]
    base, samples = (torch.cat([part[place] for part in parts], dim=1) for place in (0, 1))
    moved = (samples - base).pow(2).mean(dim=(1, 2)).sqrt()
    return _halves(base, samples, target, axis) | {"displacement": np.asarray(moved.double().cpu(), dtype=np.float64)}


def _halves(
    base: torch.Tensor | None, samples: torch.Tensor, target: BimodalTarget, axis: torch.Tensor | None
) -> dict[str, FloatArray]:
    if base is None:
        return {}
    way = outcome.label_direction(base, samples, axis)
    return outcome.half_statistics(base, samples, target.separation, way, axis)


def _require_room(dim: int, replicas: int, couplings: int, hidden: Sequence[int], samples: int) -> None:
    """Refuse flows whose samples or weights do not fit in memory."""
    widths = [dim // 2, *hidden, dim]
    numbers = replicas * max(samples * dim, couplings * sum(a * b for a, b in pairwise(widths)))
    if numbers > MOST_NUMBERS:
        what = f"small enough for at most {MOST_NUMBERS:.3g} weights, and as many numbers of a batch"
        raise DomainError.of("dim", what, dim, "use fewer replicas, couplings or samples")


def _steps(schedule: Schedule | AdaAnn | ConstantESS, rules: dict[str, Any]) -> int:
    """3000 steps, or as many as the schedule takes to cool down to the limit."""
    limit = rules.get("highest_final_temperature", HIGHEST_FINAL_TEMPERATURE)
    if not isinstance(schedule, Schedule) or not 1 <= limit < math.inf:
        return LEAST_STEPS
    unit = rules.get("step_size", TrainingRules.step_size) if rules.get("clock") == "flow" else 1.0
    needed = schedule.settling_time(limit - 1) / unit if 0 < unit < math.inf else math.inf
    return max(LEAST_STEPS, math.ceil(needed) + 1) if math.isfinite(needed) else LEAST_STEPS


def _chunks(count: int) -> list[int]:
    whole, rest = divmod(count, _CHUNK)
    return [_CHUNK] * whole + [rest] * (rest > 0)


def _means(values: torch.Tensor) -> FloatArray:
    return np.asarray(outcome.numbers(values).mean(axis=1))
