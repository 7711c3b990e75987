"""Pairs on the sphere as shooting takes them: the coordinates (log x, m1 + m2, c, log v) of theory section 11."""

import math
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

import flint
import numpy as np

from anneal_theory.arithmetic import Along
from anneal_theory.balls import CONTEXT, exact_ball
from anneal_theory.fixed_points.sphere_flow import FrozenSphere
from anneal_theory.fixed_points.sphere_rests import cosine_of, sphere_rests
from anneal_theory.formulas.sphere_flow import sphere_overlaps
from anneal_theory.formulas.sphere_flow_mp import sphere_start
from anneal_theory.formulas.sphere_variance import relaxing_variance
from anneal_theory.models.sphere_pair import SpherePair, sphere_pair
from anneal_theory.models.sphere_pair_kernels import fate
from anneal_theory.models.verdicts import UNDECIDED
from anneal_theory.numerics.taylor import Vector
from anneal_theory.problem import BimodalTarget, Dynamics
from anneal_theory.problem.dynamics import clock_pace_at
from anneal_theory.schedules import Schedule
from anneal_theory.schedules.series import pieces
from anneal_theory.threshold.digits.sphere_saddles import (
    SphereBranch,
    SphereSaddle,
    later_log_variance,
    settled_flow,
    sphere_saddle,
    with_variance,
)
from anneal_theory.threshold.digits.sphere_series import AnnealedSphere


@dataclass(frozen=True, eq=False)
class SphereSeparatrix:
    """A `Separatrix` of means on the sphere.

    `pair_overlap` is mu_1 . mu_2/R^2 and `mean_cosine` that of the angle between mu_1 + mu_2 and the axis at the start;
    `dim` is that by whose law a trained variance moves, inf for that of large dimension.
    """

    target: BimodalTarget
    schedule: Schedule
    dynamics: Dynamics
    pair_overlap: Fraction
    mean_cosine: Fraction
    dim: float = math.inf

    aligned = 0

    @property
    def in_doubles(self) -> SpherePair:
        """The model whose runs take doubles."""
        return sphere_pair(self.target, self.schedule, self.dynamics, self.dim)

    @property
    def unit(self) -> float:
        """R^2."""
        return self.target.separation**2

    def start(self, log_alignment: Along) -> list[Along | flint.arb]:
        """The state at t = 0; m1 + m2 does not depend on the alignment."""
        cosine, radius = exact_ball(self.pair_overlap), exact_ball(self.target.exact_separation)
        _, total = sphere_start(CONTEXT, flint.arb(0), exact_ball(self.mean_cosine), cosine, radius)
        begun: list[Along | flint.arb] = [log_alignment, total, cosine]
        if self.dynamics.variance == "trained":
            begun.append(pieces(self.schedule)[0].local(flint.arb(0))[0].log())
        return begun

    def flow(self, bits: int) -> AnnealedSphere:
        """The flow along power series."""
        return AnnealedSphere(self.target, self.dynamics, bits, self.dim)

    def pace(self, temperature: float) -> float:
        """The clock's rate at a temperature."""
        return float(clock_pace_at(self.dynamics, temperature, 1.0))

    def overlaps(self, state: Vector) -> tuple[float, float]:
        """(m1, m2) of a state in doubles."""
        log_x, total, cosine = (float(entry) for entry in state[:3])
        m1, m2, _ = sphere_overlaps(math.exp(min(log_x, 0.0)), total, min(cosine, 1.0), self.target.separation)
        return float(m1), float(m2)

    def branches(self, highest: float) -> list[SphereBranch]:
        """All saddles at T = 1 with one unstable direction, and what they come from."""
        return list(_branches(self.target, self.dynamics.variance, highest))

    def frozen(self, temperature: float, state: Vector) -> FrozenSphere:
        """Temperature and variance standing still."""
        if self.dynamics.variance == "trained":
            return FrozenSphere(self.target, temperature, math.exp(float(state[3])))
        return settled_flow(self.target, self.dynamics.variance, temperature)

    def rest(self, branch: SphereBranch, temperature: float, state: Vector) -> SphereSaddle | None:
        """The saddle of a branch at a temperature, and at the variance of a state where it is trained."""
        guess, temperature = branch.near(temperature), max(temperature, 1.0)
        saddle = None if guess is None else sphere_saddle(self.frozen(temperature, state), guess)
        return saddle if saddle is None or self.dim == math.inf else with_variance(saddle, self, temperature, state[3])

    def resting(self, rest: SphereSaddle, state: Vector, temperature: float, span: float) -> list[float]:
        """The pair at rest, whose variance goes on."""
        if self.dim < math.inf:
            return [*rest.state, later_log_variance(rest, self, temperature, state[3], span)]
        return [*rest.state, *self.relaxed(state[3:], temperature, span)]

    def relaxed(self, log_variance: Vector, temperature: float, span: float) -> list[float]:
        """log v a time later by its law in large dimension, where it is part of the state."""
        waited = self.pace(temperature) * span
        return [math.log(float(relaxing_variance(math.exp(float(one)), temperature, waited))) for one in log_variance]

    def off(self, rest: SphereSaddle, state: Vector, way: Vector) -> tuple[flint.arb, flint.arb]:
        """How far a state lies off a saddle along its unstable direction, and the slope of that along a way."""
        return rest.off(state, way)

    def sizes(self, change: Vector) -> list[float]:
        """Of m1 + m2 over R, of the pair's cosine, and of the logarithms."""
        return [
            abs(float(component)) / (self.target.separation if at == 1 else 1.0) for at, component in enumerate(change)
        ]

    def decided(self, state: Vector, ceiling: float) -> bool:
        """Whether the end of a run is certain."""
        doubles = np.array([*(float(coordinate) for coordinate in state), 0.0][:4])
        parameters, _, _, regions = self.in_doubles.packed
        return bool(fate(doubles, ceiling, ceiling <= 1.0, parameters, regions) != UNDECIDED)


@lru_cache(maxsize=8)
def _branches(target: BimodalTarget, variance: str, highest: float) -> tuple[SphereBranch, ...]:
    """Those of a target do not depend on the start."""
    branches = []
    for point in sphere_rests(target, 1.0, 1.0):
        x = cosine_of(target, point)
        if point.stable or x == 0:
            continue
        guess = np.array([math.log(x), point.m1 + point.m2, point.pair_overlap])
        first = sphere_saddle(FrozenSphere(target, 1.0, 1.0), guess)
        if first is not None:
            branches.append(SphereBranch.through(first, sphere_saddle, target, variance, highest))
    return tuple(branches)
