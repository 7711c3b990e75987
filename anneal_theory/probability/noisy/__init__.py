"""Collapse under the noise of gradients: batches and steps of finite size (theory section 12)."""

import math
from collections.abc import Iterable
from typing import Any, Literal, Unpack

import numpy as np

from anneal_theory.errors import DomainError, SolveError
from anneal_theory.fixed_points import AttractorSet
from anneal_theory.models.free_pair import possible_ends
from anneal_theory.models.verdicts import HEAVY, LIGHT, REVERSED, SPLIT
from anneal_theory.probability.counted import counted_estimate
from anneal_theory.probability.exact.average import certain_estimate, exact_probability
from anneal_theory.probability.noisy.by_quantiles import by_quantiles, told_by_quantiles
from anneal_theory.probability.noisy.first_order import bent_chance, first_order_probability
from anneal_theory.probability.noisy.quantiles import COARSE, QUICK
from anneal_theory.probability.noisy.simulated import collapsed, noisy_runs
from anneal_theory.probability.noisy.sphere_first_order import first_order_sphere_probability
from anneal_theory.probability.noisy.training_noise import (
    SEARCHED_MOVE,
    Gradient,
    noisy_training,
    require_noise,
    require_quantiles,
)
from anneal_theory.probability.sphere.average import sphere_probability
from anneal_theory.problem import BimodalTarget, Dynamics, GaussianInit, SphereInit
from anneal_theory.problem.dynamics import ModelOptions, law_dim, require_fitting
from anneal_theory.quantities.doors import checked
from anneal_theory.quantities.keywords import refuse_unused
from anneal_theory.results import Estimate, Outcomes
from anneal_theory.schedules import Schedule
from anneal_theory.work import measured

__all__ = ["noisy_collapse_probability", "safe_batch_size", "simulate_noisy_flow"]

_DRAWN = 'method="simulated"', "nothing is drawn here"
_USERS = {"replicas": _DRAWN, "seed": _DRAWN}
_RUNS = 1000
_LARGEST_BATCH = 2**25  # of those that are tried
_FLOW_ERRORS = 1e-2, 1e-4  # aims of the exact probability that the one with noise is set beside


@measured
@checked(method="noisy_method", batch_size="noise_batch", init="initial_law")
def noisy_collapse_probability(
    target: BimodalTarget,
    schedule: Schedule,
    init: GaussianInit | SphereInit,
    *,
    batch_size: int,
    step_size: float | int = 0.05,
    gradient: Gradient = "plain",
    method: Literal["quantiles", "leading-order", "simulated"] = "quantiles",
    replicas: int | None = None,
    seed: int | None = None,
    **dynamics: Unpack[ModelOptions],
) -> Estimate:
    """Probability that training with batches and steps of finite size ends with both means at one mode.

    Where `collapse_probability` is that of the gradient flow, this one has the noise of the gradient in it, whose
    covariance is derived: the alignment that free means store is diluted by noise in all d directions.

    Args:
        target: Separation and weight.
        schedule: Annealing schedule ending at temperature 1; step i sees the temperature at ``i * step_size``.
        init: Dimension and variance of the initial means; `SphereInit` where ``constraint="sphere"``.
        batch_size: Samples of each component in each step, at least 2.
        step_size: Time of gradient flow that one step makes, > 0.
        gradient: "plain" (the derivative of the estimated loss) or "path" (without its score term).
        method: "quantiles" (to leading order in noise that is small against delta where that is no longer small; no
            random numbers), "leading-order" (first order in step_size/batch_size about the gradient flow, from what
            noise does along the runs on the separatrix; in seconds; on the sphere from dim = 4 on), or "simulated"
            (counts runs of the reduced stochastic equation, which holds beyond).
        replicas: Runs of "simulated", 1000 unless given.
        seed: Of the draws, 0 unless given.
        **dynamics: Arguments of `Dynamics`; what noise does to a trained variance's runs is by its law in large
            dimension. Unequal weights of free means have "simulated" alone, on the sphere they have neither.

    Returns:
        Estimate. The error of "quantiles" is all that noise and steps change, with what a second rule differs by and,
        of free means, what noise of s = (m1 + m2)/2 may change (much where w* is near 1/2 and starts near the unstable
        zero of s decide). That of "leading-order" is how far the next orders may reach, steps being the flow's: by all
        orders of a pair heated at once (the note says where noise may erase alignment); on the sphere an estimate by
        the parts of the shifts, no bound, and what a coarser rule differs by. "simulated" has a standard error.
        `parts`: P without noise, and dP/d(step/batch).

    Raises:
        DomainError: an argument lies outside its domain, the weights differ, or the steps are too many.

    Source:
        theory section 12.

    Example:
        >>> from anneal_theory.schedules import Hold
        >>> from anneal_theory.probability import collapse_probability
        >>> problem = BimodalTarget(3, 0.8), Hold(8, 60), GaussianInit(128)
        >>> noisy = noisy_collapse_probability(*problem, batch_size=20, gradient="path")
        >>> noisy.value > collapse_probability(*problem).value + 0.01
        True
    """
    training = Dynamics(**dynamics)
    require_fitting(init, training)
    (require_noise if method == "simulated" else require_quantiles)(training)
    refuse_unused({"replicas": replicas, "seed": seed}, set(_USERS) if method == "simulated" else (), _USERS)
    end = _possible_ends(target, training)
    if end is not AttractorSet.BOTH:
        return certain_estimate(end, method)
    aims = _FLOW_ERRORS[method == "leading-order" :]
    flow = None if method == "simulated" else _without_noise(target, schedule, init, training, aims)
    strength, plain = float(step_size) / batch_size, gradient == "plain"
    if method == "leading-order" and flow is not None:
        if isinstance(init, SphereInit):
            return first_order_sphere_probability(target, schedule, init, training, strength, flow, plain=plain)
        return first_order_probability(target, schedule, init, training, strength, flow, plain=plain)
    noisy = noisy_training(target, schedule, init, training, batch_size, float(step_size), gradient)
    if flow is None:
        count = replicas or _RUNS
        share = float(np.mean(collapsed(noisy_runs(noisy, target, init, training, count, seed or 0)[0])))
        error = math.sqrt(max(share * (1 - share), 1.0 / count) / count)
        return counted_estimate(share, error, method, f"{round(share * count)} of {count} runs collapsed")
    longer = noisy_training(target, schedule, init, training, batch_size, float(step_size), gradient, SEARCHED_MOVE)
    value, rule_error = told_by_quantiles(noisy, longer, target, init)
    if isinstance(init, GaussianInit):  # on the sphere runs have the noise of m1 + m2
        rule_error += bent_chance(target, schedule, init, training, strength, plain=plain)
    note = f"without noise P = {flow.value:.4g}; the error is what noise and steps change, {rule_error:.1g} of the rule"
    return counted_estimate(value, abs(value - flow.value) + flow.error + rule_error, method, note)


