"""Stepping a system of ordinary differential equations through SciPy: segments, samples, crossings, refusals.

Every trajectory goes through `integrate`; runs to a verdict have a compiled integrator of their own
(`models.run_kernels`). The run is cut where the temperature is not smooth, so that no step spans a kink; a run that
cannot go on ends early and says so.
"""

import itertools
import math
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import numpy as np
import scipy.integrate
from numpy.typing import NDArray
from scipy.optimize import brentq

from anneal_theory._types import FloatArray
from anneal_theory.errors import DomainError
from anneal_theory.gradient_flow.starts import Numbers
from anneal_theory.quantities.arguments import STEPPERS

# The steppers are one interface at run time, but the stubs type each on its own.
METHODS: dict[str, Any] = {name: getattr(scipy.integrate, name) for name in STEPPERS}
OfState = Callable[[float, FloatArray], FloatArray]
"""A function of (t, y)."""
Statistics = Callable[[FloatArray], dict[str, FloatArray]]
"""From states to their statistics, by name."""


@dataclass(frozen=True, eq=False)
class System:
    """Rates of a flat state vector, and what to look out for on the way."""

    rates: OfState  # dy/dt as a function of (t, y)
    start: FloatArray  # y(0), shape (n,)
    atol: FloatArray  # absolute tolerance, one a variable
    # d(rates)/dy, shape (n, n), as a function of (t, y); None lets implicit methods difference
    jacobian: OfState | None = None
    # numbers whose changes of sign are events, as a function of y: one row an event, one column a trajectory
    event_functions: Callable[[FloatArray], FloatArray] | None = None
    event_names: tuple[str, ...] = ()  # one a row of `event_functions`


@dataclass(frozen=True)
class Settings:
    """How to integrate."""

    method: str  # a key of `METHODS`
    rtol: float  # relative error allowed a step
    max_steps: int  # steps after which the run stops early
    stop_at: str = ""  # name of an event that ends the run; empty for none


@dataclass(eq=False)
class RecordedRun:
    """What a run leaves behind.

    States have shape (n, variables) and `times` are the sample times that were reached. `status` is "finished", "event"
    or "stopped-early", `message` one sentence on how it ended; `crossings` are (event name, trajectory, time) in order
    of time.
    """

    times: list[float] = field(default_factory=list)
    states: list[FloatArray] = field(default_factory=list)
    status: str = "finished"
    message: str = ""
    crossings: list[tuple[str, int, float]] = field(default_factory=list)
    steps: int = 0


def sample_times(times: Numbers) -> FloatArray:
    """Times that a door has let in, as a float array of their own."""
    array = np.array(times, dtype=np.float64)
    if not array.size:
        raise DomainError.of("times", "a list of times", times, "for the state at one time t, give [t]")
    if np.any(np.diff(array) <= 0):
        raise DomainError.of("times", "strictly increasing", times, "sort them and leave out repetitions")
    return array


def integrate(
    system: System, times: FloatArray, strides: Sequence[tuple[float, float]], settings: Settings
) -> RecordedRun:
    """Integrate from time 0 to the last of `times`, along strides: (end, longest step) where rates are smooth."""
    run, end, state = RecordedRun(), float(times[-1]), system.start
    if times[0] == 0:
        run.times.append(0.0)
        run.states.append(state)
    inner = [(float(t), longest) for t, longest in strides if 0 < t < end]
    after = [longest for t, longest in strides if t >= end]
    edges = [0.0, *(t for t, _ in inner), end]
    longest_steps = [*(longest for _, longest in inner), after[0] if after else math.inf]
    for (low, high), longest in zip(itertools.pairwise(edges), longest_steps, strict=True):
        if high > low:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", UserWarning)  # LSODA warns where it fails; the status tells
                state = _segment(run, system, times, (low, high, longest), state, settings)
        if run.status != "finished":
            return run
    run.message = f"reached t = {end:g} in {run.steps} steps"
    return run


