"""What the page of the paper's setting shows beside the numbers of its section: a start, a map, limits and designs."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from anneal_theory._types import FloatArray
from anneal_theory.design import PricedSchedule, design_schedule, least_duration
from anneal_theory.errors import DomainError, NoCollapsedState, PrecisionError, SolveError
from anneal_theory.fixed_points.sphere_rests import sphere_attractors
from anneal_theory.numerics.pools import parallel_map
from anneal_theory.probability import collapse_probability
from anneal_theory.problem import BimodalTarget, SphereInit
from anneal_theory.report.maps import MAP_ERROR, map_cells
from anneal_theory.report.story import Losses, Story, tell_on_sphere
from anneal_theory.results import plain
from anneal_theory.schedules import ExponentialToOne

RULES: dict[str, Any] = {"objective": "free-energy", "constraint": "sphere", "variance": "trained"}
REFUSALS = DomainError, NoCollapsedState, PrecisionError, SolveError
"""What is raised where a setting has no such number; the page leaves it out."""
HOTTEST = 1e4
_FINAL = 1.0001  # temperature at which a schedule counts as cooled down: nearly all of its duration
_BUDGETS = 1, 2  # times the setting's own duration
_CHANCES = 0.1, 0.01, 0.001
_HOTTER = 100  # times the setting's own initial temperature: the other lines of slow annealing
_SLOWER = np.geomspace(0.5, 8, 7)  # times the setting's own duration
WAYS = "exact", "sharp", "slow-annealing"
_ERROR = 1e-2  # of the lines of slow annealing, a line's width

Problem = tuple[BimodalTarget, ExponentialToOne, SphereInit]


@dataclass(frozen=True)
class PaperStudy:
    """More about one setting of the paper's model."""

    story: Story | None  # one start, trained without annealing and with it; None where annealing saves none
    losses: Losses | None  # of both kinds of end; None where there is one kind only
    temperatures: FloatArray  # initial temperatures of the map, shape (n,)
    durations: FloatArray  # its durations, shape (k,), in gradient-flow time
    grid: FloatArray  # probabilities, shape (k, n); NaN where there is none
    slow_times: FloatArray  # durations of slow annealing, shape (m,)
    slow: dict[str, dict[float, FloatArray]]  # probabilities of shape (m,) by way and initial temperature
    best: dict[float, PricedSchedule]  # of each budget, the schedule with the best initial temperature
    # by probability, the shortest schedule from the setting's own initial temperature
    least: dict[float, PricedSchedule]

    def to_dict(self) -> dict[str, object]:
        """Plain data for JSON."""
        document = {
            "losses": vars(self.losses) if self.losses else None,
            "map": {
                "initial_temperature": self.temperatures,
                "duration": self.durations,
                "probability": self.grid,
            },
            "slow": {"duration": self.slow_times, "probability": self.slow},
            "best": {f"{budget:g}": one.to_dict() for budget, one in self.best.items()},
            "least": {f"{chance:g}": one.to_dict() for chance, one in self.least.items()},
        }
        return {name: plain(value) for name, value in document.items()}


def study_paper(problem: Problem, temperatures: FloatArray, tell_share: Callable[[float], None]) -> PaperStudy:
    """Compute it."""
    _, schedule, _ = problem
    durations = np.geomspace(schedule.duration / 10, schedule.duration * 10, len(temperatures))
    axes = {"initial_temperatures": temperatures, "durations": durations} | RULES
    story, losses = _story(problem), _losses(problem[0])
    grid = map_cells(
        problem, axes, {"method": "exact", "relative_error": MAP_ERROR}, lambda share: tell_share(0.8 * share)
    ).T
    slow_times = schedule.duration * _SLOWER
    slow = _slow(problem, slow_times)
    tell_share(0.9)
    return PaperStudy(story, losses, temperatures, durations, grid, slow_times, slow, _best(problem), _least(problem))


def _story(problem: Problem) -> Story | None:
    """A start whose sum is off the axis by as much as is usual."""
    target, schedule, init = problem
    try:
        story = tell_on_sphere(target, schedule, float(f"{1 / math.sqrt(init.dim):.3g}"), **RULES)
    except REFUSALS:
        return None
    return story if isinstance(story, Story) else None


def _losses(target: BimodalTarget) -> Losses | None:
    try:
        ends = sphere_attractors(target, 1.0, 1.0)
    except REFUSALS:
        return None
    kinds = [[one.loss for one in ends if one.collapsed == kind] for kind in (True, False)]
    return Losses(*(min(kind) for kind in kinds)) if all(kinds) else None


def _slow(problem: Problem, times: FloatArray) -> dict[str, dict[float, FloatArray]]:
    """Exact probabilities, and two formulas; those that refuse all times are left out."""
    target, schedule, init = problem
    temperatures = sorted({schedule.initial_temperature, _HOTTER * schedule.initial_temperature} - {1.0})
    tasks = [(way, temperature, time) for way in WAYS for temperature in temperatures for time in times.tolist()]

    def chance(task: tuple[Any, float, float]) -> float:
        way, temperature, time = task
        rough: dict[str, Any] = {"relative_error": _ERROR} if way == "exact" else {}
        try:
            cooled = ExponentialToOne(temperature, duration=time)
            return float(collapse_probability(target, cooled, init, method=way, **rough, **RULES).value)
        except REFUSALS:
            return math.nan

    probabilities = np.array(parallel_map(chance, tasks)).reshape(len(WAYS), len(temperatures), len(times))
    lines = {
        way: {temperature: line for temperature, line in zip(temperatures, rows, strict=True) if np.any(line > 0)}
        for way, rows in zip(WAYS, probabilities, strict=True)
    }
    return {way: kept for way, kept in lines.items() if kept} if lines["exact"] else {}


def _best(problem: Problem) -> dict[float, PricedSchedule]:
    target, schedule, init = problem
    designs: dict[float, PricedSchedule] = {}
    for factor in _BUDGETS:
        budget = float(f"{factor * schedule.duration:.6g}")
        try:
            one = design_schedule(
                target, init, budget=budget, family="exponential-to-one", highest_temperature=HOTTEST,
                highest_final_temperature=_FINAL, **RULES,
            )  # fmt: skip
        except REFUSALS:
            continue
        designs[budget] = PricedSchedule(one.schedule, one.cost, one.probability, one.target)
    return designs


def _least(problem: Problem) -> dict[float, PricedSchedule]:
    target, schedule, init = problem
    designs: dict[float, PricedSchedule] = {}
    for chance in _CHANCES:
        try:
            designs[chance] = least_duration(target, init, schedule.exact_initial_temperature, chance, **RULES)
        except REFUSALS:
            continue
    return designs
