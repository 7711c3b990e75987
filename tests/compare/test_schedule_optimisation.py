"""The schedule that the theory chooses, against exact probabilities on a grid."""

import itertools
import math

import pytest

from anneal_theory.compare import choose_schedule
from anneal_theory.compare import schedule_optimisation as choice
from anneal_theory.compare.schedule_optimisation import _quick_log_odds
from anneal_theory.design.odds import log_odds
from anneal_theory.errors import DomainError
from anneal_theory.probability import collapse_probability
from anneal_theory.problem import BimodalTarget, Dynamics, GaussianInit, SphereInit
from anneal_theory.results import Estimate
from anneal_theory.schedules import Constant, Exponential

TARGET, INIT, BUDGET = BimodalTarget(3, "0.8"), GaussianInit(128), 40.0


@pytest.fixture(scope="module")
def chosen():
    return choose_schedule(TARGET, INIT, BUDGET)


def test_no_schedule_of_a_grid_within_the_budget_collapses_less(chosen):
    """Exact probabilities of 6 schedules that end at 1.15; errors of 1e-3 relative on both sides."""
    assert chosen.schedule.temperature(BUDGET) <= 1.15 * (1 + 1e-9)
    best = math.inf
    for temperature, share in itertools.product((10, 30, 60), (1.0, 0.7)):
        schedule = Exponential(temperature, share * BUDGET / math.log((temperature - 1) / 0.15))
        best = min(best, collapse_probability(TARGET, schedule, INIT, relative_error=1e-3).value)
    assert 0.95 * best <= chosen.probability.value <= 1.002 * best  # the grid is fine enough to tell


def test_the_stated_probabilities_are_those_of_the_schedules(chosen):
    for schedule, stated in ((chosen.schedule, chosen.probability), (Constant(1), chosen.unannealed)):
        assert stated.value == pytest.approx(collapse_probability(TARGET, schedule, INIT).value, rel=2e-3)


def test_the_mirrored_target_has_the_same_best_schedule(chosen):
    found = choose_schedule(BimodalTarget(3, "0.2"), INIT, BUDGET)
    assert found.probability.value == pytest.approx(chosen.probability.value, rel=2e-3)


def test_a_larger_budget_collapses_less(chosen):
    assert choose_schedule(TARGET, INIT, 4 * BUDGET).probability.value < 0.95 * chosen.probability.value


def test_under_the_free_energy_hotter_is_better_up_to_the_limit():
    found = choose_schedule(TARGET, INIT, 30, objective="free-energy", highest_initial_temperature=20)
    assert found.schedule.initial_temperature == pytest.approx(20, rel=1e-12)


def test_a_target_that_never_collapses_needs_no_annealing():
    found = choose_schedule(BimodalTarget(2, "0.5"), GaussianInit(8), 30)
    assert (found.schedule, found.probability.value) == (Constant(1), 0.0)


@pytest.mark.parametrize("dynamics", [Dynamics(), Dynamics(metric="natural", family_weight="0.3")])
def test_the_quick_odds_are_near_the_exact_ones(dynamics):
    """Twelve quantiles of the overlap and one distance for the whole law: 0.3 % of the odds at d = 128."""
    words = {"metric": dynamics.metric, "family_weight": dynamics.exact_family_weight}
    exact = collapse_probability(TARGET, Exponential(10, 10), INIT, **words, relative_error=1e-3)
    quick = _quick_log_odds(TARGET, Exponential(10, 10), INIT, dynamics)
    assert quick == pytest.approx(log_odds(exact), abs=0.006)


def test_the_exact_method_minimises_the_exact_probability(monkeypatch):
    """The probability is replaced by one with its minimum at T0 = 7 for any decay time."""

    def fake(target, schedule, init, **words):
        temperature = 1.0 if isinstance(schedule, Constant) else schedule.initial_temperature
        value = 0.2 + 0.1 * math.log(temperature / 7) ** 2
        return Estimate(value, 0.0, math.log(value), "exact", log_complement=math.log1p(-value))

    monkeypatch.setattr(choice, "collapse_probability", fake)
    found = choose_schedule(TARGET, INIT, 30, method="exact", family_weight="0.3")
    assert found.schedule.initial_temperature == pytest.approx(7, rel=0.1)


PAPER = {"objective": "free-energy", "constraint": "sphere", "variance": "trained"}


@pytest.mark.slow
@pytest.mark.parametrize("method", ["quick", "exact"])
def test_on_the_sphere_no_schedule_of_a_grid_within_the_budget_collapses_less(method):
    """Here a T0 between is best, though hotter ones are allowed: exact probabilities, errors of 1e-3 on both sides."""
    init, hottest = SphereInit(128), 3000
    found = choose_schedule(TARGET, init, BUDGET, method=method, highest_initial_temperature=hottest, **PAPER)
    assert found.schedule.temperature(BUDGET) <= 1.15 * (1 + 1e-9)
    values = {}
    for temperature, share in itertools.product((5, 30, 100, 300, 3000), (1.0, 0.7)):
        schedule = Exponential(temperature, share * BUDGET / math.log((temperature - 1) / 0.15))
        values[temperature, share] = collapse_probability(TARGET, schedule, init, relative_error=1e-3, **PAPER).value
    assert found.probability.value <= 1.002 * min(values.values())
    assert found.probability.value < 0.95 * min(values[5, 1.0], values[3000, 1.0])
    assert 5 < found.schedule.initial_temperature < 3000
    assert found.unannealed.value == pytest.approx(
        collapse_probability(TARGET, Constant(1), init, **PAPER).value, rel=2e-3
    )


@pytest.mark.parametrize(
    ("init", "words", "named"),
    [
        (SphereInit(8), {}, "init must be a GaussianInit for free means"),
        (GaussianInit(8), PAPER, "init must be a SphereInit"),
        (SphereInit(8), PAPER | {"family_weight": "0.4"}, 'method must be "exact" for unequal family weights'),
        (SphereInit(8), PAPER | {"metric": "natural"}, "metric must be"),
        (GaussianInit(8), {"variance": "trained"}, "variance must be"),
    ],
)
def test_what_does_not_go_with_the_model_is_named(init, words, named):
    with pytest.raises(DomainError, match=f"^{named}"):
        choose_schedule(TARGET, init, 30, **words)


@pytest.mark.parametrize(
    ("words", "named"),
    [
        ({"budget": 0}, "budget"),
        ({"budget": math.inf}, "budget"),
        ({"highest_final_temperature": 1}, "highest_final_temperature"),
        ({"highest_initial_temperature": 1.1}, "highest_initial_temperature"),
        ({"method": "guess"}, "method"),
        ({"family_weight": 0.3}, "family_weight"),
    ],
)
def test_bad_input_is_named(words, named):
    with pytest.raises((DomainError, TypeError), match=named):
        choose_schedule(TARGET, INIT, **({"budget": 30} | words))
