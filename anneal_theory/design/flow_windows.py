"""Windows of records of flows, as an optimiser with momentum moves: by an average of past gradients and their noise.

A step t moves by v_t = (1 - beta) sum over k <= t of beta^(t - k) g_k, over 1 - beta^(t + 1): Adam's average, which its
correction makes the first gradient at the first step. A window of the steps from a to b - 1 then moves by the sum of
w_k g_k, with w_k = U_k - beta^(b - k) U_b from a on and beta^(a - k) (U_a - beta^(b - a) U_b) before, where U_k is the
weight that step k has in all moves together. Sums over k are first-order filters, so that nothing of steps by steps is
made.
"""

from typing import NamedTuple

import numpy as np
from scipy.signal import lfilter

from anneal_theory._types import FloatArray, IntArray
from anneal_theory.design.flow_records import Path

REACH = 2  # records before an interval's end on which the curve there depends, and none before
_FORGOTTEN = 1e-8  # weight of what a record of the past is not counted for


class Windows(NamedTuple):
    """Windows of one length, arrays (windows, runs)."""

    moves: FloatArray  # how far s moves
    # the rates that the optimiser remembers, summed over the steps: without noise moves over the step size
    times: FloatArray
    spreads: FloatArray  # the variance that one sample a step gives to the move, over the square of the step size
    begins: FloatArray  # what the noise of the first record adds to `times`
    ends: FloatArray  # the same of the last record
    within: FloatArray  # the variance that records between and before them add to `times`
    # the share of the window one record earlier that has as much of all gradients from before that window
    kept: FloatArray

    def of(self, runs: IntArray) -> "Windows":
        """Those of some of the runs."""
        return Windows(*(array[:, runs] for array in self))


def windows_of(path: Path, length: int, beta: float) -> Windows:
    """All windows of so many records."""
    every, records = path.every, len(path.centre)
    at = every * np.arange(records)  # the step of each record
    first, last = at[:-length], at[length:]
    total = total_weights(int(at[-1]), beta)
    times = np.cumsum(remembered(curved(path.rates, every), beta), axis=0)
    times = np.concatenate([np.zeros((1, times.shape[1])), times])
    before = total[first] - beta ** (every * length) * total[last]  # weights before the window, but for beta^(a - k)
    kept = np.zeros((len(first), 1))  # of the first window, which has none before it
    kept[1:, 0] = beta**every * before[1:] / before[:-1]
    by_record = _weights_by_record(every, length, beta)
    within = by_record.copy()
    within[[0, length]] = 0.0
    return Windows(
        path.centre[length:] - path.centre[:-length], times[last] - times[first],
        _summed_squares(_at_steps(path.spreads, every), first, last, total, beta),
        by_record[length] * path.slopes[:-length], by_record[0] * path.slopes[length:],
        lfilter(within**2, [1.0], path.jitters, axis=0)[length:],
        np.broadcast_to(kept, times[first].shape),
    )  # fmt: skip


def remembered(values: FloatArray, beta: float) -> FloatArray:
    """The optimiser's average at each step of what there was at the steps till then, along the first axis."""
    counts = np.arange(1, len(values) + 1).reshape(-1, *[1] * (values.ndim - 1))
    return np.asarray(lfilter([1 - beta], [1, -beta], values, axis=0) / (1 - beta**counts))


def total_weights(steps: int, beta: float) -> FloatArray:
    """U_k for k from 0 to `steps`: the weight of step k in all moves from then on."""
    corrected = (1 - beta) / (1 - beta ** np.arange(1.0, steps + 1))
    return np.asarray(lfilter([1, 0], [1, -beta], np.append(corrected, 1.0)[::-1])[::-1])


def _summed_squares(values: FloatArray, first: IntArray, last: IntArray, total: FloatArray, beta: float) -> FloatArray:
    """Sums of w_k^2 times the values over the steps till the end of each window."""
    squares, mixed = (_before(weight, one, values) for weight, one in ((1.0, beta**2), (total[:-1], beta)))
    own = _before(total[:-1] ** 2, 1.0, values)
    (at_end,), (at_start,) = (total[None, place, None] for place in (last, first))
    kept = beta ** (last - first)[:, None]
    inside = own[last] - own[first] - 2 * at_end * (mixed[last] - kept * mixed[first])
    inside += at_end**2 * (squares[last] - kept**2 * squares[first])
    return np.asarray((at_start - kept * at_end) ** 2 * squares[first] + inside)


def _before(weights: FloatArray | float, kept: float, values: FloatArray) -> FloatArray:
    """At each step b, the sum over k < b of kept^(b - k) times the values so weighted."""
    weighted = (np.broadcast_to(weights, len(values))[:, None]) * values
    return np.concatenate([np.zeros((1, values.shape[1])), lfilter([kept], [1, -kept], weighted, axis=0)])


def _at_steps(values: FloatArray, every: int) -> FloatArray:
    """What is known at the records, at each step before the last of them: on lines between."""
    share = np.arange(every)[None, :, None] / every
    lines = (1 - share) * values[:-1, None] + share * values[1:, None]
    return np.asarray(lines.reshape(-1, values.shape[1]))


def curved(values: FloatArray, every: int) -> FloatArray:
    """The same on cubics, whose slopes at the records are those of parabolas through three of them.

    Lines make steps of 0.1 recorded every 5 half a per cent too long, which is more than good pilots' errors.
    """
    share, slopes = np.arange(every)[None, :, None] / every, np.gradient(values, axis=0, edge_order=2)
    chord = np.diff(values, axis=0)[:, None]
    begin, end = (slope[:, None] - chord for slope in (slopes[:-1], slopes[1:]))
    bent = share * (1 - share) * ((1 - share) * begin - share * end)
    return np.asarray(_at_steps(values, every) + bent.reshape(-1, values.shape[1]))


def _weights_by_record(every: int, length: int, beta: float) -> FloatArray:
    """How often a record counts in a window's sum, backwards from its last, on lines: a record's own noise is small."""
    back = 0 if beta == 0 else int(np.ceil(np.log(_FORGOTTEN) / (every * np.log(beta))))
    ages = np.arange(every * (length + back), 0, -1.0)  # b - k of the steps
    inside = ages <= every * length
    steps = np.where(inside, 1 - beta**ages, beta ** np.where(inside, 0, ages - every * length) - beta**ages)
    shares = np.arange(every) / every
    of_line = steps.reshape(-1, every)
    found = np.zeros(length + back + 1)
    found[:-1] += of_line @ (1 - shares)
    found[1:] += of_line @ shares
    return found[::-1]
