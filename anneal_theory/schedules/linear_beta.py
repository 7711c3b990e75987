"""Cooling linear in the inverse temperature."""

from fractions import Fraction

from anneal_theory._types import Exactable
from anneal_theory.quantities.doors import checked
from anneal_theory.schedules.monotone import MonotoneSchedule
from anneal_theory.schedules.parameters import Rounded


class LinearBeta(MonotoneSchedule):
    """beta rises linearly from 1/T0 to 1 over `duration`: ``beta = (1 + (T0 - 1) t/D)/T0``.

    Args:
        initial_temperature: T0 >= 1.
        duration: Time D > 0 at which T reaches 1.

    Raises:
        DomainError: a parameter lies outside its domain.

    Source:
        theory section 8; derivations/schedules.py.

    Example:
        >>> schedule = LinearBeta(initial_temperature=10, duration=100)
        >>> round(schedule.beta(50.0), 12), round(schedule.clock(100.0), 12)
        (0.55, 55.0)
    """

    exact_duration: Fraction
    duration = Rounded()

    @checked
    def __init__(self, initial_temperature: Exactable, duration: Exactable) -> None:
        self._keep(initial_temperature=initial_temperature, duration=duration)
