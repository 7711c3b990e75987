"""Contours of a map of probabilities, each with its number: on it, or beside it where there is no room on it."""

from __future__ import annotations

from itertools import pairwise
from operator import itemgetter
from typing import TYPE_CHECKING

import numpy as np

from anneal_theory._types import BoolArray, FloatArray
from anneal_theory.plots.map_axis import MapAxis

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# What is common in the middle, and what is rare at both ends; each label is in a letter that its ground lets one read.
_LEVELS = (1e-6, 1e-4, 1e-3, 1e-2, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99, 0.999)
_LEAST = 1e-9  # clear of the least level: beyond it nothing is told apart
_BRIGHT = 0.6  # probabilities from here on have a ground on which black is read, and not white
# All that follows is in shares of the axes.
_ROOM = 0.44, 0.44  # from the middle, up to which a number on a contour is whole
_NUMBER = np.array([0.09, 0.05])  # what a number needs to either side, clear of a line across the map and its label
_APART = np.array([0.09, 0.08])  # and clear of another number, either of which may stand upright
_ALONG = 0.02  # between points of a contour that are looked at
_FIRST = 0.55, 0.75  # across, in turn: where numbers are
_SECOND = 0.78, 0.66  # up, in turn: where contours that go on far from there have another
_FAR = 0.4  # from the first number
_SQUEEZED = 0.04  # between contours that leave no room for a number on one of them
_HALF = np.array([0.05, 0.03])  # of a number, from its middle to a contour that is clear of it
_BESIDE = 0.075, 0.065  # from a contour to the middle of a number beside it, where that is clear; else more
_WAYS, _STRETCHES = ((1, 0), (0, 1), (1, 1)), (1, 1.6, 2.4)

Traces = dict[float, FloatArray]
"""Points along the contours, shape (n, 2), by probability."""


def draw_contours(
    axes: Axes, x: MapAxis, y: MapAxis, masked: FloatArray, line: tuple[FloatArray, FloatArray] | None
) -> None:
    """Lines of equal probability (shape (k, n), masked where there is none) with numbers clear of a line across the
    map.
    """
    levels = [level for level in _LEVELS if masked.min() < level < masked.max()]
    if not levels:
        return
    # by log-odds, which change evenly where P falls by a power of ten from cell to cell: contours would bend at each
    odds = _log_odds(np.array(levels)).tolist()
    colours = [_colour(level) for level in levels]
    lines = axes.contour(x.values, y.values, _log_odds(masked), levels=odds, colors=colours, linewidths=0.9)
    found = zip(levels, (_trace(pieces, x, y) for pieces in lines.allsegs), strict=True)
    traces = {level: trace for level, trace in found if len(trace)}
    taken = np.zeros((0, 2)) if line is None else _taken(x.share(line[0]), y.share(line[1]))
    first = _first_places(traces, taken)
    places = _rows([*first.values(), *_second_places(traces, first, taken)])
    told = {place: f"{level:g}" for place, level in zip(odds, levels, strict=True) if level in first}
    at = zip(x.at(places[:, 0]).tolist(), y.at(places[:, 1]).tolist(), strict=True)
    axes.clabel(lines, levels=list(told), fmt=told, fontsize=8, manual=list(at))
    taken = np.concatenate([taken, places])
    for level in traces.keys() - first.keys():
        place, number = _beside(level, traces, taken)
        taken = np.concatenate([taken, [number]])
        both = np.stack([place, number])
        here, there = zip(x.at(both[:, 0]).tolist(), y.at(both[:, 1]).tolist(), strict=True)
        pointer = {"arrowstyle": "-", "color": _colour(level), "lw": 0.6, "shrinkA": 0, "shrinkB": 0}
        axes.annotate(f"{level:g}", here, there, color=_colour(level), fontsize=8, ha="center", va="center",
                      arrowprops=pointer)  # fmt: skip


def _colour(level: float) -> str:
    return "white" if level < _BRIGHT else "black"


def _log_odds(probabilities: FloatArray) -> FloatArray:
    """log(P/(1 - P)), of probabilities kept clear of 0 and 1; masked where they are."""
    kept = np.ma.masked_invalid(probabilities).clip(_LEAST, 1 - _LEAST)
    return np.asarray(np.ma.log(kept / (1 - kept)).filled(np.nan), dtype=np.float64)


