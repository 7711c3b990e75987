"""One step of training on the sphere: its gradient is the derivative of what it says, and both routes have one law."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import logsumexp
from scipy.stats import chi2, kstest, norm, ortho_group

from anneal_theory.problem import BimodalTarget, GaussianMixture
from anneal_theory.problem.mixture import as_mixture
from anneal_theory.training import sphere_held_kernels as held_kernels
from anneal_theory.training import sphere_kernels as kernels
from anneal_theory.training.noise_kernels import fill_normals
from anneal_theory.training.sphere_plain import train_widened, widened_gradient
from tests.budgets import FALSE_ALARM
from tests.training.one_law import assert_one_law

TARGET = BimodalTarget(2, "0.7")
WEIGHTS = np.array([0.35, 0.65])
STATE = np.array([0.8, -1.1, 0.9, 1.7, 2.3])  # c1, c2, mu_1 . mu_2, v1, v2


def _loss(means, variances, weights, target, beta, noise):
    """sum_j w_j mean_n [log q - beta log p](mu_j + sqrt(v_j) z_jn), from the densities."""
    total = 0.0
    for weight, mean, variance, batch in zip(weights, means, variances, noise, strict=True):
        points = mean + np.sqrt(variance) * batch
        squares = np.sum((points[:, None] - means) ** 2, axis=2)
        logs = np.log(weights) - squares / (2 * variances) - 0.5 * means.shape[1] * np.log(2 * np.pi * variances)
        total += weight * np.mean(logsumexp(logs, axis=1) - beta * target.log_prob(points))
    return total


def test_the_plain_gradient_is_the_derivative_of_the_estimated_loss():
    rng = np.random.default_rng(3)
    target = GaussianMixture(rng.normal(size=(4, 3)), [0.1, 0.2, 0.3, 0.4], variance=1.3)
    weights, noise, step = np.array([0.5, 0.2, 0.3]), rng.normal(size=(3, 7, 3)), 1e-5
    place = np.concatenate([rng.normal(size=9), [0.6, 1.5, 2.1]])
    slopes, widening = widened_gradient(place[:9].reshape(3, 3), place[9:], weights, target, 0.6, noise)
    for i, found in enumerate([*slopes.ravel(), *widening]):
        ends = []
        for shift in (step, -step):
            moved = place + shift * np.eye(12)[i]
            ends.append(_loss(moved[:9].reshape(3, 3), moved[9:], weights, target, 0.6, noise))
        assert found == pytest.approx((ends[0] - ends[1]) / (2 * step), abs=2e-9)  # eps/step plus step^2


@pytest.mark.slow
def test_both_gradients_have_the_same_mean():
    """Sees a difference of 6 standard errors, 0.02, in any coordinate and variance."""
    rng, target = np.random.default_rng(4), as_mixture(TARGET, 2)
    means, gaps = np.array([[0.8, 0.6], [-0.5, -0.7]]), []
    for noise in rng.normal(size=(2000, 2, 100, 2)):
        found = [widened_gradient(means, STATE[3:], WEIGHTS, target, 0.4, noise, way) for way in ("plain", "path")]
        gaps.append(np.concatenate([(found[0][0] - found[1][0]).ravel(), found[0][1] - found[1][1]]))
    limit = norm.isf(FALSE_ALARM / 12) * np.std(gaps, axis=0) / 2000**0.5
    assert np.all(np.abs(np.mean(gaps, axis=0)) < limit)
    assert np.all(limit < 0.04)


@given(seed=st.integers(0, 2**32 - 1))
def test_rotations_about_the_axis_and_the_mirror_turn_the_gradient_alone(seed):
    """The mirror exchanges the modes' weights."""
    rng = np.random.default_rng(seed)
    means, noise, v, beta = rng.normal(size=(2, 5)), rng.normal(size=(2, 6, 5)), rng.uniform(0.3, 3, 2), rng.uniform()
    turn = np.eye(5)
    turn[1:, 1:] = ortho_group.rvs(4, random_state=seed)
    mirror = np.diag([-1.0, 1, 1, 1, 1])
    slopes, widening = widened_gradient(means, v, WEIGHTS, as_mixture(TARGET, 5), beta, noise)
    for matrix, target in ((turn, TARGET), (mirror, TARGET.reflected)):
        found = widened_gradient(means @ matrix, v, WEIGHTS, as_mixture(target, 5), beta, noise @ matrix)
        np.testing.assert_allclose(found[0], slopes @ matrix, atol=1e-12)
        np.testing.assert_allclose(found[1], widening, atol=1e-12)


