"""Pairs on the sphere as shooting takes them: the coordinates (log x, m1 + m2, c, log v) of theory section 11."""

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import TypeAlias

import flint
import numpy as np

from anneal_theory._types import FloatArray
from anneal_theory.arithmetic import Along
from anneal_theory.balls import CONTEXT, exact_ball
from anneal_theory.fixed_points.sphere_flow import FrozenSphere
from anneal_theory.fixed_points.sphere_rests import cosine_of, sphere_rests
from anneal_theory.formulas.sphere_flow import sphere_overlaps
from anneal_theory.formulas.sphere_flow_mp import sphere_start
from anneal_theory.formulas.sphere_variance import relaxing_variance
from anneal_theory.models.sphere_pair import sphere_pair
from anneal_theory.models.sphere_pair_kernels import fate
from anneal_theory.models.verdicts import UNDECIDED
from anneal_theory.numerics.taylor import Vector
from anneal_theory.problem import BimodalTarget, Dynamics
from anneal_theory.problem.dynamics import clock_pace_at
from anneal_theory.schedules import Schedule
from anneal_theory.schedules.series import pieces
from anneal_theory.threshold.digits.saddles import saddle_branch
from anneal_theory.threshold.digits.sphere_series import AnnealedSphere

_SETTLED = 1e-9  # a step of Newton's method that is the last
_ROUNDS, _STEP = 40, 0.2  # how many steps at most, and their largest
_BEYOND = 1e-9  # what rounding may put a cosine beyond its ends
SaddleSearch: TypeAlias = Callable[[FrozenSphere, FloatArray], "SphereSaddle | None"]  # near a state


@dataclass(frozen=True)
class SphereSaddle:
    """A pair at rest on the sphere that the separatrix leads to, in doubles.

    Attributes:
        m1: Overlap of the better aligned mean.
        m2: Overlap of the other.
        rate: Rate of the unstable direction in the clock of theory section 11.
        fastest: The largest rate of any direction, at least 1.
        state: (log x, m1 + m2, c), or without log x of a pair across the axis, among such pairs.
        row: The unstable left eigenvector, by the state.
    """

    m1: float
    m2: float
    rate: float
    fastest: float
    state: FloatArray
    row: FloatArray

    def off(self, state: Vector, way: Vector) -> tuple[flint.arb, flint.arb]:
        """How far a state lies off along the unstable direction, and the slope of that along a way; not by log v."""
        row = [float(entry) for entry in self.row]
        gaps = (coordinate - float(at) for coordinate, at in zip(state, self.state, strict=False))
        return _dot(row, gaps), _dot(row, way)


def _dot(row: list[float], vector: Iterable[flint.arb]) -> flint.arb:
    return sum((weight * entry for weight, entry in zip(row, vector, strict=False)), flint.arb(0))


def sphere_saddle(flow: FrozenSphere, guess: FloatArray) -> SphereSaddle | None:
    """The pair at rest near a state (log x, m1 + m2, c), None if it is no saddle with one unstable direction."""
    state = _rest_near(flow, guess)
    if state is None:
        return None
    coordinates = math.exp(state[0]), state[1], state[2]
    eigenvalues, rows = np.linalg.eig(flow.jacobian(*coordinates).T)
    if np.sum(eigenvalues.real > 0) != 1:
        return None
    index = int(np.argmax(eigenvalues.real))
    fastest = max(1.0, float(np.abs(eigenvalues).max()))
    m1, m2, _ = sphere_overlaps(*coordinates, flow.target.separation)
    return SphereSaddle(
        float(m1), float(m2), float(eigenvalues[index].real), fastest, state, rows[:, index].real
    )  # fmt: skip


