"""Folds and hot separations against Newton's method on quadratures of the definitions, and at extreme settings."""

import threading
from fractions import Fraction

import flint
import mpmath
import pytest

from anneal_theory.balls import exact_ball
from anneal_theory.errors import DomainError, NoCollapsedState, PrecisionError
from anneal_theory.fixed_points import collapsed_state, critical_separation, critical_temperature, hot_separation
from anneal_theory.numerics.krawczyk import enclosed_root
from anneal_theory.precision import flint_precision
from anneal_theory.problem import BimodalTarget
from tests.agreement.wrong_theory import forget

DIGITS = 20


def average(function, a, radius):
    """E function(a + R z) by the trapezoidal rule: its error ``e^(-pi^2/(R step))`` and the tails' are below 1e-19."""
    step = min(mpmath.mpf(1) / 4, mpmath.pi**2 / (46 * radius))
    count = int(mpmath.mpf("9.5") / step)
    return step * mpmath.fsum(mpmath.npdf(j * step) * function(a + radius * j * step) for j in range(-count, count + 1))


def overlap(distance):
    """G(D; 1/2): half the chance of the other label under one component, which sits at y = D/2."""
    return average(lambda u: 1 / (1 + mpmath.exp(2 * u)), distance**2 / 4, distance / 2) / 2


def overlap_slope(distance):
    """dG/dD under the integral, with u = D^2/4 + D z/2, du/dD = (u + D^2/4)/D."""

    def rate(u):
        share = 1 / (1 + mpmath.exp(2 * u))
        return -2 * share * (1 - share) * (u + distance**2 / 4) / distance

    return average(rate, distance**2 / 4, distance / 2) / 2


def equations(m1, m2, radius, temperature, h):
    """Both means at rest, and the determinant of the rest equations' Jacobian."""
    gap = m1 - m2
    distance = gap / radius
    weight, slope = 2 * temperature * overlap(distance), 2 * temperature * overlap_slope(distance) / radius
    pull = [radius**2 * average(mpmath.tanh, m + h, radius) - m for m in (m1, m2)]
    fall = [radius**2 * average(lambda u: mpmath.sech(u) ** 2, m + h, radius) - 1 for m in (m1, m2)]
    push = weight + gap * slope
    return pull[0] + weight * gap, pull[1] - weight * gap, (fall[0] + push) * (fall[1] + push) - push**2


def half_log_odds(weight):
    weight = Fraction(weight)
    return mpmath.log(mpmath.mpf(weight.numerator) / (weight.denominator - weight.numerator)) / 2


def fold_by_quadrature(system, start):
    """The root by mpmath's Newton method with differences, to about 1e-16."""
    return mpmath.findroot(system, start, tol=1e-32, maxsteps=30)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("separation", "weight", "start"),
    [("3", "0.8", (13.3, 3.9, 5.58)), ("3", "0.5", (12.9, 4.3, 3.31)), ("2", "0.95", (6.6, -0.6, 3.59))],
)
def test_the_critical_temperature_holds_the_fold_found_by_quadrature(separation, weight, start):
    found = critical_temperature(BimodalTarget(separation, weight), digits=25, certified=True)
    with mpmath.workdps(DIGITS):
        radius, h = mpmath.mpf(separation), half_log_odds(weight)
        root = fold_by_quadrature(lambda m1, m2, temperature: equations(m1, m2, radius, temperature, h), start)
        assert abs(root[2] - found.value) <= found.error + mpmath.mpf("1e-14") * root[2]


@pytest.mark.slow
@pytest.mark.parametrize(("weight", "start"), [("0.5", (6.6, 2.2, 2.26)), ("0.8", (3.37, -1.29, 1.70))])
def test_the_critical_separation_holds_the_fold_found_by_quadrature(weight, start):
    found = critical_separation(weight, digits=25, certified=True)
    with mpmath.workdps(DIGITS):
        h = half_log_odds(weight)
        root = fold_by_quadrature(lambda m1, m2, radius: equations(m1, m2, radius, mpmath.mpf(1), h), start)
        assert abs(root[2] - found.value) <= found.error + mpmath.mpf("1e-14") * root[2]


@pytest.mark.parametrize("zeros", [3, 12, 18, 20, 49, 350, 20000])
def test_the_hot_separation_close_to_one_follows_its_series(zeros):
    """With e = T - 1, D = 2 sqrt(e) (1 + O(e)), since G = 1/4 - D^2/16 + ..; the next coefficient is below 1."""
    excess = Fraction(1, 10 ** (zeros + 1))
    found = hot_separation(1 + excess, digits=30, certified=True)
    with mpmath.workdps(40):
        small = mpmath.mpf(excess.numerator) / excess.denominator
        share = found.value / (2 * mpmath.sqrt(small)) - 1
        assert abs(share) < small + mpmath.mpf("1e-30")
        assert hot_separation(1 + excess) == pytest.approx(float(found.value), rel=1e-12, abs=0)
    assert found.error <= mpmath.mpf(10) ** -30 * found.value