def _possible_ends(target: BimodalTarget, dynamics: Dynamics) -> AttractorSet:
    """Of free means; on the sphere the separations that are treated have both ends."""
    return AttractorSet.BOTH if dynamics.constraint == "sphere" else possible_ends(target, dynamics)


def _without_noise(
    target: BimodalTarget,
    schedule: Schedule,
    init: GaussianInit | SphereInit,
    dynamics: Dynamics,
    aims: Iterable[float],
) -> Estimate:
    """The exact probability of the gradient flow, to the first of these aims that its search gets through with."""
    *earlier, last = aims
    for aim in earlier:
        try:
            return _flow_probability(target, schedule, init, dynamics, aim)
        except SolveError:  # a coarse search may miss a threshold that a finer one finds
            continue
    return _flow_probability(target, schedule, init, dynamics, last)


def _flow_probability(
    target: BimodalTarget, schedule: Schedule, init: GaussianInit | SphereInit, dynamics: Dynamics, aim: float
) -> Estimate:
    if isinstance(init, SphereInit):
        return sphere_probability(target, schedule, init, dynamics, aim, law_dim(dynamics, init.dim))
    return exact_probability(target, schedule, init, dynamics, aim, large_dim=False)


def quick_chance(
    target: BimodalTarget, schedule: Schedule, init: GaussianInit | SphereInit, *, batch_size: int, step_size: float,
    gradient: Gradient, **dynamics: Unpack[ModelOptions],
) -> float:  # fmt: skip
    """P by quantiles with a rule for searches, which finds alike schedules alike; certain where training is."""
    training = Dynamics(**dynamics)
    end = _possible_ends(target, training)
    if end is not AttractorSet.BOTH:
        return float(certain_estimate(end, "quantiles").value)
    noisy = noisy_training(target, schedule, init, training, batch_size, step_size, gradient, SEARCHED_MOVE)
    return by_quantiles(noisy, target, init, QUICK).value


