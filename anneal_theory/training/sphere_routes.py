r"""The routes of a mixture's training on the sphere: one replica, in all coordinates or in those its law closes on.

The reduced route has the same law, exactly, for any batch. Take axes e1 to e3 in a space that holds mu* and both means,
and write a sample as ``x = mu_j + sqrt(v_j) (z, y)``, z along these axes and y in the D = d - 3 directions across.

(a) The components' densities differ at x by ``|x - mu_1|^2/v_1 - |x - mu_2|^2/v_2``, so that r depends on z and, where
the variances differ, on ``|y|^2``; the target's label depends on z. Hence the gradient along the axes and in the
variances is a function of z and ``|y|^2``: of three normals, and a chi-square of D degrees of freedom.
(b) Across, ``g_i = sum_n a_in y_n`` with coefficients that depend on z_n and ``|y_n|^2``. Given these the directions of
the y_n are independent and uniform, but the sum is no Gaussian, since a long y_n has a coefficient of its own.
(c) Its law is followed sample by sample. Directions across matter through the Gram matrix of (g_1, g_2) alone, since
the means have no part there. With axes f1, f2 in the span of the sums so far, ``y_n`` has two normal coordinates along
them (independent of the sums, as y_n is isotropic), and a rest orthogonal to both whose squared length is chi-square
of D - 2 degrees. These three numbers give ``|y_n|^2``, and the Gram matrix of the sums with ``a_n y_n`` added. Sums
over parts of the batch are independent, and each span turned at random, so that they can be followed side by side and
added at the end (`across_kernels`).
(d) Loss, noise, projection and start are invariant under rotations about mu*, so that the next step depends on the new
(m1, m2, mu_1 . mu_2, v_1, v_2) alone. With trained variances a sample costs six normals in
every dimension.

Where one variance is held for both components r does not depend on ``|y|^2`` in (a), so that the g_i of (b) are normal
given their coefficients, as for free means (`mixture`): two normals a sample are enough, and a step takes two fifths of
the time.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from jaxtyping import Float

from anneal_theory._types import FloatArray
from anneal_theory.errors import DomainError
from anneal_theory.problem import BimodalTarget, Dynamics, SphereInit
from anneal_theory.problem.dynamics import loss_factors
from anneal_theory.problem.mixture import as_mixture
from anneal_theory.training.fates import Watch
from anneal_theory.training.mixture_adaptive import Adapted, Planned, plain_log_density, reduced_log_density
from anneal_theory.training.mixture_history import Recorder
from anneal_theory.training.mixture_routes import streams
from anneal_theory.training.mixture_rules import MixtureRules
from anneal_theory.training.replicas import Run
from anneal_theory.training.sphere_fates import SphereSurroundings, sphere_surroundings, watched_columns
from anneal_theory.training.sphere_held_kernels import train_at_held_variance
from anneal_theory.training.sphere_kernels import ROWS, train_on_sphere
from anneal_theory.training.sphere_plain import train_widened

_PART = 2**22  # samples between two looks at whether the run shall end: a few hundredths of a second
_MOST_DIM = 2.0**62  # beyond it the draws of doubles do not change


class SphereTraining(Protocol):
    """Two components of one replica, on either route."""

    row: FloatArray  # m1, m2, s, v1, v2

    def train(
        self, betas: FloatArray, rates: FloatArray, held: FloatArray | None, check: Callable[[], None]
    ) -> FloatArray:
        """Make a step for each beta and size of step; returns the rows after them, shape (n, 5)."""

    def log_density(self, count: int) -> FloatArray:
        """The target's log-density, up to a constant, at so many samples of the mixture."""


@dataclass(frozen=True)
class SphereProblem:
    """What is trained on the sphere, and how."""

    target: BimodalTarget
    init: SphereInit
    dynamics: Dynamics
    rules: MixtureRules

    def __post_init__(self) -> None:
        if self.target.separation <= 1:  # unit Gaussians at +-R have a single maximum between them
            step = "take a larger one: the target has a single mode here, whatever its weight"
            raise DomainError.of("separation", "above 1 on the sphere", self.target.separation, step)

    @property
    def weights(self) -> Float[np.ndarray, "2"]:
        """Of the family's components."""
        return np.array([self.dynamics.family_weight, float(1 - self.dynamics.exact_family_weight)])

    @property
    def surroundings(self) -> SphereSurroundings:
        """Where a decided run may end."""
        rates = np.full(2, float(self.rules.step_size))
        return sphere_surroundings(self.target.separation, self.weights, rates, self.rules.batch, self.init.dim)

    def first_variance(self, temperature: float) -> float:
        """That of the components at the start of a run that begins at this temperature."""
        return 1.0 if self.dynamics.variance == "fixed" else temperature

    def held(self, temperatures: FloatArray) -> FloatArray | None:
        """The variance at each step; None where it is trained."""
        if self.dynamics.variance == "trained":
            return None
        return temperatures if self.dynamics.variance == "follows-temperature" else np.ones_like(temperatures)

    def rates(self, temperatures: FloatArray) -> FloatArray:
        """Size of each step: the step size, times T for the free energy."""
        whole = loss_factors(self.dynamics.objective)(temperatures)[1]
        return np.asarray(float(self.rules.step_size) * np.broadcast_to(whole, temperatures.shape))


