"""The table of quantities: one check of each, at every public door, and what the message says."""

import inspect
import os
import re
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import mpmath
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import anneal_theory as at
from anneal_theory.averages import mmse, phi, psi, psi_prime
from anneal_theory.errors import DomainError
from anneal_theory.quantities import QUANTITIES
from anneal_theory.quantities.doors import checked, quantities_of
from tests.doors import DOORS

TARGET, SCHEDULE, INIT = at.BimodalTarget(3, "0.8"), at.Exponential(10, 100), at.GaussianInit(16)
SENTENCE = r"^{name}(\[\d+\])* must be .+, but was .+; .+[.?]$"
# What no quantity takes: not even a function or a flag.
NEVER = (b"3", 1j, {1: 2}, {3}, object(), Ellipsis, np.datetime64("2020-01-01"), np.array(["a"]), at.BimodalTarget)


def refused(quantity, value):
    """The message with which a quantity refuses a value."""
    with pytest.raises(DomainError, match=re.compile(SENTENCE.format(name=quantity), re.DOTALL)) as caught:
        QUANTITIES[quantity].check(value)
    return str(caught.value)


CHECKED = sorted({quantity.name for door in DOORS.values() for quantity in quantities_of(door).values() if quantity})


@pytest.mark.parametrize("name", CHECKED)
@pytest.mark.parametrize("value", NEVER, ids=[type(value).__name__ for value in NEVER])
def test_every_quantity_of_a_public_function_refuses_what_is_no_value_of_any(name, value):
    takes = {
        "function": callable(value) and not isinstance(value, type),
        "called": callable(value),
        "data": type(value) is dict,
    }
    if not takes.get(name):
        refused(name, value)


@pytest.mark.parametrize("name", CHECKED)
def test_no_quantity_but_a_flag_takes_truth_values_and_a_flag_takes_nothing_else(name):
    if type(QUANTITIES[name].domain).__name__ == "Flag":
        assert QUANTITIES[name].check(np.True_) is True
        for value in (0, 1, "abc", None, 1.0):
            assert "must be True or False" in refused(name, value)
    else:
        refused(name, True)
        refused(name, np.False_)


@pytest.mark.parametrize("door", DOORS)
def test_every_argument_of_a_public_function_has_a_quantity(door):
    assert [name for name, quantity in quantities_of(DOORS[door]).items() if quantity is None] == []


@pytest.mark.parametrize("door", DOORS)
def test_every_public_function_checks_its_arguments(door):
    """An object that no argument takes is refused by the name of each argument, before anything is computed."""
    takes = inspect.signature(DOORS[door]).parameters
    for name in quantities_of(DOORS[door]):
        places = [None] * (list(takes).index("self") + 1 if "self" in takes else 0)
        with pytest.raises(DomainError, match=re.compile(f"^{name} must be .*", re.DOTALL)):
            DOORS[door](*places, **{name: Ellipsis})


def test_the_message_names_argument_requirement_value_and_next_step():
    with pytest.raises(DomainError) as caught:
        at.BimodalTarget(3, 1.5)
    assert str(caught.value) == (
        "weight must be strictly between 0 and 1, at least 1e-16 from either end, but was 1.5; "
        "give the share w* at +mu*."
    )


def test_arguments_given_in_each_other_s_place_are_told():
    with pytest.raises(DomainError, match=r"^schedule must be a Schedule, .*a GaussianInit is what init takes"):
        at.collapse_probability(TARGET, INIT, SCHEDULE)
    with pytest.raises(DomainError, match=r"^target must be a BimodalTarget, .*a Exponential is what schedule takes"):
        at.collapse_threshold(SCHEDULE, TARGET)
    with pytest.raises(DomainError, match=r"^m must be .*a BimodalTarget is what target takes"):
        psi(TARGET, 0)


def test_a_class_in_place_of_its_object_is_told():
    with pytest.raises(DomainError, match=r"give an object, BimodalTarget\(\.\.\.\), instead of the class"):
        at.collapsed_state(at.BimodalTarget)


def test_the_nearest_word_is_suggested():
    with pytest.raises(DomainError, match=r"^method must be 'exact' or .*, but was 'exct'; did you mean 'exact'\?$"):
        at.collapse_threshold(TARGET, SCHEDULE, method="exct")
    assert "choose one of these" in refused("objective", "entropy")


@pytest.mark.parametrize("value", [0.8, np.float64(0.8), np.float32(0.8), "0.8", "4/5", Decimal("0.8"), Fraction(4, 5)])
def test_a_number_is_the_rational_it_stands_for_whatever_its_type(value):
    assert at.BimodalTarget(np.int64(3), value) == TARGET
    assert at.BimodalTarget(3, value).exact_weight == Fraction(4, 5)


