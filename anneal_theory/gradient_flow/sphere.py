"""The flow of a pair on the sphere of equal weights as a system for the driver (theory section 11).

It is integrated in (log|x|, m1 + m2, s, log v), in which x keeps its digits however small it is: the rates are those of
the compiled runs to a verdict (`models.sphere_pair_kernels`).
"""

import math
from fractions import Fraction
from typing import Any

import numpy as np

from anneal_theory._types import FloatArray
from anneal_theory.averages.tables import mmse_table
from anneal_theory.averages.variance_tables import variance_table
from anneal_theory.formulas.sphere_flow import sphere_overlaps
from anneal_theory.gradient_flow.driver import Statistics, System
from anneal_theory.gradient_flow.pair import CROSSINGS
from anneal_theory.gradient_flow.rate_kernels import sphere_rates
from anneal_theory.gradient_flow.sphere_starts import SphereState
from anneal_theory.models.sphere_pair import RULES
from anneal_theory.models.sphere_pair_kernels import jacobian as sphere_jacobian
from anneal_theory.problem import BimodalTarget, Dynamics
from anneal_theory.problem.dynamics import clock_pace_at
from anneal_theory.schedules import Schedule

_EPS = float(np.finfo(np.float64).eps)
_FAR = -700.0  # log|x| of a pair across mu*
_SPARE = 1.3  # by which a table of psi reaches beyond the variances seen so far
_NEAR = 1e-4  # a pair that falls into one mode comes that much closer in 1 - s


class SphereTables:
    """Tables of psi and G for the variances that a run has come to, made anew where it leaves them."""

    def __init__(self, target: BimodalTarget, family_weight: Fraction) -> None:
        self._target, pair = target, mmse_table(family_weight)
        self._pair = pair.coefficients, pair.inverse_width
        self._low, self._high = math.inf, 0.0
        self._tables: tuple[Any, ...] = ()

    def at(self, lowest: float, highest: float) -> tuple[Any, ...]:
        """What the kernels take, for variances between these."""
        if not (self._low <= lowest and highest <= self._high):
            self._low, self._high = min(self._low, lowest / _SPARE), max(self._high, highest * _SPARE)
            self._tables = (variance_table(self._target, self._low, self._high).arrays, *self._pair)
        return self._tables


def closeness(pair_overlap: FloatArray, rtol: float) -> FloatArray:
    """Absolute error allowed s, of pairs that start with this one."""
    return np.asarray(np.maximum(_NEAR * rtol * np.minimum(1 - pair_overlap, 1.0), 8 * _EPS))


def sphere_system(
    target: BimodalTarget, schedule: Schedule, start: SphereState, dynamics: Dynamics, rtol: float,
    dim: float = math.inf,
) -> tuple[System, Statistics]:  # fmt: skip
    """The flow of (log|x|, m1 + m2, s, log v) and the statistics of its states.

    A trained variance, one for both components, follows its law in a dimension if one is given, else in large ones.
    """
    radius, h = target.separation, target.half_log_odds
    x, s, total = (
        np.atleast_1d(np.asarray(v, dtype=np.float64)) for v in (start.cosine, start.pair_overlap, start.total(target))
    )
    rule, side, averages = RULES[dynamics.variance], np.sign(x), SphereTables(target, dynamics.exact_family_weight)
    first_temperature = float(schedule.temperature(0.0)) if dynamics.variance == "trained" else 1.0
    with np.errstate(divide="ignore"):
        log_x = np.maximum(np.log(np.abs(x)), _FAR)
    first = np.stack([log_x, total, s, np.full(x.shape, math.log(first_temperature))])
    parameters = np.array([radius, h, rule, 1.0, 0.0, 0.0, float(dim)])

    def variances(y: FloatArray, temperature: float) -> FloatArray:
        moving = dynamics.variance == "trained"
        return np.exp(y[3]) if moving else np.full(side.shape, 1.0 if dynamics.variance == "fixed" else temperature)

    def setting(t: float, y: FloatArray) -> tuple[float, float, tuple[Any, ...]]:
        temperature = float(schedule.temperature(t))
        v = variances(y, temperature)
        pace = float(clock_pace_at(dynamics, temperature, 1.0))
        return pace, temperature, averages.at(float(v.min()), float(v.max()))

    def rates(t: float, y: FloatArray) -> FloatArray:
        columns = y.reshape(4, -1)
        pace, temperature, tables = setting(t, columns)
        out = np.empty(columns.shape)
        sphere_rates(columns, side, temperature, parameters, tables, out)
        return pace * out.ravel()

    def jacobian(t: float, y: FloatArray) -> FloatArray:
        pace, temperature, tables = setting(t, y.reshape(4, -1))
        own = np.array([radius, h, rule, side[0], 0.0, 0.0, float(dim)])
        rows, _ = sphere_jacobian(y, temperature, own, tables)
        return pace * np.array(rows)

    def places(y: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
        return sphere_overlaps(side * np.exp(y[0]), y[1], np.minimum(y[2], 1.0), radius)

    def event_functions(y: FloatArray) -> FloatArray:
        return np.stack(places(y.reshape(4, -1))[:2]) + h

    def statistics(states: FloatArray) -> dict[str, FloatArray]:
        columns = np.moveaxis(states.reshape(len(states), 4, side.size), 1, 0)
        m1, m2, distance = places(columns)
        logs = np.where(side == 0, -np.inf, columns[0])
        named = {"m1": m1, "m2": m2, "pair_overlap": columns[2], "variance": np.exp(columns[3])}
        return named | {"cosine": side * np.exp(columns[0]), "log_cosine": logs, "distance": distance}

    even = np.full(x.shape, rtol)
    scale = np.stack([even, even * radius**2, closeness(s, rtol), even])
    return System(rates, first.ravel(), scale.ravel(), jacobian, event_functions, CROSSINGS), statistics
