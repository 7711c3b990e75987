"""The paper's formula exactly as published, and slow cooling by Laplace's method."""

import math

import mpmath
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anneal_theory.problem import BimodalTarget
from anneal_theory.schedules import ExponentialToOne
from anneal_theory.threshold.sphere.antipodal import antipodal_alpha
from anneal_theory.threshold.sphere.closed_form import closed_form_threshold, slow_cooling_threshold
from anneal_theory.threshold.sphere.linear_passage import passage_threshold
from tests.exploration import examples


def published(separation, weight, temperature, time, alpha):
    """sqrt(2) eps exp(-I) in plain Python."""
    eps = 0.5 * math.log(weight / (1 - weight)) / separation**2
    below = max(math.sqrt(alpha) / separation - 1 / math.sqrt(temperature), 0)
    return (
        math.sqrt(2) * eps * math.exp(-separation / math.sqrt(2 * math.pi) * 2 * time / math.log(temperature) * below)
    )


@pytest.mark.parametrize(
    ("separation", "weight", "temperature", "time", "value"),
    [(3, 0.8, 90, 35, 0.00613493), (3, 0.8, 9, 20, 0.108918), (3, 0.8, 9000, 20, 0.0293534),
     (2.5, 0.7, 50, 30, 0.00706507)],
)  # fmt: skip
def test_the_figures_of_the_theory(separation, weight, temperature, time, value):
    found = closed_form_threshold(
        BimodalTarget(separation, weight), ExponentialToOne(temperature, time / math.log(temperature))
    )
    assert found == pytest.approx(value, rel=5e-6)


# w*, kappa, x_c trained and with v = T, log of the formula over each
HOT = [
    (0.55, 0.1, 0.0000115960, 0.00000828634, 1.509, 1.536), (0.55, 0.2, 0.000544823, 0.000387876, 0.675, 0.698),
    (0.55, 0.4, 0.00382790, 0.00269880, 0.251, 0.261), (0.55, 0.7, 0.00818893, 0.00576325, 0.184, 0.147),
    (0.8, 0.1, 0.000181399, 0.000129915, 0.692, 0.717), (0.8, 0.2, 0.00490933, 0.00349843, 0.410, 0.431),
    (0.8, 0.4, 0.0278637, 0.0196619, 0.199, 0.208), (0.8, 0.7, 0.0573875, 0.0403990, 0.170, 0.133),
]  # fmt: skip


@pytest.mark.parametrize(("weight", "kappa", "trained", "slaved", "log_trained", "log_slaved"), HOT)
def test_its_errors_from_hot_starts(weight, kappa, trained, slaved, log_trained, log_slaved):
    """Along the lagging variance the exponent is sqrt(1 - kappa) times as large, which is put in by hand here."""
    target, schedule = BimodalTarget(3, weight), ExponentialToOne(9e4, 1 / kappa)
    found = closed_form_threshold(target, schedule, alpha=antipodal_alpha())
    assert math.log(found / slaved) == pytest.approx(log_slaved, abs=0.0008)
    start = math.log(math.sqrt(2) * target.half_log_odds / 9)
    lagging = start + math.sqrt(1 - kappa) * (math.log(found) - start)
    assert lagging - math.log(trained) == pytest.approx(log_trained, abs=0.0008)


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


@pytest.mark.slow
def test_laplace_is_the_limit_of_slow_cooling():
    """The remainder of the passage falls like kappa; 1 % of the exponent would be 0.1 at kappa = 0.05."""
    target, rests = BimodalTarget(100, 0.55), []
    for rate in (0.2, 0.1, 0.05):
        plain = passage_threshold(target, ExponentialToOne(1e13, 1 / rate), "follows-temperature", end="annealing")
        rests.append((plain.log_value - math.log(slow_cooling_threshold(target, 1 / rate))) / rate)
    assert max(rests) - min(rests) < 0.01
    assert rests[-1] == pytest.approx(0.19, abs=0.005)


@pytest.mark.slow
def test_laplace_to_digits_agrees_with_doubles():
    target = BimodalTarget(3, 0.55)
    few, many = slow_cooling_threshold(target, 5), slow_cooling_threshold(target, 5, digits=30)
    assert few == pytest.approx(float(many), rel=1e-14)
    with mpmath.workdps(45):
        assert abs(many / slow_cooling_threshold(target, 5, digits=40) - 1) < mpmath.mpf(10) ** -30
