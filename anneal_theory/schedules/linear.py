"""Cooling linear in the temperature."""

from fractions import Fraction

from anneal_theory._types import Exactable
from anneal_theory.quantities.doors import checked
from anneal_theory.schedules.monotone import MonotoneSchedule
from anneal_theory.schedules.parameters import Rounded


class Linear(MonotoneSchedule):
    """T falls linearly from T0 to 1 over `duration`: ``T = 1 + (T0 - 1)(1 - t/D)``.

    Args:
        initial_temperature: T0 >= 1.
        duration: Time D > 0 at which T reaches 1.

    Raises:
        DomainError: a parameter lies outside its domain.

    Source:
        theory section 8; derivations/schedules.py.

    Example:
        >>> schedule = Linear(initial_temperature=11, duration=100)
        >>> schedule.temperature(50.0), schedule.time_above(6.0)
        (6.0, 50.0)
    """

    exact_duration: Fraction
    duration = Rounded()

    @checked
    def __init__(self, initial_temperature: Exactable, duration: Exactable) -> None:
        self._keep(initial_temperature=initial_temperature, duration=duration)
