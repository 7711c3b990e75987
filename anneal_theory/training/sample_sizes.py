"""Effective sample sizes of trained pairs, from their statistics: how far a pair is from the target, either way."""

from collections.abc import Mapping

import numpy as np

from anneal_theory._types import BoolArray, FloatArray
from anneal_theory.problem import BimodalTarget
from anneal_theory.quantities.doors import checked
from anneal_theory.results import Outcomes
from anneal_theory.training.outcome import forward_relative_ess, reverse_ess

_SPAN = 3  # dimensions of mu*, mu_1 and mu_2


@checked
def effective_sample_sizes(
    found: Outcomes, target: BimodalTarget, family_weight: float, dim: int, samples: int = 1000, seed: int = 0
) -> dict[str, FloatArray]:
    """Relative effective sample sizes of trained pairs of means, one a replica.

    found has m1, m2, s11, s12, s22 of free means, or m1, m2, pair_overlap, v1, v2 on the sphere. "ess" is at samples of
    the pair, which cannot see a mode that it has lost, "forward_ess", ``1/E_p[p/q]``, at samples of the target, which
    does; NaN for undecided replicas. Both densities depend on x through its products with mu*, mu_1 and mu_2
    and, where a component's variance is not 1, its length: these are drawn.
    """
    rng = np.random.default_rng(seed)
    noise = rng.standard_normal((samples, _SPAN))
    own = np.where(rng.random(samples) < family_weight, 1, 2)
    theirs = np.where(rng.random(samples) < target.weight, 1.0, -1.0)
    aside = rng.chisquare(dim - _SPAN, samples) if dim > _SPAN else np.zeros(samples)
    ratios: tuple[list[FloatArray], list[FloatArray]] = ([], [])
    decided = ~found.undecided
    for gram, variances in zip(*_pairs(found.statistics, target.separation, decided), strict=True):
        values, vectors = np.linalg.eigh(gram)
        places = vectors * np.sqrt(np.maximum(values, 0))  # of mu*, mu_1 and mu_2 in their span
        scale = np.append(1.0, variances)[own]
        for side, (centre, width) in enumerate(((places[own], scale), (theirs[:, None] * places[0], np.ones(samples)))):
            within = centre + np.sqrt(width)[:, None] * noise
            square = np.sum(within**2, axis=1) + width * aside
            ratios[side].append(_log_ratio(within @ places.T, square, gram, variances, target, family_weight, dim))
    sizes = {name: np.full(found.replicas, np.nan) for name in ("ess", "forward_ess")}
    if decided.any():
        sizes["ess"][decided] = reverse_ess(np.array(ratios[0]))
        sizes["forward_ess"][decided] = forward_relative_ess(np.array(ratios[1]))
    return sizes


def _pairs(
    statistics: Mapping[str, FloatArray], separation: float, decided: BoolArray
) -> tuple[FloatArray, FloatArray]:
    """Products of mu*, mu_1 and mu_2 with each other, shape (pairs, 3, 3), and both variances."""
    m1, m2 = statistics["m1"][decided], statistics["m2"][decided]
    square = np.full(m1.shape, separation**2)
    if "pair_overlap" in statistics:
        s11, s12, s22 = square, square * statistics["pair_overlap"][decided], square
        variances = np.stack([statistics["v1"][decided], statistics["v2"][decided]], axis=-1)
    else:
        s11, s12, s22 = (statistics[name][decided] for name in ("s11", "s12", "s22"))
        variances = np.ones((*m1.shape, 2))
    return np.stack([square, m1, m2, m1, s11, s12, m2, s12, s22], axis=-1).reshape(-1, _SPAN, _SPAN), variances


def _log_ratio(
    products: FloatArray, square: FloatArray, gram: FloatArray, variances: FloatArray, target: BimodalTarget,
    family_weight: float, dim: int,
) -> FloatArray:  # fmt: skip
    """log p - log q from the products of x with mu*, mu_1 and mu_2 and its square, both relative to N(0, I)."""
    axis, *own = products.T
    log_p = np.logaddexp(np.log(target.weight) + axis, np.log(float(1 - target.exact_weight)) - axis) - gram[0, 0] / 2
    first, second = (
        np.log(weight) + (product - length / 2) / v + (1 - 1 / v) * square / 2 - dim / 2 * np.log(v)
        for weight, product, length, v in zip(
            (family_weight, 1 - family_weight), own, np.diag(gram)[1:], variances, strict=True
        )
    )
    return np.asarray(log_p - np.logaddexp(first, second), dtype=np.float64)
