"""The best temperatures by search: many stretches of time, the sharp log rho_c of the package, and its exact slopes.

Nothing here knows of optimal control, nor takes what is derived of it: it is the oracle of `derivations.singular_arc`.
A threshold is a search of runs (`threshold.departures`). Its slope in the temperature of a stretch is the integral
along the critical run of what the separatrix's gradient says a change of the rates is worth at the start
(`probability.noisy.critical_run_kernels`); tests compare it with differences of thresholds.
"""

import itertools
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.optimize import minimize

from anneal_theory._compiled import kernel
from anneal_theory._types import FloatArray
from anneal_theory.models.free_pair import FreePair, free_pair
from anneal_theory.models.free_pair_kernels import reduced_jacobian, reduced_rates
from anneal_theory.models.free_pair_run_kernels import reduced_fate, reduced_place
from anneal_theory.probability.noisy.critical_run_kernels import compiled_critical_runs
from anneal_theory.probability.noisy.first_order import step_grid
from anneal_theory.probability.noisy.pair_noise_kernels import clock_of
from anneal_theory.problem import BimodalTarget, Dynamics
from anneal_theory.schedules import Piecewise
from anneal_theory.threshold.departures import Departures

_TOLERANCE = 1e-9  # of log rho_c
_RAMP = 0.02  # of the shortest stretch: how long the temperature takes from one level to the next
_NEVER = 5.0  # log rho_c of a schedule under which every pair collapses: finite, for searches
_LARGEST = math.log(100.0)


