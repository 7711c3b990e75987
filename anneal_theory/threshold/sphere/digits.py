"""The exact threshold on the sphere to any number of digits (theory section 11)."""

import math
from collections.abc import Callable
from dataclasses import replace

from anneal_theory._types import Exactable
from anneal_theory.digits import accepted_digits
from anneal_theory.exact import exact
from anneal_theory.problem import BimodalTarget, Dynamics
from anneal_theory.results import Estimate
from anneal_theory.schedules import Schedule
from anneal_theory.schedules.series import pieces
from anneal_theory.threshold.digits.any_digits import settled_threshold
from anneal_theory.threshold.digits.sphere_separatrix import SphereSeparatrix
from anneal_theory.threshold.sphere.exact import sphere_threshold

PRACTICAL_DIGITS = 100
_SECONDS, _POWER = 6.0, 1.7  # at 50 digits, and how they grow; 1.2 to 2.9 s were measured at 24 (T0 = 90, t0 = 35)


def sphere_threshold_cost(digits: int) -> float:
    """Rough seconds that x_c takes to so many digits, for a schedule of some tens of units of time."""
    return float(_SECONDS * (0.1 + 0.9 * (digits / 50) ** _POWER))


def sphere_threshold_at_digits(
    target: BimodalTarget, schedule: Schedule, dynamics: Dynamics, pair_overlap: Exactable, mean_cosine: Exactable, *,
    digits: int, dim: float = math.inf, allow_slow: bool = False,
    tell: Callable[[str, float], None] = lambda what, share: None,
) -> Estimate:  # fmt: skip
    """x_c with so many digits; arguments as of `sphere_threshold`.

    Estimate with ``mpf`` numbers, doubles where x_c is 0 or infinite. More than 100 digits, or a run of more than 2500
    power series, have to be allowed. Source: theory section 11.
    """
    count = accepted_digits(digits, PRACTICAL_DIGITS, sphere_threshold_cost, allow_slow)
    pieces(schedule)  # refuses what has no closed form before anything is computed
    rough = sphere_threshold(target, schedule, dynamics, pair_overlap, mean_cosine, dim)
    if not math.isfinite(rough.log_value):
        return replace(rough, digits=count)
    start = exact(pair_overlap, "pair_overlap"), exact(mean_cosine, "mean_cosine")
    model = SphereSeparatrix(target, schedule, dynamics, *start, dim)
    return settled_threshold(model, schedule, count, rough.log_value, tell, allow_slow)
