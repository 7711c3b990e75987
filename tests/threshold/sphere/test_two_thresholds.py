"""Both thresholds of unequal weights on the sphere: what lies beside them, symmetries, limits, and what is refused."""

import math
import re

import numpy as np
import pytest

import anneal_theory as at
from anneal_theory.errors import DomainError
from anneal_theory.models.sphere_means import sphere_means
from anneal_theory.models.sphere_sides import keeps, variances_that_stay

TARGET, COOLING = at.BimodalTarget(3, "0.8"), at.ExponentialToOne(9, duration=20)
SPHERE = {"objective": "free-energy", "constraint": "sphere"}
RULES = ("fixed", "follows-temperature", "trained")
START = {"mean_cosine": "0.1", "pair_overlap": "-0.2"}
SHARE = 1e-6  # of a threshold: a start so far off it takes its side


def rules_of(rule, weight):
    return SPHERE | {"variance": rule, "family_weight": weight}


def words(rule, weight, dim=128):
    return rules_of(rule, weight) | ({"dim": dim} if rule == "trained" else {})


def ends(cosines, rule, weight):
    """Signs of both overlaps where trajectories end."""
    starts = at.SphereState(np.array(cosines), np.full(len(cosines), 0.1), np.full(len(cosines), -0.2))
    run = at.solve_flows(TARGET, COOLING, starts, [200.0], method="LSODA", **words(rule, weight))
    return [(m1 > 0, m2 > 0) for m1, m2 in zip(run["m1"][-1], run["m2"][-1], strict=True)]


@pytest.mark.slow
@pytest.mark.parametrize(("rule", "weight"), [("fixed", 0.6), ("follows-temperature", 0.45), ("trained", 0.7)])
def test_they_divide_the_trajectories(rule, weight):
    found = at.collapse_threshold(TARGET, COOLING, **START, **words(rule, weight))
    lower, upper = found.parts["lower"], found.parts["upper"]
    assert found.value == upper > lower
    reversed_, *collapsed, split = ends(
        [lower - SHARE, lower + SHARE, (lower + upper) / 2, upper - SHARE, upper + SHARE], rule, weight
    )
    assert reversed_ == (False, True)
    assert all(first == second for first, second in collapsed)
    assert split == (True, False)


@pytest.mark.slow
@pytest.mark.parametrize("rule", RULES)
def test_an_exchange_of_the_components_exchanges_them(rule):
    one, other = (at.collapse_threshold(TARGET, COOLING, **START, **words(rule, w)).parts for w in ("0.6", "0.4"))
    assert one["upper"] == pytest.approx(-other["lower"], abs=3e-10)
    assert one["lower"] == pytest.approx(-other["upper"], abs=3e-10)


@pytest.mark.parametrize("rule", RULES)
def test_with_nearly_equal_weights_they_are_those_of_equal_ones(rule):
    known = at.collapse_threshold(TARGET, COOLING, **START, **(SPHERE | {"variance": rule}))
    found = at.collapse_threshold(TARGET, COOLING, **START, **words(rule, "0.500000000001"))
    assert found.parts["upper"] == pytest.approx(known.value, abs=2 * found.error + 1e-10)
    assert found.parts["lower"] == pytest.approx(-known.value, abs=2 * found.error + 1e-10)


@pytest.mark.slow
def test_variances_that_part_leave_less_of_the_push():
    """The more dimensions tell the components apart, the closer are thresholds to those without a push at all."""
    found = [at.collapse_threshold(TARGET, at.ExponentialToOne(90, duration=15), **words("trained", "0.7", dim)).parts
             for dim in (32, 1024, 10**6, 10**9)]  # fmt: skip
    lower = [one["lower"] for one in found]
    assert lower == sorted(lower, reverse=True)
    # two free means across each other: the second splits off where m2 = -h, that is x = -2 h/(sqrt(2) R^2) at m1 = -m2
    alone = -2 * TARGET.half_log_odds / (9 * math.sqrt(2))
    assert lower[-1] > alone
    assert found[-1]["lower"] == pytest.approx(alone, rel=0.1)


def test_a_start_that_never_splits_one_way_says_so():
    found = at.collapse_threshold(TARGET, at.Constant(1), mean_cosine="0.97", **(SPHERE | {"family_weight": 0.9}))
    assert math.isinf(found.value)
    assert "no pair of this start splits" in found.note


@pytest.mark.parametrize("rule", RULES)
def test_across_the_axis_of_two_equal_modes_no_pair_collapses(rule):
    even = at.BimodalTarget(3, 0.5)
    found = at.collapse_threshold(even, COOLING, **words(rule, "0.3"))
    assert (found.value, found.error, found.parts) == (0.0, 0.0, {"lower": 0.0, "upper": 0.0})
    starts = at.SphereState(np.array([-1e-3, 1e-3]))
    run = at.solve_flows(even, COOLING, starts, [200.0], method="LSODA", **words(rule, "0.3"))
    assert (run["m1"][-1] > 0).tolist() == [False, True]
    assert (run["m2"][-1] > 0).tolist() == [True, False]


@pytest.mark.slow
def test_variances_stay_within_the_circle_on_which_they_do_not_leave():
    for weight, dim in ((0.6, 128), (0.9, 128), (0.7, 8)):
        radius, band = variances_that_stay(TARGET, weight, dim)
        assert math.expm1(-band) == pytest.approx(-radius)
        assert keeps(weight, dim, radius)
    with pytest.raises(DomainError, match=r"^dim must be larger, as \d+, where variances of these weights are trained"):
        variances_that_stay(TARGET, 0.9, 4)


@pytest.mark.slow
@pytest.mark.parametrize("weight", [0.9, 0.999])
@pytest.mark.parametrize("separation", ["1.2", "2", "3"])
def test_what_a_refusal_of_the_dimension_names_is_treated(separation, weight):
    """The least dimension or separation that is told, one after the other, ends at a problem that is not refused."""
    dim, told = 4, []
    for _ in range(4):
        try:
            sphere_means(at.BimodalTarget(separation, "0.8"), COOLING, at.Dynamics(**rules_of("trained", weight)), dim)
            break
        except DomainError as error:
            name, number = re.match(r"(dim|separation) must be (?:larger, as|at least) ([\d.]+\d)", str(error)).groups()
            told.append(name)
            dim, separation = (int(number), separation) if name == "dim" else (dim, number)
    assert told
    assert len(told) == len(set(told))


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"method": "sharp"}, r'^family_weight must be 0\.5 for method="sharp" on the sphere'),
        ({"method": "slow-annealing"}, r'^family_weight must be 0\.5 for method="slow-annealing" on the sphere'),
        ({"method": "closed-form"}, r'^family_weight must be 0\.5 for method="closed-form" on the sphere'),
        ({"digits": 12}, r"^family_weight must be 0\.5 for digits of a threshold on the sphere"),
        ({"variance": "trained"}, r"^dim must be given for trained variances of unequal weights"),
        ({"dim": 64}, r"^dim must be left out but for trained variances on the sphere"),
        ({"method": "sharp", "dim": 64}, r"^family_weight must be 0\.5|^dim"),
    ],
)
def test_what_is_not_offered_is_named(options, message):
    with pytest.raises(DomainError, match=message):
        at.collapse_threshold(TARGET, COOLING, family_weight=0.6, **(SPHERE | options))


def test_free_means_have_no_dimension():
    with pytest.raises(DomainError, match=r"^dim must be left out"):
        at.collapse_threshold(TARGET, COOLING, dim=64)
