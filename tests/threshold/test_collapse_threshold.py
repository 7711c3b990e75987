"""The threshold against reference figures, SciPy's integrator, symmetries and bad input."""

import math

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from anneal_theory.averages import mmse, psi, psi_prime
from anneal_theory.errors import DomainError
from anneal_theory.models.trapping_regions import trapping_boxes
from anneal_theory.problem import BimodalTarget, Dynamics
from anneal_theory.schedules import Constant, Exponential, from_callable
from anneal_theory.threshold import collapse_threshold

TARGET = BimodalTarget(3, 0.8)
# Bisected DOP853 solutions at rtol 1e-10 (theory section 10), to the digits given.
REFERENCE = [
    ("tempered-target", 1, 1, 0.28766271),
    ("tempered-target", 10, 10, 0.08789369),
    ("tempered-target", 10, 100, 0.05404872),
    ("tempered-target", 30, 30, 0.05520408),
    ("free-energy", 10, 10, 0.05612275),
    ("free-energy", 10, 100, 0.03072380),
    ("free-energy", 30, 30, 0.02500703),
]


@pytest.mark.parametrize(("objective", "temperature", "decay", "expected"), REFERENCE)
def test_the_threshold_has_its_reference_digits(objective, temperature, decay, expected):
    found = collapse_threshold(TARGET, Exponential(temperature, decay), s0=0, distance_squared=2, objective=objective)
    assert found.value == pytest.approx(expected, abs=2e-8)
    assert found.error <= 1e-8 * found.value
    assert math.exp(found.log_value) == pytest.approx(found.value, rel=1e-14)


@pytest.mark.parametrize("ratio", [0.999, 1.001])
def test_scipy_runs_on_either_side_of_the_threshold_end_apart(ratio):
    """The means of one run in three dimensions, by DOP853 and the averages' quadrature alone: sees errors of 1e-3."""
    schedule = Exponential(5, 3)
    rho = ratio * collapse_threshold(TARGET, schedule, s0="0.4", distance=1).value
    cosine = rho / math.hypot(1, rho)

    def rates(t, y):
        m1, m2, across = y
        gap, pull = m1 - m2, schedule.beta(float(t)) / 2
        push = float(mmse(math.hypot(gap / 3, across)))
        first, second = (9 * float(psi(m, TARGET)) - m for m in (m1, m2))
        return [pull * first + push * gap, pull * second - push * gap, (2 * push - pull) * across]

    start = [0.4 + 1.5 * cosine, 0.4 - 1.5 * cosine, math.sqrt(1 - cosine**2)]
    end = solve_ivp(rates, (0, 150), start, method="LSODA", rtol=1e-9, atol=1e-10).y[:, -1]
    assert (end[0] * end[1] > 0) == (ratio < 1)


@pytest.mark.parametrize("ratio", [0.999, 1.001])
def test_scipy_runs_from_close_to_the_unstable_zero_end_apart(ratio):
    """In logarithms of the three statistics; the threshold is 4e-17 there."""
    target, schedule = BimodalTarget(3, "1/2"), Exponential(5, 3)
    log_rho = math.log(ratio) + collapse_threshold(target, schedule, s0="1e-9", distance=1).log_value

    def rates(t, y):
        s, delta, across = np.exp(y)
        beta = schedule.beta(float(t))
        first, second = (float(psi(m, target)) for m in (s + delta / 2, s - delta / 2))
        slope = float(psi_prime(s, target)) if delta < 1e-4 * s else (first - second) / delta
        spread = 2 * float(mmse(math.hypot(delta / 3, across))) - beta / 2
        return [beta / 2 * (9 * (first + second) / (2 * s) - 1), spread + beta / 2 * 9 * slope, spread]

    def both_at_one_mode(t, y):
        return math.exp(y[0]) - math.exp(y[1]) / 2

    both_at_one_mode.terminal = True  # the second mean crosses the unstable zero and the run is split
    run = solve_ivp(rates, (0, 3000), [math.log(1e-9), math.log(3) + log_rho, 0], rtol=1e-9, atol=1e-9, method="LSODA",
                    events=both_at_one_mode)  # fmt: skip
    assert (not len(run.t_events[0])) == (ratio < 1)


def test_mirroring_the_target_and_the_start_keeps_the_threshold():
    schedule = Exponential(10, 10)
    there = collapse_threshold(TARGET, schedule, s0="0.3")
    back = collapse_threshold(TARGET.reflected, schedule, s0="-0.3")
    assert there.value == pytest.approx(back.value, rel=1e-9)


