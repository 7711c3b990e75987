"""The search alone, against functions whose minimum and whose costs are known."""

import math

import pytest

from anneal_theory.design.search import least_cost, minimum


@pytest.mark.parametrize("place", [(1.3, 0.0), (2.9, -0.4), (0.2, -1.1), (4.0, -0.05)])
def test_the_search_finds_the_minimum_of_a_known_function(place):
    def objective(here):
        return (here[0] - place[0]) ** 2 + (here[1] - place[1]) ** 2 + 0.3 * (here[0] - place[0]) * (here[1] - place[1])

    grid = [(-1.5 + 6.1 * step / 6,) for step in range(7)]
    best, evaluations = minimum(objective, [(-1.5, 4.6)], grid)
    assert best == pytest.approx(place, abs=0.1)
    assert evaluations < 35


def _pulse(shape, cost):
    """Gain grows with the time before the pulse; a pulse that is too short passes nothing: a plateau at 50."""
    temperature, log_length = shape
    length = math.exp(log_length)
    if length < 20 * (1 + (temperature - 1.5) ** 2) or length >= cost:
        return 50.0
    return 5.0 - 0.02 * (cost - length)


@pytest.mark.parametrize("goal", [2.0, -4.0])
def test_the_least_cost_of_a_known_law_is_found_across_a_plateau(goal):
    """The least cost is (5 - goal)/0.02 + 20, at T = 1.5; the search may stay a few units of the length above it."""
    shapes = lambda cost: [(temperature, math.log(share * cost)) for temperature in (1, 2) for share in (0.1, 0.3, 0.9)]  # noqa: E731
    found = least_cost(_pulse, [(0, 4), (0, 9)], shapes, goal, 1e5)
    assert found.enough
    least = (5 - goal) / 0.02 + 20
    assert least <= found.cost <= least + 4


def test_a_goal_out_of_reach_says_how_far_it_came():
    found = least_cost(lambda shape, cost: 1 / cost + shape[0] ** 2, [(-1, 1)], lambda _: [(-1.0,), (0.5,)], -1.0, 1e4)
    assert not found.enough
    assert found.objective == pytest.approx(1e-4, abs=1e-2)


def test_where_more_time_buys_nothing_the_shortest_that_does_as_well_is_told():
    found = least_cost(lambda shape, cost: 2 + math.exp(-cost), [(-1, 1)], lambda _: [(-1.0,), (0.5,)], 1.0, 1e9)
    assert not found.enough
    assert found.cost == 30  # the first cost that is looked at: exp(-30) is nothing
    assert found.objective == pytest.approx(2)
