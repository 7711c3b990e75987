"""The threshold of slow annealing to leading order: rho_c = exp(-kappa* tau_hot)/C(s0) (theory section 6, A = 1)."""

import math
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Any

from anneal_theory._types import Exactable, Metric, Objective
from anneal_theory.balls import CONTEXT, DEFAULT_DIGITS, answer, ball_of, refined
from anneal_theory.digits import checked_digits
from anneal_theory.errors import DomainError, PrecisionError
from anneal_theory.exact import exact
from anneal_theory.fixed_points import collapsed_state, critical_temperature
from anneal_theory.fixed_points.transient_gain import transient_gain
from anneal_theory.numerals import full_repr
from anneal_theory.problem import BimodalTarget, Dynamics
from anneal_theory.quantities.doors import checked
from anneal_theory.results import Ball, plain
from anneal_theory.schedules import Schedule

_ATTEMPTS = 4
_SPARE_DIGITS = 6
_LATER = 1e-9  # relative: later than, and hotter than, what rounding explains


@dataclass(frozen=True, repr=False)
class LeadingThreshold:
    """rho_c to leading order, and what it is made of; floats, ``mpf`` or `Ball` alike.

    Attributes:
        rho: The threshold, 0.0 where a double cannot hold it.
        log_rho: Its logarithm.
        hot_clock: tau_hot, the clock spent above T_c.
        critical_temperature: T_c.
        escape_rate: kappa*.
        gain: C(s0).
    """

    rho: Any
    log_rho: Any
    hot_clock: Any
    critical_temperature: Any
    escape_rate: Any
    gain: Any

    def to_dict(self) -> dict[str, Any]:
        """Plain data for JSON."""
        return {name: plain(value) for name, value in vars(self).items()}

    __repr__ = full_repr


@checked
def leading_threshold(
    target: BimodalTarget,
    schedule: Schedule,
    s0: Exactable = 0,
    *,
    objective: Objective = "tempered-target",
    metric: Metric = "euclidean",
    digits: int | None = None,
    certified: bool = False,
) -> LeadingThreshold:
    """rho_c of slow annealing to leading order, ``exp(-kappa* tau_hot)/C(s0)``; equal family weights.

    The prefactor A(t0) of theory section 6 is left out. What is proven when certified is the value of this formula,
    not its distance from the separatrix.

    Args:
        target: Separation and weight.
        schedule: Starts above the critical temperature and cools below it.
        s0: Mean overlap at the start, in the basin of the heavy mode.
        objective: "tempered-target" (the clock runs at w1 beta) or "free-energy" (at w1).
        metric: "euclidean", or "natural" (both clocks run 1/w1 as fast).
        digits: None for doubles, else correct relative digits of each number.
        certified: Give balls.

    Raises:
        DomainError: the schedule is never hotter than T_c, or never cools below it; s0 lies outside the basin.
        NoCollapsedState: the target has no critical temperature.
        PrecisionError: the digits are out of reach.

    Source:
        theory section 6.

    Example:
        >>> from anneal_theory.schedules import Exponential
        >>> round(leading_threshold(BimodalTarget(3, 0.8), Exponential(10, 3000)).log_rho, 4)
        -5.288
    """
    dynamics = Dynamics(objective, metric)
    heat = critical_temperature(target)
    above = schedule.clock_above if objective == "tempered-target" else schedule.time_above
    hot = dynamics.clock_rate * float(above(heat))
    _require_passage(schedule, heat, hot)
    if digits is None and not certified:
        rate, gain = collapsed_state(target).escape_rate, float(transient_gain(target, s0))
        log_rho = -rate * hot - math.log(gain)
        return LeadingThreshold(math.exp(log_rho), log_rho, hot, heat, rate, gain)
    count = DEFAULT_DIGITS if digits is None else checked_digits(digits)
    found = _proven(target, schedule, exact(s0, "s0"), dynamics, count)
    parts = vars(found) if certified else {name: ball.midpoint for name, ball in vars(found).items()}
    return LeadingThreshold(**parts)


def _require_passage(schedule: Schedule, heat: float, hot: float) -> None:
    if hot == 0:
        raise DomainError.of(
            "schedule",
            f"hotter at the start than the critical temperature T_c = {heat:.9g} for the slow-annealing formula",
            schedule,
            'raise T0 above it, or use method="exact", which needs no T_c',
        )
    if math.isinf(hot):
        raise DomainError.of(
            "schedule",
            f"one that cools below the critical temperature T_c = {heat:.9g}",
            schedule,
            "let it end at T = 1",
        )
    # Hot from the start until it is hot no more: a colder stretch in between would count as well.
    last = float(schedule.time_above(heat))
    if not schedule.highest_after(last * (1 + _LATER)) <= heat * (1 + _LATER):
        raise DomainError.of(
            "schedule", f"one that stays above T_c = {heat:.9g} from the start until it cools below it, once", schedule,
            'use method="exact"',
        )  # fmt: skip


@lru_cache(maxsize=32)
def _proven(
    target: BimodalTarget, schedule: Schedule, s0: Fraction, dynamics: Dynamics, digits: int
) -> LeadingThreshold:
    rough = collapsed_state(target).escape_rate
    tempered = dynamics.objective == "tempered-target"
    above = schedule.clock_above if tempered else schedule.time_above
    size = rough * dynamics.clock_rate * float(above(critical_temperature(target)))
    spare = _SPARE_DIGITS + max(0, math.ceil(math.log10(max(size, 1.0))))
    for _ in range(_ATTEMPTS):
        inner = digits + spare
        heat = critical_temperature(target, digits=inner + _SPARE_DIGITS, certified=True)
        rate = collapsed_state(target, digits=inner, certified=True).escape_rate
        gain = transient_gain(target, s0, digits=digits + _SPARE_DIGITS, certified=True)
        try:
            clock = above(heat, digits=inner, certified=True)
            return _combined(heat, rate, gain, clock, dynamics, digits)
        except PrecisionError:
            spare += max(10, digits)
    return _combined(heat, rate, gain, above(heat, digits=inner, certified=True), dynamics, digits)


def _combined(heat: Ball, rate: Ball, gain: Ball, clock: Ball, dynamics: Dynamics, digits: int) -> LeadingThreshold:
    def evaluate() -> tuple[Any, ...]:
        factor = Fraction(1) if dynamics.metric == "natural" else dynamics.exact_family_weight
        hot = ball_of(clock, "clock") * CONTEXT.rational(factor)
        kappa, gained = ball_of(rate, "escape_rate"), ball_of(gain, "gain")
        log_rho = -kappa * hot - gained.log()
        return log_rho.exp(), log_rho, hot, ball_of(heat, "T_c"), kappa, gained

    found = refined(evaluate, digits, "the critical temperature is not known to more")
    return LeadingThreshold(*(answer(part, digits, True) for part in found))
