"""Schedules beyond all reason, legal all the same: few steps a run, and what their limits say."""

import math

import numpy as np
import pytest

from anneal_theory.models import temperature_table
from anneal_theory.models.free_pair import free_pair
from anneal_theory.models.verdicts import UNDECIDED
from anneal_theory.probability import collapse_probability
from anneal_theory.problem import BimodalTarget, Dynamics, GaussianInit
from anneal_theory.schedules import Constant, Exponential, ExponentialToOne, Linear, Power
from anneal_theory.threshold import collapse_threshold
from anneal_theory.threshold.bisection import Search
from tests.oracles.plain_runs import plain_run

TEMPERED = Dynamics("tempered-target", "euclidean", 0.5)


def steps(target, schedule, start, tolerance=1e-11):
    verdict, _, count = plain_run(free_pair(target, schedule, TEMPERED), np.array(start), tolerance, 20_000)
    assert verdict > UNDECIDED
    return count


@pytest.mark.parametrize(
    ("target", "schedule"),
    [
        (BimodalTarget(4, "0.3"), Power("27.36", 1e100, "2.08")),
        (BimodalTarget(5, "0.9"), Exponential("21.9", 1e100)),
        (BimodalTarget(3, "0.8"), Exponential(60, 1e100)),
        (BimodalTarget(3, "0.8"), Linear(1.5, 1e20)),
        (BimodalTarget(5, "0.9"), ExponentialToOne(1e100, "41.86")),
    ],
)
@pytest.mark.parametrize("start", [[-1.8, -2.0, 0.36], [0.3, -1e6, 0.1], [4.0, 1.0, 1.5]])
def test_a_run_takes_no_more_steps_the_longer_its_schedule(target, schedule, start):
    assert steps(target, schedule, start) < 5000


def test_a_hold_of_ever_more_time_below_the_critical_temperature_has_a_limit():
    """Where nothing but the hot phase's length differs, P comes to a constant, in P's own stated error."""
    target, init, rules = BimodalTarget(3, "0.8"), GaussianInit(64), {"method": "large-dim", "relative_error": 1e-3}
    long, longer = (collapse_probability(target, Linear(2, t), init, **rules) for t in (1e12, 1e100))
    assert abs(long.value - longer.value) <= long.error + longer.error
    assert 0.5 < longer.value < 1


def test_a_chance_below_every_double_is_told_as_such():
    """Hot for 1e100: log rho_c is about -1e99, which no search goes to; no number stands for it."""
    found = collapse_probability(BimodalTarget(3, "0.8"), Exponential(60, 1e100), GaussianInit(64), relative_error=0.1)
    assert (found.value, found.log_value, found.log_error) == (0.0, -math.inf, math.inf)
    assert "below 1e-330" in found.note
    edge = collapse_threshold(BimodalTarget(3, "0.8"), Exponential(60, 1e100))
    assert edge.log_value == -math.inf
    assert "log rho above -1e+08" in edge.note


@pytest.mark.parametrize("brief", [Exponential("31.76", 1e-100), Linear(1e4, 1e-30), ExponentialToOne(27, 1e-100)])
def test_an_annealing_too_brief_for_doubles_is_none(brief):
    target = BimodalTarget(3, "0.8")
    table = free_pair(target, brief, TEMPERED).temperatures
    assert len(table.lows) == 1
    assert collapse_threshold(target, brief).value == collapse_threshold(target, Constant(1)).value


@pytest.mark.slow
@pytest.mark.parametrize("free", [False, True])
def test_a_start_hotter_than_the_target_is_felt_may_be_merged(free, monkeypatch):
    """The threshold is that of the same table with all its panels."""
    target = BimodalTarget(3, "0.8")
    schedule = Linear(1e30, 1) if free else ExponentialToOne(1e40, 5)
    dynamics = Dynamics("free-energy" if free else "tempered-target", "euclidean", 0.5)
    merged = free_pair.__wrapped__(target, schedule, dynamics)
    monkeypatch.setattr(temperature_table, "_merged_start", lambda table: table)
    whole = free_pair.__wrapped__(target, schedule, dynamics)
    assert free or len(merged.temperatures.lows) < len(whole.temperatures.lows) - 100
    edges = [Search(model, 1e-11).thresholds(np.array([[0.4, 0.3]]), None, 0.25, 1e-11)[0] for model in (merged, whole)]
    assert edges[0] == pytest.approx(edges[1], abs=1e-9)
