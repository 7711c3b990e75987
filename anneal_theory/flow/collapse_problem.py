"""Everything a compiled run needs to know of a target, a schedule and the rules of training, as arrays."""

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from anneal_theory._types import FloatArray
from anneal_theory.averages.tables import mmse_table, overlap_table
from anneal_theory.errors import DomainError
from anneal_theory.flow.basins import trapping_boxes
from anneal_theory.flow.heat_table import HeatTable, heat_table
from anneal_theory.problem import BimodalTarget, Dynamics
from anneal_theory.schedules import Schedule

_COLD = 1e-9  # a schedule that ends hotter than 1 + this has not finished the training


@dataclass(frozen=True, eq=False)
class CollapseProblem:
    """The arrays of `flow.collapse_kernels`, and which ends the training has.

    Attributes:
        model: [R, h, w1, metric, orientation].
        saddle: The unstable zero of f(m) = R^2 psi(m) - m, nan if f has a single zero.
        tables: Panels of psi, psi' and the overlap.
        heat: Temperature against the clock.
        basins: Trapping boxes, shape (boxes, 4).
        rests: Attractors (m1, m2, verdict, radius), shape (attractors, 4).
    """

    model: FloatArray
    saddle: float
    tables: tuple[Any, ...]
    heat: HeatTable
    basins: FloatArray
    rests: FloatArray

    def packed(self, orientation: float = 1.0) -> tuple[Any, ...]:
        """What the kernels take; `orientation` is the sign of m1 - m2."""
        model = self.model.copy()
        model[4] = orientation
        return model, self.saddle, self.tables, self.heat.arrays, self.basins, self.rests


@lru_cache(maxsize=64)
def collapse_problem(target: BimodalTarget, schedule: Schedule, dynamics: Dynamics) -> CollapseProblem:
    """Tabulate a problem for the kernels.

    Raises:
        DomainError: the schedule does not end at temperature 1, where collapse is defined.
    """
    if not schedule.final_temperature <= 1.0 + _COLD:
        raise DomainError.of(
            "schedule", "one that ends at temperature 1, where collapse is defined",
            schedule, f"it ends at {schedule.final_temperature:.6g}; append a stretch that cools to 1",
        )
    overlaps, pair = overlap_table(target), mmse_table(dynamics.family_weight)
    model = np.array(
        [target.separation, target.half_log_odds, dynamics.family_weight, float(dynamics.metric == "natural"), 1.0]
    )
    tables = (overlaps.psi, overlaps.psi_prime, overlaps.inverse_width, pair.coefficients, pair.inverse_width)
    basins = trapping_boxes(target, dynamics)
    saddle = _saddle(target)
    sides = set(basins[:, 0].tolist())
    rests = np.zeros((0, 4)) if len(sides) == 2 and math.isfinite(saddle) else _rests(target, dynamics)
    return CollapseProblem(model, saddle, tables, heat_table(schedule, dynamics), basins, rests)


def _saddle(target: BimodalTarget) -> float:
    from anneal_theory.averages import psi, psi_prime
    return float("nan")


def _rests(target: BimodalTarget, dynamics: Dynamics) -> FloatArray:
    return np.zeros((0, 4))
