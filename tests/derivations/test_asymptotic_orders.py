"""Each asymptotic formula converges at the order its page states, against values from the averages to many digits.

The order is the slope of log(error) against log(small parameter) between successive points. The next term, smaller by
the small parameter or its square, bends the slope; the margins below are that bend at the points used.
"""

import itertools

import mpmath
import pytest

from anneal_theory import BimodalTarget, Exponential, asymptotics
from anneal_theory.averages import mmse, psi, psi_prime
from anneal_theory.fixed_points import critical_temperature
from anneal_theory.formulas import large_separation_mp

mp = mpmath.mp


def orders(parameters, errors):
    """Slopes between successive points."""
    pairs = itertools.pairwise(zip(parameters, errors, strict=True))
    return [float(mpmath.log(abs(f / e)) / mpmath.log(q / p)) for (p, e), (q, f) in pairs]


def assert_order(parameters, errors, stated, margin):
    measured = orders(parameters, errors)
    assert all(abs(one - stated) < margin for one in measured), f"orders {measured}, stated {stated}"


def hot_distance_squared(temperature, weight, guess):
    """D_T^2 from T G(D) = w1 w2, solved through its logarithm."""
    load = mpmath.log(weight * (1 - weight) / temperature)

    def surplus(square):
        return mpmath.log(mmse(mpmath.sqrt(square), weight, digits=mp.dps - 3)) - load

    return mpmath.findroot(surplus, (guess, guess * mpmath.mpf("1.0001")), tol=mpmath.mpf(10) ** (12 - 2 * mp.dps))


@pytest.mark.parametrize("weight", ["0.5", "0.2"])
def test_the_series_of_the_hot_distance_errs_in_the_fifth_order_of_the_excess(weight):
    with mpmath.workdps(40):
        share = mpmath.mpf(weight)
        excesses = [mpmath.mpf(2) ** -n for n in (11, 12, 13)]
        errors = []
        for excess in excesses:
            value = asymptotics.warm_separation(1 + excess, weight, digits=mp.dps) ** 2
            errors.append(hot_distance_squared(1 + excess, share, value) - value)
        assert_order(excesses, errors, 5, 0.02)


@pytest.mark.parametrize("weight", ["0.5", "0.2"])
def test_the_hot_distance_errs_in_the_third_order_of_lamberts_function_and_without_corrections_in_the_first(weight):
    with mpmath.workdps(30):
        share = mpmath.mpf(weight)
        lamberts = [mpmath.mpf(n) for n in (200, 400, 800)]
        found = []
        for lambert in lamberts:
            temperature = mpmath.sqrt(8 * share * (1 - share) / mpmath.pi * lambert * mpmath.exp(lambert))
            full = asymptotics.hot_separation(temperature, weight, digits=mp.dps) ** 2
            true = hot_distance_squared(temperature, share, full)
            found.append((true - 4 * lambert, true - full))
        for order, errors in zip((1, 3), zip(*found, strict=True), strict=True):
            assert_order([1 / one for one in lamberts], errors, order, 0.06)


def half_log_odds(weight):
    return mpmath.log(mpmath.mpf(weight) / (1 - mpmath.mpf(weight))) / 2


def collapsed(separation, weight):
    """R^2 - s* and kappa* by iteration of s = R^2 psi(s); each step gains about log10(1/kappa*) digits."""
    target = BimodalTarget(separation, weight)
    square = mpmath.mpf(separation) ** 2
    s = square
    for _ in range(4):
        s = square * psi(s, target, digits=mp.dps - 5)
    return square - s, square * psi_prime(s, target, digits=30)


@pytest.mark.parametrize("weight", ["0.5", "0.8"])
def test_the_collapsed_state_at_large_separation_errs_in_the_sixth_order(weight):
    with mpmath.workdps(190):
        separations, gaps, rates, leading = (12, 16, 24), [], [], []
        for separation in separations:
            gap, rate = collapsed(separation, weight)
            radius, h = mpmath.mpf(separation), half_log_odds(weight)
            shown = asymptotics.collapsed_state(BimodalTarget(separation, weight), digits=mp.dps)
            gaps.append((radius**2 - shown.overlap) / gap - 1)
            rates.append(shown.escape_rate / rate - 1)
            a = 1 + h / radius**2
            front = radius * mpmath.sqrt(mpmath.pi / 2) * mpmath.exp(-((radius * a) ** 2) / 2)
            leading.append(front * a / mpmath.sin(mpmath.pi * a / 2) / rate - 1)
        small = [1 / mpmath.mpf(one) for one in separations]
        assert_order(small, gaps, 6, 0.35)
        assert_order(small, rates, 6, 0.35)
        assert_order(small, leading, 2, 0.1)
        assert abs(leading[-1] * separations[-1] ** 2 - mpmath.pi**2 / 8) < 0.05


