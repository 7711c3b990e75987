"""The derived noise of any weights and variance: by quadrature of its definition, beside batches, projected."""

import numpy as np
import pytest
from scipy.stats import norm

from anneal_theory.averages.tables import label_table
from anneal_theory.averages.variance_tables import variance_table
from anneal_theory.formulas.component_noise import (
    after_projection,
    component_noise,
    component_noise_across,
    sum_slope,
    tangent_noise,
)
from anneal_theory.formulas.sphere_flow import sphere_pair_flow
from anneal_theory.models.sphere_pair_kernels import FIXED
from anneal_theory.probability.noisy.means_noise_kernels import averaged, covariances, factor, share_powers
from anneal_theory.probability.noisy.means_problem import gaussian_rule
from anneal_theory.probability.noisy.means_state_kernels import place
from anneal_theory.problem import BimodalTarget
from anneal_theory.problem.mixture import as_mixture
from anneal_theory.training.sphere_plain import widened_gradient
from tests.budgets import FALSE_ALARM

TARGET = BimodalTarget(2, "0.7")
R, H = TARGET.separation, TARGET.half_log_odds
NODES = np.arange(-85, 86) / 10  # the trapezoidal rule, whose error is below 1e-14
MASSES = norm.pdf(NODES) / norm.pdf(NODES).sum()


def label_mean(a, width):
    """psi by the rule."""
    return MASSES @ np.tanh(a + width * NODES)


def label_slope(a, width):
    return MASSES @ np.cosh(a + width * NODES) ** -2.0


def defined(weight, m, variance, beta, score, gap):
    """Covariance of (own 1, own 2, other 1, other 2) of one sample, and that across: own, mixed, other."""
    along, rest = np.meshgrid(NODES, NODES, indexing="ij")
    mass, noise, root = np.outer(MASSES, MASSES), np.stack([along, rest]), np.sqrt(variance)
    shift = np.array(gap)[:, None, None] + root * noise  # of the point from the other mean
    odds = np.log((1 - weight) / weight) - (np.sum(shift**2, 0) - variance * np.sum(noise**2, 0)) / (2 * variance)
    far = 1 / (1 + np.exp(-odds))
    label = np.tanh(m + R * root * along + H)
    point = root * noise  # from the own mean
    slope_q = -(1 - far) * point / variance - far * shift / variance
    slope_p = -(point - np.stack([R * label, 0 * label]))  # up to the mean itself, which does not fluctuate
    own = weight * (slope_q - beta * slope_p + score * (1 - far) * point / variance)
    other = weight * score * far * shift / variance
    numbers = [*own, *other]
    means = [np.sum(mass * one) for one in numbers]
    plane = np.array([[np.sum(mass * (a - x) * (b - y)) for b, y in zip(numbers, means, strict=True)]
                      for a, x in zip(numbers, means, strict=True)])  # fmt: skip
    tie = weight * root * (beta - (1 - score * (1 - far)) / variance)
    push = weight * score * far * root / variance
    return plane, [np.sum(mass * one) for one in (tie * tie, tie * push, push * push)]


def derived(weight, m, variance, beta, score, gap):
    powers, width = np.empty(4), R * np.sqrt(variance)
    share_powers(np.hypot(*gap) / np.sqrt(variance), np.log((1 - weight) / weight), *gaussian_rule(), powers)
    named = {f"share_power_{k}": one for k, one in enumerate(powers, 1)}
    label = {"label_mean": label_mean(m + H, width), "label_slope": label_slope(m + H, width)}
    common = {"component_weight": weight, "variance": variance, "beta": beta, "score": score}
    row = component_noise(separation=R, gap_along=gap[0], gap_across=gap[1], **common, **label, **named)
    plane = np.empty((4, 4))
    for (i, j), value in zip(((0, 0), (0, 1), (1, 1), (0, 2), (0, 3), (1, 2), (1, 3), (2, 2), (2, 3), (3, 3)), row,
                             strict=True):  # fmt: skip
        plane[i, j] = plane[j, i] = value
    del named["share_power_3"], named["share_power_4"]
    return plane, component_noise_across(**common, **named)


