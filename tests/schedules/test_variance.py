"""The variance along a schedule against SciPy's integration of its equation."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import solve_ivp

from anneal_theory.errors import DomainError
from anneal_theory.precision import mpmath_context
from anneal_theory.schedules import Constant, Exponential, ExponentialToOne, Hold, Linear, LinearBeta, Piecewise, Power
from anneal_theory.schedules.variance import along, along_to_digits, variance_along, variance_curve
from tests.exploration import examples

TIMES = [0.0, 0.3, 1.0, 3.0, 7.0, 20.0, 44.0, 60.0]
SCHEDULES = [
    ExponentialToOne(90, 10), ExponentialToOne(90, 1), ExponentialToOne(9, "0.4"), Exponential(90, 10), Linear(30, 12),
    LinearBeta(30, 12), Power(30, 3, 2), Hold(5, 4), Piecewise([0, 5, 9, 15], [30, 2, 4, 1]), Constant(3), Constant(1),
]  # fmt: skip


def integrated(schedule, times, objective):
    """v' = -(v - T), times beta under the tempered target, leg by leg between the kinks."""
    state, before, found = schedule.initial_temperature, 0.0, {}
    for end in sorted({*times, *(one for one in schedule.breakpoints if one < times[-1])}):
        if end > before:
            inside = 1e-12 * (1 + end)  # a jump's own value does not count

            def rate(t, v, before=before, end=end, inside=inside):
                t = min(max(t, before + inside), end - inside)
                return (schedule.temperature(t) - v) * (1 if objective == "free-energy" else schedule.beta(t))

            state = solve_ivp(rate, (before, end), [state], method="DOP853", rtol=1e-12, atol=1e-13).y[0, -1]
        found[end], before = state, end
    return np.array([found[time] for time in times])


@pytest.mark.parametrize("objective", ["free-energy", "tempered-target"])
@pytest.mark.parametrize("schedule", SCHEDULES, ids=repr)
def test_the_trained_variance_solves_its_equation(schedule, objective):
    found = variance_along(schedule, TIMES, "trained", objective)
    np.testing.assert_allclose(found, integrated(schedule, TIMES, objective), rtol=2e-10)


@examples(30)
@given(temperature=st.floats(1, 1e6), decay=st.floats(0.05, 100), shift=st.floats(-1e-9, 1e-9))
def test_closed_and_solved_forms_agree(temperature, decay, shift):
    """Also next to kappa = 1, where the closed form is a quotient of small differences."""
    for time in (decay, 1 + shift):
        schedule = ExponentialToOne(temperature, time)
        read = along(schedule, "free-energy")
        closed = variance_curve(schedule, "trained", "free-energy", read)
        solved = type(closed)(read, "trained")
        clock = np.linspace(0, schedule.end_time + 3, 23)
        np.testing.assert_allclose(closed.at(clock), solved.at(clock), rtol=1e-11)


def test_the_stated_error_covers_the_closed_form():
    schedule = ExponentialToOne(90, 10)
    read = along(schedule, "free-energy")
    solved = variance_curve(Linear(2, 1), "trained", "free-energy", read)  # no closed form is taken
    clock = np.linspace(0, 60, 400)
    gap = np.abs(solved.at(clock) - variance_curve(schedule, "trained", "free-energy", read).at(clock))
    assert gap.max() < solved.error + 1e-13 * 90 < 1e-10


def test_the_lag_grows_to_its_limit():
    schedule = ExponentialToOne(1e12, 10)
    ratio = variance_along(schedule, [200.0]) / schedule.temperature(200.0)
    assert ratio[0] == pytest.approx(1 / 0.9, rel=1e-9)


@pytest.mark.parametrize("schedule", SCHEDULES, ids=repr)
def test_the_other_rules(schedule):
    moments = np.array(TIMES)
    np.testing.assert_allclose(
        variance_along(schedule, TIMES, "follows-temperature"), schedule.temperature(moments), rtol=1e-14
    )
    assert (variance_along(schedule, TIMES, "fixed") == 1).all()


@pytest.mark.slow
@pytest.mark.parametrize("objective", ["free-energy", "tempered-target"])
@pytest.mark.parametrize("schedule", [ExponentialToOne(30, 3), Exponential(9, 2), Linear(9, 5)], ids=repr)
def test_digits_agree_with_doubles(schedule, objective):
    with mpmath_context(34) as context:
        read = along_to_digits(schedule, objective, context, 20)
        clock = np.array([context.mpf(one) / 4 for one in range(0, 30, 3)])
        many = variance_curve(schedule, "trained", objective, read).at(clock)
    doubles = along(schedule, objective)
    few = variance_curve(schedule, "trained", objective, doubles).at(clock.astype(float))
    np.testing.assert_allclose(few, many.astype(float), rtol=2e-13)


def test_order_and_emptiness_of_times():
    schedule = ExponentialToOne(90, 10)
    assert variance_along(schedule, []).shape == (0,)
    assert variance_along(schedule, [20, 0])[1] == pytest.approx(90)
    assert math.isclose(variance_along(schedule, [20, 0])[0], variance_along(schedule, [20])[0])


def test_bad_arguments_are_named():
    with pytest.raises(DomainError, match="times"):
        variance_along(Constant(1), [-1.0])
    with pytest.raises(DomainError, match="variance"):
        variance_along(Constant(1), [1.0], "slaved")
