"""A pair on the sphere whose components have unequal weights in the family (theory section 11).

A start has the coordinates (y, c) of `sphere_pair` and a place p: tanh p is the cosine, with its sign, of the angle
between mu_1 - mu_2 and the axis' part across mu_1 + mu_2. For independent uniform means that direction is uniform. The
starts that end with mu_1 at +mu* lie above a threshold in p, those that end with mu_2 there below another; the model of
one sign of m1 - m2 finds the one, and that of the other sign, with -p in the place of p, the other.

The verdicts are those of `sphere_pair`, and certain for the same reasons: neither the push of the means, which both
feel alike, nor the sign of psi depends on the weights or variances, and `sphere_sides` takes the lighter component.

Variances that are trained part, and the components are told apart by them: how far depends on the dimension, which such
a model has beside the target, the schedule and the dynamics.
"""

import math
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
from anneal_theory.models.sphere_pair_kernels import FIXED, TRAINED
from anneal_theory.models.sphere_sides import BAND, sphere_sides, variances_that_stay
from anneal_theory.models.temperature_table import TemperatureTable, temperature_table
from anneal_theory.problem import BimodalTarget, Dynamics
from anneal_theory.schedules import Schedule

ALIGNED = 20.0  # of p: tanh is 1 in doubles


@dataclass(frozen=True, eq=False)
class SphereMeans:
    """The model: a start is (y, c) and p.

    Attributes:
        parameters: [R, h, w1, rule of the variances, sign of m1 - m2, log v at the start, dimension].
        averages: psi for all variances, panels of G.
        temperatures: Against the clock.
        basins: Sides (side, a, T) from which no mean returns at temperatures up to T, shape (sides, 3).
        radius: Distance of trained variances from 1 that does not grow once T is 1.
    """

    parameters: FloatArray
    averages: tuple[Any, ...]
    temperatures: TemperatureTable
    basins: FloatArray
    radius: float

    lowest = -ALIGNED
    highest = ALIGNED

    @property
    def sign(self) -> float:
        """1 where p is that of m1 - m2, -1 where it is that of m2 - m1."""
        return float(self.parameters[4])

    def oriented(self, sign: float) -> "SphereMeans":
        """The model in which p is that of m1 - m2, or of m2 - m1."""
        return replace(self, parameters=np.array([*self.parameters[:4], sign, *self.parameters[5:]]))

    @property
    def packed(self) -> tuple[Any, ...]:
        """What the kernels take."""
        regions = abs(self.parameters[1]), self.basins, self.radius
        return self.parameters, self.averages, self.temperatures.arrays, regions

    @property
    def runs(self) -> CompiledRuns:
        """Runs from (y, c) and p."""
        return CompiledRuns(searches, self.packed)

    def described(self, start: FloatArray, place: float) -> str:
        """A start in words."""
        order = "m1 - m2" if self.sign > 0 else "m2 - m1"
        return f"y = {start[0]:.6g}, mu_1 . mu_2/R^2 = {start[1]:.6g}, artanh of the cosine of {order} = {place:.9g}"


@lru_cache(maxsize=64)
def sphere_means(target: BimodalTarget, schedule: Schedule, dynamics: Dynamics, dim: int = 1) -> SphereMeans:
    """Tabulate a problem for the kernels; `dynamics` has the constraint "sphere".

    Args:
        target: Separation and weight.
        schedule: Ends at temperature 1.
        dynamics: Rules of training.
        dim: The dimension where `Dynamics.needs_dim`, else 1.

    Raises:
        DomainError: the schedule does not end at temperature 1, or collapsed pairs are not kept at T = 1 (the
            separation, or the dimension of trained variances, is too small for what is proved here).
        SolveError: the schedule is too rough.
    """
    require_cold_end(schedule)
    rule, weight = RULES[dynamics.variance], dynamics.family_weight
    if target.separation > FARTHEST:  # what follows takes its square
        raise too_large(target, 1.0)
    radius, band = 0.0, BAND if rule != FIXED else 0.0
    if rule == TRAINED:
        radius, band = variances_that_stay(target, weight, dim)
    basins = sphere_sides(target, band, weight)
    temperatures = temperature_table(schedule, dynamics, 1.0)
    psi = variance_table(target, *(variances_seen(temperatures) if rule != FIXED else (1.0, 1.0))).arrays
    overlaps = mmse_table(weight)
    averages = psi, overlaps.coefficients, overlaps.inverse_width
    start = math.log(temperatures.first) if rule == TRAINED else 0.0
    parameters = np.array([target.separation, target.half_log_odds, weight, rule, 1.0, start, dim])
    return SphereMeans(parameters, averages, temperatures, basins, radius)
