"""The batch above which the noise of gradients hardly changes a probability of collapse (theory section 12)."""

import math
from typing import Unpack

from anneal_theory.errors import DomainError
from anneal_theory.fixed_points import AttractorSet
from anneal_theory.probability.noisy import possible_ends_of
from anneal_theory.probability.noisy.by_quantiles import by_quantiles
from anneal_theory.probability.noisy.quantiles import COARSE
from anneal_theory.probability.noisy.stable_steps import require_stable
from anneal_theory.probability.noisy.training_noise import Gradient, noisy_training, require_quantiles
from anneal_theory.problem import BimodalTarget, Dynamics, GaussianInit, SphereInit
from anneal_theory.problem.dynamics import ModelOptions, require_fitting
from anneal_theory.quantities.doors import checked
from anneal_theory.schedules import Schedule

_LARGEST_BATCH = 2**25  # of those that are tried


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
        DomainError: an argument lies outside its domain, no batch up to 2^25 is large enough, or training diverges at
            such steps.

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
    require_stable(target, schedule, training, float(step_size))
    if possible_ends_of(target, training) is not AttractorSet.BOTH:
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
