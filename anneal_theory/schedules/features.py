"""Where a function of time bends, jumps or spikes: smooth panels found by looking at it on a dense grid.

A function is known at the points where it is called, and nowhere else. So it is called at several hundred thousand
points, spread evenly and geometrically, none of them in step with a period; a panel counts as smooth only if one
polynomial meets the function at every one of them inside. What hides between two neighbours stays unseen.
"""

from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np
from numpy.polynomial import chebyshev

from anneal_theory._types import BoolArray, FloatArray, IntArray
from anneal_theory.errors import SolveError
from anneal_theory.schedules.quadrature import ArrayFunction

_EVEN = 2**16  # points spread evenly
_RATIO = 1e-4  # relative spacing of those spread geometrically
_DECADES = 9  # that these reach below the end time
_OCTAVES, _IN_OCTAVE = 200, 4  # and further down, roughly
_NEAR = 60  # octaves towards a breakpoint
_GOLDEN = 0.5 * (5**0.5 - 1)
UNSEEN_SHARE, UNSEEN_RATIO = (1 + _GOLDEN) / _EVEN, (1 + _GOLDEN) * _RATIO  # the widest gaps

_DEGREE = 12
_FIRST_PANELS = 16
_SPLIT = float(np.pi / 6.5)  # no simple fraction: a jump in the middle of two others is not cut off
_TOLERANCE = 1e-13  # of the largest T in a panel
_WEIGHTLESS = 1e-16  # an error of T as wide as this, in T times clock, changes no run
_NARROWEST = 4096.0  # units in the last place: a panel that narrow holds a jump
_NOISE = 1e-10  # a roughness up to here that no halving reduces is the function's own
_MOST_PANELS = 10_000
_PASSES = 60
_STEEP, _STEEPER = 1e-3, 8.0  # a change that may be a jump: relative, or in units of its neighbours' slopes
_MOST_STEEP = 20_000
_BISECTIONS = 64
_BLOCK = 4096  # points whose coefficients stay in a processor's cache
_MANY = 1024  # points of a panel from which it is worth a look of its own, without a coefficient for each of them


@dataclass(frozen=True, eq=False)
class Panels:
    """Panels on which a function is smooth."""

    edges: FloatArray  # their ends, shape (n + 1,)
    noise: FloatArray  # how far the function is from its polynomial, relative, shape (n,)
    breakpoints: tuple[float, ...]  # edges at which it may jump or turn a corner: those given and those found


def smooth_panels(function: ArrayFunction, end: float, declared: tuple[float, ...]) -> Panels:
    """Panels of [0, end] with the `declared` breakpoints; a jump is bisected to doubles and is one more."""
    grid = search_grid(end, declared)
    samples = grid, function(grid)
    breakpoints = sorted({*declared, *_steps(function, *samples)} - {0.0, end})
    for _ in range(_PASSES):
        edges, noise, narrow = _fitted(function, samples, end, breakpoints)
        if not narrow:
            return Panels(edges, noise, tuple(breakpoints))
        breakpoints = sorted({*breakpoints, *(_jump(function, low, high) for low, high in narrow)} - {0.0, end})
    raise SolveError("the function jumps too often to find every jump; give its breakpoints, or a Piecewise table")


def search_grid(end: float, breakpoints: tuple[float, ...]) -> FloatArray:
    """The points at which a function is looked at, between 0 and the end, both included.

    Fractions of the golden ratio shift each point within its gap, so that no period of the function fits them.
    """
    near = 0.5 ** (_spread(_NEAR * _IN_OCTAVE) / _IN_OCTAVE)
    around = [np.zeros(1)]
    for left, right in pairwise([0.0, *breakpoints, end]):
        around += [left + 0.5 * (right - left) * near, right - 0.5 * (right - left) * near]
    points = np.concatenate([end * _everywhere(), *around, [end]])
    points.sort(kind="stable")  # two sorted runs: they are merged
    np.clip(points, 0.0, end, out=points)
    return np.asarray(points[np.append(True, points[1:] != points[:-1])])


@lru_cache(maxsize=1)
def _everywhere() -> FloatArray:
    """The points of [0, 1] that do not depend on breakpoints, in order."""
    even = _spread(_EVEN) / _EVEN
    fine = np.exp(-_RATIO * _spread(round(_DECADES * np.log(10) / _RATIO)))
    deep = 0.5 ** (_spread(_OCTAVES * _IN_OCTAVE) / _IN_OCTAVE)
    return np.unique(np.concatenate([even, fine, deep]))


