"""The general family's loss and gradients against the KL divergence itself, on a grid."""

import mpmath
import numpy as np
import pytest

from anneal_theory.errors import DomainError
from anneal_theory.gradient_flow import GramState, loss_gradients, responsibilities
from anneal_theory.problem import BimodalTarget, GaussianMixture
from tests.oracles import kl_grid

# The grid sums are exact to 1e-13; the package's own quadrature promises 1e-10.
EXACT = 1e-10


def setting(seed: int, components: int, modes: int, variance: float):
    rng = np.random.default_rng(seed)
    means, centres = 1.5 * rng.normal(size=(components, 2)), 2.0 * rng.normal(size=(modes, 2))
    family, target = rng.dirichlet(np.full(components, 3.0)), rng.dirichlet(np.full(modes, 3.0))
    state = GramState.from_means(means, GaussianMixture(centres, target), family, variance)
    return state, (means, family, variance, centres, target)


CASES = [(1, 3, 3, 1.0), (2, 3, 3, 0.6), (3, 2, 3, 1.7), (4, 3, 2, 1.0), (5, 2, 2, 1.0), (6, 1, 3, 1.0), (7, 3, 1, 0.8)]


@pytest.mark.parametrize("case", CASES)
def test_mean_gradients_are_those_of_the_kl_divergence(case):
    state, parts = setting(*case)
    coefficients = loss_gradients(state, 2.5, 2).means
    gradient = coefficients @ np.vstack([parts[0], parts[3]])
    assert np.max(np.abs(gradient - kl_grid.mean_gradient(*parts, 1 / 2.5))) < EXACT


@pytest.mark.parametrize("case", CASES)
def test_the_loss_is_the_kl_divergence_up_to_the_normalisation_of_the_tempered_target(case):
    state, parts = setting(*case)
    expected = kl_grid.kl(*parts, 1 / 2.5, kl_grid.grid(parts[0], parts[2]))
    assert abs(loss_gradients(state, 2.5, 2).loss - expected) < EXACT


@pytest.mark.parametrize("case", CASES)
def test_the_variance_gradient_is_that_of_the_kl_divergence(case):
    state, parts = setting(*case)
    expected = kl_grid.variance_gradient(*parts, 1 / 2.5)
    assert abs(loss_gradients(state, 2.5, 2).variance - expected) < EXACT


@pytest.mark.parametrize("case", CASES)
def test_the_weight_gradients_are_those_of_the_kl_divergence(case):
    state, parts = setting(*case)
    expected = kl_grid.logit_gradient(*parts, 1 / 2.5)
    assert np.max(np.abs(loss_gradients(state, 2.5, 2).weight_logits - expected)) < EXACT


def test_responsibilities_of_two_far_components_match_their_definition():
    # One axis carries everything: r(x) = w1 N(x; a) / (w1 N(x; a) + w2 N(x; b)), averaged by adaptive quadrature.
    first, second, share = 4.0, -5.5, 0.3
    state = GramState.from_means([[first, 0.0], [second, 0.0]], BimodalTarget(7, 0.9), [share, 1 - share])
    family, target = responsibilities(state)

    def average(function, centre):
        panels = [centre - 12, centre - 4, *np.linspace(centre - 3, centre + 3, 7), centre + 4, centre + 12]
        return float(mpmath.quad(lambda x: mpmath.npdf(x, centre) * function(x), panels))

    def posterior(x, a, b, weight):
        return 1 / (1 + (1 - weight) / weight * mpmath.exp(((x - a) ** 2 - (x - b) ** 2) / 2))

    for row, centre in enumerate((first, second)):
        own = average(lambda x: posterior(x, first, second, share), centre)
        label = average(lambda x: posterior(x, 7, -7, mpmath.mpf(0.9)), centre)
        assert abs(family[row, 0] - own) < EXACT
        assert abs(target[row, 0] - label) < EXACT


def test_responsibilities_of_every_component_sum_to_one():
    for seed in range(20):
        family, target = responsibilities(setting(seed, 3, 3, 0.5 + seed / 10)[0])
        assert np.max(np.abs(family.sum(axis=1) - 1)) < 1e-13
        assert np.max(np.abs(target.sum(axis=1) - 1)) < 1e-13


def test_the_overlap_of_two_components_is_symmetric():
    # w_i E_i[r_j] = integral of q_i q_j / q.
    for seed in range(20):
        state = setting(seed, 3, 3, 1.0)[0]
        flux = state.family_weights[:, None] * responsibilities(state)[0]
        assert np.max(np.abs(flux - flux.T)) < 1e-13


def test_nothing_changes_when_all_means_turn_together():
    rng = np.random.default_rng(8)
    means, modes = rng.normal(size=(3, 7)), 2 * rng.normal(size=(3, 7))
    turn = np.linalg.qr(rng.normal(size=(7, 7)))[0]
    thirds = np.full(3, 1 / 3)
    before = responsibilities(GramState.from_means(means, GaussianMixture(modes, thirds)))
    after = responsibilities(GramState.from_means(means @ turn, GaussianMixture(modes @ turn, thirds)))
    for a, b in zip(before, after, strict=True):
        assert np.max(np.abs(a - b)) < 1e-12


def test_the_gradients_vanish_where_the_family_equals_the_target():
    modes = np.array([[2.0, 0.0], [-1.0, 1.5], [-1.0, -1.5]])
    mixture = GaussianMixture(modes, [0.5, 0.3, 0.2])
    gradients = loss_gradients(GramState.from_means(modes, mixture, mixture.weights), 1.0, 2)
    assert abs(gradients.loss) < 1e-13
    assert abs(gradients.variance) < 1e-13
    assert np.max(np.abs(gradients.weight_logits)) < 1e-13
    assert np.max(np.abs(gradients.means @ np.vstack([modes, modes]))) < 1e-13


def test_means_too_far_apart_for_the_grid_are_refused():
    means = 2000.0 * np.array([[1.0, 0.0], [0.0, 1.0], [-1.0, 0.0]])
    with pytest.raises(DomainError, match="quadrature with at most"):
        responsibilities(GramState.from_means(means, BimodalTarget(3, 0.5)))


@pytest.mark.parametrize("temperature", [0.0, -1.0, float("inf"), float("nan")])
def test_gradients_need_a_positive_temperature(temperature):
    with pytest.raises(DomainError, match="temperature must be positive"):
        loss_gradients(setting(1, 3, 3, 1.0)[0], temperature, 2)


def test_gradients_need_a_dimension_that_holds_the_means():
    with pytest.raises(DomainError, match="dim must be an integer of at least 2"):
        loss_gradients(setting(1, 3, 3, 1.0)[0], 1.0, 1)
