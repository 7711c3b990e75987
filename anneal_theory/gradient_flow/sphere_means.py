"""The flow of a pair on the sphere of unequal family weights as a system for the driver (theory section 11).

It is integrated in (m1, m2, s, log v1, log v2); the rates are those of the compiled runs to a verdict
(`models.sphere_means_kernels`). Variances that are not trained rest there.
"""

import math
from typing import Any

import numpy as np

from anneal_theory._types import FloatArray
from anneal_theory.formulas.sphere_flow import cosine_of_difference, sphere_overlaps
from anneal_theory.gradient_flow.driver import Statistics, System
from anneal_theory.gradient_flow.pair import CROSSINGS
from anneal_theory.gradient_flow.rate_kernels import sphere_means_rates
from anneal_theory.gradient_flow.sphere import SphereTables, closeness
from anneal_theory.gradient_flow.sphere_starts import SphereState
from anneal_theory.models.sphere_means_kernels import jacobian as means_jacobian
from anneal_theory.models.sphere_pair import RULES
from anneal_theory.problem import BimodalTarget, Dynamics
from anneal_theory.problem.dynamics import clock_pace_at
from anneal_theory.schedules import Schedule


def sphere_means_system(
    target: BimodalTarget, schedule: Schedule, start: SphereState, dynamics: Dynamics, rtol: float, dim: int
) -> tuple[System, Statistics]:
    """The flow of (m1, m2, s, log v1, log v2) and its statistics; `dim` counts where `Dynamics.needs_dim`."""
    radius, h = target.separation, target.half_log_odds
    m1, m2 = (np.atleast_1d(np.asarray(overlap, dtype=np.float64)) for overlap in start.overlaps(target))
    s = np.atleast_1d(np.asarray(start.pair_overlap, dtype=np.float64))
    trained, averages = dynamics.variance == "trained", SphereTables(target, dynamics.exact_family_weight)
    begun = np.full(s.shape, math.log(float(schedule.temperature(0.0))) if trained else 0.0)
    first = np.stack([m1, m2, s, begun, begun])
    parameters = np.array([radius, h, dynamics.family_weight, RULES[dynamics.variance], 1.0, begun[0], dim])

    def setting(t: float, y: FloatArray) -> tuple[float, float, tuple[Any, ...]]:
        temperature = float(schedule.temperature(t))
        common = 1.0 if dynamics.variance == "fixed" else temperature
        variances = np.exp(y[3:]) if trained else np.full(1, common)
        tables = averages.at(float(variances.min()), float(variances.max()))
        return float(clock_pace_at(dynamics, temperature, 1.0)), temperature, tables

    def rates(t: float, y: FloatArray) -> FloatArray:
        columns = y.reshape(5, -1)
        pace, temperature, tables = setting(t, columns)
        out = np.empty(columns.shape)
        sphere_means_rates(columns, temperature, parameters, tables, out)
        return pace * out.ravel()

    def jacobian(t: float, y: FloatArray) -> FloatArray:
        pace, temperature, tables = setting(t, y.reshape(5, -1))
        rows, _ = means_jacobian(y, temperature, parameters, tables)
        return pace * np.array(rows)

    def event_functions(y: FloatArray) -> FloatArray:
        return y.reshape(5, -1)[:2] + h

    def statistics(states: FloatArray) -> dict[str, FloatArray]:
        m1, m2, s, log_1, log_2 = np.moveaxis(states.reshape(len(states), 5, -1), 1, 0)
        distance = np.asarray(sphere_overlaps(0.0, 0.0, np.minimum(s, 1.0), radius)[2])
        with np.errstate(divide="ignore", invalid="ignore"):  # of a pair that has become one point
            cosine = np.clip(cosine_of_difference(m1, m2, distance, radius), -1.0, 1.0)
            logs = np.log(np.abs(cosine))
        widths = {"v1": np.exp(log_1), "v2": np.exp(log_2)} if trained else {"variance": np.ones(s.shape)}
        named = {"m1": m1, "m2": m2, "pair_overlap": s} | widths
        return named | {"cosine": cosine, "log_cosine": logs, "distance": distance}

    even = np.full(s.shape, rtol)
    scale = np.stack([even * radius**2, even * radius**2, closeness(s, rtol), *(2 * [even / math.sqrt(dim)])])
    return System(rates, first.ravel(), scale.ravel(), jacobian, event_functions, CROSSINGS), statistics
