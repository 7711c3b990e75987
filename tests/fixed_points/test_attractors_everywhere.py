"""Every legal target has an attractor, where the gradient vanishes and the flow is stable, by the definition."""

import math
from fractions import Fraction

import mpmath
import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from scipy.integrate import solve_ivp
from scipy.special import expit

from anneal_theory.averages.explained import explained_share
from anneal_theory.errors import DomainError
from anneal_theory.exact import exact
from anneal_theory.fixed_points import AttractorSet, attractor_set, attractors, critical_temperature
from anneal_theory.problem import BimodalTarget, Dynamics
from tests.exploration import examples
from tests.oracles.averages_by_integral import arb_mmse, arb_psi, arb_psi_prime

DIGITS = 40


def _log_uniform(low, high):
    return st.floats(math.log(low), math.log(high)).map(lambda v: float(f"{math.exp(v):.6g}"))


def _shares():
    """Weights as close to 0 or 1 as 1e-12."""
    return st.tuples(_log_uniform(1e-12, 0.5), st.booleans()).map(
        lambda drawn: exact(drawn[0]) if drawn[1] else 1 - exact(drawn[0])
    )


def _mpf(ball):
    return mpmath.mpf(ball.mid().str(DIGITS + 20, radius=False, more=True))


def _fraction(value):
    return exact(mpmath.mpf(value))


