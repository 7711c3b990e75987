"""What goes into the averages in double precision and what comes out: shapes, types, refusals, symmetries."""

import math
from decimal import Decimal
from fractions import Fraction

import mpmath
import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from anneal_theory.averages import mmse, phi, psi, psi_prime
from anneal_theory.averages.double import TABLE_FROM
from anneal_theory.errors import DomainError
from anneal_theory.problem import BimodalTarget
from tests.exploration import examples

TARGET = BimodalTarget(3, 0.8)
OVERLAP_FUNCTIONS = [psi, psi_prime, phi]


@pytest.mark.parametrize("function", OVERLAP_FUNCTIONS)
@pytest.mark.parametrize("m", [0.1, "0.1", "1/10", Fraction(1, 10), Decimal("0.1"), mpmath.mpf("0.1"), np.float64(0.1)])
def test_every_kind_of_number_gives_the_same_float(function, m):
    value = function(m, TARGET)
    assert type(value) is float
    assert value == pytest.approx(function(0.1, TARGET), rel=4e-16)


@pytest.mark.parametrize("shape", [(0,), (1,), (3, 5), (2, 0), (40, 30), (2, TABLE_FROM)])
@pytest.mark.parametrize("function", [*OVERLAP_FUNCTIONS, mmse])
def test_arrays_keep_their_shape_and_order(function, shape):
    values = np.linspace(0, 9, math.prod(shape)).reshape(shape)
    second = 0.3 if function is mmse else TARGET
    result = function(values, second)
    assert result.shape == shape
    assert result.dtype == np.float64
    for place in [(0,) * len(shape), (-1,) * len(shape)] if result.size else []:
        assert result[place] == pytest.approx(function(float(values[place]), second), rel=2e-14)


@pytest.mark.parametrize("function", [*OVERLAP_FUNCTIONS, mmse])
def test_strided_and_integer_arrays_are_read_as_they_are(function):
    second = 0.3 if function is mmse else TARGET
    values = np.arange(2 * TABLE_FROM)
    strided = values.astype(float)[::2]
    assert np.array_equal(function(values[::2], second), function(np.ascontiguousarray(strided), second))
    assert np.array_equal(function(strided, second), function(strided.copy(), second))
    assert np.array_equal(function([1.0, 2.0], second), function(np.array([1.0, 2.0]), second))


@pytest.mark.slow
@examples(150)
@given(
    share=st.sampled_from([0.0, 1e-320, 1e-9, 0.3, 1.0, 2.1, 38.0]),
    separation=st.floats(-6, 4).map(lambda e: 10.0**e),
    weight=st.one_of(st.just(0.5), st.floats(1e-9, 1 - 1e-9)),
)
@example(share=1.0, separation=1.5, weight=0.5)
@example(share=2.1, separation=math.nextafter(1.5, 0), weight=0.5)
def test_a_number_is_summed_as_the_entry_of_an_array_is(share, separation, weight):
    target = BimodalTarget(separation, weight)
    for m in (share, -share * separation, share * separation**2):
        for function in OVERLAP_FUNCTIONS:
            one, entry = function(m, target), float(function(np.array([m]), target)[0])
            slack = max(1.0, -math.log(entry)) if function is psi_prime and entry else 1.0
            assert type(one) is float
            assert one == pytest.approx(entry, rel=1e-14 * slack, abs=1e-320)
    one, entry = mmse(share * separation, weight), float(mmse(np.array([share * separation]), weight)[0])
    assert one == pytest.approx(entry, rel=1e-14 * max(1.0, -math.log(entry) if entry else 1.0), abs=1e-320)


@pytest.mark.parametrize(
    "bad", [math.nan, math.inf, -math.inf, np.float64("nan"), "x", "1e400", [1.0, math.nan], np.full(999, math.inf)]
)
@pytest.mark.parametrize("function", OVERLAP_FUNCTIONS)
def test_an_overlap_that_is_no_finite_number_is_refused(function, bad):
    with pytest.raises(DomainError, match=r"m must be .*, but was"):
        function(bad, TARGET)


@pytest.mark.parametrize("bad", [math.nan, math.inf, -1e-9, "x", [1.0, -1.0]])
def test_a_distance_that_is_no_length_is_refused(bad):
    with pytest.raises(DomainError, match=r"distance must be .*, but was"):
        mmse(bad)


@pytest.mark.parametrize("bad", [0, 1, 1.5, -0.1, "x", math.nan])
def test_a_weight_outside_of_the_unit_interval_is_refused(bad):
    with pytest.raises(DomainError, match=r"weight must be .*, but was"):
        mmse(1.0, bad)


def test_a_separation_without_a_square_in_doubles_is_refused():
    with pytest.raises(DomainError, match="separation must be at most 1e100"):
        psi(0.0, BimodalTarget("1e200", "0.5"))


@given(m=st.floats(-50, 50), separation=st.floats(0.01, 60), weight=st.floats(0.01, 0.99))
def test_mirror_images_have_opposite_labels(m, separation, weight):
    target = BimodalTarget(separation, weight)
    assert psi(-m, target.reflected) == -psi(m, target)
    assert psi_prime(-m, target.reflected) == psi_prime(m, target)
    assert phi(-m, target.reflected) == phi(m, target)


@given(distance=st.floats(0, 80), weight=st.floats(0.01, 0.99).map(lambda w: Fraction(w).limit_denominator(1000)))
def test_the_overlap_does_not_depend_on_the_order_of_the_components(distance, weight):
    value = mmse(distance, weight)
    assert value == pytest.approx(mmse(distance, 1 - weight), rel=1e-14, abs=1e-320)
    assert 0 <= value <= float(weight * (1 - weight))


@pytest.mark.parametrize("separation", ["1e-300", "1e-9", "0.05", "1e4", "1e60"])
def test_no_size_of_overlap_or_separation_gives_a_warning_or_a_non_number(separation):
    target = BimodalTarget(separation, "0.3")
    m = np.array([0, 5e-324, 1e-300, 1, 1e8, 1e160, 1.7e308])
    for function in OVERLAP_FUNCTIONS:
        assert np.isfinite(function(np.concatenate([-m, m]), target)).all()
        assert np.isfinite(function(np.tile(m, TABLE_FROM), target)).all()
    assert np.all(np.abs(psi(m, target)) <= 1)
    assert np.isfinite(mmse(m)).all()


def test_a_wide_separation_tends_to_the_error_function():
    target = BimodalTarget("1e60", "0.5")
    assert psi(1e60, target) == pytest.approx(math.erf(1 / math.sqrt(2)), rel=1e-15)
    assert phi(0.0, target) == pytest.approx(1e60 * math.sqrt(2 / math.pi), rel=1e-15)
