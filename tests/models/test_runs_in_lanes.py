"""Runs eight at once against the plain route, over the domain and in its corners, and without neighbours."""

import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from anneal_theory.errors import DomainError
from anneal_theory.models.free_pair import free_pair, full_free_pair
from anneal_theory.models.sphere_means import sphere_means
from anneal_theory.models.sphere_pair import sphere_pair
from anneal_theory.models.verdicts import UNDECIDED
from anneal_theory.problem import BimodalTarget, Dynamics
from anneal_theory.schedules import Constant, Exponential, ExponentialToOne, Hold, Piecewise
from tests.exploration import examples
from tests.oracles.plain_runs import plain_departure, plain_run

TOLERANCE, STEPS = 1e-9, 100_000
EPSILON, DIGITS = float(np.finfo(float).eps), (-2, -1, 1, 2)
# Logarithms of growths are off by the method's error, which a tenth of the tolerance tells: twice what it changes is
# allowed to either route, and where overlaps are tiny against R^2 (0.02 at R = 60, s0 = 1e-7) what rounding does.
FINER = 0.1
# Steps are chosen by estimates of errors, at the level of rounding where a run is smooth, so that the last digit of a
# start changes them and, to the method's error, the growth. How far routes are apart is measured by that: in 55 drawn
# settings the lanes were off by at most 22 times what one or two last digits do to the plain route (median 0.57).
OF_ROUNDING = 50
PULSES = Piecewise([0, 40, 41, 60, 61, 80], [8, 1, 30, 30, 2, 1])

SCHEDULES = st.one_of(
    st.builds(Exponential, st.sampled_from([1.5, 10, 1e3, 1e6]), st.floats(0.1, 300)),
    st.builds(Hold, st.floats(1, 100), st.floats(0.1, 300)),
    st.builds(Constant, st.just(1)),
    st.just(PULSES),
)
TARGETS = st.builds(
    BimodalTarget,
    st.sampled_from(["0.05", "0.7", "1.2", "3", "12", "60"]),
    st.sampled_from(["0.5", "0.50001", "0.8", "0.999"]),
)
RULES = st.builds(
    Dynamics, st.sampled_from(["tempered-target", "free-energy"]), st.sampled_from(["euclidean", "natural"])
)


def starts_of(size, rng):
    """Starts of free means, from lengths of dimension 2 to those of 10^12, and logarithms of alignments."""
    rows = np.stack(
        [rng.normal(size=size) * 10 ** rng.uniform(-6, 0.5, size), np.log(2) / 2 + rng.normal(size=size) / 9], 1
    )
    return rows, rng.uniform(-14, 3, size)


def agree(model, starts, places, variables):
    """Verdicts and growths of runs in lanes are those of runs by themselves."""
    offs, codes = model.runs.departures(starts, places, TOLERANCE, STEPS)
    finer, _ = model.runs.departures(starts, places, FINER * TOLERANCE, STEPS)
    unfollowed = model.runs.codes(starts, places, TOLERANCE, STEPS)
    for start, place, off, fine, code, alone in zip(
        starts, places.tolist(), offs, finer, codes, unfollowed, strict=True
    ):
        end, plain_off, _ = plain_departure(model, start, place, TOLERANCE, STEPS, variables)
        if plain_off < math.log(100 * TOLERANCE):
            continue  # so close to the threshold that neither route knows the side
        assert code == alone == end
        assert end > UNDECIDED
        apart, allowed = abs(off - plain_off), 2 * abs(off - fine)
        if apart > allowed:
            plain_fine = plain_departure(model, start, place, FINER * TOLERANCE, STEPS, variables)[1]
            allowed += 2 * abs(plain_off - plain_fine)
        if apart > allowed:
            allowed += OF_ROUNDING * last_digits(model, start, place, plain_off, variables)
        assert apart <= allowed


def last_digits(model, start, place, plain_off, variables):
    """How far last digits of its start move the growth of a plain run, at most."""
    moved = [plain_departure(model, start * (1 + k * EPSILON), place, TOLERANCE, STEPS, variables)[1] for k in DIGITS]
    moved += [plain_departure(model, start, place * (1 + k * EPSILON), TOLERANCE, STEPS, variables)[1] for k in DIGITS]
    return max(abs(off - plain_off) for off in moved)


@pytest.mark.slow
@examples(12, deadline=None)
@given(TARGETS, SCHEDULES, RULES, st.integers(0, 2**32 - 1))
def test_runs_of_free_means_are_those_of_the_plain_route(target, schedule, rules, seed):
    starts, places = starts_of(11, np.random.default_rng(seed))
    agree(free_pair(target, schedule, rules), starts, places, 3)


