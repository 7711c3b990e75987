"""Designs for intervals of targets: the worst of a box is found, and the design is the best for it."""

import itertools
import math

import pytest

import anneal_theory as at
from anneal_theory.design.box import box_of, worst_of
from anneal_theory.design.odds import Odds
from tests.design.limits import no_worse, rarest

TARGET, INIT = at.BimodalTarget(3, "0.8"), at.GaussianInit(128)


@pytest.mark.parametrize(
    ("words", "known"),
    [
        # the worst lies inside: near 3.45
        pytest.param({"separations": ("2.5", "3.5")}, lambda place: (2.5 + place, 0.8), marks=pytest.mark.slow),
        ({"weights": ("0.7", "0.85")}, lambda place: (3, 0.7 + 0.15 * place)),
    ],
)
def test_over_an_interval_the_worst_is_found_and_told(alone, words, known):
    """None of 13 targets of the interval is worse by more than what is stated."""
    found = at.design_schedule(TARGET, INIT, budget=60, family="hold", relative_error=1e-2, **words)
    inside = [
        at.collapse_probability(at.BimodalTarget(*known(k / 12)), found.schedule, INIT, relative_error=1e-2)
        for k in range(13)
    ]
    worst = max(inside, key=lambda one: one.value)
    assert worst.value <= found.probability.value + worst.error + found.probability.error
    assert worst.value >= 0.98 * found.probability.value
    told = at.collapse_probability(found.target, found.schedule, INIT, relative_error=1e-2)
    assert told.value == found.probability.value
    assert repr(found.target) in found.note
    assert found.probability.error < 0.02 * found.probability.value


@pytest.mark.slow
def test_a_design_for_an_interval_is_the_best_of_a_grid_for_its_worst(alone):
    """Holds of eight temperatures, each at its worst of a grid of targets: none beats the design."""
    words = {"separations": ("2.8", "3.2"), "weights": ("0.6", "0.85")}
    found = at.design_schedule(TARGET, INIT, budget=60, family="hold", relative_error=1e-2, **words)

    def worst(temperature):
        targets = itertools.product(("2.8", "3", "3.2"), ("0.6", "0.75", "0.85"))
        schedule = at.Hold(temperature, found.schedule.hold_time)
        chances = (at.collapse_probability(at.BimodalTarget(*one), schedule, INIT, relative_error=1e-2)
                   for one in targets)  # fmt: skip
        return max(chances, key=lambda one: one.value)

    assert no_worse(found.probability, rarest(worst(temperature) for temperature in (8, 12, 16, 20, 26, 35, 50, 80)))


@pytest.mark.slow
def test_what_never_or_always_collapses_inside_an_interval_leaves_the_worst_at_a_target_that_may():
    """R = 2 at w* = 1/2 never collapses, R = 3 may: no polynomial goes through that, and the worst is R = 3."""
    box = box_of(at.BimodalTarget(3, "0.5"), ("2", "3"), None)
    assert Odds(box, at.GaussianInit(8), {}).probability(at.Hold(8, 5), 1e-2)[1] == at.BimodalTarget(3, "0.5")


@pytest.mark.parametrize("place", [-1.0, -0.3, 0.55, 1.0])
def test_the_worst_of_a_known_function_is_found(place):
    """A smooth hump over an interval of separations, and over a box; its error covers what is missed."""
    box = box_of(TARGET, (2, 4), None)
    worst = worst_of(box, lambda one: -((one.separation - 3 - place) ** 2) + 0.1 * math.sin(one.separation))
    grid = [2 + step / 5000 for step in range(10001)]
    top = max(-((one - 3 - place) ** 2) + 0.1 * math.sin(one) for one in grid)
    assert worst.log_odds <= top + 1e-9
    assert worst.log_odds >= top - worst.error - 1e-5
    assert worst.error < 1e-4
    wide = worst_of(box_of(TARGET, (2, 4), ("0.6", "0.9")), lambda one: one.weight - (one.separation - 3 - place) ** 2)
    assert wide.log_odds == pytest.approx(0.9, abs=1e-3)
