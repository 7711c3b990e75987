"""What windows of a record of flows tell: a mixture's time of a step, in stretches too, and the noise of both."""

from itertools import pairwise

import numpy as np

from anneal_theory._types import FloatArray
from anneal_theory.design.flow_records import Path
from anneal_theory.errors import DomainError

STRETCHES = 3  # of a record, each of which tells as much of the step: fewer than the least number of runs
_LONGEST = 4  # windows of the noise: as many times the optimiser's memory, or as much time of gradient flow if longer
_LENGTHS = 6  # of windows at most
_FLOOR = 1e-6  # of the mean square, below which none is expected
_ROUNDS = 3  # of the fit of the noise, whose weights are what it found before


def fitted(path: Path, lengths: tuple[int, ...], limits: tuple[int, ...]) -> FloatArray:
    """The step, the steps of stretches, a record's own variance, and the inverse of a batch as noisy as the steps."""
    by_window, weighed = _told(path, lengths[0])
    step = by_window.sum() / weighed.sum()
    parts = [slice(*ends) for ends in pairwise(limits)]
    steps = [by_window[part].sum() / weighed[part].sum() for part in parts]
    own, noise = _noise(path, lengths, step)
    return np.array([step, *steps, own, noise / step**2])


def _told(path: Path, lag: int) -> tuple[FloatArray, FloatArray]:
    """Of each window, summed over the runs: how far s moves, and the sum of its rates, both weighed.

    By rates that share no noise with the window: those of records as long before it, or of the other runs.
    """
    time = _sums(path.rates, path.every, lag)
    weights = (time.sum(axis=1, keepdims=True) - time) / ((time.shape[1] - 1) * path.every * lag)
    weights[lag:] = path.rates[: len(time) - lag]
    return (weights * _moves(path, lag)).sum(axis=1), (weights * time).sum(axis=1)


def _moves(path: Path, lag: int) -> FloatArray:
    return path.centre[lag:] - path.centre[:-lag]


def _sums(values: FloatArray, every: int, lag: int) -> FloatArray:
    """Sums over all steps of windows, of what is known at the records and lies on lines between them."""
    between = ((every + 1) * values[:-1] + (every - 1) * values[1:]) / 2
    sums = np.concatenate([np.zeros((1, values.shape[1])), np.cumsum(between, axis=0)])
    return np.asarray(sums[lag:] - sums[:-lag])


def limits_of(path: Path, lag: int) -> tuple[int, ...]:
    """Windows at which stretches end that tell as much of the step as each other.

    Raises:
        DomainError: the runs are at rest.
    """
    told = np.cumsum(np.abs(_told(path, lag)[1]))
    if not told[-1] > 0:
        raise DomainError.of("history", "of runs that move", "runs at rest", "record from the start of training on")
    inner = [1 + int(np.searchsorted(told, told[-1] * part / STRETCHES)) for part in range(1, STRETCHES)]
    limits = 0, *inner, len(told)
    if not all(first < last for first, last in pairwise(limits)):
        what, was = f"of more than {STRETCHES} records on the way to the modes", "fewer"
        raise DomainError.of("history", what, was, "record more often: record_every=1")
    return limits


def lengths_of(path: Path, lag: int) -> tuple[int, ...]:
    """Lengths of windows in records, from the optimiser's memory on."""
    by_window, weighed = _told(path, lag)
    unit = abs(float(by_window.sum() / weighed.sum())) * path.every
    longest = min(max(_LONGEST * lag, round(_LONGEST / unit) if unit > 0 else 0), len(path.centre) // 2)
    return tuple(sorted({round(one) for one in np.geomspace(lag, longest, _LENGTHS)}))


def _noise(path: Path, lengths: tuple[int, ...], step: float) -> tuple[float, float]:
    """The variance of a record's own noise, and what noise of a step is in that of one sample, by least squares.

    Of windows of several lengths: how far runs are from each other beyond their rates, squared. A record's noise is in
    both ends, and in the rates by their slopes. Squares weigh by what is expected of them.
    """
    count, rows = path.centre.shape[1], []
    for length in lengths:
        off = _moves(path, length) - step * _sums(path.rates, path.every, length)
        squares = (off - off.mean(axis=1, keepdims=True)) ** 2 * count / (count - 1)
        begin = (1 + step * (path.every + 1) / 2 * path.slopes[:-length]) ** 2
        end = (1 - step * (path.every - 1) / 2 * path.slopes[length:]) ** 2
        within = _sums(path.jitters, 1, length) - path.jitters[:-length]
        own = begin + end + (step * path.every) ** 2 * within
        rows.append(np.stack([own, _sums(path.spreads, path.every, length), squares]).reshape(3, -1))
    own, time, squares = np.concatenate(rows, axis=1)
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
