"""Alignment of pairs on the sphere under noise, and thresholds of given starts: by definition, and beside training."""

import math
import re

import numpy as np
import pytest
from scipy.optimize import root
from scipy.stats import norm

import anneal_theory as at
from anneal_theory.models.sphere_pair import sphere_pair
from anneal_theory.probability.noisy import sphere_first_order_kernels as kernels
from anneal_theory.probability.noisy.sphere_survival import held_pair
from anneal_theory.problem import Dynamics
from tests.budgets import FALSE_ALARM, assert_probability
from tests.oracles.sphere_descent import cosine_of_difference, descend, placed
from tests.oracles.sphere_kicks import Kicks

TARGET = at.BimodalTarget(3, "0.8")
RADIUS = TARGET.separation
SPHERE, FREE_ENERGY = {"constraint": "sphere"}, {"constraint": "sphere", "objective": "free-energy"}
GAP, NEAR = 1e-4, 1e-5
SURE = norm.isf(FALSE_ALARM / 2)


def _growth(kicks, rest, temperature):
    """Of log x of a pair whose x is small, per unit of the tempered flow's time."""
    total, cosine = rest
    up, down, turn = kicks.rates(np.array([[total / 2 + GAP], [total / 2 - GAP], [cosine]]), temperature)[:, 0]
    return ((up - down) / (2 * GAP) + turn / (2 - 2 * cosine)) / temperature


def _moved(kicks, rest, temperature):
    """Rates of m1 + m2 and c, of a pair across the axis."""
    first, second, turn = kicks.rates(np.array([[rest[0] / 2], [rest[0] / 2], [rest[1]]]), temperature)[:, 0]
    return np.array([first + second, turn]) / temperature


@pytest.mark.parametrize("plain", [True, False])
@pytest.mark.parametrize("temperature", [1.5, 6.0, 300.0])
def test_a_held_pair_is_at_rest_and_noise_changes_its_growth_as_by_definition(temperature, plain):
    """Of variance 1: where pairs rest by averages of their own, and to first order by how noise moves that rest.

    Its drifts are those of `test_sphere_diffusion`. Differences are good to 1e-5.
    """
    dim, kicks = 16, Kicks(TARGET, at.Constant(1))
    found = held_pair(TARGET, temperature, Dynamics(**SPHERE), dim, plain=plain)
    near = 1 - found.distance**2 / (2 * RADIUS**2)
    guess = np.array([RADIUS**2 * math.sqrt(2 + 2 * near), near])
    rest = root(lambda place: _moved(kicks, place, temperature), guess, tol=1e-12).x
    assert rest == pytest.approx(guess, rel=1e-6)
    quiet = _growth(kicks, rest, temperature)
    assert found.growth == pytest.approx(quiet, rel=1e-5, abs=1e-7)
    model = sphere_pair(TARGET, at.Hold(temperature, 1), Dynamics(**SPHERE))
    problem = model.parameters, model.averages, model.packed[3]
    drift = kernels.diffusion(np.array([math.log(1e-7), *rest, 0.0]), temperature, problem, float(dim), float(plain))
    steps = np.diag([RADIUS**2 * NEAR, NEAR])
    rows = [(_moved(kicks, rest + one, temperature) - _moved(kicks, rest - one, temperature)) / 2 for one in steps]
    slopes = [(_growth(kicks, rest + one, temperature) - _growth(kicks, rest - one, temperature)) / 2 for one in steps]
    sizes = np.diag(steps)
    jacobian, slopes = (np.array(rows) / sizes[:, None]).T, np.array(slopes) / sizes
    moved = np.linalg.solve(jacobian, -np.array(drift[7:9]))
    assert found.loss == pytest.approx(-(slopes @ moved + drift[6]), rel=1e-3)


