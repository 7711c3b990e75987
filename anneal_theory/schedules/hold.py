"""A hot hold, then a quench."""

from fractions import Fraction

from anneal_theory._types import Exactable
from anneal_theory.quantities.doors import checked
from anneal_theory.schedules.monotone import MonotoneSchedule
from anneal_theory.schedules.parameters import Rounded


class Hold(MonotoneSchedule):
    """T = T0 for t < `hold_time`, and 1 from then on.

    Args:
        initial_temperature: T0 >= 1.
        hold_time: Time > 0 at which the temperature jumps to 1.

    Raises:
        DomainError: a parameter lies outside its domain.

    Source:
        theory section 8; derivations/schedules.py.

    Example:
        >>> schedule = Hold(initial_temperature=10, hold_time=100)
        >>> schedule.temperature([99.0, 100.0]).tolist(), schedule.clock(150.0)
        ([10.0, 1.0], 60.0)
    """

    exact_hold_time: Fraction
    hold_time = Rounded()

    @checked
    def __init__(self, initial_temperature: Exactable, hold_time: Exactable) -> None:
        self._keep(initial_temperature=initial_temperature, hold_time=hold_time)
