"""What windows of a record of flows tell: a mixture's time of a step, in stretches too, and the noise of both."""

from itertools import pairwise

import numpy as np

from anneal_theory._types import FloatArray
from anneal_theory.design.flow_records import Path
from anneal_theory.design.flow_windows import REACH, Windows
from anneal_theory.errors import DomainError

STRETCHES = 3  # of a record, each of which tells as much of the step: fewer than the least number of runs
_LONGEST = 4  # windows of the noise: as many times the optimiser's memory, or as much time of gradient flow if longer
_LENGTHS = 6  # of windows at most
_FLOOR = 1e-6  # of the mean square, below which none is expected
_ROUNDS = 3  # of the fit of the noise, whose weights are what it found before


def fitted(path: Path, windows: list[Windows], limits: tuple[int, ...]) -> FloatArray:
    """The step, the steps of stretches, a record's own variance, and the inverse of a batch as noisy as the steps."""
    by_window, weighed = _told(path, windows[0])
    step = by_window.sum() / weighed.sum()
    parts = [slice(*ends) for ends in pairwise(limits)]
    steps = [by_window[part].sum() / weighed[part].sum() for part in parts]
    own, noise = _noise(windows, step)
    return np.array([step, *steps, own, noise / step**2 if noise else 0.0])


def _told(path: Path, windows: Windows) -> tuple[FloatArray, FloatArray]:
    """Of each window, summed over the runs: how far s moves, and the sum of its rates, both weighed.

    From both goes the share of the window one record earlier that leaves no noise from before that window. Weighed by
    rates that share no noise with what is left: those of a record before the two windows, out of reach of the curves
    between records, or of the other runs.
    """
    moves, times = (array.copy() for array in (windows.moves, windows.times))
    moves[1:] -= windows.kept[1:] * windows.moves[:-1]
    times[1:] -= windows.kept[1:] * windows.times[:-1]
    apart = REACH + (1 if windows.kept.any() else 0)
    rates = path.rates[: len(times)]
    weights = (rates.sum(axis=1, keepdims=True) - rates) / (rates.shape[1] - 1)
    weights[apart:] = rates[:-apart]
    return (weights * moves).sum(axis=1), (weights * times).sum(axis=1)


def limits_of(path: Path, windows: Windows) -> tuple[int, ...]:
    """Windows at which stretches end that tell as much of the step as each other."""
    told = np.cumsum(np.abs(_told(path, windows)[1]))
    if not (told[-1] > 0 and np.any(windows.moves)):
        raise DomainError.of("history", "of runs that move", "runs at rest", "record from the start of training on")
    inner = [1 + int(np.searchsorted(told, told[-1] * part / STRETCHES)) for part in range(1, STRETCHES)]
    limits = 0, *inner, len(told)
    if not all(first < last for first, last in pairwise(limits)):
        what, was = f"of more than {STRETCHES} records on the way to the modes", "fewer"
        raise DomainError.of("history", what, was, "record more often: record_every=1")
    return limits


def lengths_of(path: Path, windows: Windows, lag: int) -> tuple[int, ...]:
    """Lengths of windows in records, from the optimiser's memory on."""
    by_window, weighed = _told(path, windows)
    unit = abs(float(by_window.sum() / weighed.sum())) * path.every
    longest = min(max(_LONGEST * lag, round(_LONGEST / unit) if unit > 0 else 0), len(path.centre) // 2)
    return tuple(sorted({round(one) for one in np.geomspace(lag, longest, _LENGTHS)}))


def _noise(windows: list[Windows], step: float) -> tuple[float, float]:
    """The variance of a record's own noise, and what noise of a step is in that of one sample, by least squares.

    Of windows of several lengths: how far runs are from each other beyond their rates, squared. A record's noise is in
    both ends, and in the rates by their slopes. Squares weigh by what is expected of them.
    """
    count, rows = windows[0].moves.shape[1], []
    for one in windows:
        off = one.moves - step * one.times
        squares = (off - off.mean(axis=1, keepdims=True)) ** 2 * count / (count - 1)
        own = (1 + step * one.begins) ** 2 + (1 - step * one.ends) ** 2 + step**2 * one.within
        rows.append(np.stack([own, one.spreads, squares]).reshape(3, -1))
    own, time, squares = np.concatenate(rows, axis=1)
    if not squares.any():  # runs that are one
        return 0.0, 0.0
    columns, weights = np.column_stack([own, time]), np.ones(len(squares))
    for _ in range(_ROUNDS):
        found = np.linalg.lstsq(columns * weights[:, None], squares * weights, rcond=None)[0]
        expected = columns @ np.maximum(found, 0.0)
        weights = 1 / np.maximum(expected, _FLOOR * squares.mean())
    return float(found[0]), float(found[1])


def require_long(path: Path, lag: int) -> None:
    """Refuse records that are too short for windows of several lengths."""
    least = 2 * _LONGEST * lag
    if len(path.centre) < least:
        what = f"of at least {least} records, for a memory of {lag} of them"
        advice = "record for longer, or give the optimiser's memory: 1 without momentum"
        raise DomainError.of("history", what, len(path.centre), advice)