@pytest.mark.parametrize("score", [1, 0])
@pytest.mark.parametrize(
    ("weight", "m", "variance", "beta", "gap"),
    [(0.5, 1.3, 1.0, 0.4, (0, 1.2)), (0.3, -0.7, 1.0, 1.0, (0, 0.5)), (0.8, 2.0, 4.0, 0.2, (0, 3.0)),
     (0.3, 0.6, 2.5, 0.0, (0.7, 1.1))],
)  # fmt: skip
def test_the_covariance_is_that_of_the_definition(weight, m, variance, beta, gap, score):
    """Across always; in the plane where the gap has no part along the axis, or without the target's label."""
    found, wanted = (one(weight, m, variance, beta, score, gap) for one in (derived, defined))
    assert np.allclose(found[0], wanted[0], rtol=0, atol=1e-8)
    assert np.allclose(found[1], wanted[1], rtol=0, atol=1e-10)


@pytest.mark.slow
@pytest.mark.parametrize(("gradient", "score"), [("plain", 1), ("path", 0)])
def test_batches_on_the_sphere_have_this_covariance(gradient, score):
    """Means of both components beside the training's own gradient, d = 4; sees a fifth of a variance."""
    rng, batch, beta, variance, count = np.random.default_rng(4), 10, 0.3, 2.0, 3000
    cosine = 0.2
    aside, along = R * np.sqrt((1 - cosine) / 2), R * np.sqrt((1 + cosine) / 2)
    means = np.array([[0.5, aside, 0.0, 0.0], [0.5, -aside, 0.0, 0.0]])
    means[:, 2] = np.sqrt(along**2 - 0.25)
    target = as_mixture(TARGET, 4)
    drawn = np.array([
        widened_gradient(means, np.full(2, variance), np.full(2, 0.5), target, beta,
                         rng.standard_normal((2, batch, 4)), gradient)[0] for _ in range(count)])  # fmt: skip
    plane, across = pair_covariance(means, variance, beta, score)
    flat = drawn[:, :, :2].reshape(count, 4)
    limit = norm.isf(FALSE_ALARM / 16) * np.sqrt(2 / count)
    spread = batch * np.cov(flat.T)
    size = np.sqrt(np.outer(np.diag(plane), np.diag(plane)))
    assert np.all(np.abs(spread - plane) < limit * size)
    assert np.all(np.abs(batch * np.cov(drawn[:, :, 3].T) - across) < limit * across[0, 0])


def pair_covariance(means, variance, beta, score):
    """What the kernels make of means in their first three coordinates."""
    across = means[:, 1:3]
    state = np.array([*means[:, 0], across[0] @ across[0], across[0] @ across[1], across[1] @ across[1], variance])
    model = np.array([R, H, 0.5, 1.0, 1.0, 1.0, FIXED])
    panels = label_table(TARGET)
    wide = variance_table(TARGET, 1.0, 4.0).arrays
    averages = (panels.psi, panels.psi_prime, panels.inverse_width, wide, *gaussian_rule())
    work = np.empty((2, 3)), np.empty((2, 2)), np.empty((2, 4))
    averaged(state, model, averages, work)
    plane, beyond = np.empty((4, 4)), np.empty((2, 2))
    covariances(state, beta, float(score), model, work, plane, beyond)
    return np.triu(plane) + np.triu(plane, 1).T, np.triu(beyond) + np.triu(beyond, 1).T


def test_a_factor_gives_its_matrix_and_leaves_out_what_has_no_noise():
    root = np.array([[1.0, 0, 0], [0.3, 0.0, 0], [0.2, 0.0, 0.7]])
    matrix = root @ root.T
    found = np.triu(matrix)
    factor(found)
    assert np.allclose(np.tril(found) @ np.tril(found).T, matrix, atol=1e-12)


def test_places_are_coordinates_of_the_means():
    state, out = np.array([0.4, -0.3, 1.7, 0.2, 0.9, 1.0]), np.empty((2, 3))
    distance = place(state, out)
    gram = out[:, 1:] @ out[:, 1:].T
    assert np.allclose([gram[0, 0], gram[0, 1], gram[1, 1]], state[2:5])
    assert distance == pytest.approx(np.linalg.norm(out[0] - out[1]))
    assert out[0, 2] == out[1, 2]


