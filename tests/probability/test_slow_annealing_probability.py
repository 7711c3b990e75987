"""The probability of slow annealing: its average over starts, digits, and agreement with the exact one."""

import math

import mpmath as mp
import numpy as np
import pytest

from anneal_theory.averages import psi_prime
from anneal_theory.errors import DomainError, NoCollapsedState, PrecisionError
from anneal_theory.fixed_points import collapsed_state
from anneal_theory.fixed_points.transient_gain import transient_gain
from anneal_theory.probability import collapse_probability
from anneal_theory.probability.slow.slow_annealing import slow_chance
from anneal_theory.problem import BimodalTarget, Dynamics, GaussianInit
from anneal_theory.schedules import Exponential, Linear
from anneal_theory.threshold import collapse_threshold

TARGET = BimodalTarget(3, "0.8")


@pytest.mark.slow
@pytest.mark.parametrize(("separation", "weight", "dim"), [("3", "0.8", 8), ("3", "0.5", 128), ("2.5", "0.8", 16)])
@pytest.mark.parametrize("objective", ["tempered-target", "free-energy"])
def test_the_formula_agrees_with_the_exact_probability_within_its_error(separation, weight, dim, objective):
    target, schedule, init = BimodalTarget(separation, weight), Exponential(30, 10_000), GaussianInit(dim)
    exact = collapse_probability(target, schedule, init, objective=objective)
    found = collapse_probability(target, schedule, init, objective=objective, method="slow-annealing")
    assert abs(found.value - exact.value) <= found.error
    assert abs(found.log_value - exact.log_value) < 0.08


@pytest.mark.slow
def test_the_average_is_that_of_the_threshold_over_the_starts():
    """Trapezoid over s0 of rho_c and the mean cap at small thresholds, 2 rho/B(1/2, (d-1)/2): errors below 1e-6."""
    schedule, dim = Exponential(30, 10_000), 64
    base = collapse_threshold(TARGET, schedule, method="slow-annealing").log_value + math.log(transient_gain(TARGET))
    spread = 3 / math.sqrt(2 * dim)
    starts = np.linspace(-1.2, 3.0, 400)
    rho = np.exp(base) / np.array([transient_gain(TARGET, float(s)) for s in starts])
    density = np.exp(-((starts / spread) ** 2) / 2) / (spread * math.sqrt(2 * math.pi))
    expected = np.trapezoid(density * 2 * rho, starts) / float(mp.beta(0.5, (dim - 1) / 2))
    found = collapse_probability(TARGET, schedule, GaussianInit(dim), method="slow-annealing")
    assert found.value == pytest.approx(expected, rel=1e-5)


@pytest.mark.slow
def test_digits_are_right_by_twice_as_many_of_p_and_both_logarithms():
    for target, dim in ((TARGET, 128), (BimodalTarget("3", "1/2"), 10**5)):
        coarse, fine = (
            slow_chance(target, Exponential(30, 3000), GaussianInit(dim), Dynamics(), n).chance for n in (10, 20)
        )
        for name in vars(fine):
            assert abs(getattr(coarse, name) - getattr(fine, name)) <= 1e-10 * abs(getattr(fine, name))


@pytest.mark.slow
def test_a_symmetric_target_collapses_more_rarely_in_higher_dimension_and_an_unequal_one_surely():
    schedule = Exponential(30, 10_000)
    logs = [
        collapse_probability(BimodalTarget(3, 0.5), schedule, GaussianInit(dim), method="slow-annealing").log_value
        for dim in (10**4, 10**6)
    ]
    kappa_0 = 9 * psi_prime(0, BimodalTarget(3, 0.5))
    kappa = collapsed_state(BimodalTarget(3, 0.5)).escape_rate
    power = -(1 - kappa) / (2 * (kappa_0 - 1))
    assert (logs[1] - logs[0]) / math.log(100) == pytest.approx(power, abs=0.01)
    sure = collapse_probability(TARGET, Exponential(30, 1000), GaussianInit(10**8), method="slow-annealing")
    assert sure.log_complement < -100


def test_bad_input_is_refused():
    init = GaussianInit(128)
    with pytest.raises(DomainError, match=r'T_c = 5\.5835.*method="exact"'):
        collapse_probability(TARGET, Exponential(5, 100), init, method="slow-annealing")
    with pytest.raises(NoCollapsedState):
        collapse_probability(BimodalTarget(2, 0.5), Exponential(30, 100), init, method="slow-annealing")
    with pytest.raises(DomainError, match="family_weight"):
        collapse_probability(
            TARGET, Exponential(30, 100), init, method="slow-annealing", metric="natural", family_weight=0.3
        )


@pytest.mark.slow
def test_dimensions_that_are_out_of_reach_are_told():
    with pytest.raises(PrecisionError, match=r"1e\+300 dimensions is out of reach.*large-dim"):
        collapse_probability(
            BimodalTarget(2, 0.86), Linear(37, 44), GaussianInit(10**300, 0.3), method="slow-annealing"
        )