def _spread(count: int) -> FloatArray:
    index = np.arange(count)
    return np.asarray(index + (index * _GOLDEN) % 1.0)


def _fitted(
    function: ArrayFunction, samples: tuple[FloatArray, FloatArray], end: float, breakpoints: list[float]
) -> tuple[FloatArray, FloatArray, list[tuple[float, float]]]:
    """Edges and noise of the smooth panels, and the panels that hold a jump."""
    # No edge at a round number, where the function may jump: jumps are looked for inside panels.
    uneven = end * (np.arange(1, _FIRST_PANELS) - 0.5 * _GOLDEN) / _FIRST_PANELS
    edges = np.unique([0.0, *uneven.tolist(), *breakpoints, end])
    left, right, before = edges[:-1], edges[1:], np.full(len(edges) - 1, np.inf)
    done: list[tuple[FloatArray, FloatArray, FloatArray]] = []
    narrow: list[tuple[float, float]] = []
    joints, count = np.array([0.0, *breakpoints, end]), 0
    while len(left):
        rough, top, low, floor = _misfits(function, samples, left, right)
        width = right - left
        weight = rough / low * width  # error of the clock's integral, and of T times clock
        fine = (rough <= floor) | (weight <= _WEIGHTLESS * np.minimum(right, 1.0))
        fine |= (rough <= _NOISE * top) & (rough > 0.25 * before)
        tiny = ~fine & (width <= _NARROWEST * np.spacing(right))
        for a, b in zip(left[tiny].tolist(), right[tiny].tolist(), strict=True):
            if np.min(np.abs(joints - b)) > 2 * _NARROWEST * np.spacing(b):  # else it is found already
                narrow.append((a, b))
        ready = fine | tiny
        done.append((left[ready], right[ready], np.where(tiny, 0.0, rough / top)[ready]))
        left, right, before = _halves(left, right, rough, ~ready)
        count += int(ready.sum())
        if count + len(left) > _MOST_PANELS:
            raise SolveError(
                f"the temperature needs more than {_MOST_PANELS} smooth pieces near t = {float(left[0]):.6g}; "
                "give a smoother function, or a Piecewise table"
            )
    starts, noise = (np.concatenate([part[k] for part in done]) for k in (0, 2))
    order = np.argsort(starts)
    return np.append(starts[order], end), noise[order], narrow


def _halves(left: FloatArray, right: FloatArray, rough: FloatArray, again: BoolArray) -> tuple[FloatArray, ...]:
    left, right, rough = left[again], right[again], rough[again]
    middle = left + _SPLIT * (right - left)
    return np.concatenate([left, middle]), np.concatenate([middle, right]), np.concatenate([rough, rough])


def _misfits(
    function: ArrayFunction, samples: tuple[FloatArray, FloatArray], left: FloatArray, right: FloatArray
) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    """How far panels are from polynomials, their largest and smallest values, and the misfit that rounding explains."""
    nodes = chebyshev.chebpts1(_DEGREE + 1)
    times = 0.5 * (left + right)[:, None] + 0.5 * (right - left)[:, None] * nodes
    values = function(times.reshape(-1)).reshape(times.shape)
    series = values @ np.linalg.inv(chebyshev.chebvander(nodes, _DEGREE)).T
    top, low = values.max(axis=1), values.min(axis=1)
    # At its very ends as well: a jump between them and the nodes next to them is in no other number.
    ends = np.concatenate([np.nextafter(left, right), np.nextafter(right, left)])
    at_ends = np.concatenate([series @ (-1.0) ** np.arange(_DEGREE + 1), series.sum(axis=1)])
    off = np.abs(function(ends) - at_ends).reshape(2, -1).max(axis=0)
    rough = np.maximum(np.abs(series[:, -3:]).max(axis=1), off)
    # The panels are disjoint, but not in order; the points of the grid inside each are.
    first, last = np.searchsorted(samples[0], left, side="right"), np.searchsorted(samples[0], right, side="left")
    many = last - first >= _MANY
    for i in np.flatnonzero(many).tolist():
        inside = slice(first[i], last[i])
        sampled = samples[1][inside]
        off = np.abs(_value_in(series[i].tolist(), left[i], right[i], samples[0][inside]) - sampled)
        rough[i], top[i], low[i] = max(rough[i], off.max()), max(top[i], sampled.max()), min(low[i], sampled.min())
    panel, point = _ranges(first, np.where(many, first, last))
    sampled = samples[1][point]
    misfit = np.abs(_value(series, panel, left, right, samples[0][point]) - sampled)
    holding = np.flatnonzero((last > first) & ~many)
    starts = np.searchsorted(panel, holding)  # the points of a panel follow one another
    for most, of, ufunc in ((rough, misfit, np.maximum), (top, sampled, np.maximum), (low, sampled, np.minimum)):
        if len(holding):
            most[holding] = ufunc(most[holding], ufunc.reduceat(of, starts))
    steepest = np.abs(np.diff(values, axis=1) / np.diff(nodes)).max(axis=1) * 2 / (right - left)
    return rough, top, low, _TOLERANCE * top + 4 * np.spacing(right) * steepest


