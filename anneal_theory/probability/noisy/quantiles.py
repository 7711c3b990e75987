"""The collapse probability with noise, by runs at quantiles: an average over the start and over |Delta_perp|.

A run follows the drift, at one quantile of delta and one of |Delta_perp| (`derivations.gradient_noise`). The critical
quantile of delta is found for each of a few starts s(0) and quantiles of |Delta_perp|, whose law at the start is exact.
"""

import math
from dataclasses import dataclass

import numpy as np
from scipy import special

from anneal_theory._types import FloatArray
from anneal_theory.formulas.alignment_noise import chance_move
from anneal_theory.formulas.start_law import centre_deviation, difference_deviation, length_deviation, normal_exponent
from anneal_theory.initial_law import chi
from anneal_theory.models.runs import on_all_cores
from anneal_theory.numerics.gauss import legendre_rule
from anneal_theory.probability.noisy.pair_noise_kernels import critical_quantiles
from anneal_theory.probability.noisy.training_noise import NoisyTraining
from anneal_theory.problem import BimodalTarget, GaussianInit
from anneal_theory.work import count_work

REACH = 5.0  # standard deviations of a start's place that are averaged over: 6e-7 of its law lie beyond
_LIMITS = (-60.0, math.log(8.0))  # of log zeta_c: beyond the second 1e-15 of the law are left
_LAST = 21.0  # of zeta_c/sqrt(2): beyond, the chance is 1 to the last bit
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
    nodes, weights = start_nodes(training.problem[2][0], target, init, rule.overlaps, rule.lengths)
    centres, lengths, quantiles = nodes.T
    spread, loose = target.separation * difference_deviation(init.scale), length_deviation(float(init.dim))
    alike = np.ones(len(nodes))
    starts = np.stack([centres, spread * alike, lengths, loose * alike, quantiles], axis=1)
    count_work(nodes=len(starts))
    guesses = np.zeros(len(starts)) if first is None else np.clip(first.logs, *_LIMITS)
    reach = _REACH_FROM_NOWHERE if first is None else 2 * rule.tolerance
    logs = _critical(training, starts, guesses, reach, rule.tolerance)
    return averaged(weights, logs, rule.tolerance)


def start_nodes(
    saddle: float, target: BimodalTarget, init: GaussianInit, overlaps: int, lengths: int
) -> tuple[FloatArray, FloatArray]:
    """Starts (s, log |Delta_perp|, its quantile), shape (n, 3), and their weights.

    Args:
        saddle: The unstable zero of s, nan where there is none.
        target: For R.
        init: Their law.
        overlaps: Nodes of s on either side of the zero.
        lengths: Of |Delta_perp|.
    """
    deviation = float(centre_deviation(target.separation, init.scale))
    places, weights = gathered_nodes(saddle / deviation if math.isfinite(saddle) else math.inf, overlaps)
    quantiles, shares = gaussian_nodes(lengths)
    logs = np.log(difference_deviation(init.scale) * chi(init.dim - 1, special.ndtr(quantiles)))
    nodes = [(deviation * place, *one) for place in places for one in zip(logs, quantiles, strict=True)]
    return np.array(nodes), np.outer(weights, shares).ravel()


def averaged(weights: FloatArray, logs: FloatArray, tolerance: float) -> Average:
    """The average of the chances of critical quantiles, and by how much their tolerance may move it."""
    arguments = np.exp(logs) / math.sqrt(2.0)
    chances = special.erf(arguments)
    slopes = chance_move(error_argument=np.minimum(arguments, _LAST), noise_shift=1.0, noise_width=0.0)
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
        masses.append(2.0 * length * nodes * weights * np.exp(normal_exponent(places[-1], 1.0)))
    mass = np.concatenate(masses)
    return np.concatenate(places), mass / mass.sum()


def gaussian_nodes(count: int) -> tuple[FloatArray, FloatArray]:
    """Gauss's rule for averages over a standard normal."""
    nodes, weights = np.polynomial.hermite_e.hermegauss(count)
    return nodes, weights / weights.sum()
