"""Training on the sphere through autograd beside the plain route."""

import numpy as np
import pytest
import torch
from scipy.stats import ks_2samp

import anneal_theory as at
from anneal_theory.errors import DomainError, SolveError
from anneal_theory.problem import GaussianMixture
from anneal_theory.schedules import ExponentialToOne
from anneal_theory.training.sphere_plain import widened_gradient
from anneal_theory.training.sphere_torch import widened_torch_gradient
from tests.budgets import FALSE_ALARM

pytestmark = pytest.mark.usefixtures("one_thread")
TARGET, COOLING = at.BimodalTarget(3, "0.8"), ExponentialToOne(9, 2)
PAPER = {"objective": "free-energy", "constraint": "sphere", "variance": "trained"}


@pytest.mark.parametrize("way", ["plain", "path"])
def test_autograd_gives_the_gradient_of_the_plain_route(way):
    rng = np.random.default_rng(3)
    target = GaussianMixture(rng.normal(size=(4, 3)), [0.1, 0.2, 0.3, 0.4], variance=1.3)
    weights, noise = np.array([0.3, 0.7]), rng.normal(size=(5, 2, 7, 3))
    means, variances = rng.normal(size=(5, 2, 3)), rng.uniform(0.3, 3, (5, 2))
    places = [torch.from_numpy(one) for one in (means, variances, weights)]
    slopes, widening = widened_torch_gradient(*places, target, 0.6, torch.from_numpy(noise), way)
    for j in range(5):
        one = widened_gradient(means[j], variances[j], weights, target, 0.6, noise[j], way)
        np.testing.assert_allclose(slopes[j], one[0], rtol=1e-10, atol=1e-12)
        np.testing.assert_allclose(widening[j], one[1], rtol=1e-10, atol=1e-12)


@pytest.mark.slow
@pytest.mark.parametrize(("rule", "weight"), [("trained", 0.5), ("follows-temperature", 0.5), ("trained", 0.7)])
def test_runs_are_those_of_the_reduced_route(rule, weight):
    """Kolmogorov's and Smirnov's test of 400 runs each at time 3: sees a shift of 0.45 standard deviations."""
    words = PAPER | {"variance": rule, "step_size": 0.2, "end_time": 3, "highest_final_temperature": 9}
    words |= {"most_undecided": 1, "replicas": 400, "batch_size": 5, "family_weight": weight}
    start = at.SphereInit(7)
    torch_runs = at.train_mixture_torch(TARGET, COOLING, start, **words).statistics
    reduced = at.train_mixture(TARGET, COOLING, start, seed=1, threads=1, **words).statistics
    for name in ("m1", "m2", "pair_overlap", "v1", "v2"):
        if name not in ("v1", "v2") or rule == "trained":
            assert ks_2samp(torch_runs[name], reduced[name]).pvalue > FALSE_ALARM


def test_the_verdict_is_the_sign_of_the_cosine_of_the_pair():
    words = PAPER | {"batch_size": 20, "step_size": 0.2, "end_time": 40, "most_undecided": 0.3}
    found = at.train_mixture_torch(TARGET, COOLING, at.SphereInit(8), replicas=10, **words)
    assert np.array_equal(found.collapsed[~found.undecided], found.statistics["pair_overlap"][~found.undecided] > 0)
    assert found.settings["constraint"] == "sphere"


def test_runs_cut_short_and_laws_of_free_means_are_refused():
    words = PAPER | {"batch_size": 4, "step_size": 0.2, "end_time": 15}
    with pytest.raises(SolveError, match="had not settled"):
        at.train_mixture_torch(TARGET, COOLING, at.SphereInit(8), **words)
    with pytest.raises(DomainError, match=r"^init must be a SphereInit"):
        at.train_mixture_torch(TARGET, COOLING, at.GaussianInit(8), **words)
