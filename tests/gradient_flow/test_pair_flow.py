"""The two-component flows: their agreement with each other, their symmetries, and what theory section 4 promises."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anneal_theory.averages import psi, psi_prime
from anneal_theory.averages.tables import label_table, mmse_table
from anneal_theory.gradient_flow import (
    FullState,
    GramState,
    ReducedState,
    basin_boundary,
    solve_flow,
)
from anneal_theory.gradient_flow.pair import full_system, reduced_system
from anneal_theory.models.free_pair_kernels import averages_at, values_at
from anneal_theory.problem import BimodalTarget, Dynamics, GaussianMixture
from anneal_theory.schedules import Constant, Exponential, Hold, Linear, Piecewise, from_callable
from tests.exploration import examples

TARGET = BimodalTarget(3, 0.8)
TIMES = [0.0, 3.0, 10.0, 40.0, 300.0]
SCHEDULES = [Constant(1), Exponential(10, 10), Linear(5, 20), Hold(4, 15)]
RULES = [Dynamics(), Dynamics("free-energy"), Dynamics(metric="natural", family_weight=0.3)]
targets = st.builds(BimodalTarget, st.floats(0.5, 4).map(lambda r: round(r, 3)), st.sampled_from([0.5, 0.6, 0.8, 0.1]))
starts = st.tuples(st.floats(-3, 3), st.floats(0.01, 5), st.floats(0.1, 4), st.sampled_from([-1, 1]))
few = examples(15)
# Errors of 1e-10 a step of each of two runs, grown by at most e^3 while the pair leaves its saddle.
AGREE = 2e-8


def words(rules: Dynamics) -> dict:
    return {"objective": rules.objective, "metric": rules.metric, "family_weight": rules.family_weight}


def pair(seed: int, dim: int = 5) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=(2, dim)) / np.sqrt(dim)


def gap(run, other, names, sign=1.0):
    return max(float(np.max(np.abs(run[name] - sign * other[name]))) for name in names)


@pytest.mark.parametrize("rules", RULES)
@pytest.mark.parametrize("schedule", SCHEDULES)
def test_the_reduced_flow_agrees_with_the_full_flow(schedule, rules):
    first, second = pair(1)
    reduced = ReducedState.from_means(first, second, TARGET, rules)
    small = solve_flow(TARGET, schedule, reduced, TIMES, **words(rules))
    large = solve_flow(TARGET, schedule, FullState.from_means(first, second, TARGET), TIMES, **words(rules))
    assert gap(small, large, ("m1", "m2", "distance")) < AGREE


@pytest.mark.slow
@pytest.mark.parametrize("rules", [*RULES, Dynamics(family_weight=0.3)])
def test_the_full_flow_agrees_with_the_general_flow(rules):
    means, schedule = pair(2), Exponential(10, 10)
    mixture = GaussianMixture([[3.0, 0, 0, 0, 0], [-3.0, 0, 0, 0, 0]], [0.8, 0.2])
    five = solve_flow(TARGET, schedule, FullState.from_means(*means, TARGET), TIMES, **words(rules))
    shares = [rules.family_weight, 1 - rules.family_weight]
    start = GramState.from_means(means, mixture, shares)
    gram = solve_flow(mixture, schedule, start, TIMES, objective=rules.objective, metric=rules.metric)["gram"]
    places = {"s11": (0, 0), "s12": (0, 1), "s22": (1, 1), "m1": (0, 2), "m2": (1, 2)}
    for name, (i, j) in places.items():
        assert np.max(np.abs(gram[:, i, j] - five[name])) < AGREE, name


def test_means_in_the_span_of_few_modes_take_the_bimodal_target_as_it_is():
    means = pair(3, 2)
    start = GramState.from_means(means, TARGET)
    gram = solve_flow(TARGET, Constant(2), start, [5.0])["gram"][0]
    five = solve_flow(TARGET, Constant(2), FullState.from_means(*means, TARGET), [5.0])
    assert abs(gram[0, 2] - five["m1"][0]) < AGREE


@pytest.mark.parametrize("metric", ["euclidean", "natural"])
def test_swapping_the_components_swaps_their_statistics(metric):
    first, second = pair(4)
    one = solve_flow(
        TARGET, Exponential(5, 8), FullState.from_means(first, second, TARGET), TIMES, metric=metric, family_weight=0.3
    )
    two = solve_flow(
        TARGET, Exponential(5, 8), FullState.from_means(second, first, TARGET), TIMES, metric=metric, family_weight=0.7
    )
    for name, other in (("m1", "m2"), ("m2", "m1"), ("s11", "s22"), ("s12", "s12")):
        assert np.max(np.abs(one[name] - two[other])) < AGREE


@given(target=targets, start=starts)
@few
def test_reflecting_the_target_reflects_the_overlaps(target, start):
    s, rho, distance, side = start
    one = solve_flow(target, Exponential(4, 5), ReducedState.from_rho(s, side * rho, distance, target), [2.0, 8.0])
    mirror = ReducedState.from_rho(-s, -side * rho, distance, target.reflected)
    two = solve_flow(target.reflected, Exponential(4, 5), mirror, [2.0, 8.0])
    assert gap(one, two, ("s", "delta", "m1", "m2"), -1.0) < 1e-9
    assert gap(one, two, ("perp", "distance")) < 1e-9


@given(target=targets, start=starts, schedule=st.sampled_from(SCHEDULES), rules=st.sampled_from(RULES))
@few
def test_rho_never_decreases(target, start, schedule, rules):
    s, rho, distance, side = start
    state = ReducedState.from_rho(s, side * rho, distance, target)
    run = solve_flow(target, schedule, state, np.linspace(0, 60, 61), **words(rules))
    assert np.all(np.diff(run["log_rho"]) > 0)
    assert np.all(np.sign(run["delta"]) == side)


@pytest.mark.parametrize("rules", RULES)
def test_rho_grows_by_the_exact_factor_while_the_difference_is_small(rules):
    # theory section 4: rho(tau)/rho(0) = e^tau f(s(tau))/f(s(0)), with relative corrections of order delta^2.
    schedule, times = Exponential(10, 10), np.array([0.0, 4.0, 8.0])
    start = ReducedState.from_rho(0.3, 1e-9, 1.0, TARGET)
    run = solve_flow(TARGET, schedule, start, times, **words(rules))
    ticks = times if rules.objective == "free-energy" else schedule.clock(times)
    drift = 9 * psi(run["s"], TARGET) - run["s"]
    predicted = rules.clock_rate * np.asarray(ticks) + np.log(drift / drift[0])
    assert np.max(np.abs(run["log_rho"] - run["log_rho"][0] - predicted)) < 1e-8
    assert predicted[-1] > 0.5


@pytest.mark.slow
@pytest.mark.parametrize("rules", [Dynamics(), Dynamics(metric="natural", family_weight=0.3)])
def test_the_free_energy_is_the_tempered_target_by_the_clock(rules):
    schedule = Exponential(8, 6)
    by_clock = from_callable(lambda c: float(schedule.temperature_at_clock(float(c))), end_time=250.0)
    ticks = np.array([1.0, 10.0, 60.0])
    start = ReducedState.from_rho(0.2, 0.15, 1.2, TARGET)
    own = {"metric": rules.metric, "family_weight": rules.family_weight}
    slow = solve_flow(TARGET, schedule, start, schedule.inverse_clock(ticks), **own)
    fast = solve_flow(TARGET, by_clock, start, ticks, objective="free-energy", **own)
    assert gap(slow, fast, ("m1", "m2", "distance")) < AGREE


@pytest.mark.parametrize("method", ["LSODA", "DOP853", "Radau"])
@pytest.mark.parametrize("make", [lambda s: s, lambda s: s.full(TARGET)])
def test_every_method_gives_one_trajectory(method, make):
    start = make(ReducedState.from_rho(0.0, 0.2, 2**0.5, TARGET))
    times = [0.5, 2.0, 7.0, 30.0, 200.0]
    reference = solve_flow(TARGET, Exponential(10, 10), start, times, method="DOP853", rtol=1e-12)
    run = solve_flow(TARGET, Exponential(10, 10), start, times, method=method, rtol=1e-9)
    assert gap(run, reference, ("m1", "m2", "distance")) < AGREE


@pytest.mark.slow
@pytest.mark.parametrize(
    ("schedule", "pieces"),
    [
        (Hold(6, 7.3), [(7.3, Constant(6)), (4.7, Constant(1))]),
        (
            Piecewise([0, 1, 1.001, 9], [2, 8, 3, 1]),
            [
                (1.0, Piecewise([0, 1], [2, 8])),
                (0.001, Piecewise([0, 0.001], [8, 3])),
                (7.999, Piecewise([0, 7.999], [3, 1])),
                (3.0, Constant(1)),
            ],
        ),
    ],
)
@pytest.mark.parametrize("method", ["LSODA", "Radau"])  # Radau looks at the temperature at the end of each piece
def test_kinks_and_jumps_of_the_temperature_cost_no_accuracy(schedule, pieces, method):
    state = ReducedState.from_rho(0.0, 0.1, 1.0, TARGET)
    whole = solve_flow(TARGET, schedule, state, [5.0, 12.0], method=method)
    for duration, piece in pieces:  # the same run, handed over where the temperature is not smooth
        run = solve_flow(TARGET, piece, state, [duration], method="DOP853", rtol=1e-12)
        state = ReducedState(run["s"][-1], run["delta"][-1], run["perp"][-1])
    assert abs(whole["m1"][-1] - run["m1"][-1]) < AGREE
    assert abs(whole["m2"][-1] - run["m2"][-1]) < AGREE


@pytest.mark.parametrize("rules", [*RULES, Dynamics(family_weight=0.3)])
@pytest.mark.parametrize("distance", [1.5, 2e-3])  # above and below the switch of the slope of psi
def test_jacobians_are_the_derivatives_of_the_rates(rules, distance):
    state = ReducedState(0.4, 0.7 * distance, 0.6 * distance)
    systems = [full_system(TARGET, Exponential(4, 5), state.full(TARGET), rules, 1e-10)]
    if rules.reducible:
        systems.append(reduced_system(TARGET, Exponential(4, 5), state, rules, 1e-10))
    for system, _ in systems:
        y, exact = system.start, system.jacobian(1.0, system.start)
        for column, value in enumerate(y):
            step = np.zeros_like(y)
            step[column] = 1e-4 * (abs(value) + 1e-3 * distance)
            near, far = (system.rates(1.0, y + k * step) - system.rates(1.0, y - k * step) for k in (1, 2))
            slope = (8 * near - far) / (12 * step[column])
            # Rounding of the rates over the step; the truncation of this fourth-order formula is below it.
            assert np.max(np.abs(exact[:, column] - slope)) < 1e-15 / step[column] + 1e-9


@pytest.mark.parametrize("target", [BimodalTarget(0.5, 0.3), TARGET, BimodalTarget(12, 0.6)])
def test_the_slope_of_psi_is_the_mean_of_its_derivative_between_the_overlaps(target):
    nodes, shares = np.polynomial.legendre.leggauss(40)
    table, pair = label_table(target), mmse_table()
    tables = (table.psi, table.psi_prime, table.inverse_width, pair.coefficients, pair.inverse_width)
    model = np.array([target.separation, target.half_log_odds])
    for delta in (1e-9, 1e-4, 4.99e-3, 5.01e-3, 0.05, 1.0):
        for middle in (-2.0, 0.1, 3.0):
            mean = target.separation**2 * shares @ psi_prime(middle + delta / 2 * nodes, target) / 2
            ends = (middle + delta / 2, middle - delta / 2)
            assert abs(averages_at(*ends, 1.0, model, tables)[6] - mean) < 1e-10 * target.separation**2
            assert abs(values_at(*ends, 1.0, model, tables)[3] - mean) < 1e-10 * target.separation**2


def test_a_pair_across_the_axis_stays_across():
    run = solve_flow(TARGET, Exponential(5, 5), ReducedState(0.3, 0.0, 1.0), [0.0, 10.0, 1000.0])
    assert np.all(run["delta"] == 0)
    assert np.all(run["rho"] == 0)
    assert np.all(run["log_rho"] == -np.inf)
    assert np.array_equal(run["m1"], run["m2"])
    assert np.all(run["perp"] == pytest.approx(run["distance"], rel=1e-12))


def test_a_pair_along_the_axis_stays_along():
    run = solve_flow(TARGET, Exponential(5, 5), ReducedState(0.3, -0.5, 0.0), [0.0, 10.0, 1000.0])
    assert np.all(run["perp"] == 0)
    assert np.all(run["log_rho"] == np.inf)
    assert np.all(run["rho"] == -np.inf)
    assert np.all(3 * run["distance"] == pytest.approx(-run["delta"], rel=1e-12))


def test_the_perpendicular_separation_keeps_its_relative_accuracy_when_tiny():
    # Split, both overlaps settle and log(perp) falls at a constant rate: two stretches of one length give one ratio.
    run = solve_flow(TARGET, Constant(1), ReducedState.from_rho(0.0, 1.0, 1.0, TARGET), [100.0, 600.0, 1100.0])
    first, second = np.log(run["perp"][1] / run["perp"][0]), np.log(run["perp"][2] / run["perp"][1])
    assert run["perp"][-1] < 1e-200
    assert first == pytest.approx(second, rel=1e-9)


@pytest.mark.parametrize(("separation", "scale"), [(0.01, 30.0), (3, 1e-6), (60, 1.0)])
def test_both_flows_reach_extreme_times_from_extreme_starts_together(separation, scale):
    target = BimodalTarget(separation, 1e-9)
    first, second = scale * np.random.default_rng(1).normal(size=(2, 16))
    for schedule in (Constant(1), Exponential(1e6, 1e5)):
        large = solve_flow(target, schedule, FullState.from_means(first, second, target), [1e7])
        small = solve_flow(target, schedule, ReducedState.from_means(first, second, target), [1e7])
        assert large.status == small.status == "finished"
        # Local errors of 1e-10 enter the logarithms of delta and D, which a collapsed pair never forgets.
        assert large["distance"][0] == pytest.approx(small["distance"][0], rel=1e-5)
        assert abs(large["m1"][0] - small["m1"][0]) < 1e-6 * separation**2


def test_a_run_far_beyond_settling_ends_in_numbers():
    run = solve_flow(TARGET, Exponential(30, 100), ReducedState.from_rho(0.0, 0.5, 1.0, TARGET), [1e9])
    assert run.status == "finished"
    assert run["rho"][-1] == np.inf
    assert run["perp"][-1] == 0
    assert abs(run["m1"][-1] - 9) < 0.1
    assert abs(run["m2"][-1] + 9) < 0.1


def test_single_means_part_at_the_unstable_zero():
    for target in (TARGET, BimodalTarget(3, 0.2), BimodalTarget(4, 0.6), BimodalTarget(60, 0.9)):
        middle, square = basin_boundary(target), target.separation**2
        drift = [square * psi(m, target) - m for m in (middle - 0.1, middle, middle + 0.1)]
        assert drift[0] < 0 < drift[2]
        assert abs(drift[1]) < 1e-11 * square
    assert basin_boundary(BimodalTarget(3, 0.5)) == 0
    assert basin_boundary(BimodalTarget(1.2, 0.99)) == 0  # one basin only
