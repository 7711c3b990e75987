"""The transient gain against the integral of theory section 6 in the form without 0/0, and what bounds its digits."""

import math
from fractions import Fraction
from itertools import pairwise

import flint
import mpmath as mp
import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from anneal_theory.errors import DomainError, PrecisionError
from anneal_theory.exact import exact
from anneal_theory.fixed_points import collapsed_state, unstable_overlap
from anneal_theory.fixed_points.transient_gain import transient_gain
from anneal_theory.problem import BimodalTarget
from tests.exploration import examples

NODES = np.linspace(-9.5, 9.5, 1901)
MASSES = np.exp(-(NODES**2) / 2) / math.sqrt(2 * math.pi) * (NODES[1] - NODES[0])
RULE = np.polynomial.legendre.leggauss(20)


def log_gain_in_doubles(target, s0):
    """-R^2 a E[sech u sech u* (tanh u + tanh u*)] / (R^2 a E[sech u sech u*] - 1), integrated from s0 to s*."""
    square, star = target.separation**2, collapsed_state(target.heavy_first).overlap
    fixed = star + target.heavy_first.half_log_odds + target.separation * NODES

    def integrand(s):
        moving = fixed + (s - star)[:, None]
        gap = (s - star)[:, None]
        ratio = np.where(np.abs(gap) > 1e-8, np.sinh(gap) / np.where(gap == 0, 1, gap), 1.0)
        pair = ratio / np.cosh(moving) / np.cosh(fixed)
        rates = (pair * (np.tanh(moving) + np.tanh(fixed))) @ MASSES
        return -square * rates / (square * (pair @ MASSES) - 1)

    edges = [s0, star]
    saddle = unstable_overlap(target.heavy_first)
    if saddle is not None and s0 < star:
        edges += [saddle + (s0 - saddle) * 1.5**k for k in range(60) if saddle + (s0 - saddle) * 1.5**k < star]
    edges = np.unique(np.concatenate([edges, np.linspace(s0, star, 24)]))
    total = 0.0
    for left, right in pairwise(edges):
        points = left + (right - left) * (RULE[0] + 1) / 2
        total += (right - left) / 2 * float(RULE[1] @ integrand(points))
    return total if s0 <= star else -total


def log_gain_in_mpmath(target, s0, digits):
    """The same by mpmath's quadrature; the averages by the trapezoidal rule at that precision."""
    with mp.workdps(digits + 15):
        radius = mp.mpf(target.exact_separation.numerator) / target.exact_separation.denominator
        odds = target.exact_weight / (1 - target.exact_weight)
        h = mp.log(mp.mpf(odds.numerator) / odds.denominator) / 2
        nats = (digits + 8) * mp.log(10)
        step = 2 * mp.pi * (mp.pi / (2 * radius)) / nats
        step = min(step, mp.mpf(1) / 8)
        reach = int(mp.sqrt(2 * nats) / step) + 2
        z = [k * step for k in range(-reach, reach + 1)]
        mass = [step * mp.npdf(x) for x in z]
        star = mp.findroot(
            lambda s: radius**2 * mp.fdot(mass, [mp.tanh(s + h + radius * x) for x in z]) - s,
            collapsed_state(target).overlap,
        )
        fixed = [star + h + radius * x for x in z]
        secants, tangents = [mp.sech(u) for u in fixed], [mp.tanh(u) for u in fixed]

        def integrand(s):
            gap = s - star
            ratio = mp.sinh(gap) / gap if gap else mp.mpf(1)
            moving = [u + gap for u in fixed]
            pair = [m * a * mp.sech(u) for m, a, u in zip(mass, secants, moving, strict=True)]
            rates = mp.fdot(pair, [mp.tanh(u) + t for u, t in zip(moving, tangents, strict=True)])
            return -(radius**2) * ratio * rates / (radius**2 * ratio * mp.fsum(pair) - 1)

        start = mp.mpf(s0.numerator) / s0.denominator
        panels = [start + (star - start) * k / 6 for k in range(7)]
        return mp.quad(integrand, panels, method="gauss-legendre", maxdegree=4)


def rational(low, high):
    return st.floats(low, high).map(lambda x: Fraction(x).limit_denominator(10**6))


@st.composite
def starts(draw, largest=6.0):
    """(target with w* >= 1/2, s0 in the basin of the heavy mode)."""
    weight = draw(st.one_of(st.just(Fraction(1, 2)), rational(0.5, 0.98)))
    target = BimodalTarget(draw(rational(0.3, largest)), weight)
    star, saddle = collapsed_state(target).overlap, unstable_overlap(target)
    assume(star > 1e-2 and collapsed_state(target).escape_rate < 0.98)
    low = -2 * target.separation - 1 if saddle is None else saddle
    low = max(low, 0.0) if weight == Fraction(1, 2) else low
    share = draw(st.one_of(st.floats(0.02, 0.98), st.floats(1.02, 1.8)))
    return target, Fraction(low + (star - low) * share).limit_denominator(10**9)


@pytest.mark.slow
@examples(150)
@given(starts())
def test_the_gain_is_the_integral_without_zero_over_zero(place):
    target, s0 = place
    expected, ball = log_gain_in_doubles(target, float(s0)), transient_gain(target, s0, digits=13, certified=True)
    assert float(mp.log(ball.value)) == pytest.approx(expected, abs=2e-10)
    assert abs(transient_gain(target, s0) - ball.value) <= 1e-12 * ball.value
    assert ball.error <= 1e-13 * ball.value


