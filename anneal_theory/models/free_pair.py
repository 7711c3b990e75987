"""A pair with free means and fixed variances (theory sections 1 to 5), ready for compiled runs."""

import math
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import numpy as np

from anneal_theory._types import FloatArray, IntArray
from anneal_theory.averages.tables import label_table, mmse_table
from anneal_theory.errors import DomainError
from anneal_theory.fixed_points import AttractorSet, attractor_set, attractors, unstable_overlap
from anneal_theory.models.free_pair_run_kernels import ACROSS, full_searches, reduced_searches
from anneal_theory.models.free_pair_run_kernels import ALIGNED as ALIGNED
from anneal_theory.models.runs import CompiledRuns
from anneal_theory.models.temperature_table import TemperatureTable, temperature_table
from anneal_theory.models.trapping_regions import trapping_boxes
from anneal_theory.models.verdicts import HEAVY, LIGHT, REVERSED, SPLIT
from anneal_theory.problem import BimodalTarget, Dynamics
from anneal_theory.schedules import Schedule

VANISHED = -1e8  # log rho below which no threshold is sought
_CLOSE = 1e-3  # of the attractor's own size: inside its linear neighbourhood
_COLD = 1e-9  # a schedule that ends hotter than 1 + this has not finished the training


@dataclass(frozen=True, eq=False)
class FreePair:
    """The model of free means: a start is ((m1 + m2)/2, the logarithm of a length) and log rho.

    Attributes:
        parameters: [R, h, w1, metric (1 natural, 0 Euclidean), sign of m1 - m2, kind of lengths].
        saddle: The unstable zero of f(m) = R^2 psi(m) - m, nan if f has a single zero.
        averages: Panels of psi, psi' and G.
        temperatures: Against the clock.
        basins: Trapping boxes, shape (boxes, 4).
        rests: Attractors (m1, m2, verdict, radius), shape (attractors, 4).
    """

    parameters: FloatArray
    saddle: float
    averages: tuple[Any, ...]
    temperatures: TemperatureTable
    basins: FloatArray
    rests: FloatArray

    lowest = VANISHED
    highest = ALIGNED

    def hotter(self) -> "FreePair":
        """The model at temperatures that are off by all that their table may be off by."""
        return replace(self, temperatures=self.temperatures.hotter())

    def oriented(self, orientation: float) -> "FreePair":
        """The model for one sign of m1 - m2."""
        return replace(self, parameters=np.array([*self.parameters[:4], orientation, self.parameters[5]]))

    def lengths_across(self) -> "FreePair":
        """The model whose starts are given by |Delta_perp|."""
        return replace(self, parameters=np.array([*self.parameters[:5], ACROSS]))

    @property
    def across(self) -> bool:
        """Whether lengths are |Delta_perp|, else they are D0."""
        return bool(self.parameters[5] == ACROSS)

    @property
    def packed(self) -> tuple[Any, ...]:
        """What the kernels take."""
        return self.parameters, self.averages, self.temperatures.arrays, (self.saddle, self.basins, self.rests)

    @property
    def runs(self) -> CompiledRuns:
        """Reduced runs from ((m1 + m2)/2, log length) and log rho."""
        return CompiledRuns(reduced_searches, self.packed)

    def full_codes(self, starts: FloatArray, tolerance: float, max_steps: int) -> IntArray:
        """Verdicts of full runs from (m1, m2, s11, s12, s22), shape (n, 5)."""
        return CompiledRuns(full_searches, self.packed).codes(starts, np.zeros(len(starts)), tolerance, max_steps)

    def described(self, start: FloatArray, log_alignment: float) -> str:
        """A start in words."""
        length = "|Delta_perp|" if self.across else "D0"
        return f"(m1 + m2)/2 = {start[0]:.6g}, {length} = {math.exp(start[1]):.6g}, log rho = {log_alignment:.9g}"


def possible_ends(target: BimodalTarget, dynamics: Dynamics) -> AttractorSet:
    """Which attractors the training has: from the boxes and the unstable zero where they tell, else by finding all.

    A box that holds at T = 1 keeps collapsed runs, and where f has an unstable zero a split pair stays split.
    """
    if unstable_overlap(target) is not None and len(trapping_boxes(target, dynamics)):
        return AttractorSet.BOTH
    return attractor_set(target, dynamics)


def full_free_pair(target: BimodalTarget, schedule: Schedule, dynamics: Dynamics) -> FreePair:
    """The model for full runs, whose clock is the integral of beta (time, for the free energy)."""
    return free_pair(target, schedule, dynamics, 1.0)


@lru_cache(maxsize=64)
def free_pair(target: BimodalTarget, schedule: Schedule, dynamics: Dynamics, unit: float | None = None) -> FreePair:
    """Tabulate a problem for the kernels; `unit` is the clock of theory section 4 unless given.

    Raises:
        DomainError: the schedule does not end at temperature 1, where collapse is defined, or never does.
        SolveError: the schedule is too rough.
    """
    require_cold_end(schedule)
    parameters = np.array(
        [target.separation, target.half_log_odds, dynamics.family_weight, float(dynamics.metric == "natural"), 1.0, 0.0]
    )
    averages = averages_of(target, dynamics.family_weight)
    basins = trapping_boxes(target, dynamics)
    temperatures = temperature_table(schedule, dynamics, dynamics.clock_rate if unit is None else unit)
    unstable = unstable_overlap(target)
    saddle = math.nan if unstable is None else unstable
    both_sides = len(set(basins[:, 0].tolist())) == 2
    rests = np.zeros((0, 4)) if both_sides and math.isfinite(saddle) else _rests(target, dynamics)
    return FreePair(parameters, saddle, averages, temperatures, basins, rests)


def require_cold_end(schedule: Schedule) -> None:
    """Refuse a schedule that does not end at temperature 1."""
    if not schedule.final_temperature <= 1.0 + _COLD:
        raise DomainError.of(
            "schedule",
            "one that ends at temperature 1, where collapse is defined",
            schedule,
            f"it ends at {schedule.final_temperature:.6g}; append a stretch that cools to 1",
        )


def averages_of(target: BimodalTarget, family_weight: float) -> tuple[Any, ...]:
    """Panels of psi, psi' and G, as the kernels take them."""
    labels, pair = label_table(target), mmse_table(family_weight)
    return labels.psi, labels.psi_prime, labels.inverse_width, pair.coefficients, pair.inverse_width


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
