"""The chance of a random direction at any precision, from the integral over the sphere."""

from fractions import Fraction

import flint
import mpmath as mp
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anneal_theory.errors import DomainError, PrecisionError
from anneal_theory.probability.cap_digits import cap_chance, erf_chance
from anneal_theory.probability.cap_probability import log_cap
from anneal_theory.results import Ball
from tests.exploration import examples

some = examples(60)
QUAD_DIGITS = 20
dims = st.one_of(st.integers(2, 400), st.integers(1, 15).map(lambda k: 10**k + 1))
sizes = st.floats(-6, 2.5)  # log10 of sqrt(d) rho


def real(value):
    return mp.mpf(value.numerator) / value.denominator


def threshold(dim, size):
    return Fraction(10**size / dim**0.5).limit_denominator(10**15) + Fraction(1, 10**16)


def cap_by_quadrature(dim, rho):
    """(P, 1 - P): the cosine c of a direction to an axis has density (1 - c^2)^((d-3)/2); c = tanh v."""
    power = mp.mpf(dim - 1)
    edge, width = mp.asinh(rho), 1 / mp.sqrt(power)

    def density(v):
        return mp.cosh(v) ** -power

    reach = 60 * width + 60 / power
    inside = mp.quad(density, mp.linspace(0, edge, 3 + int(min(40, edge / width))))
    beyond = mp.quad(density, [edge + reach * k / 40 for k in range(41)])
    return inside / (inside + beyond), beyond / (inside + beyond)


@pytest.mark.slow
@some
@given(dims, sizes)
def test_the_cap_and_its_logarithms_meet_the_integral_over_the_sphere(dim, size):
    rho = threshold(dim, min(size, 1.0))
    found = cap_chance(dim, rho=rho, digits=QUAD_DIGITS, certified=True)
    with mp.workdps(QUAD_DIGITS + 15):
        inside, beyond = cap_by_quadrature(dim, real(rho))
        for ball, truth in ((found.value, inside), (found.log_value, mp.log(inside)), (found.log_complement, None)):
            expected = (mp.log(beyond) if beyond < 0.5 else mp.log1p(-inside)) if truth is None else truth
            assert abs(ball.value - expected) <= ball.error + mp.mpf(10) ** -12 * abs(expected)
            assert ball.error <= mp.mpf(10) ** -QUAD_DIGITS * abs(ball.value)


@pytest.mark.slow
@some
@given(dims, sizes)
def test_the_error_function_meets_the_integral_of_the_normal_density(dim, size):
    rho = threshold(dim, min(size, 1.0))
    found = erf_chance(dim, rho=rho, digits=QUAD_DIGITS, certified=True)
    with mp.workdps(QUAD_DIGITS + 10):
        edge = mp.sqrt(dim) * real(rho)
        scale = mp.sqrt(2 / mp.pi)
        inside = scale * mp.quad(lambda z: mp.exp(-z * z / 2), mp.linspace(0, edge, 5))
        beyond = scale * mp.quad(lambda z: mp.exp(-z * z / 2), [edge, edge + 1, edge + 3, edge + 9, edge + 20])
        assert abs(found.value.value - inside) <= found.value.error + mp.mpf(10) ** -15 * inside
        logarithm = mp.log(beyond)
        assert abs(found.log_complement.value - logarithm) <= mp.mpf(10) ** -12 * max(1, abs(logarithm))


@some
@given(dims, sizes, st.integers(1, 50), st.sampled_from([cap_chance, erf_chance]))
def test_digits_are_right_to_twice_as_many_and_nested_balls_meet(dim, size, digits, chance):
    rho = threshold(dim, size)
    value = chance(dim, rho=rho, digits=digits)
    coarse = chance(dim, rho=rho, digits=digits, certified=True)
    fine = chance(dim, rho=rho, digits=2 * digits, certified=True)
    with mp.workdps(3 * digits + 30):
        for name in ("value", "log_value", "log_complement"):
            rough, narrow, number = getattr(coarse, name), getattr(fine, name), getattr(value, name)
            assert abs(number - narrow.value) <= mp.mpf(10) ** -digits * abs(narrow.value)
            assert abs(rough.value - narrow.value) <= rough.error + narrow.error
            assert rough.error <= mp.mpf(10) ** -digits * abs(rough.value)


