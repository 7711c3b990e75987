"""The threshold of annealing that is slow against the bias: its run, and its error against exact ones."""

import math

import numpy as np
import pytest

from anneal_theory.errors import DomainError
from anneal_theory.models.sphere_pair import sphere_pair
from anneal_theory.probability import collapse_probability
from anneal_theory.problem import BimodalTarget, Dynamics, SphereInit
from anneal_theory.schedules import ExponentialToOne, Hold, Piecewise
from anneal_theory.threshold import collapse_threshold
from anneal_theory.threshold.sphere import slow_background
from anneal_theory.threshold.sphere.background_kernels import background_rates
from tests.benchmarks.sphere_passage_errors import drawn
from tests.oracles.sphere_of_paper import cooling, flow_rates

RULES = ("trained", "follows-temperature", "fixed")


def _numbers(rule):
    return {"objective": "free-energy", "constraint": "sphere", "variance": rule}


def _angles_of(rates, state):
    """Rates of (log x, (m1 + m2)/R^2, s) from those of the overlaps, by finite differences of what they are."""

    def places(m1, m2, s):
        return np.array([math.log((m1 - m2) / math.sqrt(2 * (1 - s))), m1 + m2, s])

    step, moved = 1e-6, np.array(rates[:3])
    return (places(*(state + step * moved)) - places(*(state - step * moved))) / (2 * step)


@pytest.mark.parametrize("rule", RULES)
def test_the_run_is_the_full_flow_to_first_order_in_the_square_of_x(rule):
    """What x^2 changes is differenced from the equations of section 11, which share no formula with the package.

    A relative error of 1e-4 in any of the six rates is seen.
    """
    R, weight, temperature, duration, clock = 2.5, 0.7, 6.0, 10.0, 3.0
    total, cosine, response = 0.9, -0.3, (0.7, -0.4)
    own = cooling(temperature, duration)
    log_v = {"trained": math.log(7.0), "follows-temperature": math.log(own(clock)), "fixed": 0.0}[rule]
    h = 0.5 * math.log(weight / (1 - weight))
    flow = flow_rates(R, h, own, rule, 1)

    def rates(square):
        c, m = cosine + square * response[1], (total + square * response[0]) / R**2
        half = math.sqrt(square) * math.sqrt(2 * (1 - c)) / 2
        state = np.array([m / 2 + half, m / 2 - half, c])
        moved = _angles_of(flow(clock, np.array([*state, math.exp(log_v)])), state)
        return moved * np.array([1, R**2, 1])

    # in the square X of x: the rate at 0, and its slope there with what the response adds, by three places
    places = 1e-4 * np.array([1.0, 2.0, 3.0])
    bend = np.linalg.solve(np.vander(places, increasing=True), np.array([rates(one) for one in places]))
    growth = bend[0][0]
    expected = [*bend[0], bend[1][1] - 2 * growth * response[0], bend[1][2] - 2 * growth * response[1]]
    expected.append(bend[1][0] - 2 * growth * 0.8)
    model = sphere_pair(
        BimodalTarget(R, weight), ExponentialToOne(temperature, duration=duration), Dynamics(**_numbers(rule))
    )
    out = np.empty(7)
    state = np.array([0.0, total, cosine, log_v, *response, 0.8])
    background_rates(state, own(clock), model.parameters, model.averages, out)
    assert np.delete(out, 3) == pytest.approx(expected, rel=1e-4, abs=1e-5)


@pytest.mark.slow
@pytest.mark.parametrize("rule", ["follows-temperature", "fixed"])
def test_the_error_falls_with_the_rate(rule):
    target, errors = BimodalTarget(3, 0.8), []
    for decay in (25, 100):
        schedule = ExponentialToOne(300, decay)
        formula, exact = (
            collapse_threshold(target, schedule, method=one, **_numbers(rule)) for one in ("slow-annealing", "exact")
        )
        errors.append(abs(formula.log_value - exact.log_value))
        assert errors[-1] < formula.log_error
    assert errors[1] < 0.85 * errors[0]


@pytest.mark.slow
def test_the_stated_error_covers_exact_thresholds():
    for separation, weight, temperature, time, rule in drawn(12, seed=11):
        target, schedule = BimodalTarget(separation, weight), ExponentialToOne(temperature, duration=time)
        found = collapse_threshold(target, schedule, method="slow-annealing", **_numbers(rule))
        exact = collapse_threshold(target, schedule, **_numbers(rule))
        assert abs(found.log_value - exact.log_value) < found.log_error, (target, schedule, rule)


def test_a_fixed_variance_that_cools_slowly_is_where_the_linear_passage_fails():
    target, schedule = BimodalTarget(3, 0.505), ExponentialToOne(900, duration=70)
    exact = collapse_threshold(target, schedule, **_numbers("fixed")).log_value
    found = {one: collapse_threshold(target, schedule, method=one, **_numbers("fixed")).log_value
             for one in ("sharp", "slow-annealing")}  # fmt: skip
    assert abs(found["slow-annealing"] - exact) < 0.03 < 1 < abs(found["sharp"] - exact)


def test_a_longer_hold_gains_what_it_gains_exactly():
    target, rules = BimodalTarget(3, 0.8), _numbers("follows-temperature")
    found = [collapse_threshold(target, Hold(40, time), method="slow-annealing", **rules) for time in (10, 20)]
    exact = [collapse_threshold(target, Hold(40, time), **rules) for time in (10, 20)]
    gains = [two.log_value - one.log_value for one, two in (found, exact)]
    assert gains[0] == pytest.approx(gains[1], abs=0.05)


def test_what_the_formula_does_not_treat_is_told(monkeypatch):
    rules = _numbers("trained")
    schedule = ExponentialToOne(30, duration=30)
    with pytest.raises(DomainError, match="weight must be other than 1/2"):
        collapse_threshold(BimodalTarget(3, 0.5), schedule, method="slow-annealing", **rules)
    with pytest.raises(DomainError, match="digits"):
        collapse_threshold(BimodalTarget(3, 0.8), schedule, method="slow-annealing", digits=20, **rules)
    monkeypatch.setattr(slow_background, "LARGEST_SIZE", 0.01)
    with pytest.raises(DomainError, match="schedule must be slow against the bias"):
        collapse_threshold(BimodalTarget(3, 0.8), schedule, method="slow-annealing", **rules)


def test_a_probability_has_the_error_of_its_threshold():
    target, schedule = BimodalTarget(3, 0.8), ExponentialToOne(90, duration=70)
    rules = _numbers("trained")
    found, limit = (
        collapse_probability(target, schedule, SphereInit(10**5), method=one, **rules)
        for one in ("slow-annealing", "large-dim")
    )
    assert abs(found.log_value - limit.log_value) < found.log_error
    assert found.method == "slow-annealing"


@pytest.mark.filterwarnings("error")
def test_edges_that_rounding_sets_apart_are_one():
    """Two of this table's kinks are 4e-16 apart on the clock, where no integrator can make a step."""
    times = [0, 4.2564286817511965, 4.384121542203732, 7.661571627152153, 7.789264487604688, 12.769286045253589]
    pulse = Piecewise(times, [1, 1, 25.36635363310838, 25.36635363310838, 1, 1])
    target, rules = (
        BimodalTarget("3.806294551006183", "0.9506212724515363"),
        {"constraint": "sphere", "variance": "trained"},
    )
    found, exact = (collapse_threshold(target, pulse, method=way, **rules) for way in ("slow-annealing", "exact"))
    assert abs(found.log_value - exact.log_value) <= found.log_error + exact.log_error
