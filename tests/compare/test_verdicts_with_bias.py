"""Exact intervals, biases from halved steps and doubled batches, and the verdict that knows of them."""

import json
import math
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from anneal_theory.compare import Bias, Count, TrainingComparison, compare_training, interval
from anneal_theory.compare.bias import _bias
from anneal_theory.errors import DomainError
from anneal_theory.problem import BimodalTarget, GaussianInit
from anneal_theory.results import Estimate
from anneal_theory.schedules import Constant, Exponential
from anneal_theory.training import train_mixture
from tests.exploration import examples

TARGET = BimodalTarget(3, "0.8")
FEW = {"batch_size": 20, "step_size": 0.2}
KNOWN = FEW | {"theory": Estimate(0.6, 1e-5, math.log(0.6), "exact")}  # where what the theory says does not matter


def chance(counts, trials, p):
    """P(X in counts) of the binomial law, from its definition; exact for a rational p."""
    return sum(math.comb(trials, k) * p**k * (1 - p) ** (trials - k) for k in counts)


@examples(40)
@given(trials=st.integers(1, 60), share=st.floats(0, 1), false_alarm=st.sampled_from([0.3, 0.01, 1e-6, 1e-9]))
@example(trials=10, share=0.875, false_alarm=1e-6)
def test_each_end_of_the_interval_leaves_half_the_false_alarm_rate_in_its_tail(trials, share, false_alarm):
    """The ends are right to 1e-12 of themselves: so far to either side, exact sums lie on either side of the rate."""
    count, confidence = round(share * trials), 1 - false_alarm
    low, high = interval(count, trials, confidence)
    tail, near = (1 - Fraction(confidence)) / 2, Fraction(1, 10**12)
    if count:
        below, above = (chance(range(count, trials + 1), trials, Fraction(low) * (1 + sign * near)) for sign in (-1, 1))
        assert below < tail < above
    if count < trials:
        below, above = (chance(range(count + 1), trials, Fraction(high) * (1 + sign * near)) for sign in (1, -1))
        assert below < tail < above
    assert (low == 0) == (count == 0)
    assert (high == 1) == (count == trials)


@pytest.mark.parametrize("p", [0.02, 0.31, 0.5, 0.97])
def test_the_interval_misses_the_truth_with_at_most_the_false_alarm_rate(p):
    trials, false_alarm = 40, 0.05
    missed = 0.0
    for count in range(trials + 1):
        low, high = interval(count, trials, 1 - false_alarm)
        missed += 0.0 if low <= p <= high else chance([count], trials, p)
    assert missed <= false_alarm


def test_the_bias_interval_covers_twice_the_difference_of_two_known_probabilities():
    """Pairs that change their verdict with chances 0.1 and 0.03, 150 draws: more than 14 misses at a rate of 0.01 have
    a probability below 1e-9.
    """
    rng, misses, values, errors = np.random.default_rng(7), 0, [], []
    for _ in range(150):
        kind = rng.random(150)
        found = _bias("step_size", kind < 0.1, (kind >= 0.1) & (kind < 0.13), 0.01)
        misses += not found.low <= 0.14 <= found.high
        values.append(found.value)
        errors.append(found.error)
    assert misses <= 14
    # Mean within 6.1 of its standard errors (1e-9); the spread of 150 values is known to 6 %, seven times over.
    assert abs(np.mean(values) - 0.14) < 6.1 * np.std(values) / 150**0.5
    assert np.std(values) == pytest.approx(np.mean(errors), rel=0.4)


def comparison(theory, collapsed, bias=None, theory_error=0.0):
    found = Estimate(theory, theory_error, math.log(theory), "exact")
    count = Count(0.1, 100, collapsed, 1000, *interval(collapsed, 1000, 0.999))
    biases = () if bias is None else (Bias("step_size", bias[0], 0.01, *bias[1:], 3, 1, 100),)
    return TrainingComparison(found, count, (), biases, 1e-3, {})


@pytest.mark.parametrize(
    ("theory", "collapsed", "bias", "verdict"),
    [
        (0.5, 518, None, "agrees"),
        (0.5, 518, (0.0, -0.05, 0.05), "agrees"),
        (0.5, 580, None, "disagrees"),
        (0.5, 580, (0.03, -0.02, 0.04), "agrees within the known bias"),  # training collapses too often by 0.04 at most
        (0.5, 580, (0.015, -0.02, 0.04), "undecided"),  # the bias is too little seen to be called known
        (0.5, 580, (-0.03, -0.04, 0.02), "disagrees"),  # a bias of the other sign does not help
        (0.5, 420, (-0.03, -0.04, 0.02), "agrees within the known bias"),
        (0.5, 420, (-0.015, -0.04, 0.02), "undecided"),
        (0.5, 420, (0.03, -0.02, 0.04), "disagrees"),
    ],
)
def test_the_verdict_takes_the_bias_off_the_count(theory, collapsed, bias, verdict):
    assert comparison(theory, collapsed, bias).verdict == verdict


