"""Trajectories of unequal weights on the sphere: their law in d dimensions, symmetries, and what they ask for."""

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import solve_ivp

import anneal_theory as at
from anneal_theory.averages import mmse
from anneal_theory.errors import DomainError
from anneal_theory.formulas.sphere_means import label_distance
from anneal_theory.models.sphere_means import sphere_means
from anneal_theory.models.sphere_means_kernels import jacobian, rates
from anneal_theory.problem import Dynamics
from anneal_theory.schedules import Constant, Exponential, ExponentialToOne
from tests.exploration import examples
from tests.gradient_flow.test_sphere_flow import alike, cosines
from tests.oracles.parted_components import Parted, flow_rates

TARGET, COOLING = at.BimodalTarget(3, "0.8"), ExponentialToOne(9, 2)
SPHERE = {"objective": "free-energy", "constraint": "sphere"}
TRAINED = SPHERE | {"variance": "trained"}
RULES = ("fixed", "follows-temperature", "trained")
TIMES = [0.0, 1.0, 4.0, 9.0]
APART, MEAN = 2.0, 2.0  # the distance of two means, and the mean of the logarithms of two variances


def words(rule, weight):
    return SPHERE | {"variance": rule, "family_weight": weight} | ({"dim": 64} if rule == "trained" else {})


def law(dim, weight, gap):
    """(push, part in log v1) by the law of large dimension; and variances whose logarithms differ by gap sqrt(2/d)."""
    v1, v2 = (MEAN * math.exp(sign * gap / math.sqrt(2 * dim)) for sign in (1, -1))
    overlap = mmse(float(label_distance(APART, dim, v1, v2)), weight)
    return (2 * overlap / (v1 + v2), dim * overlap * (v1 - v2) / (v1 + v2)), (v1, v2)


@pytest.mark.parametrize("weight", [0.6, 0.3])
@pytest.mark.parametrize("gap", [0.0, 1.0, -2.0, 3.0])
def test_the_push_is_that_of_two_gaussians_up_to_the_root_of_the_dimension(weight, gap):
    """What is left out is skewness, t^3 sqrt(d) with t = gap/sqrt(2 d) a coordinate: here at most a quarter of it."""
    for dim in (8, 32, 128, 512):
        (push, parting), variances = law(dim, weight, gap)
        felt, first, second = Parted(dim, weight).felt(APART, *variances)
        assert push == pytest.approx(felt, rel=abs(gap) ** 3 / math.sqrt(8 * dim) / 4 + 1e-9)
        # the distance of the means has a part of its own in either variance, of order 1 beside sqrt(d)
        assert parting == pytest.approx((first - second) / 2, abs=0.1)


@pytest.mark.parametrize("weight", [0.6, 0.1])
def test_the_label_overlap_has_its_bound_in_every_dimension(weight):
    for dim in (3, 8, 64):
        for gap in (0.5, 2.0, 6.0):
            _, variances = law(dim, weight, gap)
            bound = (
                0.5 * math.sqrt(weight * (1 - weight)) * math.exp(-(label_distance(APART, dim, *variances) ** 2) / 8)
            )
            assert Parted(dim, weight).overlap(APART, *variances) <= bound * (1 + 1e-12)


def test_the_flow_tends_to_that_of_d_dimensions():
    """All terms against the law of large dimension: what it leaves out of m and s falls at least like 1/sqrt(d), and
    of the variances like 1/d."""
    start, cooling, times, gaps = at.SphereState(0.1, 0.05, 0.1), Exponential(9, 4), [1.0, 2.0, 4.0], []
    for dim in (64, 256, 1024):
        found = at.solve_flow(TARGET, cooling, start, times, dim=dim, family_weight=0.7, **TRAINED)
        begun = [*start.overlaps(TARGET), 0.1, math.log(9), math.log(9)]
        full = solve_ivp(flow_rates(TARGET, cooling.temperature, 0.7, dim, 30), (0, 4), begun, method="LSODA",
                         rtol=1e-8, atol=1e-9, t_eval=times)  # fmt: skip
        places = [np.abs(found[name] - row).max() for name, row in zip(("m1", "m2"), full.y[:2], strict=True)]
        widths = [np.abs(found[name] - np.exp(row)).max() for name, row in zip(("v1", "v2"), full.y[3:], strict=True)]
        gaps.append((max(places), max(widths)))
    for coarse, fine in pairwise(gaps):
        assert fine[0] < coarse[0] / 2
        assert fine[1] < coarse[1] / 3.5
    assert gaps[0][0] < 9 * 0.01


