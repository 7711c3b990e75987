"""Pulses, jumps and narrow bumps of a user's function are found, wherever they come, and everything sees them."""

import bisect
import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import quad

from anneal_theory.errors import DomainError
from anneal_theory.schedules import Exponential, Piecewise, from_callable
from tests.exploration import examples

SEEN_SHARE, SEEN_RATIO = 3e-5, 2e-4  # the widths that the docstring promises to see


@st.composite
def pulses(draw):
    """(end time, begin, end, temperature) of one pulse, no narrower than what is promised."""
    end = 10.0 ** draw(st.floats(-3, 7))
    begin = end * 10.0 ** draw(st.floats(-8, -0.01))
    width = draw(st.floats(1, 300)) * min(SEEN_SHARE * end, SEEN_RATIO * begin)
    return end, begin, begin + min(width, 0.5 * (end - begin)), draw(st.sampled_from([0.25, 3.0, 30.0]))


@pytest.mark.slow
@examples(30, deadline=None)
@given(pulses())
def test_a_pulse_is_found_to_the_last_bit_and_everything_sees_it(pulse):
    end, begin, stop, temperature = pulse
    schedule = from_callable(lambda t: temperature if begin <= t < stop else 1.0, end)
    assert schedule.breakpoints == (begin, stop, end)
    width = stop - begin
    assert schedule.clock(end) == pytest.approx(begin + width / temperature + (end - stop), rel=1e-13)
    inside = begin + 0.25 * width / temperature
    assert schedule.inverse_clock(inside) == pytest.approx(begin + (inside - begin) * temperature, rel=1e-14)
    assert schedule.temperature_at_clock(begin + 0.5 * width / temperature) == temperature
    assert schedule.settling_time(0.1) == pytest.approx(stop, rel=1e-15)
    assert schedule.highest_after([0, begin, stop]).tolist() == [max(temperature, 1), max(temperature, 1), 1]
    assert not schedule.never_increases
    level = 0.5 * (1 + temperature)
    above = np.inf if temperature < 1 else width
    assert schedule.time_above(level) == (above if temperature < 1 else pytest.approx(width, abs=4 * np.spacing(end)))


def test_a_narrower_pulse_is_not_seen_until_it_is_named_and_the_schedule_says_so():
    def temperature(t):
        return 30.0 if 777.7771 <= t < 777.7773 else 1.0

    blind = from_callable(temperature, 1000)
    assert blind.breakpoints == (1000.0,)
    assert "features shorter than 0.0002 of the time at which they come and than 0.02 may be unseen" in blind.caveat
    named = from_callable(temperature, 1000, breakpoints=[777.7773, "777.7771"])
    assert named.breakpoints == (777.7771, 777.7773, 1000.0)
    assert named.clock(1000) == pytest.approx(1000 - 0.0002 * 29 / 30, rel=1e-13)
    near = from_callable(temperature, 1000, breakpoints=[777.7772])  # a breakpoint within it is enough
    assert near.breakpoints == (777.7771, 777.7772, 777.7773, 1000.0)
    assert Exponential(10, 10).caveat == Piecewise([0, 1], [2, 1]).caveat == ""


@pytest.mark.parametrize("bad", [0, 20, -1, "30", float("nan")])
def test_a_breakpoint_outside_the_schedule_is_refused(bad):
    with pytest.raises(DomainError, match="breakpoints"):
        from_callable(lambda t: 1.0, 20, breakpoints=[1, bad])
    with pytest.raises(DomainError, match="breakpoints must be a list of times"):
        from_callable(lambda t: 1.0, 20, breakpoints="10")


@pytest.mark.parametrize("width", [0.002, 0.02, 0.05])
@pytest.mark.parametrize("place", [0.3, 10.0, 19.9])
def test_smooth_bumps_are_integrated_and_inverted(width, place):
    schedule = from_callable(lambda t: 1 + 30 * np.exp(-(((t - place) / width) ** 2)), 40)
    times = np.array([0.0, *(time for k in range(-9, 10) if (time := place + k * width) > 0)])
    pieces = [quad(lambda t: 1 - 1 / schedule.temperature(t), a, b, epsabs=1e-15)[0] for a, b in pairwise(times)]
    lost = np.concatenate([[0.0], np.cumsum(pieces)])
    assert schedule.clock(times) == pytest.approx(times - lost, rel=1e-13)
    assert schedule.inverse_clock(schedule.clock(times)) == pytest.approx(times, abs=1e-13 * place)
    assert schedule.highest_after(0) == pytest.approx(31, rel=1e-12)
    half = width * math.sqrt(math.log(2))
    assert schedule.time_above(16) == pytest.approx(2 * half, rel=1e-10)
    assert schedule.settling_time(15) == pytest.approx(place + half, rel=1e-13)


@pytest.mark.slow
@examples(15, deadline=None)
@given(
    st.lists(st.integers(1, 9_999), min_size=1, max_size=8, unique=True).map(sorted),
    st.lists(st.sampled_from([0.5, 1.0, 2.0, 12.0, 1e4]), min_size=9, max_size=9),
    st.sampled_from([1e-3, 1.0, 1e5]),
)
def test_every_jump_among_straight_lines_is_found(marks, temperatures, unit):
    jumps = [unit * mark / 1000 for mark in marks]

    def temperature(t):
        row = bisect.bisect_right(jumps, t)
        return temperatures[row] * (1 + t / (20 * unit)) if row < len(jumps) else 1.0

    before = [temperatures[row] * (1 + jump / (20 * unit)) for row, jump in enumerate(jumps)]
    true = [jump for jump, level in zip(jumps, before, strict=True) if temperature(jump) != level]
    schedule = from_callable(temperature, 10 * unit)
    assert schedule.breakpoints == (*true, 10 * unit)


def test_every_jump_of_a_staircase_is_a_breakpoint():
    comb = from_callable(lambda t: 12.0 if t % 1 < 0.125 and t < 50 else 1.0, 60)
    jumps = [k + part for k in range(50) for part in (0, 0.125)][1:]
    assert comb.breakpoints == (*(float(t) for t in jumps), 60.0)
    assert comb.clock(60) == pytest.approx(60 - 50 * 0.125 * 11 / 12, rel=1e-13)


def test_a_temperature_below_one_is_not_settled():
    dip = from_callable(lambda t: max(0.5, 1 - t / 4) if t < 4 else 1.0, 20)
    assert dip.settling_time(0.1) == 4
    assert not dip.never_increases
    assert dip.highest_after(0) == 1
