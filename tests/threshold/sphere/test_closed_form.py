"""The paper's formula exactly as published, and slow cooling by Laplace's method."""

import math

import mpmath
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import cumulative_trapezoid

from anneal_theory.problem import BimodalTarget
from anneal_theory.schedules import ExponentialToOne
from anneal_theory.threshold.sphere.antipodal import antipodal_alpha
from anneal_theory.threshold.sphere.closed_form import closed_form_threshold, slow_cooling_threshold
from anneal_theory.threshold.sphere.linear_passage import passage_threshold
from tests.exploration import examples
from tests.oracles.figures_of_paper import COOLED, HOT, HOT_TEMPERATURE, LAST
from tests.oracles.sphere_of_paper import overlap


def published(separation, weight, temperature, time, alpha):
    """sqrt(2) eps exp(-I) in plain Python."""
    eps = 0.5 * math.log(weight / (1 - weight)) / separation**2
    below = max(math.sqrt(alpha) / separation - 1 / math.sqrt(temperature), 0)
    return (
        math.sqrt(2) * eps * math.exp(-separation / math.sqrt(2 * math.pi) * 2 * time / math.log(temperature) * below)
    )


@pytest.mark.parametrize(("separation", "weight", "temperature", "time", "thresholds", "value"), COOLED)
def test_the_figures_of_the_theory(separation, weight, temperature, time, thresholds, value):
    found = closed_form_threshold(BimodalTarget(separation, weight), ExponentialToOne(temperature, duration=time))
    assert float(f"{found:.6g}") == value


@pytest.mark.parametrize(("weight", "kappa", "thresholds", "sharp", "logs"), HOT)
def test_its_errors_from_hot_starts(weight, kappa, thresholds, sharp, logs):
    """Along the lagging variance the exponent is sqrt(1 - kappa) times as large, which is put in by hand here."""
    target, schedule = BimodalTarget(3, weight), ExponentialToOne(HOT_TEMPERATURE, 1 / kappa)
    start = math.log(math.sqrt(2) * target.half_log_odds / 9)
    slaved = math.log(closed_form_threshold(target, schedule, alpha=antipodal_alpha()))
    lagging = start + math.sqrt(1 - kappa) * (slaved - start)
    for found, exact, expected in zip((lagging, slaved), thresholds, logs, strict=True):
        assert abs(found - math.log(float(exact)) - expected) < LAST


@examples(50)
@given(separation=st.floats(0.5, 20), weight=st.floats(0.501, 0.99), temperature=st.floats(1.01, 1e5),
       time=st.floats(0.1, 100), alpha=st.floats(0.1, 2))  # fmt: skip
def test_it_is_what_was_published(separation, weight, temperature, time, alpha):
    target, schedule = BimodalTarget(separation, weight), ExponentialToOne(temperature, time / math.log(temperature))
    found = closed_form_threshold(target, schedule, alpha=alpha)
    assert found == pytest.approx(published(separation, weight, temperature, time, alpha), rel=1e-10, abs=1e-300)
    assert float(closed_form_threshold(target, schedule, alpha=alpha, digits=30)) == pytest.approx(found, rel=1e-15)


def test_digits_by_hand():
    found = closed_form_threshold(BimodalTarget(3, "0.8"), ExponentialToOne(90, 7), digits=40)
    with mpmath.workdps(60):
        eps, below = mpmath.log(4) / 18, mpmath.sqrt(mpmath.mpf("0.608")) / 3 - 1 / mpmath.sqrt(90)
        exact = mpmath.sqrt(2) * eps * mpmath.exp(-3 / mpmath.sqrt(2 * mpmath.pi) * 14 * below)
        assert abs(found / exact - 1) < mpmath.mpf(10) ** -40


def test_without_bias_it_is_zero():
    assert closed_form_threshold(BimodalTarget(3, 0.5), ExponentialToOne(90, 7)) == 0


def log_passage(target, rate):
    """log x_c of an endlessly hot start at v = T and R = inf, by the integral over q = R/sqrt(T).

    T falls at the rate, so that dt = 2 dq/(rate q); lam = q/sqrt(2 pi) then, and the push is 2 G(2q).
    """
    logs = np.linspace(math.log(1e-4), math.log(8), 20_001)
    q = np.exp(logs)
    push = 2 * overlap(2 * q)
    gone = cumulative_trapezoid(push[::-1], -logs[::-1], initial=0)[::-1]  # from q on
    exponent = -2 / rate * (q / math.sqrt(2 * math.pi) + gone)
    top = exponent.max()
    integral = np.trapezoid(push * np.exp(exponent - top), logs) / rate
    return math.log(2 * target.half_log_odds / target.separation**2 * integral) + top


@pytest.mark.slow
def test_laplace_is_the_limit_of_slow_cooling():
    """The remainder of the passage falls like kappa: its quotient by kappa settles.

    The passage is the integral that Laplace's method takes, to 1e-6: T0 = 1e20 leaves out
    2/kappa times a q of 1e-8, and R = 100 terms of order R^-4/kappa.
    """
    target, rests = BimodalTarget(100, 0.55), []
    for rate in (0.2, 0.1, 0.05):
        plain = passage_threshold(target, ExponentialToOne(1e20, 1 / rate), "follows-temperature", end="annealing")
        assert plain.log_value == pytest.approx(log_passage(target, rate), abs=1e-6)
        rests.append((plain.log_value - math.log(slow_cooling_threshold(target, 1 / rate))) / rate)
    assert abs(rests[2] - rests[1]) < abs(rests[1] - rests[0]) < 0.02 * rests[0]


@pytest.mark.slow
def test_laplace_to_digits_agrees_with_doubles():
    target = BimodalTarget(3, 0.55)
    few, many = slow_cooling_threshold(target, 5), slow_cooling_threshold(target, 5, digits=30)
    assert few == pytest.approx(float(many), rel=1e-14)
    with mpmath.workdps(45):
        assert abs(many / slow_cooling_threshold(target, 5, digits=40) - 1) < mpmath.mpf(10) ** -30
