"""The seam for models: the search that finds thresholds of free means finds those on the sphere."""

import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from anneal_theory.averages.tables import mmse_table
from anneal_theory.averages.variance_tables import variance_table
from anneal_theory.errors import DomainError
from anneal_theory.fixed_points import attractors
from anneal_theory.formulas.sphere_flow import sphere_overlaps
from anneal_theory.models.runs import Model
from anneal_theory.models.sphere_means import sphere_means
from anneal_theory.models.sphere_pair import RULES, sphere_pair
from anneal_theory.models.sphere_pair_kernels import rates
from anneal_theory.models.sphere_sides import trained_sides
from anneal_theory.problem import BimodalTarget, Dynamics
from anneal_theory.schedules import Constant, ExponentialToOne
from anneal_theory.threshold.bisection import Search
from anneal_theory.threshold.departures import Departures
from tests.exploration import examples
from tests.oracles.figures_of_paper import MENDED, OFF, THRESHOLDS, half_unit
from tests.oracles.sphere_of_paper import collapsed, cooling, log_threshold
from tests.oracles.vectors_on_sphere import Descent

FREE_ENERGY = Dynamics("free-energy", constraint="sphere")
TOLERANCE = 1e-10


def cosine_threshold(target, schedule, start=(0.0, 0.0), objective="free-energy", variance="fixed", dim=math.inf):
    """x_c of a start (y, c): rho is the cotangent within what is across mu_1 + mu_2."""
    model = sphere_pair(target, schedule, Dynamics(objective, constraint="sphere", variance=variance), dim)
    log_rho = Search(model, TOLERANCE).thresholds(np.array([start]), None, 0.25, TOLERANCE)[0]
    return math.sqrt(1 - start[0] ** 2) * math.exp(log_rho - 0.5 * np.logaddexp(0, 2 * log_rho))


@pytest.mark.parametrize(("separation", "weight", "initial", "duration", "variance", "given"), THRESHOLDS)
def test_thresholds_are_those_of_theory_section_11(separation, weight, initial, duration, variance, given):
    """To the digits given, but for the last ones that are mended: by 2e-5 of a threshold at most."""
    digits = MENDED.get(given, given)
    found = cosine_threshold(
        BimodalTarget(separation, weight), ExponentialToOne(initial, duration=duration), variance=variance
    )
    assert abs(found - float(digits)) <= half_unit(digits)
    assert abs(float(given) / found - 1) < OFF


@pytest.mark.slow
@pytest.mark.parametrize(("separation", "weight", "initial", "duration", "variance", "given"), THRESHOLDS)
def test_an_integration_apart_from_the_package_has_the_same_digits(
    separation, weight, initial, duration, variance, given
):
    """SciPy's DOP853 on averages over a grid, from either end of what the digits leave open.

    Errors of 1e-10 a step, some hundred steps, grown no more than x itself is: 1e-8 of x, where digits leave open 1e-7
    and more. Digits that are mended are seen to be wrong: both ends of what those given leave open go one way.
    """
    setting = float(separation), float(weight), cooling(initial, duration), duration, variance
    figures = [MENDED.get(given, given)] + ([given] if given in MENDED else [])
    ends = [float(figure) + side * half_unit(figure) for figure in figures for side in (-1, 1)]
    verdicts = collapsed(*setting, ends, rtol=1e-10).tolist()
    assert verdicts[:2] == [True, False]
    assert all(verdicts[2:]) or not any(verdicts[2:])


@pytest.mark.slow
@pytest.mark.parametrize(
    ("separation", "weight", "initial", "duration", "dim"),
    [
        ("3", "0.8", 9, 8, 3),
        ("3", "0.6", 30, 15, 3),
        ("3", "0.6", 30, 15, 8),
        ("1.8", "0.7", 6, 9, 3),
        ("4", "0.8", 50, 9, 5),
    ],
)
def test_in_a_dimension_an_integration_apart_from_the_package_parts_there(separation, weight, initial, duration, dim):
    """SciPy's DOP853 on the defined flow with averages over a grid, from 1e-6 of x_c on either side of it."""
    target, schedule = BimodalTarget(separation, weight), ExponentialToOne(initial, duration=duration)
    edge = cosine_threshold(target, schedule, variance="trained", dim=dim)
    setting = float(separation), float(weight), cooling(initial, duration), duration, "trained"
    assert collapsed(*setting, [edge * (1 - 1e-6), edge * (1 + 1e-6)], 1e-10, dim).tolist() == [True, False]


