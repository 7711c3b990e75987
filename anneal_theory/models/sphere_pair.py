r"""A pair whose means are held on the sphere |mu_i| = R, of equal weights (theory section 11).

Verdicts that are certain. psi vanishes at m = -h alone; let e = |h|.

- Split: once m1 >= e and m2 <= -e both stay so. At m1 = e psi(m1) >= 0, and the push (T/v) G (m1 c - m2) is not
  negative since m2 <= -e and |c| <= 1; likewise at m2 = -e.
- Collapsed: while both overlaps are at least a > 0 and T is at most the `sphere_trapping_ceiling` at a, at the worst
  cosine of the pair, neither falls below a. Both keep the sign that collapse means. Where the variance moves, this is
  asked for once T is 1 for good and log v within a band around 0, and at the worst v within that. There it stays: in
  large dimension it goes on to 0, and in d dimensions, where it goes on to a number of order 1/d, no pair whose
  overlaps are at least a drives it out (`sphere_sides.trained_sides`).

A start has the coordinates (y, c), the cosines of mu_1 + mu_2 with the axis and of the pair, and the logarithm of rho,
the cotangent of the angle that mu_1 - mu_2 makes with the axis' part across mu_1 + mu_2: for independent uniform means
the direction of mu_1 - mu_2 is uniform there, whatever y and c are.
"""

import math
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import numpy as np

from anneal_theory._types import FloatArray
from anneal_theory.averages.tables import mmse_table
from anneal_theory.averages.variance_tables import FARTHEST, too_large, variance_table
from anneal_theory.formulas.sphere_variance import variance_ceiling, variance_floor
from anneal_theory.models.free_pair import ALIGNED, VANISHED, require_cold_end
from anneal_theory.models.runs import CompiledRuns
from anneal_theory.models.sphere_pair_kernels import ALIGNMENT, BALANCE, FIXED, FOLLOWS, TRAINED, searches
from anneal_theory.models.sphere_sides import BAND, sphere_sides, trained_sides
from anneal_theory.models.temperature_table import TemperatureTable, temperature_table
from anneal_theory.problem import BimodalTarget, Dynamics
from anneal_theory.problem.dynamics import require_equal_on_sphere
from anneal_theory.schedules import Schedule

_LOOKS = np.linspace(-1.0, 1.0, 65)  # within a panel of the temperature
_SPARE = 1.02  # by which a table of psi reaches beyond the variances seen there
_LARGEST_DIM = 1e150  # whose square is a double: of variances, 1/d is lost long before
RULES = {"fixed": FIXED, "trained": TRAINED, "follows-temperature": FOLLOWS}


@dataclass(frozen=True, eq=False)
class SpherePair:
    """The model of means on the sphere: a start is (y, c) and log rho.

    Attributes:
        parameters: [R, h, rule of the variance, sign of m1 - m2, log v at the start, what is sought, dimension by whose
            law a trained variance moves].
        averages: psi for all variances, panels of G.
        temperatures: Against the clock.
        basins: Sides (side, a, T) from which no mean returns at temperatures up to T, shape (sides, 3).
        band: Size of log v up to which they hold.
    """

    parameters: FloatArray
    averages: tuple[Any, ...]
    temperatures: TemperatureTable
    basins: FloatArray
    band: float

    lowest = VANISHED
    highest = ALIGNED

    def hotter(self) -> "SpherePair":
        """The model at temperatures that are off by all that their table may be off by."""
        return replace(self, temperatures=self.temperatures.hotter())

    @property
    def packed(self) -> tuple[Any, ...]:
        """What the kernels take."""
        regions = (abs(self.parameters[1]), self.basins, self.band)
        return self.parameters, self.averages, self.temperatures.arrays, regions

    @property
    def runs(self) -> CompiledRuns:
        """Runs from (y, c) and log rho."""
        return CompiledRuns(searches, self.packed)

    def balanced(self) -> "SpherePair":
        """The model of pairs across the axis, in which y stands for log rho: below y_u they go to the light mode."""
        return replace(self, parameters=np.array([*self.parameters[:5], BALANCE, *self.parameters[6:]]))

    def described(self, start: FloatArray, log_alignment: float) -> str:
        """A start in words."""
        return f"y = {start[0]:.6g}, mu_1 . mu_2/R^2 = {start[1]:.6g}, log rho = {log_alignment:.9g}"


@lru_cache(maxsize=64)
def sphere_pair(target: BimodalTarget, schedule: Schedule, dynamics: Dynamics, dim: float = math.inf) -> SpherePair:
    """Tabulate a problem for the kernels; `dynamics` has the constraint "sphere".

    Args:
        target: Separation and weight.
        schedule: Ends at temperature 1.
        dynamics: Rules of training.
        dim: By whose law a trained variance moves, where `Dynamics.takes_dim`; else, and by default, there is none, and
            a trained variance moves by its law in large dimension.

    Raises:
        DomainError: the weights of the family are unequal, the schedule does not end at temperature 1, or collapsed
            pairs are not kept at T = 1 (the separation is too small for what is proved here, or the dimension of a
            trained variance is).
        SolveError: the schedule is too rough.
    """
    require_equal_on_sphere(dynamics, "a threshold in |x|")
    require_cold_end(schedule)
    variance = dynamics.variance
    if target.separation > FARTHEST:  # what follows takes its square
        raise too_large(target, 1.0 if variance == "fixed" else 1.0 / _SPARE)
    if variance == "trained":
        basins, band = trained_sides(target, dim)
    else:
        band = 0.0 if variance == "fixed" else BAND
        basins = sphere_sides(target, band)
    temperatures = temperature_table(schedule, dynamics, 1.0)
    lowest, highest = (1.0, 1.0) if variance == "fixed" else variances_seen(temperatures)
    if variance == "trained":
        lowest, highest = _in_a_dimension(lowest, highest, target.separation, dim)
    overlaps = mmse_table()
    averages = variance_table(target, lowest, highest).arrays, overlaps.coefficients, overlaps.inverse_width
    start = math.log(temperatures.first) if variance == "trained" else 0.0
    parameters = np.array([target.separation, target.half_log_odds, RULES[variance], 1.0, start, ALIGNMENT, float(dim)])
    return SpherePair(parameters, averages, temperatures, basins, band)


def variances_seen(temperatures: TemperatureTable) -> tuple[float, float]:
    """Between which a variance stays that goes after the temperature."""
    seen = np.polynomial.polynomial.polyval(_LOOKS, temperatures.coefficients.T)
    return min(float(seen.min()), 1.0) / _SPARE, max(float(seen.max()), 1.0) * _SPARE


def _in_a_dimension(lowest: float, highest: float, separation: float, dim: float) -> tuple[float, float]:
    """Between which a variance stays that goes after temperatures between these in d dimensions."""
    dim = min(float(dim), _LARGEST_DIM)
    return float(variance_floor(dim, lowest)), float(variance_ceiling(separation, dim, highest))
