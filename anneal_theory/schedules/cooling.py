"""Schedules whose temperature starts at T0 >= 1 and never rises nor falls below 1."""

from abc import abstractmethod
from collections.abc import Callable
from fractions import Fraction
from functools import cached_property
from typing import Any

import numpy as np

from anneal_theory._types import FloatArray
from anneal_theory.schedules.base import Schedule
from anneal_theory.schedules.cells import Cells
from anneal_theory.schedules.values import excesses


class Cooling(Schedule):
    """T falls from T0 towards its final value, so the time above a level is one interval that begins at 0."""

    exact_initial_temperature: Fraction

    @cached_property
    def initial_temperature(self) -> float:
        """T0 in double precision."""
        return float(self.exact_initial_temperature)

    @cached_property
    def initial_excess(self) -> float:
        """T0 - 1 in double precision, rounded once."""
        return float(self.exact_initial_temperature - 1)

    @property
    def never_increases(self) -> bool:
        """True: the temperature never rises."""
        return True

    def _temperature(self, t: FloatArray) -> FloatArray:
        return 1 + self._excess(t)

    def _temperature_at_clock(self, c: FloatArray) -> FloatArray:
        return 1 + self._excess_at_clock(c)

    def _highest_after(self, t: FloatArray) -> FloatArray:
        return self._temperature(t)

    def _settling_time(self, tolerance: float) -> float:
        return float(self._until(np.array([tolerance]), self._time_until)[0])

    def _cells(self, in_clock: bool, tolerance: float) -> Cells:
        settled = self.settling_time(tolerance)  # no breakpoint comes before it
        if in_clock:
            return Cells.one(self.clock(settled), self._temperature_at_clock)
        return Cells.one(settled, self._temperature)

    def _time_above(self, level: FloatArray) -> FloatArray:
        return self._until(self._excess_of(level), self._time_until)

    def _clock_above(self, level: FloatArray) -> FloatArray:
        return self._until(self._excess_of(level), self._clock_until)

    def _excess_of(self, level: FloatArray) -> FloatArray:
        """Level - 1; that of the double nearest to T0 counts as T0 - 1, which rounds differently."""
        excess = excesses(level)
        return np.where(level >= self.initial_temperature, np.maximum(excess, self.initial_excess), excess)

    def _until(self, excess: FloatArray, kernel: Callable[[FloatArray], FloatArray]) -> FloatArray:
        result = np.where(excess < 0, np.inf, 0.0)
        inside = (excess >= 0) & (excess < self.initial_excess)
        result[inside] = kernel(excess[inside])
        return result

    def _above_in_balls(self, level: Fraction, clock: bool, ctx: Any) -> Any:
        if level >= self.exact_initial_temperature:
            return ctx.rational(Fraction(0))
        return ctx.inf if level < 1 else self._until_in_balls(level - 1, clock, ctx)

    @property
    def _exact_excess(self) -> Fraction:
        return self.exact_initial_temperature - 1

    @abstractmethod
    def _until_in_balls(self, excess: Fraction, clock: bool, ctx: Any) -> Any:
        """The same as an Arb ball, when T reaches 1 + excess exactly, for 0 <= excess < T0 - 1."""

    @abstractmethod
    def _time_until(self, excess: FloatArray) -> FloatArray:
        """When T reaches 1 + excess, for 0 <= excess < T0 - 1."""

    @abstractmethod
    def _clock_until(self, excess: FloatArray) -> FloatArray:
        """What the clock shows when T reaches 1 + excess, for 0 <= excess < T0 - 1."""
