"""The least time of the paper's schedule at a given temperature: that it is the least, and where there is none."""

import pytest

import anneal_theory as at
from anneal_theory.errors import DomainError

TARGET, PAPER = at.BimodalTarget(3, "0.8"), {"objective": "free-energy", "constraint": "sphere", "variance": "trained"}


@pytest.mark.slow
@pytest.mark.parametrize(("init", "temperature", "limit", "rules"), [
    (at.SphereInit(128), 90, 0.4, PAPER), (at.GaussianInit(64), "30", 0.7, {}),
])  # fmt: skip
def test_a_little_less_time_is_not_enough(init, temperature, limit, rules):
    found = at.least_duration(TARGET, init, temperature, limit, relative_error=1e-2, **rules)
    assert found.schedule.duration == found.cost
    assert found.schedule.initial_temperature == float(temperature)
    assert found.probability.value + found.probability.error <= limit
    shorter = at.ExponentialToOne(temperature, duration=0.98 * found.cost)
    assert at.collapse_probability(TARGET, shorter, init, relative_error=1e-3, **rules).value > limit


def test_what_no_annealing_keeps_costs_nothing():
    found = at.least_duration(TARGET, at.GaussianInit(4), 30, 0.9)
    assert (found.schedule, found.cost) == (at.Constant(1), 0.0)


@pytest.mark.slow
@pytest.mark.parametrize(("init", "temperature", "rules", "message"), [
    (at.SphereInit(128), 2, PAPER, r"^max_probability must be at least about 0\.\d+, where P saturates .* 15\.35\.$"),
    (at.GaussianInit(128), 3, {}, r"^max_probability must be at least .* above T_c = 5\.584\.$"),
    (at.GaussianInit(10**100), 30, {}, r"^max_probability must be at least about 1, what T0 = 30 comes to at"),
    (at.GaussianInit(128), 30, PAPER, r"^init must be a SphereInit"),
])  # fmt: skip
def test_where_time_buys_nothing_the_temperature_to_exceed_is_told(init, temperature, rules, message):
    with pytest.raises(DomainError, match=message):
        at.least_duration(TARGET, init, temperature, 0.01, relative_error=1e-2, **rules)


@pytest.mark.slow
def test_a_probability_next_to_one_is_not_taken_for_one_that_saturates():
    """In a million dimensions P is 1 to some digits for many doublings of t0; its odds fall all the time."""
    found = at.least_duration(TARGET, at.GaussianInit(10**6), 300, 0.5, relative_error=0.05)
    assert 0.4 < found.probability.value <= 0.5


def test_where_all_pairs_collapse_no_time_helps():
    with pytest.raises(DomainError, match=r"^target must be one whose split pair is at rest at T = 1"):
        at.least_duration(at.BimodalTarget(0.05, "0.99999"), at.GaussianInit(8), 30, 0.1)


@pytest.mark.slow
@pytest.mark.parametrize(("variance", "dim", "limit"), [("trained", 128, 0.2)])
def test_unequal_weights_on_the_sphere_have_a_least_time_too(variance, dim, limit):
    """Their probabilities are averages over starts that are the same at every t0."""
    rules = {"objective": "free-energy", "constraint": "sphere", "variance": variance, "family_weight": "0.6"}
    target, init = at.BimodalTarget(3, "0.8"), at.SphereInit(dim)
    found = at.least_duration(target, init, 90, limit, **rules)
    assert found.probability.value + found.probability.error <= limit
    shorter = at.ExponentialToOne(90, duration=0.99 * found.cost)
    assert at.collapse_probability(target, shorter, init, **rules).value > limit


@pytest.mark.parametrize("ask", [
    lambda init, **words: at.least_duration(TARGET, init, 90, 0.1, **words),
    lambda init, **words: at.design_schedule(TARGET, init, max_probability=0.1, **words),
])  # fmt: skip
def test_an_aim_is_refused_where_starts_are_drawn(ask):
    with pytest.raises(DomainError, match=r"^relative_error must be left out for unequal weights .* states its error"):
        ask(at.SphereInit(64), relative_error=0.01, family_weight="0.6", **PAPER)
