"""Temperatures and clocks of the closed-form schedules against their definitions."""

from fractions import Fraction

import mpmath as mp
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anneal_theory.schedules import SCHEDULES, Constant, Exponential, own_time
from tests.exploration import examples
from tests.schedules.definitions import EPS, NAMES, coolings, integral_of_beta, temperature, typical, unit, with_values

reduced_times = st.floats(-12, 4).map(lambda exponent: 10.0**exponent)
ALL = [typical(name) for name in SCHEDULES]


def conditioning(schedule, t):
    """How much a relative error of t (or t0) is multiplied in T - 1, by a finite difference of the definition."""
    with mp.workdps(400):
        t = mp.mpf(t)
        step = mp.mpf(10) ** -14  # wide enough to notice a jump or an end within rounding of t
        low, high = (temperature(schedule, t * (1 + h)) - 1 for h in (-step, step))
        return float(abs(mp.log(high / low)) / (2 * step)) if low > 0 and high > 0 else np.inf


@given(coolings, reduced_times)
def test_excess_is_the_definition_minus_one_to_full_relative_accuracy(schedule, x):
    t = x * unit(schedule)
    with mp.workdps(400):
        oracle = temperature(schedule, mp.mpf(t)) - 1
    budget = EPS * (4 + 4 * conditioning(schedule, t)) if oracle > 1e-300 else 0
    if np.isfinite(budget):
        assert abs(schedule.excess(t) - oracle) <= budget * oracle + 1e-300


@given(coolings, reduced_times)
def test_temperature_and_beta_are_reciprocal_and_exceed_one_by_the_excess(schedule, x):
    t = x * unit(schedule)
    assert schedule.temperature(t) == pytest.approx(1 + schedule.excess(t), rel=2 * EPS)
    assert schedule.beta(t) * schedule.temperature(t) == pytest.approx(1, rel=2 * EPS)


@pytest.mark.slow
@examples(60)
@given(coolings, reduced_times)
def test_clock_is_the_integral_of_beta(schedule, x):
    t = x * unit(schedule)
    with mp.workdps(25):
        oracle = integral_of_beta(schedule, t)
        rounded_time = EPS * t / temperature(schedule, mp.mpf(t)) / oracle  # what half an ulp of t and t0 does
        assert abs(schedule.clock(t) / oracle - 1) < 4e-15 + 2 * rounded_time


@given(coolings, reduced_times)
def test_inverse_clock_undoes_the_clock(schedule, y):
    c = y * unit(schedule)
    t = schedule.inverse_clock(c)
    assert schedule.clock(t) == pytest.approx(c, rel=2e-14, abs=2 * EPS * t * schedule.beta(t))  # t is rounded


@given(coolings, reduced_times)
def test_excess_at_a_clock_value_is_the_excess_at_its_time(schedule, y):
    c = y * unit(schedule)
    t = schedule.inverse_clock(c)
    growth = conditioning(schedule, t)
    if np.isfinite(growth) and growth < 1e6:
        assert schedule.excess_at_clock(c) == pytest.approx(schedule.excess(t), rel=8 * EPS * (4 + growth), abs=1e-290)
        assert schedule.temperature_at_clock(c) == pytest.approx(schedule.temperature(t), rel=8 * EPS * (4 + growth))


@given(coolings, reduced_times, st.integers(-20, 20))
def test_clocks_scale_with_the_unit_of_time(schedule, x, power):
    factor = 2.0 ** max(power, 0) if not isinstance(schedule, Constant) else 1.0
    slower, t = schedule.rescaled(int(factor)), x * unit(schedule)
    assert slower.clock(factor * t) == pytest.approx(factor * schedule.clock(t), rel=8 * EPS)
    assert slower.temperature(factor * t) == pytest.approx(schedule.temperature(t), rel=1e-13)


@pytest.mark.parametrize("schedule", ALL, ids=repr)
def test_numbers_give_floats_and_arrays_give_arrays_of_their_shape(schedule):
    for name in ("temperature", "excess", "beta", "clock", "inverse_clock", "temperature_at_clock", "highest_after"):
        method = getattr(schedule, name)
        assert type(method(3)) is float
        assert method(np.array([[1.0, 2.0, 3.0]])).shape == (1, 3)
        assert method([1, 2]).shape == (2,)
        assert method(np.zeros(0)).shape == (0,)
        assert method([3.0])[0] == method(3)


@pytest.mark.parametrize("schedule", ALL, ids=repr)
def test_initial_and_final_temperatures_are_those_of_the_function(schedule):
    assert schedule.temperature(0.0) == schedule.initial_temperature
    assert schedule.temperature(1e140) == pytest.approx(schedule.final_temperature, rel=1e-15)
    assert schedule.clock(0.0) == 0


@pytest.mark.parametrize("initial", [1, 1e6, 1e100])
@pytest.mark.parametrize("decay", [1e-100, 1e-6, 1e12, 1e100])
@pytest.mark.parametrize("name", [name for name in NAMES if own_time(SCHEDULES[name])])
def test_extreme_parameters_give_finite_increasing_clocks(name, initial, decay):
    schedule = with_values(name, initial_temperature=initial, time=decay, exponent=2)
    times = np.concatenate([[0.0], np.geomspace(1e-120, 1e150, 400)])
    clock = schedule.clock(times)
    assert np.all(np.isfinite(clock))
    assert np.all(np.diff(clock) >= 0)
    assert np.all(clock <= times * (1 + 1e-15))
    assert clock[-1] == pytest.approx(1e150, rel=1e-14) or decay == 1e100
    back = schedule.inverse_clock(np.minimum(clock, 1e150))
    assert back[1:] == pytest.approx(times[1:], rel=1e-11)


@pytest.mark.parametrize("schedule", ALL, ids=repr)
def test_plain_data_rebuilds_the_schedule(schedule):
    data = schedule.to_dict()
    assert type(schedule)(**{k: v for k, v in data.items() if k != "kind"}) == schedule
    assert data["kind"] == type(schedule).__name__
    assert hash(schedule) == hash(eval(repr(schedule), {data["kind"]: type(schedule)}))


def test_parameters_keep_their_exact_values():
    schedule = Exponential("4/3", 0.1)
    assert repr(schedule) == "Exponential(initial_temperature='4/3', decay_time=0.1)"
    assert (schedule.exact_initial_temperature, schedule.exact_decay_time) == (Fraction(4, 3), Fraction(1, 10))
    assert schedule.to_dict()["initial_temperature"] == "4/3"
