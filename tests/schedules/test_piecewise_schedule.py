"""Tables joined by straight lines."""

import mpmath as mp
import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from anneal_theory.schedules import Constant, Linear, Piecewise
from tests.exploration import examples
from tests.schedules.definitions import EPS, real, tables

positions = st.one_of(st.just(0.0), st.floats(1e-15, 1.5))


def line(schedule, t):
    """T(t) by linear interpolation at the working precision."""
    times, values = [[real(v) for v in column] for column in schedule.parameters.values()]
    for left, right, low, high in zip(times[:-1], times[1:], values[:-1], values[1:], strict=True):
        if t < right:
            return low + (high - low) * (t - left) / (right - left)
    return values[-1]


def end(schedule):
    return float(schedule.times[-1]) or 1.0


@given(tables(), positions)
def test_temperature_interpolates_the_table(table, share):
    schedule = Piecewise(*table)
    t = share * end(schedule)
    slope = float(np.max(np.abs(np.diff(schedule.temperatures) / np.diff(schedule.times)), initial=0))
    with mp.workdps(400):
        exact = line(schedule, mp.mpf(t))
        assert abs(schedule.temperature(t) - exact) <= 4 * EPS * (exact + slope * t) + 1e-300
        assert abs(schedule.excess(t) - (exact - 1)) <= 4 * EPS * (abs(exact - 1) + (exact < 1) + slope * t) + 1e-300


@examples(50)
@given(tables(), positions)
def test_clock_is_the_integral_of_the_inverse_interpolation(table, share):
    schedule = Piecewise(*table)
    t = share * end(schedule)
    with mp.workdps(25):
        inner = [real(time) for time in schedule.exact_times if 0 < time < t]
        oracle = mp.quad(lambda u: 1 / line(schedule, u), [mp.mpf(0), *inner, mp.mpf(t)]) if t else mp.mpf(0)
        assert abs(schedule.clock(t) - oracle) <= 1e-13 * oracle


@given(tables(), positions)
def test_inverse_clock_undoes_the_clock_of_a_table(table, share):
    schedule = Piecewise(*table)
    c = share * schedule.clock(end(schedule))
    t = schedule.inverse_clock(c)
    assert schedule.clock(t) == pytest.approx(c, rel=1e-12)
    assert schedule.temperature_at_clock(c) == pytest.approx(schedule.temperature(t), rel=1e-9)
    assert 1 + schedule.excess_at_clock(c) == pytest.approx(schedule.temperature_at_clock(c), rel=1e-12, abs=1e-15)


@pytest.mark.slow
@given(tables(), st.floats(0.01, 2000))
def test_time_and_clock_above_are_sums_over_a_fine_grid(table, level):
    schedule = Piecewise(*table)
    if schedule.final_temperature > level:
        assert schedule.time_above(level) == schedule.clock_above(level) == np.inf
        return
    for table_level in schedule.temperatures:
        assume(abs(table_level / level - 1) > 1e-3)  # a plateau at the level is another test
    cells = 4000
    time = clock = slack = 0.0
    for start, width in zip(schedule.times[:-1], np.diff(schedule.times), strict=True):
        temperature = schedule.temperature(start + width * (np.arange(cells) + 0.5) / cells)
        time += width / cells * np.sum(temperature > level)
        clock += width / cells * np.sum(1 / temperature[temperature > level])
        slack += width / cells  # the one cell in which the line crosses the level
    assert schedule.time_above(level) == pytest.approx(time, abs=slack)
    assert schedule.clock_above(level) == pytest.approx(clock, rel=1e-3, abs=slack / level)


@given(tables(), positions)
def test_highest_after_is_the_maximum_of_what_follows(table, share):
    schedule = Piecewise(*table)
    t = share * end(schedule)
    later = schedule.temperatures[schedule.times >= t]
    assert schedule.highest_after(t) == max([schedule.temperature(t), *later.tolist()])


@given(tables(), st.floats(0, 100))
def test_a_table_settles_when_it_is_last_outside_the_tolerance(table, tolerance):
    schedule = Piecewise(*table)
    settled = schedule.settling_time(tolerance)
    if settled == np.inf:
        assert schedule.final_temperature > 1 + tolerance
        return
    # A time is rounded to one part in 2^53, and the steepest row turns that into temperature.
    steepest = float(np.max(np.abs(np.diff(schedule.temperatures) / np.diff(schedule.times)), initial=0.0))
    rounding = 4 * EPS * settled * steepest + 1e-12 * (1 + tolerance)
    later = np.append(schedule.times[schedule.times >= settled], settled)  # straight lines are farthest at an end
    assert np.all(np.abs(schedule.excess(later)) <= tolerance + rounding)
    if settled:
        before = schedule.temperatures[np.searchsorted(schedule.times, settled) - 1]
        assert abs(before - 1) > tolerance * (1 - 1e-12)
        assert abs(schedule.excess(settled)) >= tolerance - rounding


def test_two_rows_are_the_linear_schedule_and_one_row_a_constant():
    times = np.linspace(0, 15, 31)
    table, ramp = Piecewise([0, 10], [30, 1]), Linear(30, 10)
    for name in ("temperature", "excess", "clock", "inverse_clock", "temperature_at_clock", "excess_at_clock"):
        assert getattr(table, name)(times) == pytest.approx(getattr(ramp, name)(times), rel=1e-13, abs=1e-14)
    levels = [1, 1.5, 7, 29.9, 30, 31]
    assert table.time_above(levels) == pytest.approx(ramp.time_above(levels), rel=1e-14)
    assert table.clock_above(levels) == pytest.approx(ramp.clock_above(levels), rel=1e-14)
    assert Piecewise([0], [2]).clock(times) == pytest.approx(Constant(2).clock(times), rel=EPS)
    assert Piecewise([0], [2]).time_above(2) == 0


def test_tables_know_whether_they_rise():
    assert Piecewise([0, 1, 2], [5, 5, 1]).never_increases
    assert not Piecewise([0, 1, 2], [5, 6, 1]).never_increases


def test_a_plateau_is_not_above_its_own_temperature():
    plateau = Piecewise([0, 5, 6], [1.7, 1.7, 1])
    assert plateau.time_above([1.7, np.nextafter(1.7, 0)]) == pytest.approx([0, 5], abs=1e-14)
    assert plateau.settling_time(0) == 6