def _ranges(first: IntArray, last: IntArray) -> tuple[IntArray, IntArray]:
    """(row, index) of every index from first[row] to last[row], without the last."""
    counts = np.maximum(last - first, 0)
    row = np.repeat(np.arange(len(first)), counts)
    within = np.arange(len(row)) - np.repeat(np.cumsum(counts) - counts, counts)
    return row, first[row] + within


def _value_in(series: list[float], left: float, right: float, t: FloatArray) -> FloatArray:
    """One panel's polynomial at times inside it, in the order of `_value`'s operations."""
    value = np.empty_like(t)
    for first in range(0, len(t), _BLOCK):
        here = slice(first, first + _BLOCK)
        twice = 4 * (t[here] - left) / (right - left) - 2
        later, latest, next_one = np.full_like(twice, series[_DEGREE]), np.zeros_like(twice), np.empty_like(twice)
        for k in range(_DEGREE - 1, 0, -1):
            np.multiply(twice, later, out=next_one)
            next_one += series[k]
            next_one -= latest
            later, latest, next_one = next_one, later, latest
        value[here] = series[0] + 0.5 * twice * later - latest
    return value


def _value(series: FloatArray, panel: IntArray, left: FloatArray, right: FloatArray, t: FloatArray) -> FloatArray:
    """The panels' polynomials at times inside them, by Clenshaw's recurrence."""
    value, columns, width = np.empty_like(t), np.ascontiguousarray(series.T), right - left
    for first in range(0, len(t), _BLOCK):
        here = slice(first, first + _BLOCK)
        of = panel[here]
        rows = columns.take(of, axis=1)
        twice = 4 * (t[here] - left[of]) / width[of] - 2
        later, latest = rows[_DEGREE], np.zeros_like(twice)
        for k in range(_DEGREE - 1, 0, -1):
            later, latest = rows[k] + twice * later - latest, later
        value[here] = rows[0] + 0.5 * twice * later - latest
    return value


def _steps(function: ArrayFunction, grid: FloatArray, values: FloatArray) -> list[float]:
    """The first doubles after the large jumps: where halving leaves at least half of the change in one half."""
    change, size, gaps = np.diff(values), np.minimum(values[1:], values[:-1]), np.diff(grid)
    np.abs(change, out=change)  # in place where it goes: a new array of a grid's length takes longer than its numbers
    slopes = np.zeros(len(change) + 2)
    np.divide(change, gaps, out=slopes[1:-1])
    usual = np.maximum(slopes[:-2], slopes[2:])
    usual *= _STEEPER
    usual *= gaps
    usual += _TOLERANCE * size
    steep = np.flatnonzero((change > usual) | (change > _STEEP * size))
    steep = steep[np.argsort(-change[steep], kind="stable")[:_MOST_STEEP]]
    low, high, before, after = grid[steep], grid[steep + 1], values[steep], values[steep + 1]
    least, jumps = 0.5 * change[steep], []
    while len(low):
        middle = 0.5 * (low + high)
        apart = (low < middle) & (middle < high)
        jumps += high[~apart].tolist()
        low, high, middle, before, after, least = (part[apart] for part in (low, high, middle, before, after, least))
        value = function(middle)
        first = np.abs(value - before) >= np.abs(value - after)
        low, high = np.where(first, low, middle), np.where(first, middle, high)
        before, after = np.where(first, before, value), np.where(first, value, after)
        kept = np.abs(after - before) >= least
        low, high, before, after, least = (part[kept] for part in (low, high, before, after, least))
    return jumps


def _jump(function: ArrayFunction, low: float, high: float) -> float:
    """The first double after the largest jump between two times, following the half that changes more."""
    ends = function(np.array([low, high]))
    for _ in range(_BISECTIONS):
        middle = 0.5 * (low + high)
        if not low < middle < high:
            break
        value = function(np.array([middle]))[0]
        if abs(value - ends[0]) >= abs(value - ends[1]):
            high, ends[1] = middle, value
        else:
            low, ends[0] = middle, value
    return high
