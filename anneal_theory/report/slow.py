"""Slow annealing for a report: exact thresholds beside the leading order and the formula with its prefactor."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.optimize import brentq

from anneal_theory._types import FloatArray, Objective
from anneal_theory.errors import DomainError
from anneal_theory.probability import collapse_probability
from anneal_theory.problem import BimodalTarget, GaussianInit
from anneal_theory.report.cores import side_by_side
from anneal_theory.results import plain
from anneal_theory.schedules import Exponential
from anneal_theory.separatrix import collapse_threshold
from anneal_theory.separatrix.leading_order import leading_threshold
from anneal_theory.states import critical_temperature

_TIMES = np.geomspace(30.0, 3e4, 7)
_CHANCE_TIMES = np.geomspace(10.0, 3e3, 6)
_CHANCE_ERROR = 1e-2
_COST_CHANCES = (0.3, 0.1, 0.01)
_COST_TEMPERATURE = 100.0
_COST_SEPARATIONS = np.linspace(2.25, 3.25, 5)


@dataclass(frozen=True)
class SlowCurves:
    """log rho_c of a centred start at D0 = sqrt 2, and P, against the decay time t0 of exponential schedules.

    Attributes:
        times: Decay times t0, shape (n,), in gradient-flow time.
        critical_temperature: T_c of the target.
        exact: log rho_c of the separatrix by initial temperature, shape (n,) each; the one below T_c comes first.
        leading: The same with A = 1, for the temperatures above T_c.
        full: The same with the prefactor.
        chance_times: Decay times of the probabilities, shape (k,).
        chance: The exact probability by initial temperature, shape (k,) each.
        formula: The slow-annealing probability, for the temperatures above T_c.
    """

    times: FloatArray
    critical_temperature: float
    exact: dict[float, FloatArray]
    leading: dict[float, FloatArray]
    full: dict[float, FloatArray]
    chance_times: FloatArray
    chance: dict[float, FloatArray]
    formula: dict[float, FloatArray]

    def to_dict(self) -> dict[str, Any]:
        """Plain data for JSON."""
        return {name: plain(value) for name, value in vars(self).items()}

    def errors(self) -> dict[float, FloatArray]:
        """Exact minus full log rho_c, by initial temperature."""
        return {heat: self.exact[heat] - self.full[heat] for heat in self.full}


def slow_curves(target: BimodalTarget, init: GaussianInit, objective: Objective = "tempered-target") -> SlowCurves:
    """Everything the figures of slow annealing show of one target.

    Raises:
        NoCollapsedState: the target has no critical temperature.
    """
    critical = critical_temperature(target)
    cold, hot = _temperatures(critical)
    rules: dict[str, Any] = {"objective": objective}

    def along(heats: Sequence[float], times: FloatArray, one: Any) -> dict[float, FloatArray]:
        schedules = [Exponential(heat, float(time)) for heat in heats for time in times]
        found = np.array(side_by_side(one, schedules)).reshape(len(heats), -1)
        return dict(zip(heats, found, strict=True))

    def exact(schedule: Exponential) -> float:
        return float(collapse_threshold(target, schedule, distance_squared=2, **rules).log_value)

    def leading(schedule: Exponential) -> float:
        return float(leading_threshold(target, schedule, **rules).log_rho)

    def full(schedule: Exponential) -> float:
        return float(
            collapse_threshold(target, schedule, distance_squared=2, method="slow-annealing", **rules).log_value
        )

    def chance(schedule: Exponential) -> float:
        return float(collapse_probability(target, schedule, init, relative_error=_CHANCE_ERROR, **rules).value)

    def formula(schedule: Exponential) -> float:
        return float(collapse_probability(target, schedule, init, method="slow-annealing", **rules).value)

    return SlowCurves(
        times=_TIMES,
        critical_temperature=critical,
        exact=along([cold, *hot], _TIMES, exact),
        leading=along(hot, _TIMES, leading),
        full=along(hot, _TIMES, full),
        chance_times=_CHANCE_TIMES,
        chance=along([cold, *hot], _CHANCE_TIMES, chance),
        formula=along(hot, _CHANCE_TIMES, formula),
    )


def _temperatures(critical: float) -> tuple[float, list[float]]:
    """A temperature below T_c and two above it, to two digits."""
    cold, *hot = (float(f"{1 + times * (critical - 1):.2g}") for times in (0.6, 2, 12))
    return cold, hot


@dataclass(frozen=True)
class Cost:
    """The decay time t0 that brings P down to a chance, by the slow-annealing formula and by its leading order."""

    separations: FloatArray
    needed: dict[str, FloatArray]
    estimated: dict[str, FloatArray]


def cost_curves(weight: Any, temperature: float = _COST_TEMPERATURE) -> Cost:
    """t0 against R for several chances at d = 128, with T0 = `temperature` where that is above T_c."""
    init = GaussianInit(128)
    needed: dict[str, list[float]] = {}
    estimated: dict[str, list[float]] = {}
    for chance in _COST_CHANCES:
        label = f"P = {chance:g}"
        pairs = [
            _needed(BimodalTarget(float(f"{r:.4g}"), weight), temperature, init, chance) for r in _COST_SEPARATIONS
        ]
        needed[label], estimated[label] = ([pair[k] for pair in pairs] for k in (0, 1))
    as_arrays = [{name: np.array(values) for name, values in one.items()} for one in (needed, estimated)]
    return Cost(_COST_SEPARATIONS, *as_arrays)


def _needed(target: BimodalTarget, temperature: float, init: GaussianInit, chance: float) -> tuple[float, float]:
    """t0 by the formula and by its leading order, where ``erf(sqrt(d/2) rho_c) = chance`` at s0 = 0."""
    from scipy.special import erfinv

    log_rho = math.log(float(erfinv(chance)) / math.sqrt(init.dim / 2))

    def leading(log_time: float) -> float:
        return float(leading_threshold(target, Exponential(temperature, math.exp(log_time))).log_rho - log_rho)

    def full(log_time: float) -> float:
        schedule = Exponential(temperature, math.exp(log_time))
        return float(collapse_threshold(target, schedule, method="slow-annealing").log_value) - log_rho

    try:
        return tuple(math.exp(_crossing(one)) for one in (full, leading))  # type: ignore[return-value]
    except DomainError:  # below T_c, or no T_c
        return math.nan, math.nan


def _crossing(falling: Any) -> float:
    """Where a falling function of log t0 passes zero."""
    low, high = 0.0, 4.0
    while falling(high) > 0:
        low, high = high, high + 2.0
        if high > 60:
            return math.inf
    return float(brentq(falling, low, high, xtol=1e-3)) if falling(low) > 0 else -math.inf