def sphere_run(problem: SphereProblem, cooling: Planned | Adapted) -> Run:
    """Runs on the route of the rules, "reduced" or "plain"."""
    rules, radius, around = problem.rules, problem.target.separation, problem.surroundings
    kind = PlainPair if rules.route == "plain" else ReducedPair
    part = max(1, _PART // (2 * rules.batch))

    def run(replica: int, check: Callable[[], None]) -> FloatArray:
        pair: SphereTraining = kind(problem, replica, problem.first_variance(cooling.first_temperature))
        watch = Watch(rules.window, radius)

        def advance(temperatures: FloatArray, calm_from: int | None) -> int:
            if calm_from is not None:
                watch.restart()
            made = 0
            while made < len(temperatures):
                check()
                here = temperatures[made : made + min(part, watch.left)]
                rows = pair.train(1 / here, problem.rates(here), problem.held(here), check)
                made += len(here)
                if watch.note_all(*watched_columns(rows, radius)) and calm_from is not None and made > calm_from:
                    break
            return made

        recorder = Recorder(rules.record_every, lambda: pair.row.tolist())
        made, temperature = recorder.drive(cooling, advance, pair.log_density)
        return np.concatenate([pair.row, made, [around.fate(pair.row, temperature, watch.windows)], recorder.values])

    return run


class PlainPair:
    """Means and samples with all coordinates of a replica, with its own random numbers; v is both's at the start."""

    def __init__(self, problem: SphereProblem, replica: int, variance: float) -> None:
        self._rules, self._weights, self._modes = (
            problem.rules,
            problem.weights,
            as_mixture(problem.target, problem.init.dim),
        )
        self._rng, _ = streams(problem.rules.seed, replica)
        self._radius = problem.target.separation
        draws = self._rng.standard_normal((2, problem.init.dim))
        self.means = self._radius * draws / np.sqrt(np.sum(draws**2, axis=1))[:, None]
        self.variances = np.full(2, variance)
        products = self.means @ self._modes.means[0], self.means[0] @ self.means[1] / self._radius**2
        self.row = np.array([*products[0], products[1], variance, variance])

    def train(
        self, betas: FloatArray, rates: FloatArray, held: FloatArray | None, check: Callable[[], None]
    ) -> Float[np.ndarray, "n 5"]:
        """As `SphereTraining.train`."""
        rows = train_widened(
            self._rng, self.means, self.variances, self._weights, self._radius, self._modes, betas, rates,
            held, self._rules.batch, self._rules.gradient or "plain", check,
        )  # fmt: skip
        rows[:, 2] /= self._radius**2
        self.row = rows[-1]
        return rows

    def log_density(self, count: int) -> Float[np.ndarray, " n"]:
        """As `SphereTraining.log_density`."""
        return plain_log_density(self.means, self._weights, self._modes, self._rng, count, self.variances)


class ReducedPair:
    """The five numbers that the law closes on; arguments as of `PlainPair`."""

    def __init__(self, problem: SphereProblem, replica: int, variance: float) -> None:
        self._target, self._weights = problem.target, problem.weights
        self._score = problem.rules.gradient == "plain"
        self._rng, self._counter = streams(problem.rules.seed, replica)
        self._dim, self._samples = min(float(problem.init.dim), _MOST_DIM), np.empty((ROWS, problem.rules.batch))
        c1, c2, s = uniform_pair(self._dim, self._rng)
        radius = self._target.separation
        self._state = np.array([radius * c1, radius * c2, radius**2 * s, variance, variance])
        self.row = np.array([radius**2 * c1, radius**2 * c2, s, variance, variance])

    def train(
        self, betas: FloatArray, rates: FloatArray, held: FloatArray | None, check: Callable[[], None]
    ) -> Float[np.ndarray, "n 5"]:
        """As `SphereTraining.train`; `check` is left to the caller."""
        radius, rows = self._target.separation, np.empty((len(betas), 5))
        where = self._rng, self._counter, self._state, radius, self._target.half_log_odds, self._dim, self._weights
        if held is None:
            counter = train_on_sphere(*where, betas, rates, self._score, self._samples, rows)
        else:
            counter = train_at_held_variance(*where, betas, rates, held, self._score, self._samples[:4], rows)
        self._counter = np.uint64(counter)
        rows[:, 2] /= radius**2
        self.row = rows[-1]
        return rows

    def log_density(self, count: int) -> Float[np.ndarray, " n"]:
        """As `SphereTraining.log_density`."""
        along, dim = self._state[:2], int(self._dim)
        across = np.sqrt(np.maximum(self._target.separation**2 - along**2, 0.0))
        coordinates, variances = np.array([*along, *across, 0.0]), self._state[3:]
        return reduced_log_density(coordinates, dim, self._weights, self._target, self._rng, count, variances)


def uniform_pair(dim: float, rng: np.random.Generator) -> tuple[float, float, float]:
    """Cosines (with the axis, with the axis, of the pair) of two uniform independent directions in d >= 3 dimensions.

    Each direction has one normal coordinate along the axis; of the second's part across, one along the first's.
    """
    (a, b, c), lengths = rng.standard_normal(3), np.sqrt(2 * rng.standard_gamma([0.5 * (dim - 1), 0.5 * (dim - 2)]))
    first, across = np.hypot(a, lengths[0]), np.hypot(c, lengths[1])
    second = np.hypot(b, across)
    return float(a / first), float(b / second), float((a * b + lengths[0] * c) / (first * second))