def test_the_natural_metric_with_equal_weights_is_the_euclidean_one_at_twice_the_speed():
    natural = collapse_threshold(TARGET, Exponential(10, 10), metric="natural")
    euclidean = collapse_threshold(TARGET, Exponential(10, 20))
    assert natural.value == pytest.approx(euclidean.value, rel=1e-9)


def test_a_threshold_far_below_the_doubles_keeps_its_logarithm():
    found = collapse_threshold(TARGET, Exponential(30, 100_000), objective="free-energy")
    assert found.value == 0.0
    # Leading order of theory section 6: -kappa* tau_hot, with a prefactor whose logarithm is below 20.
    hot = 0.5 * 100_000 * math.log(29 / 4.58355)
    assert found.log_value == pytest.approx(-0.01978001 * hot, abs=20)


def test_targets_with_one_attractor_have_thresholds_of_zero_or_infinity():
    assert collapse_threshold(BimodalTarget(2, 0.5), Constant(1)).value == 0
    assert math.isinf(collapse_threshold(BimodalTarget(2.2, 0.95), Constant(1)).value)


@pytest.mark.parametrize("schedule", [Constant(1), Exponential(10, 10), Exponential(100, 50)], ids=str)
@pytest.mark.parametrize("objective", ["tempered-target", "free-energy"])
def test_no_pair_balanced_between_equal_modes_collapses(objective, schedule):
    """m1 = -m2 and equal weights stay so by symmetry, and every pair but an exactly coincident one parts."""
    found = collapse_threshold(BimodalTarget(3, 0.5), schedule, objective=objective)
    assert (found.value, found.log_value) == (0.0, -math.inf)
    assert "no pair" in found.note


@pytest.mark.parametrize("schedule", [pytest.param(Constant(1), marks=pytest.mark.slow), Exponential(10, 10)], ids=str)
def test_close_to_the_balance_the_threshold_is_a_power_of_the_overlap(schedule):
    """While both are small, rho grows as e^(k tau), s as e^((k - 1) tau), and at T = 1 D^2 falls as 1/tau.

    With tau = log(1/s0)/(k - 1) at the end of it, log rho_c is k/(k - 1) log s0 + 1/2 log log(1/s0) + constant.
    """
    target = BimodalTarget(3, 0.5)
    rate = 9 * float(psi_prime(0.0, target))
    near, far = (collapse_threshold(target, schedule, s0=f"1e-{n}").log_value for n in (60, 160))
    expected = rate / (rate - 1) * 100 * math.log(10) - math.log(160 / 60) / 2
    assert near - far == pytest.approx(expected, abs=0.1)  # of 408: D^2 falls as 1/(tau + a constant)


@pytest.mark.slow
def test_runs_started_in_a_box_stay_in_it():
    """100 random starts in each box, integrated at the box's own temperature by SciPy."""
    rng = np.random.default_rng(7)
    for side, edge, width, warmest in trapping_boxes(TARGET, Dynamics()):
        temperature = min(warmest, 50.0)

        def rates(t, y, temperature=temperature):
            m1, m2, across = y.reshape(3, -1)
            gap = m1 - m2
            push = temperature * np.asarray(mmse(np.hypot(gap / 3, across)))
            first, second = (9 * np.asarray(psi(m, TARGET)) - m for m in (m1, m2))
            return np.concatenate([first / 2 + push * gap, second / 2 - push * gap, (2 * push - 0.5) * across])

        low = side * edge + rng.exponential(1.0, 100)
        gap = 3 * width * rng.uniform(0, 1, 100) * rng.uniform(0, 1, 100)
        across = np.sqrt(np.maximum(width**2 - (gap / 3) ** 2, 0)) * rng.uniform(0, 1, 100)
        pair = np.array([low + gap, low]) if side > 0 else np.array([-low, -low - gap])
        end = solve_ivp(rates, (0, 40), np.concatenate([pair.ravel(), across]), rtol=1e-8, atol=1e-9).y[:, -1]
        assert np.all(side * end[:200] >= side * edge - 1e-6)


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        ({"distance": 0}, "distance"),
        ({"distance": 1, "distance_squared": 1}, "distance"),
        ({"s0": "nan"}, "s0"),
        ({"family_weight": 0.3}, "family_weight"),
    ],
)
def test_bad_input_names_its_argument(arguments, named):
    with pytest.raises(DomainError, match=rf"^{named} must be "):
        collapse_threshold(TARGET, Constant(1), **arguments)


def test_a_schedule_that_ends_hot_is_refused():
    with pytest.raises(DomainError, match="schedule must be one that ends at temperature 1"):
        collapse_threshold(TARGET, from_callable(lambda t: 1.5 + 0 * t, 10.0))
