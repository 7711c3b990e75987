"""Records of flows: where their two halves were, how fast a mixture's means would move there, and how they began."""

import math
from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from anneal_theory._types import FloatArray, IntArray
from anneal_theory.design.records import evenly_recorded, rates_of, states_of
from anneal_theory.errors import DomainError
from anneal_theory.formulas.start_law import centre_variance, distance_squared_large
from anneal_theory.problem import BimodalTarget, Dynamics

_SHIFT = 1e-3  # of an overlap, over which a rate's slope is measured


class Path(NamedTuple):
    """Of s = (m1 + m2)/2, arrays (records, runs)."""

    centre: FloatArray  # s
    rates: FloatArray  # that of a mixture's gradient flow with these means
    slopes: FloatArray  # d(rate)/ds, as far as both overlaps move alike
    # what independent noise of both overlaps that gives s the variance 1 adds to the variance of the rate
    jitters: FloatArray
    spreads: FloatArray  # the variance that one sample of each component gives to the gradient
    every: int  # steps between two records

    def of(self, runs: IntArray) -> "Path":
        """Some of the runs."""
        centre, rates, slopes, jitters, spreads = (array[:, runs] for array in self[:-1])
        return Path(centre, rates, slopes, jitters, spreads, self.every)


class Start(NamedTuple):
    """The first records beside a Gaussian law, each array (runs,)."""

    centre: FloatArray  # s
    delta: FloatArray  # m1 - m2
    square: FloatArray  # the square of the distance of the two means
    sampled: float  # what sampling adds to each coordinate of a half's mean: its variance
    separation: float  # R of the target
    dim: int  # of the means

    def of(self, runs: IntArray) -> "Start":
        """Some of the runs."""
        return self._replace(centre=self.centre[runs], delta=self.delta[runs], square=self.square[runs])

    @property
    def variance(self) -> float:
        """Of a coordinate of a mean, by the distance of the two: 2 d variances, and as many of sampling."""
        return float(self.square.mean() / distance_squared_large(self.dim, 1) - self.sampled)

    @property
    def centre_ratio(self) -> float:
        """Mean square of s over what it is under that law; 1 for a mixture's start."""
        sampled, drawn = (centre_variance(self.separation, 0.5, one) for one in (self.sampled, self.variance))
        return float((np.mean(self.centre**2) - sampled) / drawn)

    @property
    def directions(self) -> float:
        """In how many directions that are alike Delta may lie: d for a mixture's start, infinite if none is seen."""
        along = np.mean(self.delta**2) / self.separation**2 - distance_squared_large(1, self.sampled)
        return float(distance_squared_large(self.dim, self.variance) / along) if along > 0 else math.inf


def path_and_start(
    target: BimodalTarget, rules: Dynamics, history: Mapping[str, FloatArray], dim: int, samples: int | None, *,
    plain: bool,
) -> tuple[Path, Start, FloatArray]:  # fmt: skip
    """What the records say, and (s, delta, |Delta|) of the first ones, shape (runs, 3)."""
    columns, temperatures, every = evenly_recorded(history)
    _, _, s11, s12, s22 = columns
    states = states_of(target, *columns)
    rates, spreads = rates_of(target, rules, temperatures, states, plain=plain)
    by_overlap = []
    for sign in (1.0, -1.0):  # of the first overlap, and of the second
        moved = states + _SHIFT * np.array([0.5, sign, 0.0])
        by_overlap.append((rates_of(target, rules, temperatures, moved, plain=plain)[0] - rates) / _SHIFT)
    slopes, jitters = by_overlap[0] + by_overlap[1], 2 * (by_overlap[0] ** 2 + by_overlap[1] ** 2)
    sampled = 0.0 if samples is None else 2.0 / samples  # of half of them
    square = (s11 - 2 * s12 + s22)[0]
    start = Start(states[0, :, 0], states[0, :, 1], square, sampled, target.separation, dim)
    if not start.variance > 0:
        what, was = "of starts whose halves are further apart than sampling puts them", f"{start.variance:.2g}"
        raise DomainError.of("history", what, was, "give record_samples as it was, or record more samples")
    first = np.column_stack([start.centre, start.delta, np.sqrt(square)])
    return Path(states[..., 0], rates, slopes, jitters, spreads, every), start, first