def first_overlap(y, parameters):
    """m1 of a state of the kernels, whose own function Python cannot call."""
    return float(sphere_overlaps(parameters[3] * math.exp(y[0]), y[1], y[2], parameters[0])[0])


def state_of(radius, cosines, turn, log_v):
    """(sign of m1 - m2, state of the kernels) of two means at these angles from the axis, turned about it by `turn`."""
    cosine = cosines.prod() + np.sqrt(1 - cosines**2).prod() * math.cos(turn)
    x = (cosines[0] - cosines[1]) / math.sqrt(2 * (1 - cosine))
    return np.sign(x), np.array([math.log(abs(x)), radius**2 * cosines.sum(), cosine, log_v])


@pytest.mark.slow
@examples(20)
@given(
    separation=st.floats(1.3, 12), weight=st.floats(0.1, 0.9), dim=st.integers(3, 40), seed=st.integers(0, 2**32 - 1)
)
def test_in_a_dimension_no_pair_on_a_side_leaves_it_or_the_band_of_the_variance(separation, weight, dim, seed):
    """Rates at T = 1 on the border of what a verdict rests on: of log v at either end, of an overlap at the edge."""
    target, rng = BimodalTarget(separation, weight), np.random.default_rng(seed)
    try:
        sides, band = trained_sides(target, dim)
    except DomainError:
        assume(False)
    labels = mmse_table()
    tables = variance_table(target, math.exp(-band), math.exp(band)).arrays, labels.coefficients, labels.inverse_width
    parameters = np.array([separation, target.half_log_odds, RULES["trained"], 1.0, 0.0, 0.0, float(dim)])
    for side, edge, _ in sides[rng.integers(len(sides), size=20)]:
        least, turn = abs(edge) / separation**2, rng.uniform(0.01, math.pi)
        cosines = rng.uniform(least, 1, 2)
        for end in (-band, band):
            parameters[3], y = state_of(separation, side * cosines, turn, end)
            assert end * rates(y, 1.0, parameters, tables)[3] <= 0
        cosines[0] = least
        parameters[3], y = state_of(separation, side * cosines, turn, rng.uniform(-band, band))
        moved = y + 1e-7 * np.array(rates(y, 1.0, parameters, tables))
        assert side * first_overlap(moved, parameters) >= side * first_overlap(y, parameters)


def vectors_end(target, schedule, means, span, free_energy, variance, weight=0.5):
    """Overlaps at which two means in three dimensions end, by projected descent of the loss's definition."""
    axis = np.array([target.separation, 0.0, 0.0])
    descent = Descent(axis, target.half_log_odds, schedule.temperature, [span], variance, free_energy, weight)
    (ends,) = descent.followed(np.array(means), [span + 60])
    return ends @ axis


def vectors(x, y, cosine):
    """Two means of length 3 whose difference and sum have these cosines with the axis."""
    difference = np.array([x, -x * y / math.sqrt(1 - y**2), 0.0])  # unit vectors, orthogonal to each other
    difference[2] = math.sqrt(1 - difference @ difference)
    mean = np.array([y, math.sqrt(1 - y**2), 0.0])
    half, across = 3 * math.sqrt((1 + cosine) / 2), 3 * math.sqrt((1 - cosine) / 2)
    return half * mean + across * difference, half * mean - across * difference


@pytest.mark.parametrize("objective", ["free-energy", "tempered-target"])
@pytest.mark.parametrize(
    ("variance", "y", "cosine"), [("fixed", 0.3, -0.4), ("trained", -0.2, 0.5), ("follows-temperature", 0.3, -0.4)]
)
def test_runs_in_vectors_end_on_either_side_of_the_threshold(objective, variance, y, cosine):
    target, schedule = BimodalTarget(3, "0.7"), ExponentialToOne(6, 5)
    edge = cosine_threshold(target, schedule, (y, cosine), objective, variance)
    for factor, expected in ((1 - 1e-6, True), (1 + 1e-6, False)):  # both know their runs to 1e-9
        means, span = vectors(factor * edge, y, cosine), 5 * math.log(6)
        m1, m2 = vectors_end(target, schedule, means, span, objective == "free-energy", variance)
        assert (m1 * m2 > 0) == expected


