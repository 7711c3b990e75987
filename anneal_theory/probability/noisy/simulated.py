"""Runs of the reduced stochastic equation: training with noise in three numbers, in every dimension at one price."""

import numpy as np

from anneal_theory._types import BoolArray, FloatArray, IntArray
from anneal_theory.errors import DomainError
from anneal_theory.formulas.pair_coordinates import across_squared, distance_squared
from anneal_theory.initial_law import sample_full_statistics
from anneal_theory.models.verdicts import HEAVY, LIGHT
from anneal_theory.numerics.pools import side_by_side
from anneal_theory.probability.noisy.pair_noise_kernels import noisy_run
from anneal_theory.probability.noisy.training_noise import NoisyTraining
from anneal_theory.problem import BimodalTarget, GaussianInit
from anneal_theory.work import count_work

_MOST_RUNS = 2**22


def noisy_runs(
    training: NoisyTraining, target: BimodalTarget, init: GaussianInit, replicas: int, seed: int
) -> tuple[IntArray, FloatArray]:
    """Verdicts of independent runs, and their last (s, delta, |Delta_perp|), shape (n, 3).

    Raises:
        DomainError: so many runs do not fit in memory.
    """
    if replicas > _MOST_RUNS:
        raise DomainError.of("replicas", f"at most {_MOST_RUNS}, to fit in memory", replicas, "use fewer runs")
    starts = sample_full_statistics(target, init, replicas, np.random.default_rng(seed))
    m1, m2, s11, s12, s22 = starts.T
    square = distance_squared(s11, s12, s22)
    across = np.sqrt(np.maximum(across_squared(m1, m2, square, target.separation), 0.0))
    states = np.ascontiguousarray(np.stack([0.5 * (m1 + m2), m1 - m2, across], axis=1))
    codes = np.empty(replicas, dtype=np.int64)

    def run(replica: int) -> int:
        rng = np.random.Generator(np.random.SFC64(np.random.SeedSequence(seed, spawn_key=(replica,))))
        codes[replica], moves = noisy_run(
            rng, states[replica], training.problem, training.noise, training.plan, training.quiet_from
        )
        return int(moves)

    count_work(runs=replicas, steps=sum(side_by_side(run, range(replicas))))
    return codes, states


def collapsed(codes: IntArray) -> BoolArray:
    """Whether the overlaps of each run have one sign."""
    return np.asarray((codes == HEAVY) | (codes == LIGHT))
