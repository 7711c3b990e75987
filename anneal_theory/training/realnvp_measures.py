"""What is measured on samples of a flow: statistics at the start and at the end, in chunks that fit in memory."""

from collections.abc import Callable

import numpy as np
import torch

from anneal_theory._types import FloatArray
from anneal_theory.problem import BimodalTarget
from anneal_theory.training import realnvp_outcome as outcome
from anneal_theory.training.adapters import TrainableFlow
from anneal_theory.training.noise import EVALUATION, HALVES, REFERENCE, Noise
from anneal_theory.training.outcome import forward_kl, forward_relative_ess, reverse_ess
from anneal_theory.training.realnvp import RealNVP

_FORWARD = {"forward_ess": forward_relative_ess, "forward_kl": forward_kl}
CHUNK = 1000  # points a replica at once, so that any number of them fits in memory


@torch.no_grad()
def final_statistics(
    flow: TrainableFlow, noise: Noise, target: BimodalTarget, step: int, count: int, axis: torch.Tensor | None = None
) -> dict[str, FloatArray]:
    """Mode weight, overlaps, effective sample sizes and divergences of a flow, one value a replica.

    axis: unit vector of mu*, one or one a replica; None for the first coordinate axis. Names: mode_weight; spread and
    distance (standard deviation of ``x . mu*/R``, and mean of its absolute value); m1, m2, s11, s12, s22 (where the
    flow gives its base points); ess, reverse_kl from the flow's samples; forward_ess and forward_kl (the EUBO too,
    since the target is normalised) from the target's. NaN where log-densities are not finite.
    """
    drawn = [flow.draw(noise, EVALUATION, step + chunk, size) for chunk, size in enumerate(_chunks(count))]
    samples = torch.cat([part[1] for part in drawn], dim=1)
    bases = [part[0] for part in drawn]
    base = (
        None
        if any(points is None for points in bases)
        else torch.cat([points for points in bases if points is not None], dim=1)
    )
    log_ratio = outcome.target_log_density(target, samples, axis) - torch.cat([part[2] for part in drawn], dim=1)
    statistics = record_of(base, samples, target, axis)
    statistics["distance"] = _means(outcome.coordinate_along(samples, axis).abs())
    statistics |= {"ess": _or_nan(reverse_ess, outcome.numbers(log_ratio)), "reverse_kl": _means(-log_ratio)}
    parts = [
        _target_log_ratio(flow, noise, target, step + chunk, size, axis) for chunk, size in enumerate(_chunks(count))
    ]
    forward = outcome.numbers(torch.cat(parts, dim=1))
    return statistics | {name: _or_nan(measure, forward) for name, measure in _FORWARD.items()}


def _or_nan(measure: Callable[[FloatArray], FloatArray], logs: FloatArray) -> FloatArray:
    """What is measured on rows of log-weights; NaN for rows that are not finite."""
    sound = np.isfinite(logs).all(axis=1)
    measured = np.full(len(logs), np.nan)
    if sound.any():
        measured[sound] = measure(logs[sound])
    return measured


def _target_log_ratio(
    flow: TrainableFlow, noise: Noise, target: BimodalTarget, step: int, count: int, axis: torch.Tensor | None
) -> torch.Tensor:
    """log p - log q at samples of the target."""
    drawn = [
        target.sample(count, flow.dim, noise.generator(replica, REFERENCE, step)) for replica in range(flow.replicas)
    ]
    like = next(iter(flow.parameters()))
    samples = torch.tensor(np.stack(drawn), dtype=like.dtype, device=like.device)
    samples = outcome.mirrored(samples, axis)
    return outcome.target_log_density(target, samples, axis) - flow.log_prob(samples)


@torch.no_grad()
def initial_statistics(
    flow: RealNVP, noise: Noise, target: BimodalTarget, count: int, axis: torch.Tensor | None
) -> dict[str, FloatArray]:
    """Overlaps of the untrained flow, and the root mean square distance a coordinate is moved by it."""
    parts = [flow.draw(noise, EVALUATION, chunk, size) for chunk, size in enumerate(_chunks(count))]
    base, samples = (torch.cat([part[column] for part in parts], dim=1) for column in (0, 1))
    moved = (samples - base).pow(2).mean(dim=(1, 2)).sqrt()
    return halves(base, samples, target, axis) | {"displacement": np.asarray(moved.double().cpu(), dtype=np.float64)}


def record_of(
    base: torch.Tensor | None, samples: torch.Tensor, target: BimodalTarget, axis: torch.Tensor | None
) -> dict[str, FloatArray]:
    """Mode weights, spreads and overlaps: what a record has of samples; axis as of `final_statistics`."""
    shares = {"mode_weight": outcome.mode_weight(samples, axis), "spread": outcome.spread(samples, axis)}
    return shares | halves(base, samples, target, axis)


def halves(
    base: torch.Tensor | None, samples: torch.Tensor, target: BimodalTarget, axis: torch.Tensor | None
) -> dict[str, FloatArray]:
    """Overlaps of the means of the samples from both halves of the base; none where the base is not known."""
    if base is None:
        return {}
    way = outcome.label_direction(base, samples, axis)
    return outcome.half_statistics(base, samples, target.separation, way, axis)


def half_directions(noise: Noise, dim: int, like: torch.Tensor) -> torch.Tensor:
    """Uniform directions of the base, one a replica from its own stream, shape (r, d)."""
    rows = noise.normals(HALVES, 0, (dim,), np.float64)
    return torch.tensor(rows / np.linalg.norm(rows, axis=1, keepdims=True), dtype=like.dtype, device=like.device)


def _chunks(count: int) -> list[int]:
    whole, rest = divmod(count, CHUNK)
    return [CHUNK] * whole + [rest] * (rest > 0)


def _means(values: torch.Tensor) -> FloatArray:
    return np.asarray(outcome.numbers(values).mean(axis=1))
