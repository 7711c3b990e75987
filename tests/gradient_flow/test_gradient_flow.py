"""The closed flows against training as it is defined: descent of the d-dimensional means on the KL divergence."""

import numpy as np
import pytest

from anneal_theory.gradient_flow import FullState, GramState, ReducedState, solve_flow
from anneal_theory.problem import BimodalTarget, Dynamics, GaussianMixture
from anneal_theory.schedules import Exponential
from tests.oracles import gradient_flow, kl_grid

TARGET = BimodalTarget(1.5, 0.7)
MODES, SHARES = np.array([[1.5, 0.0], [-1.5, 0.0]]), np.array([0.7, 0.3])
MEANS = np.array([[0.3, 0.6], [-0.4, -0.2]])
TIMES = [0.0, 1.0, 4.0, 12.0]
# The oracle's gradients are exact to 4e-11 and its steps to 1e-9; the flow's to 1e-10 a step.
EXACT = 2e-8
RULES = [
    (objective, metric, weight)
    for objective in ("tempered-target", "free-energy")
    for metric, weight in (("euclidean", 0.5), ("euclidean", 0.35), ("natural", 0.35))
]


def temperature(t: float) -> float:
    return 1 + 3 * float(np.exp(-t / 3))


@pytest.fixture(scope="module")
def trained():
    """The oracle's means for every rule, trained once."""
    return {
        rule: gradient_flow.train(
            MEANS,
            np.array([rule[2], 1 - rule[2]]),
            MODES,
            SHARES,
            temperature,
            TIMES,
            natural=rule[1] == "natural",
            free_energy=rule[0] == "free-energy",
        )
        for rule in RULES
    }


def arguments(rule):
    return dict(zip(("objective", "metric", "family_weight"), rule, strict=True))


@pytest.mark.slow
@pytest.mark.parametrize("rule", RULES)
def test_the_full_flow_is_gradient_flow_of_the_means(trained, rule):
    run = solve_flow(TARGET, Exponential(4, 3), FullState.from_means(*MEANS, TARGET), TIMES, **arguments(rule))
    assert run.status == "finished"
    first, second = trained[rule][:, 0], trained[rule][:, 1]
    for name, value in {
        "m1": 1.5 * first[:, 0],
        "m2": 1.5 * second[:, 0],
        "s11": np.sum(first**2, axis=1),
        "s12": np.sum(first * second, axis=1),
        "s22": np.sum(second**2, axis=1),
        "distance": np.linalg.norm(first - second, axis=1),
        "cosine": (first - second)[:, 0] / np.linalg.norm(first - second, axis=1),
    }.items():
        assert np.max(np.abs(run[name] - value)) < EXACT, name


@pytest.mark.slow
@pytest.mark.parametrize("rule", [rule for rule in RULES if rule[1:] != ("euclidean", 0.35)])
def test_the_reduced_flow_is_gradient_flow_of_the_means(trained, rule):
    start = ReducedState.from_means(*MEANS, TARGET, Dynamics(*rule))
    run = solve_flow(TARGET, Exponential(4, 3), start, TIMES, **arguments(rule))
    first, second = trained[rule][:, 0], trained[rule][:, 1]
    gap = first - second
    share = rule[2]
    for name, value in {
        "s": 1.5 * (share * first + (1 - share) * second)[:, 0],
        "delta": 1.5 * gap[:, 0],
        "perp": np.abs(gap[:, 1]),
        "m1": 1.5 * first[:, 0],
        "m2": 1.5 * second[:, 0],
        "rho": gap[:, 0] / np.abs(gap[:, 1]),
        "distance": np.linalg.norm(gap, axis=1),
    }.items():
        assert np.max(np.abs(run[name] - value) / np.maximum(np.abs(value), 1)) < EXACT, name


@pytest.mark.slow
@pytest.mark.parametrize("rule", [rule for rule in RULES if rule[2] == 0.5] + [("free-energy", "natural", 0.5)])
def test_three_means_on_three_modes_follow_gradient_flow(rule):
    means = np.array([[0.3, 0.6], [-0.4, -0.2], [0.5, -0.7]])
    modes, shares = np.array([[1.5, 0.0], [-1.0, 1.0], [-0.8, -1.1]]), np.array([0.5, 0.3, 0.2])
    family = np.array([0.2, 0.3, 0.5])
    times = [1.0, 4.0]
    kind = {"natural": rule[1] == "natural", "free_energy": rule[0] == "free-energy"}
    expected = gradient_flow.train(means, family, modes, shares, temperature, times, **kind)
    mixture = GaussianMixture(modes, shares)
    start = GramState.from_means(means, mixture, family)
    run = solve_flow(mixture, Exponential(4, 3), start, times, objective=rule[0], metric=rule[1])
    for gram, moved in zip(run["gram"], expected, strict=True):
        rows = np.vstack([moved, modes])
        assert np.max(np.abs(gram - rows @ rows.T)) < EXACT


@pytest.mark.parametrize(("metric", "weight"), [("euclidean", 0.35), ("natural", 0.5)])
def test_the_loss_never_rises_at_a_fixed_temperature(metric, weight):
    times = np.linspace(0, 20, 21)
    start = FullState.from_means(*MEANS, TARGET)
    run = solve_flow(TARGET, Exponential(1, 1), start, times, metric=metric, family_weight=weight)
    family = np.array([weight, 1 - weight])
    losses = []
    for m1, m2, s11, s12, s22 in zip(*(run[name] for name in ("m1", "m2", "s11", "s12", "s22")), strict=True):
        across = np.sqrt(np.maximum([s11 - (m1 / 1.5) ** 2, s22 - (m2 / 1.5) ** 2], 0))
        across[1] *= np.sign(s12 - m1 * m2 / 2.25)
        means = np.stack([[m1 / 1.5, m2 / 1.5], across], axis=1)
        losses.append(kl_grid.kl(means, family, 1.0, MODES, SHARES, 1.0, kl_grid.grid(means, 1.0)))
    drops = -np.diff(losses)
    assert np.all(drops > -1e-12)
    assert losses[0] - losses[-1] > 0.1
