"""Whether a run has decided: settled near the target, cold and clear of the boundary between the verdicts.

The run is its own witness, since training shares no formula with the theory. It is watched in windows of 10 units of
time (20 steps at least), in the overlaps of its means with the modes (along each mode, from the origin), and is decided
where

- its last temperature is at most 1.15;
- between the last two whole windows each mean's averages moved by at most 0.02 R and three standard deviations within
  the window (slow movement widens these too, but by less than it moves); or by at most R/4, and the mean was at one
  mode in both: nearer to it than half way to the boundary with the next mode;
- the mode nearest to each mean is the one nearest to its average, by more than three standard deviations of the noise;
- no mean is longer than 3 (R + 1) and the reach of the gradient noise, three times ``sqrt(d e / (w B))`` for steps of
  e on batches of B: the noise of a mean at rest has a variance below ``e / (w B)`` a coordinate for all steps that are
  not on the brink of divergence.

A run that fails the last test (or whose numbers are not finite) has diverged; one that fails another is unsettled.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

import numpy as np
from jaxtyping import Bool, Float

from anneal_theory._types import FloatArray, IntArray
from anneal_theory.errors import SolveError

Windows: TypeAlias = tuple[FloatArray, FloatArray, FloatArray]

DECIDED, UNSETTLED, DIVERGED = 0.0, 1.0, 2.0
COLD = 1.15  # a verdict at a higher temperature is none
MOST_UNDECIDED = 0.01  # share of the replicas that may end undecided
MOVED, _MOVED_AT_MODE = 0.02, 0.25  # of the target's reach: changes between two windows that count as rest
CLEAR = 3.0  # standard deviations
FAR = 3.0  # reaches of the target


class Watch:
    """Averages over windows of a run's overlaps (of several runs at once, along leading axes), and whether it rests.

    Args:
        window: Steps of a window.
        reach: Length of the longest mode.

    Attributes:
        last: Averages of the overlaps over the last whole window; NaN before.
        spread: Their standard deviations in it.
        before: Averages of the window before.
    """

    def __init__(self, window: int, reach: float) -> None:
        self._window, self._reach = window, reach
        self.last: FloatArray = np.array(np.nan)
        self.spread, self.before, self._gaps = self.last, self.last, self.last
        self.restart()

    @property
    def windows(self) -> Windows:
        """last, spread and before."""
        return self.last, self.spread, self.before

    def restart(self) -> None:
        """Count windows from here; the averages of those before are kept."""
        self._windows = 0
        self._begin()

    def _begin(self) -> None:
        self._count = 0
        self._sums: tuple[FloatArray, FloatArray, FloatArray] = (np.array(0.0), np.array(0.0), np.array(0.0))

    def note(self, overlaps: FloatArray, gaps: FloatArray) -> bool:
        """Look at a run; whether it is at rest: the rule of `train_mixture`.

        Overlaps are products of the means with unit vectors along the modes, gaps the distances between means.
        """
        sums, squares, apart = self._sums
        self._sums = sums + overlaps, squares + overlaps**2, apart + gaps
        self._count += 1
        return self._count == self._window and self._turn()

    @property
    def left(self) -> int:
        """Steps left of the present window."""
        return self._window - self._count

    def note_all(self, overlaps: FloatArray, gaps: FloatArray) -> bool:
        """`note` for some steps at once, along the first axis; no more of them than are left of the window."""
        sums, squares, apart = self._sums
        self._sums = sums + overlaps.sum(axis=0), squares + (overlaps**2).sum(axis=0), apart + gaps.sum(axis=0)
        self._count += len(overlaps)
        return self._count == self._window and self._turn()

    def _turn(self) -> bool:
        mean, square, gaps = (total / self._count for total in self._sums)
        self._begin()
        self._windows += 1
        moved, parted = np.abs(mean - self.last), np.abs(gaps - self._gaps)
        self.before, self.last, self._gaps = self.last, mean, gaps
        self.spread = np.sqrt(np.maximum(square - mean**2, 0))
        return bool(self._windows >= 2 and np.all(moved < 0.02 * self._reach) and np.all(parted < 0.02))


@dataclass(frozen=True)
class Surroundings:
    """Where the runs of a training may end."""

    modes: Float[np.ndarray, "m d"]  # of the target, shape (m, d)
    ceilings: Float[np.ndarray, " k"]  # longest means of decided runs, shape (k,)

    @cached_property
    def squares(self) -> FloatArray:
        """Squared lengths of the modes."""
        return np.asarray(np.sum(self.modes**2, axis=1))

    @cached_property
    def reach(self) -> float:
        """Length of the longest mode."""
        return longest_mode(self.squares)

    def fates(
        self, overlaps: FloatArray, lengths: FloatArray, temperature: float, last: FloatArray, spread: FloatArray,
        before: FloatArray,
    ) -> FloatArray:  # fmt: skip
        """DECIDED, UNSETTLED or DIVERGED of each run, shape (...).

        overlaps has shape (..., k, m), lengths (..., k); last, spread and before are `Watch`'s, NaN where there were
        too few windows.
        """
        last, spread, before = (np.broadcast_to(values, overlaps.shape) for values in (last, spread, before))
        with np.errstate(invalid="ignore", over="ignore"):
            near = np.all(np.isfinite(overlaps), axis=(-2, -1)) & np.all(lengths <= self.ceilings, axis=-1)
            settled = self._still(last, spread, before) & self._clear(overlaps, last, spread)
        unsettled = ~np.all(settled, axis=-1) | (temperature > COLD)
        return np.where(near, np.where(unsettled, UNSETTLED, DECIDED), DIVERGED)

    def _still(self, last: FloatArray, spread: FloatArray, before: FloatArray) -> Bool[np.ndarray, "..."]:
        """Whether the averages of a mean hardly moved, or moved a little at one mode."""
        moved = np.abs(last - before)
        still = np.all(moved <= MOVED * self.reach + CLEAR * spread, axis=-1)
        if still.all():
            return np.asarray(still)
        (home, depth), (old, old_depth) = self._nearest(last), self._nearest(before)
        at_mode = (home == old) & (np.minimum(depth, old_depth) >= 0.5)
        little = np.all(moved <= _MOVED_AT_MODE * self.reach, axis=-1)
        return np.asarray(still | (at_mode & little))

    def _clear(self, overlaps: FloatArray, last: FloatArray, spread: FloatArray) -> Bool[np.ndarray, "..."]:
        """Whether the mode nearest to a mean is the one nearest to its average, by more than the noise."""
        if len(self.modes) == 1:
            return np.asarray(np.isfinite(last).all(axis=-1))
        usual = self._from_modes(last)
        order = np.argsort(usual, axis=-1)[..., :2]
        values, noises = (np.take_along_axis(part, order, axis=-1) for part in (usual, 2 * self.reach * spread))
        margin = values[..., 1] - values[..., 0]
        here = np.argmin(self._from_modes(overlaps), axis=-1) == order[..., 0]
        return np.asarray((margin > CLEAR * noises.sum(axis=-1)) & here)

    def _nearest(self, overlaps: FloatArray) -> tuple[IntArray, FloatArray]:
        """The nearest mode, and how deep inside its region a mean lies: 0 at the boundary, 1 at the mode."""
        if len(self.modes) == 1:
            return np.zeros(overlaps.shape[:-1], dtype=np.intp), np.ones(overlaps.shape[:-1])
        squares = self._from_modes(overlaps)
        home = np.argmin(squares, axis=-1)
        apart = np.sum((self.modes[:, None] - self.modes) ** 2, axis=2)[home]
        depths = (squares - np.take_along_axis(squares, home[..., None], axis=-1)) / np.where(apart > 0, apart, np.inf)
        np.put_along_axis(depths, home[..., None], np.inf, axis=-1)
        return home, np.asarray(depths.min(axis=-1))

    def _from_modes(self, overlaps: FloatArray) -> FloatArray:
        """Squared distances of means from the modes, without the means' own squares."""
        return np.asarray(self.squares - 2 * self.reach * overlaps)


