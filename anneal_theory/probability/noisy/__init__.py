"""Collapse under the noise of gradients: batches and steps of finite size (theory section 12)."""

import math
from collections.abc import Iterable
from typing import Any, Literal, Unpack

import numpy as np

from anneal_theory._types import VarianceLaw
from anneal_theory.errors import SolveError
from anneal_theory.fixed_points import AttractorSet
from anneal_theory.models.free_pair import possible_ends
from anneal_theory.models.verdicts import HEAVY, LIGHT, REVERSED, SPLIT
from anneal_theory.probability.counted import counted_estimate
from anneal_theory.probability.exact.average import certain_estimate, exact_probability
from anneal_theory.probability.noisy.by_quantiles import by_quantiles, told_by_quantiles
from anneal_theory.probability.noisy.first_order import bent_chance, first_order_probability
from anneal_theory.probability.noisy.quantiles import QUICK
from anneal_theory.probability.noisy.simulated import collapsed, noisy_runs
from anneal_theory.probability.noisy.sphere_first_order import first_order_sphere_probability
from anneal_theory.probability.noisy.stable_steps import require_stable
from anneal_theory.probability.noisy.training_noise import (
    SEARCHED_MOVE,
    Gradient,
    noisy_training,
    require_noise,
    require_quantiles,
)
from anneal_theory.probability.sphere.average import sphere_probability
from anneal_theory.problem import BimodalTarget, Dynamics, GaussianInit, SphereInit
from anneal_theory.problem.dynamics import ModelOptions, law_dim, require_fitting, require_law
from anneal_theory.quantities.doors import checked
from anneal_theory.quantities.keywords import refuse_unused
from anneal_theory.results import Estimate, Outcomes
from anneal_theory.schedules import Schedule
from anneal_theory.work import measured

__all__ = ["noisy_collapse_probability", "simulate_noisy_flow"]

_DRAWN = 'method="simulated"', "nothing is drawn here"
_USERS = {"replicas": _DRAWN, "seed": _DRAWN}
_RUNS = 1000
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
    variance_law: VarianceLaw | None = None,
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
        variance_law: Of a trained variance on the sphere: "exact" in the dimension of `init` (the default), or
            "large-dim". By "leading-order" what noise changes is of the latter; 1/d of it is in the error.
        **dynamics: Arguments of `Dynamics`. Unequal weights of free means have "simulated" alone, on the sphere they
            have neither.

    Returns:
        Estimate. The error of "quantiles" is all that noise and steps change, with what a second rule differs by and,
        of free means, what noise of s = (m1 + m2)/2 may change (much where w* is near 1/2 and starts near the unstable
        zero of s decide). That of "leading-order" is how far the next orders may reach, steps being the flow's: by all
        orders of a pair heated at once (the note says where noise may erase alignment); on the sphere an estimate by
        the parts of the shifts, no bound, and what a coarser rule differs by. "simulated" has a standard error.
        `parts`: P without noise, and dP/d(step/batch).

    Raises:
        DomainError: an argument lies outside its domain, the weights differ, or the steps are too many, or so long that
            training diverges.

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
    require_law(training, variance_law)
    refuse_unused({"replicas": replicas, "seed": seed}, set(_USERS) if method == "simulated" else (), _USERS)
    require_stable(target, schedule, training, float(step_size))
    end = possible_ends_of(target, training)
    if end is not AttractorSet.BOTH:
        return certain_estimate(end, method)
    aims = _FLOW_ERRORS[method == "leading-order" :]
    flow = None if method == "simulated" else _without_noise(target, schedule, init, training, aims, variance_law)
    strength, plain = float(step_size) / batch_size, gradient == "plain"
    if method == "leading-order" and flow is not None:
        if isinstance(init, SphereInit):
            given = target, schedule, init, training, strength, flow
            return first_order_sphere_probability(*given, plain=plain, law=variance_law)
        return first_order_probability(target, schedule, init, training, strength, flow, plain=plain)
    steps = batch_size, float(step_size), gradient
    noisy = noisy_training(target, schedule, init, training, *steps, law=variance_law)
    if flow is None:
        count = replicas or _RUNS
        share = float(np.mean(collapsed(noisy_runs(noisy, target, init, training, count, seed or 0)[0])))
        error = math.sqrt(max(share * (1 - share), 1.0 / count) / count)
        return counted_estimate(share, error, method, f"{round(share * count)} of {count} runs collapsed")
    longer = noisy_training(target, schedule, init, training, *steps, SEARCHED_MOVE, variance_law)
    probability, rule_error = told_by_quantiles(noisy, longer, target, init)
    if isinstance(init, GaussianInit):  # on the sphere runs have the noise of m1 + m2
        rule_error += bent_chance(target, schedule, init, training, strength, plain=plain)
    note = f"without noise P = {flow.value:.4g}; the error is what noise and steps change, {rule_error:.1g} of the rule"
    return counted_estimate(probability, abs(probability - flow.value) + flow.error + rule_error, method, note)


