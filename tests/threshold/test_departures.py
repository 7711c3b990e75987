"""Searches by runs that tell how far off the separatrix they started, against plain bisection."""

import math
import os

import numpy as np
import pytest
from hypothesis import example, given, reject
from hypothesis import strategies as st
from scipy.linalg import expm

from anneal_theory._compiled import kernel
from anneal_theory.errors import SolveError
from anneal_theory.models.free_pair import free_pair
from anneal_theory.models.runs import on_all_cores, sides
from anneal_theory.models.sphere_pair import sphere_pair
from anneal_theory.numerics.lane_kernels import LANES
from anneal_theory.numerics.lane_memory_kernels import lanes_of
from anneal_theory.numerics.tangent_kernels import tangent_step
from anneal_theory.probability import collapse_probability
from anneal_theory.problem import BimodalTarget, Dynamics, GaussianInit
from anneal_theory.schedules import Exponential, ExponentialToOne, Hold, Piecewise
from anneal_theory.threshold.bisection import Search
from anneal_theory.threshold.departures import Departures
from tests.exploration import examples

STATED = 10.0  # times its tolerance: what the averages state of a threshold


def agree(model, starts, tolerance, mode=1.0):
    """Thresholds of both searches, from no idea where they are: which are finite, and where."""
    plain = Search(model, 1e-2 * tolerance).thresholds(starts, None, 0.25, 1e-2 * tolerance)
    quick = Departures(model, tolerance).thresholds(starts, np.full(len(starts), -2.0), tolerance, mode)
    np.testing.assert_array_equal(np.isfinite(quick), np.isfinite(plain))
    known = np.isfinite(plain)
    np.testing.assert_array_equal(quick[~known], plain[~known])
    assert np.all(np.abs(quick[known] - plain[known]) <= STATED * tolerance)


SCHEDULES = st.one_of(
    st.builds(Exponential, st.floats(1, 1e4), st.floats(0.1, 300)),
    st.builds(Hold, st.floats(1, 50), st.floats(0.1, 100)),
    st.builds(
        lambda warm, pulse: Piecewise([0, 10, 11, 30], [warm, warm, pulse, 1]), st.floats(1, 3), st.floats(1, 40)
    ),
)


@pytest.mark.slow
@examples(25)
@given(
    separation=st.floats(0.05, 20),
    weight=st.floats(0.5, 0.95),
    schedule=SCHEDULES,
    objective=st.sampled_from(["tempered-target", "free-energy"]),
    across=st.booleans(),
    seed=st.integers(0, 100),
)
@example(3.0, 0.8, Exponential(1e6, 100), "tempered-target", True, 0)
@example(60.0, 0.8, Exponential(10, 10), "tempered-target", False, 0)
@example(3.0, 0.5, Exponential(10, 10), "free-energy", False, 0)
def test_free_pairs_have_the_thresholds_of_bisection(separation, weight, schedule, objective, across, seed):
    target, rng = BimodalTarget(separation, weight), np.random.default_rng(seed)
    model = free_pair(target, schedule, Dynamics(objective))
    model = model.lengths_across() if across else model
    saddle = model.saddle if math.isfinite(model.saddle) else -1.0
    middles = saddle + np.exp(rng.uniform(-3, 1.5, 8))
    try:
        agree(model, np.stack([middles, rng.uniform(-2, 2, 8)], axis=1), 1e-4)
    except SolveError:
        reject()  # near a critical separation a run may take longer than any search waits


@pytest.mark.parametrize("variance", ["fixed", "trained", "follows-temperature"])
def test_pairs_on_the_sphere_have_the_thresholds_of_bisection(variance):
    rules = Dynamics("free-energy", constraint="sphere", variance=variance)
    model = sphere_pair(BimodalTarget(3, 0.8), ExponentialToOne(30, 5), rules)
    starts = np.stack([np.linspace(-0.05, 0.4, 8), np.linspace(-0.4, 0.4, 8)], axis=1)
    agree(model, starts, 1e-5)


@pytest.mark.parametrize(("separation", "weight", "variance"), [
    (60, 0.8, "trained"), (12, 0.8, "follows-temperature"), (3, "0.5001", "trained"),
])  # fmt: skip
def test_hot_runs_of_distant_modes_and_of_a_slight_bias_are_as_exact_as_their_tolerance(separation, weight, variance):
    """Heat drives a pair across the axis and to opposite points, from where the bias alone brings it back."""
    rules = Dynamics("free-energy", constraint="sphere", variance=variance)
    model = sphere_pair(BimodalTarget(separation, weight), ExponentialToOne(1e6, 5), rules)
    agree(model, np.stack([np.linspace(-0.3, 0.3, 4), np.linspace(-0.4, 0.4, 4)], axis=1), 1e-5)


def test_a_search_does_not_end_on_two_distances_that_contradict_each_other():
    """A run next to the threshold of (0, 0) says 6e-3 where 3e-7 is true."""
    pulse = Piecewise([0, 50, 50.5, 60, 60.5], [1, 1, 13, 13, 1])
    model = sphere_pair(BimodalTarget(60, 0.8), pulse, Dynamics("free-energy", constraint="sphere"))
    starts = np.random.default_rng(0).uniform(-0.3, 0.3, (12, 2))
    starts[0] = 0.0
    agree(model, starts, 1e-7)