def test_projected_noise_is_that_of_vectors():
    """Both means with noise, projected: variances along the axis, and what noise in many directions does to angles."""
    rng, dim, radius, cosine, total = np.random.default_rng(3), 40, 2.0, 0.3, 0.35
    count, k11, k12 = 40000, 2e-4, 0.5e-4
    gap = radius * np.sqrt((1 - cosine) / 2)
    means = np.zeros((2, dim))
    means[:, 0], means[0, 1], means[1, 1] = radius * total, gap, -gap
    means[:, 2] = radius * np.sqrt((1 + cosine) / 2 - total**2)
    root = np.linalg.cholesky([[k11, k12], [k12, k11]])
    moved = means + np.einsum("ij,njd->nid", root, rng.standard_normal((count, 2, dim)))
    moved *= radius / np.linalg.norm(moved, axis=2)[:, :, None]
    wide_gap, wide_sum = 2 * (k11 - k12), 2 * (k11 + k12)
    of_gap, of_sum = tangent_noise(
        pair_cosine=cosine, across_variance=wide_gap, sum_variance=wide_sum, axis_cosine=total,
        gap_noise_along=wide_gap, gap_noise_aside=wide_gap, sum_noise_along=wide_sum, sum_noise_aside=wide_sum,
    )  # fmt: skip
    limit = norm.isf(FALSE_ALARM / 8) * np.sqrt(2 / count) + dim * k11
    assert np.var(moved[:, 0, 0] - moved[:, 1, 0]) == pytest.approx(of_gap, rel=limit)
    assert np.var(moved[:, 0, 0] + moved[:, 1, 0]) == pytest.approx(of_sum, rel=limit)
    after, turned, shrunk = after_projection(
        pair_cosine=cosine, separation=radius, across_variance=wide_gap, sum_variance=wide_sum, directions=dim - 1
    )
    found = np.einsum("nd,nd->n", moved[:, 0], moved[:, 1]) / radius**2
    assert np.mean(found) == pytest.approx(after, abs=6 * np.std(found) / np.sqrt(count) + (dim * k11) ** 2)
    sums = (moved[:, 0, 0] + moved[:, 1, 0]) / (2 * radius * total)
    assert np.mean(sums) == pytest.approx(shrunk, abs=6 * np.std(sums) / np.sqrt(count) + (dim * k11) ** 2)
    aimed = means.copy()
    aimed[:, 0] += [0.05 * gap, -0.05 * gap]
    x = aimed[0, 0] - aimed[1, 0]
    drawn = aimed + np.einsum("ij,njd->nid", root, rng.standard_normal((count, 2, dim)))
    apart = drawn[:, 0] - drawn[:, 1]
    cosines = apart[:, 0] / np.linalg.norm(apart, axis=1) / (x / np.linalg.norm(aimed[0] - aimed[1]))
    assert np.mean(cosines) == pytest.approx(turned, abs=6 * np.std(cosines) / np.sqrt(count) + (dim * k11) ** 2)


def test_a_deviation_of_the_sum_grows_at_the_slope_of_its_rate():
    total, cosine, variance, temperature, overlap, step = 0.8, -0.3, 3.0, 6.0, 0.12, 1e-5
    width = R * np.sqrt(variance)

    def rate(m):
        label = label_mean(m / 2 + H, width)
        return sphere_pair_flow(
            difference_cosine=0.0, overlap_sum=m, pair_cosine=cosine, separation=R, variance=variance,
            temperature=temperature, psi_1=label, psi_2=label, overlap=overlap, slope=1.0,
        )[1]  # fmt: skip

    found = sum_slope(
        overlap_sum=total, pair_cosine=cosine, separation=R, variance=variance, temperature=temperature,
        overlap=overlap,
        label_mean=label_mean(total / 2 + H, width), label_slope=label_slope(total / 2 + H, width),
    )  # fmt: skip
    assert found == pytest.approx((rate(total + step) - rate(total - step)) / (2 * step), rel=1e-8)