def possible_ends_of(target: BimodalTarget, dynamics: Dynamics) -> AttractorSet:
    """Of free means; on the sphere the separations that are treated have both ends."""
    return AttractorSet.BOTH if dynamics.constraint == "sphere" else possible_ends(target, dynamics)


def _without_noise(
    target: BimodalTarget,
    schedule: Schedule,
    init: GaussianInit | SphereInit,
    dynamics: Dynamics,
    aims: Iterable[float],
    law: VarianceLaw | None,
) -> Estimate:
    """The exact probability of the gradient flow, to the first of these aims that its search gets through with."""
    *earlier, last = aims
    for aim in earlier:
        try:
            return _flow_probability(target, schedule, init, dynamics, aim, law)
        except SolveError:  # a coarse search may miss a threshold that a finer one finds
            continue
    return _flow_probability(target, schedule, init, dynamics, last, law)


def _flow_probability(
    target: BimodalTarget, schedule: Schedule, init: GaussianInit | SphereInit, dynamics: Dynamics, aim: float,
    law: VarianceLaw | None,
) -> Estimate:  # fmt: skip
    if isinstance(init, SphereInit):
        return sphere_probability(target, schedule, init, dynamics, aim, law_dim(dynamics, init.dim, law))
    return exact_probability(target, schedule, init, dynamics, aim, large_dim=False)


def quick_chance(
    target: BimodalTarget, schedule: Schedule, init: GaussianInit | SphereInit, *, batch_size: int, step_size: float,
    gradient: Gradient, **dynamics: Unpack[ModelOptions],
) -> float:  # fmt: skip
    """P by quantiles with a rule for searches, which finds alike schedules alike; certain where training is."""
    training = Dynamics(**dynamics)
    end = possible_ends_of(target, training)
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
    variance_law: VarianceLaw | None = None,
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
        variance_law: Of a trained variance on the sphere: "exact" in the dimension of `init` (the default), as training
            has it, or "large-dim".
        **dynamics: Arguments of `Dynamics`, constraint and variance included; on the sphere equal weights.

    Returns:
        Outcomes with the last statistics: s, delta and |Delta_perp| (across) of free means of equal weights, m1, m2,
        s11, s12, s22 of others, m1, m2, pair_overlap and variance on the sphere; `mode_weight` is the weight of the
        means at +mu*.

    Raises:
        DomainError: an argument lies outside its domain, the weights differ, or the steps are too many, or so long that
            training diverges.

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
    require_law(training, variance_law)
    require_stable(target, schedule, training, float(step_size))
    steps = batch_size, float(step_size), gradient
    noisy = noisy_training(target, schedule, init, training, *steps, law=variance_law)
    codes, statistics = noisy_runs(noisy, target, init, training, replicas, seed)
    settings: dict[str, Any] = {"target": repr(target), "schedule": schedule.to_dict(), "init": repr(init)}
    settings |= {
        "dynamics": repr(training),
        "batch_size": batch_size,
        "step_size": float(step_size),
        "gradient": gradient,
        "seed": seed,
    } | ({} if variance_law is None else {"variance_law": variance_law})
    first = training.family_weight
    shares = {HEAVY: 1.0, LIGHT: 0.0, SPLIT: first, REVERSED: 1 - first}  # of the means at +mu*
    weight = np.array([shares[code] for code in codes.tolist()])
    return Outcomes(collapsed(codes), weight, statistics, settings | {"replicas": replicas})
