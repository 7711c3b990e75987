"""Trajectories as values: events, batches, early stops, plain data, and what is refused."""

import numpy as np
import pytest

from anneal_theory.errors import DomainError
from anneal_theory.gradient_flow import (
    CROSSINGS,
    FullState,
    GramState,
    ReducedState,
    basin_boundary,
    solve_flow,
    solve_flows,
)
from anneal_theory.gradient_flow.driver import METHODS, Settings, System, integrate
from anneal_theory.problem import BimodalTarget, Dynamics, GaussianMixture
from anneal_theory.schedules import Constant, Exponential

TARGET = BimodalTarget(3, 0.8)
RULES = [Dynamics(), Dynamics("free-energy"), Dynamics(metric="natural", family_weight=0.3)]
AGREE = 2e-8  # errors of 1e-10 a step of each of two runs, grown by at most e^3 while the pair leaves its saddle


def words(rules: Dynamics) -> dict:
    return {"objective": rules.objective, "metric": rules.metric, "family_weight": rules.family_weight}


def test_the_second_mean_crosses_once_when_it_is_saved():
    start = ReducedState.from_rho(0.0, 0.2, 2**0.5, TARGET)
    run = solve_flow(TARGET, Exponential(10, 10), start, [100.0])
    (time,) = run.events[CROSSINGS[1]]
    assert run.events[CROSSINGS[0]] == []
    at = solve_flow(TARGET, Exponential(10, 10), start, [time])
    assert abs(at["m2"][0] - basin_boundary(TARGET)) < 1e-7  # m2 moves by about one per unit of time


def test_a_run_can_stop_at_an_event():
    start = ReducedState.from_rho(0.0, 0.2, 2**0.5, TARGET)
    run = solve_flow(TARGET, Exponential(10, 10), start, [1.0, 5.0, 50.0], stop_at=CROSSINGS[1])
    assert run.status == "event"
    assert CROSSINGS[1] in run.message
    assert run.times.tolist() == [1.0, 5.0, run.events[CROSSINGS[1]][0]]
    assert abs(run["m2"][-1] - basin_boundary(TARGET)) < 1e-7


def test_a_collapsing_run_has_no_crossing():
    run = solve_flow(TARGET, Constant(1), ReducedState.from_rho(0.0, 0.2, 2**0.5, TARGET), [500.0])
    assert run.events == {name: [] for name in CROSSINGS}
    assert run["m2"][-1] > 8


def test_a_run_that_may_not_step_on_says_so():
    start = ReducedState.from_rho(0.0, 0.2, 2**0.5, TARGET)
    run = solve_flow(TARGET, Exponential(10, 10), start, [0.5, 1e4], max_steps=60)
    assert run.status == "stopped-early"
    assert "after 60 steps; raise max_steps" in run.message
    assert run.times.tolist() == [0.5]
    assert len(run["m1"]) == len(run.temperature) == 1


@pytest.mark.parametrize("rules", RULES)
@pytest.mark.parametrize("method", ["DOP853", "LSODA"])
def test_a_batch_gives_each_trajectory_of_its_own(method, rules):
    starts = ReducedState.from_rho([0.0, 0.5, -1.0], [0.05, 0.3, -2.0], [1.0, 1.4, 3.0], TARGET)
    times = [0.0, 4.0, 20.0, 200.0]
    batch = solve_flows(TARGET, Exponential(6, 10), starts, times, method=method, **words(rules))
    assert batch["m1"].shape == (4, 3)
    for j in range(3):
        alone = ReducedState(starts.s[j], starts.delta[j], starts.perp[j])
        run = solve_flow(TARGET, Exponential(6, 10), alone, times, **words(rules))
        for name in ("m1", "m2", "distance", "perp"):
            assert np.max(np.abs(batch[name][:, j] - run[name])) < AGREE
        for name in CROSSINGS:
            first = min(run.events[name], default=np.inf)
            assert batch.events[name][j] == pytest.approx(first, abs=1e-6)


def test_a_batch_of_full_states_agrees_with_the_reduced_batch():
    pairs = np.random.default_rng(9).normal(size=(2, 20, 8)) / np.sqrt(8)
    large = solve_flows(TARGET, Exponential(6, 10), FullState.from_means(*pairs, TARGET), [5.0, 100.0])
    small = solve_flows(TARGET, Exponential(6, 10), ReducedState.from_means(*pairs, TARGET), [5.0, 100.0])
    # Runs that pass close to the separatrix magnify their errors, so the bound is wider than for one run.
    assert all(np.max(np.abs(large[name] - small[name])) < 1e-6 for name in ("m1", "m2"))


