"""The table of schedules: one row makes a class known everywhere, and its definition is what the theory says."""

import ast
import copy
import inspect
import pickle
from fractions import Fraction
from pathlib import Path

import mpmath as mp
import pytest
from hypothesis import given

import anneal_theory as at
from anneal_theory import schedules
from anneal_theory.schedules import (
    ALTERNATIVES,
    SCHEDULES,
    Exponential,
    Piecewise,
    from_callable,
    own_time,
    schedule_of,
    table,
)
from derivations.schedules import SCHEDULES as DERIVED
from tests.schedules.definitions import NAMES, built, coolings, real, temperature, typical, unit

# Theory section 8, in words of its own.
SECTION_8 = {
    "Constant": lambda t, first: first,
    "Exponential": lambda t, first, unit: 1 + (first - 1) * mp.exp(-t / unit),
    "ExponentialToOne": lambda t, first, unit: max(mp.mpf(1), first * mp.exp(-t / unit)),
    "Linear": lambda t, first, unit: 1 + (first - 1) * max(mp.mpf(0), 1 - t / unit),
    "LinearBeta": lambda t, first, unit: 1 / (1 / first + (1 - 1 / first) * min(mp.mpf(1), t / unit)),
    "Power": lambda t, first, unit, power: 1 + (first - 1) * (1 + t / unit) ** -power,
    "Hold": lambda t, first, unit: first if t < unit else mp.mpf(1),
}


@given(built(tuple(SECTION_8)))
def test_the_definitions_are_those_of_the_theory(schedule):
    with mp.workdps(40):
        parameters = [real(value) for value in schedule.parameters.values()]
        for share in (0, "0.01", "0.5", "0.999", "1.001", 30):
            t = mp.mpf(share) * unit(schedule)
            expected = SECTION_8[type(schedule).__name__](t, *parameters)
            assert abs(temperature(schedule, t) - expected) <= mp.mpf(10) ** -35 * expected


def test_every_derived_schedule_is_in_the_table_and_every_class_but_a_table_of_numbers_is_derived():
    assert {schedule_of(f"{forms.name}_excess") for forms in DERIVED} == set(NAMES)
    assert set(SCHEDULES) - set(NAMES) == {"Piecewise"}


@pytest.mark.parametrize("name", SCHEDULES)
def test_a_row_has_the_parameters_of_its_class_which_is_public(name):
    kind = getattr(schedules, name)
    assert tuple(inspect.signature(kind).parameters) == SCHEDULES[name] + ALTERNATIVES.get(name, ())[1:]
    assert getattr(at, name) is kind
    assert name in at.__all__


def test_type_checkers_see_every_class_of_the_table():
    tree = ast.parse(Path(table.__file__).read_text("utf-8"))
    block = next(node for node in tree.body if isinstance(node, ast.If))
    seen = {alias.asname for node in block.body if isinstance(node, ast.ImportFrom) for alias in node.names}
    assert seen == set(SCHEDULES)


@given(coolings)
def test_a_schedule_in_another_unit_of_time_has_the_same_temperatures(schedule):
    other = schedule.rescaled("1/8")
    assert type(other) is type(schedule)
    for time in (0.0, 0.1 * unit(schedule), 0.5 * unit(schedule), 3.0 * unit(schedule)):
        assert other.excess(time / 8) == pytest.approx(schedule.excess(time), rel=1e-12)


def test_tables_and_functions_are_rescaled_in_all_their_times():
    table = Piecewise([0, 1, 3], [5, 2, 1]).rescaled(Fraction(1, 3))
    assert table == Piecewise([0, "1/3", 1], [5, 2, 1])
    function = from_callable(lambda t: 5.0 if t < 2 else 1.0, 4, [2]).rescaled(10)
    assert (function.breakpoints, function.temperature(19.0), function.temperature(21.0)) == ((20.0, 40.0), 5.0, 1.0)


def test_a_rescaled_time_can_be_rounded():
    assert Exponential(10, 1).rescaled("1/3", digits=10) == Exponential(10, "0.3333333333")


@pytest.mark.parametrize("name", SCHEDULES)
def test_a_schedule_that_has_computed_is_copied_and_stored_without_what_it_has_computed(name):
    schedule = typical(name)
    value = schedule.clock(7.0)
    for twin in (copy.copy(schedule), copy.deepcopy(schedule), pickle.loads(pickle.dumps(schedule))):
        assert twin == schedule
        assert twin.clock(7.0) == value


@pytest.mark.parametrize("name", SCHEDULES)
def test_a_schedule_cannot_be_changed(name):
    for attribute in (own_time(SCHEDULES[name]) or "temperatures", "anything"):
        with pytest.raises(AttributeError, match="cannot be set"):
            setattr(typical(name), attribute, 3)
