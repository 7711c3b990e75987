"""Schedules without closed forms: from T - 1 alone the same numbers come as from the forms, and from the definition."""

import mpmath as mp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anneal_theory.schedules.monotone import MonotoneSchedule
from tests.schedules.definitions import EPS, coolings, falling, integral_of_beta, temperature, unit

reduced_times = st.floats(-12, 4).map(lambda exponent: 10.0**exponent)
shares = st.floats(1e-3, 1 - 1e-3)


class Bare(MonotoneSchedule):
    """A schedule of which only T - 1 and its end are known."""

    def __init__(self, schedule):
        own = {name: value for name, value in vars(schedule).items() if name.startswith("exact_")}
        known = {name: getattr(schedule, name) for name in ("form", "unit", "_ends", "_numbers")}
        vars(self).update(own | known | {"given": schedule.parameters})

    @property
    def parameters(self):
        return self.given

    def _closed(self, quantity):
        return super()._closed(quantity) if quantity in ("excess", "end") else None

    def _in(self, ctx, quantity):
        return super()._in(ctx, quantity) if quantity in ("excess", "end") else None


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(coolings, reduced_times)
def test_the_clock_by_quadrature_is_the_integral_of_beta(schedule, x):
    t = x * unit(schedule)
    with mp.workdps(25):
        oracle = integral_of_beta(schedule, t)
        rounded_time = EPS * t / temperature(schedule, mp.mpf(t)) / oracle
        stated = 1e-14 + 4 * EPS * np.log1p(x)  # of each panel, and of s = log(1 + x)
        assert abs(Bare(schedule).clock(t) / oracle - 1) < 4e-15 + stated + 2 * rounded_time


@settings(max_examples=60, deadline=None)
@given(coolings, reduced_times)
def test_the_inverse_of_the_quadrature_undoes_it(schedule, y):
    bare, c = Bare(schedule), y * unit(schedule)
    t = bare.inverse_clock(c)
    assert bare.clock(t) == pytest.approx(c, rel=1e-13, abs=2 * EPS * t * bare.beta(t))  # t is rounded
    assert bare.temperature_at_clock(c) == bare.temperature(t)


@settings(max_examples=60, deadline=None)
@given(falling, shares, st.booleans())
def test_balls_from_signs_and_integrals_meet_those_of_the_forms(schedule, share, clock):
    top = schedule.exact_initial_temperature
    level = 1 + (top - 1) * mp.mpf(share)
    closed, bare = (
        (one.clock_above if clock else one.time_above)(level, digits=20, certified=True)
        for one in (schedule, Bare(schedule))
    )
    assert abs(closed.value - bare.value) <= closed.error + bare.error
    assert bare.error <= mp.mpf(10) ** -20 * bare.value


@settings(max_examples=60, deadline=None)
@given(falling, shares)
def test_times_in_doubles_from_signs_are_those_of_the_forms(schedule, share):
    excess = schedule.initial_excess * share
    level = 1 + excess
    if schedule.initial_excess > 1e-3:
        rounding = 1e3 * EPS / min(share, 1 - share)  # of the level in T - 1, which has three digits before it
        assert Bare(schedule).time_above(level) == pytest.approx(schedule.time_above(level), rel=rounding)


@given(falling)
def test_what_never_ends_is_above_one_for_ever_and_what_ends_until_then(schedule):
    bare = Bare(schedule)
    assert bare.time_above(1) == bare.settling_time(0) == pytest.approx(schedule.time_above(1), rel=2 * EPS)
    if schedule.breakpoints:
        assert float(bare.time_above(1, digits=20)) == pytest.approx(schedule.end_time, rel=2 * EPS)
