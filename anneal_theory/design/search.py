"""The search: the best shape at a cost, and the least cost at which a probability is reached.

Both look at log(P/(1-P)), which tells schedules apart at both ends. At a fixed shape that falls with the cost, so the
least cost is found in turns: the shape that does best at a cost, then the cost at which that shape does just enough.
No turn makes the cost larger, and since a shape near the best is nearly as good, two or three turns settle it.
"""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from scipy.optimize import brentq, minimize, minimize_scalar

from anneal_theory.design.families import Shape

SearchPoint: TypeAlias = tuple[float, ...]  # a shape, and the log of the share of the cost that is used
Minimised: TypeAlias = Callable[[SearchPoint], float]

_FIRST, _FINEST = 0.5, 0.06  # steps of the search in all logarithms, at its beginning and its end
_SHORTER = (math.log(0.9), math.log(0.6))  # shares of the cost that are tried beside all of it
_SHORTEST = math.log(0.1)  # shares below this are not looked at
_GROWTH = 4.0  # of the cost at once, until it is enough
_LEAST = 1e-3  # a cost that is none
_TURNS, _SETTLED = 4, 2e-3  # of shape and cost; a relative change of the cost that ends them
_NEARER = 0.4  # the first step of a turn's search, in those of the turn before
_ALIKE = 1e-4  # of what is minimised
_COST_WIDTH = 5e-4  # of the log of the cost


def minimum(
    objective: Minimised, bounds: Sequence[tuple[float, float]], guesses: Sequence[Shape]
) -> tuple[SearchPoint, int]:
    """The best place: along the shapes at the whole cost, then in both if less of the cost is better.

    The last coordinate of a place is the log of the share of the cost. A grid of guesses of one coordinate increases.
    Returned with the place is how many were looked at.
    """
    value, tried = _remembered(objective)
    best = min(((*guess, 0.0) for guess in guesses), key=value)
    _refine(lambda shape: value((*shape, 0.0)), bounds, best[:-1], _step(guesses))
    best = min(tried, key=tried.__getitem__)
    point = min(((*best[:-1], share) for share in _SHORTER), key=value)
    if value(point) < value(best):
        _within(value, point, [*bounds, (_SHORTEST, 0.0)])
    return min(tried, key=tried.__getitem__), len(tried)


def _remembered(objective: Minimised) -> tuple[Callable[[Iterable[float]], float], dict[SearchPoint, float]]:
    """A function that looks at no place twice, and what it has seen."""
    tried: dict[SearchPoint, float] = {}

    def value(parts: Iterable[float]) -> float:
        point = tuple(float(part) for part in parts)
        if point not in tried:
            tried[point] = objective(point)
        return tried[point]

    return value, tried


def _step(guesses: Sequence[Shape]) -> float:
    """The step of a grid of one coordinate; that of a search in more."""
    return guesses[1][0] - guesses[0][0] if len(guesses[0]) == 1 else _FIRST


def _refine(value: Callable[[Shape], float], bounds: Sequence[tuple[float, float]], shape: Shape, step: float) -> None:
    """Look round a shape, a step to each side at first."""
    if len(bounds) > 1:
        _within(value, shape, bounds, step)
        return
    around = max(bounds[0][0], shape[0] - step), min(bounds[0][1], shape[0] + step)
    minimize_scalar(lambda temperature: value((temperature,)), bounds=around, options={"xatol": _FINEST})


def _within(
    value: Callable[[Any], float], start: SearchPoint, bounds: Sequence[tuple[float, float]], step: float = _FIRST
) -> None:
    minimize(
        value,
        start,
        method="COBYQA",
        bounds=list(bounds),
        options={"initial_tr_radius": step, "final_tr_radius": _FINEST / 2, "maxfev": 60},
    )


@dataclass(frozen=True)
class Reached:
    """How far a search for a cost came: the best shape, what it reaches, and whether that is the goal (`enough`)."""

    shape: Shape
    cost: float
    objective: float
    enough: bool


def least_cost(
    objective: Callable[[Shape, float], float], bounds: Sequence[tuple[float, float]],
    guesses: Callable[[float], Sequence[Shape]], goal: float, longest: float, *, first: float = 30.0,
) -> Reached:  # fmt: skip
    """The least cost at which some shape reaches a goal, or how far the longest cost came.

    The objective falls with the cost; `first` is the cost that is tried first, which grows until it is enough.
    """

    shape, cost = _first_enough(objective, guesses, goal, min(first, longest), longest)
    step = _step(guesses(cost))
    if objective(shape, cost) > goal:
        shape = _best_near(objective, bounds, shape, cost, step)
        if objective(shape, cost) > goal:
            return Reached(shape, cost, objective(shape, cost), enough=False)
    for turn in range(_TURNS):
        before, cost = cost, just_enough(objective, shape, goal, cost)
        if turn and cost > before * (1 - _SETTLED):
            break
        shape = _best_near(objective, bounds, shape, cost, step)
        step *= _NEARER
    else:
        cost = just_enough(objective, shape, goal, cost)
    return Reached(shape, cost, objective(shape, cost), enough=True)


def _first_enough(
    objective: Callable[[Shape, float], float], guesses: Callable[[float], Sequence[Shape]], goal: float, cost: float,
    longest: float,
) -> tuple[Shape, float]:  # fmt: skip
    """The first guess that reaches the goal as the cost grows, and its cost; the best one of all where none does."""
    tried: list[tuple[float, Shape, float]] = []
    while True:
        shape = min(guesses(cost), key=lambda guess: objective(guess, cost))  # called at once
        tried.append((objective(shape, cost), shape, cost))
        if tried[-1][0] <= goal:
            return shape, cost
        if cost >= longest:
            best = min(trial[0] for trial in tried)  # where it saturates, reached by the shortest that does as well
            return next(trial[1:] for trial in tried if trial[0] <= best + _ALIKE)
        cost = min(cost * _GROWTH, longest)


def _best_near(
    objective: Callable[[Shape, float], float], bounds: Sequence[tuple[float, float]], shape: Shape, cost: float,
    step: float,
) -> Shape:  # fmt: skip
    """The best shape at a cost round another, which is kept where none is better."""
    value, tried = _remembered(lambda point: objective(point, cost))
    value(shape)
    _refine(value, bounds, shape, step)
    return min(tried, key=tried.__getitem__)


def just_enough(objective: Callable[[Shape, float], float], shape: Shape, goal: float, cost: float) -> float:
    """A cost near another, below which the same shape is not enough; the given one where nothing near it is enough."""
    low = cost
    while low > _LEAST and objective(shape, low) <= goal:
        low /= 2
    if low <= _LEAST:
        return low
    if low == cost and objective(shape, 2 * cost) > goal:  # neither is enough itself
        return cost
    ends = math.log(low), math.log(2 * low)
    root = brentq(lambda log_cost: objective(shape, math.exp(log_cost)) - goal, *ends, xtol=_COST_WIDTH)
    return math.exp(min(root + _COST_WIDTH, ends[1]))
