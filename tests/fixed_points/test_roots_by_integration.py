"""Proven constants against the equations they solve, at random targets, with integrals for the averages."""

import math
from fractions import Fraction

import flint
import mpmath
import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from anneal_theory.errors import NoCollapsedState
from anneal_theory.fixed_points import collapsed_state, critical_separation, critical_temperature, hot_separation
from anneal_theory.fixed_points.critical import _fold_at_one
from anneal_theory.fixed_points.landscape import landscape_of
from anneal_theory.fixed_points.roots import separation_balls
from anneal_theory.problem import BimodalTarget
from tests.exploration import examples
from tests.oracles import averages_by_integral as oracle

DIGITS, MORE, DOUBLE_DIGITS = 12, 18, 17
ROUNDING = 1e-12  # of sums of order one; the constants themselves are right to 1e-12
many = examples(150)
weights = st.one_of(
    st.just(Fraction(1, 2)), st.floats(0.5, 1 - 1e-6).map(lambda w: Fraction(w).limit_denominator(10**7))
)


def separations(low, high):
    return st.floats(low, high).map(lambda r: Fraction(10**r).limit_denominator(10**6))


def rational(x):
    """The exact value of an mpf."""
    sign, mantissa, exponent, _ = x._mpf_
    return (-1) ** sign * Fraction(int(mantissa)) * Fraction(2) ** int(exponent)


def arb(x):
    return flint.arb(flint.fmpq(x.numerator, x.denominator))


def residual(m, separation, weight):
    """-m + R^2 E tanh, as a ball; R^2 takes digits away."""
    with oracle.arb_bits(200):
        return arb(separation**2) * oracle.arb_psi(m, separation, weight, MORE + 4) - arb(m)


def changes_sign(low, high):
    return (low > 0 and high < 0) or (low < 0 and high > 0)


@pytest.mark.slow
@many
@given(separation=separations(-1.5, 1.3), weight=weights)
def test_f_changes_sign_across_the_ball_of_the_collapsed_state(separation, weight):
    target = BimodalTarget(separation, weight)
    star = collapsed_state(target, digits=DIGITS, certified=True).overlap
    assert star.error <= mpmath.mpf(10) ** -DIGITS * abs(star.value)
    if star.value == 0:  # the one zero of f, where its slope is negative
        assert weight == Fraction(1, 2)
        with oracle.arb_bits(200):
            assert arb(separation**2) * oracle.arb_psi_prime(Fraction(0), separation, weight, MORE) < 1
        return
    # five widths: two numbers closer than the oracle can tell apart are not a change of sign
    middle, width = rational(star.value), 5 * rational(star.error)
    assert changes_sign(*(residual(middle + side * width, separation, weight) for side in (-1, 1)))


@pytest.mark.slow
@many
@given(separation=separations(-1.5, 1.3), weight=weights)
def test_the_escape_rate_is_the_mean_of_the_squared_secant_at_the_collapsed_state(separation, weight):
    state = collapsed_state(BimodalTarget(separation, weight), digits=DIGITS, certified=True)
    middle, width = rational(state.overlap.value), rational(state.overlap.error)
    with oracle.arb_bits(200):
        rate = arb(separation**2) * oracle.arb_psi_prime(middle, separation, weight, MORE)
        # |d log psi'/dm| <= 2, so over the ball of s* it moves by less than three widths
        rate *= 1 + flint.arb(0, 3 * arb(width))
        found = flint.arb(arb(rational(state.escape_rate.value)), arb(rational(state.escape_rate.error)))
        assert found.overlaps(rate)
    assert state.escape_rate.error <= mpmath.mpf(10) ** -DIGITS * state.escape_rate.value


@pytest.mark.slow
@many
@given(
    excess=separations(-6, 6),
    weight=st.one_of(
        st.just(Fraction(1, 2)), st.floats(1e-3, 0.999).map(lambda w: Fraction(w).limit_denominator(10**5))
    ),
)
def test_the_overlap_passes_the_balance_across_the_ball_of_the_hot_separation(excess, weight):
    temperature = 1 + excess
    found = hot_separation(temperature, weight, digits=DIGITS, certified=True)
    middle, width = rational(found.value), 5 * rational(found.error)
    with oracle.arb_bits(250):
        balance = arb(weight * (1 - weight) / temperature)
        assert changes_sign(*(oracle.arb_mmse(middle + side * width, weight, MORE) - balance for side in (-1, 1)))
    assert found.error <= mpmath.mpf(10) ** -DIGITS * found.value


NODES = np.linspace(-9.5, 9.5, 3001)
MASSES = np.exp(-(NODES**2) / 2) / math.sqrt(2 * math.pi) * (NODES[1] - NODES[0])


def fold_equations(m1, m2, temperature, radius, weight):
    """The two rest equations of theory section 6 and the Jacobian's determinant over its scale, in doubles.

    Trapezoidal sums of the definitions: for R < 8 their nodes are close enough for rounding to decide.
    """
    h, gap, square = math.log(float(weight / (1 - weight))) / 2, m1 - m2, radius**2
    labels = [float(np.tanh(m + h + radius * NODES) @ MASSES) for m in (m1, m2)]
    falls = [square * float(np.cosh(m + h + radius * NODES) ** -2.0 @ MASSES) - 1 for m in (m1, m2)]
    y = gap / radius * (NODES / 2 + gap / radius / 4)  # half the posterior log odds under the first component
    overlap = float(MASSES @ (1 / (1 + np.exp(2 * y)))) / 2
    # d/dD of the posterior chance, where dy/dD = z/2 + D/2
    slope = -float(MASSES @ ((NODES / 2 + gap / radius / 2) / np.cosh(y) ** 2)) / 4
    push, stiff = 2 * temperature * overlap * gap, 2 * temperature * (overlap + gap / radius * slope)
    rest = [square * labels[0] - m1 + push, square * labels[1] - m2 - push]
    determinant = falls[0] * falls[1] + stiff * (falls[0] + falls[1])
    scale = sum(abs(x) for x in falls) + abs(stiff)
    return max(abs(r) for r in rest) / square, abs(determinant) / scale**2


@pytest.mark.slow
@examples(100)
@given(separation=separations(0.3, 0.9), weight=weights)
def test_the_critical_temperature_solves_the_saddle_node_equations(separation, weight):
    target = BimodalTarget(separation, weight)
    try:
        temperature = critical_temperature(target, digits=DOUBLE_DIGITS, certified=True)
    except NoCollapsedState:
        assume(False)
    m1, m2, hot = (float(ball.value) for ball in landscape_of(target).heavy.fold_at(DOUBLE_DIGITS))
    assert hot == float(temperature.value)
    rest, determinant = fold_equations(m1, m2, hot, float(separation), weight)
    assert rest < ROUNDING * max(hot, 1.0)  # T times the overlap, a sum of order one
    assert determinant < ROUNDING


@pytest.mark.slow
@examples(12)  # a second each; the domain has one dimension
@given(weight=st.floats(0.5, 0.999).map(lambda w: Fraction(w).limit_denominator(10**4)))
def test_the_critical_separation_solves_the_saddle_node_equations_at_temperature_one(weight):
    found = critical_separation(weight, digits=DOUBLE_DIGITS, certified=True)
    start = (*_fold_at_one(BimodalTarget(rational(found.value), weight)), float(found.value))
    m1, m2, radius = (float(ball.value) for ball in separation_balls(weight, DOUBLE_DIGITS, start))
    assert radius == float(found.value)
    rest, determinant = fold_equations(m1, m2, 1.0, radius, weight)
    assert rest < ROUNDING
    assert determinant < ROUNDING
