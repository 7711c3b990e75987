"""The diffusion of a pair on the sphere, and slopes of the law of starts along runs, by their definitions."""

import functools
import math

import numpy as np
import pytest
from scipy.special import betainc

import anneal_theory as at
from anneal_theory.formulas import sphere_diffusion, sphere_noise
from anneal_theory.models.sphere_pair import sphere_pair
from anneal_theory.models.sphere_pair_kernels import jacobian, rates
from anneal_theory.probability.noisy import sphere_first_order_kernels as kernels
from anneal_theory.probability.noisy.first_order import step_grid
from anneal_theory.probability.noisy.means_noise_kernels import averaged, covariances
from anneal_theory.probability.noisy.means_problem import means_problem
from anneal_theory.probability.noisy.means_state_kernels import set_pair
from anneal_theory.problem import Dynamics
from anneal_theory.threshold.departures import Departures
from tests.oracles.sphere_kicks import Kicks

TARGET, SCHEDULE = at.BimodalTarget(3, "0.8"), at.Hold(6, 3)
SPHERE = {"constraint": "sphere", "objective": "free-energy"}
STATES = [(0.2, 4.0, 0.3, 1.0), (0.01, -3.0, -0.6, 2.0), (0.5, 1.0, 0.1, 1.2)]  # x, m1 + m2, c, v
HOT, NEAR = 4.0, 1e-5
RULES = Dynamics(**SPHERE, variance="trained")


@functools.cache
def problem(variance):
    model = sphere_pair(TARGET, SCHEDULE, Dynamics(**SPHERE, variance=variance))
    return model.parameters, model.averages, model.packed[3]


def vectors(state, dim):
    """The axis, and both means behind one another, with mu_1 - mu_2 and mu_1 + mu_2 along the first two directions."""
    x, total, c, _ = state
    radius = TARGET.separation
    y = total / (radius**2 * math.sqrt(2 + 2 * c))
    axis = np.array([x, y, math.sqrt(1 - x * x - y * y)] + [0.0] * (dim - 3))
    means = np.zeros((2, dim))
    half = radius * math.sqrt((1 - c) / 2)
    means[:, 0], means[:, 1] = [half, -half], radius * math.sqrt((1 + c) / 2)
    return axis, means.ravel()


def noise_of_vectors(state, axis, means, dim, score):
    """Covariance of both gradients in all directions, from that of training along the axis, aside, and across."""
    model, averages, _ = means_problem(TARGET, SCHEDULE, RULES)
    found, work = np.empty(6), (np.empty((2, 3)), np.empty((2, 2)), np.empty((2, 4)))
    plane, across = np.empty((4, 4)), np.empty((2, 2))
    set_pair(found, state[0], state[1], state[2], TARGET.separation)
    found[5] = state[3]
    averaged(found, model, averages, work)
    covariances(found, 1 / HOT, score, model, work, plane, across)
    plane, across = np.triu(plane) + np.triu(plane, 1).T, np.triu(across) + np.triu(across, 1).T
    aside = (means[:dim] - means[dim:]) - axis * ((means[:dim] - means[dim:]) @ axis)
    frame = np.stack([axis, aside / np.linalg.norm(aside)])
    whole = np.kron(across, np.eye(dim) - frame.T @ frame)
    for i in range(2):
        for j in range(2):
            part = frame.T @ plane[2 * i : 2 * i + 2, 2 * j : 2 * j + 2] @ frame
            whole[i * dim : (i + 1) * dim, j * dim : (j + 1) * dim] += part
    return whole


def cosines(means, axis):
    """(log x, m1 + m2, c) of means that are taken back to the sphere."""
    first, second = (one / np.linalg.norm(one) for one in np.split(means, 2))
    gap = first - second
    total = TARGET.separation**2 * (first + second) @ axis
    return np.array([math.log(gap @ axis / np.linalg.norm(gap)), total, first @ second])


@pytest.mark.parametrize("score", [0.0, 1.0])
@pytest.mark.parametrize("state", STATES)
def test_noise_moves_cosines_as_it_moves_vectors(state, score):
    """In seven dimensions, by differences along the principal axes of the noise of training: good to 1e-6 of it."""
    dim, step = 7, 2e-4 * state[0] ** 0.5
    axis, means = vectors(state, dim)
    sizes, turned = np.linalg.eigh(noise_of_vectors(state, axis, means, dim, score))
    assert sizes.min() > -1e-12
    here, spread, drift = cosines(means, axis), np.zeros((3, 3)), np.zeros(3)
    for size, along in zip(sizes, turned.T, strict=True):
        up, down = (cosines(means + sign * step * along, axis) for sign in (1, -1))
        slope = (up - down) / (2 * step)
        spread += size * np.outer(slope, slope)
        drift += size * (up - 2 * here + down) / (2 * step**2)
    drift[0] += spread[0, 0] / 2  # of x, over x
    found = np.array(diffusion(state, dim, score))
    np.testing.assert_allclose(found[:6], spread[np.triu_indices(3)], rtol=1e-4, atol=1e-5 * spread[0, 0])
    np.testing.assert_allclose(found[6:9], drift, rtol=1e-4, atol=1e-4 * abs(drift).max())


