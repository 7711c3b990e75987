"""The linear passage of any schedule, in either clock, in doubles and to digits."""

import mpmath
import numpy as np
import pytest

from anneal_theory.errors import DomainError
from anneal_theory.problem import BimodalTarget, Dynamics
from anneal_theory.schedules import (
    Constant,
    Exponential,
    ExponentialToOne,
    Hold,
    Linear,
    LinearBeta,
    Piecewise,
    Power,
    from_callable,
)
from anneal_theory.threshold import collapse_threshold
from anneal_theory.threshold.sphere.linear_passage import passage_threshold
from anneal_theory.threshold.sphere.slow_background import slow_sphere_threshold

RULES = ("trained", "follows-temperature", "fixed")


@pytest.mark.slow
@pytest.mark.parametrize("objective", ["free-energy", "tempered-target"])
@pytest.mark.parametrize(
    "schedule", [Constant(1), Exponential(30, 4), Linear(20, 9), LinearBeta(20, 9), Hold(5, 6), Power(20, 3, 2),
                 Piecewise([0, 5, 9], [30, 2, 1])],
)  # fmt: skip
def test_any_schedule_has_a_threshold(schedule, objective):
    found = passage_threshold(BimodalTarget(3, 0.6), schedule, objective=objective)
    assert 1e-3 < found.value < 0.1
    assert found.parts["numerical_error"] < 1e-11


def test_a_function_of_time_is_read_like_the_schedule_that_it_is():
    schedule = ExponentialToOne(30, 4)
    same = from_callable(lambda t: np.maximum(1, 30 * np.exp(-t / 4)), 20, [schedule.end_time])
    found, other = (passage_threshold(BimodalTarget(3, 0.6), one).value for one in (schedule, same))
    assert found == pytest.approx(other, rel=1e-9)


@pytest.mark.parametrize("rule", RULES)
def test_both_objectives_are_the_same_equations_in_their_clocks(rule):
    """A temperature read along int beta dt, and the same function as a temperature in time."""
    temperature, time = 12.0, 8.0
    tempered = ExponentialToOne(temperature, time)  # along its clock c: T0/(1 + T0 c/time)
    end = tempered.clock(tempered.end_time)
    same = from_callable(lambda c: np.maximum(1, temperature / (1 + temperature * c / time)), end + 1, [end])
    first = passage_threshold(BimodalTarget(3, 0.6), tempered, rule, "tempered-target")
    second = passage_threshold(BimodalTarget(3, 0.6), same, rule, "free-energy")
    assert first.log_value == pytest.approx(second.log_value, abs=1e-9)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("schedule", "rule", "objective", "end"),
    [
        (ExponentialToOne(30, 3), "trained", "tempered-target", "annealing"),
        (Exponential(9, 2), "follows-temperature", "free-energy", "saturation"),
        (Linear(9, 5), "fixed", "free-energy", "annealing"),
    ],
)
def test_doubles_and_digits_agree(schedule, rule, objective, end):
    target = BimodalTarget(3, 0.6)
    double = passage_threshold(target, schedule, rule, objective, end=end)
    digits = passage_threshold(target, schedule, rule, objective, end=end, digits=16)
    assert abs(double.log_value - float(digits.log_value)) < double.parts["numerical_error"]
    assert digits.digits == 16
    assert isinstance(digits.value, mpmath.mpf)


@pytest.mark.slow
def test_more_digits_agree_with_fewer_and_with_doubles():
    target, schedule = BimodalTarget(3, 0.6), ExponentialToOne(9, 2)
    few, many = (passage_threshold(target, schedule, digits=count) for count in (12, 16))
    double = passage_threshold(target, schedule)
    assert abs(double.log_value - float(many.log_value)) < double.parts["numerical_error"]
    assert abs(few.log_value - many.log_value) < few.parts["numerical_error"] < 1e-13


PULSE = Piecewise([0, 4, "4.1", "7.5", "7.6", 12], [1, 1, 40, 40, 1, 1])


def test_a_schedule_that_warms_up_after_the_passage_is_refused():
    """The pair is parted anew: x_c is twice as large as the passage alone says."""
    rules = {"objective": "free-energy", "constraint": "sphere", "variance": "trained"}
    with pytest.raises(DomainError, match="does not warm up again after the passage"):
        collapse_threshold(BimodalTarget(3, "0.6"), PULSE, method="sharp", **rules)


@pytest.mark.parametrize("variance", ["fixed", "trained", "follows-temperature"])
def test_of_a_held_temperature_the_error_reaches_to_the_formula_of_slow_annealing(variance):
    """Thresholds of gradual cooling, which its own error is from, tell nothing of a hold."""
    target, rules = BimodalTarget(3, "0.8"), Dynamics("free-energy", constraint="sphere", variance=variance)
    passage = passage_threshold(target, Hold(30, 20), variance)
    slow = slow_sphere_threshold(target, Hold(30, 20), rules)
    assert passage.log_error >= abs(passage.log_value - slow.log_value) + slow.log_error
