"""The bimodal target: its density, its draws, its parameters."""

from fractions import Fraction

import mpmath as mp
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from anneal_theory.errors import DomainError
from anneal_theory.problem import BimodalTarget
from tests.budgets import FALSE_ALARM

targets = st.builds(BimodalTarget, st.floats(0.01, 60), st.floats(1e-9, 1 - 1e-9))


@given(targets, st.integers(1, 5), st.data())
def test_log_density_is_that_of_the_mixture_of_two_normals(target, dim, data):
    x = np.array(data.draw(st.lists(st.floats(-70, 70), min_size=dim, max_size=dim)))
    with mp.workdps(40):
        centre = mp.mpf(target.separation)
        weight = mp.mpf(target.exact_weight.numerator) / target.exact_weight.denominator
        square = sum(mp.mpf(float(v)) ** 2 for v in x[1:])
        first, second = (mp.exp(-((mp.mpf(float(x[0])) - s * centre) ** 2) / 2) for s in (1, -1))
        density = (weight * first + (1 - weight) * second) * mp.exp(-square / 2) / mp.sqrt(2 * mp.pi) ** dim
        assert abs(target.log_prob(x) - mp.log(density)) <= 1e-14 * (1 + abs(mp.log(density))) + 1e-14


def test_log_density_agrees_with_scipy_on_arrays_of_points():
    target, x = BimodalTarget(3, 0.8), np.random.default_rng(1).normal(size=(4, 5, 3), scale=3)
    centre = np.array([3.0, 0, 0])
    first, second = (stats.multivariate_normal(mean=sign * centre).pdf(x) for sign in (1, -1))
    assert target.log_prob(x) == pytest.approx(np.log(0.8 * first + 0.2 * second), rel=1e-13)
    assert target.log_prob(x).shape == (4, 5)


def test_log_density_far_out_is_finite_and_does_not_overflow():
    assert np.isfinite(BimodalTarget(60, 1e-9).log_prob(np.array([[1e6, -1e6], [-1e6, 0], [60, 0]]))).all()


def test_draws_follow_the_law_of_the_target():
    target = BimodalTarget(3, 0.8)
    draws = target.sample(20_000, 3, np.random.default_rng(2))
    heavy = int(np.sum(draws[:, 0] > 0))
    inside = 0.8 * stats.norm.cdf(3) + 0.2 * stats.norm.cdf(-3)
    assert draws.shape == (20_000, 3)
    assert stats.binomtest(heavy, 20_000, inside).pvalue > FALSE_ALARM  # sees 0.02 in the weight
    cdf = lambda t: 0.8 * stats.norm.cdf(t - 3) + 0.2 * stats.norm.cdf(t + 3)  # noqa: E731
    assert stats.kstest(draws[:, 0], cdf).pvalue > FALSE_ALARM
    for axis in (1, 2):
        assert stats.kstest(draws[:, axis], "norm").pvalue > FALSE_ALARM
        assert stats.pearsonr(draws[:, 0], draws[:, axis]).pvalue > FALSE_ALARM


def test_equal_generators_give_equal_draws():
    first, second = (BimodalTarget(2, 0.5).sample(7, 2, np.random.default_rng(3)) for _ in range(2))
    assert np.array_equal(first, second)


@given(targets)
def test_half_log_odds_is_a_pair_of_doubles_good_to_thirty_digits(target):
    high, low = target.half_log_odds_pair
    with mp.workdps(60):
        weight = mp.mpf(target.exact_weight.numerator) / target.exact_weight.denominator
        exact = mp.log(weight / (1 - weight)) / 2
        assert abs(mp.mpf(high) + mp.mpf(low) - exact) <= mp.mpf(10) ** -30 * (1 + abs(exact))
    assert target.half_log_odds == high == high + low


def test_equal_weights_have_zero_log_odds():
    assert BimodalTarget(3, 0.5).half_log_odds_pair == (0, 0)


@given(targets)
def test_reflecting_twice_gives_the_target_back_and_changes_the_sign_of_the_log_odds(target):
    assert target.reflected.reflected == target
    assert target.reflected.half_log_odds == pytest.approx(-target.half_log_odds, rel=1e-15)
    assert target.heavy_first.half_log_odds >= 0
    assert target.heavy_first in (target, target.reflected)


def test_parameters_are_exact_and_targets_are_values():
    target = BimodalTarget(3, 0.8)
    assert (target.exact_separation, target.exact_weight) == (Fraction(3), Fraction(4, 5))
    assert target == BimodalTarget("3", Fraction(4, 5))
    assert hash(target) == hash(BimodalTarget(3.0, "0.80"))
    assert eval(repr(target)) == target


@pytest.mark.parametrize("value", [0, -1, float("nan"), float("inf"), "far", 1e308, "1e-400"])
def test_a_separation_that_is_not_positive_and_finite_is_refused(value):
    with pytest.raises(DomainError, match=r"^separation must be .*, but was .*; .*\.$"):
        BimodalTarget(value, 0.8)


@pytest.mark.parametrize("value", [0, 1, -0.1, 1.1, float("nan"), "1e-20", 1 - Fraction(1, 10**20)])
def test_a_weight_outside_the_open_unit_interval_is_refused(value):
    with pytest.raises(DomainError, match=r"^weight must be .*, but was .*; .*\.$"):
        BimodalTarget(3, value)
