r"""The routes of a mixture's training: one replica from its start to its end, in five coordinates or in all.

The reduced route has the same law. Take the two-mode target, two components, and axes e1 along mu*, e2 along the part
of ``Delta = mu_1 - mu_2`` perpendicular to it.

(a) r depends on eps through ``Delta . eps``, and ``grad log p(x) + x`` through ``mu* . eps``: through the coordinates
along e1 and e2. Those are drawn for each sample, so the gradient in their plane is computed as it stands.
(b) Perpendicular to the plane g_i is ``w_i beta mu_i`` plus a linear combination of the eps whose coefficients depend
on those coordinates alone: given them, the pair (g_1, g_2) along each of the other d - 2 directions is an independent
centred Gaussian with one 2 x 2 covariance S, the same for all (`perpendicular_covariance`).
(c) One of these directions is e3, in the space of both means. Along the d - 3 others the means are zero, and the pairs
of noise add a Wishart matrix W(S, d - 3) to the Gram matrix of the perpendicular parts.
(d) Loss, noise and start are invariant under rotations about mu*, so what follows depends on the new means through
(m1, m2, Gram matrix of the perpendicular parts) alone: new axes are chosen for it, and the next step starts as this one
did. Hence a step costs the same in every dimension.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from anneal_theory._types import FloatArray
from anneal_theory.problem import BimodalTarget, Dynamics, GaussianInit, GaussianMixture
from anneal_theory.training.fates import Surroundings, Watch, surroundings
from anneal_theory.training.mixture_adaptive import Adapted, Planned, plain_log_density, reduced_log_density
from anneal_theory.training.mixture_history import Recorder
from anneal_theory.training.mixture_kernels import (
    BEFORE,
    COUNT,
    LAST,
    RESTING,
    SPREAD,
    WATCHED,
    to_frame,
    train_reduced,
)
from anneal_theory.training.mixture_plain import train_one
from anneal_theory.training.mixture_rules import MixtureRules
from anneal_theory.training.noise_kernels import GOLDEN
from anneal_theory.training.replicas import Run

_PART = 2**22  # samples between two looks at whether the run shall end: a few hundredths of a second


@dataclass(frozen=True)
class MixtureProblem:
    """What is trained, and how."""

    modes: GaussianMixture
    init: GaussianInit
    weights: FloatArray
    dynamics: Dynamics
    rules: MixtureRules

    @property
    def rates(self) -> FloatArray:
        """Step sizes of the components."""
        natural = self.dynamics.metric == "natural"
        return np.asarray(float(self.rules.step_size) * (1 / self.weights if natural else np.ones(len(self.weights))))

    def loss(self, temperatures: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Factors of the target's log-density and of the whole loss."""
        free = self.dynamics.objective == "free-energy"
        return 1 / temperatures, temperatures if free else np.ones_like(temperatures)

    @property
    def surroundings(self) -> Surroundings:
        """Where a decided run may end."""
        modes, batch = self.modes, self.rules.batch
        return surroundings(modes.means, modes.variance, self.weights, self.rates, batch, self.init.dim)


