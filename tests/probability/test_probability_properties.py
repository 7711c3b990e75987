"""What must hold of thresholds and probabilities whatever the setting (theory sections 4 and 5)."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anneal_theory.probability import collapse_probability
from anneal_theory.probability.simulated import collapsed_runs
from anneal_theory.problem import BimodalTarget, Dynamics, GaussianInit
from anneal_theory.schedules import Exponential, from_callable
from anneal_theory.threshold import collapse_threshold
from tests.exploration import examples

few = examples(3)


def rounded(low: float, high: float) -> st.SearchStrategy[float]:
    return st.floats(low, high).map(lambda x: round(x, 3))


targets = st.builds(BimodalTarget, rounded(2.6, 4), rounded(0.3, 0.85))
coolings = st.builds(Exponential, rounded(1.5, 30), rounded(1, 60))
inits = st.builds(GaussianInit, st.integers(2, 400), st.none() | rounded(1e-3, 1))
objectives = st.sampled_from(["tempered-target", "free-energy"])


@pytest.mark.slow
@given(target=targets, schedule=coolings, init=inits, objective=objectives)
@few
def test_the_probability_is_one_and_its_logarithms_are_those_of_its_parts(target, schedule, init, objective):
    found = collapse_probability(target, schedule, init, objective=objective, relative_error=1e-2)
    assert 0 <= found.value <= 1
    assert (
        math.exp(found.log_value) + math.exp(found.log_complement) == 1
        or abs(math.exp(found.log_value) + math.expm1(found.log_complement)) < 1e-14
    )
    assert 0 <= found.error <= 1e-2 * min(found.value, -math.expm1(found.log_value)) + 1e-15


@pytest.mark.slow
@given(target=targets, schedule=coolings, init=inits, slower=st.floats(1.2, 8), objective=objectives)
@few
def test_slower_cooling_never_makes_collapse_more_probable(target, schedule, init, slower, objective):
    longer = Exponential(schedule.initial_temperature, round(schedule.decay_time * slower, 3))
    fast, slow = (
        collapse_probability(target, cooling, init, objective=objective, method="large-dim", relative_error=1e-3)
        for cooling in (schedule, longer)
    )
    # Where both are close to one the smaller parts tell: 1 - P never falls.
    assert slow.value <= fast.value + fast.error + slow.error
    assert slow.log_complement >= fast.log_complement - 2e-3


@pytest.mark.slow
@given(target=targets, schedule=coolings, s0=rounded(-2, 2), distance=rounded(0.3, 3))
@few
def test_the_free_energy_is_the_tempered_target_by_its_clock(target, schedule, s0, distance):
    """dtau = w1 beta dt under one objective and w1 dt under the other, at the same temperature."""
    end = float(schedule.clock(schedule.settling_time(1e-13)))
    by_clock = from_callable(schedule.temperature_at_clock, end_time=end)
    start = {"s0": s0, "distance": distance}
    tempered = collapse_threshold(target, schedule, **start)
    free = collapse_threshold(target, by_clock, objective="free-energy", **start)
    assert math.isclose(tempered.log_value, free.log_value, rel_tol=1e-7, abs_tol=1e-7)


@pytest.mark.slow
@given(target=targets, schedule=coolings, weight=rounded(0.2, 0.8), dim=st.integers(30, 60))
@few
def test_swapping_the_components_keeps_the_probability(target, schedule, weight, dim):
    one, other = (
        collapse_probability(
            target, schedule, GaussianInit(dim), metric="natural", family_weight=share, relative_error=1e-2
        )
        for share in (str(weight), str(round(1 - weight, 3)))
    )
    assert abs(one.value - other.value) <= one.error + other.error


@pytest.mark.slow
@given(target=targets, schedule=coolings, init=st.builds(GaussianInit, st.integers(16, 400)))
@few
def test_mirroring_the_target_keeps_the_probability(target, schedule, init):
    one, other = (collapse_probability(t, schedule, init, relative_error=1e-3) for t in (target, target.reflected))
    assert abs(one.value - other.value) <= one.error + other.error


@given(target=targets, schedule=coolings, s0=rounded(-2, 2), distance=rounded(0.3, 3), objective=objectives)
@few
def test_the_full_flow_parts_at_the_threshold_of_the_reduced_flow(target, schedule, s0, distance, objective):
    """Full starts 0.1 % on either side of rho_c."""
    found = collapse_threshold(target, schedule, s0=s0, distance=distance, objective=objective)
    if math.isinf(found.log_value):
        return
    radius, rows = target.separation, []
    for log_rho in (found.log_value - 1e-3, found.log_value + 1e-3):
        cosine = 1 / math.sqrt(1 + math.exp(-2 * log_rho))
        half = radius * distance * cosine / 2
        across = distance**2 / (1 + math.exp(2 * log_rho)) / 4
        m1, m2 = s0 + half, s0 - half
        rows.append([m1, m2, (m1 / radius) ** 2 + across, m1 * m2 / radius**2 - across, (m2 / radius) ** 2 + across])
    assert collapsed_runs(target, schedule, Dynamics(objective), np.array(rows)).tolist() == [True, False]
