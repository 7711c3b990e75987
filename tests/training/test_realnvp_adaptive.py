"""Adaptive temperatures, on targets of unequal weights: a sign error looks right on symmetric ones."""

import math

import numpy as np
import pytest
from scipy.integrate import quad

from anneal_theory.errors import DomainError
from anneal_theory.problem import BimodalTarget
from anneal_theory.training.adaptive import AdaAnn, ConstantESS
from anneal_theory.training.realnvp_training import train_realnvp

TARGET = BimodalTarget(3, 0.8)


def log_p(x: float) -> float:
    """The target's log-density along its axis, up to a constant."""
    return math.log(0.8 * math.exp(-((x - 3) ** 2) / 2) + 0.2 * math.exp(-((x + 3) ** 2) / 2))


def tempered(power: float, function) -> float:
    """Mean of a function under the target's power, along the axis."""
    mass, total = (
        quad(lambda x, f=f: f(x) * math.exp(power * log_p(x)), -25, 25, points=[-3, 3], limit=200)[0]
        for f in (lambda x: 1.0, function)
    )
    return total / mass


def points_of_tempered(power: float, count: int) -> np.ndarray:
    """Equally probable points of the target's power: a sample without sampling noise."""
    grid = np.linspace(-25, 25, 400_001)
    density = np.array([math.exp(power * log_p(x)) for x in grid[::20]])
    mass = np.cumsum(np.interp(grid, grid[::20], density))
    return np.interp((np.arange(count) + 0.5) / count, mass / mass[-1], grid)


def test_a_step_of_adaann_has_the_divergence_of_its_tolerance():
    # KL(p^b || p^(b + db)) = tol^2/2 up to the third cumulant, a relative error of order tol = 0.02. Equally probable
    # points give the variance to 1e-3.
    values = np.array([[log_p(x) for x in points_of_tempered(0.3, 20_000)]])
    step = AdaAnn(10, 0.02).next_beta(np.array([0.3]), values)[0] - 0.3
    divergence = math.log(tempered(0.3, lambda x: math.exp(step * log_p(x)))) - step * tempered(0.3, log_p)
    assert divergence == pytest.approx(0.02**2 / 2, rel=0.05)


def test_a_step_of_constant_ess_has_its_effective_sample_size():
    values = np.array([[log_p(x) for x in points_of_tempered(0.3, 5000)]] * 2)
    found = ConstantESS(10, 0.9).next_beta(np.array([0.3, 0.1]), values)
    for before, after in zip([0.3, 0.1], found, strict=True):
        weights = [math.exp((after - before) * value) for value in values[0]]
        ess = math.fsum(weights) ** 2 / math.fsum(weight**2 for weight in weights) / len(weights)
        assert ess == pytest.approx(0.9, abs=1e-10)
    assert found[0] - 0.3 == pytest.approx(found[1] - 0.1, rel=1e-9)


@pytest.mark.parametrize("rule", [AdaAnn(10, 0.1), ConstantESS(10, 0.9)])
def test_a_rule_stops_at_the_target_and_serves_each_replica_alone(rule):
    values = np.array([[0.0, 0.0], [0.0, 5.0], [-900.0, 900.0]])
    found = rule.next_beta(np.array([0.2, 1.0, 0.5]), values)
    assert found[:2].tolist() == [1.0, 1.0]
    assert 0.5 < found[2] < 0.51
    alone = [rule.next_beta(np.array([beta]), row[None])[0] for beta, row in zip([0.2, 1.0, 0.5], values, strict=True)]
    assert found.tolist() == alone


@pytest.mark.slow
@pytest.mark.parametrize(
    ("rule", "weight"), [(AdaAnn(10, 0.05, every=5, samples=200), 0.3), (ConstantESS(10, 0.998, 5, 200), 0.8)]
)
def test_adaptive_training_heats_down_to_the_target_of_unequal_weights(rule, weight):
    settings = {"dim": 2, "replicas": 2, "couplings": 4, "hidden": (16,), "batch_size": 64, "step_size": 0.01}
    found = train_realnvp(BimodalTarget(3, weight), rule, **settings, steps=400, record_every=50, gradient_limit=10.0)
    temperature = found.history["temperature"]
    assert (temperature[0] == 10).all()
    assert (temperature[-1] == 1).all()
    assert (np.diff(temperature, axis=0) <= 0).all()
    assert (temperature[1] > 2).all()  # not at once
    # A flow that takes the weights the wrong way round is 0.4 or more off; these are off by up to 0.12.
    assert (found.statistics["mode_weight_error"] < 0.2).all()


@pytest.mark.parametrize(
    ("build", "named"),
    [
        (lambda: AdaAnn(0.5, 0.1), "initial_temperature"),
        (lambda: AdaAnn(10, 0.0), "tolerance"),
        (lambda: AdaAnn(10, 0.1, every=0), "every"),
        (lambda: AdaAnn(10, 0.1, samples=1), "samples"),
        (lambda: ConstantESS(10, 1.0), "ess"),
        (lambda: ConstantESS(10, 0.001, samples=100), "ess"),
        (lambda: ConstantESS(float("inf"), 0.9), "initial_temperature"),
    ],
)
def test_a_bad_argument_of_a_rule_is_named(build, named):
    with pytest.raises(DomainError, match=f"^{named} must be"):
        build()
