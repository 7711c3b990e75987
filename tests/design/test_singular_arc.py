"""The singular arc: its temperature by Lie brackets in mpmath, which share nothing with it, and by brute force."""

import math
from functools import cache

import mpmath
import numpy as np
import pytest

import anneal_theory as at
from anneal_theory.design import singular_temperature
from anneal_theory.design.singular_arc import arc_at
from anneal_theory.errors import DomainError
from docs.studies import singular_arc as study
from docs.studies.arc_search import Stretches

mp = mpmath.mp.clone()
mp.dps = 40
TARGET = at.BimodalTarget(3, "0.8")
STEP = mp.mpf(10) ** -12  # of central differences; their error is its square, twice over
STATES = [("8", "0.8", "4.3"), ("8.9", "0.385", "2.53"), ("6.6", "1.37", "4.56"), ("-2", "-0.7", "1.1")]
_NODES = 400  # of trapezoids, whose error falls geometrically: far below 1e-40 for these


@cache
def _normal():
    """Nodes and weights of means over a standard normal variable."""
    grid = [mp.mpf(28) * (k - _NODES // 2) / _NODES for k in range(_NODES + 1)]
    return [(z, mp.exp(-(z**2) / 2) / mp.sqrt(2 * mp.pi) * mp.mpf(28) / _NODES) for z in grid]


@cache
def _label(m, radius, odds):
    return mp.fsum(weight * mp.tanh(m + odds + radius * z) for z, weight in _normal())


@cache
def _overlap(distance, share):
    """G by its definition: the mean of eta (1 - eta) over both points of the label."""
    tilt = mp.log(share / (1 - share))

    def product(y):
        eta = 1 / (1 + mp.exp(-distance * y - tilt))
        return eta * (1 - eta)

    sides = ((share, distance / 2), (1 - share, -distance / 2))
    return mp.fsum(part * weight * product(z + centre) for z, weight in _normal() for part, centre in sides)


class Fields:
    """The rates of (s, log rho, log D, cost) without and with the temperature as vector fields, and their brackets."""

    def __init__(self, separation, weight, share, objective):
        self.radius, self.share, self.free = mp.mpf(separation), mp.mpf(share), objective == "free-energy"
        self.odds = mp.log(mp.mpf(weight) / (1 - mp.mpf(weight))) / 2

    def still(self, y):
        s, x, length, _ = y
        cosine = 1 / mp.sqrt(1 + mp.exp(-2 * x))
        gap = self.radius * cosine * mp.exp(length)
        labels = [_label(s + part * gap, self.radius, self.odds) for part in (1 - self.share, -self.share)]
        growth = self.radius**2 * (labels[0] - labels[1]) / gap
        centre = -s + self.radius**2 * (self.share * labels[0] + (1 - self.share) * labels[1])
        return mp.matrix([centre, growth, cosine**2 * growth - 1, 1 if self.free else 0])

    def driven(self, y):
        push = _overlap(mp.exp(y[2]), self.share) / (self.share * (1 - self.share))
        return mp.matrix([0, 0, push, 0 if self.free else 1])

    @staticmethod
    def bracket(first, second):
        """[A, B] = (dB) A - (dA) B, by central differences along the fields."""

        def along(field, y, direction):
            return (field(y + STEP * direction) - field(y - STEP * direction)) / (2 * STEP)

        return lambda y: along(second, y, first(y)) - along(first, y, second(y))

    def temperature(self, y):
        """The covector of an arc kills the fields and their bracket; so T is a quotient of two determinants."""
        once = self.bracket(self.still, self.driven)
        columns = [field(y) for field in (self.still, self.driven, once)]
        twice = [self.bracket(field, once)(y) for field in (self.still, self.driven)]
        above, below = (mp.det(_columns([*columns, one])) for one in twice)
        return -above / below


def _columns(vectors):
    return mp.matrix([[vector[i] for vector in vectors] for i in range(4)])


@pytest.mark.slow
@pytest.mark.parametrize("objective", ["tempered-target", "free-energy"])
@pytest.mark.parametrize("place", STATES)
@pytest.mark.parametrize("share", ["0.5", "0.3"])
def test_the_temperature_is_that_of_lie_brackets_of_the_rates(objective, place, share):
    """Central differences of steps of 1e-12, nested, leave 1e-16 of 40 digits; doubles are given back."""
    s, x, distance = map(mp.mpf, place)
    wanted = Fields("3", "0.8", share, objective).temperature(mp.matrix([s, x, mp.log(distance), 0]))
    rules = at.Dynamics(objective=objective, metric="natural", family_weight=share)
    found, _ = arc_at(TARGET, *place, rules)
    assert found == pytest.approx(float(wanted), rel=1e-12)


def test_equal_weights_run_alike_in_both_metrics_and_mirrored_targets_in_mirrored_states():
    place = {"s": "8", "log_rho": "0.8", "distance": "4.3"}
    found = singular_temperature(TARGET, **place)
    assert singular_temperature(TARGET, **place, metric="natural") == found
    assert singular_temperature(at.BimodalTarget(3, "0.2"), **(place | {"s": "-8"})) == pytest.approx(found, rel=1e-14)


def test_where_no_arc_can_be_best_no_temperature_is_given():
    with pytest.raises(DomainError, match="Kelley's condition"):
        singular_temperature(TARGET, s="8.981", log_rho="-0.476", distance="0.118")
    with pytest.raises(DomainError, match=r"at least 1 with s = 8.937 and log_rho = 1.7, not -5\.9"):
        singular_temperature(TARGET, s="8.937", log_rho="1.7", distance="1")
    with pytest.raises(DomainError, match="at least 1"):
        singular_temperature(TARGET, s="8.9", log_rho="0.4", distance="2.5", objective="free-energy")


def test_a_state_without_momenta_is_refused():
    """Of a symmetric target s = 0 stays: neither f nor its slope tells a momentum."""
    with pytest.raises(DomainError, match="momenta of a singular arc"):
        singular_temperature(at.BimodalTarget(3, "0.5"), s=0, log_rho=0, distance=2)


@pytest.mark.parametrize(
    ("words", "match"),
    [
        ({"log_rho": 301}, "^log_rho must be from -300 to 300"),
        ({"distance": 0}, "^distance must be positive"),
        ({"s": math.inf}, "^s must be finite|^s must be a finite"),
        ({"family_weight": "0.3"}, "^family_weight must be 0.5"),
        ({"objective": "tempered"}, "^objective must be"),
    ],
)
def test_bad_arguments_are_named(words, match):
    with pytest.raises(DomainError, match=match):
        singular_temperature(TARGET, **({"s": 8, "log_rho": 1, "distance": 4} | words))


def test_slopes_of_the_search_are_differences_of_thresholds():
    """The run that the slopes are taken along leaves the separatrix in the end: a thousandth of the largest is allowed.

    Thresholds are known to 1e-9, so central differences of steps of 0.02 to 1e-7.
    """
    family = Stretches(TARGET, (0.0, 170.0, 200.0, 240.0, 270.0, 300.0), at.Dynamics())
    levels = np.array([1.2, 11.0, 15.0, 18.0, 14.0])
    steps = 0.02 * np.eye(5)
    differences = [(family.threshold(levels + one) - family.threshold(levels - one)) / 0.04 for one in steps]
    slopes = family.slopes(levels, family.threshold(levels))
    np.testing.assert_allclose(slopes[1:], differences[1:], rtol=0, atol=1e-3 * np.abs(differences[1:]).max())
    assert slopes[0] == pytest.approx(differences[0], rel=1e-3)


@pytest.mark.parametrize("budget", study.BUDGETS)
def test_the_best_that_a_search_finds_lies_on_the_arc(budget):
    """Its stretches are 5 long; the arc's temperature changes by up to a tenth in one, and is met to a hundredth."""
    row = study.stored("tempered", budget)
    arc = study.arc_of(row)
    assert len(arc) > 15
    for _, found, told, curvature in arc:
        assert curvature < 0
        assert found == pytest.approx(told, rel=2e-2)
    family = study.stretches(float(budget))
    assert family.threshold(row["temperatures"]) == pytest.approx(row["log_rho"], abs=1e-7)
    assert row["log_rho"] < row["rising"] < row["pulse"]


def test_all_choices_of_a_few_levels_are_no_better_than_the_search_on_the_same_stretches():
    row = study.stored("oracle", "600")
    assert row["searched"] <= row["log_rho"]
    assert row["from_pulse"] == pytest.approx(row["searched"], abs=1e-3)
    assert row["bang_bang"] > study.stored("tempered", "600")["pulse"]


def test_under_the_free_energy_the_search_finds_the_hottest_hold():
    row = study.stored("free", "300")
    assert min(row["temperatures"]) == pytest.approx(study.HIGHEST_FREE)
    assert row["log_rho"] == pytest.approx(row["hottest"], abs=1e-8)
