"""Designs against grids of exact probabilities, against simulated runs, and against each other."""

import itertools
import json
import math

import pytest
from scipy.stats import binomtest

import anneal_theory as at
from anneal_theory.cli.app import run
from anneal_theory.design import designing
from anneal_theory.design.families import FamilyName, Limits, family_of
from anneal_theory.errors import DomainError

TARGET, INIT = at.BimodalTarget(3, "0.8"), at.GaussianInit(128)
PAPER = {"objective": "free-energy", "constraint": "sphere", "variance": "trained"}
FALSE_ALARM = 1e-3
LIMITS = Limits(100.0, 1.15, 1.0, 5.58)


@pytest.fixture
def alone(monkeypatch):
    """Designs without the exponentials beside them, which take longer than the designs."""
    monkeypatch.setattr(designing._Designer, "exponentials", lambda self, found: (None, None))


@pytest.fixture(scope="module")
def pulse():
    return at.design_schedule(TARGET, INIT, budget=300, family="cold-then-pulse")


def contains(runs: int, count: int, value: float) -> bool:
    return binomtest(count, runs, value).pvalue > FALSE_ALARM


def simulated(schedule: at.Schedule, target=TARGET, init=INIT, runs=600, **options) -> int:
    found = at.collapse_probability(target, schedule, init, method="simulated", replicas=runs, seed=5, **options)
    return round(found.value * runs)


def test_a_pulse_collapses_as_rarely_as_stated_and_less_than_any_exponential(pulse):
    """600 runs of the full flow from their own draws: an error of P of 0.05 is seen at P = 0.16."""
    assert pulse.schedule.settling_time(0.15) == pulse.cost <= 300
    assert contains(600, simulated(pulse.schedule), pulse.probability.value)
    beside, as_good = pulse.exponential_at_cost, pulse.exponential_for_probability
    assert pulse.probability.value < 0.5 * beside.probability.value
    assert as_good.probability.value <= pulse.probability.value + pulse.probability.error
    assert as_good.cost > 5 * pulse.cost
    assert beside.cost <= 300


def test_no_pulse_of_a_grid_within_the_budget_collapses_less(pulse):
    """Nine heights and lengths round the best: the best of them is near enough to tell."""
    family = family_of("cold-then-pulse", LIMITS)
    best = math.inf
    for heat, length in itertools.product((9, 13, 18), (90, 120, 150)):
        schedule = family.schedule((math.log(heat - 1), math.log(length)), 300)
        best = min(best, at.collapse_probability(TARGET, schedule, INIT, relative_error=1e-2).value)
    assert 0.9 * best <= pulse.probability.value <= 1.005 * best


@pytest.mark.parametrize("family", ["exponential", "exponential-to-one", "hold"])
def test_no_schedule_of_a_grid_within_the_budget_collapses_less(alone, family: FamilyName):
    found = at.design_schedule(TARGET, INIT, budget=80, family=family)
    made = family_of(family, LIMITS)
    grid = [made.schedule((math.log(heat - 1),), 80 * share) for heat in (8, 12, 20, 40, 80) for share in (1.0, 0.6)]
    best = min(at.collapse_probability(TARGET, one, INIT, relative_error=1e-2).value for one in grid)
    assert 0.9 * best <= found.probability.value <= 1.005 * best


def test_budget_and_probability_are_inverse_to_each_other_and_the_mirrored_target_costs_the_same(alone):
    within = at.design_schedule(TARGET, INIT, budget=100, family="hold")
    for weight in ("0.8", "0.2"):
        limit = within.probability.value + within.probability.error
        found = at.design_schedule(at.BimodalTarget(3, weight), INIT, max_probability=limit, family="hold")
        assert found.probability.value + found.probability.error <= limit
        assert found.cost == pytest.approx(within.cost, rel=0.02)


def test_on_the_sphere_a_design_collapses_as_rarely_as_stated(alone):
    """600 runs of the flow on the sphere; the best hold is far shorter than the best cooling to one."""
    costs = {}
    for family in ("exponential-to-one", "hold"):
        found = at.design_schedule(
            TARGET, at.SphereInit(128), max_probability=0.1, family=family, relative_error=1e-2, **PAPER
        )
        assert found.probability.value <= 0.1
        costs[family] = found.cost
    assert costs["hold"] < costs["exponential-to-one"]
    assert contains(600, simulated(found.schedule, init=at.SphereInit(128), **PAPER), found.probability.value)


