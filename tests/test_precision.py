"""Local precision: nothing global changes, threads do not meet, digits are checked."""

import threading
from fractions import Fraction

import flint
import mpmath
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anneal_theory.averages import ball, multiprecision
from anneal_theory.digits import checked_digits
from anneal_theory.errors import DomainError
from anneal_theory.precision import (
    bits_of,
    flint_precision,
    mpmath_precision,
    rounded,
    to_ball,
    to_mpf,
)
from anneal_theory.problem import BimodalTarget

TARGET = BimodalTarget(3, 0.8)


@pytest.mark.parametrize("context", [flint_precision, mpmath_precision])
def test_precision_is_restored_when_an_exception_leaves_the_context(context):
    before = (flint.ctx.prec, mpmath.mp.prec)
    with pytest.raises(KeyError), context(777):
        raise KeyError
    assert (flint.ctx.prec, mpmath.mp.prec) == before


def test_contexts_nest_and_each_gives_the_outer_precision_back():
    with flint_precision(100):
        with flint_precision(900):
            assert flint.ctx.prec == 900
        assert flint.ctx.prec == 100
    with mpmath_precision(100) as outer:
        with mpmath_precision(900) as inner:
            long = inner.pi
        short = outer.pi
    assert long._mpf_[3] > 890
    assert short._mpf_[3] <= 100


def test_precision_is_restored_when_a_value_is_refused():
    before = (flint.ctx.prec, mpmath.mp.prec)
    for module in (ball, multiprecision):
        with pytest.raises(DomainError):
            module.phi("1e13", TARGET, 50)
    assert (flint.ctx.prec, mpmath.mp.prec) == before


@pytest.mark.parametrize("module", [ball, multiprecision])
def test_threads_at_different_precisions_give_what_one_thread_gives(module):
    jobs = [(digits, m) for digits in (20, 130, 61, 250) for m in ("0", "1.3", "-2")]
    alone = {job: repr(module.psi(job[1], TARGET, job[0])) for job in jobs}
    together: dict[tuple[int, int, str], str] = {}

    def work(number):
        order = jobs[number:] + jobs[:number]
        for digits, m in order:
            together[number, digits, m] = repr(module.psi(m, TARGET, digits))

    threads = [threading.Thread(target=work, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(together) == 6 * len(jobs)
    assert all(value == alone[digits, m] for (_, digits, m), value in together.items())


@pytest.mark.parametrize("digits", [0, -3, 2.0, "10", None, True, 10**6 + 1])
def test_digits_that_are_no_count_from_one_to_a_million_are_refused(digits):
    with pytest.raises(DomainError, match="digits must be an integer from 1 to 1000000"):
        checked_digits(digits)


@pytest.mark.parametrize("digits", [10**400, 10**5000], ids=["no double", "no text"])
def test_a_number_of_digits_that_is_no_double_or_no_text_is_refused_too(digits):
    with pytest.raises(DomainError, match=r"^digits must be an integer .*; so many digits are out of reach; ask for"):
        checked_digits(digits)


def test_too_many_digits_are_refused_with_what_they_would_cost():
    with pytest.raises(DomainError, match=r"20000000 digits would take about .* hours for a value of psi"):
        ball.psi(0, TARGET, 20_000_000)


@given(numerator=st.integers(-(10**40), 10**40), denominator=st.integers(1, 10**40), digits=st.integers(1, 60))
def test_ball_of_a_rational_contains_it_after_rounding(numerator, denominator, digits):
    truth = Fraction(numerator, denominator)
    with flint_precision(300) as arithmetic:
        result = to_ball(arithmetic.rational(truth), digits)
    middle, radius = (
        Fraction(int((-1) ** x[0] * x[1])) * Fraction(2) ** x[2] for x in (result.value._mpf_, result.error._mpf_)
    )
    assert abs(middle - truth) <= radius <= abs(truth) / 10**digits
    assert result.value._mpf_[3] <= bits_of(digits) + 8


def test_rounded_and_to_mpf_give_ordinary_numbers_whatever_the_global_precision():
    with mpmath_precision(400) as arithmetic:
        third = arithmetic.rational(Fraction(1, 3))
    assert isinstance(to_mpf(third), mpmath.mpf)
    assert to_mpf(third)._mpf_ == third._mpf_
    with mpmath.workdps(60):
        assert abs(rounded(third, 40) - mpmath.mpf(1) / 3) < mpmath.mpf(10) ** -40
