"""Free pairs as shooting takes them: the coordinates (s, log rho, log |Delta_perp|) of theory section 4."""

import math
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

import flint
import numpy as np

from anneal_theory.arithmetic import Along
from anneal_theory.averages import mmse
from anneal_theory.balls import CONTEXT, exact_ball
from anneal_theory.fixed_points import unstable_overlap
from anneal_theory.fixed_points.rests import rest_points
from anneal_theory.formulas.fixed_points import across_rate
from anneal_theory.formulas.pair_coordinates import across_coordinates, log_stretch, reduced_overlaps
from anneal_theory.formulas.pair_coordinates_mp import across_places, across_start
from anneal_theory.models.free_pair_run_kernels import certain_end
from anneal_theory.models.trapping_regions import trapping_boxes
from anneal_theory.models.verdicts import UNDECIDED
from anneal_theory.numerics.taylor import Vector, series_length
from anneal_theory.problem import BimodalTarget, Dynamics
from anneal_theory.problem.dynamics import clock_pace_at
from anneal_theory.threshold.digits.annealed_series import AnnealedPair
from anneal_theory.threshold.digits.saddles import Saddle, SaddleBranch, saddle_at

_LARGEST_LOG = 700.0  # its exponential is a double


@dataclass(frozen=True, eq=False)
class FreeSeparatrix:
    """A `Separatrix` of free means. D0^2 is `distance_squared`, and s0 the mean overlap, at the start."""

    target: BimodalTarget
    dynamics: Dynamics
    s0: Fraction
    distance_squared: Fraction

    aligned = 1

    @property
    def unit(self) -> float:
        """R^2."""
        return self.target.separation**2

    def start(self, log_alignment: Along) -> list[Along | flint.arb]:
        """The state at t = 0."""
        distance, weight = exact_ball(self.distance_squared).sqrt(), exact_ball(self.dynamics.exact_family_weight)
        radius, centre = exact_ball(self.target.exact_separation), exact_ball(self.s0)
        return list(across_start(CONTEXT, log_alignment, distance, centre, radius, weight))

    def flow(self, bits: int) -> AnnealedPair:
        """The flow along power series."""
        return AnnealedPair(self.target, self.dynamics, bits)

    def pace(self, temperature: float) -> float:
        """The clock's rate at a temperature."""
        return float(clock_pace_at(self.dynamics, temperature, self.dynamics.clock_rate))

    def overlaps(self, state: Vector) -> tuple[float, float]:
        """(m1, m2) of a state in doubles."""
        along = math.exp(min(float(state[1] + state[2]), _LARGEST_LOG))  # of the difference, which is c D
        return reduced_overlaps(float(state[0]), 1.0, along, self.target.separation, self.dynamics.family_weight)

    def branches(self, highest: float) -> list[SaddleBranch]:
        """All saddles at T = 1 and what they come from."""
        return list(_branches(self.target, self.dynamics, highest))

    def rest(self, branch: SaddleBranch, temperature: float, state: Vector) -> Saddle | None:
        """The saddle of a branch at a temperature."""
        return branch.at(temperature)

    def resting(self, rest: Saddle, state: Vector, temperature: float, span: float) -> list[float]:
        """The aligned pair at rest, whose length across the axis goes on to fall."""
        w1, radius = self.dynamics.family_weight, self.target.separation
        overlap = float(mmse((rest.m1 - rest.m2) / radius, self.dynamics.exact_family_weight))
        length = float(state[2]) + self.pace(temperature) * across_rate(w1, temperature, overlap) * span
        return [*across_coordinates(rest.m1, rest.m2, length, radius, w1), length]

    def off(self, rest: Saddle, state: Vector, way: Vector) -> tuple[flint.arb, flint.arb]:
        """How far a state lies off a saddle along its unstable direction, and the slope of that along a way."""
        w1, radius = exact_ball(self.dynamics.exact_family_weight), exact_ball(self.target.exact_separation)
        with series_length(2):
            s, x, length = (flint.arb_series([value, more]) for value, more in zip(state, way, strict=True))
            m1, m2, *_ = across_places(CONTEXT, s, x, length, radius, w1)
            off = float(rest.row[0]) * (m1 - rest.m1) + float(rest.row[1]) * (m2 - rest.m2)
            return off[0], off[1]

    def sizes(self, change: Vector) -> list[float]:
        """Of s over R, and of the logarithms."""
        return [abs(float(change[0])) / self.target.separation, abs(float(change[1])), abs(float(change[2]))]

    def decided(self, state: Vector, ceiling: float) -> bool:
        """Whether the end of a run is certain."""
        distance = math.exp(float(state[2]) + float(log_stretch(float(state[1]))))
        m1, m2 = self.overlaps(state)
        saddle = unstable_overlap(self.target)
        regions = (math.nan if saddle is None else saddle), trapping_boxes(self.target, self.dynamics), np.zeros((0, 4))
        return bool(certain_end(m1, m2, distance, ceiling, regions) != UNDECIDED)


@lru_cache(maxsize=8)
def _branches(target: BimodalTarget, dynamics: Dynamics, highest: float) -> tuple[SaddleBranch, ...]:
    """Those of a target do not depend on the start."""
    branches = []
    for point in rest_points(target, 1.0, dynamics.exact_family_weight):
        saddle = None if point.stable else saddle_at(target, dynamics, 1.0, (point.m1, point.m2))
        if saddle is not None:
            branches.append(SaddleBranch.through(target, dynamics, saddle, highest))
    return tuple(branches)
