"""Stochastic variational training of a Gaussian mixture through autograd: the same runs as `mixture`'s plain route."""

from dataclasses import asdict, replace
from typing import Unpack

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor

from anneal_theory._types import BoolArray, FloatArray
from anneal_theory.errors import Interrupted
from anneal_theory.numerics.progress import progress_bar
from anneal_theory.problem import BimodalTarget, Dynamics, GaussianInit, GaussianMixture, SphereInit
from anneal_theory.problem.dynamics import require_fitting
from anneal_theory.problem.mixture import as_mixture
from anneal_theory.quantities.doors import checked
from anneal_theory.quantities.keywords import keywords_for
from anneal_theory.results import Outcomes
from anneal_theory.schedules import Schedule
from anneal_theory.training.devices import checked_device, checked_dtype, own_settings
from anneal_theory.training.fates import DECIDED, DIVERGED, Watch, require_decided, surroundings
from anneal_theory.training.interruption import interruptible
from anneal_theory.training.mixture_rules import Gradient, MixtureRules, ModelStepOptions
from anneal_theory.training.outcome import positive_mass, same_sign
from anneal_theory.training.sphere_fates import settling_advice, sphere_outcomes
from anneal_theory.training.sphere_routes import SphereProblem
from anneal_theory.training.sphere_torch import train_batch


def log_density(
    points: Float[Tensor, "r n d"], means: Float[Tensor, "r k d"], weights: Float[Tensor, " k"], variance: float = 1.0
) -> Float[Tensor, "r n"]:
    """Log-density of mixtures (a replica's own) at points, without the constant ``-(d/2) log(2 pi variance)``."""
    gaps = (points[:, :, None] - means[:, None]).square().sum(-1)
    return torch.logsumexp(weights.log() - gaps / (2 * variance), dim=-1)


def torch_gradient(
    means: Float[Tensor, "r k d"], weights: Float[Tensor, " k"], target: GaussianMixture, beta: float,
    noise: Float[Tensor, "r k n d"], gradient: Gradient = "plain",
) -> Float[Tensor, "r k d"]:  # fmt: skip
    """Gradient of ``sum_j w_j mean_n[log q - beta log p](mu_j + eps_jn)``; with "path" log q's parameters are held."""
    leaf = means.detach().requires_grad_()
    points = (leaf[:, :, None] + noise).flatten(1, 2)
    family = log_density(points, leaf if gradient == "plain" else leaf.detach(), weights)
    modes = torch.as_tensor(np.array(target.means)).to(means).expand(len(means), -1, -1)
    shares = torch.as_tensor(np.array(target.weights)).to(means)
    loss = family - beta * log_density(points, modes, shares, target.variance)
    (slope,) = torch.autograd.grad((loss.reshape(noise.shape[:3]).mean(-1) * weights).sum(), leaf)
    return slope


@checked(init="initial_law", end_time="training_time")
@own_settings()
def train_mixture_torch(
    target: BimodalTarget,
    schedule: Schedule,
    init: GaussianInit | SphereInit,
    *,
    replicas: int = 8,
    batch_size: int = 100,
    end_time: float | int | None = None,
    device: str = "cpu",
    dtype: str = "float64",
    progress: bool = False,
    **options: Unpack[ModelStepOptions],
) -> Outcomes:
    """Train replicas of a two-component mixture, as one batch, through autograd.

    Args:
        target: The two modes.
        schedule: Temperature at time ``i * step_size`` of step i.
        init: Law of the initial means; a `SphereInit` where ``constraint="sphere"``.
        replicas: Independent runs.
        batch_size: Samples a component and step, at least 2.
        end_time: Time of a run; 200 after T is below 1.01 unless given.
        device: torch device.
        dtype: "float64" or "float32".
        progress: Show a bar on the standard error.
        **options: Arguments of `MixtureRules` (seed, of all draws, step_size, gradient, highest_final_temperature,
            most_undecided) and of `Dynamics`, constraint and variance included.

    Returns:
        As `train_mixture`.

    Raises:
        DomainError: an argument lies outside its domain, or the device is not there.
        SolveError: more runs are undecided than may be.
        Interrupted: Ctrl-C (a KeyboardInterrupt); nothing is kept.

    Source:
        theory sections 1, 3 and 11.

    Example:
        >>> from anneal_theory.schedules import Constant
        >>> target, init = BimodalTarget(3, 0.8), GaussianInit(4)
        >>> train_mixture_torch(target, Constant(1), init, batch_size=20, step_size=0.2, end_time=40).replicas
        8
    """
    own = {"replicas": replicas, "batch_size": batch_size, "end_time": end_time, "stop_at_rest": False}
    rules = MixtureRules(**keywords_for(MixtureRules, options), **own, route="plain")  # type: ignore[arg-type]
    dynamics, temperatures = Dynamics(**keywords_for(Dynamics, options)), rules.temperatures(schedule)
    require_fitting(init, dynamics)
    rules.require_room(init.dim, 2 * rules.replicas * rules.batch)
    chosen, kind = checked_device(device), checked_dtype(dtype)
    shares = np.array([dynamics.family_weight, 1 - dynamics.family_weight])
    settings = asdict(rules) | {"target": repr(target), "schedule": schedule.to_dict(), "init": repr(init)}
    settings |= {"objective": dynamics.objective, "metric": dynamics.metric, "weights": shares.tolist()} | {
        "device": device, "dtype": dtype,
    }  # fmt: skip
    longer = rules.longer(len(temperatures))
    if isinstance(init, SphereInit):
        problem = SphereProblem(target, init, dynamics, rules)
        rows, fates = train_batch(problem, temperatures, chosen, kind, progress)
        advice = settling_advice(longer, target.separation, float(rules.step_size), rules.batch, init.dim)
        require_decided(fates, float(rules.most_undecided), float(rules.step_size), advice)
        settings |= {"constraint": dynamics.constraint, "variance": dynamics.variance}
        return replace(sphere_outcomes(rows, fates != DECIDED, target, shares, settings), diverged=fates == DIVERGED)
    ends, fates = _free_batch(target, init, dynamics, rules, temperatures, chosen, kind, progress)
    require_decided(fates, float(rules.most_undecided), float(rules.step_size), longer)
    return replace(_outcomes(ends, fates != DECIDED, target, shares, settings), diverged=fates == DIVERGED)