def test_numbers_of_every_type_are_taken_for_times_and_overlaps():
    third, values = Fraction(1, 3), [SCHEDULE.temperature(1 / 3), psi(1 / 3, TARGET)]
    for value in (third, "1/3", mpmath.mpf(1) / 3, np.float64(1 / 3), np.array(1 / 3)):
        assert [SCHEDULE.temperature(value), psi(value, TARGET)] == pytest.approx(values, rel=1e-15)
    assert SCHEDULE.temperature([third, "2", Decimal(3)]).tolist() == SCHEDULE.temperature([1 / 3, 2.0, 3.0]).tolist()


def test_integers_of_numpy_count_and_whole_floats_do_not():
    assert at.GaussianInit(np.int64(16)) == INIT
    with pytest.raises(DomainError, match=r"^dim must be an integer"):
        at.GaussianInit(16.0)


@given(st.one_of(st.integers(), st.floats(), st.text(max_size=5), st.binary(max_size=3), st.none(), st.booleans()))
def test_a_share_is_strictly_between_zero_and_one_whatever_is_given(value):
    try:
        number = Fraction(str(value)) if isinstance(value, str | int | float) and not isinstance(value, bool) else None
    except (ValueError, ZeroDivisionError):  # a text such as "0/0" is none
        number = None
    if number is not None and 0 < number < 1 and float(number) > 0 and float(1 - number) < 1:
        assert QUANTITIES["family_weight"].check(value) == value
    else:
        refused("family_weight", value)


@pytest.mark.parametrize("value", [10**5000, np.zeros(1000), "x" * 10**5], ids=["integer", "array", "text"])
def test_a_long_value_is_shortened_in_the_message(value):
    assert len(refused("separation", value)) < 600


def test_none_is_taken_where_it_is_the_default_alone():
    assert at.GaussianInit(16, None) == INIT
    with pytest.raises(DomainError, match=r"^dim must be"):
        at.GaussianInit(None)


def test_masked_entries_and_ragged_lists_are_no_numbers():
    for value in (np.ma.array([1.0, 2.0], mask=[False, True]), [[1.0], [1.0, 2.0]], [1.0, True], [b"1"]):
        refused("m", value)


def test_paths_are_text_or_path_objects(tmp_path):
    assert QUANTITIES["checkpoint"].check(Path("a")) == Path("a")
    for value in (b"a", "", "a\0b", os.fsencode(tmp_path), 3):
        refused("checkpoint", value)


@pytest.mark.parametrize("function", [psi, psi_prime, phi, at.critical_temperature, at.hot_separation])
def test_certified_is_a_truth_value(function):
    first = TARGET if function is at.critical_temperature else 2
    with pytest.raises(DomainError, match=r"^certified must be True or False, but was 'abc'"):
        function(first, *([TARGET] if function in (psi, psi_prime, phi) else []), certified="abc")


@pytest.mark.parametrize(
    ("method", "given"),
    [
        ("exact", {"replicas": 10}),
        ("exact", {"seed": 0}),
        ("large-dim", {"seed": 1}),
        ("slow-annealing", {"relative_error": 1e-3}),
        ("simulated", {"relative_error": 1e-3}),
    ],
)
def test_what_a_probability_s_method_does_not_use_is_refused(method, given):
    with pytest.raises(DomainError, match=f"^{next(iter(given))} must be left out"):
        at.collapse_probability(TARGET, SCHEDULE, INIT, method=method, **given)


@pytest.mark.parametrize("given", [{"distance": 1}, {"distance_squared": 2}])
def test_a_formula_without_a_distance_refuses_one(given):
    with pytest.raises(DomainError, match=f"^{next(iter(given))} must be left out"):
        at.collapse_threshold(TARGET, SCHEDULE, method="slow-annealing", **given)
    with pytest.raises(DomainError, match=r"^allow_slow must be left out"):
        at.collapse_threshold(TARGET, SCHEDULE, allow_slow=True)


def test_a_checked_function_keeps_its_name_its_text_and_its_signature():
    assert mmse.__name__ == "mmse"
    assert mmse.__module__ == "anneal_theory.averages"
    assert "least mean-square error" in inspect.getdoc(mmse)
    assert list(inspect.signature(mmse).parameters) == ["distance", "weight", "digits", "certified"]


def test_wrong_shapes_of_a_call_are_python_s_own_errors():
    for call in (lambda: psi(), lambda: psi(0), lambda: psi(0, TARGET, 3), lambda: psi(0, TARGET, digit=3)):
        with pytest.raises(TypeError, match=r"^psi\(\)"):
            call()


def test_checked_classes_check_their_constructor_and_can_be_derived_from():
    @checked(size="replicas")
    class Sized:
        def __init__(self, size, other=3):
            self.size, self.other = size, other

    class More(Sized):
        pass

    assert (More(np.int32(4)).size, More(4, other="x").other) == (4, "x")
    with pytest.raises(DomainError, match=r"^size must be a positive integer, but was 0"):
        More(0)
