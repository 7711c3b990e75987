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
    """Rough seconds that x_c takes to so many digits, for a schedule of some tens of units of time.

    Example:
        >>> sphere_threshold_cost(20) < 60 < sphere_threshold_cost(1000)
        True
    """
    return float(_SECONDS * (0.1 + 0.9 * (digits / 50) ** _POWER))


def sphere_threshold_at_digits(
    target: BimodalTarget, schedule: Schedule, dynamics: Dynamics, pair_overlap: Exactable, mean_cosine: Exactable, *,
    digits: int, dim: float = math.inf, allow_slow: bool = False,
    tell: Callable[[str, float], None] = lambda what, share: None,
) -> Estimate:  # fmt: skip
    """x_c with so many digits; arguments as of `sphere_threshold`.

    Args:
        target: Separation and weight.
        schedule: With a closed form, and an end at temperature 1.
        dynamics: With the constraint "sphere".
        pair_overlap: mu_1 . mu_2/R^2 at the start.
        mean_cosine: Cosine of the angle between mu_1 + mu_2 and the axis at the start.
        digits: Correct relative digits of x_c and of its logarithm.
        dim: By whose law a trained variance moves; inf for that of large dimension.
        allow_slow: Accept more than 100 digits, or a run of more than 2500 power series.
        tell: Called with the name and the share done of each pass.

    Returns:
        Estimate with ``mpf`` numbers, doubles where x_c is 0 or infinite.

    Raises:
        DomainError: as `sphere_threshold`; the schedule is a function of the user's, or so many digits cost much.
        PrecisionError: Newton's method does not settle, or the run is too long.
        SolveError: as `sphere_threshold`.

    Source:
        theory section 11.

    Example:
        >>> import mpmath
        >>> from anneal_theory.schedules import Constant
        >>> rules = Dynamics("free-energy", constraint="sphere")
        >>> found = sphere_threshold_at_digits(BimodalTarget(3, "0.8"), Constant(1), rules, 0, 0, digits=10)
        >>> mpmath.nstr(found.value, 10)
        '0.1048166948'
    """
    count = accepted_digits(digits, PRACTICAL_DIGITS, sphere_threshold_cost, allow_slow)
    pieces(schedule)  # refuses what has no closed form before anything is computed
    rough = sphere_threshold(target, schedule, dynamics, pair_overlap, mean_cosine, dim)
    if not math.isfinite(rough.log_value):
        return replace(rough, digits=count)
    start = exact(pair_overlap, "pair_overlap"), exact(mean_cosine, "mean_cosine")
    model = SphereSeparatrix(target, schedule, dynamics, *start, dim)
    return settled_threshold(model, schedule, count, rough.log_value, tell, allow_slow)
