"""Times and clocks above a temperature at any precision: from the definition, nested, and for balls of temperatures."""

from fractions import Fraction
from itertools import pairwise

import flint
import mpmath as mp
import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from anneal_theory.errors import DomainError, PrecisionError
from anneal_theory.results import Ball
from anneal_theory.schedules import Constant, Exponential, Hold, Linear, Piecewise, Power, from_callable
from tests.exploration import examples
from tests.schedules.definitions import FALLING, built, decimals, falling, real, tables, temperature, unit

some = examples(60)
QUAD_DIGITS = 20


def level_below(schedule, share):
    """An exact level strictly between 1 and T0."""
    top = schedule.exact_initial_temperature
    return 1 + (top - 1) * Fraction(share).limit_denominator(10**6)


shares = st.floats(1e-3, 1 - 1e-3)


def crossing(schedule, level):
    """When T falls to the level, by bisection of the definition."""
    low, high = mp.mpf(0), mp.mpf(unit(schedule))
    while temperature(schedule, high) > level:
        low, high = high, 2 * high
    while high - low > mp.eps * high:
        middle = (low + high) / 2
        low, high = (middle, high) if temperature(schedule, middle) > level else (low, middle)
    return low


def clock_until(schedule, end):
    """int_0^end dt/T on panels that grow with t."""
    edges, step = [mp.mpf(0)], mp.mpf(unit(schedule)) / 2
    while edges[-1] + step < end:
        edges.append(edges[-1] + step)
        step *= 2 if len(edges) > 40 else 1
    return mp.quad(lambda t: 1 / temperature(schedule, t), [*edges, end])


@some
@given(falling, shares)
def test_the_ball_of_the_time_above_meets_the_bisected_crossing(schedule, share):
    level = level_below(schedule, share)
    assume(not (isinstance(schedule, Power) and schedule.exact_exponent < 1))
    ball = schedule.time_above(level, digits=QUAD_DIGITS, certified=True)
    with mp.workdps(2 * QUAD_DIGITS):
        truth = crossing(schedule, real(level))
        assert abs(ball.value - truth) <= ball.error + truth * mp.mpf(10) ** -(QUAD_DIGITS + 5)
    assert ball.error <= mp.mpf(10) ** -QUAD_DIGITS * ball.value


@pytest.mark.slow
@examples(25)
@given(falling, shares)
def test_the_ball_of_the_clock_above_meets_the_integral_of_beta(schedule, share):
    level = level_below(schedule, share)
    end = schedule.time_above(level, digits=40)
    assume(end < 200 * unit(schedule))
    ball = schedule.clock_above(level, digits=QUAD_DIGITS, certified=True)
    with mp.workdps(QUAD_DIGITS + 10):
        truth = clock_until(schedule, end)
        assert abs(ball.value - truth) <= ball.error + truth * mp.mpf(10) ** -(QUAD_DIGITS + 2)
    assert ball.error <= mp.mpf(10) ** -QUAD_DIGITS * ball.value


@some
@given(tables(), decimals(-1, 4))
def test_a_table_s_clock_above_is_the_sum_of_its_lines_logarithms(table, level):
    schedule = Piecewise(*table)
    assume(level >= schedule.exact_temperatures[-1])
    found = schedule.clock_above(level, digits=QUAD_DIGITS)
    total = mp.mpf(0)
    with mp.workdps(30):
        rows = zip(schedule.exact_times, schedule.exact_temperatures, strict=True)
        points = [(real(t), real(T)) for t, T in rows]
        for (left, a), (right, b) in pairwise(points):
            # 1/max(T, level) integrates to the part above plus the rest of the line at beta = 1/level
            split = [left, right]
            if min(a, b) < real(level) < max(a, b):
                split.insert(1, left + (right - left) * (real(level) - a) / (b - a))
            for start, stop in pairwise(split):
                temperature = [a + (b - a) * (t - left) / (right - left) for t in (start, stop)]
                if sum(temperature) / 2 > real(level):
                    gap = temperature[1] - temperature[0]
                    area = mp.quad(
                        lambda u, temperature=temperature, gap=gap: 1 / (temperature[0] + gap * u), [0, 0.1, 1]
                    )
                    total += (stop - start) * area
        assert abs(found - total) <= mp.mpf(10) ** -12 * (total + 1)


@some
@given(falling, shares, st.integers(1, 60), st.booleans())
def test_digits_are_right_to_twice_as_many_and_nested_balls_meet(schedule, share, digits, clock):
    level = level_below(schedule, share)
    above = schedule.clock_above if clock else schedule.time_above
    value, coarse = above(level, digits=digits), above(level, digits=digits, certified=True)
    fine = above(level, digits=2 * digits, certified=True)
    with mp.workdps(3 * digits + 20):
        assert abs(value - fine.value) <= mp.mpf(10) ** -digits * fine.value
        assert abs(coarse.value - fine.value) <= coarse.error + fine.error