def _free_batch(
    target: BimodalTarget, init: GaussianInit, dynamics: Dynamics, rules: MixtureRules, temperatures: FloatArray,
    device: torch.device, kind: torch.dtype, shown: bool,
) -> tuple[Float[np.ndarray, "r 2 d"], Float[np.ndarray, " r"]]:  # fmt: skip
    """Train all replicas of free means, as `train_batch` does on the sphere: means at the end, and fates."""
    shares = np.array([dynamics.family_weight, 1 - dynamics.family_weight])
    weights = torch.tensor(shares, device=device, dtype=kind)
    sizes = float(rules.step_size) * (1 / shares if dynamics.metric == "natural" else np.ones(2))
    rates = torch.tensor(sizes, device=device, dtype=kind)
    source, modes = torch.Generator(device).manual_seed(rules.seed), as_mixture(target, init.dim)
    means = init.scale * torch.randn(rules.replicas, 2, init.dim, generator=source, device=device, dtype=kind)
    around = surroundings(modes.means, modes.variance, shares, sizes, rules.batch, init.dim)
    axes = torch.tensor(modes.means.T / around.reach, device=device, dtype=kind)
    watch, recent = Watch(rules.window, around.reach), []
    with progress_bar("training", len(temperatures), shown=shown) as move, interruptible() as stop:
        for step, temperature in enumerate(temperatures.tolist()):
            if stop.is_set():
                raise Interrupted(f"interrupted at step {step} of {len(temperatures)}; nothing is kept")
            noise = torch.randn(rules.replicas, 2, rules.batch, init.dim, generator=source, device=device, dtype=kind)
            slope = torch_gradient(means, weights, modes, 1 / temperature, noise, rules.gradient or "plain")
            means = means - (temperature if dynamics.objective == "free-energy" else 1.0) * rates[:, None] * slope
            recent.append(means @ axes)
            if len(recent) == rules.window:  # looked at together: numbers are copied from the device once a window
                for overlaps in torch.stack(recent).double().cpu().numpy():
                    watch.note(overlaps, np.zeros(1))
                recent.clear()
            move(advance=1)
    ends = means.double().cpu().numpy()
    lengths, last = np.sqrt(np.sum(ends**2, axis=2)), float(temperatures[-1])
    fates = around.fates(
        ends @ modes.means.T / around.reach, lengths, last, watch.last, watch.spread, watch.before
    )  # fmt: skip
    return ends, fates


def _outcomes(
    ends: Float[np.ndarray, "r 2 d"], undecided: BoolArray, target: BimodalTarget, weights: FloatArray,
    settings: dict[str, object],
) -> Outcomes:  # fmt: skip
    overlaps, gram = target.separation * ends[:, :, 0], ends @ ends.transpose(0, 2, 1)
    statistics = {"m1": overlaps[:, 0], "m2": overlaps[:, 1]}
    statistics |= {"s11": gram[:, 0, 0], "s12": gram[:, 0, 1], "s22": gram[:, 1, 1]}
    mass = positive_mass(overlaps, target.separation, weights)
    verdicts = same_sign(overlaps[:, 0], overlaps[:, 1]) & ~undecided
    return Outcomes(verdicts, mass, statistics, settings, undecided=undecided)
