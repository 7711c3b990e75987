"""A pair on the sphere whose components have unequal weights in the family (theory section 11).

A start has the coordinates (y, c) of `sphere_pair` and a place p: tanh p is the cosine, with its sign, of the angle
between mu_1 - mu_2 and the axis' part across mu_1 + mu_2. For independent uniform means that direction is uniform. The
starts that end with mu_1 at +mu* lie above a threshold in p, those that end with mu_2 there below another; the model of
one sign of m1 - m2 finds the one, and that of the other sign, with -p in the place of p, the other.

The verdicts are those of `sphere_pair`, and certain for the same reasons: neither the push of the means, which both
feel alike, nor the sign of psi depends on the weights, and `sphere_sides` takes the lighter component.
"""

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import numpy as np

from anneal_theory._types import FloatArray
from anneal_theory.averages.tables import mmse_table
from anneal_theory.averages.variance_tables import FARTHEST, too_large, variance_table
from anneal_theory.models.free_pair import require_cold_end
from anneal_theory.models.runs import CompiledRuns
from anneal_theory.models.sphere_means_kernels import searches
from anneal_theory.models.sphere_pair import RULES, variances_seen
from anneal_theory.models.sphere_sides import BAND, sphere_sides
from anneal_theory.models.temperature_table import TemperatureTable, temperature_table
from anneal_theory.problem import BimodalTarget, Dynamics
from anneal_theory.schedules import Schedule

ALIGNED = 20.0  # of p: tanh is 1 in doubles


@dataclass(frozen=True, eq=False)
class SphereMeans:
    """The model: a start is (y, c) and p.

    Attributes:
        parameters: [R, h, w1, rule of the variance, sign of m1 - m2].
        averages: psi for all variances, panels of G.
        temperatures: Against the clock.
        basins: Sides (side, a, T) from which no mean returns at temperatures up to T, shape (sides, 3).
    """

    parameters: FloatArray
    averages: tuple[Any, ...]
    temperatures: TemperatureTable
    basins: FloatArray

    lowest = -ALIGNED
    highest = ALIGNED

    @property
    def sign(self) -> float:
        """1 where p is that of m1 - m2, -1 where it is that of m2 - m1."""
        return float(self.parameters[4])

    def oriented(self, sign: float) -> "SphereMeans":
        """The model in which p is that of m1 - m2, or of m2 - m1."""
        return replace(self, parameters=np.array([*self.parameters[:4], sign]))

    @property
    def packed(self) -> tuple[Any, ...]:
        """What the kernels take."""
        return self.parameters, self.averages, self.temperatures.arrays, (abs(self.parameters[1]), self.basins)

    @property
    def runs(self) -> CompiledRuns:
        """Runs from (y, c) and p."""
        return CompiledRuns(searches, self.packed)

    def described(self, start: FloatArray, place: float) -> str:
        """A start in words."""
        order = "m1 - m2" if self.sign > 0 else "m2 - m1"
        return f"y = {start[0]:.6g}, mu_1 . mu_2/R^2 = {start[1]:.6g}, artanh of the cosine of {order} = {place:.9g}"


@lru_cache(maxsize=64)
def sphere_means(target: BimodalTarget, schedule: Schedule, dynamics: Dynamics) -> SphereMeans:
    """Tabulate a problem for the kernels; `dynamics` has the constraint "sphere" and a common variance.

    Raises:
        DomainError: the schedule does not end at temperature 1, or collapsed pairs are not kept at T = 1 (the
            separation is too small for what is proved here).
        SolveError: the schedule is too rough.
    """
    require_cold_end(schedule)
    moving = dynamics.variance != "fixed"
    if target.separation > FARTHEST:  # what follows takes its square
        raise too_large(target, 1.0)
    basins = sphere_sides(target, BAND if moving else 0.0, dynamics.family_weight)
    temperatures = temperature_table(schedule, dynamics, 1.0)
    psi = variance_table(target, *(variances_seen(temperatures) if moving else (1.0, 1.0))).arrays
    overlaps = mmse_table(dynamics.family_weight)
    averages = psi, overlaps.coefficients, overlaps.inverse_width
    rule = RULES[dynamics.variance]
    parameters = np.array([target.separation, target.half_log_odds, dynamics.family_weight, rule, 1.0])
    return SphereMeans(parameters, averages, temperatures, basins)
