"""Bad counts, sizes and keywords of training are refused at once, by name, whatever they are."""

import math
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from anneal_theory.compare import (
    ChosenSchedule,
    baselines,
    compare_baselines,
    compare_flow_baselines,
    compare_training,
)
from anneal_theory.errors import DomainError
from anneal_theory.problem import BimodalTarget, GaussianInit
from anneal_theory.results import Estimate
from anneal_theory.schedules import Constant, Exponential
from anneal_theory.training import train_mixture, train_mixture_torch, train_realnvp
from anneal_theory.training.mixture_rules import MixtureRules
from tests.training.flow_runs import run_of

TARGET, INIT = BimodalTarget(3, "0.8"), GaussianInit(4)
ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.slow
def test_what_is_no_count_size_or_share_is_refused_by_name():
    line = [sys.executable, "-m", "tests.training.bad_arguments"]
    found = subprocess.run(line, cwd=ROOT, capture_output=True, text=True, timeout=300, check=True)
    told = found.stdout.splitlines()
    assert told[:-1] == []
    assert int(told[-1].split()[0]) > 300


def test_integers_of_numpy_are_counts():
    rules = MixtureRules(replicas=np.int64(8), batch_size=np.int32(5))
    assert (rules.replicas, rules.batch_size) == (8, 5)
    assert {type(rules.replicas), type(rules.batch_size)} == {int}


@pytest.mark.parametrize("word", [{"batch_size": 1000}, {"gradient": "plain"}, {"gradient": "path"}])
def test_what_the_exact_route_has_no_use_for_is_refused_by_every_function(no_work, word):
    told = rf"^{next(iter(word))} must be left out with route='exact'"
    for function in (train_mixture, compare_training):
        with pytest.raises(DomainError, match=told):
            function(TARGET, Constant(1), INIT, route="exact", **word)
    with pytest.raises(DomainError, match=told):
        compare_baselines(TARGET, INIT, route="exact", **word)


def test_a_default_that_is_given_is_the_same_training_as_one_that_is_not():
    few = {"replicas": 2, "end_time": 5, "most_undecided": 1}
    bare, spelled = (
        train_mixture(TARGET, Constant(1), INIT, **few, **words)
        for words in ({}, {"batch_size": 1000, "gradient": "plain"})
    )
    assert bare.to_dict() == spelled.to_dict()
    exact = train_mixture(TARGET, Constant(1), INIT, **few, route="exact")
    assert (exact.settings["batch_size"], exact.settings["gradient"]) == (None, None)


def test_steps_between_checkpoints_are_refused_where_there_is_no_checkpoint():
    with pytest.raises(DomainError, match=r"^checkpoint_every must be left out without a checkpoint, but was 5"):
        train_realnvp(TARGET, Constant(1), checkpoint_every=5)
    with pytest.raises(DomainError, match=r"^checkpoint_every must be left out without a checkpoint"):
        run_of(Constant(1)).run(checkpoint_every=5)


def test_results_and_temperatures_that_do_not_fit_in_memory_are_refused_before_the_work():
    with pytest.raises(DomainError, match=r"^replicas must be at most \d+ with \d+ numbers each"):
        train_mixture(TARGET, Constant(1), INIT, replicas=10**6, record_every=1)
    with pytest.raises(DomainError, match=r"^step_size must be large enough for at most"):
        train_mixture(TARGET, Constant(1), INIT, step_size=1e-9)
    with pytest.raises(DomainError, match=r"^step_size must be large enough"):
        train_mixture_torch(TARGET, Constant(1), INIT, step_size=1e-9)
    with pytest.raises(DomainError, match=r"^record_every must be large enough"):
        train_realnvp(TARGET, Constant(1), steps=10**8, record_every=1)
    with pytest.raises(DomainError, match=r"^evaluation_samples must be an integer from 2 to"):
        train_realnvp(TARGET, Constant(1), evaluation_samples=10**400)
    with pytest.raises(DomainError, match=r"^replicas must be at most \d+, for a record of each"):
        train_realnvp(TARGET, Constant(1), replicas=10**400)


def test_the_end_time_that_a_hot_schedule_is_advised_is_accepted():
    schedule = Exponential(10, 7654321)
    with pytest.raises(DomainError, match="end_time=") as refusal:
        MixtureRules(end_time=10**6, step_size=1000).steps(schedule)
    advised = float(str(refusal.value).partition("end_time=")[2].partition(")")[0])
    assert MixtureRules(end_time=advised, step_size=1000).steps(schedule) == advised / 1000


@pytest.fixture
def no_work(monkeypatch):
    """Training and theory that must not be reached."""

    def reached(*given, **words):
        raise AssertionError("work was done")

    for name in ("train_mixture", "choose_schedule", "collapse_probability"):
        monkeypatch.setattr(baselines, name, getattr(baselines, name))
    monkeypatch.setattr(baselines, "baselines", reached)
    monkeypatch.setattr(baselines, "choose_schedule", reached)


@pytest.mark.parametrize(
    ("word", "value"), [("end_time", 20), ("record_every", 5), ("checkpoint_every", 9), ("no_such_thing", 1)]
)
def test_keywords_that_a_comparison_does_not_take_are_named_before_the_work(no_work, word, value):
    with pytest.raises(TypeError, match=f"unexpected keyword argument '{word}'; (did you mean|it takes) "):
        compare_baselines(TARGET, INIT, **{word: value})
    if word != "end_time":
        with pytest.raises(TypeError, match=f"unexpected keyword argument '{word}'"):
            compare_training(TARGET, Constant(1), INIT, **{word: value})
        with pytest.raises(DomainError, match=rf"^training must be .*{word}"):
            compare_flow_baselines(TARGET, **{word: value})


@pytest.mark.parametrize("words", [{"replicas": 0}, {"batch_size": 1}, {"false_alarm": math.nan}])
def test_bad_counts_of_a_comparison_are_named_before_the_work(no_work, words):
    with pytest.raises(DomainError, match=next(iter(words))):
        compare_baselines(TARGET, INIT, **words)


@pytest.mark.parametrize(("metric", "method"), [("euclidean", "exact"), ("natural", "quick")])
def test_unequal_weights_are_compared_by_the_method_that_they_allow(monkeypatch, metric, method):
    known, asked = Estimate(0.5, 1e-5, math.log(0.5), "exact", log_complement=math.log(0.5)), []

    def chosen(*given, **words):
        asked.append(words["method"])
        return ChosenSchedule(Constant(1), known, known, 1)

    monkeypatch.setattr(baselines, "choose_schedule", chosen)
    monkeypatch.setattr(baselines, "collapse_probability", lambda *given, **words: known)
    few = {"budget": 60, "replicas": 4, "batch_size": 20, "step_size": 0.2}
    table = compare_baselines(TARGET, INIT, family_weight="0.3", metric=metric, **few)
    assert asked == [method]
    assert [row.replicas for row in table.rows] == [4] * 5


def test_an_unknown_rule_of_flows_is_named_before_the_work():
    with pytest.raises(TypeError, match="unexpected keyword argument 'stps'; did you mean 'steps'"):
        train_realnvp(TARGET, Constant(1), stps=5)
