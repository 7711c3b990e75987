"""The slope of the loss in a common variance, and the flow of that variance, in a given dimension."""

import math

import numpy as np
import pytest

import anneal_theory as at
from anneal_theory.averages import psi_prime
from anneal_theory.averages.tables import mmse_table
from anneal_theory.averages.variance_tables import variance_table
from anneal_theory.formulas.sphere_variance import common_variance_growth, variance_bend
from anneal_theory.gradient_flow import SphereState
from anneal_theory.gradient_flow.driver import Settings, integrate
from anneal_theory.gradient_flow.sphere import sphere_system
from anneal_theory.models.sphere_pair import RULES
from anneal_theory.models.sphere_pair_kernels import jacobian, rates
from anneal_theory.probability import collapse_probability
from anneal_theory.problem import BimodalTarget, Dynamics
from anneal_theory.schedules import Constant, ExponentialToOne
from docs.studies.sphere_parted import flow
from docs.studies.sphere_variance import DIMS, NAMES, OWN_DIMS, OWN_STARTS, SETTINGS, STARTS, sphere_variance
from docs.studies.sphere_variance import rows as stored_rows
from tests.oracles.sphere_of_paper import cooling, trajectory

PAPER = Dynamics("free-energy", constraint="sphere", variance="trained")
_GRID = np.linspace(-8, 8, 97)
_WEIGHTS = np.exp(-(_GRID**2) / 2) / np.exp(-(_GRID**2) / 2).sum()  # of a normal coordinate


def _log_mixture(points, centres, weights, variance, dim):
    """Of points in three coordinates; the others of `dim` are at the centres'."""
    squares = np.stack([np.sum((points - centre) ** 2, axis=-1) for centre in centres])
    logs = np.log(weights)[:, None, None, None] - squares / (2 * variance)
    return np.logaddexp(*logs) - dim / 2 * math.log(2 * math.pi * variance)


def loss(means, weight, variance, radius, share, temperature, dim):
    """KL's E_q[log q - beta log p], a sum over a grid in the three coordinates that hold both means and the axis.

    In each of the others a component is a normal of variance v around 0, for which the squares are averaged.
    """
    noise = np.stack(np.meshgrid(_GRID, _GRID, _GRID, indexing="ij"), axis=-1)
    density = _WEIGHTS[:, None, None] * _WEIGHTS[:, None] * _WEIGHTS
    modes = np.array([[radius, 0, 0], [-radius, 0, 0]])
    total = 0.0
    for own, mean in zip((weight, 1 - weight), means, strict=True):
        points = mean + math.sqrt(variance) * noise
        family = _log_mixture(points, means, np.array([weight, 1 - weight]), variance, dim) - (dim - 3) / 2
        target = _log_mixture(points, modes, np.array([share, 1 - share]), 1.0, dim) - (dim - 3) * variance / 2
        total += own * float(np.sum(density * (family - target / temperature)))
    return total


@pytest.mark.slow
@pytest.mark.parametrize("dim", [3, 8, 128])
def test_a_small_step_of_training_moves_the_variance_so(dim):
    """v <- v (1 - 2 e T (dL/dv_i)/d)^2 with dL/dv_i half of the slope, as both variances are alike.

    The slope is that of the loss by its definition, by central differences of a sum that is spectrally exact: 1e-4 of v
    leaves out 1e-8 of what its curvature is, and 2 T/d times the slope is the rate; the step leaves out its size.
    """
    radius, share, temperature, variance = 2.0, 0.7, 3.0, 1.7
    means = np.array([[1.0, 2.0, -0.5], [-0.4, 0.7, 1.5]])
    change, step = 1e-4 * variance, 1e-7
    high, low = (
        loss(means, 0.5, one, radius, share, temperature, dim) for one in (variance + change, variance - change)
    )
    slope = (high - low) / (2 * change)
    wider = BimodalTarget(radius * math.sqrt(variance), share)
    primes = [float(psi_prime(radius * mean[0], wider)) for mean in means]
    distance = float(np.linalg.norm(means[0] - means[1]))
    bend = variance_bend(
        distance=distance, separation=radius, variance=variance, temperature=temperature, psi_prime_1=primes[0],
        psi_prime_2=primes[1], overlap=_label_error(distance / math.sqrt(variance), 0.5),
    )  # fmt: skip
    stepped = (1 - 2 * step * temperature * (slope / 2) / dim) ** 2
    known = common_variance_growth(dim, variance, bend, temperature)
    assert math.log(stepped) / step == pytest.approx(known, abs=2 * temperature * 1e-6)