def test_an_interval_of_separations_is_kept_at_separations_inside(alone):
    words = {"max_probability": 0.5, "family": "hold", "relative_error": 1e-2}
    found = at.design_schedule(TARGET, INIT, separations=("2.7", 3), **words)
    for separation in ("2.7", "2.83", "2.97", 3):
        inside = at.collapse_probability(at.BimodalTarget(separation, "0.8"), found.schedule, INIT, relative_error=1e-2)
        assert inside.value <= 0.5 + inside.error
    assert found.cost >= at.design_schedule(at.BimodalTarget("2.7", "0.8"), INIT, **words).cost
    assert "5 separations from 2.7 to 3" in found.note


def test_where_no_annealing_is_enough_nothing_is_designed():
    assert at.design_schedule(TARGET, INIT, max_probability=0.995).schedule == at.Constant(1)
    never = at.design_schedule(at.BimodalTarget(2, "0.5"), at.GaussianInit(8), max_probability=1e-9)
    assert (never.cost, never.probability.value, never.steps(0.1)) == (0, 0, 0)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ({}, "max_probability must be given, or a budget"),
        ({"budget": 3, "max_probability": 0.1}, "budget must be left out where max_probability is given"),
        ({"max_probability": 1}, "max_probability must be strictly between 0 and 1"),
        ({"max_probability": 0.0}, "max_probability must be strictly between 0 and 1"),
        ({"budget": 0}, "budget must be positive"),
        ({"budget": 9, "family": "free"}, "family must be 'exponential' or"),
        ({"budget": 9, "highest_temperature": 1.2}, "highest_temperature must be finite, above 1.225"),
        ({"budget": 9, "highest_final_temperature": 1}, "highest_final_temperature must be above 1"),
        ({"budget": 9, "base_temperature": 2}, "base_temperature must be left out except with"),
        ({"budget": 9, "separations": (3.1, 3.2)}, "separations must be an interval round"),
        ({"budget": 9, "separations": (3,)}, "separations must be two numbers"),
        ({"budget": 9, "family_weight": 0.3}, "family_weight"),
        ({"budget": 9, "constraint": "sphere"}, "init must be a SphereInit"),
    ],
)
def test_bad_input_is_named(words, told):
    with pytest.raises(DomainError, match=told.replace("(", r"\(")):
        at.design_schedule(TARGET, INIT, **words)


def test_what_cannot_be_reached_says_why_and_what_is_best(alone):
    with pytest.raises(DomainError, match=r"max_probability must be at least .* above T_c = 5\.584"):
        at.design_schedule(TARGET, INIT, max_probability=0.01, highest_temperature=4, family="hold")
    with pytest.raises(DomainError, match=r"budget must be long enough .* without annealing P = 0\.99"):
        at.design_schedule(TARGET, INIT, budget=1e-9, family="hold")
    with pytest.raises(DomainError, match="target must be one that can collapse"):
        at.design_schedule(at.BimodalTarget(2, "0.5"), INIT, budget=10)


def test_the_command_line_writes_the_design_and_draws_it(alone, tmp_path, capsys):
    out, figure = tmp_path / "design.json", tmp_path / "design.svg"
    words = ["design", "--budget", "40", "--family", "hold", "--separations", "2.9,3", "--step-size", "0.1"]
    assert run([*words, "--json", "--out", str(out), "--figure", str(figure)]) == 0
    found = at.design_schedule(TARGET, INIT, budget=40, family="hold", separations=("2.9", 3))
    result = json.loads(out.read_text())["result"]
    assert result["schedule"] == found.to_dict()["schedule"]
    assert result["steps"] == found.steps(0.1) == 400
    assert result["probability"]["value"] == found.probability.value
    assert figure.read_text().startswith("<?xml")
    assert run(["design", "--budget", "1", "--max-probability", "0.1"]) == 2
    assert "--budget must be left out where --max-probability is given" in capsys.readouterr().err


def test_a_design_reads_like_a_table(pulse):
    told = repr(pulse)
    assert "exponential of this cost" in told and "no annealing" in told and "noise of small batches" in told
