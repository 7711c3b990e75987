"""Exponential cooling that stops at T = 1."""

from collections.abc import Callable
from fractions import Fraction
from functools import cached_property
from typing import Any

from anneal_theory._types import Exactable
from anneal_theory.errors import DomainError
from anneal_theory.quantities.doors import checked
from anneal_theory.schedules.forms import Form
from anneal_theory.schedules.monotone import MonotoneSchedule, SomeNumber, unit_in

_LONGEST = 1e150  # as times at which a schedule is evaluated


class ExponentialToOne(MonotoneSchedule):
    """``T = max(1, T0 exp(-t/decay_time))``, which is ``T0^(1 - t/duration)`` until it reaches 1.

    The time is given in one of two ways; ``decay_time = duration/log T0``. Either is exact, and so is all that follows,
    to any number of digits. With T0 = 1 and a duration T is 1 throughout, as it is where such a schedule is varied over
    initial temperatures; there is no decay time then.

    Args:
        initial_temperature: T0 >= 1.
        decay_time: Time in which T falls by the factor e, > 0, in units of gradient-flow time.
        duration: The time at which T reaches 1, > 0: the paper's t0, in the place of `decay_time`.

    Raises:
        DomainError: a parameter lies outside its domain; both times are given, or neither.

    Source:
        theory sections 8 and 11; derivations/schedules.py.

    Example:
        >>> schedule = ExponentialToOne(initial_temperature=10, decay_time=100)
        >>> round(schedule.end_time, 6), round(schedule.clock(schedule.end_time), 6)
        (230.258509, 90.0)
        >>> paper = ExponentialToOne(90, duration=35)
        >>> paper, round(paper.decay_time, 6), paper.end_time
        (ExponentialToOne(initial_temperature=90, duration=35), 7.778107, 35.0)
    """

    exact_decay_time: Fraction
    exact_duration: Fraction

    @checked
    def __init__(
        self, initial_temperature: Exactable, decay_time: Exactable | None = None, *, duration: Exactable | None = None
    ) -> None:
        if (decay_time is None) == (duration is None):
            both = {"decay_time": decay_time, "duration": duration}
            value, step = (None, "give one of the two") if duration is None else (both, "leave one out")
            step += ": decay_time is duration/log(initial_temperature)"
            raise DomainError.of("decay_time", "given, or duration in its place", value, step)
        if duration is None:
            assert decay_time is not None  # for the type checker
            self._keep(initial_temperature=initial_temperature, decay_time=decay_time)
        else:
            self._keep(initial_temperature=initial_temperature, duration=duration)
            self._require_decay_time(duration)

    def _require_decay_time(self, duration: Exactable) -> None:
        """A duration is refused where the decay time that it stands for is longer than any time of the package."""
        if self.exact_initial_temperature == 1:
            return
        if not (self.initial_excess and self.decay_time <= _LONGEST):
            requirement = f"such that duration/log(initial_temperature) is at most {_LONGEST:g}"
            raise DomainError.of("duration", requirement, duration, "use Constant(1) for no annealing")

    @property
    def _lasts(self) -> bool:
        """Whether it was given by its duration."""
        return "exact_duration" in vars(self)

    @cached_property
    def decay_time(self) -> float:
        """Time in which T falls by the factor e, in double precision.

        Raises:
            DomainError: T0 = 1 and a duration, which no decay time stands for.
        """
        if self._lasts and self.exact_initial_temperature == 1:
            step = "no decay time stands for a duration at T = 1; use its end_time, or give decay_time"
            raise DomainError.of("initial_temperature", "greater than 1 where its decay time is asked for", 1, step)
        return self._unit

    @cached_property
    def duration(self) -> float:
        """The time at which T reaches 1, in double precision: as given, else the end time."""
        return float(self.exact_duration) if self._lasts else self.end_time

    @cached_property
    def end_time(self) -> float:
        """The time from which T = 1."""
        if not self.initial_excess:
            return 0.0
        return float(self.exact_duration) if self._lasts else self._unit * self._end

    def _unit_as(self, number: Callable[[Fraction], SomeNumber], form: Callable[[str], Form | None]) -> SomeNumber:
        if not self._lasts:
            return number(self.exact_decay_time)
        end = form("end")
        if end is None or self.exact_initial_temperature == 1:  # T = 1: any unit of time will do
            return number(self.exact_duration)
        unit: SomeNumber = number(self.exact_duration) / end()
        return unit


def cooling_rate(schedule: ExponentialToOne, number: Callable[[Fraction], Any], functions: object) -> Any:
    """``-d log(T)/dt`` while T falls, 1/decay_time, in some kind of numbers."""
    return 1 / unit_in(schedule, number, functions)