def test_a_batch_that_may_not_step_on_says_so():
    starts = ReducedState.from_rho([0.0, 0.5], 0.2, 1.0, TARGET)
    for method in ("DOP853", "LSODA"):
        run = solve_flows(TARGET, Exponential(10, 10), starts, [0.0, 1e4], max_steps=20, method=method)
        assert run.status == "stopped-early"
        assert run["m1"].shape == (1, 2)


def test_trajectories_turn_into_plain_data_and_xarray():
    run = solve_flow(TARGET, Exponential(10, 10), ReducedState.from_rho(0.0, 0.2, 1.0, TARGET), [0.0, 10.0])
    assert run.to_dict()["statistics"]["m1"] == run["m1"].tolist()
    assert run.to_xarray()["m1"].sel(time=10.0) == run["m1"][1]
    assert run.temperature.tolist() == [10.0, pytest.approx(1 + 9 / np.e)]


@pytest.mark.parametrize("method", METHODS)
def test_no_step_looks_across_a_jump_of_the_rates(method):
    system = System(lambda t, y: np.array([1.0 if t < 1 else 100.0]), np.zeros(1), np.array([1e-12]))
    run = integrate(system, np.array([2.0]), [(1.0, np.inf)], Settings(method, 1e-10, 1000))
    assert run.states[-1][0] == pytest.approx(101, rel=1e-13)
    assert run.steps < 40  # a method that sees the jump feels its way to it with a hundred


@pytest.mark.parametrize(
    ("times", "message"),
    [
        ([-1.0, 2.0], "times must be .*non-negative, but was -1.0"),
        ([2.0, 1.0], "times must be strictly increasing"),
        ([1.0, 1.0], "times must be strictly increasing"),
        ([], "times must be a list of times"),
        (3.0, "times must be a list of times"),
        ([1.0, np.inf], "times must be .*finite.*, but was inf"),
        ([1.0, np.nan], "times must be .*finite.*, but was nan"),
    ],
)
def test_times_must_be_times(times, message):
    with pytest.raises(DomainError, match=message):
        solve_flow(TARGET, Constant(1), ReducedState(0.0, 0.1, 1.0), times)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"family_weight": 0.3}, "FullState for the Euclidean metric with unequal weights.*metric='natural'"),
        ({"method": "RK4"}, "method must be 'LSODA' or"),
        ({"rtol": 1e-15}, "rtol must be between"),
        ({"rtol": float("nan")}, "rtol must be between"),
        ({"max_steps": 0}, "max_steps must be a positive integer"),
        ({"stop_at": "noon"}, "stop_at must be 'first mean crosses"),
    ],
)
def test_options_are_checked(options, message):
    with pytest.raises(DomainError, match=message):
        solve_flow(TARGET, Constant(1), ReducedState(0.0, 0.1, 1.0), [1.0], **options)


def test_starts_and_targets_must_belong_together():
    mixture = GaussianMixture([[3.0, 0.0], [-3.0, 0.0]], [0.8, 0.2])
    gram = GramState.from_means([[0.1, 1.0], [0.0, -1.0]], mixture)
    with pytest.raises(DomainError, match="target must be a BimodalTarget for a ReducedState"):
        solve_flow(mixture, Constant(1), ReducedState(0.0, 0.1, 1.0), [1.0])
    with pytest.raises(DomainError, match="target must be the one in the start's Gram matrix"):
        solve_flow(BimodalTarget(2, 0.8), Constant(1), gram, [1.0])
    with pytest.raises(DomainError, match="target must be of the start's target_weights"):
        solve_flow(BimodalTarget(3, 0.7), Constant(1), gram, [1.0])
    with pytest.raises(DomainError, match="family_weight must be left out"):
        solve_flow(mixture, Constant(1), gram, [1.0], family_weight=0.3)
    with pytest.raises(DomainError, match="empty for a GramState"):
        solve_flow(mixture, Constant(1), gram, [1.0], stop_at=CROSSINGS[0])
    with pytest.raises(DomainError, match="mu\\* of length 3"):
        solve_flow(TARGET, Constant(1), FullState(9.0, 0.0, 1.0, 0.0, 1.0), [1.0])


def test_one_state_and_many_have_their_own_functions():
    with pytest.raises(DomainError, match="use solve_flows for batches"):
        solve_flow(TARGET, Constant(1), ReducedState([0.0, 1.0], 0.1, 1.0), [1.0])
    with pytest.raises(DomainError, match="use solve_flow for one start"):
        solve_flows(TARGET, Constant(1), ReducedState(0.0, 0.1, 1.0), [1.0])
