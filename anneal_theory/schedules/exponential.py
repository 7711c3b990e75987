"""Exponential cooling towards T = 1."""

from fractions import Fraction

from anneal_theory._types import Exactable
from anneal_theory.quantities.doors import checked
from anneal_theory.schedules.monotone import MonotoneSchedule
from anneal_theory.schedules.parameters import Rounded


class Exponential(MonotoneSchedule):
    """``T = 1 + (T0 - 1) exp(-t/t0)``, the schedule of theory section 6.

    Args:
        initial_temperature: T0 >= 1.
        decay_time: t0 > 0, in units of gradient-flow time.

    Raises:
        DomainError: a parameter lies outside its domain.

    Source:
        theory section 8; derivations/schedules.py.

    Example:
        >>> schedule = Exponential(initial_temperature=10, decay_time=100)
        >>> round(schedule.temperature(100.0), 6), round(schedule.time_above(5.5), 6)
        (4.310915, 69.314718)
    """

    exact_decay_time: Fraction
    decay_time = Rounded()

    @checked
    def __init__(self, initial_temperature: Exactable, decay_time: Exactable) -> None:
        self._keep(initial_temperature=initial_temperature, decay_time=decay_time)
