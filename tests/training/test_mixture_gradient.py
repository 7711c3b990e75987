"""Both routes' gradients: the derivative of what they say, and one law."""

import numpy as np
import pytest
from scipy.stats import norm

from anneal_theory.problem import BimodalTarget, GaussianMixture
from anneal_theory.problem.mixture import as_mixture
from anneal_theory.training.mixture_kernels import gradient, perpendicular_covariance, reduced_step, sampled_sums
from anneal_theory.training.mixture_plain import mixture_gradient
from tests.budgets import FALSE_ALARM
from tests.training.one_law import assert_one_law

TARGET = BimodalTarget(2, "0.7")
STATE = np.array([0.8, -0.5, 0.6, -0.7, 0.4])
WEIGHTS = np.array([0.35, 0.65])


def _loss(means, weights, target, beta, noise):
    """sum_j w_j mean_n [log q - beta log p](mu_j + eps_jn), from the densities."""
    family, total = GaussianMixture(means, weights), 0.0
    for weight, mean, batch in zip(weights, means, noise, strict=True):
        points = mean + batch
        total += weight * np.mean(family.log_prob(points) - beta * target.log_prob(points))
    return total


def test_the_plain_gradient_is_the_derivative_of_the_estimated_loss():
    rng = np.random.default_rng(3)
    target = GaussianMixture(rng.normal(size=(4, 3)), [0.1, 0.2, 0.3, 0.4], variance=1.3)
    means, weights, noise = rng.normal(size=(3, 3)), np.array([0.5, 0.2, 0.3]), rng.normal(size=(3, 7, 3))
    found, step = mixture_gradient(means, weights, target, 0.6, noise), 1e-5
    for i, a in np.ndindex(3, 3):
        shift = np.zeros((3, 3))
        shift[i, a] = step
        difference = _loss(means + shift, weights, target, 0.6, noise) - _loss(
            means - shift, weights, target, 0.6, noise
        )
        assert found[i, a] == pytest.approx(difference / (2 * step), abs=2e-9)  # eps/step plus step^2


@pytest.mark.slow
def test_both_gradients_have_the_same_mean():
    """Sees a difference of 6 standard errors, 0.01, in any coordinate."""
    rng, target = np.random.default_rng(4), as_mixture(TARGET, 2)
    means = np.array([[0.8, 0.6], [-0.5, -0.7]])
    batches = rng.normal(size=(2000, 2, 100, 2))
    gaps = [
        mixture_gradient(means, WEIGHTS, target, 0.4, noise, "plain")
        - mixture_gradient(means, WEIGHTS, target, 0.4, noise, "path")
        for noise in batches
    ]
    limit = norm.isf(FALSE_ALARM / 8) * np.std(gaps, axis=0) / 2000**0.5
    assert np.all(np.abs(np.mean(gaps, axis=0)) < limit)
    assert np.all(limit < 0.02)


def _reduced_ends(count, dim, beta, batch, score, rate):
    """Overlaps with mu* / R and entries of the perpendicular Gram matrix after one step, many times."""
    rng, counter = np.random.Generator(np.random.SFC64(7)), np.uint64(11)
    sums, slope, covariance = np.zeros((2, 7)), np.zeros((2, 3)), np.zeros(3)
    buffers, rates, ends = tuple(np.empty(batch) for _ in range(4)), np.array([rate, rate]), np.empty((count, 5))
    log_odds = np.log(WEIGHTS[0] / WEIGHTS[1])
    for row in ends:
        state = STATE.copy()
        used = sampled_sums(counter, state, TARGET.separation, TARGET.half_log_odds, log_odds, batch, buffers, sums)
        counter = np.uint64(used)
        perpendicular_covariance(WEIGHTS, beta, score, batch, sums, covariance)
        gradient(state, TARGET.separation, WEIGHTS, beta, score, sums, slope)
        reduced_step(rng, dim, state, rates, slope, covariance)
        c1, c2, u1, u2, v = state
        row[:] = c1, c2, u1 * u1 + v * v, u1 * u2 + v * v, u2 * u2 + v * v
    return ends


def _plain_ends(count, dim, beta, batch, score, rate):
    rng, target, ends = np.random.default_rng(8), as_mixture(TARGET, dim), np.empty((count, 5))
    start = np.zeros((2, dim))
    start[0, :2], start[1, :2] = (0.8, 0.6), (-0.5, -0.7)
    start[:, 2 if dim > 2 else 1] += STATE[4] if dim > 2 else 0.0
    for row in ends:
        noise = rng.normal(size=(2, batch, dim))
        means = start - rate * mixture_gradient(start, WEIGHTS, target, beta, noise, "plain" if score else "path")
        gram = means[:, 1:] @ means[:, 1:].T
        row[:] = means[0, 0], means[1, 0], gram[0, 0], gram[0, 1], gram[1, 1]
    return ends


@pytest.mark.parametrize(
    ("dim", "score", "beta"),
    [(3, True, 0.3), pytest.param(4, True, 0.3, marks=pytest.mark.slow), (9, True, 1.0), (9, False, 0.3)],
)
def test_one_step_has_one_law_on_both_routes(dim, score, beta):
    """Means and second moments of the overlaps and the Gram matrix; sees 9 standard errors of either route.

    Four samples a batch and a large step, so that the noise is most of it: one degree of freedom of nine is seen.
    """
    count = 8000
    reduced, plain = (route(count, dim, beta, 4, score, 4.0) for route in (_reduced_ends, _plain_ends))
    assert_one_law(reduced, plain)
