"""Pairs across the axis on the sphere as shooting takes them: the start that goes to neither mode (theory section 11).

Where the two means have the same overlap they keep it, so that the state is (m1 + m2, c, log v) and the threshold is in
m1 + m2 = 2 m itself: below y_u a pair goes to the light mode. The run between both ends in the pair at rest across the
axis.
"""

import math
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

import flint
import numpy as np

from anneal_theory._types import FloatArray
from anneal_theory.arithmetic import Along
from anneal_theory.balls import CONTEXT, exact_ball
from anneal_theory.fixed_points.sphere_flow import FrozenSphere
from anneal_theory.fixed_points.sphere_rests import sphere_rests
from anneal_theory.formulas.sphere_flow_mp import sphere_start
from anneal_theory.models.sphere_pair_kernels import ACROSS, fate
from anneal_theory.models.verdicts import UNDECIDED
from anneal_theory.numerics.taylor import Matrix, Series, Vector
from anneal_theory.problem import BimodalTarget, Dynamics
from anneal_theory.schedules import Schedule
from anneal_theory.threshold.digits.sphere_saddles import SphereBranch, SphereSaddle, later_log_variance, with_variance
from anneal_theory.threshold.digits.sphere_separatrix import SphereSeparatrix
from anneal_theory.threshold.digits.sphere_series import AnnealedSphere, NearSphere, SphereRates

_LOG_X = -(10**6)  # the square of x, by which the rates depend on it, is 10^-868588: 0 to any precision in use
_SETTLED, _ROUNDS, _EQUAL = 1e-11, 40, 1e-9


def balanced_saddle(flow: FrozenSphere, guess: FloatArray) -> SphereSaddle | None:
    """The pair at rest near (m1 + m2, c); None where Newton's method leaves the pairs that there are, or no saddle."""
    state = guess
    for _ in range(_ROUNDS):
        if not -1.0 < state[1] < 1.0:
            return None
        jacobian = flow.jacobian(0.0, *state)[1:, 1:]
        step = np.linalg.solve(jacobian, -flow.rates(0.0, *state)[1:])
        state = state + step
        if float(np.max(np.abs(step) / [flow.target.separation**2, 1.0])) < _SETTLED:
            break
    else:
        return None
    eigenvalues, rows = np.linalg.eig(flow.jacobian(0.0, *state)[1:, 1:].T)
    if np.iscomplexobj(eigenvalues) or np.sum(eigenvalues > 0) != 1:
        return None
    index = int(np.argmax(eigenvalues))
    fastest, m = max(1.0, float(np.abs(eigenvalues).max())), float(state[0]) / 2
    return SphereSaddle(m, m, float(eigenvalues[index]), fastest, rows[:, index], state)


class BalancedFlow:
    """`AnnealedSphere` of pairs across the axis."""

    def __init__(self, pair: AnnealedSphere) -> None:
        self.pair = pair

    def near(self, start: Vector, temperature: flint.arb_series, count: int) -> "BalancedNear":
        """The flow near a state."""
        return BalancedNear(self.pair.near([flint.arb(_LOG_X), *start], temperature, count))

    def at(self, state: Vector, temperature: flint.arb) -> "BalancedRates":
        """The rates at a state."""
        return BalancedRates(self.pair.at([flint.arb(_LOG_X), *state], temperature))


class BalancedRates:
    """`SphereRates` of pairs across the axis."""

    def __init__(self, whole: SphereRates[flint.arb]) -> None:
        self.whole = whole

    def rates(self) -> Vector:
        """Without those of log x."""
        return self.whole.rates()[1:]

    def slopes(self) -> list[Vector]:
        """Without those of log x and by it."""
        return [row[1:] for row in self.whole.slopes()[1:]]


class BalancedNear:
    """`NearSphere` of pairs across the axis."""

    def __init__(self, near: NearSphere) -> None:
        self.whole = near

    def rates(self, state: Series, temperature: flint.arb_series, length: int, slopes: int) -> tuple[Series, Matrix]:
        """Without those of log x."""
        rates, rows = self.whole.rates([flint.arb_series([_LOG_X]), *state], temperature, length, slopes)
        return rates[1:], [row[1:] for row in rows[1:]]


