"""Start states: conversions between means, reduced and full statistics, and what they refuse."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anneal_theory.errors import DomainError
from anneal_theory.gradient_flow import FullState, GramState, ReducedState
from anneal_theory.problem import BimodalTarget, Dynamics, GaussianMixture

TARGET = BimodalTarget(3, 0.8)
NATURAL = Dynamics(metric="natural", family_weight=0.3)
coordinates = st.floats(-4, 4, allow_subnormal=False)
means = st.lists(coordinates, min_size=6, max_size=6).filter(
    lambda v: np.hypot.reduce(np.subtract(v[:3], v[3:])) > 1e-3
)


def rotation_about_the_axis(dim: int, seed: int) -> np.ndarray:
    turn = np.eye(dim)
    turn[1:, 1:] = np.linalg.qr(np.random.default_rng(seed).normal(size=(dim - 1, dim - 1)))[0]
    return turn


@given(values=means)
def test_full_statistics_are_the_inner_products_of_the_means(values):
    first, second, axis = np.array(values[:3]), np.array(values[3:]), np.array([3.0, 0, 0])
    state = FullState.from_means(first, second, TARGET)
    products = [first @ axis, second @ axis, first @ first, first @ second, second @ second]
    assert np.allclose([state.m1, state.m2, state.s11, state.s12, state.s22], products, rtol=0, atol=1e-13)
    assert abs(state.distance - np.linalg.norm(first - second)) < 1e-10


@given(values=means)
def test_reduced_statistics_of_means_and_of_their_full_state_agree(values):
    first, second = np.array(values[:3]), np.array(values[3:])
    for dynamics in (Dynamics(), NATURAL):
        straight = ReducedState.from_means(first, second, TARGET, dynamics)
        detour = FullState.from_means(first, second, TARGET).reduced(TARGET, dynamics)
        assert abs(straight.s - detour.s) < 1e-13
        assert abs(straight.delta - detour.delta) < 1e-13
        # perp^2 is a difference of numbers up to 50 (64 eps of it), and perp its square root.
        assert abs(straight.perp**2 - detour.perp**2) < 1e-12


@given(values=means)
def test_overlaps_of_a_reduced_state_are_those_of_the_means(values):
    first, second = np.array(values[:3]), np.array(values[3:])
    for dynamics in (Dynamics(), NATURAL):
        m1, m2 = ReducedState.from_means(first, second, TARGET, dynamics).overlaps(dynamics)
        assert np.allclose([m1, m2], [3 * first[0], 3 * second[0]], rtol=0, atol=1e-13)


@given(s=coordinates, rho=st.floats(-50, 50), distance=st.floats(1e-3, 10))
def test_a_state_made_from_rho_and_distance_has_them(s, rho, distance):
    state = ReducedState.from_rho(s, rho, distance, TARGET)
    assert state.rho(TARGET) == pytest.approx(rho, rel=1e-13, abs=1e-300)
    assert state.distance(TARGET) == pytest.approx(distance, rel=1e-14)


@given(s=coordinates, rho=st.floats(-50, 50), distance=st.floats(1e-2, 10))
def test_the_full_state_of_a_reduced_state_has_its_statistics(s, rho, distance):
    for dynamics in (Dynamics(), NATURAL):
        state = ReducedState.from_rho(s, rho, distance, TARGET)
        back = state.full(TARGET, dynamics).reduced(TARGET, dynamics)
        assert np.allclose([back.s, back.delta], [state.s, state.delta], rtol=0, atol=1e-13)
        assert abs(back.perp**2 - state.perp**2) < 1e-12


def test_statistics_do_not_change_when_the_means_turn_about_the_axis():
    pair = np.random.default_rng(1).normal(size=(2, 5))
    turned = pair @ rotation_about_the_axis(5, 2).T
    before, after = (FullState.from_means(*p, TARGET) for p in (pair, turned))
    assert np.allclose(list(vars(before).values()), list(vars(after).values()), rtol=0, atol=1e-14)


def test_a_batch_of_means_gives_a_batch_of_states():
    pairs = np.random.default_rng(3).normal(size=(2, 7, 4))
    batch = FullState.from_means(*pairs, TARGET)
    assert batch.m1.shape == (7,)
    assert batch.s12[4] == FullState.from_means(*pairs[:, 4], TARGET).s12


def test_states_cannot_be_changed():
    batch = ReducedState([0.0, 1.0], 0.1, 1.0)
    with pytest.raises(ValueError, match="read-only"):
        batch.s[0] = 3.0


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((0.0, 0.0, 0.0), "distance must be positive .*separate the two means"),
        ((0.0, 1.0, -1.0), "perp must be a length >= 0"),
        ((float("nan"), 1.0, 1.0), "s must be finite"),
        ((0.0, float("inf"), 1.0), "delta must be finite"),
        (([0.0, 1.0], [1.0, 2.0, 3.0], 1.0), "start must be made of arrays of one length"),
        (([[0.0]], 1.0, 1.0), "s must be a number or an array"),
        (("x", 1.0, 1.0), "s must be a finite number"),
    ],
)
def test_reduced_states_refuse(arguments, words):
    with pytest.raises(DomainError, match=words):
        ReducedState(*arguments)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((0.5, 0.5, 1.0, 1.0, 1.0), "distance must be positive beyond rounding .*separate the two means"),
        ((0.5, 0.5, 1.0, 1.5, 1.0), "products of two vectors"),
        ((0.5, 0.5, -1.0, 0.0, 1.0), "products of two vectors"),
        ((0.5, float("nan"), 1.0, 0.0, 1.0), "m2 must be finite"),
    ],
)
def test_full_states_refuse(arguments, words):
    with pytest.raises(DomainError, match=words):
        FullState(*arguments)


def test_full_states_refuse_overlaps_longer_than_their_means():
    state = FullState(m1=9.0, m2=0.0, s11=1.0, s12=0.0, s22=1.0)
    with pytest.raises(DomainError, match="mu\\* of length 3"):
        state.reduced(TARGET)


@pytest.mark.parametrize("distance", [0.0, -1.0])
def test_a_state_needs_a_positive_distance(distance):
    with pytest.raises(DomainError, match="distance must be positive"):
        ReducedState.from_rho(0.0, 0.1, distance, TARGET)


def test_means_must_have_one_shape():
    with pytest.raises(DomainError, match="two arrays of one shape"):
        FullState.from_means([1.0, 2.0], [1.0, 2.0, 3.0], TARGET)
    with pytest.raises(DomainError, match="two arrays of one shape"):
        FullState.from_means([1.0], [2.0], TARGET)
    with pytest.raises(DomainError, match="mean_1 must be finite"):
        FullState.from_means([1.0, np.nan], [2.0, 1.0], TARGET)


def test_gram_coordinates_have_the_gram_matrix():
    rng = np.random.default_rng(5)
    mixture = GaussianMixture(rng.normal(size=(3, 6)), [0.2, 0.3, 0.5])
    state = GramState.from_means(rng.normal(size=(2, 6)), mixture, [0.4, 0.6])
    rows = np.vstack(state.coordinates())
    assert np.allclose(rows @ rows.T, state.gram, rtol=0, atol=1e-13)


def test_a_bimodal_target_becomes_two_modes_on_the_first_axis():
    state = GramState.from_means([[0.5, 1.0]], TARGET)
    assert np.allclose(state.gram[0], [1.25, 1.5, -1.5], rtol=0, atol=1e-15)
    assert np.allclose(state.target_weights, [0.8, 0.2], rtol=0, atol=1e-16)


HALVES = [0.5, 0.5]


@pytest.mark.parametrize(
    ("gram", "family", "words"),
    [
        (np.eye(3), HALVES, "gram must be of shape \\(4, 4\\)"),
        (np.diag([1.0, 1.0, 1.0, -1.0]), HALVES, "positive semidefinite within rounding"),
        (np.triu(np.ones((4, 4))), HALVES, "gram must be symmetric"),
        (np.full((4, 4), np.nan), HALVES, "gram must be finite"),
        (np.ones((4, 4)), HALVES, "distinct trainable means beyond rounding \\(0 and 1\\).*separate"),
        (np.eye(4), [0.5, 0.6], "family_weights must be of sum 1"),
        (np.eye(4), [1.5, -0.5], "family_weights must be a list of positive numbers"),
    ],
)
def test_gram_states_refuse(gram, family, words):
    with pytest.raises(DomainError, match=words):
        GramState(gram, family, HALVES)


def test_gram_states_refuse_a_variance_that_is_none():
    with pytest.raises(DomainError, match="variance must be positive and finite"):
        GramState(np.eye(4), HALVES, HALVES, variance=0.0)


def test_gram_states_refuse_modes_that_are_not_unit_gaussians():
    wide = GaussianMixture([[1.0, 0.0], [-1.0, 0.0]], HALVES, variance=2.0)
    with pytest.raises(DomainError, match=r"target.variance must be 1.*standard deviations"):
        GramState.from_means([[0.0, 1.0]], wide)


def test_gram_states_refuse_means_of_another_dimension():
    mixture = GaussianMixture([[1.0, 0.0], [-1.0, 0.0]], HALVES)
    with pytest.raises(DomainError, match="of dimension 2"):
        GramState.from_means([[0.0, 1.0, 2.0]], mixture)