@pytest.mark.parametrize("score", [0.0, 1.0])
def test_a_direction_is_forgotten_as_differences_of_its_cosine_have_it(score):
    """Of noise that knows no axis: what is left of that of training, of a pair across it, without its part along it."""
    (_, total, c, v), dim, step = STATES[0], 7, 1e-4
    state = 1e-9, total, c, v
    axis, means = vectors(state, dim)
    whole = noise_of_vectors(state, axis, means, dim, score)
    apart = (means[:dim] - means[dim:]) / np.linalg.norm(means[:dim] - means[dim:])
    blocks = []
    for i, j in ((0, 0), (0, 1), (1, 0), (1, 1)):
        block = whole[i * dim : (i + 1) * dim, j * dim : (j + 1) * dim]
        flat = block[-1, -1]  # across both means and the axis
        blocks.append(flat * np.eye(dim) + (apart @ block @ apart - flat) * np.outer(apart, apart))
    sizes, turned = np.linalg.eigh(np.block([blocks[:2], blocks[2:]]))

    def kept(moved):
        first, second = (one / np.linalg.norm(one) for one in np.split(moved, 2))
        return (first - second) @ apart / np.linalg.norm(first - second)

    rate = sum(
        size * (2 * kept(means) - kept(means + step * along) - kept(means - step * along)) / (2 * step**2)
        for size, along in zip(sizes, turned.T, strict=True)
    )
    shares = kernels.seen(np.array([math.log(1e-9), total, c, math.log(v)]), HOT, problem("trained"))[-1]
    found = sphere_diffusion.difference_turning(
        pair_cosine=c, separation=TARGET.separation, variance=v, beta=1 / HOT, dim=dim, score=score, overlap=shares[0],
        overlap_prime=shares[1],
    )  # fmt: skip
    assert found == pytest.approx(rate, rel=1e-5)


def diffusion(state, dim, score):
    x, total, c, v = state
    return kernels.diffusion(np.array([math.log(x), total, c, math.log(v)]), HOT, problem("trained"), float(dim), score)


@pytest.mark.parametrize("score", [0.0, 1.0])
@pytest.mark.parametrize("state", STATES)
def test_what_pushes_a_law_is_the_divergence_of_its_noise(state, score):
    """By differences of the covariance in log x, m1 + m2 and c."""

    def covariance(moved):
        flat = diffusion((math.exp(moved[0]), *moved[1:], state[3]), 7, score)[:6]
        whole = np.zeros((3, 3))
        whole[np.triu_indices(3)] = flat
        return whole + np.triu(whole, 1).T

    place, whole = np.array([math.log(state[0]), *state[1:3]]), 0.0
    for k in range(3):
        aside = NEAR * np.eye(3)[k]
        whole = whole + (covariance(place + aside) - covariance(place - aside))[:, k] / (2 * NEAR)
    found = np.array(diffusion(state, 7, score))
    drift = found[6:9] - [found[0] / 2, 0, 0]
    wanted = drift - whole / 2 - covariance(place)[:, 0] / 2
    np.testing.assert_allclose(found[9:], wanted, rtol=1e-6, atol=1e-8 * found[0])


@pytest.mark.parametrize("variance", ["fixed", "trained", "follows-temperature"])
@pytest.mark.parametrize("state", STATES)
def test_the_divergence_of_the_flow_bends_as_its_jacobian_does(state, variance):
    """By differences of the trace; the law is one of x, so that the rate of log x is in it once more."""

    def spread(moved):
        rows = jacobian(moved, HOT, *problem(variance)[:2])[0]
        return rates(moved, HOT, *problem(variance)[:2])[0] + sum(rows[k][k] for k in range(3))

    width = {"fixed": 0.0, "trained": math.log(state[3]), "follows-temperature": math.log(HOT)}[variance]
    place, found = np.array([math.log(state[0]), *state[1:3], width]), np.zeros(4)
    kernels.divergence(place, HOT, problem(variance), found)
    for k in range(3):
        aside = NEAR * np.eye(4)[k]
        wanted = (spread(place + aside) - spread(place - aside)) / (2 * NEAR)
        assert found[k] == pytest.approx(wanted, rel=1e-6, abs=1e-8)


