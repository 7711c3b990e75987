"""A user's function as a schedule."""

import math

import numpy as np
import pytest

from anneal_theory.errors import DomainError, SolveError
from anneal_theory.schedules import Exponential, Hold, Linear, from_callable

TIMES = np.array([0.0, 1e-9, 0.3, 7.0, 50.0, 99.9, 100.0, 250.0])


@pytest.mark.parametrize(
    "function",
    [lambda t: 1 + 9 * np.exp(-t / 5), lambda t: 1 + 9 * math.exp(-t / 5)],
    ids=["takes arrays", "takes floats only"],
)
def test_a_function_gives_what_the_schedule_it_copies_gives(function):
    copy, schedule = from_callable(function, 200), Exponential(10, 5)
    assert copy.temperature(TIMES) == pytest.approx(schedule.temperature(TIMES), rel=1e-15)
    assert copy.clock(TIMES) == pytest.approx(schedule.clock(TIMES), rel=1e-13)
    assert copy.inverse_clock(TIMES) == pytest.approx(schedule.inverse_clock(TIMES), rel=1e-12)
    assert copy.temperature_at_clock(TIMES) == pytest.approx(schedule.temperature_at_clock(TIMES), rel=1e-12)
    levels = [9.9, 5, 2, 1.001]
    assert copy.time_above(levels) == pytest.approx(schedule.time_above(levels), rel=1e-12)
    assert copy.clock_above(levels) == pytest.approx(schedule.clock_above(levels), rel=1e-12)
    assert copy.settling_time(0.01) == pytest.approx(schedule.settling_time(0.01), rel=1e-12)
    assert copy.never_increases


def test_a_short_cooling_at_the_start_of_a_long_run_is_seen():
    copy, schedule = from_callable(lambda t: 1 + 99 * np.exp(-t), 1e9), Exponential(100, 1)
    assert copy.clock([0.1, 3, 20, 1e6]) == pytest.approx(schedule.clock([0.1, 3, 20, 1e6]), rel=1e-12)
    assert copy.time_above([50, 1.1]) == pytest.approx(schedule.time_above([50, 1.1]), rel=1e-12)


def test_kinks_and_jumps_are_integrated_and_located():
    ramp = from_callable(lambda t: max(1, 10 - t), 20)
    assert ramp.clock(TIMES[:5]) == pytest.approx(Linear(10, 9).clock(TIMES[:5]), rel=1e-12)
    jump, hold = from_callable(lambda t: 10 if t < math.pi else 1, 20), Hold(10, math.pi)
    assert jump.clock([3.0, 3.2, 30.0]) == pytest.approx(hold.clock([3.0, 3.2, 30.0]), rel=1e-13)
    assert jump.inverse_clock([0.3, 0.4, 30.0]) == pytest.approx(hold.inverse_clock([0.3, 0.4, 30.0]), rel=1e-13)
    assert jump.time_above(5) == pytest.approx(math.pi, rel=1e-15)


def test_the_temperature_stays_at_its_last_value():
    schedule = from_callable(lambda t: 5 - t, 3)
    assert schedule.temperature([3, 4, 1e100]).tolist() == [2, 2, 2]
    assert schedule.final_temperature == 2
    assert schedule.clock(5) - schedule.clock(3) == pytest.approx(1, rel=1e-14)
    assert schedule.inverse_clock(schedule.clock(3) + 1) == pytest.approx(5, rel=1e-14)
    assert schedule.time_above([1.9, 2, 4]) == pytest.approx([np.inf, 3, 1], rel=1e-14)


def test_rises_and_falls_are_seen():
    wave = from_callable(lambda t: 2 + np.sin(t), 4 * math.pi)
    assert not wave.never_increases
    assert wave.time_above(2) == pytest.approx(2 * math.pi, rel=1e-13)
    assert wave.time_above(2.5) == pytest.approx(2 * (2 * math.pi / 3), rel=1e-13)
    # int dt/(2 + sin t) = (2/sqrt 3) atan((2 tan(t/2) + 1)/sqrt 3)
    root = math.sqrt(3)
    half = 2 / root * (math.pi / 2 - math.atan(1 / root))
    assert wave.clock_above(2) == pytest.approx(2 * half, rel=1e-13)
    assert wave.highest_after([0, 3, 8, 4 * math.pi]) == pytest.approx([3, 3, 2 + math.sin(8), 2], rel=1e-12)
    assert wave.settling_time(1.5) == pytest.approx(2 * math.pi + 5 * math.pi / 6, rel=1e-12)
    assert wave.settling_time(5) == 0


@pytest.mark.parametrize(
    ("function", "value"),
    [
        (lambda t: 0.0, "0.0"),
        (lambda t: float("nan"), "nan"),
        (lambda t: -2.0 if 4 < t < 5 else 2.0, "-2.0"),
        (lambda t: np.where(t < 9.99, 2.0, np.inf), "inf"),
        (lambda t: 1.5 - t / 10, "0.5"),
    ],
    ids=["zero", "NaN", "negative on the way", "infinite", "below one at the end"],
)
def test_a_bad_function_is_refused_with_the_value_and_what_to_do(function, value):
    with pytest.raises(DomainError, match=r"^function must be .* but was " + value + r"; (let|correct) .*\.$"):
        from_callable(function, 10)


def test_a_function_that_returns_no_number_is_refused():
    with pytest.raises(DomainError, match=r"^function must be one that returns one number for each time, but was"):
        from_callable(lambda t: "hot", 10)


def test_an_end_time_that_is_not_positive_is_refused():
    with pytest.raises(DomainError, match="end_time must be positive"):
        from_callable(lambda t: 1.0, 0)


@pytest.mark.slow
def test_a_function_too_rough_to_integrate_is_refused():
    rng = np.random.default_rng(1)
    with pytest.raises(SolveError, match="give a smoother function, or a Piecewise table"):
        from_callable(lambda t: 1 + rng.random(np.shape(t)), 10)


def test_cells_of_a_function_that_never_settles_end_with_it():
    schedule = from_callable(lambda t: 1 + 19 * np.exp(-t), 30)
    assert schedule.cells(in_clock=False, tolerance=1e-300).lengths.sum() == pytest.approx(30, rel=1e-14)
    clock = schedule.cells(in_clock=True, tolerance=1e-300).lengths.sum()
    assert clock == pytest.approx(schedule.clock(30.0), rel=1e-13)


@pytest.mark.parametrize(
    ("function", "end"), [(lambda t: 10 * math.exp(-t * math.log(10) / 7), 7), (lambda t: 1.9 - 0.9 * t / 10, 10)]
)
def test_a_function_that_ends_a_rounding_below_1_ends_at_1(function, end):
    assert function(end) < 1
    assert from_callable(function, end).settling_time(1e-14) <= end
    with pytest.raises(DomainError, match="at least 1 at end_time"):
        from_callable(lambda t: function(t) - 1e-13, end)
