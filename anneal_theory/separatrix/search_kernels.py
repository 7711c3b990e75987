"""Compiled searches for the separatrix: bracket and bisect log rho between collapsing and splitting runs."""

import math

import numpy as np
from numba import njit

from anneal_theory.flow.collapse_kernels import HEAVY, LIGHT, REDUCED, SPLIT, evolve

ALIGNED = 20.0  # log rho beyond which a pair is aligned: sin^2 of its angle is below 1e-17
VANISHED = -1e8  # log rho below which no threshold is sought


@njit(cache=True)
def start(middle, log_length, x, model, y):
    """The reduced start with mean overlap `middle` = (m1 + m2)/2; s is the weighted mean.

    The length is D0, or |Delta_perp| where model[5] is 1.
    """
    growth = math.exp(2.0 * min(x, 300.0))
    log_distance = log_length + 0.5 * math.log1p(growth) if model[5] == 1.0 else log_length
    cosine = math.exp(x) / math.sqrt(1.0 + growth) if x < 300.0 else 1.0
    y[0] = middle + (model[2] - 0.5) * model[4] * model[0] * cosine * math.exp(log_distance)
    y[1] = x
    y[2] = log_distance


@njit(cache=True)
def fate(middle, log_length, x, problem, tol, max_steps):
    """Verdict of one start: +1 collapsed, -1 split, 0 not known."""
    model, saddle, tables, heat, basins, rests = problem
    y = np.empty(3)
    start(middle, log_length, x, model, y)
    code, _, _ = evolve(REDUCED, y, model, saddle, tables, heat, basins, rests, tol, max_steps)
    if code in (HEAVY, LIGHT):
        return 1
    return -1 if code == SPLIT else 0


@njit(cache=True)
def bracket(middle, log_length, guess, stride, problem, tol, max_steps):
    """(collapsed log rho, split log rho), or infinities where one side never comes; NaN if a run stays undecided."""
    x = guess
    side = fate(middle, log_length, x, problem, tol, max_steps)
    while side != 0:
        other = x + side * stride
        if other > ALIGNED or other < VANISHED:
            edge = ALIGNED if side > 0 else VANISHED
            turned = fate(middle, log_length, edge, problem, tol, max_steps)
            if turned == side:
                return side * math.inf, side * math.inf
            other = edge
        else:
            turned = fate(middle, log_length, other, problem, tol, max_steps)
        if turned == -side:
            return (x, other) if side > 0 else (other, x)
        x, side, stride = other, turned, 2.0 * stride
    return math.nan, math.nan


@njit(cache=True)
def bisect(middle, log_length, low, high, width, problem, tol, max_steps):
    """Narrow a bracket of log rho to `width`; NaN if a run stays undecided."""
    while high - low > width:
        x = 0.5 * (low + high)
        if x <= low or x >= high:
            break
        side = fate(middle, log_length, x, problem, tol, max_steps)
        if side == 0:
            return math.nan, math.nan
        if side > 0:
            low = x
        else:
            high = x
    return low, high


@njit(cache=True, nogil=True)
def thresholds(middles, log_lengths, guesses, stride, width, problem, tol, max_steps):
    """log rho_c of many starts, each looked for at its guess first and then `stride` away.

    +inf where every angle collapses, -inf where none does.
    """
    found = np.empty(middles.shape[0])
    for i in range(middles.shape[0]):
        low, high = bracket(middles[i], log_lengths[i], guesses[i], stride, problem, tol, max_steps)
        if math.isfinite(low) and math.isfinite(high):
            low, high = bisect(middles[i], log_lengths[i], low, high, width, problem, tol, max_steps)
        found[i] = low if math.isinf(low) else 0.5 * (low + high)
    return found


@njit(cache=True, nogil=True)
def scan(middle, log_length, xs, problem, tol, max_steps):
    """Verdicts (+1 collapsed, -1 split, 0 unknown) along a grid of log rho."""
    sides = np.empty(xs.shape[0], dtype=np.int64)
    for i in range(xs.shape[0]):
        sides[i] = fate(middle, log_length, xs[i], problem, tol, max_steps)
    return sides


@njit(cache=True, nogil=True)
def outcomes(kind, starts, problem, tol, max_steps):
    """Verdict codes of many full or reduced starts, shape (n, 5) or (n, 3); `starts` is left as it was."""
    model, saddle, tables, heat, basins, rests = problem
    codes = np.empty(starts.shape[0], dtype=np.int64)
    for i in range(starts.shape[0]):
        y = starts[i].copy()
        codes[i] = evolve(kind, y, model, saddle, tables, heat, basins, rests, tol, max_steps)[0]
    return codes
