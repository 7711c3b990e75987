"""The collapse probability of slow annealing at a given start, to leading order (theory sections 5 and 6)."""

import math
from typing import Any

import numpy as np

from anneal_theory._types import Exactable, Metric, Objective
from anneal_theory.probability.cap_digits import Chance, cap_chance, erf_chance
from anneal_theory.probability.cap_probability import log_cap, log_erf
from anneal_theory.problem import BimodalTarget, GaussianInit
from anneal_theory.quantities.doors import checked
from anneal_theory.schedules import Schedule
from anneal_theory.threshold.slow.leading_order import leading_threshold


@checked
def probability_at(
    target: BimodalTarget,
    schedule: Schedule,
    dim: int,
    s0: Exactable = 0,
    *,
    large_dim: bool = False,
    objective: Objective = "tempered-target",
    metric: Metric = "euclidean",
    digits: int | None = None,
    certified: bool = False,
) -> Chance:
    """Probability of collapse of a pair of random direction that starts at s0, by the leading-order threshold.

    Args:
        target: Separation and weight.
        schedule: Starts above the critical temperature and cools below it.
        dim: d >= 2.
        s0: Mean overlap at the start.
        large_dim: ``erf(sqrt(d/2) rho_c)`` instead of the incomplete beta function.
        objective: "tempered-target" or "free-energy".
        metric: "euclidean" or "natural".
        digits: None for doubles, else correct relative digits of P and of both logarithms.
        certified: Give balls.

    Raises:
        DomainError: as for `leading_threshold`, or the dimension is below 2.
        PrecisionError: the digits are out of reach.

    Source:
        theory sections 5 and 6.

    Example:
        >>> from anneal_theory.schedules import Exponential
        >>> round(probability_at(BimodalTarget(3, 0.8), Exponential(10, 3000), 128).value, 4)
        0.0453
    """
    size = GaussianInit(dim).dim
    rules = {"objective": objective, "metric": metric}
    if digits is None and not certified:
        threshold = leading_threshold(target, schedule, s0, objective=objective, metric=metric)
        log_rho = np.array([threshold.log_rho])
        parts = log_erf(log_rho + 0.5 * math.log(size / 2)) if large_dim else log_cap(log_rho, size)
        inside, beyond = (float(part[0]) for part in parts)
        return Chance(math.exp(inside), inside, beyond)
    count = 15 if digits is None else digits
    fine: Any = leading_threshold(target, schedule, s0, digits=count + 10, certified=True, **rules)  # type: ignore[arg-type]
    chance = erf_chance if large_dim else cap_chance
    return chance(size, log_rho=fine.log_rho, digits=count, certified=certified)
