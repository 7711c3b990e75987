"""Trajectories on the sphere: the equations of the paper, symmetries, the threshold, and what is refused."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import ks_2samp, ortho_group

import anneal_theory as at
from anneal_theory.errors import DomainError
from anneal_theory.schedules import Constant, Exponential, ExponentialToOne
from tests.budgets import FALSE_ALARM
from tests.exploration import examples
from tests.oracles import sphere_of_paper as oracle

TARGET, COOLING = at.BimodalTarget(3, "0.8"), ExponentialToOne(9, 2)
PAPER = {"objective": "free-energy", "constraint": "sphere", "variance": "trained"}
RULES = ("fixed", "follows-temperature", "trained")
TIMES = [0.0, 1.0, 4.0, 9.0]


@st.composite
def cosines(draw):
    """(x, y, s) of two means."""
    size, angle = draw(st.floats(0.01, 0.95)), draw(st.floats(-3, 3))
    return size * np.cos(angle), size * np.sin(angle), draw(st.floats(-0.9, 0.9))


@pytest.mark.slow
@given(place=cosines(), rule=st.sampled_from(RULES))
@examples(10)
def test_the_flow_is_that_of_the_equations_of_the_paper(place, rule):
    """Against the equations in (m1, m2, s, v) integrated apart; they part at 1e-8 of the errors of a step."""
    start = at.SphereState(*place)
    run = at.solve_flow(TARGET, COOLING, start, TIMES, **(PAPER | {"variance": rule}))
    m1, m2 = (m / 9 for m in start.overlaps(TARGET))
    pieces = [*TIMES[:3], 2 * np.log(9), TIMES[3]]  # the temperature has a kink
    found = oracle.trajectory(
        3.0, 0.8, lambda t: max(9 * np.exp(-t / 2), 1.0), rule, (m1, m2, place[2]), sorted(pieces)
    )
    for name, scale, values in zip(("m1", "m2", "pair_overlap"), (9, 9, 1), found.T, strict=False):
        expected = [scale * values[pieces.index(t)] for t in TIMES]
        np.testing.assert_allclose(run[name], expected, atol=2e-6 * scale)


def alike(run, swapped, mirrored, tolerance):
    """The same run but for the order of the means, and but for the signs of their overlaps."""
    for other, first, second, sign in ((swapped, "m2", "m1", 1), (mirrored, "m1", "m2", -1)):
        np.testing.assert_allclose(other["m1"], sign * run[first], atol=tolerance)
        np.testing.assert_allclose(other["m2"], sign * run[second], atol=tolerance)
        np.testing.assert_allclose(other["pair_overlap"], run["pair_overlap"], atol=tolerance / 10)


@pytest.mark.slow
@given(place=cosines(), rule=st.sampled_from(RULES))
@examples(10)
def test_the_mirror_and_an_exchange_of_the_means_change_signs_alone(place, rule):
    words, (x, y, s) = PAPER | {"variance": rule}, place
    run = at.solve_flow(TARGET, COOLING, at.SphereState(x, y, s), TIMES, **words)
    swapped = at.solve_flow(TARGET, COOLING, at.SphereState(-x, y, s), TIMES, **words)
    mirrored = at.solve_flow(TARGET.reflected, COOLING, at.SphereState(-x, -y, s), TIMES, **words)
    alike(run, swapped, mirrored, 1e-7)


@pytest.mark.slow
@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("method", ["LSODA", "DOP853", "Radau"])
def test_the_threshold_divides_the_trajectories(rule, method):
    words = PAPER | {"variance": rule}
    found = at.collapse_threshold(TARGET, COOLING, pair_overlap="0.2", mean_cosine="0.1", **words).value
    ends = [
        at.solve_flow(TARGET, COOLING, at.SphereState(found * factor, 0.1, 0.2), [60.0], method=method, **words)
        for factor in (1 - 1e-6, 1 + 1e-6)
    ]
    assert ends[0]["pair_overlap"][0] > 0.9
    assert ends[1]["pair_overlap"][0] < -0.9
    assert [len(run.events["second mean crosses into the other basin"]) % 2 for run in ends] in ([0, 1], [1, 0])


@pytest.mark.parametrize("objective", ["free-energy", "tempered-target"])
def test_a_trained_variance_lags_behind_the_temperature(objective):
    """Closed forms of its equation: v' = T - v in the clock, which is the time of the free energy."""
    run = at.solve_flow(TARGET, Constant(4), at.SphereState(0.3), [0.0, 2.0], **(PAPER | {"objective": objective}))
    np.testing.assert_allclose(run["variance"], [4, 4], rtol=1e-9)
    cooling = Exponential(10, 2)  # T = 1 + 9 exp(-t/2)
    lagging = at.solve_flow(TARGET, cooling, at.SphereState(0.3), [0.0, 3.0], **PAPER)["variance"][1]
    assert lagging == pytest.approx(1 + 18 * np.exp(-1.5) - 9 * np.exp(-3.0), rel=1e-8)