@pytest.mark.parametrize("excess", ["1e-14", "1e-9", "1e-4", "0.0011"])
@pytest.mark.parametrize("weight", ["1e-6", "1e-12", "0.3"])
def test_the_hot_separation_is_right_for_very_unequal_weights_close_to_one(excess, weight):
    """G(D; w) from the definition, whose ratio to w (1 - w) falls short of 1 by about T - 1."""
    temperature, share = 1 + Fraction(excess), Fraction(weight)
    found = hot_separation(temperature, weight, digits=25, certified=True)
    assert hot_separation(temperature, weight) == pytest.approx(float(found.value), rel=1e-12)
    with mpmath.workdps(50):
        light = mpmath.mpf(share.numerator) / share.denominator

        def surplus(distance):
            """E over the light component of the heavy label's chance, less its value at T."""
            odds = lambda z: light / (1 - light) * mpmath.exp(distance * z + distance**2 / 2)  # noqa: E731
            step = mpmath.mpf(1) / 16
            chance = step * mpmath.fsum(mpmath.npdf(j * step) / (1 + odds(j * step)) for j in range(-240, 241))
            return chance * temperature.numerator / temperature.denominator - (1 - light)

        assert surplus(found.value - 10 * found.error) > 0 > surplus(found.value + 10 * found.error)


@pytest.mark.parametrize("separation", ["0.01", "0.3", 3, 20, 200])
@pytest.mark.parametrize("weight", ["1e-6", "0.5", "0.8"])
def test_the_escape_rate_keeps_its_relative_digits_however_small(separation, weight):
    rough = collapsed_state(BimodalTarget(separation, weight), digits=20, certified=True)
    fine = collapsed_state(BimodalTarget(separation, weight), digits=45, certified=True)
    with mpmath.workdps(60):
        for one, other in ((rough.overlap, fine.overlap), (rough.escape_rate, fine.escape_rate)):
            assert abs(one.value - other.value) <= one.error + other.error
            assert one.error <= mpmath.mpf(10) ** -20 * abs(one.value)


@pytest.mark.parametrize(("separation", "weight"), [(20, "0.8"), (37, "0.6"), (9, "1e-6"), ("1.629", "0.8")])
def test_the_critical_temperature_has_its_digits_at_extreme_targets(separation, weight):
    rough, fine = (critical_temperature(BimodalTarget(separation, weight), digits=d, certified=True) for d in (20, 45))
    with mpmath.workdps(60):
        assert abs(rough.value - fine.value) <= rough.error + fine.error
        assert rough.error <= mpmath.mpf(10) ** -20 * rough.value


def test_the_global_precision_is_unchanged_after_answers_and_errors():
    before = flint.ctx.prec, mpmath.mp.dps
    critical_temperature(BimodalTarget(3, 0.8), digits=33)
    with pytest.raises(NoCollapsedState):
        critical_temperature(BimodalTarget(1, 0.8), digits=33)
    with pytest.raises(DomainError):
        hot_separation("0.5", digits=33)
    with flint_precision(300), pytest.raises(PrecisionError):
        enclosed_root(lambda x, jacobian: [[2 * x[0]]] if jacobian else [x[0] * x[0] + 1], [Fraction(1)])
    assert (flint.ctx.prec, mpmath.mp.dps) == before


def test_two_roots_in_a_box_are_not_called_one():
    """x^2 = 1e-30 has two roots 2e-15 apart: one is found from its side, and none from between them."""

    def system(unknown, jacobian):
        (x,) = unknown
        return [[2 * x]] if jacobian else [x * x - exact_ball(Fraction(1, 10**30))]

    with flint_precision(200):
        (found,) = enclosed_root(system, [Fraction(3, 10**16)])
        assert found.overlaps(exact_ball(Fraction(1, 10**15)))
        assert found.rad() < 1e-40
        with pytest.raises(PrecisionError, match="0 digits reached"):
            enclosed_root(system, [Fraction(0)])


def test_threads_at_different_precision_give_what_one_gives():
    wanted = [20, 60, 35, 80]
    alone = [critical_temperature(BimodalTarget("3.1", "0.7"), digits=d) for d in wanted]
    forget()
    found = {}

    def work(digits):
        found[digits] = critical_temperature(BimodalTarget("3.1", "0.7"), digits=digits)

    threads = [threading.Thread(target=work, args=(d,)) for d in wanted]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [found[d] for d in wanted] == alone
