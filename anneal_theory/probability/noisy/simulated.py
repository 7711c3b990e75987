"""Runs of the reduced stochastic equation: training with noise in a few numbers, in every dimension at one price."""

from typing import Any

import numpy as np

from anneal_theory._types import BoolArray, FloatArray, IntArray
from anneal_theory.errors import DomainError
from anneal_theory.formulas.pair_coordinates import across_products, across_squared, distance_squared, weighted_mean
from anneal_theory.initial_law import sample_full_statistics
from anneal_theory.models.verdicts import HEAVY, LIGHT
from anneal_theory.numerics.pools import parallel_map
from anneal_theory.probability.noisy.means_noise_kernels import noisy_means_run
from anneal_theory.probability.noisy.means_problem import is_pair
from anneal_theory.probability.noisy.pair_noise_kernels import noisy_run
from anneal_theory.probability.noisy.training_noise import NoisyTraining
from anneal_theory.problem import BimodalTarget, Dynamics, GaussianInit, SphereInit
from anneal_theory.work import count_work

_MOST_RUNS = 2**22


def noisy_runs(
    training: NoisyTraining, target: BimodalTarget, init: GaussianInit | SphereInit, dynamics: Dynamics, replicas: int,
    seed: int,
) -> tuple[IntArray, dict[str, FloatArray]]:  # fmt: skip
    """Verdicts of independent runs, and their last statistics by name.

    Raises:
        DomainError: so many runs do not fit in memory.
    """
    if replicas > _MOST_RUNS:
        raise DomainError.of("replicas", f"at most {_MOST_RUNS}, to fit in memory", replicas, "use fewer runs")
    rng, codes = np.random.default_rng(seed), np.empty(replicas, dtype=np.int64)
    kernel: Any = noisy_run if is_pair(dynamics) else noisy_means_run
    if isinstance(init, SphereInit):
        states = _sphere_states(target, init.dim, replicas, rng)
        states[:, 5] = training.plan[0][0] if dynamics.variance != "fixed" else 1.0
    else:
        full = sample_full_statistics(target, init, replicas, rng)
        states = _pair_states(full, target) if is_pair(dynamics) else _means_states(full, target)

    def run(replica: int) -> int:
        own = np.random.Generator(np.random.SFC64(np.random.SeedSequence(seed, spawn_key=(replica,))))
        codes[replica], moves = kernel(
            own, states[replica], training.problem, training.noise, training.plan, training.quiet_from
        )
        return int(moves)

    count_work(runs=replicas, steps=sum(parallel_map(run, range(replicas))))
    return codes, _named(states, target, dynamics)


def _pair_states(full: FloatArray, target: BimodalTarget) -> FloatArray:
    """(s, delta, |Delta_perp|) of starts (m1, m2, s11, s12, s22)."""
    m1, m2, s11, s12, s22 = full.T
    square = distance_squared(s11, s12, s22)
    across = np.sqrt(np.maximum(across_squared(m1, m2, square, target.separation), 0.0))
    return np.ascontiguousarray(np.stack([weighted_mean(m1, m2, 0.5), m1 - m2, across], axis=1))


def _means_states(full: FloatArray, target: BimodalTarget) -> FloatArray:
    """(c1, c2, g11, g12, g22, v) of the same, of variance 1."""
    m1, m2, s11, s12, s22 = full.T
    parts, radius = across_products(m1, m2, s11, s12, s22, target.separation), target.separation
    return np.ascontiguousarray(np.stack([m1 / radius, m2 / radius, *parts, np.ones_like(m1)], axis=1))


def _sphere_states(target: BimodalTarget, dim: int, count: int, rng: np.random.Generator) -> FloatArray:
    """The same of independent uniform means: Gaussian vectors, along the axis and across, brought to the length R."""
    along, mixed = rng.standard_normal((2, count)), rng.standard_normal(count)
    long, rest = np.sqrt(rng.chisquare(dim - 1, count)), rng.chisquare(dim - 2, count)
    first, second = target.separation / np.hypot(along[0], long), np.sqrt(along[1] ** 2 + mixed**2 + rest)
    second = target.separation / second
    c1, c2 = first * along[0], second * along[1]
    g11, g12, g22 = (first * long) ** 2, first * long * second * mixed, second**2 * (mixed**2 + rest)
    return np.ascontiguousarray(np.stack([c1, c2, g11, g12, g22, np.ones(count)], axis=1))


def _named(states: FloatArray, target: BimodalTarget, dynamics: Dynamics) -> dict[str, FloatArray]:
    """The statistics by the names that training gives them."""
    if is_pair(dynamics):
        return {name: states[:, axis].copy() for axis, name in enumerate(("s", "delta", "across"))}
    c1, c2, g11, g12, g22, v = states.T
    overlaps = {"m1": target.separation * c1, "m2": target.separation * c2}
    if dynamics.constraint == "sphere":
        return overlaps | {"pair_overlap": (g12 + c1 * c2) / target.separation**2, "variance": v.copy()}
    return overlaps | {"s11": g11 + c1 * c1, "s12": g12 + c1 * c2, "s22": g22 + c2 * c2}


def collapsed(codes: IntArray) -> BoolArray:
    """Whether both means of each run are at one mode."""
    return np.asarray((codes == HEAVY) | (codes == LIGHT))