@pytest.mark.slow
@pytest.mark.parametrize(
    ("weight", "variance", "objective"),
    [(0.6, "fixed", "tempered-target"), (0.45, "follows-temperature", "free-energy")],
)
def test_with_unequal_weights_runs_in_vectors_end_on_either_side_of_both_thresholds(weight, variance, objective):
    target, schedule, y, cosine = BimodalTarget(3, "0.7"), ExponentialToOne(6, 5), 0.1, -0.2
    model = sphere_means(target, schedule, Dynamics(objective, "euclidean", weight, "sphere", variance))
    assert isinstance(model, Model)
    search, start = Departures(model, TOLERANCE), np.array([[y, cosine]])
    upper = float(search.thresholds(start, np.zeros(1), TOLERANCE, 1.0)[0])
    other = Departures(model.oriented(-1.0), TOLERANCE)
    lower = -float(other.thresholds(start, np.zeros(1), TOLERANCE, 1.0)[0])
    assert lower < upper
    means = {place: vectors(math.sqrt(1 - y**2) * math.tanh(place), y, cosine)
             for edge in (lower, upper) for place in (edge - 1e-6, edge + 1e-6)}  # fmt: skip
    ends = [vectors_end(target, schedule, pair, 5 * math.log(6), objective == "free-energy", variance, weight)
            for _, pair in sorted(means.items())]  # fmt: skip
    reversed_, *collapsed, split = [(m1 > 0, m2 > 0) for m1, m2 in ends]
    assert reversed_ == (False, True)
    assert all(m1 == m2 for m1, m2 in collapsed)
    assert split == (True, False)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("separation", "weight", "initial", "duration", "variance"),
    [(1.3, "0.8", 3, 10, "trained"), (1.15, "0.9", 3, 4, "follows-temperature")],
)
def test_where_the_light_mode_holds_no_pair_thresholds_are_those_of_the_equations(
    separation, weight, initial, duration, variance
):
    """The oracle's integrations, whose overlaps are sums over a grid, agree to 2e-5 of log x_c here."""
    target = BimodalTarget(separation, weight)
    assert [point.collapsed for point in attractors(target, constraint="sphere")] == [True, False]
    found = cosine_threshold(target, ExponentialToOne(initial, duration=duration), variance=variance)
    known = log_threshold(
        separation, float(weight), cooling(initial, duration), duration, variance, low=-3.0, rtol=1e-8
    )
    assert math.log(found) == pytest.approx(known, abs=1e-4)


def test_the_model_is_what_a_search_takes():
    assert isinstance(sphere_pair(BimodalTarget(3, "0.8"), Constant(1), FREE_ENERGY), Model)


@pytest.mark.slow
def test_what_is_not_proved_is_refused():
    with pytest.raises(DomainError, match="separation"):
        sphere_pair(BimodalTarget("0.3", "0.99"), Constant(1), FREE_ENERGY)


@pytest.mark.parametrize("variance", ["trained", "fixed"])
def test_modes_so_far_apart_that_means_do_not_push_need_no_warning(variance):
    rules = Dynamics("free-energy", constraint="sphere", variance=variance)
    assert np.all(sphere_pair(BimodalTarget(38, "0.3"), ExponentialToOne(2, 1), rules).basins[:, 2] >= 1)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("separation", "message"),
    [
        (0.5, r"^separation must be at least 1\.01, where it is sure which pairs stay .*, but was 0\.5; enlarge"),
        (1.47, r"^separation must be at least 1\.49, where it is sure which pairs stay .*, but was 1\.47; enlarge"),
        (300, r"^separation must be at most 241, where psi can be tabulated over the sphere, but was 300\.0; take"),
        (1e90, r"^separation must be at most 241, where psi can be tabulated over the sphere, but was 1e\+90; take"),
    ],
)
def test_a_separation_out_of_reach_is_refused_with_the_bound_and_the_bound_is_one(separation, message):
    rules = Dynamics("free-energy", constraint="sphere", variance="trained")
    with pytest.raises(DomainError, match=message):
        sphere_pair(BimodalTarget(separation, "0.8"), ExponentialToOne(9, 4), rules)
    for allowed in ("1.01", "1.49", 241):
        sphere_pair(BimodalTarget(allowed, "0.8"), ExponentialToOne(9, 4), rules)
