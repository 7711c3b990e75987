"""Taylor coefficients of psi and G against Gaussian quadrature of the definitions."""

import flint
import mpmath
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anneal_theory.averages import ball, jets
from anneal_theory.balls import exact_ball
from anneal_theory.errors import PrecisionError
from anneal_theory.precision import flint_precision
from anneal_theory.problem import BimodalTarget
from tests.averages.places import distances, places
from tests.exploration import examples

BITS = 110
ORDERS = st.integers(0, 12)


def rational(value):
    return mpmath.mpf(value.numerator) / value.denominator


def half_log_odds(weight):
    return mpmath.log(rational(weight) / (1 - rational(weight))) / 2


def by_quadrature(outer, a, radius, order):
    """Coefficient of the Taylor series of E outer(a + R z) in a, the derivatives taken on the integrand's function.

    `outer` gives the Taylor coefficient of the function at a real point. Its poles lie pi/2 off the axis, so the
    trapezoidal sum is right to ``e^-85 (2 pi/step)^n/n!``, below 1e-24 for n <= 12, and the tails hold 1e-27.
    """
    step = min(mpmath.mpf(1) / 5, mpmath.pi**2 / (radius * 85))
    count = int(11 / step)
    nodes = [j * step for j in range(-count, count + 1)]
    return step * mpmath.fsum(mpmath.npdf(z) * outer(a + radius * z, order) for z in nodes)


def tanh_coefficient(u, order):
    """Coefficient n of tanh(u + t): its series obeys y' = 1 - y^2."""
    series = [mpmath.tanh(u)]
    for n in range(order):
        square = mpmath.fsum(series[i] * series[n - i] for i in range(n + 1))
        series.append(((1 if n == 0 else 0) - square) / (n + 1))
    return series[order]


def contains(enclosure, value, error):
    """Whether the ball meets a number that is right to `error`."""
    return enclosure.overlaps(flint.arb(as_arb(value), as_arb(mpmath.mpf(error))))


def as_arb(value):
    sign, mantissa, exponent, _ = value._mpf_
    return flint.arb(((-1) ** sign * int(mantissa), int(exponent)))


@pytest.mark.slow
@examples(25)
@given(place=places(farthest=100), order=ORDERS)
def test_coefficients_of_psi_enclose_those_of_the_definition(place, order):
    m, target = place
    if target.exact_separation > 12:
        m, target = m / target.exact_separation, BimodalTarget(target.exact_separation % 10 + 2, target.exact_weight)
    with flint_precision(BITS):
        found = jets.psi_jet(m, target, order + 1)
    with mpmath.workdps(35):
        a = rational(m) + half_log_odds(target.exact_weight)
        truth = by_quadrature(tanh_coefficient, a, rational(target.exact_separation), order)
        assert contains(found[order], truth, 1e-22)
    size = max(1.0, (mpmath.e / (max(order, 1) * target.separation**2)) ** (order / 2))
    assert found[order].rad() < 1e-28 * float(size)


@examples(60)
@given(place=places(farthest=1e3), bits=st.sampled_from([60, 200, 700]))
def test_the_first_two_coefficients_meet_the_balls_of_psi_and_psi_prime(place, bits):
    m, target = place
    with flint_precision(bits):
        value, slope = jets.psi_jet(m, target, 2)
        for found, name in ((value, "psi"), (slope, "psi_prime")):
            known = getattr(ball, name)(m, target, bits // 4)
            assert contains(found, known.value, known.error + mpmath.mpf(2) ** -1000)
        assert value.rad() < flint.arb(2) ** (2 - bits)


def test_high_coefficients_keep_the_digits_of_their_bound():
    with flint_precision(600):
        found = jets.psi_jet(5, BimodalTarget(3, 0.8), 161)
    with flint_precision(2000):
        finer = jets.psi_jet(5, BimodalTarget(3, 0.8), 161)
        assert all(one.overlaps(other) for one, other in zip(found, finer, strict=True))
        for n in (20, 80, 160):
            size = flint.arb(n / 2).exp() / (3 * flint.arb(n).sqrt()) ** n
            assert abs(finer[n]) < size
            assert found[n].rad() < size * flint.arb(2) ** -590


@pytest.mark.parametrize("count", [2, 6])
def test_wide_balls_of_a_and_of_the_separation_enclose_what_lies_in_them(count):
    with flint_precision(BITS):
        wide = jets.label_jet(flint.arb(4, 1e-6), flint.arb(9, 1e-6), count)
        for a, square in ((1e-6, 1e-6), (-1e-6, 1e-6), (1e-6, -1e-6), (-1e-6, -1e-6)):
            inside = jets.label_jet(4 + flint.arb(a) * 0.999, 9 + flint.arb(square) * 0.999, count)
            assert all(one.contains(other) for one, other in zip(wide, inside, strict=True))
        assert all(one.rad() < 1e-4 for one in wide)


@examples(60)
@given(place=distances(), bits=st.sampled_from([60, 200, 700]))
def test_the_first_coefficient_of_the_overlap_meets_its_ball_to_relative_digits(place, bits):
    distance, weight = place
    with flint_precision(bits):
        (found,) = jets.overlap_jet(distance, weight, 1)
        known = ball.mmse(distance, weight, digits=bits // 4)
        assert contains(found, known.value, known.error)
        assert found.rel_accuracy_bits() > bits - 48


@examples(20)
@given(place=distances())
def test_coefficients_of_the_overlap_are_its_differences(place):
    """G at five points, D +- 2 t, .., by balls of 60 digits; the differences are right to t^2 = 1e-20."""
    distance, weight = place
    step = distance / 10**10
    with flint_precision(200):
        found = jets.overlap_jet(distance, weight, 3)
    at = {k: ball.mmse(distance + k * step, weight, digits=60).value for k in (-1, 0, 1)}
    with mpmath.workdps(60):
        width, scale = rational(step), max(1, float(distance)) ** 4 * abs(at[0])
        slope, bend = (at[1] - at[-1]) / (2 * width), (at[1] - 2 * at[0] + at[-1]) / (2 * width**2)
        assert contains(found[1], slope, 1e-18 * scale)
        assert contains(found[2], bend, 1e-18 * scale)


@pytest.mark.parametrize("weight", ["1/2", "0.8", "1e-6"])
def test_the_overlap_starts_like_its_expansion_at_zero_distance(weight):
    """G = v - v^2 D^2 (1 + ..), v = w (1 - w): the posterior's variance falls by the square of its slope."""
    with flint_precision(BITS):
        found = jets.squared_overlap_jet(flint.arb(0), weight, 2)
        share = exact_ball(BimodalTarget(1, weight).exact_weight)
        variance = share * (1 - share)
        assert found[0].overlaps(variance)
        assert found[1].overlaps(-4 * variance**2)
    assert found[0].rel_accuracy_bits() > 70
    assert found[1].rel_accuracy_bits() > 40


def test_a_ball_that_is_not_finite_gives_none_that_is():
    with flint_precision(BITS):
        assert not jets.label_jet(flint.arb("inf"), flint.arb(9), 2)[0].is_finite()


def test_a_radius_beyond_doubles_is_refused():
    with pytest.raises(PrecisionError, match="too large"):
        jets.label_jet(flint.arb(1), flint.arb(10) ** 400, 2)


def test_an_overlap_beyond_reach_is_refused_and_the_precision_put_back():
    before = flint.ctx.prec
    with pytest.raises(PrecisionError, match="too large"):
        jets.label_jet(flint.arb(10) ** 9, flint.arb("1e-4"), 2)
    assert flint.ctx.prec == before
