"""The errors of log P and log(1 - P): there where the values underflow, and as large as they should be."""

import math

import mpmath as mp
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anneal_theory.probability import collapse_probability
from anneal_theory.probability.cap_digits import LogProbability, cap_chance
from anneal_theory.probability.slow.slow_annealing import _errors
from anneal_theory.problem import BimodalTarget, GaussianInit
from anneal_theory.schedules import Constant, Exponential
from anneal_theory.threshold import collapse_threshold
from tests.exploration import examples

SLOW = BimodalTarget(3, "0.55"), Exponential(12, 30000)


@given(st.integers(2, 10**6), st.floats(-20, 3), st.floats(1e-6, 1), st.booleans())
@examples(60)
def test_an_error_of_the_threshold_moves_both_logarithms_by_no_more_than_stated(dim, log_rho, error, up):
    """P and 1 - P at one start, by the incomplete beta function to 30 digits, at the threshold and an error away."""
    with mp.workdps(40):
        place, other = mp.mpf(log_rho), mp.mpf(log_rho) + mp.mpf(error if up else -error)
    here, there = (cap_chance(dim, log_rho=x, digits=30) for x in (place, other))
    _, log_error, beyond = _errors(LogProbability(here.value, here.log_value, here.log_complement), error, error)
    with mp.workdps(40):
        assert abs(there.log_value - here.log_value) <= log_error * (1 + 1e-12)
        assert abs(there.log_complement - here.log_complement) <= beyond * (1 + 1e-12)


@pytest.mark.slow
@pytest.mark.parametrize("digits", [None, 20])
def test_the_slow_formula_states_the_error_of_a_logarithm_whose_value_underflows(digits):
    rules = {"method": "slow-annealing", "objective": "free-energy", "digits": digits}
    chance = collapse_probability(*SLOW, GaussianInit(128), **rules)
    edge = collapse_threshold(*SLOW, **rules)
    for found in (chance, edge):
        assert found.digits == digits
        assert found.log_value < -760
        assert 0.01 < found.log_error < 0.1
        assert (found.value == 0) == (digits is None)
    assert 0 <= chance.log_complement_error <= 1e-300


def test_the_errors_of_doubles_are_those_of_the_smaller_of_both_probabilities():
    found = collapse_probability(BimodalTarget(3, 0.8), Constant(1), GaussianInit(2000), relative_error=1e-3)
    rest = math.exp(found.log_complement)
    assert rest < 1e-20
    assert 0 < found.log_complement_error <= 1e-3
    assert found.log_error == pytest.approx(found.log_complement_error * rest)
    assert found.error >= 2.0**-54  # a double next to 1 cannot tell more
