"""Families that have the schedules of others: they do at least as well, and as the best of a grid."""

import itertools
import math

import pytest

import anneal_theory as at
from anneal_theory.design.box import box_of
from anneal_theory.design.families import CONTAINED, STRETCHES, FamilyName, Limits, family_of, within
from anneal_theory.design.odds import Odds
from docs.studies import sphere_schedules
from tests.design.limits import no_worse

TARGET, INIT = at.BimodalTarget(3, "0.8"), at.GaussianInit(128)
PAPER = {"objective": "free-energy", "constraint": "sphere", "variance": "trained"}
LIMITS = Limits(100.0, 1.15, 1.0, 5.58)


@pytest.mark.slow
@pytest.mark.parametrize(
    "words",
    [
        {"max_probability": 0.01},
        *(pytest.param(one, marks=pytest.mark.nightly) for one in ({"budget": 600}, {"budget": 40, "batch_size": 30})),
    ],
)
def test_a_free_design_is_at_least_as_good_as_all_that_it_contains(alone, words):
    free, *others = (at.design_schedule(TARGET, INIT, family=family, **words)
                     for family in ("free", "cold-then-pulse", "hold", "monotone"))  # fmt: skip
    for other in others:
        if "budget" in words:  # to a thousandth, below which the simpler schedule is given
            assert free.probability.value <= 1.001 * other.probability.value
        else:
            assert free.cost <= 1.001 * other.cost


@pytest.mark.parametrize("name", ["free", "monotone"])
def test_a_family_has_the_schedules_that_it_is_said_to_contain(name: FamilyName):
    """At the times between the ramps, which are a hundredth of a stretch, their temperatures are the same."""
    shapes = {"cold-then-pulse": (math.log(12), math.log(20)), "hold": (math.log(7),), "monotone": (0.3,) * STRETCHES}
    for other in CONTAINED[name]:
        shape = shapes[other]
        known = family_of(other, LIMITS).schedule(shape, 90.0)
        found = family_of(name, LIMITS).schedule(within(name, other, shape, 90.0, LIMITS), 90.0)
        assert found.settling_time(0.15) == pytest.approx(known.settling_time(0.15), rel=1e-4)
        times = [time for step in range(STRETCHES) for time in (15 * step + 0.5, 15 * step + 12)]
        assert found.temperature(times) == pytest.approx(known.temperature(times), rel=1e-6)


@pytest.mark.slow
def test_a_free_design_is_as_good_as_the_best_on_a_grid(alone):
    """Two temperatures on each of six equal stretches, all 64 of them: none does better than the search."""
    found = at.design_schedule(TARGET, INIT, budget=120, family="free", relative_error=1e-2)
    family, odds = family_of("free", LIMITS), Odds(box_of(TARGET, None, None), INIT, {})
    grid = itertools.product((0.0, math.log(13)), repeat=STRETCHES)
    equal = math.log(120 / STRETCHES)
    best = min((family.schedule((*shape, equal), 120) for shape in grid), key=odds.log_odds)
    assert no_worse(found.probability, at.collapse_probability(TARGET, best, INIT, relative_error=1e-2))
    assert found.cost <= 120


@pytest.mark.slow
@pytest.mark.parametrize("budget", [20, 35])
def test_on_the_sphere_a_free_design_is_as_good_as_the_best_of_a_coarse_grid(alone, budget):
    """Beside the stored search of `sphere_schedules`: the best of 243 choices, and what goes on from there by hand."""
    row = next(row for row in sphere_schedules.rows() if row["budget"] == str(budget))
    found = at.design_schedule(TARGET, at.SphereInit(128), budget=budget, family="free", **PAPER).probability
    assert found.log_value < min(row["log_chance_of_choice"], row["hold"][0])
    assert found.value <= math.exp(row["log_chance"])
    if budget == 20:  # by hand, on six equal stretches
        family = family_of("free", Limits(100.0, 1.15, 1.0, None))
        known = family.schedule((*map(math.log, (6, 30, 25, 20, 17, 100)), math.log(20 / STRETCHES)), 20)
        assert no_worse(found, at.collapse_probability(TARGET, known, at.SphereInit(128), relative_error=1e-3, **PAPER))
