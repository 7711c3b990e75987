"""The first screen of a report: one start trained twice, both probabilities, both ends."""

import math
from types import SimpleNamespace

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.stats import norm

from anneal_theory.errors import DomainError
from anneal_theory.exact import exact
from anneal_theory.problem import BimodalTarget, Dynamics, GaussianInit
from anneal_theory.report import Setting, designs, own_study
from anneal_theory.report.paper_study import RULES
from anneal_theory.report.story import Losses, Story, losses_of, tell, tell_on_sphere
from anneal_theory.report.words import cooling, opening, told
from anneal_theory.results import Estimate
from anneal_theory.schedules import (
    SCHEDULES,
    Constant,
    Exponential,
    ExponentialToOne,
    Hold,
    Linear,
    LinearBeta,
    Piecewise,
    Power,
    from_callable,
)
from anneal_theory.threshold import collapse_threshold

TARGET = BimodalTarget(3, "0.8")


def test_a_start_between_both_thresholds_is_lost_and_saved_under_a_hot_hold():
    schedule = Hold(9, 40)
    story = tell(TARGET, schedule, 0.2, 1.3, objective="free-energy")
    low, high = (
        collapse_threshold(TARGET, one, s0=0.2, distance_squared=1.3**2, objective="free-energy").value
        for one in (schedule, Constant(1))
    )
    assert low < story.alignment < high
    bare, annealed = story.frames["no annealing"], story.frames["annealed"]
    np.testing.assert_array_equal(bare[0].means, annealed[0].means)
    assert [frame.title for frame in annealed] == ["$t = 0$, $T = 9$", "$t = 40$, $T = 1$", "at rest, $T = 1$"]
    assert (bare[-1].means[:, 0] > 2.5).all()
    assert np.round(np.sort(annealed[-1].means[:, 0])).tolist() == [-3, 3]


def test_a_start_on_the_sphere_is_lost_and_saved_and_its_variance_follows_the_temperature():
    schedule, y = ExponentialToOne(9, duration=20), 0.1
    story = tell_on_sphere(TARGET, schedule, y, **RULES)
    low, high = (collapse_threshold(TARGET, one, mean_cosine=y, **RULES).value for one in (schedule, Constant(1)))
    assert low < story.alignment < high
    bare, annealed = story.frames["no annealing"], story.frames["annealed"]
    first = np.array(annealed[0].means)
    np.testing.assert_array_equal(first, bare[0].means)
    gap = first[0] - first[1]
    assert np.hypot(*gap) == pytest.approx(3 * math.sqrt(2))  # right angles: the plane holds all of the difference
    assert gap[0] / np.hypot(*gap) == pytest.approx(story.alignment)
    assert [frame.variance for frame in bare] == pytest.approx([1] * 4)
    variances = [frame.variance for frame in annealed]
    assert variances[0] == pytest.approx(9)
    assert variances == sorted(variances, reverse=True)
    assert variances[-1] == pytest.approx(1)
    # A pair that has collapsed comes together at the slow rate of the far mode: it is near, not at one point.
    assert (bare[-1].means[:, 0] > 2.9).all()
    assert np.round(np.sort(annealed[-1].means[:, 0])).tolist() == [-3, 3]


def test_on_the_sphere_too_no_annealing_saves_no_start():
    low, high = tell_on_sphere(TARGET, Constant(1), 0.1, **RULES)
    assert low == high > 0


def test_without_annealing_there_is_no_story_but_one_threshold():
    found = tell(TARGET, Constant(1), 0.2, 1.3)
    assert not isinstance(found, Story)
    assert found[0] == found[1] > 0


@pytest.mark.parametrize("kind", ["collapsed", "split"])
def test_the_losses_are_the_divergence_of_the_best_fit_of_either_kind(kind):
    """Along the axis, where both fits lie, by quadrature; a pair at one mode is one normal, nearly."""
    means = {"collapsed": (9.411766354202925 / 3, 8.547221443312644 / 3), "split": (9.019797 / 3, -8.961928 / 3)}[kind]

    def integrand(x):
        fit = 0.5 * (norm.pdf(x - means[0]) + norm.pdf(x - means[1]))
        return fit * np.log(fit / (0.8 * norm.pdf(x - 3) + 0.2 * norm.pdf(x + 3)))

    divergence = quad(integrand, -12, 12, points=[-3, 0, 3], epsabs=1e-12)[0]
    assert getattr(losses_of(TARGET), kind) == pytest.approx(divergence, abs=1e-9)


def test_a_target_whose_modes_are_one_has_no_two_kinds_of_end():
    assert losses_of(BimodalTarget("0.1", "0.5")) is None


