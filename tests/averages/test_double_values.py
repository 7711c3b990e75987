"""The averages in double precision against rigorous integrals of their definitions, over the whole domain."""

import math
from fractions import Fraction

import mpmath
import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from anneal_theory.averages import mmse, phi, psi, psi_prime
from anneal_theory.problem import BimodalTarget
from tests.exploration import examples
from tests.oracles import averages_by_integral as oracle

EPS = 2.0**-52
BOUND = 1e-13  # the stated relative error; the roundings of the sums take about 1e-15
DIGITS = 18  # of the oracle
DENORMAL = 5e-324

separations = st.floats(-2, 2).map(lambda e: Fraction(10**e).limit_denominator(10**6))
weights = st.one_of(
    st.sampled_from([Fraction(1, 2), Fraction(1, 10**6), 1 - Fraction(1, 10**6)]),
    st.floats(1e-6, 1 - 1e-6).map(lambda w: Fraction(w).limit_denominator(10**9)),
)


@st.composite
def places(draw):
    """(m, target): m of the order of 1, R, R^2, tiny, where psi' underflows, or up to 10^6."""
    radius = draw(separations)
    target = BimodalTarget(radius, draw(weights))
    scales = {"one": 4, "body": 5 * radius, "square": 5 * radius**2, "tiny": 1e-9, "deep": 38.6 * radius, "far": 1e6}
    m = draw(st.floats(-1, 1)) * float(scales[draw(st.sampled_from(sorted(scales)))])
    return m, target


distances = st.one_of(st.floats(0, 60), st.floats(60, 80), st.floats(-9, 0).map(lambda e: 10**e))


def number(ball):
    """The midpoint of an oracle's ball, which must be known well enough to judge."""
    assert ball.rel_accuracy_bits() > 45 or abs(ball) < 1e-400
    middle = ball.mid().man_exp()
    return mpmath.mpf((int(middle[0]), int(middle[1])))


def assert_close(value, truth, log_allowance=True):
    """Relative error below 1e-13 max(1, |log value|), and half a unit of the denormals."""
    size = abs(truth)
    slack = max(1, abs(mpmath.log(size))) if log_allowance and size else 1
    assert abs(mpmath.mpf(value) - truth) <= BOUND * slack * size + DENORMAL


def parameters(m, target):
    return Fraction(m), target.exact_separation, target.exact_weight


@pytest.mark.slow
@examples(150)
@given(place=places())
@example(place=(0.0, BimodalTarget("0.01", "0.5")))
@example(place=(1e-300, BimodalTarget(3, "0.5")))
@example(place=(3.518150677517e-312, BimodalTarget("1039681/328776", "0.5")))
@example(place=(-1e6, BimodalTarget(100, "0.3")))
def test_psi_is_the_mean_of_tanh(place):
    m, target = place
    truth = number(oracle.arb_psi(*parameters(m, target), DIGITS)) if m or target.half_log_odds else mpmath.mpf(0)
    floor = psi_prime(m, target) * EPS * abs(m)
    assert abs(psi(m, target) - truth) <= BOUND * max(abs(truth), floor) + DENORMAL


@pytest.mark.slow
@examples(150)
@given(place=places())
@example(place=(0.0, BimodalTarget(3, "0.5")))
@example(place=(2 * 1.5**2, BimodalTarget("1.5", "0.5")))
@example(place=(2 * 7.0**2, BimodalTarget(7, "0.5")))
@example(place=(-1e6, BimodalTarget("0.01", "0.3")))
def test_psi_prime_is_the_mean_of_the_squared_sech(place):
    m, target = place
    value = psi_prime(m, target)
    if abs(m + target.half_log_odds) > 38.7 * target.separation + 375:
        # sech^2 u <= 4 exp(-2|u|) bounds both shares: |Rz| up to half of |a|, and beyond
        a = abs(m + target.half_log_odds)
        assert value <= 4 * math.exp(-a) + math.erfc(a / 2 / target.separation / math.sqrt(2))
        return
    assert_close(value, number(oracle.arb_psi_prime(*parameters(m, target), DIGITS)))


@pytest.mark.slow
@examples(150)
@given(place=places())
@example(place=(0.0, BimodalTarget("0.01", "0.5")))
@example(place=(0.02, BimodalTarget("0.01", "0.5")))
@example(place=(-1e6, BimodalTarget(100, "0.3")))
def test_phi_is_the_mean_of_log_cosh(place):
    m, target = place
    assert_close(phi(m, target), number(oracle.arb_phi(*parameters(m, target), DIGITS)), log_allowance=False)