def _segment(
    run: RecordedRun, system: System, times: FloatArray, bounds: tuple[float, float, float], state: FloatArray,
    settings: Settings,
) -> FloatArray:  # fmt: skip
    """March through one smooth piece and return its last state."""
    restart = _stepper(system, bounds, settings)
    solver = restart(bounds[0], state, bounds[1])
    marks = _marks(system, state)
    while solver.status == "running" and run.status == "finished":
        if run.steps >= settings.max_steps:
            advice = "raise max_steps, or use method='LSODA' for long runs"
            _stop(run, "stopped-early", f"stopped at t = {solver.t:g} after {run.steps} steps; {advice}")
            break
        before = _Point(float(solver.t), np.array(solver.y), marks)
        trouble = solver.step()
        run.steps += 1
        if solver.status == "failed" or not np.all(np.isfinite(solver.y)):
            reason = trouble or "the state is no longer finite"
            _stop(run, "stopped-early", f"stopped at t = {before.time:g}: {reason}; try another method")
            break
        marks = _marks(system, solver.y)
        _look(run, system, times, before, _Point(float(solver.t), np.array(solver.y), marks), solver, restart, settings)
    return np.asarray(solver.y)


@dataclass(frozen=True, eq=False)
class _Point:
    """An end of a step: time, state and the numbers that are watched."""

    time: float
    state: FloatArray
    marks: FloatArray


def _marks(system: System, state: FloatArray) -> FloatArray:
    return np.zeros((0, 0)) if system.event_functions is None else system.event_functions(state)


def _stepper(system: System, bounds: tuple[float, float, float], settings: Settings) -> Callable[..., Any]:
    """Makes SciPy steppers within one piece; at a jump of the temperature each piece sees its own side's value."""
    low, high = math.nextafter(bounds[0], math.inf), math.nextafter(bounds[1], -math.inf)
    options: dict[str, Any] = {"rtol": settings.rtol, "atol": system.atol, "max_step": bounds[2]}
    if system.jacobian is not None and settings.method != "DOP853":
        options["jac"] = _between(low, high, system.jacobian)
    return partial(METHODS[settings.method], _between(low, high, system.rates), **options)


def _between(low: float, high: float, function: OfState) -> OfState:
    return lambda t, y: function(min(max(t, low), high), y)


def _interpolant(
    before: _Point, after: _Point, solver: Any, restart: Callable[..., Any], method: str
) -> Callable[[float], FloatArray]:
    """The state within a step. Multistep methods carry it; one-step methods, whose interpolants are less exact than
    their steps, take a shorter step instead."""
    if method == "LSODA":
        dense = solver.dense_output()
        return lambda t: after.state if t == after.time else np.asarray(dense(t))

    def value(t: float) -> FloatArray:
        if t in (before.time, after.time):
            return before.state if t == before.time else after.state
        shorter = restart(before.time, before.state, t, first_step=t - before.time)
        while shorter.status == "running":
            shorter.step()
        return np.asarray(shorter.y)

    return value


def _look(
    run: RecordedRun, system: System, times: FloatArray, before: _Point, after: _Point, solver: Any,
    restart: Callable[..., Any], settings: Settings,
) -> None:  # fmt: skip
    """Record the samples and events of the step just made."""
    first, last = times.searchsorted((before.time, after.time), side="right").tolist()
    turned = (before.marks != 0) & (np.sign(before.marks) != np.sign(after.marks))
    if first == last and not turned.any():
        return
    changed = np.argwhere(turned)
    value, wanted = _interpolant(before, after, solver, restart, settings.method), times[first:last].tolist()
    crossings = _crossings(system, before, after, solver, changed)
    crossings.sort(key=lambda item: item[2])
    stops = [time for name, _, time in crossings if name == settings.stop_at]
    if stops:
        crossings = [item for item in crossings if item[2] <= stops[0]]
        wanted = [*(t for t in wanted if t < stops[0]), stops[0]]
        _stop(run, "event", f"stopped at t = {stops[0]:g}: {settings.stop_at}")
    run.crossings.extend(crossings)
    run.times.extend(wanted)
    run.states.extend(value(t) for t in wanted)


def _crossings(
    system: System, before: _Point, after: _Point, solver: Any, changed: NDArray[np.intp]
) -> list[tuple[str, int, float]]:
    """When the watched numbers change their signs within a step, by the step's own interpolant."""
    if not len(changed):
        return []
    dense, crossings = solver.dense_output(), []
    for row, column in changed.tolist():

        def mark(t: float, row: int = row, column: int = column) -> float:
            for point in (before, after):
                if t == point.time:
                    return float(point.marks[row, column])
            return float(_marks(system, dense(t))[row, column])

        time = brentq(mark, before.time, after.time, xtol=1e-10 * max(after.time, 1e-3), rtol=1e-10)
        crossings.append((system.event_names[row], column, float(time)))
    return crossings


def _stop(run: RecordedRun, status: str, message: str) -> None:
    run.status, run.message = status, message