@some
@given(dims, sizes, st.floats(1e-12, 1e-2), st.sampled_from([cap_chance, erf_chance]))
def test_a_ball_of_thresholds_gives_all_their_chances(dim, size, width, chance):
    rho = threshold(dim, size)
    with mp.workdps(40):
        middle, radius = real(rho), real(rho) * mp.mpf(width)
        hull = chance(dim, rho=Ball(middle, radius))
        for place in (-1, 0.2, 1):
            value = chance(dim, rho=middle + place * radius, digits=30)
            for name in ("value", "log_value", "log_complement"):
                ball, number = getattr(hull, name), getattr(value, name)
                assert abs(number - ball.value) <= ball.error * (1 + mp.mpf(10) ** -6)


@pytest.mark.parametrize("dim", [2, 128, 10**12])
@pytest.mark.parametrize("chance", [cap_chance, erf_chance])
def test_a_probability_of_ten_to_the_minus_a_million_has_its_digits(dim, chance):
    found = chance(dim, rho="1e-1000000", digits=50)
    with mp.workdps(70):
        rho, d = mp.mpf("1e-1000000"), mp.mpf(dim)
        beta = mp.sqrt(mp.pi) * mp.exp(mp.loggamma((d - 1) / 2) - mp.loggamma(d / 2))
        slope = 2 / beta if chance is cap_chance else mp.sqrt(2 * d / mp.pi)
        assert abs(found.value / (slope * rho) - 1) < mp.mpf(10) ** -49
        assert abs(found.log_value / (mp.log(slope) + mp.log(rho)) - 1) < mp.mpf(10) ** -49
        assert abs(found.log_complement / (-slope * rho) - 1) < mp.mpf(10) ** -49


def test_two_dimensions_have_the_arctangent():
    for rho in ("0.1", "1", "1e6"):
        with mp.workdps(50):
            expected = 2 / mp.pi * mp.atan(mp.mpf(rho))
            assert abs(cap_chance(2, rho=rho, digits=40).value - expected) < mp.mpf(10) ** -40


def test_three_dimensions_have_the_cosine():
    with mp.workdps(50):
        rho = mp.mpf(3) / 7
        expected = rho / mp.sqrt(1 + rho**2)
        assert abs(cap_chance(3, rho="3/7", digits=40).value - expected) < mp.mpf(10) ** -40


def test_huge_dimensions_have_digits_too():
    near = cap_chance(10**300, rho="1e-150", digits=30), erf_chance(10**300, rho="1e-150", digits=30)
    assert abs(near[0].value - near[1].value) < 1e-29
    far = cap_chance(10**12, rho=1, digits=20).log_complement
    # int_1^inf (1 + r^2)^(-d/2) dr ~ 2^(-d/2)/(d/2) over sqrt(2 pi/d)/2
    expected = -0.5e12 * mp.log(2) - mp.log(0.5e12) + mp.log(2 * mp.sqrt(1e12 / (2 * mp.pi)))
    assert abs(far - expected) < 1e-3


def test_doubles_agree_with_digits():

    for dim in (2, 8, 128, 10**6):
        for log_rho in (-40.0, -5.0, -1.0, 0.5):
            inside, beyond = log_cap(np.array([log_rho]), dim)
            found = cap_chance(dim, log_rho=log_rho, digits=20)
            assert inside[0] == pytest.approx(float(found.log_value), rel=1e-12)
            assert beyond[0] == pytest.approx(float(found.log_complement), rel=1e-12)


def test_a_threshold_is_given_once_and_positive():
    for arguments in ({}, {"rho": 1, "log_rho": 0}, {"rho": 0}, {"rho": Ball(mp.mpf(1), mp.mpf(1))}):
        with pytest.raises(DomainError, match="rho must be"):
            cap_chance(8, **arguments)


def test_a_ball_too_wide_for_the_digits_says_how_many_were_reached_and_leaves_the_precision():
    before = flint.ctx.prec
    with pytest.raises(PrecisionError, match="40 digits were asked for and"):
        cap_chance(8, rho=Ball(mp.mpf(1), mp.mpf(10) ** -20), digits=40)
    assert flint.ctx.prec == before


@pytest.mark.parametrize("dim", [10**9, 10**155, 10**300])
@pytest.mark.parametrize("log_rho", [-0.5, 1.0])
def test_the_chance_beyond_keeps_its_logarithm_in_doubles_in_every_dimension(dim, log_rho):
    beyond = float(log_cap(np.array([log_rho]), dim)[1][0])
    proven = cap_chance(dim, log_rho=log_rho, digits=20).log_complement
    assert abs(beyond - proven) <= 1e-12 * abs(proven)
