"""The constants that are roots, to any number of digits: against quadrature of the definitions, and as proofs."""

from fractions import Fraction

import flint
import mpmath
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anneal_theory.balls import exact_ball
from anneal_theory.errors import DomainError, NoCollapsedState, PrecisionError
from anneal_theory.fixed_points import collapsed_state, critical_separation, critical_temperature, hot_separation
from anneal_theory.fixed_points.landscape import landscape_of
from anneal_theory.numerics.krawczyk import enclosed_root
from anneal_theory.precision import flint_precision
from anneal_theory.problem import BimodalTarget
from tests.exploration import examples

PANELS = [k / 2 for k in range(-26, 27)]
separations = st.fractions(2, 6, max_denominator=50)
weights = st.fractions("0.5", "0.99", max_denominator=100)


def number(x):
    x = Fraction(x)
    return mpmath.mpf(x.numerator) / x.denominator


def average(function, m, separation, weight):
    """E function(m + h + R z) by tanh-sinh quadrature at the working precision."""
    share, radius = number(weight), number(separation)
    h = mpmath.log(share / (1 - share)) / 2
    return mpmath.quad(lambda z: mpmath.npdf(z) * function(m + h + radius * z), PANELS)


def label(m, separation, weight):
    return average(mpmath.tanh, m, separation, weight)


def label_slope(m, separation, weight):
    return average(lambda u: mpmath.sech(u) ** 2, m, separation, weight)


def overlap(distance):
    """E[eta (1 - eta)] of two equal components at a distance."""
    share = lambda y: 1 / (1 + mpmath.exp(-distance * y))  # noqa: E731
    density = lambda y: (mpmath.npdf(y, distance / 2) + mpmath.npdf(y, -distance / 2)) / 2  # noqa: E731
    return mpmath.quad(lambda y: density(y) * share(y) * (1 - share(y)), [2 * p for p in PANELS])


def holds(ball, value, slack):
    return abs(ball.value - value) <= ball.error + slack * abs(value)


@pytest.mark.slow
@given(separation=separations, weight=weights)
@examples(3)
def test_the_collapsed_state_is_the_zero_found_by_quadrature(separation, weight):
    target = BimodalTarget(separation, weight)
    found = collapsed_state(target, digits=25, certified=True)
    with mpmath.workdps(30):
        radius = number(separation)
        root = mpmath.findroot(
            lambda m: radius**2 * label(m, separation, weight) - m, collapsed_state(target).overlap, tol=1e-24
        )
        assert holds(found.overlap, root, mpmath.mpf("1e-24"))
        assert holds(found.escape_rate, radius**2 * label_slope(root, separation, weight), mpmath.mpf("1e-22"))


@pytest.mark.slow
@pytest.mark.parametrize(("separation", "weight"), [("2.5", "0.8"), (3, "0.5"), (4, "0.7")])
def test_the_certified_fold_rests_and_is_singular_by_quadrature(separation, weight):
    target = BimodalTarget(separation, weight)
    m1, m2, temperature = (ball.value for ball in landscape_of(target).heavy.fold_at(20))
    assert temperature == critical_temperature(target, digits=20)
    with mpmath.workdps(20):
        square, distance = number(separation) ** 2, (m1 - m2) / number(separation)
        push = 2 * temperature * overlap(distance) * (m1 - m2)
        assert abs(square * label(m1, separation, weight) - m1 + push) < 1e-16
        assert abs(square * label(m2, separation, weight) - m2 - push) < 1e-16
        # The push's derivative by m1, minus that by m2; the Jacobian's determinant from it and the slopes of psi.
        step = mpmath.mpf("1e-6")
        slope = (overlap(distance + step) - overlap(distance - step)) / (2 * step)
        stiff = 2 * temperature * (overlap(distance) + distance * slope)
        falls = [square * label_slope(m, separation, weight) - 1 for m in (m1, m2)]
        scale = abs(falls[0]) + abs(falls[1]) + stiff
        assert abs(falls[0] * falls[1] + stiff * sum(falls)) < 1e-10 * scale**2