@kernel(error_model="numpy")
def _worth(p, node, y, temperature, pace, problem, extra, out):
    """Rates of what a unit of temperature of each stretch is worth; the time of a knot tells its stretch."""
    times, knots, free = extra
    rates = reduced_rates(y, temperature, problem[0], problem[1])
    push = reduced_jacobian(y, temperature, problem[0], problem[1])[1][2]
    if free:
        value = 0.5 * push * p[2]  # a unit of time is half a unit of the clock
    else:
        without = p[0] * rates[0] + p[1] * rates[1] + p[2] * (rates[2] - temperature * push)
        value = -0.5 * without / temperature**2
    out[:] = 0.0
    time, last = times[node], knots.shape[0] - 1
    if time < knots[last]:
        k = min(np.searchsorted(knots, time, side="right") - 1, last - 1)
        share = (time - knots[k]) / (knots[k + 1] - knots[k])
        out[k // 2] += (1.0 - share) * value
        if k + 1 < last:
            out[(k + 1) // 2] += share * value


_run_along, _summed_back = compiled_critical_runs(
    "arc_search", 3, clock_of, reduced_rates, reduced_jacobian, reduced_fate, _worth
)


@dataclass(frozen=True)
class Stretches:
    """Schedules of a temperature for each stretch, then T = 1; and log rho_c of a start under them.

    Attributes:
        target: Separation and weight.
        edges: Times at which stretches begin, and at which the last one ends.
        dynamics: The objective.
        start: (s(0), log D0), shape (1, 2).
    """

    target: BimodalTarget
    edges: tuple[float, ...]
    dynamics: Dynamics
    start: tuple[float, float] = (0.0, math.log(2) / 2)

    def schedule(self, temperatures: Sequence[float] | FloatArray) -> Piecewise:
        """The schedule of given temperatures."""
        levels = [f"{one:.9g}" for one in temperatures]
        return Piecewise([f"{one:.12g}" for one in self._knots()], [*np.repeat(levels, 2).tolist(), "1"])

    def _knots(self) -> list[float]:
        ramp = _RAMP * min(np.diff(self.edges))
        inner = [time for edge in self.edges[1:-1] for time in (edge, edge + ramp)]
        return [0.0, *inner, self.edges[-1] - ramp, self.edges[-1]]

    def threshold(self, temperatures: Sequence[float] | FloatArray, guess: float = -3.0) -> float:
        """Log rho_c."""
        return log_threshold(self.model(temperatures), self.start, guess)

    def model(self, temperatures: Sequence[float] | FloatArray) -> FreePair:
        """What is run; kept by nobody, as a search looks at thousands."""
        return free_pair.__wrapped__(self.target, self.schedule(temperatures), self.dynamics)

    def slopes(self, temperatures: FloatArray, log_rho: float) -> FloatArray:
        """Of log rho_c in each temperature."""
        grid = step_grid(self.schedule(temperatures), self.dynamics)
        times, problem = grid[0], self._problem(temperatures)
        states, p = np.empty((times.shape[0], 3)), np.array([0.0, 0.0, 1.0])
        reduced_place(np.array(self.start), log_rho, problem[0], states[0])
        steps = _run_along(states, grid[:3], grid[3], problem)
        sums, powers = np.empty(len(temperatures)), np.ones(len(temperatures))
        extra = times, np.array(self._knots()), self.dynamics.objective == "free-energy"
        _summed_back(p, states, steps, grid[:3], problem, extra, powers, sums)
        return -sums / p[1]

    def _problem(self, temperatures: FloatArray) -> tuple[Any, ...]:
        parameters, averages, _, regions = self.model(temperatures).packed
        return parameters, averages, regions

    def best(self, temperatures: Sequence[float], highest: float = 100.0) -> tuple[float, list[float]]:
        """(log rho_c, temperatures) of the nearest minimum, by a quasi-Newton search in log T between 0 and a bound."""
        seen = [-3.0]

        def value(logs: FloatArray) -> tuple[float, FloatArray]:
            levels = np.exp(logs)
            log_rho = self.threshold(levels, seen[-1])
            if log_rho == _NEVER:
                return log_rho, np.zeros(len(levels))
            seen.append(log_rho)
            return log_rho, levels * self.slopes(levels, log_rho)

        bounds = [(0.0, math.log(highest))] * len(temperatures)
        options = {"maxiter": 400, "ftol": 1e-11, "gtol": 1e-7, "maxcor": 30}
        found = minimize(value, np.log(temperatures), jac=True, bounds=bounds, method="L-BFGS-B", options=options)
        return float(found.fun), np.exp(found.x).tolist()


def log_threshold(model: FreePair, start: tuple[float, float], guess: float = -3.0) -> float:
    """Log rho_c of a start ((m1 + m2)/2, log D0) of a model."""
    found = Departures(model, _TOLERANCE).thresholds(np.array([start]), np.array([guess]), _TOLERANCE, 0.0)
    return float(found[0]) if np.isfinite(found[0]) else _NEVER


@dataclass(frozen=True)
class Pulse:
    """A cold wait, then temperatures at evenly spaced times of a pulse with lines between them, then T = 1.

    Attributes:
        length: Of the pulse, ramps of a hundredth of it included.
        temperatures: One, or more.
    """

    length: float
    temperatures: tuple[float, ...]

    def schedule(self, budget: float) -> Piecewise:
        """The schedule that has cooled down by a time."""
        begin, ramp = budget - self.length, 0.01 * self.length
        levels = self.temperatures if len(self.temperatures) > 1 else self.temperatures * 2
        inner = np.linspace(begin + ramp, budget - ramp, len(levels)).tolist()
        times = [f"{one:.10g}" for one in (0.0, begin, *inner, budget)]
        return Piecewise(times, ["1", "1", *(f"{one:.9g}" for one in levels), "1"])


def best_pulse(target: BimodalTarget, budget: float, first: Pulse, highest: float = 100.0) -> tuple[float, Pulse]:
    """(log rho_c, pulse) of the best of so many temperatures."""

    def pulse(logs: FloatArray) -> Pulse:
        length, *levels = np.exp(np.minimum(logs, _LARGEST + 20)).tolist()
        return Pulse(min(length, 0.97 * budget), tuple(min(max(one, 1.0), highest) for one in levels))

    def value(logs: FloatArray) -> float:
        model = free_pair.__wrapped__(target, pulse(logs).schedule(budget), Dynamics())
        return log_threshold(model, (0.0, math.log(2) / 2))

    begin = np.log([first.length, *first.temperatures])
    corners = np.vstack([begin, begin + 0.2 * np.eye(begin.size)])
    options = {"xatol": 1e-3, "fatol": 1e-7, "maxfev": 800, "initial_simplex": corners}
    found = minimize(value, begin, method="Nelder-Mead", options=options)
    return float(found.fun), pulse(found.x)


def of_all(
    levels: Sequence[float], count: int, value: Callable[[tuple[float, ...]], float]
) -> tuple[float, list[float]]:
    """The least value of all choices of so many levels, and that choice."""
    return min((value(choice), list(choice)) for choice in itertools.product(levels, repeat=count))
