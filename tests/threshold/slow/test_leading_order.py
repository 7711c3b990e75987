"""The leading-order threshold against its closed form, and the probability at a start."""

import functools
import json
import math

import flint
import mpmath as mp
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anneal_theory.errors import DomainError, NoCollapsedState
from anneal_theory.fixed_points import collapsed_state, critical_temperature
from anneal_theory.fixed_points.transient_gain import transient_gain
from anneal_theory.probability import collapse_probability
from anneal_theory.problem import BimodalTarget, GaussianInit
from anneal_theory.results import Estimate
from anneal_theory.schedules import Constant, Exponential, Hold, Linear, Piecewise, Power, from_callable
from anneal_theory.threshold import collapse_threshold
from tests.exploration import examples

TARGET = BimodalTarget(3, "0.8")
leading_threshold = functools.partial(collapse_threshold, method="leading-order")
leading_probability = functools.partial(collapse_probability, method="leading-order")


@pytest.mark.parametrize(("objective", "metric"), [
    ("tempered-target", "euclidean"), ("free-energy", "euclidean"), ("tempered-target", "natural"),
])  # fmt: skip
def test_an_exponential_schedule_gives_the_power_of_theory_section_6(objective, metric):
    top, decay, digits = 10, 3000, 30
    found = leading_threshold(
        TARGET, Exponential(top, decay), objective=objective, metric=metric, digits=digits, certified=True
    )
    with mp.workdps(45):
        temperature = critical_temperature(TARGET, digits=40)
        kappa = collapsed_state(TARGET, digits=40).escape_rate
        gain = transient_gain(TARGET, digits=40)
        share = (
            (1 - 1 / temperature) / (1 - mp.mpf(1) / top)
            if objective == "tempered-target"
            else (temperature - 1) / (top - 1)
        )
        power = kappa * decay / (2 if metric == "euclidean" else 1)
        expected = share**power / gain
        assert abs(found.value.value - expected) <= found.value.error + mp.mpf(10) ** -35 * expected
        assert abs(found.log_value.value - mp.log(expected)) <= found.log_value.error + mp.mpf(10) ** -34
        assert found.value.error <= mp.mpf(10) ** -digits * found.value.value


def build(kind, top, span):
    match kind:
        case "power":
            return Power(top, span, 2)
        case "table":
            return Piecewise([0, span, 3 * span], [top, top, 1])
    return {"exponential": Exponential, "linear": Linear, "hold": Hold}[kind](top, span)


@pytest.mark.slow
@examples(12)
@given(
    st.sampled_from([("2.5", "0.6"), ("3", "0.8"), ("3.5", "0.9")]),
    st.sampled_from(["exponential", "linear", "hold", "power", "table"]),
    st.floats(1.2, 20),
    st.floats(0, 4),
    st.integers(2, 25),
)
def test_digits_are_right_to_twice_as_many_and_doubles_agree(place, kind, temperature, size, digits):
    target = BimodalTarget(*place)
    schedule = build(kind, round(critical_temperature(target) * temperature, 3), round(10**size, 2))
    coarse = leading_threshold(target, schedule, s0="0.3", digits=digits, certified=True)
    value = leading_threshold(target, schedule, s0="0.3", digits=digits)
    fine = leading_threshold(target, schedule, s0="0.3", digits=2 * digits, certified=True)
    rough = leading_threshold(target, schedule, s0="0.3")
    with mp.workdps(3 * digits + 20):
        every = [(one.value, one.log_value, *one.parts.values()) for one in (coarse, value, fine)]
        assert len(every[0]) == 6
        for ball, number, narrow in zip(*every, strict=True):
            assert abs(ball.value - narrow.value) <= ball.error + narrow.error
            assert abs(number - narrow.value) <= mp.mpf(10) ** -digits * abs(narrow.value)
            assert ball.error <= mp.mpf(10) ** -digits * abs(ball.value)
        allowed = fine.log_value.error + 1e-8 * (1 + abs(fine.log_value.value))  # T_c is good to 1e-12
        assert abs(rough.log_value - fine.log_value.value) <= allowed


def test_slow_annealing_comes_near_the_separatrix():
    # the prefactor A(t0) left out is 0.914 at T0 = 10, t0 = 3000 (theory section 10)
    schedule = Exponential(10, 3000)
    exact = collapse_threshold(TARGET, schedule, distance_squared=2).log_value
    assert exact - leading_threshold(TARGET, schedule).log_value == pytest.approx(math.log(0.914), abs=0.02)