def _trace(pieces: list[FloatArray], x: MapAxis, y: MapAxis) -> FloatArray:
    """Points along a contour, close to each other."""
    ends = [np.stack([x.share(piece[:, 0]), y.share(piece[:, 1])], axis=1) for piece in pieces]
    return np.concatenate([np.zeros((0, 2)), *(_between(*two) for one in ends for two in pairwise(one))])


def _between(first: FloatArray, last: FloatArray) -> FloatArray:
    count = 2 + int(np.abs(last - first).max() / _ALONG)
    return np.asarray(first + np.linspace(0, 1, count)[:, None] * (last - first))


def _taken(across: FloatArray, along: FloatArray) -> FloatArray:
    """Places along a line and its label, shape (n, 2)."""
    finite = np.isfinite(across)
    ends = np.stack([across[finite], along[finite]], axis=1)
    return np.concatenate([ends, *(_between(*two) for two in pairwise(ends)), [ends[0] + _NUMBER]])


def _rows(points: list[FloatArray]) -> FloatArray:
    """Points as an array of shape (n, 2), also where there are none."""
    return np.array(points, dtype=np.float64).reshape(-1, 2)


def _clear(points: FloatArray, others: FloatArray, room: FloatArray | float) -> BoolArray:
    """Which points are so far from all others, across or up."""
    return np.asarray(np.all(np.any(np.abs(points[:, None] - others) > room, axis=2), axis=1))


def _roomy(trace: FloatArray, taken: FloatArray, numbers: list[FloatArray]) -> FloatArray:
    """Points of a contour at which a number on it is whole, and clear of a line across the map and of other numbers."""
    whole = (np.abs(trace - 0.5) < _ROOM).all(axis=1)
    return trace[whole & _clear(trace, taken, _NUMBER) & _clear(trace, _rows(numbers), _APART)]


def _first_places(traces: Traces, taken: FloatArray) -> dict[float, FloatArray]:
    """Where to put numbers on contours, in turn at two places across; none where there is no room."""
    places: dict[float, FloatArray] = {}
    for index, (level, trace) in enumerate(traces.items()):
        points = _roomy(trace, taken, [*places.values()])
        if len(points):
            places[level] = points[np.argmin(np.abs(points[:, 0] - _FIRST[index % 2]))]
    return places


def _second_places(traces: Traces, first: dict[float, FloatArray], taken: FloatArray) -> list[FloatArray]:
    """Where to put another number on contours that go on far from the first, and that others leave room for it."""
    places: list[FloatArray] = []
    for index, (level, place) in enumerate(first.items()):
        others = _rows([point for other, trace in traces.items() if other != level for point in trace])
        points = _roomy(traces[level], taken, [*first.values(), *places])
        points = points[(np.abs(points - place).max(axis=1) > _FAR) & _clear(points, others, _SQUEEZED)]
        if len(points):
            places.append(points[np.argmin(np.abs(points[:, 1] - _SECOND[index % 2]))])
    return places


def _beside(level: float, traces: Traces, numbers: FloatArray) -> tuple[FloatArray, FloatArray]:
    """A point of a contour and the middle of a number beside it, towards the middle of the map, as near as is clear."""
    trace, (across, up) = traces[level], _ROOM
    inwards, lines = np.sign(0.5 - trace), np.concatenate(list(traces.values()))
    tried = []
    for stretch in _STRETCHES:
        for way in np.array(_WAYS) * _BESIDE * stretch:
            middle = np.clip(trace + inwards * way, (0.5 - across, 0.5 - up), (0.5 + across, 0.5 + up))
            found = np.minimum(_nearest(middle, numbers, _APART), _nearest(middle, lines, _HALF))
            best = int(np.argmax(found))
            tried.append((float(found[best]), trace[best], middle[best]))
        if max(tried, key=itemgetter(0))[0] > 1:
            break
    return max(tried, key=itemgetter(0))[1:]


def _nearest(points: FloatArray, others: FloatArray, unit: FloatArray) -> FloatArray:
    """How far each point is from the nearest of the others, in units of a box, shape (n,)."""
    far = np.max(np.abs(points[:, None] - others) / unit, axis=2)
    return np.asarray(far.min(axis=1, initial=np.inf))