@pytest.mark.slow
@pytest.mark.parametrize(("temperature", "variance", "step"), [(1.5, "follows-temperature", 0.1), (1, "fixed", 0.05)])
def test_trained_pairs_forget_their_alignment_at_this_rate(temperature, variance, step):
    """Regression of x on what it was, of 600 pairs that train at rest in 32 coordinates; steps are taken in.

    Sees a sixth of the rate of x, an eighth of that of the direction of mu_1 - mu_2.
    """
    dim, pairs, windows, count, rng = 32, 600, 20, 15, np.random.default_rng(3)
    told = at.alignment_survival(
        TARGET, temperature, dim=dim, batch_size=2, step_size=step, variance=variance, **SPHERE
    )
    wide = temperature if variance != "fixed" else 1.0
    near = 1 - told.separation**2 / (2 * RADIUS**2)
    means = placed(1e-3, math.sqrt(1 - 1e-6) * (1 - 1e-9), near, RADIUS, dim, rng, pairs)
    cosines, gaps = [], []
    for steps in (120, *[count] * windows):
        means = descend(means, TARGET, [temperature] * steps, [wide] * steps, step, 2, rng, plain=True)
        cosines.append(cosine_of_difference(means))
        gap = means[:, 0] - means[:, 1]
        gaps.append(gap / np.linalg.norm(gap, axis=1, keepdims=True))
    first, last = np.array(cosines[:-1]).ravel(), np.array(cosines[1:]).ravel()
    kept, time = first @ last / (first @ first), count * step
    error = SURE * math.sqrt((1 - kept**2) / first.size) / kept / time
    left_out = told.loss**2 / abs(told.growth)
    assert math.log(kept) / time == pytest.approx(math.log1p(step * told.net_growth) / step, abs=error + left_out)
    turned = np.sum(np.array(gaps[1:]) * np.array(gaps[:-1]), axis=2)
    error = SURE * turned.std() / math.sqrt(turned.size) / time
    left_out = told.loss / abs(told.growth) / told.memory_time
    assert -math.log(turned.mean()) / time == pytest.approx(1 / told.memory_time, abs=error + left_out)
    assert told.growth < 0 < told.loss


@pytest.mark.slow
@pytest.mark.parametrize("side", [-1, 1])
@pytest.mark.parametrize(("y", "cosine", "batch", "variance"), [(0.1, 0, 3, "fixed"), (-0.2, 0.1, 9, "fixed"),
                                                                (0.1, 0, 5, "follows-temperature")])  # fmt: skip
def test_trained_starts_collapse_with_the_chance_of_the_threshold(y, cosine, batch, variance, side):
    """In 16 coordinates, a deviation below and above x_c: 0.84 and 0.16; of 400 runs, which see either 0.12 off."""
    schedule, step, rng = at.Hold(6, 3), 0.05, np.random.default_rng(5)
    told = at.noisy_threshold(
        TARGET, schedule, dim=16, batch_size=batch, step_size=step, pair_overlap=cosine, mean_cosine=y,
        variance=variance, **FREE_ENERGY,
    )  # fmt: skip
    x, spread = told.value * (1 + side * told.parts["spread"]), told.parts["spread"]
    means = placed(x, y, cosine, RADIUS, 16, rng, 400)
    for k in range(round(14 / step)):
        hot = float(schedule.temperature(k * step))
        wide = hot if variance != "fixed" else 1.0
        means = descend(means, TARGET, [hot], [wide], step * hot, batch, rng, plain=True)
    collapsed = int(np.sum(means[:, 0, 0] * means[:, 1, 0] > 0))
    wanted = norm.cdf(-side) - norm.cdf(-side - 2 / spread)  # not split the other way round
    assert_probability(collapsed, 400, float(wanted), bias=told.log_error / spread / math.sqrt(2 * math.pi))
    assert told.parts["spread"] > 0.15


@pytest.mark.slow
def test_a_threshold_without_noise_is_that_of_the_flow_and_moves_in_proportion():
    """For every rule of the variance; a trained one moves by its law in the dimension."""
    for variance in ("fixed", "trained"):
        rules = FREE_ENERGY | {"variance": variance}
        given = {"pair_overlap": 0.1, "mean_cosine": 0.2}
        calls = [at.noisy_threshold(TARGET, at.Hold(20, 5), dim=8, batch_size=size, **given, **rules)
                 for size in (10**6, 10**4, 10**12)]  # fmt: skip
        own = {"dim": 8} if variance == "trained" else {}
        flow = at.collapse_threshold(TARGET, at.Hold(20, 5), **given, **rules, **own).value
        assert calls[2].value == pytest.approx(flow, rel=1e-8)
        assert calls[1].parts["shift"] == pytest.approx(100 * calls[0].parts["shift"])
        assert calls[1].parts["spread"] == pytest.approx(10 * calls[0].parts["spread"])