def log_density(place, dim):
    """Of a start's (x, m1 + m2, c), but for its norm; `place` has log x."""
    log_x, total, c = place
    square = math.exp(2 * log_x) + total**2 / (2 * TARGET.separation**4 * (1 + c))
    return (dim - 4) / 2 * math.log(1 - square) + (dim - 3) / 2 * math.log(1 - c * c) - math.log(1 + c) / 2


def test_slopes_of_the_law_of_the_start_are_those_of_its_density():
    place, dim = np.array([math.log(0.3), 4.0, 0.2]), 9
    found = sphere_noise.start_slopes(
        difference_cosine=0.3, overlap_sum=4.0, pair_cosine=0.2, separation=TARGET.separation, dim=dim
    )
    for k in range(3):
        aside = NEAR * np.eye(3)[k]
        wanted = (log_density(place + aside, dim) - log_density(place - aside, dim)) / (2 * NEAR)
        assert found[k] == pytest.approx(wanted, rel=1e-7)


def test_the_slope_of_a_chance_is_that_of_its_law():
    """Of |u| below a bound, u a coordinate of a uniform direction in six dimensions."""
    half, bound = 2.5, 0.3
    ratio = math.lgamma(half + 0.5) - math.lgamma(half)
    found = sphere_noise.chance_slope(cosine=bound, half_freedom=half, log_gamma_ratio=ratio)
    wanted = [betainc(0.5, half, bound**2 * math.exp(2 * sign * NEAR)) for sign in (1, -1)]
    assert found == pytest.approx((wanted[0] - wanted[1]) / (2 * NEAR), rel=1e-8)


def test_steps_are_short_against_the_pull_and_the_push():
    assert sphere_noise.fastest_rate(separation=3.0, temperature=4.0, variance=2.0) == pytest.approx(9 / 8 + 1 / 2)


@pytest.mark.parametrize("start", [(0.05, 0.1), (-0.2, -0.1), (0.15, 0.0)])
def test_slopes_of_a_law_along_a_run_are_those_of_densities_carried(start):
    """The logarithm of the start's density less that of the flow's determinant, both by differences, at two times."""
    (y, c), kicks, dim, radius = start, Kicks(TARGET, SCHEDULE), 16, TARGET.separation
    model = sphere_pair(TARGET, SCHEDULE, Dynamics(**SPHERE, variance="fixed"))
    log_rho = float(Departures(model, 1e-6).thresholds(np.array([start]), np.array([-2.0]), 1e-6, 0.0)[0])
    place = np.array([
        0.5 * math.log((1 - y * y) / (1 + math.exp(-2 * log_rho))), radius**2 * y * math.sqrt(2 + 2 * c), c
    ])  # fmt: skip
    grid = step_grid(SCHEDULE, Dynamics(**SPHERE, variance="fixed"), step=0.05)
    states, out = np.empty((len(grid[0]), 4)), np.zeros((len(grid[0]), 4))
    states[0], slopes = (
        [*place, 0.0],
        sphere_noise.start_slopes(
            difference_cosine=math.exp(place[0]), overlap_sum=place[1], pair_cosine=c, separation=radius, dim=dim
        ),
    )
    steps = kernels.run_along(states, grid[:3], grid[3], problem("fixed"))
    kernels.summed_on(np.array([*slopes, 0.0]), states, steps, grid[:3], problem("fixed"), out)
    for time in (0.6, 1.5):
        node = 2 * int(np.argmin(abs(grid[0][::2] - time)))
        wanted = _carried_slopes(kicks, place, float(grid[0][node]), dim)
        np.testing.assert_allclose(out[node, :3], wanted, rtol=2e-3, atol=2e-3 * abs(wanted).max())


def _carried_slopes(kicks, place, time, dim):
    """Of the logarithm of the density of (x, m1 + m2, c), by central differences of 2e-3 of each scale."""
    scales = 2e-3 * np.array([1.0, TARGET.separation**2, 1.0])
    offsets = [np.zeros(3), *(sign * scales * np.eye(3)[k] for k in range(3) for sign in (1, -1))]
    places = np.array([place + one + other for one in offsets for other in offsets])
    last = np.array(kicks.read(kicks.run(kicks.placed(places[:, 0], places[:, 1], places[:, 2]), 0.0, time))).T
    last = last.reshape(7, 7, 3)
    turned = (last[:, 1::2] - last[:, 2::2]) / (2 * scales[:, None])  # rows by the start's coordinates
    logs = [
        log_density(place + one, dim) + place[0] + one[0] - math.log(abs(np.linalg.det(rows))) - end[0, 0]
        for one, rows, end in zip(offsets, turned, last, strict=True)
    ]
    by_start = (np.array(logs[1::2]) - np.array(logs[2::2])) / (2 * scales)
    return np.linalg.solve(turned[0], by_start)