def reduced_run(problem: MixtureProblem, cooling: Planned | Adapted, target: BimodalTarget) -> Run:
    """Runs in the five coordinates, or without noise, of two components on two modes."""
    rules, init, weights = problem.rules, problem.init, problem.weights
    nodes, masses = quadrature(max(target.separation, 6 * init.scale * init.dim**0.5))
    batch, dim = rules.batch, min(init.dim, 2**62)
    around, part = problem.surroundings, max(1, _PART // (2 * (batch or nodes.size)))
    natural, window = problem.dynamics.metric == "natural", rules.window

    def run(replica: int, check: Callable[[], None]) -> FloatArray:
        rng, counter = streams(rules.seed, replica)
        state, watch = initial_state(init, rng), np.zeros(WATCHED)
        watch[LAST:RESTING] = np.nan

        def advance(temperatures: FloatArray, calm_from: int | None) -> int:
            nonlocal counter
            made, calm = 0, len(temperatures) if calm_from is None else calm_from
            watch[RESTING] = 0
            if calm_from is not None:
                watch[COUNT:LAST] = 0  # windows are counted from here
            while made < len(temperatures):
                check()
                here = temperatures[made : made + part]
                steps = train_reduced(
                    rng, counter, state, dim, target.separation, target.half_log_odds, weights, *problem.loss(here),
                    natural, float(rules.step_size), rules.gradient == "plain", batch, nodes, masses, window,
                    calm - made, watch,
                )  # fmt: skip
                counter = np.uint64((int(counter) + 2 * batch * steps * int(GOLDEN)) % 2**64)  # past their noise
                made += int(steps)
                if watch[RESTING]:
                    break
            return made

        def statistics() -> list[float]:
            first, second = np.array([state[0], state[2], state[4]]), np.array([state[1], state[3], state[4]])
            gram = [first @ first, first @ second, second @ second]
            return [target.separation * state[0], target.separation * state[1], *gram]

        recorder = Recorder(rules.record_every, statistics)
        made, temperature = recorder.drive(
            cooling, advance, lambda n: reduced_log_density(state, dim, weights, target, rng, n)
        )
        numbers = statistics()
        windows = [_both(watch[entry : entry + 2]) for entry in (LAST, SPREAD, BEFORE)]
        fate = around.fates(
            _both(state[:2]), np.sqrt([numbers[2], numbers[4]]), temperature, windows[0], abs(windows[1]), windows[2]
        )
        return np.concatenate([numbers, made, [fate], recorder.values])

    return run


def _both(overlaps: FloatArray) -> FloatArray:
    """Overlaps with both modes from those with the first."""
    return np.stack([overlaps, -overlaps], axis=-1)


def plain_run(problem: MixtureProblem, cooling: Planned | Adapted, two: bool) -> Run:
    """Runs of samples with all coordinates; with `two` components on two modes there are m1, m2, s11, s12, s22."""
    rules, target, weights, rates = problem.rules, problem.modes, problem.weights, problem.rates
    around = problem.surroundings
    axes = target.means.T / around.reach

    def run(replica: int, check: Callable[[], None]) -> FloatArray:
        rng, _ = streams(rules.seed, replica)
        means = problem.init.scale * rng.standard_normal((len(weights), problem.init.dim))
        watch = Watch(rules.window, around.reach)

        def advance(temperatures: FloatArray, calm_from: int | None) -> int:
            if calm_from is not None:
                watch.restart()
            factors = problem.loss(temperatures)
            return train_one(rng, means, weights, target, *factors, rates, rules, watch, calm_from, check)

        def statistics() -> list[float]:
            if two:
                (m1, m2), gram = means @ target.means[0], means @ means.T
                return [m1, m2, gram[0, 0], gram[0, 1], gram[1, 1]]
            return [float(mode) for mode in np.argmin(np.sum((means[:, None] - target.means) ** 2, axis=2), axis=1)]

        recorder = Recorder(rules.record_every, statistics)
        made, temperature = recorder.drive(
            cooling, advance, lambda n: plain_log_density(means, weights, target, rng, n)
        )
        lengths = np.sqrt(np.sum(means**2, axis=1))
        fate = around.fates(means @ axes, lengths, temperature, watch.last, watch.spread, watch.before)
        return np.concatenate([statistics(), made, [fate], recorder.values])

    return run


def streams(seed: int, replica: int) -> tuple[np.random.Generator, np.uint64]:
    """The random streams of one replica: a generator, and the counter of `noise_kernels`."""
    own = np.random.SeedSequence(seed, spawn_key=(replica,))
    return np.random.Generator(np.random.SFC64(own)), np.uint64(own.generate_state(2, np.uint64)[1])


def initial_state(init: GaussianInit, rng: np.random.Generator) -> Float[np.ndarray, "5"]:
    """Draw the state of the reduced route: overlaps are Gaussian, the perpendicular Gram matrix Wishart (Bartlett)."""
    c1, c2, cross = init.scale * rng.standard_normal(3)
    lengths = init.scale * np.sqrt(2 * rng.standard_gamma([0.5 * (init.dim - 1), 0.5 * max(init.dim - 2, 0)]))
    state = np.empty(5)
    to_frame(c1, c2, lengths[0] ** 2, lengths[0] * cross, cross**2 + lengths[1] ** 2, min(init.dim, 2**62), state)
    return state


def quadrature(scale: float) -> tuple[FloatArray, FloatArray]:
    """Trapezoidal rule for Gaussian averages of functions of ``scale * z``: nodes to 8.5 deviations, and masses."""
    step = 0.25 / max(scale, 1.5)
    last = int(8.5 / step) + 1
    nodes = step * np.arange(-last, last + 1, dtype=np.float64)
    masses = np.exp(-0.5 * nodes**2)
    return nodes, np.asarray(masses / masses.sum(), dtype=np.float64)
