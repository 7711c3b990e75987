"""The exponential schedule that ends at T = 1, given by the time at which it does (theory section 11)."""

import copy
import math
import pickle

import mpmath as mp
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import anneal_theory as at
from anneal_theory.errors import DomainError
from anneal_theory.schedules import ExponentialToOne
from anneal_theory.schedules.variance import variance_along
from anneal_theory.threshold.sphere.closed_form import closed_form_threshold
from tests.exploration import examples
from tests.schedules.definitions import EPS, hotter, real, units

TARGET = at.BimodalTarget(3, "0.8")


@examples(60)
@given(hotter, units, st.floats(0, 1.5))
def test_it_is_the_definition_of_the_paper(temperature, duration, share):
    schedule = ExponentialToOne(temperature, duration=duration)
    assert schedule.end_time == schedule.duration == float(duration)
    t = share * float(duration)
    with mp.workdps(40):
        truth = real(temperature) ** max(mp.mpf(0), 1 - mp.mpf(t) / real(duration)) - 1
        clock = mp.quad(
            lambda s: real(temperature) ** -max(mp.mpf(0), 1 - s / real(duration)), [0, min(t, float(duration))]
        )
        clock += max(0, t - real(duration))
        top = real(temperature)
    assert schedule.excess(t) == pytest.approx(float(truth), rel=1e-14, abs=8 * EPS * float(mp.log(top) * top))
    assert schedule.clock(t) == pytest.approx(float(clock), rel=1e-13)
    assert schedule.excess(float(duration)) == 0


@examples(30)
@given(hotter, units)
def test_digits_are_those_of_its_decay_time(temperature, duration):
    schedule = ExponentialToOne(temperature, duration=duration)
    level = 1 + (temperature - 1) / 3
    with mp.workdps(60):
        unit = real(duration) / mp.log(real(temperature))
        assert schedule.decay_time == pytest.approx(float(unit), rel=4 * EPS)
        truth = unit * mp.log(real(temperature) / real(level)), unit * (1 / real(level) - 1 / real(temperature))
        for found, expected in zip((schedule.time_above, schedule.clock_above), truth, strict=True):
            ball = found(level, digits=40, certified=True)
            assert abs(ball.value - expected) <= ball.error + mp.mpf(10) ** -50 * expected
            assert ball.error <= mp.mpf(10) ** -39 * expected
            assert found(float(level)) == pytest.approx(float(expected), rel=1e-9)  # of a level that was rounded


def test_both_ways_to_give_it_give_one_theory():
    given_by_duration, by_decay = ExponentialToOne(90, duration=35), ExponentialToOne(90, 35 / math.log(90))
    times = [0.0, 3.0, 34.0, 36.0]
    for objective in ("free-energy", "tempered-target"):
        twins = [variance_along(one, times, objective=objective) for one in (given_by_duration, by_decay)]
        assert twins[0] == pytest.approx(twins[1], rel=1e-12)
    with mp.workdps(40):  # theory 11.5, written out
        exponent = 3 / mp.sqrt(2 * mp.pi) * 70 / mp.log(90) * (mp.sqrt(mp.mpf("0.608")) / 3 - 1 / mp.sqrt(90))
        truth = mp.sqrt(2) * mp.log(2) / 9 * mp.exp(-exponent)
        assert abs(closed_form_threshold(TARGET, given_by_duration, digits=30) / truth - 1) < mp.mpf(10) ** -30
    paper = {"objective": "free-energy", "constraint": "sphere", "variance": "trained"}
    exact = [at.collapse_threshold(TARGET, one, **paper).value for one in (given_by_duration, by_decay)]
    assert exact[0] == pytest.approx(exact[1], rel=1e-9)


def test_a_rate_that_is_one_in_doubles_but_not_exactly_has_its_variance():
    schedule = ExponentialToOne(10, duration=math.log(10))
    found = variance_along(schedule, [0.0, 1.0, 2.0])
    assert found == pytest.approx(10 * (1 + np.arange(3)) * np.exp(-np.arange(3)), rel=1e-13)


def test_it_reads_back_equal_and_is_another_one_than_that_of_a_decay_time():
    schedule = ExponentialToOne("7/3", duration="1/3")
    assert repr(schedule) == "ExponentialToOne(initial_temperature='7/3', duration='1/3')"
    for twin in (eval(repr(schedule)), copy.deepcopy(schedule), pickle.loads(pickle.dumps(schedule))):
        assert twin == schedule
        assert hash(twin) == hash(schedule)
    assert schedule.to_dict() == {"kind": "ExponentialToOne", "initial_temperature": "7/3", "duration": "1/3"}
    assert schedule != ExponentialToOne("7/3", "1/3")
    assert schedule.rescaled(3) == ExponentialToOne("7/3", duration=1)
    assert ExponentialToOne(10, 100).duration == ExponentialToOne(10, 100).end_time


def test_without_annealing_it_has_no_decay_time():
    flat = ExponentialToOne(1, duration=35)
    assert (flat.end_time, flat.breakpoints, flat.excess(3.0), flat.clock(3.0)) == (0.0, (), 0.0, 3.0)
    assert flat.time_above(1, digits=10) == 0
    with pytest.raises(DomainError, match="greater than 1 where its decay time is asked for"):
        _ = flat.decay_time


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({}, "^decay_time must be given, or duration in its place, but was None; give one of the two: "),
        ({"decay_time": 3, "duration": 4}, "^decay_time must be given, or .* 'duration': 4}; leave one out: "),
        ({"duration": 0}, "^duration must be positive, from 1e-100 to 1e100, but was 0; "),
    ],
)
def test_a_time_that_is_missing_double_or_out_of_reach_is_refused(arguments, message):
    with pytest.raises(DomainError, match=message):
        ExponentialToOne("1.001", **arguments)


def test_a_decay_time_longer_than_any_time_is_refused():
    with pytest.raises(
        DomainError, match=r"^duration must be such that duration/log\(initial_temperature\) is at most"
    ):
        ExponentialToOne("1." + 60 * "0" + "1", duration="1e99")


def test_the_duration_is_an_axis_of_a_map():
    how = {"method": "large-dim", "relative_error": 0.1}
    found = at.phase_diagram(
        TARGET, at.GaussianInit(16), ExponentialToOne(9, duration=5), durations=[5], initial_temperatures=[1, 9], **how
    )
    alone = at.collapse_probability(TARGET, ExponentialToOne(9, duration=5), at.GaussianInit(16), **how)
    assert found.value.sel(initial_temperature=9, duration=5).item() == pytest.approx(alone.value)
    assert found.value.sel(initial_temperature=1, duration=5).item() > alone.value
