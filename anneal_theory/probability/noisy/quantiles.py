"""The collapse probability with noise, by runs at quantiles: an average over the start and over |Delta_perp|.

A run follows the drift, at one quantile of delta and one of |Delta_perp| (`derivations.gradient_noise`). The critical
quantile of delta is found for each of a few starts s(0) and quantiles of |Delta_perp|, whose law at the start is exact.
"""

import math
from dataclasses import dataclass

import numpy as np
from scipy import special

from anneal_theory._types import FloatArray
from anneal_theory.initial_law import chi
from anneal_theory.models.runs import on_all_cores
from anneal_theory.numerics.gauss import legendre_rule
from anneal_theory.probability.noisy.pair_noise_kernels import critical_quantiles
from anneal_theory.probability.noisy.training_noise import NoisyTraining
from anneal_theory.problem import BimodalTarget, GaussianInit
from anneal_theory.work import count_work

REACH = 5.0  # standard deviations of a start's place that are averaged over: 6e-7 of its law lie beyond
_LIMITS = (-60.0, math.log(8.0))  # of log zeta_c: beyond the second 1e-15 of the law are left
_LAST = 30.0  # of zeta_c: beyond, the chance is 1 to the last bit
_REACH_FROM_NOWHERE = 0.25  # of log zeta_c: the first step of a search that knows nothing


@dataclass(frozen=True)
class Rule:
    """How fine an average is.

    Attributes:
        overlaps: Starts s(0), or where the unstable zero lies among them so many on either side of it.
        lengths: Quantiles of |Delta_perp|.
        tolerance: Of log zeta_c.
    """

    overlaps: int
    lengths: int
    tolerance: float


FINE = Rule(overlaps=16, lengths=5, tolerance=5e-4)
CHECK = Rule(overlaps=10, lengths=4, tolerance=2e-3)  # beside the fine one: what they differ by is the error told
COARSE = Rule(overlaps=6, lengths=3, tolerance=2e-2)
QUICK = Rule(overlaps=5, lengths=1, tolerance=1e-2)


@dataclass(frozen=True, eq=False)
class Average:
    """P by a rule.

    Attributes:
        value: The average of erf(zeta_c / sqrt(2)).
        error: What the tolerance of zeta_c may change.
        logs: log zeta_c of each node.
    """

    value: float
    error: float
    logs: FloatArray


def quantile_average(
    training: NoisyTraining, target: BimodalTarget, init: GaussianInit, rule: Rule, first: Average | None = None
) -> Average:
    """P by runs at quantiles.

    Args:
        training: The training with noise.
        target: Its target.
        init: Law of its starts.
        rule: Nodes and tolerance.
        first: By the same rule in longer moves, which are cheaper: its quantiles are where the search begins.
    """
    saddle = training.problem[2][0]
    deviation = target.separation * init.scale / math.sqrt(2.0)
    places, weights = gathered_nodes(saddle / deviation if math.isfinite(saddle) else math.inf, rule.overlaps)
    quantiles, shares = gaussian_nodes(rule.lengths)
    lengths = np.log(math.sqrt(2.0) * init.scale * chi(init.dim - 1, special.ndtr(quantiles)))
    spread, loose = math.sqrt(2.0) * target.separation * init.scale, 1.0 / math.sqrt(2.0 * (init.dim - 1))
    starts = np.array([
        (deviation * place, spread, length, loose, quantile)
        for place in places for length, quantile in zip(lengths, quantiles, strict=True)
    ])  # fmt: skip
    count_work(nodes=len(starts))
    guesses = np.zeros(len(starts)) if first is None else np.clip(first.logs, *_LIMITS)
    reach = _REACH_FROM_NOWHERE if first is None else 2 * rule.tolerance
    logs = _critical(training, starts, guesses, reach, rule.tolerance)
    return averaged(np.outer(weights, shares).ravel(), logs, rule.tolerance)


def averaged(weights: FloatArray, logs: FloatArray, tolerance: float) -> Average:
    """The average of the chances of critical quantiles, and by how much their tolerance may move it."""
    critical = np.exp(logs)
    chances = special.erf(critical / math.sqrt(2.0))
    near = np.minimum(critical, _LAST)
    slopes = math.sqrt(2.0 / math.pi) * near * np.exp(-0.5 * near**2)
    return Average(float(weights @ chances), float(0.5 * tolerance * weights @ slopes), logs)


def _critical(
    training: NoisyTraining, starts: FloatArray, guesses: FloatArray, reach: float, tolerance: float
) -> FloatArray:
    """log zeta_c of each start."""
    rest = (reach, tolerance, _LIMITS, training.problem, training.noise, training.plan)
    critical, runs, moves = on_all_cores(critical_quantiles, (starts, guesses), rest)
    count_work(runs=sum(runs), steps=sum(moves))
    return np.asarray(critical[0])


def gathered_nodes(place: float, count: int) -> tuple[FloatArray, FloatArray]:
    """Nodes of a normal law, in standard deviations, and their weights, for averages of zeta_c.

    Args:
        place: Where zeta_c has a power law, towards which so many nodes gather from either side; Gauss's nodes where
            it is beyond REACH.
        count: How many.
    """
    if abs(place) >= REACH:
        return gaussian_nodes(count)
    nodes, weights = legendre_rule(count)
    nodes, weights = 0.5 * (1.0 + np.asarray(nodes)), 0.5 * np.asarray(weights)
    places, masses = [], []
    for side in (-1.0, 1.0):
        length = REACH - side * place
        places.append(place + side * length * nodes**2)
        masses.append(2.0 * length * nodes * weights * np.exp(-0.5 * places[-1] ** 2))
    mass = np.concatenate(masses)
    return np.concatenate(places), mass / mass.sum()


def gaussian_nodes(count: int) -> tuple[FloatArray, FloatArray]:
    """Gauss's rule for averages over a standard normal."""
    nodes, weights = np.polynomial.hermite_e.hermegauss(count)
    return nodes, weights / weights.sum()
