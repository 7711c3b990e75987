"""How a flow's training ended: mode weights, spreads, the verdict, and summary statistics of its two halves."""

from collections.abc import Mapping

import numpy as np
import torch
from jaxtyping import Bool, Float
from numpy.typing import NDArray
from scipy.special import erf, expit
from torch import Tensor

from anneal_theory._types import FloatArray
from anneal_theory.problem import BimodalTarget
from anneal_theory.quantities import QUANTITIES
from anneal_theory.training.fates import COLD, DECIDED, DIVERGED, FAR, UNSETTLED
from anneal_theory.training.noise import DIRECTION, Noise
from anneal_theory.training.rules import LOST_SHARE, LOST_SPREAD

Rows = Float[np.ndarray, " r"]
# Unit vector of mu*, one for all replicas or one each; None is the first coordinate axis.
Axis = Float[Tensor, " d"] | Float[Tensor, "r d"] | None

_NEAR = 0.25  # of R: how far a decided flow's samples may be off along mu*, on average
_STEADY = 0.1  # change of the mode weight between the last two tenths of the steps that counts as settled


def mode_axis(direction: str, noise: Noise, dim: int, like: Tensor) -> Tensor | None:
    """Unit vector of mu*: None for the first coordinate axis, equal coordinates for the diagonal, or a random one each.

    A flow of coordinate-wise couplings is not invariant under rotations: along the first axis one coupling's shift has
    to carry the mode's label, along the diagonal every coordinate carries a little of it. A random direction is uniform
    on the sphere and drawn from each replica's own stream.
    """
    if QUANTITIES["mode_direction"].check(direction) == "first-axis":
        return None
    if direction == "diagonal":
        return torch.full((dim,), dim**-0.5, dtype=like.dtype, device=like.device)
    rows = noise.normals(DIRECTION, 0, (dim,), np.float64)
    return torch.tensor(rows / np.linalg.norm(rows, axis=1, keepdims=True), dtype=like.dtype, device=like.device)


def coordinate_along(points: Float[Tensor, "r n d"], axis: Axis = None) -> Float[Tensor, "r n"]:
    """Coordinate of points along the direction of mu*."""
    if axis is None:
        return points[..., 0]
    return points @ axis if axis.ndim == 1 else (points @ axis[..., None])[..., 0]


def mirrored(points: Float[Tensor, "r n d"], axis: Axis = None) -> Float[Tensor, "r n d"]:
    """Points reflected so that the first coordinate axis goes to the direction of mu*, and the other way round."""
    if axis is None:
        return points
    way = -axis.clone()
    way[..., 0] += 1
    # Along the first axis itself the way has no length, and nothing is to be reflected.
    square = way.pow(2).sum(-1).clamp(min=torch.finfo(way.dtype).tiny)
    share = coordinate_along(points, way) * (2 / square)[..., None]
    return points - share[..., None] * way.unsqueeze(-2)


def mode_weight(samples: Float[Tensor, "r n d"], axis: Axis = None) -> Rows:
    """Share of each replica's samples at the mode +mu*, each sample assigned to the nearer mode.

    Example:
        >>> mode_weight(torch.tensor([[[3.0, 0.0], [2.0, 1.0], [-3.0, 0.0], [4.0, 0.0]]]))
        array([0.75])
    """
    return np.asarray((coordinate_along(samples, axis) > 0).double().mean(dim=1).cpu(), dtype=np.float64)


def collapse_verdict(weights: Rows, target: BimodalTarget, lost_share: float = LOST_SHARE) -> Bool[np.ndarray, " r"]:
    """Whether either mode holds less than `lost_share` (in (0, 1)) of its weight in the target; weights are at +mu*."""
    lost_share = QUANTITIES["lost_share"].check(lost_share)
    kept = np.minimum(weights / target.weight, (1 - weights) / (1 - target.weight))
    return np.asarray(kept < lost_share)


def spread(samples: Float[Tensor, "r n d"], axis: Axis = None) -> Rows:
    """Standard deviation of ``x . mu*/R`` over each replica's samples."""
    return np.asarray(coordinate_along(samples, axis).double().std(dim=1).cpu(), dtype=np.float64)


def target_spread(target: BimodalTarget) -> float:
    """Standard deviation of ``x . mu*/R`` under the target, ``sqrt(1 + 4 R^2 w* (1 - w*))``; that of one mode is 1."""
    masses = float(target.exact_weight * (1 - target.exact_weight))
    return float(np.sqrt(1 + 4 * target.separation**2 * masses))


def spread_verdict(spreads: Rows, target: BimodalTarget, lost_share: float = LOST_SPREAD) -> Bool[np.ndarray, " r"]:
    """Whether the spread along mu* lies less than `lost_share` of the way from that of one mode to the target's.

    Source: theory section 11: the paper's cut is 1.6 at R = 3 and w* = 0.8, where 2.6 is right.
    """
    lost_share = QUANTITIES["lost_share"].check(lost_share)
    return np.asarray(spreads < 1 + lost_share * (target_spread(target) - 1))


