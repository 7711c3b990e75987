"""The collapse probability on the sphere with noise, by runs at quantiles: an average over m1 + m2 and the cosine c.

A run follows the drift at one quantile of x, the cosine of mu_1 - mu_2 with the axis, and one of m1 + m2
(`derivations.component_noise`); the critical quantile of x is found for each of a few quantiles of m1 + m2 and cosines
of the pair. The laws of both at the start are exact in every dimension.
"""

import math
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

import numpy as np
from scipy import special

from anneal_theory._types import FloatArray
from anneal_theory.formulas.start_law import log_normal_norm, normal_exponent
from anneal_theory.models.runs import on_all_cores
from anneal_theory.models.sphere_pair_kernels import FIXED
from anneal_theory.models.verdicts import HEAVY
from anneal_theory.probability.noisy.quantiles import REACH, Average, Rule, averaged, gathered_nodes
from anneal_theory.probability.noisy.sphere_quantile_kernels import critical_quantiles, run_of_start
from anneal_theory.probability.noisy.training_noise import NoisyTraining
from anneal_theory.probability.sphere.rules import gegenbauer_rule, log_cosine_density
from anneal_theory.work import count_work

_LIMITS = (-20.0, math.log(8.0))  # of log zeta_c: differences of overlaps keep some digits from the first on
_PLACES = np.linspace(-6.0, math.log(8.2), 400)  # of log zeta, where the law of a start is tabulated
_FROM_NOWHERE = 0.5  # of log zeta_c: the first step of a search that knows nothing
_BALANCED = 1e-3  # of a quantile: how well the sum is known at which an aimless pair changes its mode


def sphere_quantile_average(training: NoisyTraining, dim: int, rule: Rule) -> Average:
    """P by runs at quantiles; below 1e-8 it is only known to be as small.

    Args:
        training: The training with noise, of equal weights.
        dim: Of the means.
        rule: Nodes and tolerance; its lengths are cosines here.
    """
    model, temperatures = training.problem[0], training.plan[0]
    training = replace(training, problem=(*training.problem, _start_table(dim)))
    variance = 1.0 if model[6] == FIXED else float(temperatures[0])
    nodes, weights = sphere_nodes(
        dim, rule.overlaps, rule.lengths, lambda cosines: [_balance(training, dim, one, variance) for one in cosines]
    )
    starts = [_start(quantile, dim, cosine, variance) for quantile, _, cosine in nodes.tolist()]
    rest = (_FROM_NOWHERE, rule.tolerance, _LIMITS, training.problem, training.noise, training.plan)
    rows = np.array(starts), np.zeros(len(starts))
    critical, runs, moves = on_all_cores(critical_quantiles, rows, rest)
    count_work(nodes=len(starts), runs=sum(runs), steps=sum(moves))
    return averaged(weights, np.asarray(critical[0]), rule.tolerance)


def sphere_nodes(
    dim: int, sums: int, cosines: int, places: Callable[[FloatArray], Iterable[float]]
) -> tuple[FloatArray, FloatArray]:
    """Starts (quantile of y, y, c) of independent uniform means, shape (n, 3), and their weights.

    Args:
        dim: Of the means.
        sums: Nodes of y on either side of where a pair across the axis changes its mode.
        cosines: Nodes of c.
        places: From these to the quantiles of y there, infinite where there is none.
    """
    found, log_weights = gegenbauer_rule(dim, cosines)
    nodes, weights = [], []
    for cosine, log_weight, place in zip(found, log_weights, places(found), strict=True):
        quantiles, masses = gathered_nodes(place, sums)
        nodes += [(float(one), cosine_at(float(one), dim), float(cosine)) for one in quantiles]
        weights.append(math.exp(log_weight) * masses)
    return np.array(nodes), np.concatenate(weights)


def _start(quantile: float, dim: int, cosine: float, variance: float) -> tuple[float, float, float, float, float]:
    """A row of the kernels: the cosine y of the sum at a quantile of its law, and how it changes with that."""
    y = cosine_at(quantile, dim)
    log_slope = normal_exponent(quantile, 1.0) + log_normal_norm(1.0) - log_cosine_density(np.array([y]), dim)[0]
    return quantile, math.exp(log_slope), y, cosine, variance


def cosine_at(quantile: float, dim: int) -> float:
    """The cosine y of a uniform direction at a quantile of its law, in standard deviations of a normal one."""
    size = math.sqrt(special.betaincinv(0.5, 0.5 * (dim - 1), math.erf(abs(quantile) / math.sqrt(2.0))))
    return math.copysign(min(size, 1.0 - 1e-12), quantile)


def quantile_at(cosine: float, dim: int) -> float:
    """The quantile of a cosine, back again; infinite where doubles tell it from none."""
    inside = special.betainc(0.5, 0.5 * (dim - 1), cosine * cosine)
    return math.copysign(math.sqrt(2.0) * float(special.erfinv(inside)), cosine)


def _start_table(dim: int) -> tuple[FloatArray, float, float]:
    """log(u/zeta): u is a coordinate of a uniform direction in d - 1 dimensions, zeta its quantile."""
    inside = special.erf(np.exp(_PLACES) / math.sqrt(2.0))
    u = np.sqrt(special.betaincinv(0.5, 0.5 * (dim - 2), inside))
    return np.log(u) - _PLACES, float(_PLACES[0]), float(1.0 / (_PLACES[1] - _PLACES[0]))


def _balance(training: NoisyTraining, dim: int, cosine: float, variance: float) -> float:
    """The quantile of m1 + m2 at which a pair across the axis goes to neither mode; infinite where all go to one."""
    if training.problem[0][1] == 0.0:
        return 0.0

    def heavy(quantile: float) -> bool:
        rest: tuple[Any, ...] = training.problem, training.noise, training.plan, np.empty((3, 4))
        start = np.array(_start(quantile, dim, cosine, variance))
        return bool(run_of_start(start, math.exp(_LIMITS[0]), *rest)[0] == HEAVY)

    low, high = -REACH + 0.1, REACH - 0.1
    if heavy(low) == heavy(high):
        return math.inf
    while high - low > _BALANCED:
        middle = 0.5 * (low + high)
        low, high = (low, middle) if heavy(middle) else (middle, high)
    return 0.5 * (low + high)