@pytest.mark.slow
@examples(150)
@given(distance=distances, weight=weights)
@example(distance=0.0, weight=Fraction(1, 3))
@example(distance=3.0, weight=Fraction(1, 2))
@example(distance=77.0, weight=Fraction(1, 2))
def test_mmse_is_the_mean_error_of_the_label(distance, weight):
    assert_close(mmse(distance, weight), number(oracle.arb_mmse(Fraction(distance), weight, DIGITS)))


@pytest.mark.slow
@examples(100)
@given(radius=separations, weight=weights, ulps=st.integers(-1000, 1000))
def test_psi_keeps_its_relative_accuracy_beside_its_zero(radius, weight, ulps):
    target = BimodalTarget(radius, weight)
    m = -target.half_log_odds + ulps * EPS * abs(target.half_log_odds)
    if weight == Fraction(1, 2):
        assert psi(m, target) == 0
        return
    truth = number(oracle.arb_psi(*parameters(m, target), 40))
    assert abs(psi(m, target) - truth) <= BOUND * max(abs(truth), psi_prime(m, target) * EPS * abs(m))


def test_an_exact_overlap_beside_the_zero_counts_with_all_its_digits():
    target = BimodalTarget(3, "0.8")
    near = Fraction("-0.693147180559945309417232")  # 1.2e-25 above -log 2
    truth = number(oracle.arb_psi(near, Fraction(3), Fraction(4, 5), 60))
    assert abs(psi(str(near), target) / truth - 1) < 1e-6  # h itself is kept to 32 digits


@pytest.mark.slow
@examples(60)
@given(
    radius=st.sampled_from(["1e-6", "0.003", "150", "200"]),
    weight=st.sampled_from(["1e-9", "0.999999999", "0.5"]),
    share=st.floats(-1, 1),
)
def test_legal_extremes_are_right_too(radius, weight, share):
    target = BimodalTarget(radius, weight)
    m = share * 5 * (1 + target.separation)
    place = parameters(m, target)
    assert_close(psi_prime(m, target), number(oracle.arb_psi_prime(*place, DIGITS)))
    assert_close(phi(m, target), number(oracle.arb_phi(*place, DIGITS)), log_allowance=False)
    assert_close(mmse(abs(m) / 2, weight), number(oracle.arb_mmse(Fraction(abs(m) / 2), Fraction(weight), DIGITS)))
    truth = number(oracle.arb_psi(*place, DIGITS))
    assert abs(psi(m, target) - truth) <= BOUND * abs(truth) + DENORMAL


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("psi", (Fraction(-3), Fraction(5, 2), Fraction(3, 5))),
        ("psi_prime", (Fraction(17), Fraction(3), Fraction(4, 5))),
        ("psi_prime", (Fraction(800), Fraction(30), Fraction(4, 5))),
        ("phi", (Fraction(1, 100), Fraction(1, 50), Fraction(1, 2))),
    ],
)
def test_two_quadratures_of_the_oracle_agree(name, place):
    integral = number(getattr(oracle, f"arb_{name}")(*place, DIGITS))
    assert abs(oracle.quad_average(name, *place, 16) / integral - 1) < 1e-15


def test_reference_digits_come_out():
    assert psi(0, BimodalTarget(3, 0.8)) == pytest.approx(0.175202104520091681, rel=4e-16)
    assert psi(-3, BimodalTarget(2.5, 0.6)) == pytest.approx(-0.707710436288268398, rel=4e-16)
    assert mmse(1.3, 0.5) == pytest.approx(0.172696117552238840, rel=4e-16)
    assert 9 * psi_prime(0, BimodalTarget(3, 0.8)) == pytest.approx(2.237881209698912891, rel=4e-16)
    kappa = 9 * psi_prime("8.981355632864873633", BimodalTarget(3, 0.8))
    assert kappa == pytest.approx(0.01978001076914032750, rel=2e-15)


def test_the_tail_reaches_down_to_the_smallest_denormal():
    target = BimodalTarget("0.5", "0.5")
    m = np.arange(350.0, 380.0, 0.25)
    values = psi_prime(m, target)
    truth = [mpmath.mpf(4) * mpmath.exp(mpmath.mpf("0.5") - 2 * mpmath.mpf(x)) for x in m]  # the rest is e^-700 of it
    errors = [abs(mpmath.mpf(v) - t) - BOUND * 700 * t for v, t in zip(values.tolist(), truth, strict=True)]
    assert max(errors) <= DENORMAL
    assert 0 < values[values > 0].min() <= 3 * DENORMAL
    assert values[-1] == 0