@pytest.mark.parametrize(
    ("bare", "annealed", "effect"), [(0.9, 0.5, "less often"), (0.2, 0.4, "more often"), (0.3, 0.3001, "as often")]
)
def test_the_words_say_what_annealing_does(bare, annealed, effect):
    shares = [Estimate(value, 1e-4, math.log(value), "exact") for value in (bare, annealed)]
    said = opening(*shares, TARGET, Exponential(10, 10), Losses(0.3, 0.2))
    assert (said["effect"], said["same"], said["better_end"]) == (effect, False, "split")


@pytest.mark.slow
def test_the_words_on_both_ends_follow_the_weights_of_target_and_family():
    share = Estimate(0.5, 0, math.log(0.5), "exact")

    def said(weight, family_weight=0.5):
        target, w1 = BimodalTarget(3, weight), exact(family_weight)
        return opening(share, share, target, Exponential(10, 10), losses_of(target, w1), w1)

    even, uneven, mirrored, right = said("0.8"), said("0.9"), said("0.1"), said("0.8", "0.8")
    assert (even["better_end"], even["as_much"], even["shares"]) == ("collapsed", True, "1/2")
    assert even["left_out"] == pytest.approx(math.log(1.25))
    assert (uneven["better_end"], uneven["as_much"]) == ("collapsed", False)  # 1/2 each is far from 0.9 and 0.1
    assert uneven["left_out"] == mirrored["left_out"] == pytest.approx(-math.log(0.9))
    assert (right["better_end"], right["shares"]) == ("split", "0.8 and 0.2")  # it has the weights of the target


def test_the_designs_are_those_of_two_budgets_without_what_is_refused(monkeypatch):
    def design(target, init, *, budget, family, **more):
        if family == "hold":
            raise DomainError("no better than no annealing")
        chance = Estimate(0.1, 0, -2.3, "exact")
        return SimpleNamespace(schedule=Exponential(10, 1), cost=budget, probability=chance, target=target)

    monkeypatch.setattr(designs, "design_schedule", design)
    study = own_study(Setting(TARGET, Hold(10, 50), GaussianInit(128)), Dynamics())
    tables = designs.budget_designs(study)
    assert [table.budget for table in tables] == [50, 500]
    assert [sorted(table.best) for table in tables] == [["cold-then-pulse", "exponential"]] * 2
    assert tables[1].to_dict()["best"]["exponential"]["cost"] == 500
    plane = own_study(Setting(TARGET, Hold(10, 50), GaussianInit(2)), Dynamics())
    bare = own_study(Setting(TARGET, Constant(1), GaussianInit(128)), Dynamics())
    assert designs.budget_designs(plane) == designs.budget_designs(bare) == ()


def test_a_schedule_of_lists_is_told_in_few_digits():
    assert told(Piecewise([0, 279.16242, 409.434], [1, 15.324489, 1])) == "Piecewise([0, 279.2, 409.4], [1, 15.32, 1])"
    assert told(Exponential(10, 2.5)) == "Exponential(10, 2.5)"


def test_the_first_sentence_says_in_words_how_any_schedule_cools():
    """Numbers of the words are those at which the schedule has the temperatures that they say."""
    cases = {
        Exponential(10, 20): "falls exponentially from T = 10 towards 1: T\u00a0−\u00a01 by a factor of e in each 20",
        ExponentialToOne(90, duration=35): "falls exponentially from T = 90 and is 1 after 35 units of gradient-flow",
        ExponentialToOne(10, 100): "falls exponentially from T = 10 and is 1 after 230.3 units of gradient-flow time",
        Hold(9, 40): "stays at T = 9 for 40 units of gradient-flow time and then drops to 1",
        Linear(9, 40): "falls evenly from T = 9 to 1 within 40 units of gradient-flow time",
        LinearBeta(9, 40): "falls from T = 9 to 1 within 40 units of gradient-flow time while 1/T rises evenly",
        Power(9, 40, 2): "falls from T = 9 towards 1 by a power law: T\u00a0−\u00a01 as (1 + t/40)^(−2)",
        Piecewise([0, 5, 9], [2, 12, 1]): "goes from T = 2 over at most 12 to 1",
        from_callable(lambda t: 1 + 4 * math.exp(-t), 1): "goes from T = 5 to 2.472",
    }
    for schedule, words in cases.items():
        assert cooling(schedule).startswith(words), schedule
    assert {type(one).__name__ for one in cases} >= set(SCHEDULES) - {"Constant"}  # no annealing, or none that ends
