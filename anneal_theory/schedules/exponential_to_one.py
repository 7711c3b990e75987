"""Exponential cooling that stops at T = 1."""

from fractions import Fraction

from anneal_theory._types import Exactable
from anneal_theory.quantities.doors import checked
from anneal_theory.schedules.cooling import Cooling
from anneal_theory.schedules.parameters import Rounded


class ExponentialToOne(Cooling):
    """``T = max(1, T0 exp(-t/t0))``.

    Args:
        initial_temperature: T0 >= 1.
        decay_time: t0 > 0, in units of gradient-flow time.

    Raises:
        DomainError: a parameter lies outside its domain.

    Source:
        theory section 8; derivations/schedules.py.

    Example:
        >>> schedule = ExponentialToOne(initial_temperature=10, decay_time=100)
        >>> round(schedule.end_time, 6), round(schedule.clock(schedule.end_time), 6)
        (230.258509, 90.0)
    """

    exact_decay_time: Fraction
    decay_time = Rounded()

    @checked
    def __init__(self, initial_temperature: Exactable, decay_time: Exactable) -> None:
        self._keep(initial_temperature=initial_temperature, decay_time=decay_time)
