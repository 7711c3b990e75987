"""The one rule for arrays: each call gives what it gives alone, in the shape that NumPy gives."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis.extra.numpy import mutually_broadcastable_shapes

import anneal_theory as at
from anneal_theory.errors import DomainError
from tests.exploration import examples

TARGET, INIT = at.BimodalTarget(3, "0.8"), at.GaussianInit(32)


@pytest.mark.slow
def test_schedules_of_arrays_have_the_probabilities_that_each_has_alone():
    schedules = at.vectorize(at.Exponential)([[2], [10]], ["0.5", 10, 30])
    assert schedules[1, 0] == at.Exponential(10, "0.5")  # what is exact stays so
    found = at.vectorize(at.collapse_probability)(TARGET, schedules, INIT, relative_error=1e-3)
    assert found.shape == found.value.shape == found.error.shape == (2, 3)
    for index in np.ndindex(2, 3):
        assert found[index] == at.collapse_probability(TARGET, schedules[index], INIT, relative_error=1e-3)
        assert found.value[index] == found[index].value


@examples(30)
@given(mutually_broadcastable_shapes(num_shapes=3, max_side=3, max_dims=3))
def test_shapes_and_values_are_those_of_numpy(drawn):
    base, height, offset = (np.arange(np.prod(shape, dtype=int)).reshape(shape) for shape in drawn.input_shapes)
    found = at.vectorize(lambda a, b, c: 100 * a + 10 * b + c)(base, b=height, c=offset)
    assert found.shape == drawn.result_shape
    np.testing.assert_array_equal(found, 100 * base + 10 * height + offset)


def test_lists_in_lists_are_arrays_of_what_they_hold():
    names = at.vectorize(lambda *words: type(words[0]).__name__)([["0.5", 2], [0.5, 2]])
    assert names.tolist() == [["str", "int"], ["float", "int"]]


def test_numbers_come_as_numbers_and_a_single_call_as_an_array_without_dimensions():
    found = at.vectorize(at.critical_temperature)(at.vectorize(at.BimodalTarget)([2, 3], "0.8"))
    assert found.dtype == float
    assert found.tolist() == [at.critical_temperature(at.BimodalTarget(R, "0.8")) for R in (2, 3)]
    assert at.vectorize(at.critical_temperature)(TARGET).shape == ()


def test_what_a_function_takes_as_a_list_stays_one():
    follow, start = at.vectorize(at.solve_flow, whole=["times"]), at.ReducedState(0.1, 0.3, 1.2)
    found = follow(TARGET, at.vectorize(at.Exponential)([2, 10], 5), start, [0.0, 1.0, 2.0])
    assert [len(one["m1"]) for one in found] == [3, 3]


def test_results_stay_in_order_whoever_works():
    assert at.vectorize(lambda number: -number)(np.arange(200)).tolist() == (-np.arange(200)).tolist()


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: at.vectorize(3), "function must be a function or class, but was 3"),
        (lambda: at.vectorize(at.Exponential, whole=["decay"]), "whole must be names of arguments"),
        (lambda: at.vectorize(at.Exponential)([1, 2], [3, 4, 5]), "arguments must be arrays whose shapes go together"),
        (lambda: at.Exponential([3, 10], 5), r"but was \[3, 10\]; one call takes one of them: vectorize\(function\)"),
        (lambda: at.collapse_threshold(TARGET, [at.Constant(1)]), r"one call takes one of them: vectorize\(function\)"),
        (lambda: at.collapse_threshold(TARGET, [3]), "make one: Exponential"),  # no list of schedules
    ],
)
def test_what_cannot_be_is_refused(call, words):
    with pytest.raises(DomainError, match=words):
        call()


def test_an_error_tells_which_call_it_was():
    with pytest.raises(DomainError, match="initial_temperature") as refused:
        at.vectorize(at.Exponential)([[2, 3], [0.5, 4]], 3)
    assert refused.value.__notes__ == ["in the call at index (1, 0) of the arrays"]


def test_an_unknown_attribute_is_refused_and_an_empty_array_has_none():
    schedules = at.vectorize(at.Exponential)([2, 3], 5)
    with pytest.raises(AttributeError, match="initial_temprature"):
        _ = schedules.initial_temprature
    with pytest.raises(AttributeError, match="decay_time"):
        _ = at.vectorize(at.Exponential)([], 5).decay_time
