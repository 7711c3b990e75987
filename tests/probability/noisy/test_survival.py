"""How long alignment survives, against pairs whose gradients are sampled in all coordinates by their definition."""

import math

import numpy as np
import pytest
from scipy.stats import norm

import anneal_theory as at
from anneal_theory.fixed_points.constants import collapsed_state
from anneal_theory.formulas.alignment_noise import cold_square
from tests.budgets import FALSE_ALARM

TARGET = at.BimodalTarget(3, "0.8")
FAR = at.BimodalTarget(7, "0.8")  # whose modes are so far apart that the target turns nothing
DIM, PAIRS = 12, 100


def _drawn(first, temperature, gradient, step, batch, steps):
    """mu_1 - mu_2 of pairs round one mode after steps on sampled gradients, by their definition: shape (pairs, d).

    The loss is the mean over samples of log q - beta log p, and log p that of one Gaussian: the other mode is far. A
    path gradient leaves out what the means do to log q at a given sample.
    """
    rng, beta = np.random.default_rng(4), 1 / temperature
    means = np.tile(np.stack([first / 2, -first / 2]), (PAIRS, 1, 1))  # from the mode
    for _ in range(steps):
        points = means[:, :, None, :] + rng.normal(size=(PAIRS, 2, batch, DIM))
        gaps = points[:, :, :, None, :] - means[:, None, None, :, :]  # of each point from both means
        logs = -0.5 * np.sum(gaps**2, axis=-1)
        shares = np.exp(logs - logs.max(axis=-1, keepdims=True))
        shares /= shares.sum(axis=-1, keepdims=True)
        pulled = shares[..., None] * gaps
        slope = 0.5 * np.mean(beta * points - pulled.sum(axis=3), axis=2)
        if gradient == "plain":
            slope += 0.5 * pulled.mean(axis=2).sum(axis=1)
        means = means - step * slope
    return means[:, 0] - means[:, 1]


@pytest.mark.slow
@pytest.mark.parametrize("gradient", ["plain", "path"])
def test_the_direction_of_a_held_pair_forgets_at_this_rate(gradient):
    """A squared angle in 11 directions, over 100 pairs; sees an error of a fifth of the rate."""
    told = at.alignment_survival(FAR, 4, dim=DIM, batch_size=40, step_size=0.2, gradient=gradient)
    first = np.zeros(DIM)
    first[0] = told.separation
    last = _drawn(first, 4, gradient, 0.2, 40, 200)
    cosine = np.mean(last[:, 0] / np.linalg.norm(last, axis=1))
    error = norm.isf(FALSE_ALARM / 2) * math.sqrt(2 / (11 * PAIRS))
    assert -math.log(cosine) == pytest.approx(40 / told.memory_time, rel=error)


@pytest.mark.slow
def test_a_cold_pair_that_is_heated_keeps_this_much():
    """The mean along the first direction over the typical length of the rest, before and after."""
    time, temperature, step, batch = 4000.0, 5, 0.1, 200
    first = np.zeros(DIM)
    first[:2] = math.sqrt(4 / time)  # rho is 1: the noise of the first direction has the mean 0
    last = _drawn(first, temperature, "path", step, batch, 50)
    logs = np.log(np.linalg.norm(last[:, 1:], axis=1))
    kept = np.mean(last[:, 0]) / math.exp(np.mean(logs))
    told = at.alignment_after_heat(time, temperature, dim=DIM, batch_size=batch, step_size=step)
    error = norm.isf(FALSE_ALARM / 2) * math.hypot(logs.std(), last[:, 0].std() / last[:, 0].mean()) / math.sqrt(PAIRS)
    assert told < 0.7
    assert kept == pytest.approx(told, rel=error + 0.03)  # of what noise has still to add


def test_alignment_grows_exactly_below_the_largest_noise():
    """Gain and loss balance at the largest noise, at any temperature; under plain gradients hotter keeps more."""
    rules = {"dim": 128, "step_size": 0.05}
    for gradient in ("plain", "path"):
        for temperature in (1, "1.5", 8) if gradient == "plain" else ("1.5", 8):
            told = at.alignment_survival(TARGET, temperature, batch_size=100, gradient=gradient, **rules)
            least = told.least_batch
            below, above = (
                at.alignment_survival(TARGET, temperature, batch_size=size, gradient=gradient, **rules).net_growth
                for size in (max(math.floor(least), 2), math.ceil(least) + 1)
            )
            assert above > 0
            assert below < 0 or least < 2
            assert told.largest_noise * least == pytest.approx(0.05)
    batches = [
        at.alignment_survival(TARGET, temperature, batch_size=9, **rules).least_batch
        for temperature in (1, "1.5", 4, 13)
    ]
    assert batches == sorted(batches, reverse=True)
    cold = at.alignment_survival(TARGET, 1, batch_size=9, gradient="path", **rules)
    assert cold.loss == 0
    assert math.isinf(cold.largest_noise)


def test_a_held_pair_that_barely_parts_is_a_cold_one():
    """As T falls to 1 the plain rates tend to those at T = 1, in proportion to T - 1: twice as far off they have twice
    the distance. They go with T^-4 at most, whose second derivative is five times the first, and so is off by 0.005."""
    cold, near, far = (
        at.alignment_survival(TARGET, temperature, dim=128, batch_size=100) for temperature in (1, "1.001", "1.002")
    )
    for name in ("loss", "growth", "memory_time"):
        start, once, twice = (getattr(one, name) for one in (cold, near, far))
        assert (twice - start) / (once - start) == pytest.approx(2, abs=0.005)


