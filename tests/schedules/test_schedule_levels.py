"""Times above a temperature, by definition, and the hot clock of slow annealing."""

import mpmath as mp
import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from anneal_theory.exact import exact
from anneal_theory.schedules import Constant, Exponential, ExponentialToOne, Hold, Linear, LinearBeta, Power
from tests.exploration import examples
from tests.schedules.definitions import EPS, coolings, falling, integral_of_beta, real, temperature, unit

shares = st.floats(1e-6, 1 - 1e-6)


def level_between(schedule, share):
    """A level between 1 and T0, on a logarithmic scale of T - 1."""
    excess = schedule.initial_temperature - 1
    return 1 + excess * 10 ** (-6 * share)


@given(falling, shares)
def test_the_temperature_is_above_the_level_exactly_before_the_time_above_it(schedule, share):
    level = level_between(schedule, share)
    end = schedule.time_above(level)
    slack = 1e-4 if level - 1 < 1e-11 else 1e-10 if level > 1.001 else 1e-7 if level > 1 + 1e-7 else 1e-3
    assert end > 0
    assume(np.isfinite(end) and end < 1e140)
    with mp.workdps(40):
        before, after = (temperature(schedule, mp.mpf(end) * (1 + h)) for h in (-slack, slack))
        assert before > real(exact(level)) >= after  # a float is its shortest decimal


@pytest.mark.slow
@examples(50)
@given(falling, shares)
def test_clock_above_is_the_integral_of_beta_while_hotter(schedule, share):
    level = level_between(schedule, share)
    end = schedule.time_above(level)
    assume(end < 1e4 * unit(schedule))
    with mp.workdps(25):
        oracle = float(integral_of_beta(schedule, end))
        rounded_end = 2 * EPS * end  # beta is at most 1/level just before the end
        assert schedule.clock_above(level) == pytest.approx(oracle, rel=1e-14, abs=rounded_end / level)


@pytest.mark.parametrize(
    ("initial", "decay", "critical"), [(10, 100, "5.58355"), (30, 3000, "2.61303"), (1e6, 7, "3.313")]
)
def test_exponential_hot_clock_is_the_one_of_slow_annealing(initial, decay, critical):
    schedule, level = Exponential(initial, decay), float(critical)
    with mp.workdps(30):
        top, edge, t0 = mp.mpf(initial), mp.mpf(level), mp.mpf(decay)
        tempered = t0 / 2 * mp.log((1 - 1 / top) / (1 - 1 / edge))
        free_energy = t0 / 2 * mp.log((top - 1) / (edge - 1))
    assert schedule.clock_above(level) / 2 == pytest.approx(float(tempered), rel=1e-14)
    assert schedule.time_above(level) / 2 == pytest.approx(float(free_energy), rel=1e-14)


@given(coolings)
def test_nothing_is_above_the_initial_temperature_and_everything_above_less_than_the_final(schedule):
    levels = [schedule.initial_temperature, 2 * schedule.initial_temperature]
    assert schedule.time_above(levels).tolist() == [0, 0]
    assert schedule.clock_above(levels).tolist() == [0, 0]
    below = np.nextafter(schedule.final_temperature, 0)
    assert schedule.time_above([below, 0.5, 1e-300]).tolist() == [np.inf] * 3
    assert schedule.clock_above(below) == np.inf


@pytest.mark.parametrize("initial", [1.1, 1.7, 2.3, 10, 1e6])
def test_a_level_just_below_the_initial_temperature_counts_the_whole_hold(initial):
    below = np.nextafter(initial, 0)
    assert Hold(initial, 5).time_above([below, initial]).tolist() == [5, 0]
    assert Constant(initial).time_above([below, initial]).tolist() == [np.inf, 0]


def test_the_ramps_are_above_one_until_they_end_and_the_decays_for_ever():
    for ramp in (Linear(10, 7), LinearBeta(10, 7), Hold(10, 7)):
        assert ramp.time_above(1.0) == 7
        assert ramp.settling_time(0) == 7
        assert ramp.breakpoints == (7.0,)
    assert ExponentialToOne(10, 7).time_above(1) == pytest.approx(7 * np.log(10), rel=2 * EPS)
    for decay in (Exponential(10, 7), Power(10, 7, 2)):
        assert decay.time_above(1.0) == decay.clock_above(1.0) == decay.settling_time(0) == np.inf
        assert decay.breakpoints == ()


@given(coolings, st.floats(-12, 3))
def test_after_the_settling_time_the_excess_stays_within_the_tolerance(schedule, exponent):
    tolerance = 10.0**exponent
    end = schedule.settling_time(tolerance)
    if end == np.inf:
        assert isinstance(schedule, Constant | Power)
    elif end == 0:
        assert schedule.excess(0) <= tolerance
    elif end < 1e140:
        assert schedule.excess(end * (1 - 1e-9)) > tolerance * (1 - 1e-12)
        assert schedule.excess(end * (1 + 1e-9)) <= tolerance * (1 + 1e-12)


@given(coolings, st.floats(0, 1e6))
def test_coolings_never_rise_so_the_highest_is_now(schedule, t):
    assert schedule.never_increases
    assert schedule.highest_after(t) == schedule.temperature(t)
    assert schedule.temperature(1.5 * t) <= schedule.temperature(t)


def test_a_power_too_slow_for_a_double_stays_above_for_an_infinite_time():
    assert Power(10, 1, 0.001).time_above(1.0001) == np.inf
    assert Power(10, 1, 0.001).clock_above(1.0001) == np.inf


def test_tiny_tolerances_settle_at_their_logarithm():
    assert Exponential(11, 1).settling_time(1e-250) == pytest.approx(251 * np.log(10), rel=4 * EPS)
