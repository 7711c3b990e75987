"""The search: the best shape at a cost, and the least cost at which a probability is reached.

Both look at log(P/(1-P)), which tells schedules apart at both ends. At a fixed shape that falls with the cost, so the
least cost is found in turns: the shape that does best at a cost, then the cost at which that shape does just enough.
No turn makes the cost larger, and since a shape near the best is nearly as good, two or three turns settle it.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from scipy.optimize import brentq, minimize, minimize_scalar

from anneal_theory.design.families import Shape

Place: TypeAlias = tuple[float, ...]  # a shape, and the log of the share of the cost that is used
Badness: TypeAlias = Callable[[Place], float]

_FIRST, _FINEST = 0.5, 0.06  # steps of the search in all logarithms, at its beginning and its end
_SHORTER = (math.log(0.9), math.log(0.6))  # shares of the cost that are tried beside all of it
_SHORTEST = math.log(0.1)  # shares below this are not looked at
_SHORT, _GROWTH = 30.0, 4.0  # the cost that is tried first, and how it grows until it is enough
_LEAST = 1e-3  # a cost that is none
_TURNS, _SETTLED = 4, 2e-3  # of shape and cost; a relative change of the cost that ends them
_COST_WIDTH = 5e-4  # of the log of the cost


def minimum(
    badness: Badness, bounds: Sequence[tuple[float, float]], guesses: Sequence[Shape], *, shorter: bool = True
) -> tuple[Place, int]:
    """The best place: along the shapes at the whole cost, then in both if less of the cost is better.

    Args:
        badness: What is minimised; the last coordinate of its place is the log of the share of the cost.
        bounds: Lowest and highest value of each coordinate of a shape.
        guesses: Shapes that are looked at first: of one coordinate a grid in increasing order, else any.
        shorter: Whether to look at shares below 1.

    Returns:
        The place, and how many places were looked at.
    """
    known: dict[Place, float] = {}

    def value(place: Any) -> float:
        place = tuple(float(part) for part in place)
        if place not in known:
            known[place] = badness(place)
        return known[place]

    best = min(((*guess, 0.0) for guess in guesses), key=value)
    if len(bounds) == 1:
        _along(value, bounds[0], [guess[0] for guess in guesses], best[0])
    else:
        _within(lambda shape: value((*shape, 0.0)), best[:-1], bounds)
    best = min(known, key=known.__getitem__)
    if shorter:
        place = min(((*best[:-1], share) for share in _SHORTER), key=value)
        if value(place) < value(best):
            _within(value, place, [*bounds, (_SHORTEST, 0.0)])
    return min(known, key=known.__getitem__), len(known)


def _along(
    value: Callable[[Place], float], bounds: tuple[float, float], grid: Sequence[float], best: float
) -> None:
    step = grid[1] - grid[0]
    around = max(bounds[0], best - step), min(bounds[1], best + step)
    minimize_scalar(lambda heat: value((heat, 0.0)), bounds=around, options={"xatol": _FINEST})


def _within(value: Callable[[Any], float], start: Place, bounds: Sequence[tuple[float, float]]) -> None:
    minimize(
        value,
        start,
        method="COBYQA",
        bounds=list(bounds),
        options={"initial_tr_radius": _FIRST, "final_tr_radius": _FINEST / 2, "maxfev": 60},
    )  # type: ignore[call-overload]  # the stubs lack this method's options


@dataclass(frozen=True)
class Reached:
    """How far a search for a cost came.

    Attributes:
        shape: The best shape.
        cost: Its cost.
        badness: What is reached at that cost.
        enough: Whether that is the goal.
    """

    shape: Shape
    cost: float
    badness: float
    enough: bool


def least_cost(
    badness: Callable[[Shape, float], float],
    bounds: Sequence[tuple[float, float]],
    guesses: Callable[[float], Sequence[Shape]],
    goal: float,
    longest: float,
) -> Reached:
    """The least cost at which some shape reaches a goal, or how far the longest cost came.

    Args:
        badness: From a shape and a cost to what falls with the cost.
        bounds: Lowest and highest value of each coordinate of a shape.
        guesses: From a cost to the shapes that are looked at first.
        goal: The largest badness that is good enough.
        longest: The largest cost looked at.
    """

    def best_at(cost: float) -> Shape:
        return minimum(lambda place: badness(place[:-1], cost), bounds, guesses(cost), shorter=False)[0][:-1]

    cost = min(_SHORT, longest)
    while True:
        shape = min(guesses(cost), key=lambda one: badness(one, cost))
        if badness(shape, cost) <= goal:
            break
        if cost >= longest:
            shape = best_at(cost)
            if badness(shape, cost) <= goal:
                break
            return Reached(shape, cost, badness(shape, cost), enough=False)
        cost = min(cost * _GROWTH, longest)
    for _ in range(_TURNS):
        before, cost = cost, _just_enough(lambda some, one=shape: badness(one, some) - goal, cost)  # type: ignore[misc]
        if cost > before * (1 - _SETTLED):
            break
        found = best_at(cost)
        if badness(found, cost) < badness(shape, cost):
            shape = found
    return Reached(shape, cost, badness(shape, cost), enough=True)


def _just_enough(excess: Callable[[float], float], cost: float) -> float:
    """A cost, from one that is enough downwards, below which the same shape is not enough."""
    low = cost
    while low > _LEAST and excess(low) <= 0:
        low /= 2
    if low <= _LEAST:
        return low
    if low == cost:
        return cost
    ends = math.log(low), math.log(2 * low)
    root = brentq(lambda log_cost: excess(math.exp(log_cost)), *ends, xtol=_COST_WIDTH)
    return float(np.exp(min(root + _COST_WIDTH, ends[1])))