def test_the_rate_at_the_origin_errs_in_the_fourth_order_of_the_inverse_separation():
    with mpmath.workdps(30):
        separations, errors = [mpmath.mpf(n) for n in (10, 20, 40)], []
        for separation in separations:
            target = BimodalTarget(separation, "0.8")
            true = separation**2 * psi_prime(0, target, digits=25)
            errors.append(asymptotics.start_rate(target, digits=25) / true - 1)
        assert_order([1 / one for one in separations], errors, 4, 0.05)


@pytest.mark.parametrize("weight", ["0.5", "0.2"])
@pytest.mark.parametrize(
    ("formula", "distances", "order"),
    [(asymptotics.close_mmse, ("0.1", "0.05", "0.025"), 10), (asymptotics.far_mmse, ("40", "80", "160"), -6)],
)
def test_the_label_error_at_either_end_errs_in_the_stated_order_of_the_distance(weight, formula, distances, order):
    with mpmath.workdps(40):
        gaps = [mpmath.mpf(one) for one in distances]
        errors = [formula(one, weight, digits=40) / mmse(one, weight, digits=40) - 1 for one in distances]
        assert_order(gaps, errors, order, 0.06)


def test_the_clock_of_a_hot_exponential_schedule_saturates_in_the_first_order_of_its_inverse_temperature():
    limit = asymptotics.saturated_clock(5, 100)
    temperatures = [10.0**n for n in (3, 4, 5)]
    errors = [limit - Exponential(temperature, 100).clock_above(5) for temperature in temperatures]
    assert_order([1 / one for one in temperatures], errors, 1, 1e-3)
    assert errors[-1] == pytest.approx(100 / temperatures[-1], rel=1e-3)


def log_fold(separation, weight):
    """log T_c, (m2 + h)/R and D at the maximum of T = p/(2 G(D) (m1 - m2)) along the rest points, by Newton's method.

    Beyond the mode 1 - psi(m1) is below e^{-3R^2/2} and counts in log T_c only, where it is kept.
    """
    target = BimodalTarget(separation, weight)
    radius = mpmath.mpf(separation)

    def height(m2):
        push = radius**2 * psi(m2, target, digits=32) - m2
        m1 = radius**2 + push
        for _ in range(3):
            m1 = radius**2 * psi(m1, target, digits=32) + push
        return mpmath.log(push / (2 * mmse((m1 - m2) / radius, digits=32) * (m1 - m2)))

    step = radius * mpmath.mpf(10) ** -8
    m2 = radius * large_separation_mp.fold_place_large(mp, radius)
    for _ in range(6):
        below, here, above = height(m2 - step), height(m2), height(m2 + step)
        m2 -= step * (above - below) / (2 * (above - 2 * here + below))
    return (
        height(m2),
        (m2 + half_log_odds(weight)) / radius,
        radius * (1 + psi(m2, target, digits=32)) - 2 * m2 / radius,
    )


def fold_formulas(separation, weight):
    """The formulas for log T_c, y, and the distance of the pair."""
    target, depth = BimodalTarget(separation, weight), large_separation_mp.fold_place_large(mp, mpmath.mpf(separation))
    logarithm = asymptotics.log_critical_temperature(target, digits=mp.dps)
    return logarithm, depth, asymptotics.fold_distance(target, digits=mp.dps)


@pytest.mark.parametrize("weight", ["0.5", "0.8"])
def test_the_fold_errs_in_the_stated_orders_of_the_separation(weight):
    """The logarithms of R in the remainders move the slope against R by up to 3/(2 y^2), 0.2 here."""
    with mpmath.workdps(36):
        separations = [mpmath.mpf(n) for n in (30, 60, 120)]
        true = [log_fold(one, weight) for one in separations]
        found = [fold_formulas(one, weight) for one in separations]
        full, depths, distances = (
            [value[k] - one[k] for value, one in zip(true, found, strict=True)] for k in range(3)
        )
        small = [1 / radius for radius in separations]
        assert_order(small, full, 3, 0.2)
        assert_order(small, depths, 2, 0.2)
        assert_order(small, distances, 4, 0.6)


@pytest.mark.parametrize("separation", [4, 6, 8, 10, 12])
@pytest.mark.parametrize("weight", ["0.5", "0.8"])
def test_the_critical_temperature_lies_within_the_remainder(separation, weight):
    formula, depth, _ = fold_formulas(separation, weight)
    value = mpmath.log(critical_temperature(BimodalTarget(separation, weight)))
    assert abs(value - formula) < 2 * (depth / separation) ** 3
