"""The flow's trajectories against training from the same start: without noise, and in the mean of noisy runs.

Gradient descent at step h follows the flow up to a bias of order h; runs at h, h/2 and h/4 remove its first two orders.
"""

import numpy as np
import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st
from scipy.stats import t as student

from anneal_theory.gradient_flow import ReducedState, solve_flow
from anneal_theory.problem import BimodalTarget, Dynamics
from anneal_theory.schedules import Exponential, Linear
from tests.agreement.training_runs import Setting, extrapolated, flow, follow, reduced, statistics
from tests.budgets import FALSE_ALARM
from tests.exploration import examples

TIMES = [1.0, 3.0, 6.0]


def rounded(low, high, digits=2):
    return st.floats(low, high).map(lambda x: str(round(x, digits)))


targets = st.builds(BimodalTarget, rounded(1.5, 3.5), rounded(0.1, 0.9))
# Kinks at whole times, where steps end: one inside a step would spoil the extrapolation.
lines = st.builds(Linear, rounded(1.2, 8), st.integers(1, 8))
coolings = st.builds(Exponential, rounded(1.2, 8), rounded(0.5, 8)) | lines
objectives = st.sampled_from(["tempered-target", "free-energy"])
metrics = st.sampled_from(["euclidean", "natural"])
dynamics = st.builds(Dynamics, objectives, metrics, rounded(0.25, 0.75))
starts = st.tuples(*[st.floats(-1, 1).map(lambda x: round(x, 3))] * 5)
USUAL = Setting(BimodalTarget(3, "0.8"), Exponential(5, 2))
START = (0.3, -0.2, 0.5, -0.6, 0.4)


def distances(setting, start, variables, expected):
    """Distances of noise-free training from the theory, and what is allowed: the step's bias, and 1e-7 for rounding."""
    runs = [variables(follow(setting, start, TIMES, setting.step / k)) for k in (1, 2, 4)]
    limit, bias = extrapolated(runs)
    return np.abs(limit - expected), bias + 1e-7 * (1 + np.abs(expected))


def five_statistics(setting, start):
    return distances(setting, start, lambda run: run, flow(setting, start, TIMES))


def three_statistics(setting, start):
    first = statistics(np.array(start), setting.target.separation)
    s, log_rho, log_distance = reduced(first[None], setting)[0]
    rho = np.copysign(np.exp(log_rho), start[0] - start[1])
    state = ReducedState.from_rho(s, rho, np.exp(log_distance), setting.target)
    solved = solve_flow(setting.target, setting.schedule, state, TIMES, **setting.words)
    expected = np.stack([solved["s"], solved["log_rho"], np.log(solved["distance"])], axis=1)
    return distances(setting, start, lambda run: reduced(run, setting), expected)


@pytest.mark.slow
@examples(8)
@given(target=targets, schedule=coolings, rules=dynamics, start=starts)
@example(BimodalTarget(3, "0.8"), Exponential(10, 5), Dynamics(), START)
def test_the_flow_is_training_without_noise_as_the_step_vanishes(target, schedule, rules, start):
    """Any weights and metric, all five statistics: sees an error of 1e-3 in psi and G."""
    assume(np.hypot(start[0] - start[1], start[2] - start[3]) > 0.2)
    found, allowed = five_statistics(Setting(target, schedule, rules), start)
    assert np.all(found <= allowed)


@pytest.mark.slow
@examples(6)
@given(
    target=targets, schedule=coolings, objective=objectives, weight=rounded(0.25, 0.75), s0=st.floats(-1, 1),
    log10_rho=st.floats(-5, -3), spread=st.floats(0.5, 2),
)  # fmt: skip
@example(BimodalTarget(3, "0.8"), Exponential(5, 2), "tempered-target", "0.5", 0.1, -4.0, 1.0)
def test_an_almost_perpendicular_pair_aligns_at_the_rate_of_psi_prime(
    target, schedule, objective, weight, s0, log10_rho, spread
):
    """The natural metric, any weights: log rho, which only psi' moves here; sees an error of 1e-3 in psi'."""
    start = (s0 + 0.5 * spread * 10**log10_rho, s0 - 0.5 * spread * 10**log10_rho, 0.5 * spread, -0.5 * spread, 0.1)
    found, allowed = three_statistics(Setting(target, schedule, Dynamics(objective, "natural", weight)), start)
    assert np.all(found <= allowed)


EARLY = [1.0, 2.0]
RUNS = 100


def mean_gap(setting, start):
    """Distances of the mean of noisy runs from the flow, and what is allowed of each.

    Runs at steps h and h/2, other noise in each, remove the bias of order h; that of order h^2, and the noise's own of
    order h/batch, stay below 3e-4.
    """
    step, expected = 4 * setting.step, flow(setting, start, EARLY)
    batch = max(500, round(64000 * step))  # the noise goes as step/batch
    coarse, fine = (
        np.array([follow(setting, start, EARLY, step / k, batch=batch, replica=RUNS * k + i) for i in range(RUNS)])
        for k in (1, 2)
    )
    errors = np.sqrt((coarse.var(axis=0, ddof=1) + 4 * fine.var(axis=0, ddof=1)) / RUNS)
    limit = 2 * fine.mean(axis=0) - coarse.mean(axis=0)
    score = student.isf(FALSE_ALARM / (2 * expected.size), RUNS - 1)
    return np.abs(limit - expected), score * errors + 3e-4 * (1 + np.abs(expected))


@pytest.mark.slow
@examples(2)
@given(target=targets, schedule=coolings, rules=dynamics, start=starts)
@example(USUAL.target, USUAL.schedule, USUAL.dynamics, START)
def test_the_flow_is_the_mean_of_noisy_training_as_step_and_batch_grow(target, schedule, rules, start):
    """100 runs of batch 4000 at steps of 1/16 and 1/32, false alarms at 1e-9: sees an error of 2 % in psi or G."""
    assume(np.hypot(start[0] - start[1], start[2] - start[3]) > 0.2)
    found, allowed = mean_gap(Setting(target, schedule, rules), start)
    assert np.all(found <= allowed)
