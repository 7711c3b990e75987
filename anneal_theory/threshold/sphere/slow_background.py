r"""The threshold on the sphere for annealing that is slow against the bias: a pair that drifts, and its difference.

A pair whose difference lies across the axis follows the bias to the heavy mode. How its difference grows on the way,
and what it does to the drift in first order of x^2, is an integral along that run (theory section 11,
docs/derivations/sphere_slow.md).
"""

import itertools
import math
from dataclasses import dataclass

import numpy as np
from scipy.integrate import LSODA

from anneal_theory._types import FloatArray
from anneal_theory.errors import DomainError, SolveError
from anneal_theory.formulas.sphere_slow import log_slow_sphere_threshold, slow_sphere_largest
from anneal_theory.models.sphere_pair import SpherePair, sphere_pair
from anneal_theory.problem import BimodalTarget, Dynamics
from anneal_theory.results import Estimate
from anneal_theory.schedules import Schedule
from anneal_theory.schedules.variance import AlongClock, along
from anneal_theory.threshold.sphere.background_kernels import background_rates
from anneal_theory.work import Work

METHOD = "slow-annealing"
LARGEST_SIZE = 0.5  # of x^2 at its largest: the formula is the first term of a series in it
_TOLERANCE = 1e-10
_GONE = 18.0  # by which log x has fallen from its largest: what is left changes nothing
_MOST_STEPS = 200_000
_SAME = 1e-12  # relative distance of edges that are one
_PLACES = 129
_STRIDE = 50.0  # of the clock, after the last kink of the temperature
# log x_c is off by at most this share of a power of the size, and by at most so much: twice what covers 600 exact
# thresholds (R from 1.6 to 12, kappa/eps from 0.1 to 1000), the first for a variance that moves.
_MOVING, _STILL = (3.6, 0.5, 0.65), (10.0, 1.0, 0.55)


@dataclass(frozen=True)
class Background:
    """The run of a pair whose difference lies across the axis."""

    largest_growth: float  # log x at its largest over log x at the start
    log_growth: float  # at the end
    saturation: float  # J at the end
    temperature: float  # where log x is largest
    steps: int  # of the integration


def slow_sphere_threshold(target: BimodalTarget, schedule: Schedule, dynamics: Dynamics) -> Estimate:
    """x_c of orthogonal means with m1 + m2 = 0 at the start, for annealing that is slow against the bias.

    The error is empirical and no bound. `parts`: "log_growth" (of log x at its largest), "size" (of x^2 there, at the
    threshold: what is left out is smaller by this) and "temperature" there. Source: theory section 11;
    docs/derivations/sphere_slow.md.
    """
    model = sphere_pair(target.heavy_first, schedule, dynamics)
    path = background(model, along(schedule, dynamics.objective))
    if not path.saturation > 0:
        raise _too_fast(schedule, math.inf)
    size = float(slow_sphere_largest(path.log_growth, path.saturation, path.largest_growth))
    if size > LARGEST_SIZE:
        raise _too_fast(schedule, size)
    log_value = float(log_slow_sphere_threshold(path.log_growth, path.saturation))
    share, power, most = _STILL if dynamics.variance == "fixed" else _MOVING
    error = min(share * size**power, most) + 1e-6
    note = f"asymptotic in slow annealing against the bias: log x_c may be off by {error:.2g}"
    parts = {"log_growth": path.largest_growth, "size": size, "temperature": path.temperature}
    value, work = math.exp(log_value), Work(steps=path.steps)
    off = value * math.expm1(error)
    return Estimate(value, off, log_value, METHOD, note=note, log_error=error, parts=parts, work=work)


def _too_fast(schedule: Schedule, size: float) -> DomainError:
    what = f'slow against the bias for method="{METHOD}", with x^2 up to {LARGEST_SIZE:g} on the way'
    return DomainError.of("schedule", what, schedule, f'use method="sharp" or "exact" (x^2 is {size:.3g} here)')


def background(model: SpherePair, read: AlongClock) -> Background:
    """Follow the pair from orthogonal means until log x has fallen for good."""
    state = np.array([0.0, 0.0, 0.0, model.parameters[4], 0.0, 0.0, 0.0])
    top, temperature, steps, left = 0.0, _temperature(read, 0.0), 0, 0.0
    edges = _apart(sorted(edge for edge in {*read.breaks, read.end} if 0 < edge < math.inf))
    looks = _looks(edges)
    temperatures = np.asarray(read.temperature(looks), dtype=float)
    while steps < _MOST_STEPS and np.all(np.isfinite(state)):
        right = edges.pop(0) if edges else left + _STRIDE
        solver = _solver(model, read, left, right, state)
        while solver.status == "running" and steps < _MOST_STEPS:
            solver.step()
            steps, y = steps + 1, solver.y
            if y[0] > top:
                top, temperature = float(y[0]), _temperature(read, solver.t)
            cools = temperatures[looks > solver.t].max(initial=1.0) <= _temperature(read, solver.t)
            if cools and y[0] < top - _GONE:
                return Background(top, float(y[0]), float(y[6]), temperature, steps)
        left, state = right, solver.y
    raise SolveError(
        f"a pair across the axis does not come to rest at a mode within {steps} steps; use a shorter schedule, or "
        'method="exact"'
    )


def _temperature(read: AlongClock, clock: float) -> float:
    return float(read.temperature(np.array([clock]))[0])


def _apart(edges: list[float]) -> list[float]:
    """Edges without those that rounding alone sets apart: no integrator can make a step between them."""
    kept: list[float] = []
    for edge in edges:
        if edge - (kept[-1] if kept else 0.0) > _SAME * edge:
            kept.append(edge)
    return kept


def _looks(edges: list[float]) -> FloatArray:
    """Places at which a re-heating is looked for: all over the stretches between kinks."""
    ends = [0.0, *edges]
    return np.unique(np.concatenate([[0.0], *(np.linspace(a, b, _PLACES) for a, b in itertools.pairwise(ends))]))


def _solver(model: SpherePair, read: AlongClock, left: float, right: float, state: FloatArray) -> LSODA:
    low, high = math.nextafter(left, math.inf), math.nextafter(right, -math.inf)
    radius = model.parameters[0]

    def rates(clock: float, y: FloatArray) -> FloatArray:
        out = np.empty(7)
        background_rates(y, _temperature(read, min(max(clock, low), high)), model.parameters, model.averages, out)
        return out

    scales = np.array([1.0, 1.0, 1.0, 1.0, radius**2, 1.0, 1.0])
    return LSODA(rates, left, state, right, rtol=_TOLERANCE, atol=_TOLERANCE * scales)