@some
@given(falling, shares, st.floats(1e-9, 1e-3), st.booleans())
def test_a_ball_of_temperatures_gives_all_their_clocks(schedule, share, width, clock):
    level = level_below(schedule, share)
    above = schedule.clock_above if clock else schedule.time_above
    with mp.workdps(30):
        middle, radius = real(level), mp.mpf(width) * real(level - 1) / 2
        hull = above(Ball(middle, radius))
        for place in (-1, -0.3, 0, 0.7, 1):
            value = above(middle + mp.mpf(place) * radius, digits=25)
            assert abs(value - hull.value) <= hull.error * (1 + mp.mpf(10) ** -6) + value * mp.mpf(10) ** -24


@given(built(FALLING, decimals(0, 6).map(lambda excess: 1 + excess)), st.integers(1, 30))
def test_doubles_agree_with_digits(schedule, share):
    top = schedule.exact_initial_temperature
    level = 1 + float(top - 1) * share / 64
    for above in (schedule.time_above, schedule.clock_above):
        exact = above(level, digits=20)
        assume(exact < 1e100)
        assert above(level) == pytest.approx(float(exact), rel=1e-9)


def test_the_hot_clock_of_slow_annealing_at_fifty_digits():
    with mp.workdps(60):
        expected = 100 * mp.log((1 - mp.mpf(1) / 10) / (1 - 1 / (mp.mpf(558355) / 100000)))
        assert abs(Exponential(10, 100).clock_above(5.58355, digits=50) - expected) < mp.mpf(10) ** -49


@pytest.mark.parametrize("schedule", [Exponential(10, 1), Linear(10, 1), Hold(10, 1), Piecewise([0, 1], [10, 1])])
def test_nothing_is_above_the_start_and_everything_above_less_than_the_end(schedule):
    top, low = schedule.time_above(10, certified=True), schedule.clock_above("0.999", digits=9)
    assert (top.value, top.error, low) == (0, 0, mp.inf)


def test_a_constant_temperature_is_above_lower_levels_for_ever():
    assert Constant(7).time_above("6.9", digits=5) == mp.inf
    assert Constant(7).time_above(7, digits=5) == 0


def test_exponential_cooling_stays_above_one_for_ever():
    assert Exponential(10, 1).clock_above(1, certified=True).value == mp.inf


def test_a_ball_too_wide_for_the_digits_says_how_many_were_reached():
    level = Ball(mp.mpf("5.5"), mp.mpf(2) ** -40)
    with pytest.raises(PrecisionError, match=r"30 digits were asked for and 1[123] reached"):
        Exponential(10, 100).clock_above(level, digits=30)


def test_a_ball_round_a_jump_holds_both_sides():
    hull = Hold(10, 6).time_above(Ball(mp.mpf(10), mp.mpf(2) ** -40))
    assert hull.value - hull.error <= 0
    assert hull.value + hull.error >= 6


def test_a_ball_that_contains_the_final_temperature_is_refused():
    with pytest.raises(DomainError, match="above the final temperature"):
        Linear(10, 6).time_above(Ball(mp.mpf(1), mp.mpf("0.01")))


def test_a_function_has_no_digits():
    with pytest.raises(DomainError, match="closed form"):
        from_callable(lambda t: 1 + 9 / (1 + t) ** 2, end_time=100).clock_above(2, digits=20)


@pytest.mark.parametrize(
    ("level", "digits", "message"),
    [(2, 0, "digits"), (0, 9, "T must"), (-1, 9, "T must"), (np.ones(2), 9, "one number")],
)
def test_bad_levels_and_digits_are_refused_and_the_precision_stays(level, digits, message):
    before = flint.ctx.prec
    with pytest.raises(DomainError, match=message):
        Exponential(10, 100).clock_above(level, digits=digits)
    assert flint.ctx.prec == before


@pytest.mark.slow
def test_a_very_slow_power_law_keeps_its_clock_at_times_beyond_all_doubles_squared():
    # T falls from 10 to 5.58355 in the time (9/4.58355)^1000; the clock by Gauss-Legendre in s = log(1 + t)
    schedule, level = Power(10, 1, "0.001"), Fraction(558355, 100000)
    with mp.workdps(30):
        end = mp.log(9 / (real(level) - 1)) * 1000
        edges = [end * k / 100 for k in range(101)]
        truth = mp.quad(lambda s: mp.exp(s) / (1 + 9 * mp.exp(-s / 1000)), edges, method="gauss-legendre")
    assert abs(schedule.clock_above(level, digits=15) / truth - 1) < 1e-15
    assert schedule.clock_above(float(level)) == pytest.approx(float(truth), rel=1e-12)
