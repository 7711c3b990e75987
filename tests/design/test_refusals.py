"""What no schedule reaches, where there is nothing to design, and budgets and limits of any size."""

import functools
import math

import pytest

import anneal_theory as at
from anneal_theory.design import designer
from anneal_theory.design.families import FamilyName
from anneal_theory.design.result import Design
from anneal_theory.errors import DomainError

TARGET, INIT = at.BimodalTarget(3, "0.8"), at.GaussianInit(128)
MORE: tuple[FamilyName, ...] = "cold-then-pulse", "exponential", "exponential-to-one", "monotone"
PAPER = {"objective": "free-energy", "constraint": "sphere", "variance": "trained"}
NEVER = r"at a separation above R_c = 2\.2596.* there is nothing to design: every run finds both modes .*train at T = 1"
ALWAYS = r"above R_c = 1\.7012\d*, .*below R_c = 1\.7012\d*, every pair ends collapsed, .*nothing to design"


@pytest.mark.parametrize(
    "aim", [{"budget": 60}, {"max_probability": 0.01}, {"max_probability": 0.5, "batch_size": 100}]
)
@pytest.mark.parametrize(
    ("separation", "weight", "words", "told"),
    [
        (2, "0.5", {}, f"target must be one that can collapse, {NEVER}"),
        (2, "0.5", {"separations": ("1.9", "2.1")}, f"target must be one that can collapse, {NEVER}"),
        ("1.6", "0.8", {}, f"target must be one whose split pair is at rest .*{ALWAYS}"),
        (3, "0.8", {"separations": ("1.5", 3)}, f"separations must be an interval .*{ALWAYS}"),
        (3, "0.8", {"separations": ("1.2", 3)}, f"separations must be an interval .*{ALWAYS}"),  # the ends are split
        (
            2,
            "0.8",
            {"weights": ("0.7", "0.9")},
            r"weights must be .* R = 2 lies above R_c.* below R_c = 2\.0957, every",
        ),
    ],
)
def test_below_the_critical_separation_there_is_nothing_to_design(separation, weight, words, told, aim):
    """R_c is 2.2596 at w* = 0.5, 1.7012 at 0.8 (collapsed ends alone from 1.45 on) and 2.0957 at 0.9."""
    with pytest.raises(DomainError, match=f"^{told}"):
        at.design_schedule(at.BimodalTarget(separation, weight), INIT, family="hold", **aim, **words)


@pytest.mark.slow
def test_an_interval_may_reach_below_where_pairs_collapse(alone):
    """Nothing collapses below R_c: the worst target lies above, and the design is for it."""
    words = {"max_probability": 0.05, "family": "hold", "relative_error": 1e-2}
    found = at.design_schedule(at.BimodalTarget(2, "0.5"), INIT, separations=("1.9", 3), **words)
    assert found.target == at.BimodalTarget(3, "0.5")
    assert 0.04 < found.probability.value + found.probability.error <= 0.05


@pytest.mark.slow
def test_an_interval_that_the_sphere_refuses_is_named():
    with pytest.raises(DomainError, match=r"^separations must be an interval whose ends are at least .*\(0\.9, 3\)"):
        at.design_schedule(TARGET, at.SphereInit(64), budget=9, separations=("0.9", 3), **PAPER)


@functools.cache
def rarest(family: FamilyName) -> Design:
    """The design of the smallest probability that doubles hold, worked out as the tests that ask have it (`alone`)."""
    return at.design_schedule(TARGET, INIT, max_probability=1e-300, family=family, relative_error=1e-2)


@pytest.mark.slow
@pytest.mark.parametrize("family", ["hold", *(pytest.param(one, marks=pytest.mark.nightly) for one in MORE[:2])])
def test_of_a_budget_no_more_is_used_than_a_probability_takes_that_doubles_hold(alone, family: FamilyName):
    """The same design at any larger budget, that of the limit itself; below that all of the budget is used."""
    words, limit = {"family": family, "relative_error": 1e-2}, rarest(family)
    for budget in (1e7, 1e300):
        found = at.design_schedule(TARGET, INIT, budget=budget, **words)
        assert 0 < found.probability.value + found.probability.error <= 1e-300
        assert found.cost == pytest.approx(limit.cost, rel=2e-3)  # shapes are searched from other costs
        assert "no more is used than a probability of at most 1e-300 takes" in found.note
    less = at.design_schedule(TARGET, INIT, budget=0.5 * limit.cost, **words)
    assert less.cost == pytest.approx(0.5 * limit.cost, rel=1e-4)
    assert "no more" not in less.note
    # log P is proportional to the time at the large costs of both, but for a constant that is a factor of P
    assert less.probability.log_value == pytest.approx(0.5 * limit.probability.log_value, rel=0.01)


@pytest.mark.slow
@pytest.mark.parametrize("family", ["hold", *(pytest.param(one, marks=pytest.mark.nightly) for one in MORE)])
def test_the_rarer_the_costlier(alone, family: FamilyName):
    chances = (0.9, 0.1, 1e-5, 1e-30, 1e-300)
    found = [at.design_schedule(TARGET, INIT, max_probability=one, family=family, relative_error=1e-2)
             for one in chances[:-1]] + [rarest(family)]  # fmt: skip
    for chance, one in zip(chances, found, strict=True):
        # the search ends at most 5e-4 of the cost above the least, by which log P changes as much, and for a tenth more
        assert 1.1 * math.log(chance) * (1 + 1e-3) - 0.02 < one.probability.log_value <= math.log(chance)
    assert sorted(one.cost for one in found) == [one.cost for one in found]


@pytest.mark.slow
def test_what_cannot_be_reached_says_why_and_what_is_best(alone, monkeypatch):
    monkeypatch.setattr(designer, "_LONGEST", 100.0)
    with pytest.raises(DomainError, match=r"max_probability must be at least .* above T_c = 5\.584"):
        at.design_schedule(TARGET, INIT, max_probability=0.01, highest_temperature=4, family="hold")
    with pytest.raises(DomainError, match=r"budget must be long enough .* without annealing P = 0\.99"):
        at.design_schedule(TARGET, INIT, budget=1e-5, family="hold")


def test_a_separation_next_to_the_critical_one_is_told_apart_from_it():
    """R_c(0.8) = 1.70122191: to five digits 1.70122 would not lie below it."""
    with pytest.raises(
        DomainError, match=r"above R_c = 1\.701222, .*R = 1\.70122, w\* = 0\.8, below R_c = 1\.701222, "
    ):
        at.design_schedule(at.BimodalTarget("1.70122", "0.8"), INIT, budget=30, family="hold")