class Definition:
    """dm_i/dt of an aligned pair in the natural metric at T = 1, by integration (theory section 3)."""

    def __init__(self, target, share):
        self.radius, self.weight, self.share = target.exact_separation, target.exact_weight, share
        self.w = [_mpf_of(share), _mpf_of(1 - share)]
        self.r = _mpf_of(self.radius)

    def overlap(self, distance):
        return _mpf(arb_mmse(_fraction(distance), self.share, DIGITS))

    def rates(self, m):
        gap = m[0] - m[1]
        push = self.overlap(gap / self.r) * gap
        pulls = [self.r**2 * _mpf(arb_psi(_fraction(x), self.radius, self.weight, DIGITS)) - x for x in m]
        return mpmath.matrix([pulls[0] + push / self.w[0], pulls[1] - push / self.w[1]])

    def jacobian(self, m):
        gap = m[0] - m[1]
        step = gap * mpmath.mpf(10) ** -(DIGITS // 4)
        ends = [self.overlap((gap + sign * step) / self.r) * (gap + sign * step) for sign in (1, -1)]
        slope = (ends[0] - ends[1]) / (2 * step)
        bends = [self.r**2 * _mpf(arb_psi_prime(_fraction(x), self.radius, self.weight, DIGITS)) - 1 for x in m]
        first, second = slope / self.w[0], slope / self.w[1]
        return mpmath.matrix([[bends[0] + first, -first], [-second, bends[1] + second]])


def _mpf_of(value):
    return mpmath.mpf(value.numerator) / value.denominator


@pytest.mark.slow
@given(_log_uniform(1e-6, 8), _shares(), st.just(Fraction(1, 2)) | _shares())
@example(0.0111502, exact(2.537e-05), Fraction(1, 2))
@example(0.05, exact(0.999999), Fraction(1, 2))
@example(1.3, exact("0.8"), Fraction(1, 2))
@examples(20)
def test_every_target_has_attractors_where_the_gradient_vanishes_and_the_flow_is_stable(separation, weight, share):
    target = BimodalTarget(separation, weight)
    found = attractors(target, family_weight=share)
    assert found
    with mpmath.workdps(DIGITS):
        law = Definition(target, share)
        for point in found:
            assert point.m1 >= point.m2
            if point.m1 == point.m2 or point.m1 - point.m2 > 60 * separation:
                continue  # a pair that a double does not tell from one mean, or whose overlap underflows: see below
            given_, m = [point.m1, point.m2], mpmath.matrix([point.m1, point.m2])
            for _ in range(3):
                m -= mpmath.lu_solve(law.jacobian(m), law.rates(m))
            for have, true in zip(given_, m, strict=True):
                assert abs(have - true) <= 1e-10 * (abs(true) + separation**2)
            rounding = 4e-16 * abs(point.m1) + 1e-9 * (m[0] - m[1])
            assert abs((given_[0] - given_[1]) - (m[0] - m[1])) <= rounding
            matrix = law.jacobian(m)
            assert matrix[0, 0] + matrix[1, 1] < 0
            assert matrix[0, 0] * matrix[1, 1] - matrix[0, 1] * matrix[1, 0] > 0


@pytest.mark.slow
@given(_log_uniform(30, 1e100), _shares())
@example(26489100000.0, Fraction(632121, 10**6))  # psi' far below every double, its exponents beyond rounding
@example(3.1e40, Fraction(9, 10))
@examples(20)
def test_far_apart_modes_have_their_three_attractors(separation, weight):
    """Where repulsion underflows each mean rests at a zero of f: both at one mode, at the other, or one at each.

    For w* near 1 the light mode holds a mean as long as R^2 is well above the half log-odds times R.
    """
    found = attractors(BimodalTarget(separation, weight))
    signs = [(math.copysign(1, p.m1), math.copysign(1, p.m2)) for p in found]
    assert signs == [(1, 1), (1, -1), (-1, -1)]
    for point in found:
        assert abs(point.m1) == pytest.approx(separation**2, rel=1e-3)
        assert abs(point.m2) == pytest.approx(separation**2, rel=1e-3)


def _ends(target, share, rng, starts):
    """Where aligned pairs end, by integration of the definition with Gauss's rule: (better aligned, other)."""
    z, weights = np.polynomial.hermite_e.hermegauss(180)
    weights = weights / weights.sum()
    radius, h = target.separation, target.half_log_odds
    log_odds = math.log(share / (1 - share))

    def rates(_, m):
        distance = abs(m[0] - m[1]) / radius
        posteriors = [expit(log_odds + distance * (side * distance / 2 + z)) for side in (1, -1)]
        overlap = share * weights @ (1 - posteriors[0])  # E_1[r_2]
        push = overlap * (m[0] - m[1])
        pull = [radius**2 * (weights @ np.tanh(x + h + radius * z)) - x for x in m]
        return [pull[0] + push / share, pull[1] - push / (1 - share)]

    ends = []
    for _ in range(starts):
        m = radius * rng.normal(size=2) * 2
        run = solve_ivp(rates, (0, 1e7), [max(m), min(m)], "LSODA", rtol=1e-9, atol=1e-12 * radius)
        ends.append(run.y[:, -1])
    return ends


@pytest.mark.slow
@given(_log_uniform(0.05, 1.8), st.floats(0.1, 0.9), st.sampled_from([0.5, 0.2, 0.7]), st.integers(0, 2**32))
@examples(8)
def test_the_flow_ends_at_one_of_the_attractors(separation, weight, share, seed):
    target = BimodalTarget(separation, float(f"{weight:.3g}"))
    found = attractors(target, family_weight=share)
    for end in _ends(target, share, np.random.default_rng(seed), 3):
        away = min(abs(end[0] - p.m1) + abs(end[1] - p.m2) for p in found)
        assert away <= 1e-5 * separation**2  # the rate of approach is at least kappa*, above 1e-4 here


@pytest.mark.parametrize(("separation", "kind"), [(1.3, AttractorSet.NONE_COLLAPSE), (1.6, AttractorSet.ALL_COLLAPSE)])
def test_below_the_critical_separation_the_sole_attractor_changes_its_kind_once_more(separation, kind):
    """Theory section 6: at w* = 0.8 it is collapsed from R of about 1.45 on, and split below."""
    assert attractor_set(BimodalTarget(separation, 0.8), Dynamics()) is kind


@pytest.mark.slow
@given(st.floats(1e-8, 40), _shares())
@examples(15)
def test_the_explained_share_is_what_the_overlap_lacks(distance, weight):
    with mpmath.workdps(DIGITS):
        product = _mpf_of(weight * (1 - weight))
        true = 1 - _mpf(arb_mmse(exact(distance), weight, DIGITS)) / product
    assert explained_share(np.array([distance]), weight)[0] == pytest.approx(float(true), rel=1e-13)


@pytest.mark.parametrize("separation", ["1e-101", "1e101"])
def test_overlaps_that_are_no_doubles_are_refused(separation):
    with pytest.raises(DomainError, match=r"separation must be .*1e100"):
        attractors(BimodalTarget(separation, 0.5))


@pytest.mark.slow
@given(_shares())
@examples(20)
def test_close_modes_have_the_attractor_of_the_limit(weight):
    """As R -> 0: m/R^2 = (2 w* - 1) +- 2 sqrt(w* (1 - w*)), by the leading order of both rest equations."""
    square = 1e-8
    (point,) = attractors(BimodalTarget("1e-4", weight))
    mean, gap = float(2 * weight - 1), 2 * math.sqrt(weight * (1 - weight))
    assert point.m1 / square == pytest.approx(mean + gap, abs=1e-6)
    assert point.m2 / square == pytest.approx(mean - gap, abs=1e-6)


def test_the_facts_of_the_documentation_hold():
    (low,) = attractors(BimodalTarget(1.3, 0.8))
    assert (round(low.m1, 3), round(low.m2, 3), low.collapsed) == (2.175, -0.126, False)
    turn = [attractors(BimodalTarget(separation, 0.8)) for separation in ("1.44", "1.46")]
    assert [[point.collapsed for point in found] for found in turn] == [[False], [True]]
    assert {point.collapsed for point in attractors(BimodalTarget("2.25", 0.5))} == {False}


@pytest.mark.parametrize("separation", [41, 60, 1000])
def test_a_critical_temperature_beyond_doubles_is_refused_and_below_it_has_its_digits(separation):
    with pytest.raises(DomainError, match="separation must be small enough for T_c to be a double"):
        critical_temperature(BimodalTarget(separation, 0.8))
    found, sharp = (critical_temperature(BimodalTarget(40, 0.8), digits=digits) for digits in (None, 20))
    assert found == pytest.approx(float(sharp), rel=1e-12)
