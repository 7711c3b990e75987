"""Values at many digits: published ones, exact ones, hard ones, and the pure-Python path."""

import os
import subprocess
import sys
from fractions import Fraction
from functools import partial

import mpmath
import pytest

from anneal_theory import averages
from anneal_theory.averages import ball, multiprecision
from anneal_theory.errors import DomainError
from anneal_theory.problem import BimodalTarget

# theory section 10; psi(-3) by mpmath.quad at 70 digits, since the figure there is wrong from its 31st digit on
PUBLISHED = [
    ("psi", 0, BimodalTarget(3, 0.8), "0.175202104520091681393665687871760480307252682"),
    ("psi", -3, BimodalTarget(2.5, 0.6), "-0.707710436288268398059389624894882310420125816555"),
    ("mmse", 1.3, 0.5, "0.172696117552238840304368129045970989315435082"),
]


@pytest.mark.parametrize("certified", [False, True])
@pytest.mark.parametrize(("name", "first", "second", "text"), PUBLISHED)
def test_published_digits_come_out(name, first, second, text, certified):
    digits = len(text.strip("-0."))
    result = getattr(averages, name)(first, second, digits=digits, certified=certified)
    value = result.value if certified else result
    with mpmath.workdps(digits + 10):
        assert abs(value - mpmath.mpf(text)) <= mpmath.mpf(10) ** -(digits - 1)


def test_kappa_at_zero_overlap_has_its_published_digits():
    with mpmath.workdps(40):
        kappa = 9 * ball.psi_prime(0, BimodalTarget(3, 0.8), 30).value
        assert abs(kappa - mpmath.mpf("2.237881209698912891108458")) < mpmath.mpf(10) ** -24


@pytest.mark.parametrize("digits", [100, 400, 1000])
@pytest.mark.parametrize("separation", ["0.05", "3", "40"])
@pytest.mark.parametrize("name", ["psi", "psi_prime", "phi"])
def test_many_digits_agree_with_twice_as_many(name, separation, digits):
    target = BimodalTarget(separation, "0.7")
    coarse, fine = (getattr(ball, name)("-1.25", target, count) for count in (digits, 2 * digits))
    with mpmath.workdps(2 * digits + 20):
        assert abs(coarse.value - fine.value) <= coarse.error + fine.error
        assert coarse.error <= mpmath.mpf(10) ** -digits * abs(coarse.value)
    if digits < 1000:
        value = getattr(multiprecision, name)("-1.25", target, digits)
        with mpmath.workdps(2 * digits + 20):
            assert abs(value - fine.value) <= mpmath.mpf(10) ** -digits * abs(fine.value)


@pytest.mark.parametrize("digits", [1, 15, 300])
def test_psi_is_exactly_zero_where_m_plus_h_is(digits):
    target = BimodalTarget("7/3", "1/2")
    assert multiprecision.psi(0, target, digits) == 0
    result = ball.psi(0, target, digits)
    assert (result.value, result.error) == (0, 0)


@pytest.mark.parametrize("evaluate_at", [ball.psi, multiprecision.psi])
def test_psi_next_to_its_zero_has_relative_digits(evaluate_at):
    # psi(m) = psi'(0) a for a tiny a = m + h; here a is about 1e-61
    target = BimodalTarget(2, Fraction(4, 5))
    with mpmath.workdps(140):
        a = mpmath.mpf(10) ** -61
        m = Fraction(int(mpmath.floor(-mpmath.log(2) * 10**120)), 10**120) + Fraction(1, 10**61)
        found = evaluate_at(m, target, 20)
        value = getattr(found, "value", found)
        slope = ball.psi_prime(m, target, 40).value
        # |psi''| <= 1, and m misses -h + a by less than 1e-120
        assert abs(value / (slope * a) - 1) < mpmath.mpf(10) ** -19


def test_far_tail_of_psi_prime_keeps_its_relative_digits():
    # psi' = 4 e^(-2a + 2R^2) (1 + tiny) for a >> R^2
    result = ball.psi_prime(10**6, BimodalTarget(3, 0.5), 25)
    with mpmath.workdps(60):
        assert abs(result.value / (4 * mpmath.exp(-2 * 10**6 + 18)) - 1) < mpmath.mpf(10) ** -25


def test_mmse_at_zero_distance_is_the_label_variance_and_is_symmetric_in_the_weight():
    assert ball.mmse(0, "1/4", digits=10).value == 0.1875
    assert ball.mmse("2.5", "1/8", digits=40).value == ball.mmse("2.5", "7/8", digits=40).value


def test_a_float_counts_as_its_shortest_decimal():
    assert ball.psi(0.1, BimodalTarget(3, 0.8), 40).value == ball.psi("1/10", BimodalTarget("3", "4/5"), 40).value


@pytest.mark.parametrize("module", [ball, multiprecision])
@pytest.mark.parametrize(
    ("name", "arguments", "message"),
    [
        ("psi", ("1e13", BimodalTarget(3, 0.8), 5), "m must be at most"),
        ("psi", (float("nan"), BimodalTarget(3, 0.8), 5), "m must be a finite number"),
        ("phi", (0, BimodalTarget(10**7, 0.8), 5), "separation must be at most"),
        ("psi_prime", ("8.1e11", BimodalTarget("9e5", 0.8), 5), "separation must be small enough"),
        ("mmse", (-1,), "distance must be zero or positive"),
        ("mmse", (1, 1.5), "weight must be strictly between 0 and 1"),
    ],
)
def test_arguments_out_of_the_domain_are_refused(module, name, arguments, message):
    call = partial(module.mmse, digits=5) if name == "mmse" else getattr(module, name)
    with pytest.raises(DomainError, match=message):
        call(*arguments)


def test_values_without_gmpy2_have_their_digits():
    code = (
        "import mpmath\n"
        "from anneal_theory.averages import ball, multiprecision as mp\n"
        "from anneal_theory.problem import BimodalTarget\n"
        "assert mpmath.libmp.BACKEND == 'python'\n"
        "t = BimodalTarget(3, 0.8)\n"
        "for f in ('psi', 'psi_prime', 'phi'):\n"
        "    print(mpmath.nstr(getattr(mp, f)(0, t, 60), 60), mpmath.nstr(getattr(ball, f)(0, t, 60).value, 60))\n"
        "print(mpmath.nstr(mp.mmse(1.3, digits=45), 45), '0.172696117552238840304368129045970989315435082')\n"
    )
    environment = dict(os.environ, MPMATH_NOGMPY="1")
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment, check=True)
    pairs = [line.split() for line in done.stdout.splitlines()]
    assert len(pairs) == 4
    assert all(first == second for first, second in pairs)
    assert pairs[0][0].startswith("0.175202104520091681393665687871760480307252682")
