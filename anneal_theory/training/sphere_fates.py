"""Whether a run on the sphere has decided: the rules of `fates` for its means, and like ones for its other numbers.

A run is watched in ``(mu_1 . mu*/R, mu_2 . mu*/R, R s, R log(v_1 v_2)/2)`` with ``s = mu_1 . mu_2/R^2``, all in units
in which the target reaches to R; the ratio of the variances of a pair at one mode wanders and says nothing. The
verdict is the sign of s: each mean ends near a mode, so that s ends near 1 where both are at one mode and near -1 where
each has its own. Beyond the rules of `fates` a run is decided where

- s and log(v_1 v_2)/2 moved by at most 0.02 and three standard deviations between the last two windows;
- the last s lies on the same side of 0 as its average, which is away from 0 by more than three standard deviations.

A run has diverged where a standard deviation sqrt(v) exceeds three times ``sqrt(1 + R^2)``, the target's own along mu*.
"""

import math
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from anneal_theory._types import BoolArray, FloatArray
from anneal_theory.problem import BimodalTarget
from anneal_theory.results import Outcomes
from anneal_theory.training.fates import CLEAR, DIVERGED, FAR, MOVED, UNSETTLED, Surroundings, Windows, surroundings
from anneal_theory.training.mixture_history import SPHERE_STATISTICS
from anneal_theory.training.outcome import positive_mass

_QUIET = 0.5  # of R: noise of this size leaves a mean near its mode
PAIR, VARIANCES = 2, slice(3, 5)  # places in a row (m1, m2, s, v1, v2); s has its own in what is watched


@dataclass(frozen=True)
class SphereSurroundings:
    """Where the runs of a training on the sphere may end: R, and what the means have."""

    radius: float
    means: Surroundings

    def fate(self, row: Float[np.ndarray, "5"], temperature: float, windows: Windows) -> float:
        """DECIDED, UNSETTLED or DIVERGED, of (m1, m2, s, v1, v2) at the end and `Watch.windows` of the run."""
        v = row[VARIANCES]
        if not np.all(np.isfinite(row)) or not np.all((v > 0) & (v <= FAR**2 * (1 + self.radius**2))):
            return DIVERGED
        parts = [np.broadcast_to(part, (4,)) for part in windows]
        lengths = np.full(2, self.radius)
        of_means = self.means.fates(
            both(row[:2] / self.radius), lengths, temperature, *map(_of_means, parts, (1, 0, 1))
        )
        return float(of_means) if of_means or self._settled(float(row[PAIR]), *parts) else UNSETTLED

    def _settled(self, pair: float, last: FloatArray, spread: FloatArray, before: FloatArray) -> bool:
        moved = np.abs(last - before)[PAIR:]
        still = np.all(moved <= MOVED * self.radius + CLEAR * spread[PAIR:])
        return bool(still and abs(last[PAIR]) > CLEAR * spread[PAIR] and pair * last[PAIR] > 0)


def both(overlaps: FloatArray) -> FloatArray:
    """Overlaps with both modes from those with the first."""
    return np.stack([overlaps, -overlaps], axis=-1)


def _of_means(part: FloatArray, signed: int) -> FloatArray:
    return both(part[:2]) if signed else np.stack([part[:2], part[:2]], axis=-1)


def sphere_surroundings(
    radius: float, weights: Float[np.ndarray, "2"], rates: Float[np.ndarray, "2"], batch: int, dim: int
) -> SphereSurroundings:
    """Of the modes at +-mu*, for batches of samples a component and step."""
    modes = np.array([[radius], [-radius]])
    return SphereSurroundings(radius, surroundings(modes, 1.0, weights, rates, batch, dim))


def settling_advice(longer: str, radius: float, step_size: float, batch: int, dim: int) -> str:
    """What helps runs on the sphere that had not settled: more time, unless noise keeps the means from their modes.

    While the target pulls once, in a time of order 1, the noise of steps e on batches B moves a mean by about
    sqrt(2 d e/B) across the axis (weights 1/2): where that is beyond R no length of the run lets it point to a mode.

    Example:
        >>> settling_advice("use end_time=9 or more", 3.0, 0.05, 64, 128)
        'use end_time=9 or more'
        >>> settling_advice("use end_time=9 or more", 3.0, 0.05, 64, 10**5)
        'in 100000 dimensions the noise of the steps hides the modes: use batch_size=4445 or more, or smaller steps'
    """
    if not batch or 2 * dim * step_size <= batch * radius**2:
        return longer
    enough = math.ceil(2 * dim * step_size / (_QUIET * radius) ** 2)
    return (
        f"in {dim} dimensions the noise of the steps hides the modes: use batch_size={enough} or more, or smaller steps"
    )


def watched_columns(rows: Float[np.ndarray, "n 5"], radius: float) -> tuple[FloatArray, FloatArray]:
    """What is watched of states in rows (m1, m2, s, v1, v2), and the distances of their means."""
    with np.errstate(divide="ignore", invalid="ignore"):  # variances of runs that have diverged
        common = radius * np.log(rows[:, VARIANCES]).mean(axis=1)
    pair = rows[:, PAIR]
    columns = np.column_stack([rows[:, :2] / radius, radius * pair, common])
    return columns, radius * np.sqrt(np.maximum(2 * (1 - pair), 0.0))


def sphere_outcomes(
    rows: Float[np.ndarray, "n 5"], undecided: BoolArray, target: BimodalTarget, weights: FloatArray,
    settings: dict[str, object], made: dict[str, FloatArray] | None = None,
    history: dict[str, FloatArray] | None = None,
) -> Outcomes:  # fmt: skip
    """What trained pairs come to, rows (m1, m2, s, v1, v2): collapsed where s > 0. `made` has further statistics."""
    statistics = dict(zip(SPHERE_STATISTICS, rows.T.copy(), strict=True)) | (made or {})
    mass = positive_mass(rows[:, :2], target.separation, weights, rows[:, VARIANCES])
    verdicts = (rows[:, PAIR] > 0) & ~undecided
    return Outcomes(verdicts, mass, statistics, settings, history or {}, undecided)
