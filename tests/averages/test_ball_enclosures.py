"""Balls against the definitions: rigorous integration and plain quadrature, over the whole domain."""

import flint
import mpmath
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anneal_theory.averages import ball, multiprecision
from anneal_theory.problem import BimodalTarget
from tests.averages.places import distances, places, small_digits
from tests.exploration import examples
from tests.oracles import averages_by_integral as oracle

many = examples(150)
some = examples(30)


def as_arb(result):
    with oracle.arb_bits(400):
        parts = []
        for sign, mantissa, exponent, _ in (result.value._mpf_, result.error._mpf_):
            parts.append((-1) ** sign * flint.arb(flint.fmpz(int(mantissa))) * flint.arb(2) ** int(exponent))
        return flint.arb(parts[0], parts[1])


def assert_encloses(result, truth, digits):
    """The ball meets the oracle's ball, and is as narrow as promised."""
    assert as_arb(result).overlaps(truth)
    assert truth.rel_accuracy_bits() > 3.33 * digits + 4 or truth.is_zero(), "the oracle is too wide to judge"
    assert result.error <= mpmath.mpf(10) ** -digits * abs(result.value)


def assert_meets(result, quadrature, digits, error):
    """The ball lies within `error` of a number that is right to `error`."""
    assert abs(result.value - quadrature) <= result.error + error
    assert result.error <= mpmath.mpf(10) ** -digits * abs(result.value)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["psi", "psi_prime", "phi"])
@many
@given(place=places(), digits=small_digits)
def test_a_ball_meets_the_rigorous_integral_of_the_definition(name, place, digits):
    m, target = place
    truth = getattr(oracle, f"arb_{name}")(m, target.exact_separation, target.exact_weight, digits + 5)
    assert_encloses(getattr(ball, name)(m, target, digits), truth, digits)


@pytest.mark.slow
@many
@given(place=distances(), digits=small_digits)
def test_mmse_ball_meets_the_rigorous_integral_of_the_label_variance(place, digits):
    distance, weight = place
    assert_encloses(ball.mmse(distance, weight, digits=digits), oracle.arb_mmse(distance, weight, digits + 5), digits)


# mpmath.quad at 20 digits; near psi = 0 it is only absolutely accurate.
QUAD_DIGITS = 12


@pytest.mark.slow
@some
@given(place=places(), digits=st.integers(1, QUAD_DIGITS))
@pytest.mark.parametrize("name", ["psi", "psi_prime", "phi"])
def test_ball_meets_mpmath_quadrature_of_the_definition(name, place, digits):
    m, target = place
    quadrature = oracle.quad_average(name, m, target.exact_separation, target.exact_weight, QUAD_DIGITS)
    error = mpmath.mpf(10) ** -QUAD_DIGITS * (abs(quadrature) if name == "psi_prime" else max(1, abs(quadrature)))
    assert_meets(getattr(ball, name)(m, target, digits), quadrature, digits, error)


@pytest.mark.slow
@some
@given(place=distances(), digits=st.integers(1, QUAD_DIGITS))
def test_mmse_ball_meets_mpmath_quadrature_of_the_label_variance(place, digits):
    distance, weight = place
    quadrature = oracle.quad_mmse(distance, weight, QUAD_DIGITS)
    error = mpmath.mpf(10) ** -QUAD_DIGITS * quadrature
    assert_meets(ball.mmse(distance, weight, digits=digits), quadrature, digits, error)


@examples(100)
@given(place=places(), digits=small_digits)
@pytest.mark.parametrize("name", ["psi", "psi_prime", "phi"])
def test_balls_of_nested_precision_intersect_and_the_value_has_its_digits(name, place, digits):
    m, target = place
    coarse, fine = getattr(ball, name)(m, target, digits), getattr(ball, name)(m, target, 2 * digits)
    assert as_arb(coarse).overlaps(as_arb(fine))
    with mpmath.workdps(3 * digits + 10):
        assert abs(coarse.value - fine.value) <= mpmath.mpf(10) ** -digits * abs(fine.value)


@examples(100)
@given(place=places(), digits=small_digits)
@pytest.mark.parametrize("name", ["psi", "psi_prime", "phi"])
def test_mpmath_value_has_the_digits_that_the_ball_of_twice_the_digits_proves(name, place, digits):
    m, target = place
    value, proof = getattr(multiprecision, name)(m, target, digits), getattr(ball, name)(m, target, 2 * digits)
    with mpmath.workdps(3 * digits + 10):
        assert abs(value - proof.value) <= mpmath.mpf(10) ** -digits * abs(proof.value) + proof.error


@examples(100)
@given(place=distances(), digits=small_digits)
def test_mpmath_mmse_has_the_digits_that_the_ball_of_twice_the_digits_proves(place, digits):
    distance, weight = place
    value, proof = multiprecision.mmse(distance, weight, digits=digits), ball.mmse(distance, weight, digits=2 * digits)
    with mpmath.workdps(3 * digits + 10):
        assert abs(value - proof.value) <= mpmath.mpf(10) ** -digits * abs(proof.value) + proof.error


@given(place=places(), digits=small_digits)
def test_psi_is_odd_and_the_others_even_under_the_mirror_image(place, digits):
    m, target = place
    mirror = BimodalTarget(target.exact_separation, 1 - target.exact_weight)
    assert ball.psi(m, target, digits).value + ball.psi(-m, mirror, digits).value == 0
    assert ball.phi(m, target, digits).value == ball.phi(-m, mirror, digits).value
    assert ball.psi_prime(m, target, digits).value == ball.psi_prime(-m, mirror, digits).value
