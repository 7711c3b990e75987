"""Where the formulas of slow annealing hold: what they refuse alike (theory section 6)."""

from typing import Any

from anneal_theory.errors import DomainError
from anneal_theory.problem import Dynamics
from anneal_theory.schedules import Schedule

EXACT = 'collapse_threshold(method="exact") or collapse_probability(method="exact")'  # which need no T_c


def clock_above(schedule: Schedule, dynamics: Dynamics) -> Any:
    """The schedule's clock above a temperature: the integral of beta, or the time for the free energy."""
    return schedule.clock_above if dynamics.objective == "tempered-target" else schedule.time_above


def require_equal_weights(dynamics: Dynamics) -> None:
    """Refuse other weights: T_c, the gain and the normal form are those of w1 = 1/2."""
    if not dynamics.equal_weights:
        raise DomainError.of(
            "family_weight", "0.5 for the slow-annealing formula", dynamics.family_weight,
            'use method="exact": the critical temperature of the formula is that of equal weights',
        )  # fmt: skip


def require_passage(schedule: Schedule, critical_temperature: float) -> None:
    """Refuse a schedule that does not come down through the critical temperature."""
    if not schedule.initial_temperature > critical_temperature:
        raise DomainError.of(
            "schedule",
            f"hotter at the start than the critical temperature T_c = {critical_temperature:.9g} for the "
            "slow-annealing formula",
            schedule,
            f"raise T0 above it, or use {EXACT}",
        )
    if not schedule.final_temperature < critical_temperature:
        what = f"one that cools below the critical temperature T_c = {critical_temperature:.9g}"
        raise DomainError.of("schedule", what, schedule, "let it end at T = 1")
