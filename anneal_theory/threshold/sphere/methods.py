"""The routes to the threshold of means on the sphere (theory section 11)."""

import math
from collections.abc import Mapping
from typing import Any

from anneal_theory.errors import DomainError
from anneal_theory.problem import BimodalTarget, Dynamics
from anneal_theory.problem.dynamics import law_dim, require_dim, require_equal_on_sphere
from anneal_theory.results import Estimate
from anneal_theory.schedules import ExponentialToOne, Schedule
from anneal_theory.threshold.sphere.exact import sphere_threshold
from anneal_theory.threshold.sphere.two_thresholds import uneven_threshold

_START = {"pair_overlap", "mean_cosine", "dim"}
USED: dict[str, tuple[set[str], set[str]]] = {
    "exact": (_START, _START | {"digits", "allow_slow", "progress"}), "sharp": (set(), {"digits", "allow_slow"}),
    "slow-annealing": (set(), set()), "closed-form": (set(), {"digits"}),
}  # fmt: skip
"""What each method uses of the arguments that not all do, in doubles and where digits are asked for."""
LIMIT_NOTE = (
    "the limit of large dimension, whose error leaves out what a finite dimension changes; compare method exact"
)
CLOSED_NOTE = "the paper's formula, which comes without an error"


def threshold_on_sphere(
    target: BimodalTarget, schedule: Schedule, dynamics: Dynamics, method: str, options: Mapping[str, Any]
) -> Estimate:
    """x_c by a method of `USED`; `options` holds pair_overlap, mean_cosine, dim, digits, allow_slow and progress."""
    what = f'method="{method}"' if method != "exact" else "digits of a threshold" if options["digits"] else ""
    if what:
        require_equal_on_sphere(dynamics, what)
    if method == "exact":
        start = options["pair_overlap"] or 0, options["mean_cosine"] or 0
        require_dim(dynamics, options["dim"])
        dim = law_dim(dynamics, options["dim"])
        if not dynamics.equal_weights:
            return uneven_threshold(target, schedule, dynamics, *start, options["dim"] or 1)
        if options["digits"] is None:
            return sphere_threshold(target, schedule, dynamics, *start, dim)
        from anneal_theory.threshold.digits.passes import shown_passes
        from anneal_theory.threshold.sphere.digits import (  # loads flint
            sphere_threshold_at_digits,
            sphere_threshold_cost,
        )

        digits, slow = options["digits"], options["allow_slow"]
        with shown_passes(digits, sphere_threshold_cost, shown=options["progress"]) as tell:
            return sphere_threshold_at_digits(
                target, schedule, dynamics, *start, digits=digits, dim=dim, allow_slow=slow, tell=tell
            )
    require_biased(target, method)
    if method == "sharp":
        from anneal_theory.threshold.sphere.linear_passage import passage_threshold  # loads flint

        more = {"digits": options["digits"], "allow_slow": options["allow_slow"]}
        return passage_threshold(target, schedule, dynamics.variance, dynamics.objective, **more)
    if method == "slow-annealing":
        from anneal_theory.threshold.sphere.slow_background import slow_sphere_threshold

        return slow_sphere_threshold(target, schedule, dynamics)
    from anneal_theory.threshold.sphere.closed_form import closed_form_threshold  # loads flint

    cooling = require_published(schedule, dynamics)
    value, digits = closed_form_threshold(target, cooling, digits=options["digits"]), options["digits"]
    return Estimate(
        value, math.inf, math.log(value) if digits is None else value.context.log(value), "closed-form",
        note=CLOSED_NOTE, log_error=math.inf, digits=digits,
    )  # fmt: skip


def require_biased(target: BimodalTarget, method: str) -> None:
    """Refuse a target without bias where one start stands for all: its x_c is proportional to |y|, and 0 at y = 0."""
    if target.half_log_odds == 0:
        step = 'use method="exact": without bias the starts off y = 0 decide, and y is as small as 1/sqrt(d)'
        raise DomainError.of("weight", f'other than 1/2 for method="{method}" on the sphere', target.weight, step)


def require_method(method: str) -> None:
    """Refuse a route that is of free means."""
    if method not in USED:
        raise DomainError.of(
            "method", "'exact', 'sharp', 'slow-annealing' or 'closed-form' on the sphere", method, "leave it out"
        )


def require_published(schedule: Schedule, dynamics: Dynamics) -> ExponentialToOne:
    """The schedule of the closed formula, which is published for one form of training."""
    if not isinstance(schedule, ExponentialToOne):
        raise DomainError.of("schedule", "an ExponentialToOne for the closed form", schedule, 'or use method="sharp"')
    if dynamics.objective != "free-energy":
        step = 'or use method="sharp"'
        raise DomainError.of("objective", "'free-energy' for the closed form", dynamics.objective, step)
    if dynamics.variance == "fixed":
        step = 'use variance="follows-temperature", which it assumes'
        raise DomainError.of(
            "variance", "'trained' or 'follows-temperature' for the closed form", dynamics.variance, step
        )
    return schedule
