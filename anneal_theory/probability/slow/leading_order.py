"""The collapse probability of slow annealing at a given start, to leading order (theory sections 5 and 6)."""

import math

import numpy as np

from anneal_theory._types import Exactable
from anneal_theory.balls import DEFAULT_DIGITS
from anneal_theory.digits import checked_digits
from anneal_theory.probability.cap_digits import cap_chance
from anneal_theory.probability.cap_probability import log_cap
from anneal_theory.problem import BimodalTarget, Dynamics
from anneal_theory.quantities.doors import checked
from anneal_theory.results import Estimate
from anneal_theory.schedules import Schedule
from anneal_theory.threshold.slow.leading_order import leading_estimate, leading_threshold

_SPARE_DIGITS = 10


@checked
def leading_probability(
    target: BimodalTarget, schedule: Schedule, dim: int, s0: Exactable, dynamics: Dynamics, digits: int | None = None,
    certified: bool = False,
) -> Estimate:  # fmt: skip
    """P of a pair of random direction that starts at s0, by the leading-order threshold (theory sections 5 and 6)."""
    if digits is None and not certified:
        log_rho = leading_threshold(target, schedule, s0, dynamics).log_value
        inside, beyond = (float(part[0]) for part in log_cap(np.array([log_rho]), dim))
        return leading_estimate(math.exp(inside), inside, beyond, None)
    count = DEFAULT_DIGITS if digits is None else checked_digits(digits)
    log_rho = leading_threshold(target, schedule, s0, dynamics, count + _SPARE_DIGITS, certified=True).log_value
    chance = cap_chance(dim, log_rho=log_rho, digits=count, certified=certified)
    return leading_estimate(chance.value, chance.log_value, chance.log_complement, count)
