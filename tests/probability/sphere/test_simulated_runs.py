"""Runs on the sphere from the exact law of the start: verdicts and full statistics, against the defined flow."""

import json

import numpy as np
import pytest

import anneal_theory as at
from anneal_theory.errors import DomainError
from anneal_theory.schedules.variance import variance_along
from tests.budgets import assert_probability
from tests.oracles.sphere_of_paper import cooling, trajectory

TARGET, COOLING = at.BimodalTarget(3, "0.8"), at.ExponentialToOne(9, duration=8)
TIMES = [0, 2, 8, 60]
RULES = ("trained", "follows-temperature", "fixed")


def dynamics(variance="trained", weight="1/2"):
    return at.Dynamics("free-energy", family_weight=weight, constraint="sphere", variance=variance)


@pytest.fixture(scope="module")
def runs():
    return at.simulate_flow(TARGET, COOLING, at.SphereInit(64), dynamics(), 400, 1, times=TIMES)


@pytest.mark.parametrize(("rule", "law", "dim"), [*((rule, None, 16) for rule in RULES), ("trained", "large-dim", 3)])
def test_statistics_are_those_of_the_defined_flow(rule, law, dim):
    """Errors of 1e-8 a step, the larger, grow with the cosine, by some e^6 on the way to 1: to less than 1e-5."""
    found = at.simulate_flow(TARGET, COOLING, at.SphereInit(dim), dynamics(rule), 6, 3, times=TIMES, variance_law=law)
    size = dim if rule == "trained" and law is None else np.inf
    for j in range(found.replicas):
        start = [found.statistics[f"initial_{name}"][j] for name in ("m1", "m2", "pair_overlap")]
        known = trajectory(3.0, 0.8, cooling(9.0, 8.0), rule, [start[0] / 9, start[1] / 9, start[2]], TIMES, size)
        columns = [("m1", 0, 9), ("m2", 1, 9), ("pair_overlap", 2, 1)] + [("variance", 3, 1)] * (rule == "trained")
        for name, column, unit in columns:
            assert found.history[name][:, j] / unit == pytest.approx(known[:, column], abs=1e-5)


def test_the_last_record_is_the_final_statistics_and_ends_at_the_verdict(runs):
    final = runs.statistics
    for name in ("m1", "m2", "pair_overlap", "variance"):
        assert np.array_equal(final[name], runs.history[name][-1])
    assert np.array_equal(final["pair_overlap"] > 0, runs.collapsed)
    at_heavy = 0.5 * (final["m1"] > 0) + 0.5 * (final["m2"] > 0)
    assert np.array_equal(runs.mode_weight, at_heavy)
    assert {0.0, 0.5, 1.0} == set(runs.mode_weight.tolist())
    assert runs.history["time"].shape == (len(TIMES), 400)
    assert np.all(runs.history["temperature"] == np.array([COOLING.temperature(t) for t in TIMES])[:, None])


def test_the_first_record_is_the_start(runs):
    """Their spread too: m1 is R^2 times a cosine of variance 1/d (400 draws tell it to 0.28 at six standard errors)."""
    for name in ("m1", "m2", "pair_overlap"):
        assert runs.history[name][0] == pytest.approx(runs.statistics[f"initial_{name}"], abs=1e-14 * 9)
    spread = np.mean((runs.statistics["initial_m1"] / 9) ** 2) * 64
    assert spread == pytest.approx(1, abs=6 * np.sqrt(2 / 400))


def test_in_large_dimension_the_trained_variance_lags_behind_as_derived():
    runs = at.simulate_flow(TARGET, COOLING, at.SphereInit(64), dynamics(), 9, 1, times=TIMES, variance_law="large-dim")
    known = np.repeat(variance_along(COOLING, TIMES)[:, None], 9, axis=1)
    assert runs.history["variance"] == pytest.approx(known, rel=1e-6)
    assert runs.settings["variance_law"] == "large-dim"


def test_counts_are_those_of_the_probability_and_hold_it(runs):
    paper = {"objective": "free-energy", "constraint": "sphere", "variance": "trained"}
    setting = TARGET, COOLING, at.SphereInit(64)
    counted = at.collapse_probability(*setting, method="simulated", replicas=400, seed=1, **paper)
    assert counted.value == runs.fraction
    assert_probability(runs.count, 400, at.collapse_probability(*setting, **paper).value)


@pytest.mark.slow
def test_which_mean_ends_where_is_told_of_unequal_weights():
    found = at.simulate_flow(TARGET, COOLING, at.SphereInit(64), dynamics(weight="0.45"), 60, 2, times=[60])
    final = found.statistics
    at_heavy = 0.45 * (final["m1"] > 0) + 0.55 * (final["m2"] > 0)
    assert found.mode_weight == pytest.approx(at_heavy, abs=1e-12)
    assert {0.45, 0.55} <= set(found.mode_weight.round(2).tolist())
    assert {"v1", "v2"} <= set(final)


def test_free_means_have_their_statistics_too():
    found = at.simulate_flow(TARGET, at.Exponential(9, 8), at.GaussianInit(8), at.Dynamics(), 50, 1, times=[0, 400])
    final = found.statistics
    assert np.array_equal(np.sign(final["m1"]) == np.sign(final["m2"]), found.collapsed)
    for name in ("m1", "m2", "s11", "s12", "s22"):
        assert found.history[name][0] == pytest.approx(final[f"initial_{name}"], abs=1e-13)


def test_they_survive_as_json(runs):
    again = at.Outcomes.from_dict(json.loads(json.dumps(runs.to_dict())))
    assert again.to_dict() == runs.to_dict()


def test_many_runs_are_those_of_parts(monkeypatch):
    setting = TARGET, COOLING, at.SphereInit(8), dynamics(), 9, 4
    whole = at.simulate_flow(*setting, times=TIMES)
    monkeypatch.setattr("anneal_theory.probability.simulated._AT_ONCE", 4)
    parts = at.simulate_flow(*setting, times=TIMES)
    for name, rows in whole.history.items():
        assert parts.history[name].shape == rows.shape
        if name != "log_cosine":
            assert parts.history[name] == pytest.approx(rows, abs=1e-5)


@pytest.mark.parametrize(
    ("init", "rules", "times", "named"),
    [
        (at.GaussianInit(8), dynamics(), None, "init must be a SphereInit"),
        (at.SphereInit(8), at.Dynamics(), None, "init must be a GaussianInit for free means.* or give Dynamics"),
        (at.SphereInit(8), dynamics(), [3, 1], "times must"),
        (at.SphereInit(8), dynamics(), [-1], "times must"),
        (at.SphereInit(8), dynamics(), np.arange(2.0**22), "times must be at most"),
    ],
)
def test_what_does_not_go_together_is_refused_before_any_run(init, rules, times, named):
    with pytest.raises(DomainError, match=f"^{named}"):
        at.simulate_flow(TARGET, COOLING, init, rules, 5, 0, times=times)
