"""Chebyshev collocation integrates and sums what it should, in doubles and in mpmath."""

import math

import numpy as np
import pytest

from anneal_theory.numerics.collocation import Elementwise, chebyshev_value, double_rule, rising_zero, rule_in
from anneal_theory.precision import mpmath_context


@pytest.mark.parametrize("count", [3, 8, 20])
def test_polynomials_are_integrated_exactly(count):
    rule = double_rule(count)
    for power in range(count):
        values = rule.nodes**power
        exact = (rule.nodes ** (power + 1) - (-1.0) ** (power + 1)) / (power + 1)
        np.testing.assert_allclose(rule.running @ values, exact, atol=2e-15 * count)
        assert rule.whole @ values == pytest.approx((1 - (-1.0) ** (power + 1)) / (power + 1), abs=1e-15 * count)


def test_series_are_summed_and_their_tail_is_what_is_left():
    rule = double_rule(12)
    values = np.exp(rule.nodes)
    series = rule.series(values)
    assert chebyshev_value(list(series), 0.3) == pytest.approx(math.exp(0.3), abs=1e-12)
    np.testing.assert_allclose(chebyshev_value(list(series), rule.nodes), values, atol=1e-14)
    assert 1e-14 < rule.tail(values) < 1e-8


def test_the_same_to_digits():
    with mpmath_context(45) as context:
        rule, functions = rule_in(context, 44), Elementwise(context)
        values = functions.exp(rule.nodes)
        error = rule.whole @ values - (context.exp(1) - context.exp(-1))
        assert abs(error) < context.mpf(10) ** -40
        root = rising_zero(lambda x: x**3 - 2, context.mpf(1), context.mpf(2), context.mpf(10) ** -40)
        assert abs(root**3 - 2) < context.mpf(10) ** -38