@given(seed=st.integers(0, 2**32 - 1), path=st.booleans())
def test_the_kernels_have_the_gradient_of_all_coordinates_on_the_same_noise(seed, path):
    rng = np.random.default_rng(seed)
    radius, dim, beta, noise = 2.0, 6, rng.uniform(0.01, 1), rng.normal(size=(2, 4, 6))
    vectors = rng.normal(size=(2, 3))
    vectors *= radius / np.linalg.norm(vectors, axis=1)[:, None]
    state = np.array([*vectors[:, 0], vectors[0] @ vectors[1], *rng.uniform(0.3, 3, 2)])
    places, found = np.empty((2, 3)), np.zeros((2, 4))
    kernels.frame(state, radius, places)
    np.testing.assert_allclose(places @ places.T, vectors @ vectors.T, atol=1e-12)
    for j in range(2):
        samples = np.empty((kernels.ROWS, 4))
        samples[:5], samples[5] = noise[j, :, :5].T, noise[j, :, 5] ** 2
        kernels.weigh(state, places, radius, TARGET.half_log_odds, float(dim), WEIGHTS, samples, j)
        kernels.add_path(state, places, radius, WEIGHTS, beta, samples, j, found)
        if not path:
            kernels.add_score(state, places, float(dim), WEIGHTS, samples, j, found)
    means, way = np.hstack([places, np.zeros((2, 3))]), "path" if path else "plain"
    slopes, widening = widened_gradient(means, state[3:], WEIGHTS, as_mixture(TARGET, 6), beta, noise, way)
    np.testing.assert_allclose(found[:, :3], slopes[:, :3], atol=1e-11)
    np.testing.assert_allclose(found[:, 3], widening, atol=1e-11)


def _noise_in_four_dimensions(beta, score, batch):
    """The noise of the kernels' step for counter 11, all coordinates of it: shape (2, batch, 4).

    Across the three axes one direction is left; a coordinate there is told along the sum so far of the first mean.
    """
    places, spare, counter, noise = np.empty((2, 3)), np.zeros((2, 4)), np.uint64(11), np.empty((2, batch, 4))
    kernels.frame(STATE, TARGET.separation, places)
    rng, first_sum = np.random.Generator(np.random.SFC64(7)), 0.0
    for j in range(2):
        samples = np.empty((kernels.ROWS, batch))
        counter = np.uint64(kernels.fill_noise(rng, counter, 4.0, samples))
        kernels.weigh(STATE, places, TARGET.separation, TARGET.half_log_odds, 4.0, WEIGHTS, samples, j)
        kernels.add_path(STATE, places, TARGET.separation, WEIGHTS, beta, samples, j, spare)
        if score:
            kernels.add_score(STATE, places, 4.0, WEIGHTS, samples, j, spare)
        noise[j] = samples[:4].T
        for n, push in enumerate(samples[kernels.PUSH_OWN if j == 0 else kernels.PUSH_OTHER]):
            noise[j, n, 3] *= -1 if first_sum < 0 else 1
            first_sum += WEIGHTS[j] / batch * push * noise[j, n, 3]
    return places, noise


@pytest.mark.parametrize("score", [True, False])
def test_a_step_is_that_of_all_coordinates_on_the_same_noise(score):
    """In four dimensions and with few samples no number is drawn but those; a step so large that all parts count."""
    beta, rate, batch, radius, row = 0.3, 6.0, 5, TARGET.separation, np.empty((1, 5))
    places, noise = _noise_in_four_dimensions(beta, score, batch)
    means, way = np.hstack([places, np.zeros((2, 1))]), "plain" if score else "path"
    slopes, widening = widened_gradient(means, STATE[3:], WEIGHTS, as_mixture(TARGET, 4), beta, noise, way)
    assert np.all(np.abs(slopes[:, 3]) > 0.05)
    moved = means - rate * slopes
    moved *= radius / np.linalg.norm(moved, axis=1)[:, None]
    variances = STATE[3:] * (1 - 2 * rate * widening / 4) ** 2
    where = np.random.Generator(np.random.SFC64(7)), np.uint64(11), STATE.copy(), radius, TARGET.half_log_odds, 4.0
    steps = np.array([beta]), np.array([rate])
    kernels.train_on_sphere(*where, WEIGHTS, *steps, score, np.empty((kernels.ROWS, batch)), row)
    np.testing.assert_allclose(row[0], [*(radius * moved[:, 0]), moved[0] @ moved[1], *variances], rtol=1e-10)


