"""Training on the sphere through autograd: the runs of the plain route, as one batch (theory section 11)."""

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor

from anneal_theory._types import FloatArray
from anneal_theory.errors import Interrupted
from anneal_theory.numerics.progress import progress_bar
from anneal_theory.problem import GaussianMixture
from anneal_theory.problem.mixture import as_mixture
from anneal_theory.training.fates import Watch
from anneal_theory.training.interruption import interruptible
from anneal_theory.training.mixture_rules import Gradient
from anneal_theory.training.sphere_fates import watched_columns
from anneal_theory.training.sphere_routes import SphereProblem


def widened_torch_gradient(
    means: Float[Tensor, "r k d"], variances: Float[Tensor, "r k"], weights: Float[Tensor, " k"],
    target: GaussianMixture, beta: float, noise: Float[Tensor, "r k n d"], gradient: Gradient = "plain",
) -> tuple[Float[Tensor, "r k d"], Float[Tensor, "r k"]]:  # fmt: skip
    """Gradient of ``sum_j w_j mean_n[log q - beta log p](mu_j + sqrt(v_j) z_jn)`` of each replica, by autograd.

    By the means and by the variances; with "path" the parameters of log q are held, only the points move.
    """
    leaves = means.detach().requires_grad_(), variances.detach().requires_grad_()
    points = (leaves[0][:, :, None] + leaves[1].sqrt()[:, :, None, None] * noise).flatten(1, 2)
    held = leaves if gradient == "plain" else (leaves[0].detach(), leaves[1].detach())
    modes = torch.as_tensor(np.array(target.means)).to(means).expand(len(means), -1, -1)
    shares = torch.as_tensor(np.array(target.weights)).to(means)
    spreads = torch.full(modes.shape[:2], target.variance, dtype=means.dtype, device=means.device)
    loss = _log_density(points, *held, weights) - beta * _log_density(points, modes, spreads, shares)
    gradients = torch.autograd.grad((loss.reshape(noise.shape[:3]).mean(-1) * weights).sum(), leaves)
    return gradients[0], gradients[1]


def _log_density(points: Tensor, means: Tensor, variances: Tensor, weights: Tensor) -> Tensor:
    """Of mixtures at points, without the constant ``-(d/2) log(2 pi)``."""
    gaps = (points[:, :, None] - means[:, None]).square().sum(-1)
    logs = weights.log() - gaps / (2 * variances[:, None]) - 0.5 * points.shape[-1] * variances[:, None].log()
    return torch.logsumexp(logs, dim=-1)


def train_batch(
    problem: SphereProblem, temperatures: Float[np.ndarray, " n"], device: torch.device, kind: torch.dtype, shown: bool
) -> tuple[Float[np.ndarray, "r 5"], Float[np.ndarray, " r"]]:
    """Train all replicas; (m1, m2, s, v1, v2) at the end, and the fate of each. After Ctrl-C nothing is kept."""
    rules, radius, dim = problem.rules, problem.target.separation, problem.init.dim
    source, modes = torch.Generator(device).manual_seed(rules.seed), as_mixture(problem.target, dim)
    shape = (rules.replicas, 2, dim)
    means = torch.randn(shape, generator=source, device=device, dtype=kind)
    means *= radius / means.norm(dim=-1, keepdim=True)
    first = problem.first_variance(float(temperatures[0]))
    variances = torch.full(shape[:2], first, device=device, dtype=kind)
    weights, rates, held = (
        torch.tensor(problem.weights).to(means),
        problem.rates(temperatures),
        problem.held(temperatures),
    )
    watch, rows = Watch(rules.window, radius), [_row(means, variances, radius)]
    with progress_bar("training", len(temperatures), shown=shown) as move, interruptible() as stop:
        for step, (temperature, rate) in enumerate(zip(temperatures.tolist(), rates.tolist(), strict=True)):
            if stop.is_set():
                raise Interrupted(f"interrupted at step {step} of {len(temperatures)}; nothing is kept")
            if held is not None:
                variances = torch.full_like(variances, float(held[step]))
            noise = torch.randn((*shape[:2], rules.batch, dim), generator=source, device=device, dtype=kind)
            slopes, widening = widened_torch_gradient(
                means, variances, weights, modes, 1 / temperature, noise, rules.gradient or "plain"
            )
            means = means - rate * slopes
            means = means * (radius / means.norm(dim=-1, keepdim=True))
            if held is None:
                variances = variances * (1 - 2 * rate * widening / dim) ** 2
            rows.append(_row(means, variances, radius))
            if len(rows) > rules.window:  # looked at together: numbers are copied from the device once a window
                for ends in _numbers(rows[1:]):
                    watch.note(watched_columns(ends, radius)[0], np.zeros(1))
                del rows[:-1]
            move(advance=1)
    ends = _numbers(rows[-1:])[0]
    parts = [np.broadcast_to(part, (rules.replicas, 4)) for part in watch.windows]
    around, last = problem.surroundings, float(temperatures[-1])
    fates = [around.fate(row, last, (a, b, c)) for row, a, b, c in zip(ends, *parts, strict=True)]
    return ends, np.array(fates)


def _row(means: Tensor, variances: Tensor, radius: float) -> Tensor:
    """(m1, m2, s, v1, v2) of each replica."""
    pairs = (means[:, 0] * means[:, 1]).sum(-1, keepdim=True) / radius**2
    return torch.cat([radius * means[:, :, 0], pairs, variances], dim=1)


def _numbers(rows: list[Tensor]) -> FloatArray:
    return np.asarray(torch.stack(rows).double().cpu().numpy(), dtype=np.float64)