def test_the_distance_that_a_run_tells_is_that_from_the_threshold_with_one_factor_for_all_starts():
    model = free_pair(BimodalTarget(3, 0.8), Exponential(10, 10), Dynamics())
    starts = np.array([[0.0, 0.3], [0.5, -0.5], [-0.4, 0.8]])
    edges = Search(model, 1e-9).thresholds(starts, None, 0.25, 1e-9)
    factors = []
    for sign in (-1.0, 1.0):
        offs = model.runs.departures(starts, edges + sign * 1e-3, 1e-9, 100_000)[0]
        factors.append(1e-3 / np.exp(offs))
    assert np.all(np.ptp(factors, axis=1) < 0.02 * np.min(factors, axis=1))


def test_a_search_takes_few_runs_and_gives_the_same_whatever_shares_it(monkeypatch):
    model = free_pair(BimodalTarget(3, 0.8), Exponential(10, 100), Dynamics())
    starts = np.stack([np.linspace(-0.5, 0.5, 24), np.linspace(-1, 1, 24)], axis=1)
    searches = Departures(model, 1e-6)
    first = searches.thresholds(starts, np.full(24, -2.0), 1e-6, 1.0)
    backwards = searches.thresholds(starts[::-1], np.full(24, -2.0), 1e-6, 1.0)[::-1]
    monkeypatch.setattr(os, "cpu_count", lambda: 1)
    np.testing.assert_array_equal(backwards, first)
    np.testing.assert_array_equal(searches.thresholds(starts, np.full(24, -2.0), 1e-6, 1.0), first)
    with pytest.MonkeyPatch.context() as patch:
        counted = []
        patch.setattr("anneal_theory.models.runs.count_work", lambda runs, steps: counted.append(runs))
        searches.thresholds(starts, first + 0.02, 1e-6, 1.0)
    assert sum(counted) <= 4 * 24


def test_the_codes_of_followed_runs_are_those_of_others():
    model = free_pair(BimodalTarget(3, 0.8), Exponential(10, 10), Dynamics())
    starts, places = np.tile([0.1, 0.4], (30, 1)), np.linspace(-6, 1, 30)
    alone = model.runs.codes(starts, places, 1e-8, 10_000)
    np.testing.assert_array_equal(model.runs.departures(starts, places, 1e-8, 10_000)[1], alone)
    assert set(sides(alone).tolist()) == {-1, 1}


def test_a_run_that_never_settles_is_no_threshold(monkeypatch):
    for module in ("bisection", "departures"):
        monkeypatch.setattr(f"anneal_theory.threshold.{module}.MAX_STEPS", 5)
    model = free_pair(BimodalTarget(3, 0.8), Exponential(10, 10), Dynamics())
    with pytest.raises(SolveError, match=r"\(m1 \+ m2\)/2 = 0.1.*did not settle within 5 steps"):
        Departures(model, 1e-6).thresholds(np.array([[0.1, 0.4]]), np.array([-2.0]), 1e-6, 1.0)


@kernel()
def carry(rows):
    tangent_step(rows, 0, lanes_of(rows, 15), 9, 12, 3)


def test_a_change_is_carried_to_second_order_and_what_decays_is_forgotten():
    matrix, start = np.array([[0.4, 0.1, 0.0], [0.2, -1.0, 0.3], [0.0, 0.5, -2.0]]), np.array([1.0, -0.5, 0.25])

    def carried(matrix, step):
        rows = np.repeat(np.concatenate([matrix.ravel(), start, np.zeros(3), [step]]), LANES)
        carry(rows)
        return rows.reshape(-1, LANES)[12:15, -1]

    # halving the step divides the error by 8; with a pole 1 % off the order is one, and it would be by 4
    errors = [np.linalg.norm(carried(matrix, h) - expm(h * matrix) @ start) for h in (0.02, 0.01)]
    assert 7.0 < errors[0] / errors[1] < 9.0
    stiff = carried(np.diag([0.4, -1.0, -1e8]), 0.5)
    assert abs(stiff[2]) < 1e-6


def test_ctrl_c_while_a_compiled_loop_hands_over_its_result_is_no_system_error():
    def interrupted(*_):
        try:
            raise KeyboardInterrupt
        except KeyboardInterrupt as error:
            raise SystemError("returned a result with an exception set") from error

    def broken(*_):
        raise SystemError("something else")

    rows = (np.zeros((1, 2)), np.zeros(1))
    with pytest.raises(KeyboardInterrupt):
        on_all_cores(interrupted, rows, ())
    with pytest.raises(SystemError, match="something else"):
        on_all_cores(broken, rows, ())


def test_where_runs_part_at_another_saddle_no_threshold_is_found():
    """A warm hold sends pairs to either mode, and the pulse then splits them all: between them growth is large too."""
    problem = BimodalTarget(3, "0.8"), Piecewise((0, 470, 470.5, 599.5, 600), (1.5, 1.5, 13, 13, 1)), GaussianInit(128)
    rough, fine = (collapse_probability(*problem, relative_error=error) for error in (1e-2, 1e-4))
    assert abs(rough.value - fine.value) <= rough.error + fine.error
    assert rough.error < 1e-2 * rough.value
