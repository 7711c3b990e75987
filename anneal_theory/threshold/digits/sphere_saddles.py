"""The saddles on the sphere that runs on the separatrix end in, in doubles (theory section 11)."""

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import TypeAlias

import flint
import numpy as np

from anneal_theory._types import FloatArray
from anneal_theory.fixed_points.sphere_flow import FrozenSphere
from anneal_theory.formulas.sphere_flow import sphere_overlaps
from anneal_theory.numerics.taylor import Vector
from anneal_theory.precision import flint_precision
from anneal_theory.problem import BimodalTarget
from anneal_theory.threshold.digits.saddles import Saddle, saddle_branch
from anneal_theory.threshold.digits.separatrix import RatesAt, Separatrix
from anneal_theory.threshold.digits.shooting import FIRST_BITS, working_bits

_SETTLED = 1e-9  # a step of Newton's method that is the last
_ROUNDS, _STEP = 40, 0.2  # how many steps at most, and their largest
_BEYOND = 1e-9  # what rounding may put a cosine beyond its ends
_PARTS = 4  # of a time, in each of which the rate of log v is taken as linear: Newton's method begins there
SaddleSearch: TypeAlias = Callable[[FrozenSphere, FloatArray], "SphereSaddle | None"]  # near a state


@dataclass(frozen=True)
class SphereSaddle(Saddle):
    """A pair at rest on the sphere that the separatrix leads to: its rates are in the clock of theory section 11.

    Attributes:
        row: The unstable left eigenvector, by the state, and by log v where its rate depends on the pair.
        state: (log x, m1 + m2, c), or without log x of a pair across the axis, among such pairs.
    """

    state: FloatArray

    def off(self, state: Vector, way: Vector) -> tuple[flint.arb, flint.arb]:
        """How far a state is off a saddle of its variance along the unstable direction, and the slope along a way."""
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
        float(m1), float(m2), float(eigenvalues[index].real), fastest, rows[:, index].real, state
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
    """The saddles that one at T = 1 becomes as T and v rise, up to the fold that ends them, in doubles."""

    temperatures: FloatArray  # rising from 1, shape (n,)
    # as `SphereSaddle` has them, shape (n, 3), or (n, 2) of pairs across the axis; of a variance that is the
    # temperature, or fixed
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


def settled_flow(target: BimodalTarget, variance: str, temperature: float) -> FrozenSphere:
    """Temperature and variance standing still, the latter where it comes to."""
    return FrozenSphere(target, temperature, 1.0 if variance == "fixed" else temperature)


def with_variance(
    saddle: SphereSaddle, model: Separatrix, temperature: float, log_variance: flint.arb
) -> SphereSaddle | None:
    """A saddle at a variance whose rate depends on the pair: log v is a direction of its own there.

    Its rates and its row are those of the whole flow, at a variance that may still be on its way. None where no
    direction is unstable.
    """
    with flint_precision(working_bits(FIRST_BITS)):
        at = _at(saddle, model, temperature, log_variance)
        slopes = np.array([[float(entry) for entry in row] for row in at.slopes()]) / model.pace(temperature)
    eigenvalues, rows = np.linalg.eig(slopes.T)
    index = int(np.argmax(eigenvalues.real))
    if not eigenvalues[index].real > 0:
        return None
    return replace(
        saddle, rate=float(eigenvalues[index].real), fastest=max(1.0, float(np.abs(eigenvalues).max())),
        row=rows[:, index].real,
    )  # fmt: skip


def later_log_variance(
    saddle: SphereSaddle, model: Separatrix, temperature: float, log_variance: flint.arb, span: float
) -> float:
    """log v, whose rate depends on the pair, a time after another while the pair stays at a saddle."""
    part = span / _PARTS
    with flint_precision(working_bits(FIRST_BITS)):
        for _ in range(_PARTS):
            at = _at(saddle, model, temperature, log_variance)
            rate, slope = float(at.rates()[-1]), float(at.slopes()[-1][-1])
            log_variance = (log_variance + rate * (math.expm1(slope * part) / slope if slope else part)).mid()
    return float(log_variance)


def _at(saddle: SphereSaddle, model: Separatrix, temperature: float, log_variance: flint.arb) -> RatesAt:
    """The flow of a pair at a saddle, with a variance."""
    state = [*(flint.arb(float(entry)) for entry in saddle.state), log_variance]
    return model.flow(FIRST_BITS).at(state, flint.arb(temperature))
