r"""Drawn settings on the sphere: the exact probability beside simulated starts, and its limit of large dimension.

The first correction to that limit, which the tests hold the exact probability to. With a = sqrt(d) x_c(0, 0) and
l = log x_c(c, y), whose slope is l' and whose second derivatives add up to l'':

- a coordinate of a uniform direction in d - 1 dimensions is tau/sqrt(d), with the density
  phi(tau) (1 + (2 tau^2 - tau^4/4 - 5/4)/d) to this order, which adds phi(a) (a^3 - 5 a)/(2 d) to erf(a/sqrt(2));
- that coordinate has to stay below x_c/sqrt(1 - y^2), which with E y^2 = 1/d adds phi(a) a/d;
- E c^2 = E y^2 = 1/d moves x_c itself: by Taylor's formula that adds phi(a) a (l'' + (1 - a^2) |l'|^2)/d;

    P - erf(a/sqrt(2)) = phi(a) (a/d) [(a^2 - 3)/2 + l'' + (1 - a^2) |l'|^2] + O(1/d^2)   at a given a.

The law of a trained variance in d dimensions moves x_c(0, 0) too, at order 1/d, so that a is taken of that law.

At a given target a grows like sqrt(d), and P tends to 1. Of the smaller Q of P and 1 - P the logarithm is then off by
a^4 (|l'|^2 - 1/2)/(2 d), in proportion to (log Q)^2/d, which falls only while a is below d^(1/4): in the deep tail no
property in 1/d holds. The next order is the square of the first one's size, e = (1 + a^2)^2 (1 + |l'|^2)/d, times a
number that is 0.14 at most in forty drawn settings with e < 1.
"""

import math

import pytest
from hypothesis import assume, example, given, note
from hypothesis import strategies as st
from scipy.special import log_ndtr

import anneal_theory as at
from tests.budgets import assert_probability
from tests.exploration import examples

REPLICAS = 20_000
SPHERE = {"constraint": "sphere"}
RULES = ("trained", "follows-temperature", "fixed")
STEP = 1e-3  # of the cosines, for derivatives
LARGEST, LEAST = 1.0, 30.0  # size and dimension that are looked at
SETTINGS = {
    "target": st.builds(at.BimodalTarget, st.floats(2.2, 3.6), st.floats(0.52, 0.85)),
    "schedule": st.builds(at.ExponentialToOne, st.floats(1.5, 40), duration=st.floats(1, 15)),
    "rule": st.sampled_from(RULES),
    "objective": st.sampled_from(["free-energy", "tempered-target"]),
}

# Faster annealing leaves thresholds so large that no dimension is large enough for the expansion.
SLOWER = {"schedule": st.builds(at.ExponentialToOne, st.floats(15, 90), duration=st.floats(9, 20))}


@pytest.mark.slow
@examples(8)
@given(dim=st.sampled_from([3, 5, 16, 128, 1024]), seed=st.integers(0, 2**32 - 1), **SETTINGS)
def test_the_exact_probability_is_that_of_simulated_starts(target, schedule, rule, objective, dim, seed):
    """Draws of the initial law that use nothing of the law of x, y and c; intervals of 1 - 1e-9, half-width 0.022."""
    problem = target, schedule, at.SphereInit(dim)
    rules = SPHERE | {"variance": rule, "objective": objective}
    found = at.collapse_probability(*problem, relative_error=1e-2, **rules)
    drawn = at.collapse_probability(*problem, method="simulated", replicas=REPLICAS, seed=seed, **rules)
    assert_probability(round(drawn.value * REPLICAS), REPLICAS, found.value, bias=found.error)


def _log_threshold(problem, rules, overlap=0.0, cosine=0.0):
    found = at.collapse_threshold(*problem, pair_overlap=overlap, mean_cosine=cosine, **rules)
    return float(found.log_value)


def _slopes(problem, rules):
    """log x_c at c = y = 0, the square of its slope, and its second derivatives in c and y added up."""
    middle = _log_threshold(problem, rules)
    square = bend = 0.0
    for name in ("overlap", "cosine"):
        low, high = (_log_threshold(problem, rules, **{name: side * STEP}) for side in (-1, 1))
        square += ((high - low) / (2 * STEP)) ** 2
        bend += (high - 2 * middle + low) / STEP**2
    return middle, square, bend


def _dimensions(log_x, square):
    """The least and the largest d of size LARGEST, where there are any: the roots of (1 + d x^2)^2 (1 + |l'|^2)/d."""
    x2, level = math.exp(2 * log_x), LARGEST / (1 + square)
    root = (level - 2 * x2) ** 2 - 4 * x2**2
    assume(level > 4 * x2)
    middle, half = (level - 2 * x2) / (2 * x2**2), math.sqrt(root) / (2 * x2**2)
    assume(middle + half > LEAST)
    return math.log(max(LEAST, 1 / (x2**2 * (middle + half)))), math.log(middle + half)


# Here 1 - P is far below the least double.
TAIL = at.BimodalTarget(2.5, 0.53125), at.ExponentialToOne(23.0, duration=20.0), "follows-temperature", "free-energy"


@pytest.mark.slow
@examples(12)
@given(share=st.floats(0, 1), **(SETTINGS | SLOWER))
@example(**dict(zip(SETTINGS, TAIL, strict=True)), share=1.0)
def test_the_limit_of_large_dimension_is_reached_as_its_first_correction_says(target, schedule, rule, objective, share):
    """log Q of the exact probability, within the square of the correction's size; Q is the smaller of P and 1 - P."""
    problem, rules = (target, schedule), SPHERE | {"variance": rule, "objective": objective}
    log_x, square, bend = _slopes(problem, rules)
    low, high = _dimensions(log_x, square)
    dim = math.ceil(math.exp(low + share * (high - low)))
    if rule == "trained":
        log_x = float(at.collapse_threshold(*problem, dim=dim, **rules).log_value)
    a = math.sqrt(dim) * math.exp(log_x)
    size = (1 + a * a) ** 2 * (1 + square) / dim
    note(f"d = {dim}, a = {a}, size {size}")
    found = at.collapse_probability(*problem, at.SphereInit(dim), relative_error=1e-3, **rules)
    log_density = -a * a / 2 - math.log(2 * math.pi) / 2
    first = a / dim * ((a * a - 3) / 2 + bend + (1 - a * a) * square)  # in units of the density
    log_outside = math.log(2) + log_ndtr(-a)  # of erfc(a/sqrt(2)), which is below the doubles beyond a = 38.6
    log_inside = math.log(-math.expm1(log_outside))
    if found.value < 0.5:
        gap, error = found.log_value - log_inside, found.log_error
        correction = first * math.exp(log_density - log_inside)
    else:
        gap, error = found.log_complement - log_outside, found.log_complement_error
        correction = -first * math.exp(log_density - log_outside)
    assert abs(gap - correction) <= size**2 + error