def test_the_cap_of_a_cold_pair():
    """Beyond it rho does not grow; the stronger the noise the lower, and none at all above the largest noise."""
    caps = [at.alignment_survival(TARGET, 1, dim=128, batch_size=size).cap for size in (1000, 100, 50, 20)]
    assert caps == sorted(caps, reverse=True)
    assert caps[-1] == 0
    assert at.alignment_survival(TARGET, 2, dim=128, batch_size=1000).cap == math.inf


@pytest.mark.parametrize("heat", [1, 2])
def test_what_no_double_holds_is_infinite(heat):
    """Dimensions beyond the range of an exponential, steps that are nearly none, and modes too far apart to turn."""
    many = at.alignment_survival(TARGET, heat, dim=10**12, batch_size=30)
    fewer = at.alignment_survival(TARGET, heat, dim=10**4 + 1, batch_size=30)
    assert many.memory_time * (10**12 - 1) == pytest.approx(fewer.memory_time * 10**4, rel=1e-9)
    still = at.alignment_survival(TARGET, heat, dim=8, batch_size=30, step_size=1e-300)
    assert still.memory_time > 1e298
    assert still.net_growth == still.growth > 0
    far = at.alignment_survival(at.BimodalTarget(40, "0.8"), heat, dim=8, batch_size=30)
    assert (far.growth, far.largest_noise, far.least_batch, far.cap) == (0, 0, math.inf, 0)
    assert far.net_growth < 0


def test_the_error_of_a_noisy_threshold_has_what_no_dimension_multiplies():
    """Of the shift at d, a share 1/(d - 3) is of the size of what is left out; noise without a bound is refused."""
    told = at.noisy_threshold(TARGET, at.Hold(8, 60), dim=5, batch_size=10)
    assert told.log_error >= told.parts["shift"] / 2 > 1e-5
    with pytest.raises(at.DomainError, match=r"batch_size must be at least \d+ at these steps: .* but was 2; simulate"):
        at.noisy_threshold(TARGET, at.Hold(8, 60), dim=10**6, batch_size=2)


@pytest.mark.parametrize("heat", [1, 3])
def test_natural_gradients_are_plain_ones_of_twice_the_step(heat):
    """Equal weights: mu_i moves by 1/w_i = 2 times the gradient, in the same time of training."""
    rules = {"dim": 128, "batch_size": 100}
    told = at.alignment_survival(TARGET, heat, step_size=0.05, metric="natural", **rules)
    twice = at.alignment_survival(TARGET, heat, step_size=0.1, **rules)
    assert told.growth == pytest.approx(2 * twice.growth)
    assert told.loss == pytest.approx(2 * twice.loss)
    assert told.memory_time == pytest.approx(twice.memory_time / 2)
    assert told.least_batch == pytest.approx(twice.least_batch)
    natural = at.alignment_after_heat(400, 9, step_size=0.05, metric="natural", **rules)
    assert natural == pytest.approx(at.alignment_after_heat(800, 9, step_size=0.1, **rules))


def test_noise_raises_the_threshold_in_proportion_to_step_over_batch():
    """Alignment is diluted, so that a start must be further from the axis to stay split: rho_c grows."""
    calls = [
        at.noisy_threshold(TARGET, at.Hold(8, 60), dim=128, batch_size=size, gradient="path") for size in (100, 400)
    ]
    for told in calls:
        assert told.value > told.parts["flow"]
        assert math.log(told.value) == pytest.approx(told.log_value)
    first, second = (math.log(told.value / told.parts["flow"]) for told in calls)
    assert first == pytest.approx(4 * second)


@pytest.mark.parametrize(
    ("call", "named"),
    [
        (lambda: at.alignment_survival(TARGET, "1.0001", dim=8, batch_size=9), "temperature"),
        (lambda: at.alignment_survival(TARGET, 2, dim=3, batch_size=9), "dim"),
        (lambda: at.alignment_survival(TARGET, 2, dim=8, batch_size=9, family_weight=0.3), "family_weight"),
        (lambda: at.noisy_threshold(TARGET, at.Hold(8, 60), dim=3, batch_size=9), "dim"),
        (lambda: at.alignment_after_heat(-1, 2, dim=8, batch_size=9), "cold_time"),
    ],
)
def test_what_is_refused(call, named):
    with pytest.raises(at.DomainError, match=f"^{named} must be"):
        call()


@pytest.mark.parametrize("square", [0.04, 0.004])
def test_a_cold_pair_comes_together_as_the_flow_has_it(square):
    """By mmse(X) = 1 - X + X^2 - ..., D^2 falls like D^4/4 (1 - D^2/4 + ...): off by a quarter of its first value."""
    overlap, times = float(collapsed_state(TARGET).overlap), [0, 1000, 10_000]
    own, shared = (overlap**2 / 9 + sign * square / 4 for sign in (1, -1))
    run = at.solve_flow(TARGET, at.Constant(1), at.FullState(overlap, overlap, own, shared, own), times)
    found = run["s11"] + run["s22"] - 2 * run["s12"]
    wanted = [float(cold_square(across_square=square, t=time)) for time in times]
    np.testing.assert_allclose(found, wanted, rtol=square / 4)
