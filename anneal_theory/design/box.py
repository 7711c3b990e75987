"""Targets of which only intervals are known, and the one of them at which a schedule fares worst.

The worst target is looked for, not assumed to be at a corner: log(P/(1-P)) is computed at the Chebyshev points of every
interval, ends included, and once more where the polynomial through these values is largest. How far that value is from
the polynomial's is the error of the place.
"""

import itertools
import math
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.polynomial.chebyshev import chebgrid2d, chebval2d, chebvander

from anneal_theory._types import Exactable, FloatArray
from anneal_theory.errors import DomainError
from anneal_theory.exact import exact
from anneal_theory.problem import BimodalTarget

_POINTS = {1: 9, 2: 5}  # of an interval, by how many there are
_LOOKS = 501  # at the polynomial, along each interval
_BEYOND = 1e3  # log odds of what is certain, through which no polynomial is laid


@dataclass(frozen=True)
class Box:
    """Intervals of separations and weights round the target that was named: ends that are equal where it is known."""

    target: BimodalTarget
    separations: tuple[Fraction, Fraction]
    weights: tuple[Fraction, Fraction]

    @property
    def known(self) -> bool:
        """Whether it is one target."""
        return self.separations[0] == self.separations[1] and self.weights[0] == self.weights[1]

    def corners(self) -> tuple[BimodalTarget, ...]:
        """The targets at the ends of the intervals."""
        pairs = itertools.product(dict.fromkeys(self.separations), dict.fromkeys(self.weights))
        return tuple(BimodalTarget(*pair) for pair in pairs)

    def at(self, coordinates: tuple[float, float]) -> BimodalTarget:
        """The target at places in [-1, 1] of the two intervals."""
        ends = zip(coordinates, (self.separations, self.weights), strict=True)
        return BimodalTarget(*(_between(*interval, coordinate) for coordinate, interval in ends))


def box_of(
    target: BimodalTarget, separations: tuple[Exactable, Exactable] | None, weights: tuple[Exactable, Exactable] | None
) -> Box:
    """The box of the intervals that are given, each round the target's own number."""
    own = target.exact_separation, target.exact_weight
    return Box(target, _interval("separations", separations, own[0]), _interval("weights", weights, own[1]))


def _interval(name: str, interval: tuple[Exactable, Exactable] | None, own: Fraction) -> tuple[Fraction, Fraction]:
    if interval is None:
        return own, own
    if len(interval) != 2:
        raise DomainError.of(name, "two numbers, the lowest and the highest", interval, "give both ends")
    low, high = (exact(end, name) for end in interval)
    if not low <= own <= high:
        what = f"an interval, the lower end first, round the target's {name[:-1]} {float(own):g}"
        raise DomainError.of(name, what, interval, "give (low, high), or a target inside")
    return low, high


def _between(low: Fraction, high: Fraction, coordinate: float) -> Fraction:
    if abs(coordinate) == 1.0:
        return low if coordinate < 0 else high
    return Fraction(f"{float(low) + 0.5 * (1.0 + coordinate) * float(high - low):.7g}")


@dataclass(frozen=True)
class Worst:
    """The target at which a schedule fares worst. log(P/(1-P)) there may be larger by `error`."""

    target: BimodalTarget
    log_odds: float
    error: float


def worst_of(box: Box, log_odds: Callable[[BimodalTarget], float]) -> Worst:
    """The worst target of a box."""
    if box.known:
        return Worst(box.target, log_odds(box.target), 0.0)
    axes = [_points(interval, box) for interval in (box.separations, box.weights)]
    points = list(itertools.product(*axes))
    values = [log_odds(box.at((point[0], point[1]))) for point in points]
    best = int(np.argmax(values))
    near = [_half_way(axis, coordinate) for axis, coordinate in zip(axes, points[best], strict=True)]
    if max(map(abs, values)) > _BEYOND:  # certain somewhere: no polynomial
        between = log_odds(box.at((near[0], near[1])))
        return Worst(box.at((points[best][0], points[best][1])), values[best], max(between - values[best], 0.0))
    series = _polynomial(axes, values)
    checked = [_top(axes, series), (near[0], near[1])]
    at_checked = [log_odds(box.at(point)) for point in checked]
    off = max(abs(value - float(chebval2d(*point, series))) for value, point in zip(at_checked, checked, strict=True))
    largest, worst = max(zip([*values, *at_checked], [*points, *checked], strict=True))
    return Worst(box.at((worst[0], worst[1])), largest, off)


def _points(interval: tuple[Fraction, Fraction], box: Box) -> list[float]:
    """Chebyshev's points of [-1, 1] with both ends, or one point of an interval that is one number."""
    if interval[0] == interval[1]:
        return [-1.0]
    last = _POINTS[sum(low < high for low, high in (box.separations, box.weights))] - 1
    return [math.cos(math.pi * (1 - step / last)) for step in range(last + 1)]


def _half_way(axis: list[float], coordinate: float) -> float:
    """Between a point and its neighbour, where a polynomial through the points is least sure."""
    k = axis.index(coordinate)
    return 0.5 * (coordinate + axis[k - 1 if k else min(1, len(axis) - 1)])


def _polynomial(axes: list[list[float]], values: list[float]) -> FloatArray:
    """Chebyshev's coefficients of the polynomial through values at a grid of Chebyshev's points."""
    fits = [np.linalg.inv(chebvander(np.array(axis), len(axis) - 1)) for axis in axes]
    return np.asarray(fits[0] @ np.reshape(values, [len(axis) for axis in axes]) @ fits[1].T)


def _top(axes: list[list[float]], series: FloatArray) -> tuple[float, float]:
    """Where a polynomial is largest."""
    looks = [np.array(axis) if len(axis) == 1 else np.linspace(-1.0, 1.0, _LOOKS) for axis in axes]
    heights = chebgrid2d(looks[0], looks[1], series)
    x, y = np.unravel_index(np.argmax(heights), heights.shape)
    return float(looks[0][x]), float(looks[1][y])