def _label_error(distance, weight):
    """G by its definition: E_q[r1 r2], a sum over one coordinate."""
    x = np.linspace(-12, 12 + distance, 4001)
    first, second = (w * np.exp(-((x - a) ** 2) / 2) for w, a in ((weight, 0.0), (1 - weight, distance)))
    return float(np.sum(first * second / (first + second)) * (x[1] - x[0]) / math.sqrt(2 * math.pi))


def followed(dim, times, start):
    target, cooling = BimodalTarget(3, "0.8"), ExponentialToOne(9, duration=8)
    system, statistics = sphere_system(target, cooling, start, PAPER, 1e-10, dim)
    run = integrate(system, np.array(times), cooling.strides(), Settings("DOP853", 1e-10, 100_000))
    return statistics(np.array(run.states).reshape(len(times), -1))


@pytest.mark.parametrize("dim", [3.0, 8.0])
def test_a_run_follows_the_slope_in_its_dimension(dim):
    """Against SciPy's DOP853 on the defined flow."""
    start, times = SphereState([0.3], [0.2], [0.1]), [0.0, 2.0, 8.0, 30.0]
    found = followed(dim, times, start)
    names = ("m1", "m2", "pair_overlap", "variance")
    begun = [float(found[name][0, 0]) / unit for name, unit in zip(names, (9, 9, 1), strict=False)]
    known = trajectory(3.0, 0.8, cooling(9.0, 8.0), "trained", begun, times, dim)
    assert np.stack([found[name][:, 0] for name in names], axis=1) == pytest.approx(known * [9, 9, 1, 1], abs=1e-5)
    public = at.solve_flow(
        BimodalTarget(3, "0.8"), ExponentialToOne(9, duration=8), SphereState(0.3, 0.2, 0.1), times, dim=int(dim),
        objective="free-energy", constraint="sphere", variance="trained",
    )  # fmt: skip
    for name in names:
        assert public[name] == pytest.approx(found[name][:, 0], abs=1e-6)


@pytest.mark.parametrize("dim", [3.0, 40.0, math.inf])
def test_the_jacobian_is_the_derivative_of_the_rates(dim):
    """Central differences at 1e-5, whose square and rounding leave 1e-9 of entries of order 10."""
    parameters = np.array([2.5, 0.4, RULES["trained"], -1.0, 0.0, 0.0, dim])
    averages, labels = variance_table(BimodalTarget(2.5, "0.7"), 0.5, 9.0).arrays, mmse_table()
    tables = averages, labels.coefficients, labels.inverse_width
    rng = np.random.default_rng(2)
    for _ in range(5):
        y = np.array([rng.uniform(-3, -0.5), rng.uniform(-2, 2), rng.uniform(-0.9, 0.9), rng.uniform(-0.3, 1.5)])
        rows, heated = jacobian(y, 2.0, parameters, tables)
        for column, change in enumerate(1e-5 * np.eye(4)):
            high, low = (np.array(rates(y + sign * change, 2.0, parameters, tables)) for sign in (1, -1))
            assert [row[column] for row in rows] == pytest.approx((high - low) / 2e-5, abs=1e-8)
        high, low = (np.array(rates(y, one, parameters, tables)) for one in (2.0 + 1e-5, 2.0 - 1e-5))
        assert list(heated) == pytest.approx((high - low) / 2e-5, abs=1e-8)