def _rest_near(flow: FrozenSphere, guess: FloatArray) -> FloatArray | None:
    """Newton's method in small steps; None where it leaves the pairs that there are, or finds nothing."""
    unit, state = np.array([1.0, flow.target.separation**2, 1.0]), guess
    for _ in range(_ROUNDS):
        if state[0] > _BEYOND or not -1 - _BEYOND < state[2] < 1 - _BEYOND:
            return None
        coordinates = math.exp(state[0]), state[1], state[2]
        try:
            step = np.linalg.solve(flow.jacobian(*coordinates), -flow.rates(*coordinates))
        except np.linalg.LinAlgError:
            return None
        size = float(np.max(np.abs(step) / unit))
        state = state + step * min(1.0, _STEP / max(size, _STEP))
        if size < _SETTLED:
            return state
    return None


@dataclass(frozen=True, eq=False)
class SphereBranch:
    """The saddles that one at T = 1 becomes as T and v rise, up to the fold that ends them, in doubles.

    Attributes:
        temperatures: Rising from 1, shape (n,).
        states: As `SphereSaddle` has them, shape (n, 3), or (n, 2) of pairs across the axis; of a variance that is the
            temperature, or fixed.
    """

    temperatures: FloatArray
    states: FloatArray

    @property
    def fold(self) -> float:
        """The temperature that ends them, or the highest looked at."""
        return float(self.temperatures[-1])

    @classmethod
    def through(
        cls, saddle: SphereSaddle, search: SaddleSearch, target: BimodalTarget, variance: str, highest: float
    ) -> "SphereBranch":
        """From a saddle at T = 1 as far up as there is one, or to the highest temperature of the schedule."""
        steps = saddle_branch(
            saddle,
            lambda temperature, last: search(settled_flow(target, variance, temperature), last.state),
            highest,
            target.separation,
        )
        temperatures, saddles = zip(*steps, strict=True)
        return cls(np.array(temperatures), np.array([passed.state for passed in saddles]))

    def near(self, temperature: float) -> FloatArray | None:
        """The state of the saddle at a temperature, from those between which it is; None above the fold."""
        if temperature > self.fold:
            return None
        return np.array([np.interp(max(temperature, 1.0), self.temperatures, column) for column in self.states.T])


@dataclass(frozen=True, eq=False)
class SphereSeparatrix:
    """A `Separatrix` of means on the sphere.

    Attributes:
        target: Separation and weight.
        schedule: With a closed form, and an end at temperature 1.
        dynamics: With the constraint "sphere".
        pair_overlap: mu_1 . mu_2/R^2 at the start.
        mean_cosine: Cosine of the angle between mu_1 + mu_2 and the axis at the start.
    """

    target: BimodalTarget
    schedule: Schedule
    dynamics: Dynamics
    pair_overlap: Fraction
    mean_cosine: Fraction

    aligned = 0

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
        return AnnealedSphere(self.target, self.dynamics, bits)

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
        guess = branch.near(temperature)
        return None if guess is None else sphere_saddle(self.frozen(max(temperature, 1.0), state), guess)

    def resting(self, rest: SphereSaddle, state: Vector, temperature: float, span: float) -> list[float]:
        """The pair at rest, whose variance goes on to the temperature."""
        return [*rest.state, *self.later_log_variance(state, temperature, span)]

    def later_log_variance(self, state: Vector, temperature: float, span: float) -> list[float]:
        """log v a time after a state at a temperature, where the variance is part of the state."""
        if self.dynamics.variance != "trained":
            return []
        return [
            math.log(float(relaxing_variance(math.exp(float(state[3])), temperature, self.pace(temperature) * span)))
        ]

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
        parameters, _, _, regions = sphere_pair(self.target, self.schedule, self.dynamics).packed
        return bool(fate(doubles, ceiling, ceiling <= 1.0, parameters, regions) != UNDECIDED)


def settled_flow(target: BimodalTarget, variance: str, temperature: float) -> FrozenSphere:
    """Temperature and variance standing still, the latter where it comes to."""
    return FrozenSphere(target, temperature, 1.0 if variance == "fixed" else temperature)


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
