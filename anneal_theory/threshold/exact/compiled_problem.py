"""Everything a compiled run needs to know of a target, a schedule and the rules of training, as arrays."""

import math
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import numpy as np

from anneal_theory._types import FloatArray
from anneal_theory.averages.tables import mmse_table, overlap_table
from anneal_theory.errors import DomainError
from anneal_theory.fixed_points import Ending, attractors, ending, unstable_overlap
from anneal_theory.problem import BimodalTarget, Dynamics
from anneal_theory.schedules import Schedule
from anneal_theory.threshold.exact.temperature_table import HeatTable, heat_table
from anneal_theory.threshold.exact.trapping_regions import trapping_boxes
from anneal_theory.threshold.exact.verdict_kernels import HEAVY, LIGHT, REVERSED, SPLIT

_CLOSE = 1e-3  # of the attractor's own size: inside its linear neighbourhood
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

    def hotter(self) -> "CollapseProblem":
        """The problem at temperatures that are off by all that their table may be off by."""
        return replace(self, heat=self.heat.hotter())


def possible_ends(target: BimodalTarget, dynamics: Dynamics) -> Ending:
    """Which attractors the training has: from the boxes and the unstable zero where they tell, else by finding all.

    A box that holds at T = 1 keeps collapsed runs, and where f has an unstable zero a split pair stays split.
    """
    if unstable_overlap(target) is not None and len(trapping_boxes(target, dynamics)):
        return Ending.BOTH
    return ending(target, dynamics)


def full_problem(target: BimodalTarget, schedule: Schedule, dynamics: Dynamics) -> CollapseProblem:
    """Tabulate a problem for the full flow, whose clock is the integral of beta (time, for the free energy)."""
    return collapse_problem(target, schedule, dynamics, 1.0)


@lru_cache(maxsize=64)
def collapse_problem(
    target: BimodalTarget, schedule: Schedule, dynamics: Dynamics, unit: float | None = None
) -> CollapseProblem:
    """Tabulate a problem for the kernels; `unit` is the clock of theory section 4 unless given.

    Raises:
        DomainError: the schedule does not end at temperature 1, where collapse is defined, or takes for ever.
        SolveError: the schedule is too rough.
    """
    if not schedule.final_temperature <= 1.0 + _COLD:
        raise DomainError.of(
            "schedule",
            "one that ends at temperature 1, where collapse is defined",
            schedule,
            f"it ends at {schedule.final_temperature:.6g}; append a stretch that cools to 1",
        )
    overlaps, pair = overlap_table(target), mmse_table(dynamics.family_weight)
    model = np.array(
        [target.separation, target.half_log_odds, dynamics.family_weight, float(dynamics.metric == "natural"), 1.0]
    )
    tables = (overlaps.psi, overlaps.psi_prime, overlaps.inverse_width, pair.coefficients, pair.inverse_width)
    basins = trapping_boxes(target, dynamics)
    heat = heat_table(schedule, dynamics, dynamics.clock_rate if unit is None else unit)
    unstable = unstable_overlap(target)
    saddle = math.nan if unstable is None else unstable
    sides = set(basins[:, 0].tolist())
    rests = np.zeros((0, 4)) if len(sides) == 2 and math.isfinite(saddle) else _rests(target, dynamics)
    return CollapseProblem(model, saddle, tables, heat, basins, rests)


def _rests(target: BimodalTarget, dynamics: Dynamics) -> FloatArray:
    """Attractors at T = 1 as rows (m1, m2, verdict, radius), both orders of the components."""
    weight, scale = dynamics.exact_family_weight, min(1.0, target.separation**2)
    rows = []
    for share, swap in ((weight, False), (1 - weight, True)):
        for point in attractors(target, family_weight=share):
            split = REVERSED if swap else SPLIT
            code = (HEAVY if point.m1 > 0 else LIGHT) if point.collapsed else split
            pair = (point.m2, point.m1) if swap else (point.m1, point.m2)
            rows.append((*pair, float(code), _CLOSE * (scale + point.m1 - point.m2)))
    return np.array(rows).reshape(-1, 4)