@pytest.mark.slow
@examples(25)
@given(starts(), st.integers(1, 40))
def test_digits_are_right_to_twice_as_many_and_nested_balls_meet(place, digits):
    target, s0 = place
    value, coarse = transient_gain(target, s0, digits=digits), transient_gain(target, s0, digits=digits, certified=True)
    fine = transient_gain(target, s0, digits=2 * digits, certified=True)
    with mp.workdps(3 * digits + 20):
        assert abs(value - fine.value) <= mp.mpf(10) ** -digits * fine.value
        assert abs(coarse.value - fine.value) <= coarse.error + fine.error
        assert coarse.error <= mp.mpf(10) ** -digits * coarse.value


@pytest.mark.slow
@pytest.mark.parametrize(
    ("separation", "weight", "s0"),
    [("3", "0.8", "0"), ("1", "0.8", "-1/2")],
)
def test_the_ball_meets_thirty_digits_of_quadrature(separation, weight, s0):
    target, digits = BimodalTarget(separation, weight), 30
    expected = log_gain_in_mpmath(target, exact(s0), digits)
    ball = transient_gain(target, s0, digits=digits, certified=True)
    with mp.workdps(digits + 15):
        truth = mp.exp(expected)
        assert abs(ball.value - truth) <= ball.error + mp.mpf(10) ** -(digits - 2) * truth


def test_the_reference_value_and_its_mirror_image():
    assert round(transient_gain(BimodalTarget(3, 0.8)), 5) == 12.91865
    assert transient_gain(BimodalTarget(3, 0.2)) == transient_gain(BimodalTarget(3, 0.8))
    assert transient_gain(BimodalTarget(3, 0.2), -2) == transient_gain(BimodalTarget(3, 0.8), 2)
    assert transient_gain(BimodalTarget(3, 0.5), -2) == transient_gain(BimodalTarget(3, 0.5), 2)


def test_the_gain_from_the_collapsed_state_itself_is_one():
    star = collapsed_state(BimodalTarget(3, 0.8)).overlap
    assert transient_gain(BimodalTarget(3, 0.8), star) == pytest.approx(1, abs=1e-12)
    assert transient_gain(BimodalTarget("0.5", "0.5"), 0) == 1


def test_gains_multiply_along_the_way():
    # rho grows from s = 1 to s = 2 by the same factor whatever comes before: C(1)/C(2) = exp int_1^2
    target = BimodalTarget(3, 0.8)
    ratio = transient_gain(target, 1) / transient_gain(target, 2)
    assert math.log(ratio) == pytest.approx(
        log_gain_in_doubles(target, 1.0) - log_gain_in_doubles(target, 2.0), abs=1e-11
    )


def test_the_symmetric_gain_is_a_power_law_of_small_starts():
    target = BimodalTarget(3, "0.5")
    first, second = (transient_gain(target, start, digits=40) for start in ("1e-30", "1e-60"))
    with mp.workdps(45):
        z = mp.linspace(-16, 16, 1281)
        rates = [
            9 * mp.fsum(mp.npdf(x) * mp.sech(m + 3 * x) ** 2 for x in z) / 40 for m in (0, mp.mpf("8.9611634635630745"))
        ]
        exponent = (rates[0] - rates[1]) / (rates[0] - 1)
        assert abs(mp.log(second / first) / (30 * mp.log(10)) - exponent) < 1e-12


@pytest.mark.slow
def test_a_thousand_digits_have_the_same_first_hundred():
    target = BimodalTarget(3, 0.8)
    long, short = transient_gain(target, digits=1000), transient_gain(target, digits=100, certified=True)
    with mp.workdps(1100):
        assert abs(long - short.value) <= short.error * (1 + mp.mpf(10) ** -6)


def test_a_symmetric_start_at_zero_diverges():
    with pytest.raises(DomainError, match="diverges there"):
        transient_gain(BimodalTarget(3, 0.5))


@pytest.mark.parametrize(("weight", "s0"), [(0.8, -1.5), (0.8, -8), (0.2, 1.5)])
def test_a_start_on_the_light_side_is_refused_with_the_unstable_overlap(weight, s0):
    with pytest.raises(DomainError, match=r"basin of the heavy mode.*1\.233.*light mode"):
        transient_gain(BimodalTarget(3, weight), s0, digits=20)


def test_a_start_beside_the_unstable_overlap_says_that_it_is_too_close_and_leaves_the_precision():
    target = BimodalTarget(3, 0.8)
    before = flint.ctx.prec, flint.ctx.cap, mp.mp.prec
    with pytest.raises((PrecisionError, DomainError)):
        transient_gain(target, unstable_overlap(target), digits=20)
    assert (flint.ctx.prec, flint.ctx.cap, mp.mp.prec) == before


def test_a_start_too_far_out_has_doubles_only():
    assert 0 < transient_gain(BimodalTarget(3, 0.8), 10**6) < 1
    with pytest.raises(PrecisionError, match="leave digits and certified out"):
        transient_gain(BimodalTarget(3, 0.8), 10**6, digits=20)


@pytest.mark.parametrize("digits", [0, 10**6 + 1])
def test_impossible_digits_are_refused(digits):
    with pytest.raises(DomainError, match="digits must be"):
        transient_gain(BimodalTarget(3, 0.8), digits=digits)
