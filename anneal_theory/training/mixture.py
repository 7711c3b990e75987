r"""Stochastic variational training of a Gaussian mixture with fixed weights, many replicas at once.

The gradient. Component j draws its own batch of B points ``x_jn = mu_j + eps_jn`` (stratified: weights enter exactly).
With the responsibilities r of the family,

    plain:  g_i = w_i mean_n[ grad log q - beta grad log p ](x_in) + sum_j w_j mean_n[ r_i(x_jn) (x_jn - mu_i) ]
    path:   the first term alone (the second, the score, has mean zero: "sticking the landing")

Plain is the derivative in mu_i of ``sum_j w_j mean_n[log q - beta log p](mu_j + eps_jn)``. One step is
``mu_i -= dt P_i g_i``, times T for the free energy.

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

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, replace

import numpy as np
from jaxtyping import Float

from anneal_theory._types import Exactable, FloatArray, Metric, Objective
from anneal_theory.errors import DomainError, SolveError
from anneal_theory.problem import BimodalTarget, Dynamics, GaussianInit, GaussianMixture
from anneal_theory.quantities.doors import checked
from anneal_theory.results import Outcomes
from anneal_theory.schedules import Schedule
from anneal_theory.training.adaptive import AdaAnn, ConstantESS
from anneal_theory.training.mixture_adaptive import (
    Adapted,
    Planned,
    plain_log_density,
    plan,
    reduced_log_density,
    require_cool,
)
from anneal_theory.training.mixture_history import STATISTICS, Recorder, history_of
from anneal_theory.training.mixture_kernels import to_frame, train_reduced
from anneal_theory.training.mixture_plain import as_mixture, train_one
from anneal_theory.training.mixture_rules import HIGHEST_FINAL_TEMPERATURE, Gradient, MixtureRules, Route
from anneal_theory.training.noise_kernels import GOLDEN
from anneal_theory.training.outcome import positive_mass, same_sign
from anneal_theory.training.progress import bar

_CHUNK = 8  # replicas of one task: the progress bar moves, and both cores stay busy until the end
_BLOCK = 8192  # replicas whose tasks wait at once, so that their number costs no memory but that of the results


@checked(target="any_target", schedule="rule")
def train_mixture(
    target: BimodalTarget | GaussianMixture,
    schedule: Schedule | AdaAnn | ConstantESS,
    init: GaussianInit,
    *,
    replicas: int = 1000,
    seed: int = 0,
    batch_size: int = 1000,
    step_size: float | int = 0.05,
    route: Route = "reduced",
    gradient: Gradient = "plain",
    objective: Objective = "tempered-target",
    metric: Metric = "euclidean",
    family_weight: Exactable = 0.5,
    family_weights: Sequence[float] | None = None,
    end_time: float | int | None = None,
    highest_final_temperature: float | int = HIGHEST_FINAL_TEMPERATURE,
    stop_at_rest: bool = True,
    record_every: int | None = None,
    threads: int | None = None,
    progress: bool = False,
) -> Outcomes:
    """Train replicas of a mixture from random starts by annealed reverse KL and tell which of them collapse.

    Args:
        target: Two modes; or any mixture, on the plain route.
        schedule: Temperature at time ``i * step_size`` of step i; or an adaptive rule, which cools each replica by the
            target's log-density at samples of its own, and needs an `end_time`.
        init: Law of the initial means.
        replicas: Independent runs.
        seed: Non-negative; replica i has the i-th stream of it, whatever the number of threads or replicas.
        batch_size: Samples a component and step, at least 2.
        step_size: Time of gradient flow that one step makes, > 0.
        route: "reduced" (the law of the stochastic run at a cost free of d), "plain" (every sample has d coordinates)
            or "exact" (no sampling noise: expectations by the trapezoidal rule).
        gradient: "plain" (the derivative of the estimated loss) or "path" (without its score term).
        objective: "tempered-target" or "free-energy".
        metric: "euclidean" or "natural".
        family_weight: w1 of two components.
        family_weights: Weights of K components instead, on the plain route.
        end_time: Longest time of a run; 200 after T is below 1.01 unless given.
        highest_final_temperature: Temperature that the last step may have at most.
        stop_at_rest: End a run where T <= 1.05 and the averages over windows of 10 units of time of m1/R, m2/R and
            |mu_1 - mu_2| change by less than 0.02 R, 0.02 R and 0.02. A passage slower than that counts as rest.
        record_every: Steps between two records of the statistics of two components; none unless given. A run that is
            recorded makes all its steps.
        threads: One a processor unless given.
        progress: Show a bar on the standard error.

    Returns:
        For two modes and components `collapsed` is the sign test m1 m2 > 0, `mode_weight` the mass nearer to +mu*, and
        the statistics are m1, m2, s11, s12, s22 and the steps made. For any other numbers collapsed means that fewer
        modes are nearest to a component than could be, and `mode_weight` is the weight of the components nearest to
        the first mode. The history, where one is recorded, has step, temperature and the five statistics, shape
        (records, replicas). An adaptive rule adds final_temperature and cooling_time, the time at which T = 1 was
        reached.

    Raises:
        DomainError: an argument lies outside its domain.
        SolveError: a run diverged, or an adaptive rule ends above the highest final temperature.

    Source:
        theory sections 1 and 3.

    Example:
        >>> from anneal_theory.schedules import Constant
        >>> found = train_mixture(BimodalTarget(3, 0.8), Constant(1), GaussianInit(128), replicas=20, batch_size=100)
        >>> found.count > 15
        True
    """
    rules = MixtureRules(
        replicas, seed, batch_size, step_size, route, gradient, end_time, highest_final_temperature, stop_at_rest,
        record_every,
    )  # fmt: skip
    dynamics = Dynamics(objective, metric, family_weight)
    weights = _weights(target, dynamics, family_weights, route)
    if route == "plain":
        rules.require_room(init.dim, len(weights) * batch_size)
    cooling = plan(schedule, rules)
    settings = asdict(rules) | {"target": repr(target), "schedule": schedule.to_dict(), "init": repr(init)}
    settings |= {"objective": objective, "metric": metric, "weights": weights}
    two = isinstance(target, BimodalTarget) and len(weights) == 2
    if record_every is not None and not two:
        raise DomainError.of("record_every", "left out for a general mixture", record_every, "it records m1, m2 ...")
    if route == "plain":
        run = _plain_run(as_mixture(target, init.dim), cooling, init, weights, dynamics, rules, two)
    else:
        assert isinstance(target, BimodalTarget)  # `_weights` refuses other targets
        run = _reduced_run(target, cooling, init, weights, dynamics, rules)
    ends = _all_runs(run, rules, threads, progress)
    diverged = np.flatnonzero(~np.all(np.isfinite(ends), axis=1))
    if diverged.size:
        raise SolveError(f"{diverged.size} runs diverged, replica {diverged[0]} first; halve step_size={step_size}.")
    width = (5 if two else len(weights)) + (3 if isinstance(cooling, Adapted) else 1)
    if isinstance(cooling, Adapted):
        require_cool(ends[:, width - 2], float(highest_final_temperature))
    found = _outcomes(ends[:, :width], target, weights, settings, two)
    return replace(found, history=history_of(ends[:, width:]))


def _weights(
    target: BimodalTarget | GaussianMixture, dynamics: Dynamics, given: Sequence[float] | None, route: Route
) -> FloatArray:
    if given is not None and not dynamics.equal_weights:
        raise DomainError.of("family_weights", "left out with family_weight", given, "give one of both")
    if route != "plain" and (given is not None or not isinstance(target, BimodalTarget)):
        raise DomainError.of("route", "'plain' for a general mixture", route, "the other routes need two modes")
    if given is None:
        return np.array([dynamics.family_weight, 1 - dynamics.family_weight])
    return GaussianMixture(np.zeros((len(given), 1)), given).weights


def _reduced_run(
    target: BimodalTarget, cooling: Planned | Adapted, init: GaussianInit, weights: FloatArray, dynamics: Dynamics,
    rules: MixtureRules,
) -> Callable[[int], FloatArray]:  # fmt: skip
    nodes, masses = quadrature(max(target.separation, 6 * init.scale * init.dim**0.5))
    batch, dim = 0 if rules.route == "exact" else rules.batch_size, min(init.dim, 2**62)

    def run(replica: int) -> FloatArray:
        rng, counter = streams(rules.seed, replica)
        state = initial_state(init, rng)

        def advance(temperatures: FloatArray, window: int, calm: int) -> int:
            nonlocal counter
            steps = train_reduced(
                rng, counter, state, dim, target.separation, target.half_log_odds, weights,
                *_loss(temperatures, dynamics), dynamics.metric == "natural", float(rules.step_size),
                rules.gradient == "plain", batch, nodes, masses, window, calm,
            )  # fmt: skip
            counter = np.uint64((int(counter) + 2 * batch * steps * int(GOLDEN)) % 2**64)  # past the noise of these
            return int(steps)

        def statistics() -> list[float]:
            first, second = np.array([state[0], state[2], state[4]]), np.array([state[1], state[3], state[4]])
            gram = [first @ first, first @ second, second @ second]
            return [target.separation * state[0], target.separation * state[1], *gram]

        recorder = Recorder(rules.record_every, statistics)
        made = recorder.drive(cooling, advance, lambda n: reduced_log_density(state, dim, weights, target, rng, n))
        return np.concatenate([statistics(), made, recorder.values])

    return run


def _plain_run(
    target: GaussianMixture, cooling: Planned | Adapted, init: GaussianInit, weights: FloatArray, dynamics: Dynamics,
    rules: MixtureRules, two: bool,
) -> Callable[[int], FloatArray]:  # fmt: skip
    rates = (1 / weights if dynamics.metric == "natural" else np.ones(len(weights))) * float(rules.step_size)
    axis = target.means[0]

    def run(replica: int) -> FloatArray:
        rng, _ = streams(rules.seed, replica)
        means = init.scale * rng.standard_normal((len(weights), init.dim))

        def advance(temperatures: FloatArray, window: int, calm: int) -> int:
            betas, scales = _loss(temperatures, dynamics)
            return train_one(rng, means, weights, target, betas, scales, rates, rules, window, calm)

        def statistics() -> list[float]:
            if two:
                (m1, m2), gram = means @ axis, means @ means.T
                return [m1, m2, gram[0, 0], gram[0, 1], gram[1, 1]]
            return [float(mode) for mode in np.argmin(np.sum((means[:, None] - target.means) ** 2, axis=2), axis=1)]

        recorder = Recorder(rules.record_every, statistics)
        made = recorder.drive(cooling, advance, lambda n: plain_log_density(means, weights, target, rng, n))
        return np.concatenate([statistics(), made, recorder.values])

    return run


def _loss(temperatures: FloatArray, dynamics: Dynamics) -> tuple[FloatArray, FloatArray]:
    free = dynamics.objective == "free-energy"
    return 1 / temperatures, temperatures if free else np.ones_like(temperatures)


def _all_runs(run: Callable[[int], FloatArray], rules: MixtureRules, threads: int | None, shown: bool) -> FloatArray:
    def chunk(start: int) -> FloatArray:
        return np.array([run(i) for i in range(start, min(start + _CHUNK, rules.replicas))])

    with ThreadPoolExecutor(threads or os.cpu_count()) as pool, bar(shown, rules.replicas) as advance:
        blocks = []
        for first in range(0, rules.replicas, _BLOCK):
            parts = []
            for part in pool.map(chunk, range(first, min(first + _BLOCK, rules.replicas), _CHUNK)):
                parts.append(part)
                advance(len(part))
            blocks.append(np.concatenate(parts))
    return np.concatenate(blocks)


def _outcomes(
    ends: FloatArray, target: BimodalTarget | GaussianMixture, weights: FloatArray, settings: dict[str, object],
    two: bool,
) -> Outcomes:  # fmt: skip
    count = 5 if two else len(weights)
    made = dict(zip(("steps", "final_temperature", "cooling_time"), ends[:, count:].T.copy(), strict=False))
    if two and isinstance(target, BimodalTarget):
        statistics = dict(zip(STATISTICS, ends[:, :count].T.copy(), strict=True)) | made
        mass = positive_mass(ends[:, :2], target.separation, weights)
        return Outcomes(same_sign(ends[:, 0], ends[:, 1]), mass, statistics, settings)
    modes = 2 if isinstance(target, BimodalTarget) else len(target.weights)
    nearest = ends[:, :count]
    reached = np.array([len(set(row)) for row in nearest])
    statistics = {f"nearest_mode_{i + 1}": nearest[:, i].copy() for i in range(count)} | made
    return Outcomes(reached < min(modes, count), (nearest == 0) @ weights, statistics, settings)


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
