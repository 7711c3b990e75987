"""Every number given to the package stands for one rational."""

import ast
import time
from decimal import Decimal
from fractions import Fraction

import mpmath as mp
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anneal_theory.errors import DomainError
from anneal_theory.exact import exact, has_complement, show, spell


@pytest.mark.parametrize(
    ("value", "rational"),
    [
        (3, Fraction(3)),
        (0.8, Fraction(4, 5)),
        (1e-9, Fraction(1, 10**9)),
        ("0.1", Fraction(1, 10)),
        (" 2/7 ", Fraction(2, 7)),
        ("1e-3", Fraction(1, 1000)),
        (Fraction(1, 3), Fraction(1, 3)),
        (Decimal("0.30"), Fraction(3, 10)),
        (np.float64(0.1), Fraction(1, 10)),
        (np.float32(0.1), Fraction(1, 10)),
        (np.int64(-5), Fraction(-5)),
        (mp.mpf("0.5"), Fraction(1, 2)),
        (mp.mpf(-3), Fraction(-3)),
        (-0.0, Fraction(0)),
    ],
)
def test_numbers_stand_for_their_shortest_spelling(value, rational):
    assert exact(value) == rational


@given(st.floats(allow_nan=False, allow_infinity=False, max_value=8e307, min_value=-8e307))
def test_a_double_comes_back_from_its_rational(value):
    assert float(exact(value)) == value


def test_an_mpf_counts_with_all_its_bits():
    with mp.workdps(60):
        third = mp.mpf(1) / 3
    error = abs(exact(third) - Fraction(1, 3))
    assert 0 < error < Fraction(1, 10**60)


@given(st.fractions())
def test_a_rational_comes_back_from_how_it_is_shown(value):
    assert exact(show(value)) == value


def test_a_rational_with_thousands_of_digits_is_kept_and_shown_with_all_of_them():
    value = exact("0." + "3" * 5000)
    assert 0 < Fraction(1, 3) - value < Fraction(1, 10**5000)
    assert exact(show(value)) == value


@given(st.fractions() | st.decimals(allow_nan=False, allow_infinity=False, places=40).map(Fraction))
def test_a_rational_comes_back_from_its_source(value):
    assert exact(ast.literal_eval(spell(value))) == value


@pytest.mark.parametrize(
    "value",
    ["", "abc", "1/0", "1/", "nan", "inf", float("nan"), float("-inf"), np.inf, Decimal("nan"), mp.inf, mp.nan, True,
     np.False_, "1e999999999", "1e-999999999"],
)  # fmt: skip
def test_what_is_no_finite_number_is_refused_by_name(value):
    with pytest.raises(DomainError, match=r"^weight must be a finite number \(int, float, .*\), but was .*; .*\.$"):
        exact(value, "weight")


@pytest.mark.parametrize("value", [10**400, "-1e400", Decimal("1e5000"), Fraction(10) ** 309, mp.mpf("1e400")])
def test_numbers_that_no_double_can_hold_are_refused(value):
    with pytest.raises(DomainError, match=r"^separation must be at most 2\^1023 .* bits'; use other units\.$"):
        exact(value, "separation")


def test_an_integer_too_long_to_be_spelled_out_is_refused_all_the_same():
    with pytest.raises(DomainError, match="at most 2\\^1023"):
        exact(10**6000)


@pytest.mark.parametrize("value", ["1e100000000000", "1e-100000000000", mp.mpf("1e-1000000000")])
def test_absurd_exponents_are_refused_at_once(value):
    start = time.perf_counter()
    with pytest.raises(DomainError):
        exact(value)
    assert time.perf_counter() - start < 1


def test_a_share_needs_a_complement_that_a_double_can_tell_from_one():
    assert has_complement(Fraction(1, 10**15))
    assert has_complement(1 - Fraction(1, 10**15))
    assert not has_complement(Fraction(1, 10**17))
    assert not has_complement(1 - Fraction(1, 10**17))
    assert not has_complement(Fraction(0))
    assert not has_complement(Fraction(3, 2))