@pytest.mark.parametrize(("target", "schedule"), [
    (BimodalTarget("0.05", "0.50001"), Exponential(1_000_000, 203)),
    (BimodalTarget(12, "0.5"), PULSES),
    (BimodalTarget(3, "0.999"), Exponential(10, 88)),
])  # fmt: skip
def test_lanes_are_off_by_what_rounding_does_to_the_plain_route(target, schedule):
    model, (starts, places) = free_pair(target, schedule, Dynamics()), starts_of(8, np.random.default_rng(8))
    offs, _ = model.runs.departures(starts, places, TOLERANCE, STEPS)

    def plain(factor):
        return np.array([
            plain_departure(model, start * factor, place, TOLERANCE, STEPS, 3)[1]
            for start, place in zip(starts, places.tolist(), strict=True)
        ])  # fmt: skip

    alone, digit = plain(1), np.finfo(float).eps
    known = alone > math.log(100 * TOLERANCE)
    moved = max(np.abs(plain(1 + digits * digit) - alone)[known].max() for digits in (-2, -1, 1, 2))
    assert 0 < np.abs(offs - alone)[known].max() < OF_ROUNDING * moved


@pytest.mark.slow
@pytest.mark.parametrize("variance", ["fixed", "trained", "follows-temperature"])
def test_runs_on_the_sphere_are_those_of_the_plain_route(variance):
    rng = np.random.default_rng(3)
    for target, schedule in (
        (BimodalTarget(3, "0.8"), ExponentialToOne(90, "7.778175")),
        (BimodalTarget("1.7", "0.9"), Exponential(1000, 5)),
        (BimodalTarget(12, "0.6"), PULSES),
    ):
        model = sphere_pair(target, schedule, Dynamics("free-energy", constraint="sphere", variance=variance))
        agree(model, rng.uniform(-0.3, 0.3, (9, 2)), rng.uniform(-9, 1, 9), 4)


@examples(6, deadline=None)
@given(
    st.builds(BimodalTarget, st.sampled_from(["1.7", "3", "12", "60"]), st.sampled_from(["0.5", "0.8", "0.999"])),
    SCHEDULES,
    st.sampled_from(["fixed", "trained", "follows-temperature"]),
    st.integers(0, 2**32 - 1),
)
def test_drawn_runs_on_the_sphere_are_those_of_the_plain_route(target, schedule, variance, seed):
    rng, rules = np.random.default_rng(seed), Dynamics("free-energy", constraint="sphere", variance=variance)
    try:
        model = sphere_pair(target, schedule, rules)
    except DomainError:
        assume(False)  # the theory of the sphere does not reach every target
    agree(model, rng.uniform(-0.3, 0.3, (9, 2)), rng.uniform(-9, 1, 9), 4)


@pytest.mark.slow
@pytest.mark.parametrize("variance", ["fixed", "trained", "follows-temperature"])
def test_runs_of_unequal_weights_are_those_of_the_plain_route(variance):
    rng, rules = np.random.default_rng(4), Dynamics("free-energy", "euclidean", "0.6", "sphere", variance)
    model = sphere_means(BimodalTarget(3, "0.7"), ExponentialToOne(6, 5), rules, 64)
    agree(model, rng.uniform(-0.3, 0.3, (9, 2)), rng.uniform(-0.3, 0.3, 9), 5)


@pytest.mark.slow
@pytest.mark.parametrize("schedule", [Exponential(10, 10), PULSES, Constant(1)])
def test_runs_of_the_full_flow_are_those_of_the_plain_route(schedule):
    model, rng = full_free_pair(BimodalTarget(3, "0.8"), schedule, Dynamics()), np.random.default_rng(5)
    means = rng.normal(size=(13, 2, 3)) / 6
    starts = np.array([[3 * a[0], 3 * b[0], a @ a, a @ b, b @ b] for a, b in means])
    codes = model.full_codes(starts, TOLERANCE, STEPS)
    assert codes.tolist() == [plain_run(model, start.copy(), TOLERANCE, STEPS)[0] for start in starts]


def test_a_runs_numbers_are_the_same_alone_in_company_and_in_any_order():
    model, rng = free_pair(BimodalTarget(3, "0.8"), PULSES, Dynamics()), np.random.default_rng(6)
    starts, places = starts_of(29, rng)
    search = model.runs.searches
    rest = np.empty((2, 2, 0)), (0.0, 0.0, 0.0), True, model.packed, TOLERANCE, STEPS
    together = search(starts, places, *rest)
    backwards = search(starts[::-1].copy(), places[::-1].copy(), *rest)
    alone = [search(starts[i : i + 1], places[i : i + 1], *rest) for i in range(29)]
    for column in (0, 1):
        np.testing.assert_array_equal(together[column], backwards[column][::-1])
        np.testing.assert_array_equal(together[column], np.concatenate([one[column] for one in alone]))
    assert together[2:] == backwards[2:] == (29, sum(one[3] for one in alone))


def test_runs_that_may_not_take_enough_steps_stay_undecided():
    model = free_pair(BimodalTarget(3, "0.8"), Exponential(10, 10), Dynamics())
    starts, places = starts_of(10, np.random.default_rng(7))[0], np.full(10, -6.0)  # none is on its side at once
    *_, codes, runs, steps = model.runs.searches(
        starts, places, np.empty((2, 2, 0)), (0.0, 0.0, 0.0), False, model.packed, TOLERANCE, 5
    )
    plain = [plain_departure(model, *one, TOLERANCE, 5, 3, False) for one in zip(starts, places.tolist(), strict=True)]
    assert codes.tolist() == [end for end, _, _ in plain]
    assert (runs, steps) == (10, sum(taken for _, _, taken in plain))
    assert np.count_nonzero(codes == UNDECIDED) >= 9
