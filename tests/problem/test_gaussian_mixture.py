"""The general mixture: density, draws, parameters."""

import numpy as np
import pytest
from scipy import stats

from anneal_theory.errors import DomainError
from anneal_theory.problem import BimodalTarget, GaussianMixture
from tests.budgets import FALSE_ALARM

MIXTURE = GaussianMixture([[1.0, 0.0], [-2.0, 1.0], [0.0, 4.0]], [0.5, 0.3, 0.2], variance=0.7)


def test_log_density_is_that_of_the_sum_of_normals():
    x = np.random.default_rng(1).normal(size=(3, 5, 2), scale=3)
    parts = [w * stats.multivariate_normal(m, 0.7).pdf(x) for m, w in zip(MIXTURE.means, MIXTURE.weights, strict=True)]
    assert MIXTURE.log_prob(x) == pytest.approx(np.log(sum(parts)), rel=1e-13)


def test_two_modes_on_an_axis_are_the_bimodal_target():
    x = np.random.default_rng(2).normal(size=(50, 2), scale=3)
    pair = GaussianMixture([[3.0, 0.0], [-3.0, 0.0]], [0.8, 0.2])
    assert pair.log_prob(x) == pytest.approx(BimodalTarget(3, 0.8).log_prob(x), rel=1e-13)


def marginal(x, axis):
    scale = 0.7**0.5
    return sum(w * stats.norm.cdf(x, m[axis], scale) for m, w in zip(MIXTURE.means, MIXTURE.weights, strict=True))


def test_draws_follow_the_law_of_the_mixture():
    draws = MIXTURE.sample(20_000, np.random.default_rng(3))
    for axis in (0, 1):
        assert stats.kstest(draws[:, axis], marginal, args=(axis,)).pvalue > FALSE_ALARM
    assert np.cov(draws.T)[0, 1] == pytest.approx(-0.3 * 2.0 - MIXTURE.weights @ MIXTURE.means[:, 0] * 1.1, abs=0.15)


def test_the_arrays_are_copies_that_cannot_change():
    means = np.array([[1.0, 0.0]])
    mixture = GaussianMixture(means, [1.0])
    means[0, 0] = 7
    assert mixture.means[0, 0] == 1
    with pytest.raises(ValueError, match="read-only"):
        mixture.weights[0] = 2


@pytest.mark.parametrize(
    ("means", "weights", "variance", "name"),
    [
        ([1.0, 2.0], [1.0], 1.0, "means"),
        ([[1.0], [2.0, 3.0]], [0.5, 0.5], 1.0, "means"),
        ([[float("nan"), 1.0]], [1.0], 1.0, "means"),
        ([], [], 1.0, "means"),
        ([[1.0, 2.0]], [0.5, 0.5], 1.0, "weights"),
        ([[1.0], [2.0]], [1.2, -0.2], 1.0, "weights"),
        ([[1.0], [2.0]], [0.5, float("nan")], 1.0, "weights"),
        ([[1.0], [2.0]], [0.5, 0.6], 1.0, "weights"),
        ([[1.0]], [1.0], 0.0, "variance"),
        ([[1.0]], [1.0], float("nan"), "variance"),
    ],
)
def test_what_is_no_mixture_is_refused(means, weights, variance, name):
    with pytest.raises(DomainError, match=rf"(?s)^{name} must be .*, but was .*; .*\.$"):
        GaussianMixture(means, weights, variance)


def test_points_of_another_dimension_are_refused():
    with pytest.raises(DomainError, match=r"^x must be points of shape \(\.\.\., 2\), but was \(4, 1\); "):
        MIXTURE.log_prob(np.zeros((4, 1)))