@pytest.mark.slow
@given(temperature=st.fractions("1.01", 1000, max_denominator=100))
@examples(5)
def test_at_the_certified_hot_separation_the_overlap_balances_the_temperature(temperature):
    found = hot_separation(temperature, digits=25, certified=True)
    with mpmath.workdps(30):
        ends = [4 * overlap(found.value + side * found.error) * number(temperature) - 1 for side in (-1, 1)]
        slope = (ends[1] - ends[0]) / 2
        assert abs(sum(ends) / 2) <= abs(slope) + mpmath.mpf("1e-26")


CONSTANTS = [
    lambda **how: collapsed_state(BimodalTarget(3, 0.8), **how).overlap,
    lambda **how: collapsed_state(BimodalTarget(20, 0.6), **how).escape_rate,
    lambda **how: critical_temperature(BimodalTarget(3, 0.8), **how),
    lambda **how: critical_temperature(BimodalTarget("1.63", 0.8), **how),
    lambda **how: critical_separation("0.8", **how),
    lambda **how: critical_separation("0.999", **how),
    lambda **how: hot_separation("1.0000001", **how),
    lambda **how: hot_separation(50, "0.9", **how),
]


@pytest.mark.parametrize("constant", CONSTANTS)
@pytest.mark.parametrize("digits", [3, 17, 60])
def test_values_have_the_digits_that_twice_the_digits_confirm(constant, digits):
    rough, fine = constant(digits=digits, certified=True), constant(digits=2 * digits, certified=True)
    assert rough.error <= mpmath.mpf(10) ** -digits * abs(rough.value)
    with mpmath.workdps(2 * digits + 10):
        assert abs(rough.value - fine.value) <= rough.error + fine.error
    assert constant(digits=digits) == rough.value
    assert constant() == pytest.approx(float(fine.value), rel=max(1e-9, 10.0**-digits))


def test_the_reference_digits():
    state = collapsed_state(BimodalTarget(3, 0.8), digits=30)
    assert mpmath.nstr(state.overlap, 25) == "8.981355632864873633022634"
    assert mpmath.nstr(state.escape_rate, 25) == "0.01978001076914032749692005"
    assert mpmath.nstr(hot_separation(10, digits=30), 25) == "3.667285495165031134716423"


def test_mirrored_weights_have_the_same_constants():
    there, back = (critical_temperature(BimodalTarget(3, w), digits=40) for w in ("0.8", "0.2"))
    assert there == back


def test_no_root_is_claimed_where_there_is_none():
    def system(unknown, jacobian):
        (x,) = unknown
        return [[2 * x]] if jacobian else [x * x + exact_ball(Fraction(1, 10**9))]

    with flint_precision(200), pytest.raises(PrecisionError, match="0 digits reached"):
        enclosed_root(system, [Fraction(1, 10**6)])


def test_a_root_shifted_out_of_its_box_is_not_claimed():
    """The Jacobian of another function contracts nothing."""

    def system(unknown, jacobian):
        (x,) = unknown
        return [[flint.arb(-1)]] if jacobian else [x * x - 2]

    with flint_precision(200), pytest.raises(PrecisionError, match="0 digits reached"):
        enclosed_root(system, [Fraction("1.41421356237")])


@pytest.mark.parametrize("digits", [0, -3, 10**6 + 1])
def test_impossible_digits_are_refused(digits):
    for constant in (CONSTANTS[0], CONSTANTS[2], CONSTANTS[4], CONSTANTS[6]):
        with pytest.raises(DomainError, match=r"^digits must be an integer from 1 to 1000000"):
            constant(digits=digits)


def test_targets_without_a_fold_say_so_at_any_precision():
    with pytest.raises(NoCollapsedState, match="no saddle-node"):
        critical_temperature(BimodalTarget(1, 0.8), digits=30)
    with pytest.raises(DomainError, match=r"^separation must be small enough"):
        critical_temperature(BimodalTarget(60, 0.8), digits=30)
