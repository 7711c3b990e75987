"""Infinitely hot starts on the sphere: the shift against integrals and exact thresholds, the limit, and refusals."""

import math

import mpmath
import pytest

from anneal_theory.asymptotics import hot_start_shift
from anneal_theory.errors import DomainError
from anneal_theory.problem import BimodalTarget
from anneal_theory.schedules import ExponentialToOne
from anneal_theory.threshold import collapse_threshold
from anneal_theory.threshold.sphere.hot_start import hot_start_threshold

TARGET = BimodalTarget(3, 0.8)
RULES = {"objective": "free-energy", "constraint": "sphere"}


def log_rho(schedule, variance):
    log_x = collapse_threshold(TARGET, schedule, variance=variance, **RULES).log_value
    return log_x - 0.5 * math.log1p(-math.exp(2 * log_x))


@pytest.mark.parametrize(("variance", "decay"), [("trained", "2.5"), ("trained", 10), ("follows-temperature", "1.2")])
def test_the_shift_is_the_growth_left_out(variance, decay):
    """lambda along the run from T0, and along the one that has come from infinity; to 12 digits."""
    temperature = 5000
    shift = hot_start_shift(TARGET, ExponentialToOne(temperature, decay), variance, digits=15)
    with mpmath.workdps(20):
        kappa = 1 / mpmath.mpf(decay)

        def growth(v):
            return 3 / mpmath.sqrt(2 * mpmath.pi * v)

        far = 1 / (1 - kappa) if variance == "trained" else 1
        lag = kappa if variance == "trained" else 0

        def difference(t):
            endless = temperature * mpmath.exp(-kappa * t) * far
            return growth(endless) - (growth(endless * (1 - lag * mpmath.exp(-(1 - kappa) * t))) if t > 0 else 0)

        expected = mpmath.quad(difference, [-mpmath.inf, -20, 0]) + mpmath.quad(difference, [0, 5, 40, mpmath.inf])
        assert abs(shift - expected) < 1e-10 * abs(expected)


@pytest.mark.slow
@pytest.mark.parametrize(("variance", "decay", "order"), [("trained", 5, 0.8), ("follows-temperature", 2, 0.8)])
def test_what_is_left_out_falls_with_the_initial_temperature(variance, decay, order):
    """By a factor of ten or so for ten times the temperature, where the shift itself falls by three."""
    left = [
        log_rho(one, variance) - hot_start_shift(TARGET, one, variance)
        for one in (ExponentialToOne(10**k, decay) for k in (4, 5, 6))
    ]
    assert abs(left[2] - left[1]) < 10**-order * abs(left[1] - left[0]) + 1e-8
    limit = hot_start_threshold(TARGET, decay, variance)
    own = limit.log_value - 0.5 * math.log1p(-math.exp(2 * limit.log_value))
    assert abs(own - left[2]) < abs(left[2] - left[1]) + 1e-8
    assert limit.log_error < 1e-5


def test_a_limit_that_is_not_there_is_refused():
    with pytest.raises(DomainError, match="variance must be 'trained' or 'follows-temperature'"):
        hot_start_threshold(TARGET, 5, "fixed")
    with pytest.raises(DomainError, match=r"decay_time must be at least 1\.667"):
        hot_start_threshold(TARGET, 1)
    with pytest.raises(DomainError, match="weight must be other than 1/2"):
        hot_start_threshold(BimodalTarget(3, 0.5), 5)
