"""Effective sample sizes of trained pairs, beside those of samples in all dimensions."""

import numpy as np
import pytest
from scipy.stats import multivariate_normal

from anneal_theory.problem import BimodalTarget, GaussianMixture
from anneal_theory.results import Outcomes
from anneal_theory.training.sample_sizes import effective_sample_sizes


def outcome(m1, m2, s11, s12, s22):
    values = {"m1": m1, "m2": m2, "s11": s11, "s12": s12, "s22": s22}
    statistics = {name: np.array([float(value)]) for name, value in values.items()}
    return Outcomes(np.array([m1 * m2 > 0]), np.array([0.5]), statistics)


def test_a_perfect_fit_has_effective_sample_sizes_of_one():
    r2 = 3.0**2
    found = effective_sample_sizes(outcome(r2, -r2, r2, -r2, r2), BimodalTarget(3, "0.8"), 0.8, 5)
    for name in ("ess", "forward_ess"):  # the Gram matrix is singular, its root good to 1e-8
        assert found[name] == pytest.approx(1, abs=1e-6)


def test_effective_sample_sizes_are_those_of_samples_in_all_dimensions():
    """Means off the axis in 5 dimensions, 40000 samples each way: 3 % covers 7 standard errors of both."""
    rng, target = np.random.default_rng(3), BimodalTarget("1.5", "0.7")
    means = np.array([[1.0, 0.4, -0.3, 0.0, 0.2], [-0.8, 0.1, 0.5, -0.4, 0.0]])
    m1, m2 = 1.5 * means[:, 0]
    gram = means @ means.T
    found = effective_sample_sizes(outcome(m1, m2, gram[0, 0], gram[0, 1], gram[1, 1]), target, 0.4, 5, 40000)
    family = GaussianMixture(means, [0.4, 0.6])
    drawn, theirs = family.sample(40000, rng), target.sample(40000, 5, rng)
    weights = np.exp(target.log_prob(drawn) - family.log_prob(drawn))
    assert found["ess"] == pytest.approx(weights.sum() ** 2 / (40000 * (weights**2).sum()), rel=0.03)
    forward = 1 / np.mean(np.exp(target.log_prob(theirs) - family.log_prob(theirs)))
    assert found["forward_ess"] == pytest.approx(forward, rel=0.03)


def test_effective_sample_sizes_on_the_sphere_are_those_of_samples_in_all_dimensions():
    """Variances apart, 40000 samples each way: 3 % covers 6 standard errors of both; lengths left out miss by more."""
    rng, target = np.random.default_rng(4), BimodalTarget("1.5", "0.7")
    means = np.array([[1.0, 0.4, -0.3, 0.0, 0.2], [-0.8, 0.1, 0.5, -0.4, 0.0]])
    means *= 1.5 / np.linalg.norm(means, axis=1)[:, None]
    variances = np.array([1.05, 1.3])
    values = {"m1": 1.5 * means[0, 0], "m2": 1.5 * means[1, 0], "pair_overlap": means[0] @ means[1] / 1.5**2}
    values |= {"v1": variances[0], "v2": variances[1]}
    statistics = {name: np.array([value]) for name, value in values.items()}
    trained = Outcomes(np.array([False]), np.array([0.5]), statistics)
    found = effective_sample_sizes(trained, target, 0.4, 5, 40000)

    def log_family(points):
        parts = [
            np.log(share) + multivariate_normal(mean, v).logpdf(points)
            for share, mean, v in zip((0.4, 0.6), means, variances, strict=True)
        ]
        return np.logaddexp(*parts)

    own = (rng.random(40000) < 0.6).astype(int)
    drawn = means[own] + np.sqrt(variances[own])[:, None] * rng.standard_normal((40000, 5))
    theirs = target.sample(40000, 5, rng)
    weights = np.exp(target.log_prob(drawn) - log_family(drawn))
    assert found["ess"] == pytest.approx(weights.sum() ** 2 / (40000 * (weights**2).sum()), rel=0.03)
    forward = 1 / np.mean(np.exp(target.log_prob(theirs) - log_family(theirs)))
    assert found["forward_ess"] == pytest.approx(forward, rel=0.03)