@pytest.mark.parametrize("dim", [3, 4, 5, 6, 7, 8, 40, 100_000])
def test_the_noise_of_a_sample_has_the_length_of_a_normal_vector(dim):
    """Kolmogorov and Smirnov's test of 20000 lengths: sees a shift of 0.02 standard deviations."""
    samples, count = np.empty((kernels.ROWS, 20_000)), 20_000
    kernels.fill_noise(np.random.Generator(np.random.SFC64(3)), np.uint64(5), float(dim), samples)
    lengths = np.sum(samples[:5] ** 2, axis=0) + samples[5]
    assert kstest(lengths, chi2(dim).cdf).pvalue > FALSE_ALARM
    assert np.abs(np.corrcoef(samples[:6] if dim > 5 else samples[:3]) - np.eye(6 if dim > 5 else 3)).max() < (
        norm.isf(FALSE_ALARM / 30) / count**0.5
    )


def _reduced_ends(count, dim, beta, batch, score, rate, held=None):
    """(c1 R, c2 R, mu_1 . mu_2, v1, v2) after one step, many times; with a held variance or with trained ones."""
    rng, counter, samples = np.random.Generator(np.random.SFC64(7)), np.uint64(11), np.empty((kernels.ROWS, batch))
    ends, row = np.empty((count, 5)), np.empty((1, 5))
    for i in range(count):
        where = rng, counter, STATE.copy(), TARGET.separation, TARGET.half_log_odds, float(dim), WEIGHTS
        steps = np.array([beta]), np.array([rate])
        if held is None:
            counter = kernels.train_on_sphere(*where, *steps, score, samples, row)
        else:
            counter = held_kernels.train_at_held_variance(*where, *steps, held, score, samples[:4], row)
        counter, ends[i] = np.uint64(counter), row[0]
    return ends


MORE = (4, True, 3), (6, True, 3), (9, False, 3), (4, True, 9), (5, True, 8), (6, False, 9)  # of the whole suite


def _plain_ends(count, dim, beta, batch, score, rate, held=None):
    rng, target, ends, places = (
        np.random.default_rng(8),
        as_mixture(TARGET, dim),
        np.empty((count, 5)),
        np.empty((2, 3)),
    )
    kernels.frame(STATE, TARGET.separation, places)
    for i in range(count):
        means, variances = np.hstack([places, np.zeros((2, dim - 3))]), STATE[3:].copy()
        ends[i] = train_widened(
            rng, means, variances, WEIGHTS, TARGET.separation, target, np.array([beta]), np.array([rate]), held, batch,
            "plain" if score else "path", lambda: None,
        )[0]  # fmt: skip
    return ends


@pytest.mark.parametrize(
    ("dim", "score", "batch"),
    [
        (3, True, 3),
        (5, False, 3),
        (9, True, 3),
        (9, True, 11),
        *(pytest.param(*one, marks=pytest.mark.slow) for one in MORE),
    ],
)
def test_one_step_has_one_law_on_both_routes(dim, score, batch):
    """Means and second moments of the five numbers; sees 9 standard errors of either route.

    Three samples a batch and a step so large that the noise is most of it: the sum across is far from Gaussian. With
    eleven, eight are followed in lanes.
    """
    count = 5000
    reduced, plain = (route(count, dim, 0.3, batch, score, 6.0) for route in (_reduced_ends, _plain_ends))
    reduced[:, 3:], plain[:, 3:] = np.log(reduced[:, 3:]), np.log(plain[:, 3:])
    assert_one_law(reduced, plain)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("dim", "score", "variance"), [(3, True, 1.6), (4, False, 1.0), (9, True, 0.7), (40, False, 5.0)]
)
def test_one_step_at_a_held_variance_has_one_law_on_both_routes(dim, score, variance):
    """The same of the three numbers that move."""
    ends = [route(5000, dim, 0.3, 3, score, 2.0, np.array([variance])) for route in (_reduced_ends, _plain_ends)]
    assert np.all(ends[0][:, 3:] == variance)
    assert_one_law(*(one[:, :3] for one in ends))


