"""Bad input to the schedules: every message names the argument, its requirement, the value and what to do."""

import numpy as np
import pytest

from anneal_theory.errors import DomainError
from anneal_theory.schedules import SCHEDULES, Constant, Exponential, Linear, Piecewise
from tests.schedules.definitions import NAMES, with_values

SENTENCE = r" must be .+, but was .+; .+\.$"
HOT = [name for name in NAMES if "initial_temperature" in SCHEDULES[name]]
UNITS = [(name, one) for name in NAMES for one in SCHEDULES[name] if "temperature" not in one]


@pytest.mark.parametrize("value", [0.999, 0, -3, float("nan"), float("inf"), 1e101, "hot", True])
@pytest.mark.parametrize("name", HOT)
def test_an_initial_temperature_below_one_or_not_a_number_is_refused(name, value):
    with pytest.raises(DomainError, match="^initial_temperature" + SENTENCE):
        with_values(name, initial_temperature=value)


@pytest.mark.parametrize("value", [0, -1, float("nan"), float("inf"), 1e-101, "long"])
@pytest.mark.parametrize(("name", "parameter"), UNITS)
def test_a_unit_of_time_or_exponent_that_is_not_positive_is_refused(name, parameter, value):
    with pytest.raises(DomainError, match=f"^{parameter}" + SENTENCE):
        with_values(name, **{parameter: value})


def test_a_constant_below_one_is_refused():
    with pytest.raises(DomainError, match=r"^temperature must be at least 1 .* but was 0.5; .* use 1 for no annealing"):
        Constant(0.5)


@pytest.mark.parametrize("bad", [-1.0, -1e-300, float("nan"), float("inf"), 1e151])
@pytest.mark.parametrize("schedule", [Exponential(10, 10), Linear(10, 10), Piecewise([0, 1], [3, 1])], ids=repr)
def test_negative_and_infinite_times_and_clocks_are_refused(schedule, bad):
    for name in ("temperature", "excess", "beta", "clock", "highest_after"):
        with pytest.raises(DomainError, match=r"^t must be non-negative and at most 1e150, but was .*; .+\.$"):
            getattr(schedule, name)([1.0, bad])
    for name in ("inverse_clock", "temperature_at_clock", "excess_at_clock"):
        with pytest.raises(DomainError, match=r"^c must be non-negative and at most 1e150, but was .*; .+\.$"):
            getattr(schedule, name)(bad)


@pytest.mark.parametrize("bad", [0.0, -1.0, float("nan"), float("inf")])
def test_levels_that_are_no_temperature_are_refused(bad):
    for name in ("time_above", "clock_above"):
        with pytest.raises(DomainError, match=r"^T must be a positive finite temperature, but was .*; .+\.$"):
            getattr(Exponential(10, 10), name)(np.array([2.0, bad]))


@pytest.mark.parametrize("bad", [-0.1, float("nan"), float("inf")])
def test_a_tolerance_that_is_negative_or_infinite_is_refused(bad):
    with pytest.raises(DomainError, match="^tolerance" + SENTENCE):
        Exponential(10, 10).settling_time(bad)


@pytest.mark.parametrize(
    ("times", "temperatures", "name", "words"),
    [
        ([0, 2, 1], [3, 2, 1], "times", "strictly increasing"),
        ([0, 1, 1], [3, 2, 1], "times", "strictly increasing"),
        ([1, 2], [3, 1], "times", "prepend the row t = 0"),
        ([-1, 2], [3, 1], "times", "prepend the row t = 0"),
        ([], [], "times", "prepend the row t = 0"),
        ([0, 1], [3], "temperatures", "2 numbers"),
        ([0, 1], [3, 0.9], "temperatures", "at the end, exactly, but was [3.0, 0.9]; append a last row"),
        (
            [0, 1],
            [3, 1.1 - 0.1 - 2e-16],
            "temperatures",
            "; write the last one as 1, which it misses by a rounding",
        ),
        ([0, 1, 2], [3, 0, 1], "temperatures", "positive"),
        ([0, 1, 2], [3, -2, 1], "temperatures", "positive"),
        ([0, 1, 2], [3, float("nan"), 1], r"temperatures\[1\]", "a finite number"),
        ([0, float("inf")], [3, 1], r"times\[1\]", "a finite number"),
    ],
)
def test_a_table_that_is_none_is_refused(times, temperatures, name, words):
    with pytest.raises(DomainError, match=f"^{name}" + SENTENCE) as caught:
        Piecewise(times, temperatures)
    assert words in str(caught.value)