def test_its_law_tends_to_that_of_large_dimension_like_one_over_d():
    start, times = SphereState([0.3], [0.2], [0.1]), [0.0, 4.0]
    limit = followed(math.inf, times, start)["variance"][-1, 0]
    gaps = [followed(dim, times, start)["variance"][-1, 0] - limit for dim in (1e3, 1e4, 1e5)]
    assert gaps[0] / gaps[1] == pytest.approx(10, rel=0.02)
    assert gaps[1] / gaps[2] == pytest.approx(10, rel=0.02)


@pytest.mark.parametrize("dim", [3, 8])
@pytest.mark.parametrize("temperature", [4.0, 9.0])
def test_with_alike_variances_the_defined_flow_is_the_derived_one(dim, temperature):
    """Four rates; that of the common variance is the mean of both. Its grids leave 1e-6 at T = 4, 1e-9 at T = 9."""
    rng = np.random.default_rng(dim)
    x, y, s = rng.uniform(0.1, 0.6, 20), rng.uniform(-0.6, 0.6, 20), rng.uniform(-0.95, 0.95, 20)
    target, start = BimodalTarget(3, "0.8"), SphereState(x, y, s)
    system, _ = sphere_system(target, Constant(temperature), start, PAPER, 1e-8, float(dim))
    log_x, total, pair, log_v = system.rates(0.0, system.start).reshape(4, -1)
    m1, m2 = (np.asarray(one) / 9 for one in start.overlaps(target))
    state = np.array([m1, m2, s, *np.full((2, 20), temperature)])
    slow_1, slow_2, slow, *wide = flow(3.0, target.half_log_odds, lambda t: temperature, dim)(0.0, state)
    grown = (slow_1 - slow_2) / (m1 - m2) + slow / (2 * (1 - s))  # of m1 - m2 = x sqrt(2 (1 - s))
    for known, found in ((grown, log_x), (9 * (slow_1 + slow_2), total), (slow, pair)):
        assert found == pytest.approx(known, abs=1e-6)
    assert temperature * log_v == pytest.approx(sum(wide) / 2, abs=1e-5)


def test_the_stored_counts_are_those_that_the_page_tells_of():
    """Each law is drawn at its exact P: within four binomial standard errors; what parts them, within four of that."""
    stored, own = stored_rows(), stored_rows("own")
    places = [(*setting, dim) for setting in SETTINGS for dim in DIMS]
    assert [tuple(one[name] for name in NAMES) for one in stored] == places
    assert [tuple(one[name] for name in NAMES) for one in own] == [one for one in places if one[3] in OWN_DIMS]
    for cell in stored:
        for drawn, name in (("large", "probability"), ("exact", "in_its_dimension")):
            p = cell[name]
            assert abs(cell[drawn] / STARTS - p) < 4 * math.sqrt(p * (1 - p) / STARTS)
        gap = cell["in_its_dimension"] - cell["probability"]
        assert abs((cell["exact"] - cell["large"]) / STARTS - gap) < 4 * math.sqrt(max(cell["apart"], 1)) / STARTS
        assert abs(cell["exact"] - cell["large"]) <= cell["apart"]
    assert len(sphere_variance().splitlines()) == len(stored) + 2


def test_the_docstring_of_the_probability_tells_what_was_counted():
    gaps = {
        dim: [one["in_its_dimension"] - one["probability"] for one in stored_rows() if one["dim"] == dim]
        for dim in DIMS
    }
    assert [round(max(map(abs, gaps[dim])), 3) for dim in (3, 8)] == [0.012, 0.003]
    parts = {
        dim: [(one["own"] - one["common"]) / OWN_STARTS for one in stored_rows("own") if one["dim"] == dim]
        for dim in OWN_DIMS
    }
    assert [round(max(map(abs, parts[dim])), 3) for dim in (3, 8)] == [0.007, 0.001]
    text = " ".join(collapse_probability.__doc__.split())
    assert "changes P by up to 0.012 at d = 3 and 0.003 at d = 8" in text
    assert "A variance for each component changes P by up to 0.007 and 0.001" in text
