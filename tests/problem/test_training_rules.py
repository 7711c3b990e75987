"""The rules of training and the initial law."""

from fractions import Fraction

import numpy as np
import pytest

from anneal_theory.errors import DomainError
from anneal_theory.problem import Dynamics, GaussianInit


def test_the_default_rules_are_the_euclidean_tempered_target_with_equal_weights():
    rules = Dynamics()
    assert (rules.objective, rules.metric, rules.family_weight) == ("tempered-target", "euclidean", 0.5)
    assert rules.equal_weights
    assert rules.reducible
    assert rules.clock_rate == 0.5


@pytest.mark.parametrize(
    ("metric", "weight", "reducible"),
    [("euclidean", 0.5, True), ("euclidean", 0.3, False), ("natural", 0.5, True), ("natural", 0.3, True)],
)
def test_the_flow_reduces_with_equal_weights_or_the_natural_metric(metric, weight, reducible):
    assert Dynamics(metric=metric, family_weight=weight).reducible is reducible


def test_the_natural_clock_runs_twice_as_fast():
    assert Dynamics(metric="natural").clock_rate == 1


def test_rules_are_values_that_spell_themselves():
    rules = Dynamics("free-energy", "natural", 0.3)
    assert eval(repr(rules)) == rules
    assert rules.exact_family_weight == Fraction(3, 10)
    assert hash(rules) == hash(Dynamics("free-energy", "natural", "3/10"))


@pytest.mark.parametrize("value", [0, 1, -0.5, 2, float("nan"), "1e-20"])
def test_a_family_weight_outside_the_open_unit_interval_is_refused(value):
    with pytest.raises(DomainError, match=r"^family_weight must be .*, but was .*; .*\.$"):
        Dynamics(family_weight=value)


def test_unknown_objectives_and_metrics_are_refused():
    for name in ("objective", "metric"):
        with pytest.raises(DomainError, match=rf"^{name} must be '.*' or '.*', but was 'hot'; choose one of these\.$"):
            Dynamics(**{name: "hot"})


def test_the_default_variance_is_one_over_the_dimension():
    assert GaussianInit(128).exact_variance == Fraction(1, 128)
    assert GaussianInit(128).scale == 128**-0.5
    assert GaussianInit(10**12).variance == 1e-12


def test_a_given_variance_is_kept():
    init = GaussianInit(4, 0.3)
    assert (init.dim, init.variance, init.scale) == (4, 0.3, 0.3**0.5)
    assert eval(repr(init)) == init
    assert GaussianInit(4) == GaussianInit(4, "1/4")


@pytest.mark.parametrize("value", [1, 0, -3, True, 10**301])
def test_a_dimension_below_two_or_absurd_is_refused(value):
    with pytest.raises(DomainError, match=r"^dim must be an integer from 2 to 1e300, but was .*; .*\.$"):
        GaussianInit(value)


def test_numpy_integers_are_dimensions():
    assert type(GaussianInit(int(np.int64(5))).dim) is int


@pytest.mark.parametrize("value", [0, -1, float("nan"), float("inf"), "1e-400"])
def test_a_variance_that_is_not_positive_and_finite_is_refused(value):
    with pytest.raises(DomainError, match=r"^variance must be .*, but was .*; .*\.$"):
        GaussianInit(3, value)
