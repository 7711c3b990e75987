"""Affine couplings with a leading replica axis, as plain functions of tensors (so that they also compile).

A layer is the list ``[W, b, W, b, ..., W, b]`` of one coupling's network, with ``W`` of shape (r, in, out) and ``b`` of
shape (r, 1, out) for r replicas; with batch normalisation its gain and offset, of shape (r, 1, in), stand before them.
Where shift and log-scale have a network each, that of the shift comes first. Points are kept as two halves, the even
and the odd coordinates: coupling i leaves half ``i % 2`` as it is and moves the other half.
"""

from collections.abc import Sequence
from typing import NamedTuple, TypeAlias

import torch
from torch import Tensor

Layer: TypeAlias = list[Tensor]
Moments: TypeAlias = tuple[Tensor, Tensor]  # mean and variance of the still coordinates over points, each (r, 1, still)

VARIANCE_FLOOR = 1e-5  # torch's: added to a variance before anything is divided by its root


class CouplingForm(NamedTuple):
    """What couplings are like, besides their weights."""

    bound: float  # of the log-scale
    # whether it is kept within its bound by tanh; else by the soft clip ``raw / (1 + |raw| / bound)``
    tanh: bool = False
    separate: bool = False  # whether shift and log-scale have a network each
    batch_norm: bool = False  # whether the still coordinates are normalised before they enter the networks
    bfloat16: bool = False  # whether the networks' matrix products are made in that precision; all else keeps its own


def forward(
    layers: list[Layer], base: Tensor, form: CouplingForm, kept: Sequence[Moments] | None = None
) -> tuple[Tensor, Tensor, list[Moments]]:
    """Base points (r, n, d) to samples (r, n, d), log|det| of the Jacobian (r, n), and the batch's own moments.

    `kept` has moments to normalise by, one pair a coupling; without it each replica takes those of its own points,
    which are returned (none without batch normalisation), and log|det| is that of the map at fixed moments.
    """
    halves, batch_moments = [base[..., 0::2], base[..., 1::2]], []
    log_det = torch.zeros(base.shape[:-1], dtype=base.dtype, device=base.device)
    for coupling, layer in enumerate(layers):
        still, moved = coupling % 2, 1 - coupling % 2
        condition = halves[still]
        if form.batch_norm:
            used = moments(condition) if kept is None else kept[coupling]
            condition = normalised(condition, used)
            batch_moments.append((used[0].detach(), used[1].detach()))
        shift, log_scale = conditioner(layer, condition, form)
        halves[moved] = halves[moved] * log_scale.exp() + shift
        log_det = log_det + log_scale.sum(-1)
    return interleave(halves, base.shape[-1]), log_det, batch_moments


def inverse(
    layers: list[Layer], samples: Tensor, form: CouplingForm, kept: Sequence[Moments] = ()
) -> tuple[Tensor, Tensor]:
    """Samples (r, n, d) to base points (r, n, d), and log|det| of the inverse's Jacobian (r, n)."""
    halves = [samples[..., 0::2], samples[..., 1::2]]
    log_det = torch.zeros(samples.shape[:-1], dtype=samples.dtype, device=samples.device)
    for coupling in reversed(range(len(layers))):
        still, moved = coupling % 2, 1 - coupling % 2
        condition = normalised(halves[still], kept[coupling]) if form.batch_norm else halves[still]
        shift, log_scale = conditioner(layers[coupling], condition, form)
        halves[moved] = (halves[moved] - shift) * (-log_scale).exp()
        log_det = log_det - log_scale.sum(-1)
    return interleave(halves, samples.shape[-1]), log_det


def moments(points: Tensor) -> Moments:
    """Mean and variance of each coordinate over the points of each replica, shape (r, 1, k) each."""
    variance, mean = torch.var_mean(points, dim=1, correction=0, keepdim=True)
    return mean, variance


def normalised(points: Tensor, used: Moments) -> Tensor:
    """Points (r, n, k) less a mean, over the root of a variance."""
    mean, variance = used
    return (points - mean) * torch.rsqrt(variance + VARIANCE_FLOOR)


def conditioner(layer: Layer, still: Tensor, form: CouplingForm) -> tuple[Tensor, Tensor]:
    """Shift and log-scale of a coupling, each (r, n, moved); the log-scale stays within (-bound, bound)."""
    if form.separate:
        half = len(layer) // 2
        shift, raw = (network(part, still, form) for part in (layer[:half], layer[half:]))
    else:
        shift, raw = network(layer, still, form).chunk(2, dim=-1)
    if form.tanh:
        return shift, form.bound * torch.tanh(raw / form.bound)
    return shift, raw / (1 + raw.abs() / form.bound)


def network(weights: Layer, points: Tensor, form: CouplingForm) -> Tensor:
    """A ReLU network, with a gain and an offset of its inputs before it where it has them."""
    hidden, linear = points, _rounded_linear if form.bfloat16 else torch.baddbmm
    if form.batch_norm:
        hidden, weights = torch.addcmul(weights[1], points, weights[0]), weights[2:]
    for weight, bias in zip(weights[0:-2:2], weights[1:-2:2], strict=True):
        hidden = torch.relu(linear(bias, hidden, weight))
    return linear(weights[-1], hidden, weights[-2])


def _rounded_linear(bias: Tensor, points: Tensor, weight: Tensor) -> Tensor:
    """A bias and a product of factors with eight bits; the sum, and the gradients of what it returns, are as before."""
    return torch.bmm(points.bfloat16(), weight.bfloat16()).to(bias.dtype) + bias


def interleave(halves: list[Tensor], dim: int) -> Tensor:
    """Even and odd coordinates back in their places."""
    even, odd = halves
    if dim % 2 == 0:
        return torch.stack((even, odd), dim=-1).flatten(-2)
    pairs = torch.stack((even[..., :-1], odd), dim=-1).flatten(-2)
    return torch.cat((pairs, even[..., -1:]), dim=-1)


def standard_normal_log_density(points: Tensor) -> Tensor:
    """log N(z; 0, I) of points (..., d)."""
    constant = 0.5 * points.shape[-1] * 1.8378770664093453  # log(2 pi)
    return -0.5 * (points * points).sum(-1) - constant
