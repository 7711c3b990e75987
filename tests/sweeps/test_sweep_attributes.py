"""A sweep's dataset tells by itself what decided its cells: what was given, and the defaults of the rest."""

import inspect

import pytest

import anneal_theory as at
from anneal_theory import probability
from anneal_theory.probability import noisy
from anneal_theory.probability.sphere.unequal import STARTS
from anneal_theory.sweeps.attributes import LEFT_OUT, attributes
from anneal_theory.sweeps.kinds import KINDS
from anneal_theory.sweeps.setting import sweep_of
from anneal_theory.training.mixture_rules import MixtureRules
from anneal_theory.training.rules import FlowVerdict

TARGET, SCHEDULE, INIT = at.BimodalTarget(3, "0.8"), at.Exponential(30, 1000), at.GaussianInit(8)
PAPER = {"constraint": "sphere", "variance": "trained", "objective": "free-energy"}


def told(kind, axes, init=None, **arguments):
    return attributes(sweep_of(kind, axes, TARGET, SCHEDULE, init, arguments), "the call")


@pytest.mark.parametrize("kind", KINDS)
def test_every_parameter_is_told_whether_it_was_given_or_not(kind):
    entry = KINDS[kind]
    given = {"batch_size": 100} if kind == "noisy-probability" else {}
    found = told(kind, {"initial_temperature": [20, 30]}, INIT if entry.starts else None, **given)
    unused = {"seed", "replicas"} if kind in ("probability", "noisy-probability") else set()  # neither draws
    unused |= {"probability": {"variance_law"}, "threshold": {"dim"}}.get(kind, set())  # of the sphere
    named = {"variance_rule" if name == "variance" else name for name in entry.arguments} - unused
    start = {"init", "dim", "variance"} if entry.starts else set()
    more = {"separation", "weight", "schedule", "decay_time", "kind", "defaults", "seeds", "versions", "command"}
    assert found.keys() == named | start | more
    assert all(found.values())
    given |= {"most_undecided": "1"} if entry.trains else {}  # a cell tells how many are decided
    usual = {"variance"} if entry.starts else set()
    assert set(found["defaults"].split(", ")) == (named - given.keys()) | usual


def test_what_was_given_and_what_varies_is_no_default():
    found = told("probability", {"variance_rule": ["trained"], "dim": [8, 64]}, at.SphereInit(8), method="sharp",
                 constraint="sphere", objective="free-energy")  # fmt: skip
    assert (found["method"], found["objective"], found["metric"]) == ("sharp", "free-energy", "euclidean")
    assert not {"variance_rule", "dim", "variance"} & found.keys()
    assert not {"method", "objective", "variance_rule", "dim"} & set(found["defaults"].split(", "))
    own = told("mixture", {"replicas": [3]}, at.GaussianInit(8, "1/3"))
    assert (own["variance"], own["variance_rule"]) == ("1/3", "fixed")
    assert "variance" not in own["defaults"].split(", ")


def test_all_that_is_none_by_default_has_words():
    for kind, entry in KINDS.items():
        signature = inspect.signature(entry.function).parameters
        assert {name for name in entry.arguments if signature[name].default is None} == LEFT_OUT[kind].keys()


@pytest.mark.slow
def test_the_numbers_of_these_words_are_those_that_the_functions_take():
    """Given by hand they change no number."""
    exact = at.collapse_probability(TARGET, SCHEDULE, INIT)
    assert LEFT_OUT["probability"]["relative_error"].startswith("0.0001,")
    assert at.collapse_probability(TARGET, SCHEDULE, INIT, relative_error=0.0001) == exact
    leading = at.collapse_probability(TARGET, SCHEDULE, INIT, method="leading-order", s0=0)
    assert leading == at.collapse_probability(TARGET, SCHEDULE, INIT, method="leading-order")
    paper = at.ExponentialToOne(90, duration=35), at.SphereInit(64)
    law = at.collapse_probability(TARGET, *paper, variance_law="exact", **PAPER)
    assert law == at.collapse_probability(TARGET, *paper, **PAPER)
    free = at.collapse_threshold(TARGET, SCHEDULE, s0=0, distance_squared=2)
    assert free == at.collapse_threshold(TARGET, SCHEDULE)
    sphere = at.collapse_threshold(TARGET, paper[0], pair_overlap=0, mean_cosine=0, **PAPER)
    assert sphere == at.collapse_threshold(TARGET, paper[0], **PAPER)
    runs = probability.RUNS, probability._QUASI_RANDOM_RUNS, STARTS
    assert LEFT_OUT["probability"]["replicas"] == "{} simulated; {} of the quasi-Monte Carlo, on the sphere {}".format(
        *runs
    )
    assert LEFT_OUT["noisy-probability"]["replicas"] == str(noisy._RUNS)


def test_those_of_trainings_are_what_their_rules_have():
    rules, words = MixtureRules(), LEFT_OUT["mixture"]
    assert (words["batch_size"], words["gradient"]) == tuple(
        f"{value}; none on the exact route" for value in (rules.batch_size, rules.gradient)
    )
    exact = MixtureRules(route="exact")
    assert exact.batch_size is exact.gradient is None
    step = float(rules.step_size)
    after = rules.steps(SCHEDULE) * step - SCHEDULE.settling_time(0.01)
    assert words["end_time"] == "200 after T is below 1.01"
    assert after == pytest.approx(200, abs=step)
    cuts = FlowVerdict().cut, FlowVerdict(verdict="spread").cut
    assert LEFT_OUT["realnvp"]["lost_share"] == "{} of a mode's weight, {} of the spread".format(*cuts)
