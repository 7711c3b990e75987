"""Numbers of training with noise that derived functions move, each from scratch."""

from collections.abc import Callable

import numpy as np

import anneal_theory as at
from anneal_theory.probability.noisy.means_noise_kernels import noisy_means_run
from anneal_theory.probability.noisy.pair_noise_kernels import noisy_run, quantile_run
from anneal_theory.probability.noisy.sphere_quantile_kernels import quantile_move, set_pair
from anneal_theory.probability.noisy.training_noise import noisy_training
from anneal_theory.problem import Dynamics

TARGET = at.BimodalTarget(3, "0.8")


def _noisy_runs() -> tuple[list[float], list[float]]:
    """A few moves with large noise: the end of a run that draws it, and of one at quantiles."""
    problem = TARGET, at.Hold(10, 1), at.GaussianInit(8), Dynamics()
    training = noisy_training(*problem, batch_size=2, step_size=0.5, gradient="plain")
    few = (*(part[:4] for part in training.plan[:3]), training.plan[3])
    drawn, work, start = np.array([0.3, 0.5, 1.0]), np.empty((3, 4)), (0.3, 0.5, 0.1, 0.2)
    noisy_run(np.random.default_rng(1), drawn, training.problem, training.noise, few, 9)
    quantile_run(start, (1.1, 0.7), training.problem, training.noise, few, work)
    return drawn.tolist(), work[0].tolist()


def _noisy_means() -> list[float]:
    """A few moves with large noise of means of unequal weights."""
    rules = Dynamics(family_weight="0.3")
    training = noisy_training(TARGET, at.Hold(10, 1), at.GaussianInit(8), rules, 2, 0.5, "plain")
    few = (*(part[:4] for part in training.plan[:3]), training.plan[3])
    state = np.array([0.3, -0.2, 1.0, 0.1, 0.9, 1.0])
    noisy_means_run(np.random.default_rng(1), state, training.problem, training.noise, few, 9)
    return state.tolist()


def _sphere_quantiles() -> list[float]:
    """A few moves with large noise of a pair on the sphere at quantiles."""
    rules = Dynamics(constraint="sphere", variance="trained")
    training = noisy_training(TARGET, at.Hold(10, 1), at.SphereInit(8), rules, 2, 0.5, "plain")
    state, spreads = np.array([0.6, 0.4, 8.0, -0.5, 8.0, 2.0]), np.array([0.1, 0.2])
    set_pair(state, 0.1, 1.0, 0.1, 3.0)
    parts = (np.empty((2, 3)), np.empty((2, 2)), np.empty((2, 4))), np.empty((4, 4)), np.empty((2, 2))
    for temperature, time in zip(training.plan[0][:3], training.plan[2][:3], strict=True):
        given = temperature, time, training.noise, training.plan[3], training.problem, parts
        quantile_move(state, spreads, (1.1, 0.7), *given)
    return [*state.tolist(), *spreads.tolist()]


NUMBERS: dict[str, Callable[[], list[float]]] = {
    "noisy run": lambda: _noisy_runs()[0],
    "run at quantiles": lambda: _noisy_runs()[1],
    "noisy means": _noisy_means,
    "sphere run at quantiles": _sphere_quantiles,
}