def longest_mode(squares: Float[np.ndarray, " m"]) -> float:
    """Length of the longest mode from the squared lengths; 1 where there is one mode, at the origin."""
    return float(np.sqrt(squares.max())) or 1.0


def surroundings(
    modes: Float[np.ndarray, "m d"], variance: float, weights: Float[np.ndarray, " k"],
    rates: Float[np.ndarray, " k"], batch: int, dim: int,
) -> Surroundings:  # fmt: skip
    """Where runs may end: near the modes, give or take the gradient noise. batch is 0 where there is no noise."""
    squares = np.sum(modes**2, axis=1)
    noise = np.sqrt(float(dim)) * np.sqrt(rates * variance / (weights * batch)) if batch else np.zeros(len(weights))
    return Surroundings(modes, FAR * (longest_mode(squares) + np.sqrt(max(variance, 1.0))) + CLEAR * noise)


def require_decided(
    fates: Float[np.ndarray, " n"], most_undecided: float | int, step_size: float | int, longer: str
) -> None:
    """Refuse a training of more undecided runs than a share (one may be), or of such alone; `longer` is advice."""
    diverged, unsettled = np.flatnonzero(fates == DIVERGED), np.flatnonzero(fates == UNSETTLED)
    count, allowed = diverged.size + unsettled.size, max(1, int(most_undecided * fates.size))
    if count <= allowed and (count < fates.size or most_undecided == 1):
        return
    parts = []
    if diverged.size:
        parts.append(f"{diverged.size} diverged (replica {diverged[0]} first): use step_size={step_size / 2:g} or less")
    if unsettled.size:
        what = f"{unsettled.size} had not settled at one mode each, at a temperature of at most {COLD}, when they ended"
        parts.append(f"{what} (replica {unsettled[0]} first): {longer}")
    share = f"more than most_undecided={most_undecided:g} allows" if count > allowed else "all that there are"
    raise SolveError(f"{count} of {fates.size} runs are undecided, {share}; {'; '.join(parts)}.")