def test_heat_is_where_alignment_grows_on_the_sphere():
    """While cold x falls, whatever the batch; a trained variance hardly differs from one that is the temperature."""
    given = {"dim": 128, "batch_size": 100}
    for variance in ("follows-temperature", "trained"):
        cold, hot = (at.alignment_survival(TARGET, one, **given, variance=variance, **SPHERE) for one in (1, 20))
        assert cold.net_growth < cold.growth < 0
        assert (cold.largest_noise, cold.least_batch, cold.cap) == (0, math.inf, 0)
        assert hot.net_growth > 0
        assert hot.cap == math.inf
    hotter = at.alignment_survival(TARGET, 40, **given, variance="trained", **SPHERE)
    assert hotter.least_batch == pytest.approx(0.05 / hotter.largest_noise)
    edge = at.alignment_survival(TARGET, 40, dim=128, batch_size=2, step_size=2 * hotter.largest_noise,
                                 variance="trained", **SPHERE)  # fmt: skip
    assert edge.net_growth == pytest.approx(0, abs=1e-9)


def test_a_unit_of_the_free_energy_is_a_unit_of_the_tempered_flow_times_the_temperature():
    tempered, free = (
        at.alignment_survival(TARGET, 8, dim=16, batch_size=9, **rules) for rules in (SPHERE, FREE_ENERGY)
    )
    assert free.growth == pytest.approx(8 * tempered.growth)
    assert free.loss == pytest.approx(64 * tempered.loss)
    assert free.memory_time == pytest.approx(tempered.memory_time / 64)


@pytest.mark.parametrize(
    ("call", "named"),
    [
        (lambda: at.noisy_threshold(TARGET, at.Hold(6, 3), dim=8, batch_size=9, s0=0, **SPHERE), "s0"),
        (lambda: at.noisy_threshold(TARGET, at.Hold(6, 3), dim=8, batch_size=9, mean_cosine=0.1), "mean_cosine"),
        (lambda: at.noisy_threshold(TARGET, at.Hold(6, 3), dim=3, batch_size=9, **SPHERE), "dim"),
        (lambda: at.noisy_threshold(TARGET, at.Hold(6, 3), dim=10**6, batch_size=2, **SPHERE), "batch_size"),
        (lambda: at.noisy_threshold(TARGET, at.Hold(6, 3), dim=8, batch_size=9, family_weight=0.3, **SPHERE),
         "family_weight"),
        (lambda: at.alignment_survival(TARGET, 2, dim=8, batch_size=9, family_weight=0.3, **SPHERE), "family_weight"),
        (lambda: at.alignment_survival(TARGET, 2, dim=3, batch_size=9, **SPHERE), "dim"),
        (lambda: at.alignment_survival(TARGET, "0.5", dim=8, batch_size=9, **SPHERE), "temperature"),
    ],
)  # fmt: skip
def test_what_is_refused(call, named):
    with pytest.raises(at.DomainError, match=f"^{named} must be"):
        call()


def test_equal_modes_hold_a_hot_pair_antipodal():
    """Nothing drives its sum: x grows at the rate of the antipodal pair."""
    target = at.BimodalTarget(3, "0.5")
    hot = at.alignment_survival(target, 40, dim=16, batch_size=1000, variance="follows-temperature", **SPHERE)
    wanted = at.threshold.sphere_growth_rates(target, 40, 40)["cosine"] / 40
    assert hot.growth == pytest.approx(float(wanted), rel=1e-6)
    assert hot.separation == pytest.approx(6, rel=1e-6)


@pytest.mark.parametrize(("temperature", "dim", "batch"), [(8, 128, 2), (8, 10**9, 100)])
def test_noise_that_is_no_first_order_is_refused(temperature, dim, batch):
    """Where it parts the pair by more than the flow does: the batch that is named is taken."""
    rules = {"step_size": 0.05, "objective": "free-energy", "constraint": "sphere", "variance": "follows-temperature"}
    with pytest.raises(at.DomainError, match="batch_size must be at least") as refused:
        at.alignment_survival(at.BimodalTarget(3, "0.8"), temperature, dim=dim, batch_size=batch, **rules)
    least = int(re.search(r"at least (\d+)", str(refused.value))[1])
    found = at.alignment_survival(at.BimodalTarget(3, "0.8"), temperature, dim=dim, batch_size=least, **rules)
    assert abs(found.loss) <= abs(found.growth)