@pytest.mark.slow
def test_batches_are_their_single_runs():
    starts = at.SphereState.draw(at.SphereInit(64), 5, np.random.default_rng(1))
    for rule in RULES:
        words = PAPER | {"variance": rule}
        together = at.solve_flows(TARGET, COOLING, starts, TIMES, **words)
        apart = at.solve_flows(TARGET, COOLING, starts, TIMES, method="LSODA", **words)
        for name in ("m1", "pair_overlap", "variance", "distance"):
            np.testing.assert_allclose(together[name], apart[name], atol=1e-5)
            assert together[name].shape == (4, 5)


def test_a_pair_across_the_axis_stays_there():
    run = at.solve_flow(TARGET, COOLING, at.SphereState(0.0, 0.1, 0.2), [0.0, 5.0, 40.0], **PAPER)
    np.testing.assert_array_equal(run["m1"], run["m2"])
    assert run["cosine"].tolist() == [0, 0, 0]
    assert run["log_cosine"].tolist() == [-np.inf] * 3


@given(seed=st.integers(0, 2**32 - 1))
def test_states_are_made_of_means_whatever_their_rotation_about_the_axis(seed):
    rng = np.random.default_rng(seed)
    means, turn = rng.normal(size=(2, 4)), np.eye(4)
    means *= 3 / np.linalg.norm(means, axis=1)[:, None]
    turn[1:, 1:] = ortho_group.rvs(3, random_state=seed)
    first, second = at.SphereState.from_means(*means), at.SphereState.from_means(*(means @ turn))
    for name in ("cosine", "mean_cosine", "pair_overlap"):
        assert getattr(first, name) == pytest.approx(getattr(second, name), abs=1e-13)
    np.testing.assert_allclose(first.overlaps(TARGET), 3 * means[:, 0], atol=1e-12)
    assert first.pair_overlap == pytest.approx(means[0] @ means[1] / 9, abs=1e-13)
    back = at.SphereState.from_overlaps(*first.overlaps(TARGET), first.pair_overlap, TARGET)
    assert (back.cosine, back.mean_cosine) == pytest.approx((first.cosine, first.mean_cosine), abs=1e-12)


def test_drawn_starts_are_those_of_uniform_means():
    """Kolmogorov's and Smirnov's test of 5000 starts: sees a shift of 0.12 standard deviations."""
    rng = np.random.default_rng(3)
    drawn = at.SphereState.draw(at.SphereInit(5), 5000, rng)
    first, second = (part / np.linalg.norm(part, axis=1)[:, None] for part in rng.normal(size=(2, 5000, 5)))
    plain = at.SphereState.from_means(first, second)
    for name in ("cosine", "mean_cosine", "pair_overlap"):
        assert ks_2samp(getattr(drawn, name), getattr(plain, name)).pvalue > FALSE_ALARM
    pairs = [one.cosine / np.sqrt(1 - one.mean_cosine**2) for one in (drawn, plain)]
    assert ks_2samp(*pairs).pvalue > FALSE_ALARM


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: at.SphereState(0.9, 0.9), r"^\(cosine, mean_cosine\) must be of squares that sum"),
        (lambda: at.SphereState(1.5), "^cosine must be from -1 to 1"),
        (lambda: at.SphereState(0.1, 0, 1.0), "^pair_overlap must be strictly between"),
        (lambda: at.SphereState.from_means([3.0, 0], [0, 2.0]), "^means must be of one length R"),
        (lambda: at.SphereState.from_overlaps(9.5, 0.0, 0.0, TARGET), r"^\(m1, m2, pair_overlap\) must be products"),
        (lambda: at.SphereState.draw(at.GaussianInit(4), 2, np.random.default_rng(0)), "^init must be a SphereInit"),
        (lambda: at.solve_flow(TARGET, COOLING, at.SphereState(0.1), [1.0]), "^start must be one of free means"),
        (
            lambda: at.solve_flow(TARGET, COOLING, at.ReducedState(0.1, 0.3, 1.2), [1.0], **PAPER),
            "^start must be a SphereState",
        ),
        (
            lambda: at.solve_flow(TARGET, COOLING, at.SphereState([0.1, 0.2]), [1.0], **PAPER),
            "^start must be one state",
        ),
    ],
)
def test_starts_that_are_none_are_refused_by_name(make, message):
    with pytest.raises(DomainError, match=message):
        make()
