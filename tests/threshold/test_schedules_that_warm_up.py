"""Pulses, re-heating and temperatures below 1: thresholds against SciPy, and one schedule given in two ways."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import beta

from anneal_theory.errors import DomainError, PrecisionError
from anneal_theory.gradient_flow import FullState, solve_flow, solve_flows
from anneal_theory.gradient_flow.starts import ReducedState
from anneal_theory.initial_law import sample_full_statistics
from anneal_theory.models.free_pair import free_pair
from anneal_theory.probability import collapse_probability, simulate_flow
from anneal_theory.problem import BimodalTarget, Dynamics, GaussianInit
from anneal_theory.schedules import Constant, Exponential, Hold, Piecewise, from_callable
from anneal_theory.threshold import collapse_threshold
from tests.exploration import examples
from tests.oracles.plain_runs import plain_run
from tests.oracles.separatrix import end_of_runs

TARGET, CLOSER = BimodalTarget(3, 0.8), BimodalTarget(2.5, 0.6)
FALSE_ALARM = 1e-9
WITHIN = np.array([-1e-7, 1e-7])  # of log rho_c: what DOP853 at a relative tolerance of 1e-11 tells apart


def threshold(schedule, target=TARGET, **rules):
    return collapse_threshold(target, schedule, s0=0, distance_squared=2, **rules)


def assert_separates(found, target, temperature, edges, **options):
    ends = end_of_runs(target, temperature, edges, found.log_value + WITHIN, math.sqrt(2), **options)
    assert ends.tolist() == [1, -1]
    assert found.error <= 1e-9 * found.value


def linear(schedule):
    """The table as NumPy reads it."""
    return lambda t: float(np.interp(t, schedule.times, schedule.temperatures))


@pytest.mark.parametrize(
    ("rows", "temperatures", "target"),
    [
        ((0, 2, 5), (1, 0.5, 1), CLOSER),
        ((0, 60, 61, 65, 66), (1, 1, 4, 4, 1), CLOSER),
        ((0, 1.1, "1.1000001", 1.3, "1.3000001"), (1, 1, 30, 30, 1), TARGET),
        pytest.param((0, 1000, 1000.2, 1005), (2, 1.7, 50, 1), TARGET, marks=pytest.mark.slow),
        pytest.param((0, 480, 500, 580, 600), (1, 1, 12, 12, 1), TARGET, marks=pytest.mark.slow),
        ((0, 480, "480.0001", 600, "600.0001"), (1, 1, 13, 13, 1), TARGET),
        ((0, 10), (1_000_000, 1), TARGET),
    ],
    ids=["below 1", "late pulse", "steep pulse", "late and steep", "hot end", "budget 600", "from 1e6"],
)
def test_tables_that_warm_up_have_the_threshold_of_the_flow(rows, temperatures, target):
    table = Piecewise(rows, temperatures)
    assert_separates(threshold(table, target), target, linear(table), table.breakpoints)


def test_a_long_flat_table_with_a_steep_end_has_the_threshold_of_its_hold():
    steep, hold = Piecewise([0, 10_000, "10000.000000001"], [2, 2, 1]), Hold(2, 10_000)
    assert threshold(steep).log_value == pytest.approx(threshold(hold).log_value, abs=1e-10)


def test_a_pulse_of_120_at_the_end_of_a_budget_of_600_is_as_good_as_theory_section_12_says():
    assert threshold(Piecewise([0, 480, "480.0001", 600, "600.0001"], [1, 1, 13, 13, 1])).log_value == pytest.approx(
        -6.75, abs=0.005
    )


@pytest.mark.slow
def test_a_pulse_of_a_function_has_the_threshold_of_the_flow():
    def pulse(t):
        return 30.0 if 1.1 <= t < 1.3 else 1.0

    found = threshold(from_callable(pulse, 20))
    assert found.value == pytest.approx(0.27309497, abs=1e-8)
    assert_separates(found, TARGET, pulse, [1.1, 1.3])
    assert "may be unseen; name breakpoints" in found.note
    probability = collapse_probability(TARGET, from_callable(pulse, 20), GaussianInit(64))
    assert probability.value == pytest.approx(0.92534, abs=1e-5)
    assert "may be unseen; name breakpoints" in probability.note
    assert threshold(Constant(1)).note == ""


@pytest.mark.slow
def test_jumps_of_a_function_have_the_threshold_of_the_flow():
    def jumps(t):
        return 10.0 if t < 1 or 3 <= t < 3.5 else 1.0

    assert_separates(threshold(from_callable(jumps, 20)), TARGET, jumps, [1, 3, 3.5])


@pytest.mark.parametrize("width", [0.02, pytest.param(0.05, marks=pytest.mark.slow)])
def test_narrow_smooth_bumps_have_the_threshold_of_the_flow(width):
    def bump(t):
        return 1 + 300 * np.exp(-(((t - 1.2) / width) ** 2))

    edges = [1.2 - 8 * width, 1.2 + 8 * width]
    assert_separates(threshold(from_callable(bump, 20)), TARGET, bump, edges, longest_step=width / 2)


@pytest.mark.slow
def test_a_function_with_a_pulse_far_into_a_run_of_a_million_has_the_threshold_of_the_flow():
    def pulses(t):
        return 12.0 if 700.1 <= t < 800 else 30.0 if t < 0.1 else 1.0

    assert_separates(threshold(from_callable(pulses, 1e6)), TARGET, pulses, [0.1, 700.1, 800])


@st.composite
def tables(draw):
    """Rows and temperatures of a table with re-heating, pulses and stretches below 1."""
    count = draw(st.integers(2, 5))
    gaps = draw(st.lists(st.sampled_from([1e-4, 0.01, 0.3, 2.5, 11.0, 40.0]), min_size=count, max_size=count))
    temperatures = draw(
        st.lists(st.sampled_from([0.2, 0.7, 1.0, 1.5, 4.0, 13.0, 40.0]), min_size=count, max_size=count)
    )
    return np.cumsum([0.0, *gaps]).round(6).tolist(), [*temperatures, 1.0]


@pytest.mark.slow
@examples(3, deadline=None)
@given(tables(), st.booleans())
def test_a_table_and_its_function_have_one_threshold_and_it_is_that_of_the_flow(rows, free):
    table = Piecewise(*rows)
    rules = {"objective": "free-energy" if free else "tempered-target"}
    found = threshold(table, **rules)
    given_as_function = threshold(from_callable(linear(table), table.times[-1]), **rules)
    assert given_as_function.log_value == pytest.approx(
        found.log_value, rel=0, abs=(given_as_function.error + found.error) / found.value
    )
    assert_separates(found, TARGET, linear(table), table.breakpoints, free_energy=free)


@pytest.mark.slow
@examples(5, deadline=None)
@given(tables(), st.integers(0, 100))
def test_verdicts_of_the_full_flow_are_those_of_scipy(rows, seed):
    assert_same_verdicts(Piecewise(*rows), TARGET, 60, seed)


@pytest.mark.slow
def test_verdicts_below_temperature_1_and_their_probability_are_those_of_scipy():
    """1000 runs see a difference of 0.09 in P at the stated false-alarm rate; without the stretch below 1 P is 0.17."""
    schedule = Piecewise([0, 2, 5], [1, 0.5, 1])
    count = assert_same_verdicts(schedule, CLOSER, 1000, 3)
    low, high = beta.ppf([FALSE_ALARM / 2, 1 - FALSE_ALARM / 2], [count, count + 1], [1001 - count, 1000 - count])
    probability = collapse_probability(CLOSER, schedule, GaussianInit(8))
    assert low <= probability.value <= high
    assert low > 0.1725  # the same training without annealing


def assert_same_verdicts(schedule, target, count, seed):
    """Of the package's integrator and SciPy's; how many collapse."""
    init = GaussianInit(8)
    starts = sample_full_statistics(target, init, count, np.random.default_rng(seed))
    names = ("m1", "m2", "s11", "s12", "s22")
    states = FullState(**{name: starts[:, k] for k, name in enumerate(names)})
    ends = solve_flows(target, schedule, states, [float(schedule.breakpoints[-1]) + 200], rtol=1e-8)
    collapsed = ends["m1"][-1] * ends["m2"][-1] > 0
    found = simulate_flow(target, schedule, init, Dynamics(), count, seed)
    assert found.collapsed.tolist() == collapsed.tolist()
    return int(collapsed.sum())


@pytest.mark.slow
def test_runs_of_scipy_see_a_narrow_bump_between_their_steps():
    """Against the same bump as 2000 straight lines, which are off by (2e-4/0.02)^2/12 of it."""
    function = from_callable(lambda t: 1 + 300 * np.exp(-(((t - 30) / 0.02) ** 2)), 60)
    times = [0.0, *np.linspace(29.8, 30.2, 2001).tolist(), 60.0]
    table = Piecewise(times, [1.0, *function.temperature(times[1:-1]).tolist(), 1.0])
    start = ReducedState.from_rho(0.0, 0.25, 2**0.5, TARGET)
    for method in ("LSODA", "DOP853"):
        rules = {"method": method, "objective": "free-energy"}
        seen, truth = (solve_flow(TARGET, each, start, [29.0, 31.0], **rules)["distance"] for each in (function, table))
        assert seen[-1] == pytest.approx(truth[-1], rel=1e-4)
        assert seen[-1] > 1.5 * seen[0]


@pytest.mark.slow
def test_digits_and_doubles_agree_where_the_temperature_rises_and_is_below_1():
    schedule = Piecewise([0, 5, 10, 20, 30], [10, "0.5", 1, 12, 1])
    rough, sharp = threshold(schedule), threshold(schedule, digits=15)
    assert rough.log_value == pytest.approx(float(sharp.log_value), rel=0, abs=rough.error / rough.value)


@pytest.mark.slow
def test_digits_of_a_run_that_loses_its_saddle_again_are_refused():
    with pytest.raises(PrecisionError, match=r"comes to its saddle by t = 2.* rises above the saddle's fold"):
        threshold(Piecewise([0, 60, 61, 62, 63], [1, 1, 30, 30, 1]), digits=15)


def test_formulas_of_one_cooling_refuse_a_second_hot_stretch():
    for method in ("slow-annealing", "leading-order"):
        with pytest.raises(DomainError, match='method="exact"'):
            collapse_threshold(TARGET, Piecewise([0, 100, 150, 200, 300], [20, 1, 1, 20, 1]), method=method)


@pytest.mark.parametrize(
    ("schedule", "panels", "steps"),
    [(Constant(1), 1, 250), (Exponential(10, 10), 43, 335), (Exponential(10, 100), 43, 460), (Hold(10, 200), 1, 640)],
)
def test_a_schedule_without_narrow_features_takes_few_panels_and_steps(schedule, panels, steps):
    model = free_pair(TARGET, schedule, Dynamics())
    found = threshold(schedule)
    start = np.array([0.0, found.log_value + 1e-3, 0.5 * math.log(2)])
    taken = plain_run(model, start, 1e-11, 100_000)[2]
    assert len(model.temperatures.lows) <= panels
    assert taken <= steps
