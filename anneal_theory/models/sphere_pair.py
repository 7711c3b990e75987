r"""A pair whose means are held on the sphere |mu_i| = R, of equal weights and fixed variance (theory section 11).

Verdicts that are certain. psi vanishes at m = -h alone; let e = |h|.

- Split: once m1 >= e and m2 <= -e both stay so. At m1 = e psi(m1) >= 0, and the push (T/v) G (m1 c - m2) is not
  negative since m2 <= -e and |c| <= 1; likewise at m2 = -e.
- Collapsed: while both overlaps are at least a > 0 and T is at most the `sphere_trapping_ceiling` at a, at the worst
  cosine of the pair, neither falls below a. Both keep the sign that collapse means.

A start has the coordinates (y, c), the cosines of mu_1 + mu_2 with the axis and of the pair, and the logarithm of rho,
the cotangent of the angle that mu_1 - mu_2 makes with the axis' part across mu_1 + mu_2: for independent uniform means
the direction of mu_1 - mu_2 is uniform there, whatever y and c are.
"""

import math
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from anneal_theory._types import FloatArray, IntArray
from anneal_theory.averages import mmse, psi
from anneal_theory.errors import DomainError
from anneal_theory.formulas.sphere_flow import sphere_start, sphere_trapping_ceiling
from anneal_theory.models.free_pair import ALIGNED, VANISHED, averages_of
from anneal_theory.models.runs import CompiledRuns
from anneal_theory.models.sphere_pair_kernels import outcomes
from anneal_theory.models.temperature_table import TemperatureTable, temperature_table
from anneal_theory.problem import BimodalTarget, Dynamics
from anneal_theory.schedules import Schedule

_EDGES = np.linspace(0.02, 0.98, 49)  # of R^2
_COSINES = np.cos(np.linspace(1e-3, math.pi - 1e-3, 2001))
_SAFETY = 1e-4  # the scan, 1.6e-3 apart in the angle, misses a smooth minimum by some 1e-6 of it


@dataclass(frozen=True, eq=False)
class SpherePair:
    """The model of means on the sphere: a start is (y, c) and log rho.

    Attributes:
        parameters: [R, h, v, sign of m1 - m2].
        averages: Panels of psi, psi' and G.
        temperatures: Against the clock.
        basins: Sides (side, a, T) from which no mean returns at temperatures up to T, shape (sides, 3).
    """

    parameters: FloatArray
    averages: tuple[Any, ...]
    temperatures: TemperatureTable
    basins: FloatArray

    lowest = VANISHED
    highest = ALIGNED

    def hotter(self) -> "SpherePair":
        """The model at temperatures that are off by all that their table may be off by."""
        return replace(self, temperatures=self.temperatures.hotter())

    @property
    def packed(self) -> tuple[Any, ...]:
        """What the kernels take."""
        return self.parameters, self.averages, self.temperatures.arrays, (abs(self.parameters[1]), self.basins)

    def codes(self, starts: FloatArray, log_alignments: FloatArray, tolerance: float, max_steps: int) -> IntArray:
        """Verdicts of runs from (y, c) and log rho."""
        states = self._states(starts[:, 0], starts[:, 1], log_alignments)
        return CompiledRuns(outcomes, self.packed).codes(states, tolerance, max_steps)

    def described(self, start: FloatArray, log_alignment: float) -> str:
        """A start in words."""
        return f"y = {start[0]:.6g}, mu_1 . mu_2/R^2 = {start[1]:.6g}, log rho = {log_alignment:.9g}"

    def _states(self, y: FloatArray, cosine: FloatArray, log_rho: FloatArray) -> FloatArray:
        """(log x, m1 + m2, c)."""
        return np.stack([*sphere_start(log_rho, y, cosine, self.parameters[0]), cosine], axis=1)


def sphere_pair(target: BimodalTarget, schedule: Schedule, dynamics: Dynamics) -> SpherePair:
    """Tabulate a problem for the kernels, at unit variance.

    Raises:
        DomainError: the weights are unequal, the schedule does not end at temperature 1, or collapsed pairs are not
            kept at T = 1 (the separation is too small for what is proved here).
        SolveError: the schedule is too rough.
    """
    if not dynamics.equal_weights:
        raise DomainError.of(
            "family_weight", "0.5 on the sphere", dynamics.exact_family_weight, "leave it out: it is 0.5 by default"
        )
    basins = np.concatenate([_side(target, 1.0), _side(target.reflected, -1.0)])
    if len(set(basins[:, 0].tolist())) < 2:
        raise DomainError.of(
            "separation", "so large that pairs at either mode stay there at T = 1", target.separation, "enlarge it"
        )
    parameters = np.array([target.separation, target.half_log_odds, 1.0, 1.0])
    return SpherePair(parameters, averages_of(target, 0.5), temperature_table(schedule, dynamics, 1.0), basins)


def _side(target: BimodalTarget, side: float) -> FloatArray:
    """Rows (side, a, T) of one mode, only those that hold at T = 1 or above."""
    radius = target.separation
    edges = _EDGES * radius**2
    labels = np.asarray(mmse(radius * np.sqrt(2.0 * (1.0 - _COSINES)), 0.5))
    pulls = np.asarray(psi(edges, target))
    ceilings = sphere_trapping_ceiling(edges[:, None], _COSINES, radius, 1.0, pulls[:, None], labels).min(axis=1)
    rows = np.stack([np.full(edges.shape, side), side * edges, ceilings * (1.0 - _SAFETY)], axis=1)
    return np.asarray(rows[ceilings * (1.0 - _SAFETY) >= 1.0])