@checked(batch_size="noise_batch", init="initial_law")
def simulate_noisy_flow(
    target: BimodalTarget,
    schedule: Schedule,
    init: GaussianInit | SphereInit,
    *,
    batch_size: int,
    step_size: float | int = 0.05,
    gradient: Gradient = "plain",
    replicas: int = 1000,
    seed: int = 0,
    **dynamics: Unpack[ModelOptions],
) -> Outcomes:
    """Runs of the reduced stochastic equation: training in its summary statistics with the noise that is derived.

    A run costs the same in every dimension and for every batch. Noise is Gaussian and exact across the axes; along
    them the labels of family and target are taken as uncorrelated, which is exact where delta = 0. On the sphere every
    step ends there, as in training; both components share one variance, whose own noise is left out.

    Args:
        target: Separation and weight.
        schedule: Annealing schedule ending at temperature 1.
        init: Dimension and variance of the initial means; `SphereInit` where ``constraint="sphere"``.
        batch_size: Samples of each component in each step, at least 2.
        step_size: Time of gradient flow that one step makes, > 0. Steps shorter than 0.05 are made several at once.
        gradient: "plain" or "path", as in training.
        replicas: Number of runs.
        seed: Non-negative; replica i has the i-th stream of it.
        **dynamics: Arguments of `Dynamics`, constraint and variance included; on the sphere equal weights.

    Returns:
        Outcomes with the last statistics: s, delta and |Delta_perp| (across) of free means of equal weights, m1, m2,
        s11, s12, s22 of others, m1, m2, pair_overlap and variance on the sphere; `mode_weight` is the weight of the
        means at +mu*.

    Raises:
        DomainError: an argument lies outside its domain, the weights differ, or the steps are too many.

    Source:
        theory section 12.

    Example:
        >>> from anneal_theory.schedules import Constant
        >>> problem = BimodalTarget(3, 0.8), Constant(1), GaussianInit(128)
        >>> simulate_noisy_flow(*problem, batch_size=100, replicas=50).count > 40
        True
    """
    training = Dynamics(**dynamics)
    require_fitting(init, training)
    require_noise(training)
    noisy = noisy_training(target, schedule, init, training, batch_size, float(step_size), gradient)
    codes, statistics = noisy_runs(noisy, target, init, training, replicas, seed)
    settings: dict[str, Any] = {"target": repr(target), "schedule": schedule.to_dict(), "init": repr(init)}
    settings |= {
        "dynamics": repr(training),
        "batch_size": batch_size,
        "step_size": float(step_size),
        "gradient": gradient,
        "seed": seed,
    }
    first = training.family_weight
    shares = {HEAVY: 1.0, LIGHT: 0.0, SPLIT: first, REVERSED: 1 - first}  # of the means at +mu*
    weight = np.array([shares[code] for code in codes.tolist()])
    return Outcomes(collapsed(codes), weight, statistics, settings | {"replicas": replicas})


@checked(init="initial_law")
def safe_batch_size(
    target: BimodalTarget,
    schedule: Schedule,
    init: GaussianInit | SphereInit,
    *,
    step_size: float | int = 0.05,
    gradient: Gradient = "plain",
    most_excess: float = 0.1,
    **dynamics: Unpack[ModelOptions],
) -> int:
    """The batch above which noise hardly changes a schedule's probability of collapse.

    Args:
        target: Separation and weight.
        schedule: Annealing schedule ending at temperature 1.
        init: Dimension and variance of the initial means; `SphereInit` where ``constraint="sphere"``.
        step_size: Time of gradient flow that one step makes, > 0; what matters is step_size/batch_size.
        gradient: "plain" or "path".
        most_excess: By what share of its value noise may raise the probability, in (0, 1).
        **dynamics: Arguments of `Dynamics`, constraint and variance included; the family's weights have to be equal.

    Returns:
        The smallest batch, to two digits, from which on the probability by quantiles exceeds that of noiseless steps by
        at most this share; 2 where every batch will do.

    Raises:
        DomainError: an argument lies outside its domain, or no batch up to 2^25 is large enough.

    Source:
        theory section 12.

    Example:
        >>> from anneal_theory.schedules import Hold
        >>> safe_batch_size(BimodalTarget(3, 0.8), Hold(8, 60), GaussianInit(128)) < 100
        True
    """
    training = Dynamics(**dynamics)
    require_fitting(init, training)
    require_quantiles(training)
    if _possible_ends(target, training) is not AttractorSet.BOTH:
        return 2

    def chance(batch: int) -> float:
        noisy = noisy_training(target, schedule, init, training, batch, float(step_size), gradient)
        return by_quantiles(noisy, target, init, COARSE).value

    limit = (1.0 + most_excess) * chance(10**15)
    safe, unsafe = _LARGEST_BATCH, 0
    if chance(safe) > limit:
        what = f"small enough for a batch of {_LARGEST_BATCH} to be safe"
        raise DomainError.of(
            "step_size", what, step_size, "use smaller steps, or a schedule that keeps the means apart"
        )
    while safe > 2 and not unsafe:  # from above: noise that erases everything may do so unevenly
        smaller = max(safe // 8, 2)
        safe, unsafe = (smaller, 0) if chance(smaller) <= limit else (safe, smaller)
    while unsafe and safe > 1.05 * unsafe and safe - unsafe > 1:
        middle = max(min(round(math.sqrt(safe * unsafe)), safe - 1), unsafe + 1)
        safe, unsafe = (middle, unsafe) if chance(middle) <= limit else (safe, middle)
    return safe
