"""Gauss rules to many digits, against moments known in closed form."""

from fractions import Fraction

import flint
import pytest

from anneal_theory.balls import exact_ball
from anneal_theory.numerics.gauss_digits import (
    chebyshev_points,
    chebyshev_values,
    gauss_rule,
    gegenbauer,
    log_gamma,
    to_chebyshev,
)
from anneal_theory.precision import flint_precision

BITS, CLOSE = 200, 2.0**-150


def moment(rule, function):
    return sum((weight * function(node) for node, weight in rule), flint.arb(0))


@pytest.mark.parametrize(("dim", "count"), [(3, 6), (4, 5), (513, 7)])
def test_the_rule_of_a_cosine_has_the_moments_of_a_coordinate_of_a_uniform_direction(dim, count):
    with flint_precision(BITS):
        rule = gauss_rule(gegenbauer(dim), count)
        expected = flint.arb(1)
        for k in range(count):  # E t^(2k) = prod (2j + 1)/(d + 2j)
            assert abs(moment(rule, lambda t, k=k: t ** (2 * k)) - expected).abs_upper() < CLOSE
            expected *= exact_ball(Fraction(2 * k + 1, dim + 2 * k))


@pytest.mark.parametrize("shape", [Fraction(64), Fraction(3, 2), Fraction(10**9)])
def test_the_rule_of_log_gamma_has_its_mass_mean_and_variance(shape):
    with flint_precision(BITS):
        rule = gauss_rule(log_gamma(shape, 5), 5)
        variance = flint.arb(2).zeta(exact_ball(shape))  # polygamma(1)
        for power, expected in ((0, flint.arb(1)), (1, flint.arb(0)), (2, variance)):
            found = moment(rule, lambda t, power=power: t**power)
            assert abs(found - expected).abs_upper() < CLOSE


def test_the_rule_of_log_gamma_averages_powers_to_quotients_of_gamma_functions():
    with flint_precision(BITS):
        shape, power = flint.arb(64), flint.arb(0.3)
        expected = ((shape + power).lgamma() - shape.lgamma()).exp()
        errors = []
        for count in (4, 8, 12):
            rule = gauss_rule(log_gamma(Fraction(64), count), count)
            found = moment(rule, lambda t, shape=shape, power=power: (power * (shape.digamma() + t)).exp())
            errors.append(float(abs(found / expected - 1).abs_upper()))
        assert all(error < most for error, most in zip(errors, (1e-14, 1e-30, 1e-45), strict=True))


def test_interpolation_at_chebyshev_points_is_that_of_a_polynomial():
    with flint_precision(BITS):
        points = chebyshev_points(9)
        series = to_chebyshev(9) * flint.arb_mat(9, 1, [x**8 - 3 * x for x in points])
        x = flint.arb("0.3")
        read = (chebyshev_values([x], 9) * series)[0, 0]
        assert abs(read - (x**8 - 3 * x)).abs_upper() < CLOSE
