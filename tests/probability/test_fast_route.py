"""Exact probabilities of cells of a map, beside those whose thresholds are bisected."""

import math

import pytest
from hypothesis import HealthCheck, assume, example, given
from hypothesis import strategies as st

from anneal_theory.errors import DomainError, SolveError
from anneal_theory.probability import collapse_probability
from anneal_theory.problem import BimodalTarget, GaussianInit, SphereInit
from anneal_theory.schedules import Exponential, Piecewise
from tests.exploration import examples
from tests.oracles.bisected import apart_and_stated, bisected_probability

ASKED, FINER = 1e-3, 3e-4
COOLING, HOT = Exponential(10, 10), Exponential(1e6, 10)
PULSES = Piecewise([0, 40, 41, 60, 61, 80], [8, 1, 30, 30, 2, 1])


def agree(*problem, **options):
    """The map's estimate has its stated error, which is as small as asked for."""
    try:
        plain = bisected_probability(*problem, relative_error=FINER, **options)
    except (DomainError, SolveError):
        assume(False)  # where the plain route has an answer, the map's has one too
    quick = collapse_probability(*problem, method="exact", relative_error=ASKED, **options)
    if math.isinf(quick.log_value) or math.isinf(quick.log_complement):  # the attractors decide it
        assert plain.value == quick.value
        return
    apart, stated = apart_and_stated(quick, plain)
    assert apart <= stated
    assert stated <= ASKED + FINER or quick.note or plain.note


@pytest.mark.slow
@examples(4, suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow])
@given(
    separation=st.floats(2, 8),
    weight=st.floats(0.5, 0.95),
    temperature=st.floats(1, 1e4),
    decay_time=st.floats(0.5, 300),
    dim=st.sampled_from([8, 128, 10**6]),
)
@example(3.0, 0.8, 2.8118, 281.18, 128)
@example(3.0, 0.8, 100.0, 1000.0, 128)
def test_free_means(separation, weight, temperature, decay_time, dim):
    agree(BimodalTarget(separation, weight), Exponential(temperature, decay_time), GaussianInit(dim))


@pytest.mark.slow
@examples(3, suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow])
@given(
    separation=st.floats(2, 5),
    weight=st.floats(0.5, 0.9),
    temperature=st.floats(1, 300),
    decay_time=st.floats(1, 300),
    dim=st.sampled_from([16, 32, 512]),
    variance=st.sampled_from(["trained", "follows-temperature", "fixed"]),
    objective=st.sampled_from(["free-energy", "tempered-target"]),
)
@example(3.0, 0.5, 20.0, 50.0, 128, "fixed", "tempered-target")
@example(3.0, 0.8, 100.0, 1000.0, 512, "trained", "free-energy")
def test_means_on_the_sphere(separation, weight, temperature, decay_time, dim, variance, objective):
    problem = BimodalTarget(separation, weight), Exponential(temperature, decay_time), SphereInit(dim)
    agree(*problem, constraint="sphere", variance=variance, objective=objective)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("separation", "schedule", "dim"),
    [("0.05", COOLING, 128), ("60", COOLING, 128), ("3", COOLING, 10**12), ("3", HOT, 128), ("3", PULSES, 128)],
)
def test_corners_of_free_means(separation, schedule, dim):
    agree(BimodalTarget(separation, "0.8"), schedule, GaussianInit(dim))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("separation", "schedule", "dim", "variance"),
    [("60", COOLING, 512, "fixed"), ("60", COOLING, 512, "trained"), ("3", COOLING, 10**12, "follows-temperature"),
     ("3", HOT, 512, "trained"), ("3", PULSES, 512, "trained"), ("3", PULSES, 512, "fixed")],
)  # fmt: skip
def test_corners_of_the_sphere(separation, schedule, dim, variance):
    agree(BimodalTarget(separation, "0.8"), schedule, SphereInit(dim), constraint="sphere", variance=variance)