def flow_fates(final: Mapping[str, Rows], history: Mapping[str, FloatArray], target: BimodalTarget) -> Rows:
    """Whether each flow has decided: DECIDED, UNSETTLED or DIVERGED of `anneal_theory.training.fates`.

    It has where its samples lie as far along mu* as the target's do, the mean of ``|x . mu*|/R`` within a quarter of R
    (of 1 where R < 1); where its last temperature is at most 1.15; and where its mode weight, averaged over the records
    of the last tenth of the steps, is within 0.1 of that over the tenth before (where there are records in both), give
    or take what the share of the mode in the tempered target moves meanwhile: a flow that follows a temperature which
    still falls has settled. A flow whose samples are further out than 3 (R + 1) has diverged.

    Example:
        >>> history = {"step": np.array([[0.0]]), "temperature": np.array([[1.0]]), "mode_weight": np.array([[0.5]])}
        >>> final = [{"distance": np.array([one])} for one in (0.8, 2.9, 99.0)]
        >>> [flow_fates(one, history, BimodalTarget(3, 0.8)).item() for one in final]
        [1.0, 0.0, 2.0]
    """
    radius, distance = target.separation, final["distance"]
    usual = radius * erf(radius / 2**0.5) + (2 / np.pi) ** 0.5 * np.exp(-(radius**2) / 2)  # E|z + R|
    settled = np.abs(distance - usual) <= _NEAR * max(radius, 1.0)
    settled &= history["temperature"][-1] <= COLD
    share = history["step"][:, 0] / max(float(history["step"][-1, 0]), 1.0)
    late, before = share > 0.9, (share > 0.8) & (share <= 0.9)
    if late.any() and before.any():
        moved, followed = (
            np.abs(values[late].mean(axis=0) - values[before].mean(axis=0))
            for values in (history["mode_weight"], tempered_share(target, history["temperature"]))
        )
        settled &= moved <= _STEADY + followed
    far = ~(distance <= FAR * (radius + 1))
    return np.where(far, DIVERGED, np.where(settled, DECIDED, UNSETTLED))


def tempered_share(target: BimodalTarget, temperature: FloatArray) -> FloatArray:
    """Mass at the mode +mu* of the target to the power 1/T, for modes that do not overlap.

    Example:
        >>> tempered_share(BimodalTarget(3, 0.8), np.array([1.0, 2.0])).round(4)
        array([0.8   , 0.6667])
    """
    return np.asarray(expit(2 * target.half_log_odds / temperature), dtype=np.float64)


def mode_weight_error(weights: Rows, target: BimodalTarget) -> Rows:
    """Absolute error of the mass at the mode +mu*.

    Example:
        >>> mode_weight_error(np.array([1.0, 0.75]), BimodalTarget(3, 0.8)).round(6)
        array([0.2 , 0.05])
    """
    return np.abs(weights - target.weight)


def label_direction(
    base: Float[Tensor, "r n d"], samples: Float[Tensor, "r n d"], axis: Axis = None
) -> Float[Tensor, "r d"]:
    """Unit vector of the base along which the samples' overlap with mu* grows most: E[z (x . mu*)], normalised.

    It cuts the base in two halves, the flow's counterpart of a mixture's two components.
    """
    moment = torch.einsum("rnd,rn->rd", base, coordinate_along(samples, axis))
    return torch.nn.functional.normalize(moment, dim=1)


def half_statistics(
    base: Float[Tensor, "r n d"], samples: Float[Tensor, "r n d"], separation: float, direction: Float[Tensor, "r d"],
    axis: Axis = None,
) -> dict[str, NDArray[np.float64]]:  # fmt: skip
    """Overlaps of the means of the samples from each half of the base, as in theory section 3.

    axis: unit vector of mu*; None for the first coordinate axis. The half with ``z . direction > 0`` comes first.
    Names: m1, m2 (means times mu*), s11, s12, s22 (products of the means). Sampling noise of a mean of n/2 points adds
    about 2 d/n to s11 and s22.
    """
    first = (torch.einsum("rnd,rd->rn", base, direction) > 0).to(samples.dtype)
    means = [_weighted_mean(samples, part) for part in (first, 1 - first)]
    overlaps = separation * coordinate_along(torch.stack(means, dim=1), axis)
    statistics = {"m1": overlaps[:, 0], "m2": overlaps[:, 1]}
    statistics |= {
        f"s{i + 1}{j + 1}": (means[i] * means[j]).sum(dim=1) for i, j in ((0, 0), (0, 1), (1, 1))
    }  # fmt: skip
    return {name: np.asarray(values.double().cpu(), dtype=np.float64) for name, values in statistics.items()}


def _weighted_mean(samples: Tensor, parts: Tensor) -> Tensor:
    return torch.einsum("rnd,rn->rd", samples, parts) / parts.sum(dim=1, keepdim=True).clamp(min=1)


def target_log_density(
    target: BimodalTarget, samples: Float[Tensor, "r n d"], axis: Axis = None
) -> Float[Tensor, "r n"]:
    """Log-density of the target, differentiable in the samples; mu* lies on the axis, the first one unless given."""
    overlap = target.separation * coordinate_along(samples, axis)
    constant = 0.5 * (samples.shape[-1] * np.log(2 * np.pi) + target.separation**2)
    logs = np.log(target.weight), np.log(float(1 - target.exact_weight))
    modes = torch.logaddexp(logs[0] + overlap, logs[1] - overlap)
    log_density: Tensor = modes - 0.5 * (samples * samples).sum(-1) - constant
    return log_density


def numbers(tensor: Tensor) -> FloatArray:
    """A tensor as an array of doubles."""
    return np.asarray(tensor.detach().double().cpu(), dtype=np.float64)