@pytest.mark.slow
@given(place=cosines(), rule=st.sampled_from(RULES), weight=st.floats(0.05, 0.95))
@examples(5)
def test_the_mirror_and_an_exchange_of_the_components_change_signs_alone(place, rule, weight):
    (x, y, s), own = place, words(rule, weight)
    run = at.solve_flow(TARGET, COOLING, at.SphereState(x, y, s), TIMES, **own)
    swapped = at.solve_flow(TARGET, COOLING, at.SphereState(-x, y, s), TIMES, **words(rule, 1 - weight))
    mirrored = at.solve_flow(TARGET.reflected, COOLING, at.SphereState(-x, -y, s), TIMES, **own)
    alike(run, swapped, mirrored, 1e-6)
    if rule == "trained":
        np.testing.assert_allclose(swapped["v1"], run["v2"], rtol=1e-8)


@pytest.mark.parametrize("rule", RULES)
def test_weights_that_are_nearly_equal_have_the_flow_of_equal_ones(rule):
    start = at.SphereState(0.1, 0.05, 0.2)
    equal = at.solve_flow(TARGET, COOLING, start, TIMES, **(SPHERE | {"variance": rule}))
    nearly = at.solve_flow(TARGET, COOLING, start, TIMES, **words(rule, "0.50000000001"))
    for name, scale in (("m1", 9), ("m2", 9), ("pair_overlap", 1), ("cosine", 1)):
        np.testing.assert_allclose(nearly[name], equal[name], atol=1e-8 * scale)


@pytest.mark.parametrize("rule", RULES)
def test_many_at_once_and_every_stepper_give_the_same(rule):
    own = words(rule, 0.35)
    many = at.solve_flows(TARGET, COOLING, at.SphereState([0.1, -0.3], [0.2, 0.0], [0.0, 0.4]), TIMES, **own)
    for method in ("LSODA", "DOP853", "Radau"):
        one = at.solve_flow(TARGET, COOLING, at.SphereState(-0.3, 0.0, 0.4), TIMES, method=method, **own)
        for name, values in one.statistics.items():
            np.testing.assert_allclose(values, many[name][:, 1], atol=1e-7 * max(1, np.abs(values).max()))


@pytest.mark.parametrize("rule", RULES)
def test_the_jacobian_is_the_derivative_of_the_rates(rule):
    dynamics = Dynamics(family_weight="0.3", constraint="sphere", variance=rule)
    model, y, step = sphere_means(TARGET, COOLING, dynamics, 64), np.array([1.1, -0.6, 0.3, 0.7, 0.9]), 1e-6

    def at_state(state, temperature):
        return np.array(rates(state, temperature, model.parameters, model.averages))

    rows, heated = jacobian(y, 2.0, model.parameters, model.averages)
    matrix = np.array(rows)
    for k in range(5):
        move = step * np.eye(5)[k]
        slope = (at_state(y + move, 2.0) - at_state(y - move, 2.0)) / (2 * step)
        np.testing.assert_allclose(matrix[:, k], slope, atol=1e-7 * max(1, np.abs(slope).max()))
    slope = (at_state(y, 2.0 + step) - at_state(y, 2.0 - step)) / (2 * step)
    np.testing.assert_allclose(heated, slope, atol=1e-7)


def test_without_annealing_the_variances_stay_at_one():
    run = at.solve_flow(TARGET, Constant(1), at.SphereState(0.1), [3.0], dim=8, family_weight=0.7, **TRAINED)
    held = at.solve_flow(TARGET, Constant(1), at.SphereState(0.1), [3.0], family_weight=0.7, **SPHERE)
    assert run["v1"] == pytest.approx(1.0, abs=1e-12)
    np.testing.assert_allclose(run["m1"], held["m1"], rtol=1e-9)


def test_a_dimension_is_asked_for_where_it_counts_and_nowhere_else():
    start = at.SphereState(0.1)
    with pytest.raises(DomainError, match=r"^dim must be given for trained variances of unequal weights"):
        at.solve_flow(TARGET, COOLING, start, [1.0], family_weight=0.6, **TRAINED)
    for rules in ({"family_weight": 0.6} | SPHERE, SPHERE):
        with pytest.raises(DomainError, match=r"^dim must be left out but for trained variances on the sphere"):
            at.solve_flow(TARGET, COOLING, start, [1.0], dim=64, **rules)