def _of_samples(state, beta, score, batch, axis, dim=12.0):
    """Places, slopes and the squares across, sample by sample in three axes, for the noise of counter 11 in a plane.

    The plane is that of mu* and an axis across it; the noise along the third axis and beyond is left out.
    """
    places, slopes, squares, counter = np.empty((2, 3)), np.zeros((2, 4)), np.zeros(3), np.uint64(11)
    radius, spare = TARGET.separation, np.empty((3, batch))
    kernels.frame(state, radius, places)
    for j in range(2):
        samples = np.zeros((kernels.ROWS, batch))
        counter = np.uint64(fill_normals(counter, samples[kernels.X], *spare))
        samples[kernels.Y], samples[kernels.Z] = axis[:, None] * spare[0]
        kernels.weigh(state, places, radius, TARGET.half_log_odds, dim, WEIGHTS, samples, j)
        kernels.add_path(state, places, radius, WEIGHTS, beta, samples, j, slopes)
        if score:
            kernels.add_score(state, places, dim, WEIGHTS, samples, j, slopes)
        own, other = samples[kernels.PUSH_OWN], samples[kernels.PUSH_OTHER]
        first, second = (own, other) if j == 0 else (other, own)
        squares += (WEIGHTS[j] / batch) ** 2 * np.array([first @ first, first @ second, second @ second])
    return places, slopes, squares


def _across(state):
    """The direction of mu_1 - mu_2 across mu*, in the second and third axis of `frame`."""
    places = np.empty((2, 3))
    kernels.frame(state, TARGET.separation, places)
    apart = (places[0] - places[1])[1:]
    return apart / np.hypot(*apart)


@pytest.mark.parametrize("score", [True, False])
@pytest.mark.parametrize("variance", [0.5, 3.0])
def test_slopes_at_a_held_variance_are_those_of_trained_ones_for_the_same_noise(variance, score):
    """Sample by sample beside sums in the plane of mu* and the difference: the same to rounding."""
    state, beta, batch = np.array([*STATE[:3], variance, variance]), 0.4, 7
    pair, sums, slope, covariance = np.empty(5), np.empty((2, 7)), np.empty((2, 3)), np.empty(3)
    held_kernels.to_plane(state, TARGET.separation, variance**0.5, 12.0, pair)
    problem = TARGET.separation, TARGET.half_log_odds, variance, WEIGHTS, beta, score
    noise = np.empty((4, batch))
    held_kernels.slopes_at_held_variance(np.uint64(11), pair, *problem, noise, sums, slope, covariance)
    axis = _across(state)
    _, slopes, squares = _of_samples(state, beta, score, batch, axis)
    along = slopes[:, :3] @ np.array([[1, 0, 0], [0, *axis], [0, -axis[1], axis[0]]]).T
    along[:, 2] *= np.sign(along[0, 2])  # the third axis has no direction
    np.testing.assert_allclose(slope / variance**0.5, along, rtol=1e-10, atol=1e-12)
    np.testing.assert_allclose(covariance / variance, squares, rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize("variance", [0.5, 1.0, 3.0])
def test_a_step_at_the_variance_of_the_temperature_is_that_of_the_slopes(variance):
    """With beta v = 1 a path gradient has no noise across, so that the whole step is known from that in the plane."""
    state, batch, rate, row = np.array([*STATE[:3], variance, variance]), 7, 0.3, np.empty((1, 5))
    steps = np.array([1 / variance]), np.array([rate]), np.array([variance])
    where = np.random.Generator(np.random.SFC64(7)), np.uint64(11), state.copy(), TARGET.separation
    noise = np.empty((4, batch))
    held_kernels.train_at_held_variance(*where, TARGET.half_log_odds, 12.0, WEIGHTS, *steps, False, noise, row)
    places, slopes, squares = _of_samples(state, 1 / variance, False, batch, _across(state))
    assert np.all(np.abs(squares) < 1e-25)
    kernels.step_on_sphere(state, places, TARGET.separation, 12.0, rate, slopes, np.zeros(3))
    expected = [TARGET.separation * state[0], TARGET.separation * state[1], state[2]]
    np.testing.assert_allclose(row[0, :3], expected, rtol=1e-11)
