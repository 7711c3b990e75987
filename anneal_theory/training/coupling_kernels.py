"""Affine couplings with a leading replica axis, as plain functions of tensors (so that they also compile).

A layer is the list ``[W, b, W, b, ..., W, b]`` of one coupling's network, with ``W`` of shape (r, in, out) and ``b`` of
shape (r, 1, out) for r replicas. Points are kept as two halves, the even and the odd coordinates: coupling i leaves
half ``i % 2`` as it is and moves the other half.
"""

import torch
from torch import Tensor

Layer = list[Tensor]


def forward(layers: list[Layer], base: Tensor, bound: float) -> tuple[Tensor, Tensor]:
    """Base points (r, n, d) to samples (r, n, d), and log|det| of the Jacobian (r, n)."""
    halves = [base[..., 0::2], base[..., 1::2]]
    log_det = torch.zeros(base.shape[:-1], dtype=base.dtype, device=base.device)
    for place, layer in enumerate(layers):
        still, moved = place % 2, 1 - place % 2
        shift, log_scale = conditioner(layer, halves[still], bound)
        halves[moved] = halves[moved] * log_scale.exp() + shift
        log_det = log_det + log_scale.sum(-1)
    return interleave(halves, base.shape[-1]), log_det


def inverse(layers: list[Layer], samples: Tensor, bound: float) -> tuple[Tensor, Tensor]:
    """Samples (r, n, d) to base points (r, n, d), and log|det| of the inverse's Jacobian (r, n)."""
    halves = [samples[..., 0::2], samples[..., 1::2]]
    log_det = torch.zeros(samples.shape[:-1], dtype=samples.dtype, device=samples.device)
    for place in reversed(range(len(layers))):
        still, moved = place % 2, 1 - place % 2
        shift, log_scale = conditioner(layers[place], halves[still], bound)
        halves[moved] = (halves[moved] - shift) * (-log_scale).exp()
        log_det = log_det - log_scale.sum(-1)
    return interleave(halves, samples.shape[-1]), log_det


def conditioner(layer: Layer, still: Tensor, bound: float) -> tuple[Tensor, Tensor]:
    """Shift and log-scale of a coupling, each (r, n, moved); the log-scale stays within (-bound, bound)."""
    hidden = still
    for weight, bias in zip(layer[0:-2:2], layer[1:-2:2], strict=True):
        hidden = torch.relu(torch.baddbmm(bias, hidden, weight))
    shift, raw = torch.baddbmm(layer[-1], hidden, layer[-2]).chunk(2, dim=-1)
    return shift, raw / (1 + raw.abs() / bound)


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