def test_the_theorys_own_error_widens_the_verdict():
    assert comparison(0.5, 580, theory_error=0.05).verdict == "agrees"


def test_a_wrong_theory_disagrees_and_the_right_one_agrees():
    """False-alarm rate 1e-9 with 150 runs: sees an error of 0.25 at P = 0.67."""
    rules = FEW | {"replicas": 150, "bias_replicas": 50, "false_alarm": 1e-9}
    found = compare_training(TARGET, Exponential(10, 10), GaussianInit(128), **rules)
    assert found.verdict == "agrees"
    assert found.theory.value == pytest.approx(0.668, abs=5e-4)  # theory section 10
    wrong = Estimate(0.3, 0.0, math.log(0.3), "exact")
    assert replace(found, theory=wrong, biases=()).verdict == "disagrees"


def test_the_counts_are_those_of_training_at_the_stated_step_and_batch():
    found = compare_training(TARGET, Constant(1), GaussianInit(8), replicas=30, bias_replicas=20, seed=4, **KNOWN)
    halved = train_mixture(TARGET, Constant(1), GaussianInit(8), replicas=20, seed=4, batch_size=20, step_size=0.1)
    doubled = train_mixture(TARGET, Constant(1), GaussianInit(8), replicas=20, seed=4, batch_size=40, step_size=0.2)
    base = train_mixture(TARGET, Constant(1), GaussianInit(8), replicas=30, seed=4, **FEW)
    assert [found.count.collapsed, *(one.collapsed for one in found.finer)] == [base.count, halved.count, doubled.count]
    assert [(one.step_size, one.batch_size) for one in found.finer] == [(0.1, 20), (0.2, 40)]
    for bias, fine in zip(found.biases, (halved, doubled), strict=True):
        assert bias.value == pytest.approx(2 * (base.collapsed[:20].mean() - fine.fraction))


def test_the_exact_route_has_no_bias_of_a_batch():
    found = compare_training(
        TARGET, Constant(1), GaussianInit(8), **(KNOWN | {"replicas": 20, "route": "exact", "batch_size": None})
    )
    assert [bias.cause for bias in found.biases] == ["step_size"]
    assert found.count.batch_size is None


@pytest.mark.slow
def test_a_coarse_step_is_a_known_bias_that_explains_the_count():
    """Free energy at T0 = 10 without noise: a step of 0.4 is four units of the tempered clock, and the share of the
    150 starts is 0.19 above the formula; half the step shows half of that, within its interval.
    """
    rules = {"replicas": 150, "bias_replicas": 150, "step_size": 0.4, "route": "exact", "end_time": 50}
    found = compare_training(TARGET, Exponential(10, 5), GaussianInit(128), objective="free-energy", **rules)
    assert found.verdict == "agrees within the known bias"
    assert replace(found, biases=()).verdict == "disagrees"
    assert 0 < found.bias.value < 0.3
    finer = compare_training(
        TARGET, Exponential(10, 5), GaussianInit(128), objective="free-energy", theory=found.theory,
        **(rules | {"step_size": 0.1, "bias_replicas": 0}),
    )  # fmt: skip
    assert finer.verdict == "agrees"


def test_the_result_is_plain_data():
    found = compare_training(TARGET, Constant(1), GaussianInit(8), replicas=10, bias_replicas=0, **KNOWN)
    plain = json.loads(json.dumps(found.to_dict(), allow_nan=False))
    assert plain["biases"] == []
    assert plain["count"]["collapsed"] == found.count.collapsed
    assert plain["settings"]["schedule"] == {"kind": "Constant", "temperature": 1.0}


@pytest.mark.parametrize(
    ("words", "named"),
    [
        ({"false_alarm": 0.0}, "false_alarm"),
        ({"false_alarm": 1.0}, "false_alarm"),
        ({"replicas": 0}, "replicas"),
        ({"bias_replicas": 11}, "bias_replicas"),
        ({"bias_replicas": -1}, "bias_replicas"),
        ({"batch_size": 1}, "batch_size"),
        ({"step_size": 0.0}, "step_size"),
    ],
)
def test_bad_rules_are_named_before_the_training(words, named):
    with pytest.raises(DomainError, match=named):
        compare_training(TARGET, Constant(1), GaussianInit(8), **({"replicas": 10} | words))
