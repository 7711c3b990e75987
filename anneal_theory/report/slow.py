"""Slow annealing for a report: exact thresholds beside the leading order and the formula with its prefactor."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from anneal_theory._types import FloatArray, Objective
from anneal_theory.fixed_points import critical_temperature
from anneal_theory.numerics.pools import parallel_map
from anneal_theory.probability import collapse_probability
from anneal_theory.probability.slow.slow_annealing import slow_chance
from anneal_theory.problem import BimodalTarget, Dynamics, GaussianInit
from anneal_theory.report.cost import Cost, cost_curves
from anneal_theory.results import plain
from anneal_theory.schedules import Exponential
from anneal_theory.threshold import collapse_threshold

_TIMES = np.geomspace(30.0, 3e4, 7)
_CHANCE_TIMES = np.geomspace(10.0, 3e3, 6)
_CHANCE_ERROR = 1e-2


@dataclass(frozen=True)
class SlowCurves:
    """log rho_c of a centred start at D0 = sqrt 2, and P, against the decay time t0 of exponential schedules.

    Arrays by initial temperature have shape (n,) for thresholds at `times` and (k,) for chances at `chance_times`; the
    temperature below T_c comes first in `exact`, and formulas are for those above it. `leading` is with A = 1.
    """

    times: FloatArray
    critical_temperature: float
    exact: dict[float, FloatArray]
    leading: dict[float, FloatArray]
    full: dict[float, FloatArray]
    chance_times: FloatArray
    chance: dict[float, FloatArray]
    formula: dict[float, FloatArray]
    leading_chance: dict[float, FloatArray]
    cost: Cost

    def to_dict(self) -> dict[str, object]:
        """Plain data for JSON."""
        return {name: plain(value) for name, value in (vars(self) | {"cost": self.cost.to_dict()}).items()}

    def errors(self) -> dict[str, FloatArray]:
        """Exact log rho_c minus that of the formula and of its leading order, by label."""
        ways = {"": self.full, ", leading order": self.leading}
        return {
            f"$T_0 = {temperature:g}${way}": self.exact[temperature] - lines[temperature]
            for way, lines in ways.items()
            for temperature in lines
        }


def slow_curves(target: BimodalTarget, init: GaussianInit, objective: Objective = "tempered-target") -> SlowCurves:
    """Everything the figures of slow annealing show of one target."""
    critical = critical_temperature(target)
    cold, hot = _temperatures(critical)
    rules: dict[str, Any] = {"objective": objective}

    def along(temperatures: Sequence[float], times: FloatArray, one: Any) -> dict[float, FloatArray]:
        schedules = [Exponential(temperature, float(time)) for temperature in temperatures for time in times]
        curves = np.array(parallel_map(one, schedules)).reshape(len(temperatures), -1)
        return dict(zip(temperatures, curves, strict=True))

    def exact(schedule: Exponential) -> float:
        return float(collapse_threshold(target, schedule, distance_squared=2, **rules).log_value)

    def leading(schedule: Exponential) -> float:
        return float(collapse_threshold(target, schedule, method="leading-order", **rules).log_value)

    def full(schedule: Exponential) -> float:
        return float(collapse_threshold(target, schedule, method="slow-annealing", **rules).log_value)

    def chance(schedule: Exponential) -> float:
        return float(collapse_probability(target, schedule, init, relative_error=_CHANCE_ERROR, **rules).value)

    def formula(schedule: Exponential) -> float:
        return float(collapse_probability(target, schedule, init, method="slow-annealing", **rules).value)

    def leading_chance(schedule: Exponential) -> float:
        return float(slow_chance(target, schedule, init, Dynamics(objective), prefactor=False).chance.value)

    return SlowCurves(
        times=_TIMES, critical_temperature=critical, exact=along([cold, *hot], _TIMES, exact),
        leading=along(hot, _TIMES, leading), full=along(hot, _TIMES, full), chance_times=_CHANCE_TIMES,
        chance=along([cold, *hot], _CHANCE_TIMES, chance), formula=along(hot, _CHANCE_TIMES, formula),
        leading_chance=along(hot, _CHANCE_TIMES, leading_chance),
        cost=cost_curves(target.exact_weight, init.dim, objective),
    )  # fmt: skip


def _temperatures(critical: float) -> tuple[float, list[float]]:
    """A temperature below T_c and two above it, to two digits."""
    cold, *hot = (float(f"{1 + times * (critical - 1):.2g}") for times in (0.6, 2, 12))
    return cold, hot
