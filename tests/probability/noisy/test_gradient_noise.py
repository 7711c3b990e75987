"""The derived noise of the gradient against its definition by quadrature, and against batches of the training."""

import numpy as np
import pytest
from scipy.stats import norm

from anneal_theory.averages import mmse, psi, psi_prime
from anneal_theory.formulas.gradient_noise import noise_across, noise_in_plane, spread_after, typical_length
from anneal_theory.problem import BimodalTarget
from anneal_theory.problem.mixture import as_mixture
from anneal_theory.training.mixture_plain import mixture_gradient
from tests.budgets import FALSE_ALARM

TARGET = BimodalTarget(2, "0.7")
R, H = TARGET.separation, TARGET.half_log_odds
PAIRS = {(0, 1): 1, (0, 2): 2, (1, 1): 3, (1, 2): 4, (2, 2): 5, (0, 0): 0}


def derived(s, delta, perp, beta, score):
    """The generated formulas at a pair: the plane's matrix, and the variance across."""
    distance = np.hypot(delta / R, perp)
    step = 1e-5
    slope = (mmse(distance + step) - mmse(distance - step)) / (2 * step)
    m1, m2 = s + delta / 2, s - delta / 2
    row = noise_in_plane(
        delta=delta, perp=perp, separation=R, beta=beta, score=score, psi_1=psi(m1, TARGET), psi_2=psi(m2, TARGET),
        psi_prime_1=psi_prime(m1, TARGET), psi_prime_2=psi_prime(m2, TARGET), overlap=mmse(distance),
        overlap_in_square=2 * slope / distance,
    )  # fmt: skip
    matrix = np.zeros((3, 3))
    for (i, j), place in PAIRS.items():
        matrix[i, j] = matrix[j, i] = row[place]
    return matrix, noise_across(beta=beta, score=score, overlap=mmse(distance))


def defined(s, delta, perp, beta, score):
    """The same from the gradient of one sample of each component, averaged over its axes."""
    nodes = np.arange(-85, 86) / 10  # the trapezoidal rule, whose error is below 1e-15
    weights = norm.pdf(nodes) / norm.pdf(nodes).sum()
    along, rest = np.meshgrid(nodes, nodes, indexing="ij")
    mass = np.outer(weights, weights)
    apart = np.array([delta / R, perp])
    matrix, across = np.zeros((3, 3)), 0.0
    for sign, m in ((1, s + delta / 2), (-1, s - delta / 2)):
        far = 1 / (1 + np.exp(apart @ apart / 2 + sign * (apart[0] * along + apart[1] * rest)))  # the other's share
        label = np.tanh(m + R * along + H)
        own, other = [], []
        for place, noise in enumerate((along, rest)):
            pull = beta * (noise - (R * label if place == 0 else 0))
            own.append((-noise - far * sign * apart[place] + pull + score * (1 - far) * noise) / 2)
            other.append(score * far * (noise + sign * apart[place]) / 2)
        statistics = [R * (own[0] + other[0]) / 2, sign * R * (own[0] - other[0]), sign * (own[1] - other[1])]
        means = [np.sum(mass * one) for one in statistics]
        for i, j in np.ndindex(3, 3):
            matrix[i, j] += np.sum(mass * (statistics[i] - means[i]) * (statistics[j] - means[j]))
        across += np.sum(mass * ((beta - 1 + score * (1 - 2 * far)) / 2) ** 2)
    return matrix, across


@pytest.mark.parametrize("score", [1, 0])
@pytest.mark.parametrize(
    ("s", "delta", "perp", "beta"),
    [(1.3, 0.0, 1.2, 0.4), (-0.7, 0.0, 0.3, 1.0), (3.0, 0.0, 2.5, 0.1), (0.5, 1.6, 0.9, 0.0), (2.0, -2.2, 0.1, 0.0)],
)
def test_the_covariance_is_that_of_the_definition(s, delta, perp, beta, score):
    """Where delta = 0, and at every angle of the part that no label of the target is in; the slope of G limits it."""
    found, wanted = derived(s, delta, perp, beta, score), defined(s, delta, perp, beta, score)
    assert np.allclose(found[0], wanted[0], rtol=0, atol=1e-8)
    assert found[1] == pytest.approx(wanted[1], abs=1e-10)


def test_uncorrelated_labels_are_off_in_proportion_to_delta():
    """Beside delta = 0 the covariance is off by a few per cent of its size at most where delta is a tenth of R^2."""
    found, wanted = derived(2.0, 0.4, 1.0, 0.5, 1)[0], defined(2.0, 0.4, 1.0, 0.5, 1)[0]
    assert 1e-4 < np.max(np.abs(found - wanted)) < 0.05 * np.max(np.abs(wanted))


@pytest.mark.slow
@pytest.mark.parametrize(("gradient", "score"), [("plain", 1), ("path", 0)])
def test_batches_of_training_have_this_covariance(gradient, score):
    """Sees an error of six standard errors, a fifth of a variance."""
    rng, target, beta, batch = np.random.default_rng(6), as_mixture(TARGET, 3), 0.4, 20
    means = np.array([[0.6, 0.45, 0.0], [0.6, -0.45, 0.0]])
    drawn = [
        mixture_gradient(means, np.array([0.5, 0.5]), target, beta, noise, gradient)
        for noise in rng.normal(size=(2500, 2, batch, 3))
    ]
    first, second = np.array(drawn).transpose(1, 0, 2)
    gap, total = first - second, first + second
    samples = np.stack([R * total[:, 0] / 2, R * gap[:, 0], gap[:, 1], gap[:, 2]])
    matrix, across = derived(1.2, 0.0, 0.9, beta, score)
    wanted = [*np.diag(matrix), across]
    limit = norm.isf(FALSE_ALARM / 16) * np.sqrt(2 / 2500)
    assert np.all(np.abs(batch * samples.var(axis=1) / wanted - 1) < limit)
    assert abs(batch * np.cov(samples[1], samples[2])[0, 1]) < limit * np.sqrt(wanted[1] * wanted[2])


def test_a_typical_run_is_the_median_of_a_noisy_length():
    """Noise in ten directions: the median of many draws, and the spread of their logarithms."""
    rng, length, variance, dim = np.random.default_rng(5), 1.3, 1e-3, 11
    moved = np.sqrt(variance) * rng.normal(size=(40000, dim - 1))
    moved[:, 0] += length
    logs = 0.5 * np.log(np.sum(moved**2, axis=1))
    square, kept, added = typical_length(across_square=length**2, dim=dim, across_variance=variance)
    error = np.sqrt(added / 40000)
    assert abs(np.mean(logs) - 0.5 * np.log(square)) < 6 * error + variance**2
    assert np.var(logs) == pytest.approx(added, rel=6 * np.sqrt(2 / 40000) + 10 * variance)
    assert kept == pytest.approx(length**2 / square)


def test_the_spread_of_a_linear_step():
    rng = np.random.default_rng(8)
    delta = 1.7 * (0.4 * rng.normal(size=200000)) + 0.3 * rng.normal(size=200000)
    assert spread_after(spread_square=0.16, growth_factor=1.7, noise_variance=0.09) == pytest.approx(
        np.mean(delta**2), rel=6 * np.sqrt(2 / 200000)
    )
