"""psi where the variance moves, against its definition by the trapezoidal rule."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anneal_theory.averages.variance_table_kernels import mean_curve, pair_means, pair_radius_slopes, pair_slopes
from anneal_theory.averages.variance_tables import variance_table
from anneal_theory.errors import DomainError
from anneal_theory.problem import BimodalTarget

LOWEST, HIGHEST = 0.5, 200.0
CLOSE = 1e-12  # rounding of sums whose terms are some units


def mean(function, radius):
    """E function(z) for functions that are analytic within 1/radius of the real line."""
    step = min(0.1, 0.3 / radius)
    z = np.arange(-10.0, 10.0, step)
    return float(np.sum(np.exp(-0.5 * z * z) * function(z)) * step / math.sqrt(2 * math.pi))


def sech2(x):
    return 1 / np.cosh(np.clip(x, -300, 300)) ** 2


@given(
    st.sampled_from([(0.4, 0.6), (1.5, 0.999), (3, 0.8), (6, 0.3)]),
    st.floats(LOWEST, HIGHEST),
    st.floats(-1, 1),
    st.floats(-1, 1),
)
def test_means_slopes_and_quotients_are_those_of_the_definition(which, variance, first, second):
    target = BimodalTarget(*which)
    table = variance_table(target, LOWEST, HIGHEST)
    radius = target.separation * math.sqrt(variance)
    a1, a2 = first * table.reach, second * table.reach
    psi_1, psi_2 = (mean(lambda z, a=a: np.tanh(a + radius * z), radius) for a in (a1, a2))
    prime_1, prime_2 = (mean(lambda z, a=a: sech2(a + radius * z), radius) for a in (a1, a2))
    wide_1, wide_2 = (mean(lambda z, a=a: radius * z * sech2(a + radius * z), radius) for a in (a1, a2))
    # The quotient as the mean of a derivative along the line between both, which cancels nowhere.
    nodes, weights = np.polynomial.legendre.leggauss(60)
    line = [(a1 * (1 + x) + a2 * (1 - x)) / 2 for x in nodes]
    quotient = 0.5 * sum(
        w * mean(lambda z, a=a: sech2(a + radius * z), radius) for a, w in zip(line, weights, strict=True)
    )
    tolerance = CLOSE * max(1.0, table.reach)
    assert pair_means(a1, a2, math.log(radius), table.arrays) == pytest.approx((psi_1, psi_2, quotient), abs=tolerance)
    found = pair_slopes(a1, a2, math.log(radius), table.arrays)
    assert found[:5] == pytest.approx((psi_1, psi_2, prime_1, prime_2, quotient), abs=tolerance)
    bend = mean(lambda z: -2 * np.tanh(a1 + radius * z) * sech2(a1 + radius * z), radius)
    curve = mean_curve(a1, math.log(radius), table.arrays)
    assert curve[:2] == pytest.approx((psi_1, prime_1), abs=tolerance)
    assert curve[2] == pytest.approx(bend, abs=1000 * tolerance)
    if abs(a1 - a2) > 0.1:
        by_1, by_2 = (prime_1 - quotient) / (a1 - a2), (quotient - prime_2) / (a1 - a2)
        assert found[5:] == pytest.approx((by_1, by_2), abs=100 * tolerance)
        wide = wide_1, wide_2, (wide_1 - wide_2) / (a1 - a2)
        assert pair_radius_slopes(a1, a2, math.log(radius), table.arrays) == pytest.approx(wide, abs=100 * tolerance)


def test_means_that_coincide_have_the_slope_for_a_quotient():
    table = variance_table(BimodalTarget(3, "0.8"), LOWEST, HIGHEST)
    found = pair_slopes(0.7, 0.7, 1.0, table.arrays)
    assert found[4] == pytest.approx(found[2], rel=1e-13)
    assert found[5] == pytest.approx(found[6], rel=1e-12)
    assert pair_means(0.7, 0.7 + 1e-9, 1.0, table.arrays)[2] == pytest.approx(found[2], rel=1e-8)


def test_a_range_that_no_table_holds_is_refused():
    with pytest.raises(DomainError, match="schedule"):
        variance_table(BimodalTarget(3, "0.8"), 1.0, math.inf)