@dataclass(frozen=True, eq=False)
class BalanceSeparatrix:
    """A `Separatrix` of pairs across the axis.

    `dim` is that by whose law a trained variance moves, inf for that of large dimension; `pair_overlap` is mu_1 .
    mu_2/R^2 at the start.
    """

    target: BimodalTarget
    schedule: Schedule
    dynamics: Dynamics
    pair_overlap: Fraction
    dim: float = math.inf

    aligned = 0

    @property
    def unit(self) -> float:
        """R^2."""
        return self.target.separation**2

    @property
    def _whole(self) -> SphereSeparatrix:
        return SphereSeparatrix(self.target, self.schedule, self.dynamics, self.pair_overlap, Fraction(0), self.dim)

    @property
    def largest_sum(self) -> flint.arb:
        """m1 + m2 where the sum of the means points along the axis: that of any other is y times this."""
        cosine, radius = exact_ball(self.pair_overlap), exact_ball(self.target.exact_separation)
        total: flint.arb = sphere_start(CONTEXT, flint.arb(0), flint.arb(1), cosine, radius)[1]
        return total

    def start(self, log_alignment: Along) -> list[Along | flint.arb]:
        """The state at t = 0, from m1 + m2."""
        return [log_alignment, *self._whole.start(flint.arb(0))[2:]]

    def flow(self, bits: int) -> BalancedFlow:
        """The flow along power series."""
        return BalancedFlow(self._whole.flow(bits))

    def pace(self, temperature: float) -> float:
        """The clock's rate at a temperature."""
        return self._whole.pace(temperature)

    def overlaps(self, state: Vector) -> tuple[float, float]:
        """(m1, m2) of a state in doubles."""
        return float(state[0]) / 2, float(state[0]) / 2

    def branches(self, highest: float) -> list[SphereBranch]:
        """The saddles at T = 1, and what they come from."""
        return list(_branches(self.target, self.dynamics.variance, highest))

    def rest(self, branch: SphereBranch, temperature: float, state: Vector) -> SphereSaddle | None:
        """The saddle of a branch at a temperature, and at the variance of a state where it is trained."""
        guess, temperature = branch.near(temperature), max(temperature, 1.0)
        whole = [flint.arb(_LOG_X), *state]
        saddle = None if guess is None else balanced_saddle(self._whole.frozen(temperature, whole), guess)
        return saddle if saddle is None or self.dim == math.inf else with_variance(saddle, self, temperature, state[2])

    def resting(self, rest: SphereSaddle, state: Vector, temperature: float, span: float) -> list[float]:
        """The pair at rest, whose variance goes on."""
        if self.dim < math.inf:
            return [*rest.state, later_log_variance(rest, self, temperature, state[2], span)]
        return [*rest.state, *self._whole.relaxed(state[2:], temperature, span)]

    def off(self, rest: SphereSaddle, state: Vector, way: Vector) -> tuple[flint.arb, flint.arb]:
        """How far a state lies off a saddle along its unstable direction, and the slope of that along a way."""
        return rest.off(state, way)

    def sizes(self, change: Vector) -> list[float]:
        """Of m1 + m2 over R, of the pair's cosine, and of log v."""
        return [abs(float(component)) / (1.0 if at else self.target.separation) for at, component in enumerate(change)]

    def decided(self, state: Vector, ceiling: float) -> bool:
        """Whether the end of a run is certain."""
        parameters, _, _, regions = self._whole.in_doubles.packed
        doubles = np.array([ACROSS, *(float(coordinate) for coordinate in state), 0.0][:4])
        return bool(fate(doubles, ceiling, ceiling <= 1.0, parameters, regions) != UNDECIDED)


@lru_cache(maxsize=8)
def _branches(target: BimodalTarget, variance: str, highest: float) -> tuple[SphereBranch, ...]:
    """Those of a target do not depend on the start."""
    branches = []
    for point in sphere_rests(target, 1.0, 1.0):
        if abs(point.m1 - point.m2) > _EQUAL * target.separation**2:
            continue
        first = balanced_saddle(FrozenSphere(target, 1.0, 1.0), np.array([point.m1 + point.m2, point.pair_overlap]))
        if first is not None:
            branches.append(SphereBranch.through(first, balanced_saddle, target, variance, highest))
    return tuple(branches)