def test_a_threshold_of_ten_to_the_minus_a_million_has_its_digits():
    schedule = Exponential(10, "1e9")
    found = leading_threshold(TARGET, schedule, digits=30)
    assert found.log_value < -(10**5)
    assert leading_threshold(TARGET, schedule).value == 0.0
    with mp.workdps(50):
        assert abs(mp.log(found.value) - found.log_value) < mp.mpf(10) ** -24  # 30 relative digits of a million
        chance = leading_probability(TARGET, schedule, GaussianInit(128), digits=30)
        slope = mp.log(2 * mp.gamma(64) / (mp.sqrt(mp.pi) * mp.gamma(mp.mpf(127) / 2)))
        assert abs(chance.log_value - found.log_value - slope) < mp.mpf(10) ** -23  # log rho has 30 relative digits
        assert abs(chance.log_complement / -chance.value - 1) < mp.mpf(10) ** -29


def test_the_probability_is_that_of_a_direction_within_the_threshold():
    schedule = Exponential(10, 300)
    chance = leading_probability(TARGET, schedule, GaussianInit(6), s0=1, digits=20, certified=True)
    rough = leading_probability(TARGET, schedule, GaussianInit(6), s0=1)
    rho = leading_threshold(TARGET, schedule, s0=1, digits=30).value
    with mp.workdps(40):
        weight = mp.quad(lambda c: (1 - c * c) ** 1.5, [0, 1])
        expected = mp.quad(lambda c: (1 - c * c) ** 1.5, [0, rho / mp.sqrt(1 + rho**2)]) / weight
        for ball, truth in zip(
            (chance.value, chance.log_value, chance.log_complement),
            (expected, mp.log(expected), mp.log1p(-expected)),
            strict=True,
        ):
            assert abs(ball.value - truth) <= ball.error + mp.mpf(10) ** -19 * abs(truth)
    assert rough.value == pytest.approx(float(expected), rel=1e-10)


def test_a_random_direction_falls_within_the_threshold_as_often_as_the_probability_says():
    # 4e5 draws see a relative error of 1 %: the false-alarm rate of 6 standard errors is 2e-9
    schedule, dim, trials = Exponential(10, 300), 6, 400_000
    rho = leading_threshold(TARGET, schedule, s0=1).value
    draws = np.random.default_rng(3).standard_normal((trials, dim))
    hits = np.abs(draws[:, 0]) < rho * np.linalg.norm(draws[:, 1:], axis=1)
    p = leading_probability(TARGET, schedule, GaussianInit(dim), s0=1).value
    assert abs(hits.mean() - p) < 6 * math.sqrt(p * (1 - p) / trials)


def test_a_start_below_the_critical_temperature_is_refused_with_the_exact_method():
    with pytest.raises(DomainError, match=r'T_c = 5\.5835.*method="exact"'):
        leading_threshold(TARGET, Exponential(5, 100))


def test_a_schedule_that_stays_hot_is_refused():
    with pytest.raises(DomainError, match="cools below the critical temperature"):
        leading_threshold(TARGET, Constant(6))


def test_a_function_of_time_has_no_proven_threshold_and_the_precision_stays():
    schedule = from_callable(lambda t: 1 + 9 / (1 + t) ** 2, end_time=100)
    before = flint.ctx.prec, mp.mp.prec
    assert leading_threshold(TARGET, schedule).log_value < 0
    with pytest.raises(DomainError, match="closed form"):
        leading_threshold(TARGET, schedule, digits=20)
    assert (flint.ctx.prec, mp.mp.prec) == before


def test_a_target_without_a_critical_temperature_is_refused():
    with pytest.raises(NoCollapsedState):
        leading_threshold(BimodalTarget(2, "0.5"), Exponential(10, 100), s0=1)


@pytest.mark.parametrize(
    "given", [{"s0": 1}, {"certified": True}, {"relative_error": 0.01}, {"replicas": 5}, {"checkpoint": "kept"}]
)
def test_arguments_belong_to_their_methods(given):
    """Those of the leading order are refused elsewhere, and those of other methods there."""
    method = "exact" if set(given) <= {"s0", "certified"} else "leading-order"
    with pytest.raises(DomainError, match=f"^{next(iter(given))} must be left out except with "):
        collapse_probability(TARGET, Exponential(10, 300), GaussianInit(6), method=method, **given)


def test_a_variance_that_plays_no_part_is_refused():
    with pytest.raises(DomainError, match=r"^variance must be left out"):
        leading_probability(TARGET, Exponential(10, 300), GaussianInit(6, 1))


def test_proven_estimates_read_back_equal():
    found = leading_threshold(TARGET, Exponential(10, 300), digits=20, certified=True)
    again = Estimate.from_dict(json.loads(json.dumps(found.to_dict())))
    assert again == found
    assert float(found) == pytest.approx(leading_threshold(TARGET, Exponential(10, 300)).value, rel=1e-10)
