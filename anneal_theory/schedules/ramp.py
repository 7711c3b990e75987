"""Schedules that reach T = 1 after a finite time and stay there."""

from abc import abstractmethod
from fractions import Fraction
from functools import cached_property
from typing import Any

import numpy as np

from anneal_theory._types import FloatArray
from anneal_theory.schedules.cooling import Cooling

# Below this T0 - 1 the clock is the time to more than double precision, and the closed forms, which divide by
# T0 - 1, could underflow.
_FLAT = 1e-20


class Ramp(Cooling):
    """Cooling on [0, end], T = 1 afterwards.

    The kernels of subclasses work in reduced variables: x = t / unit and y = clock / unit, inside the ramp.
    """

    @property
    def final_temperature(self) -> float:
        """1."""
        return 1.0

    @cached_property
    def end_time(self) -> float:
        """The time from which T = 1."""
        return self._unit * self._end if self.initial_excess else 0.0

    @property
    def breakpoints(self) -> tuple[float, ...]:
        """The end of the ramp; none if T0 = 1."""
        return (self.end_time,) if self.initial_excess else ()

    @property
    def _flat(self) -> bool:
        return self.initial_excess < _FLAT

    def _excess(self, t: FloatArray) -> FloatArray:
        x = t / self._unit
        return np.where(x < self._end, np.maximum(self._ramp_excess(np.minimum(x, self._end)), 0.0), 0.0)

    def _clock(self, t: FloatArray) -> FloatArray:
        if self._flat:
            return t.copy()
        x = t / self._unit
        return self._unit * (self._ramp_clock(np.minimum(x, self._end)) + np.maximum(x - self._end, 0.0))

    def _inverse_clock(self, c: FloatArray) -> FloatArray:
        if self._flat:
            return c.copy()
        y = c / self._unit
        return self._unit * (self._ramp_elapsed(np.minimum(y, self._end_clock)) + np.maximum(y - self._end_clock, 0.0))

    def _excess_at_clock(self, c: FloatArray) -> FloatArray:
        if self._flat:
            return self._excess(c)
        y = c / self._unit
        inside = self._ramp_excess_at_clock(np.minimum(y, self._end_clock))
        return np.where(y < self._end_clock, np.maximum(inside, 0.0), 0.0)

    def _time_until(self, excess: FloatArray) -> FloatArray:
        return self._unit * self._ramp_time_above(excess)

    def _clock_until(self, excess: FloatArray) -> FloatArray:
        return self._unit * self._ramp_clock_above(excess)

    def _until_in_balls(self, excess: Fraction, clock: bool, ctx: Any) -> Any:
        form = self._clock_form if clock else self._time_form
        return form(ctx, ctx.rational(self._exact_excess), ctx.rational(excess)) * ctx.rational(self._exact_unit)

    @abstractmethod
    def _time_form(self, ctx: Any, initial_excess: Any, excess: Any) -> Any:
        """The x at which T reaches 1 + excess, in balls."""

    @abstractmethod
    def _clock_form(self, ctx: Any, initial_excess: Any, excess: Any) -> Any:
        """The y at which T reaches 1 + excess, in balls."""

    @property
    @abstractmethod
    def _exact_unit(self) -> Fraction:
        """The schedule's unit of time as a rational."""

    @property
    @abstractmethod
    def _unit(self) -> float:
        """The schedule's unit of time."""

    @property
    @abstractmethod
    def _end(self) -> float:
        """The x at which T reaches 1."""

    @property
    @abstractmethod
    def _end_clock(self) -> float:
        """The y at which T reaches 1."""

    @abstractmethod
    def _ramp_excess(self, x: FloatArray) -> FloatArray: ...

    @abstractmethod
    def _ramp_clock(self, x: FloatArray) -> FloatArray: ...

    @abstractmethod
    def _ramp_elapsed(self, y: FloatArray) -> FloatArray: ...

    @abstractmethod
    def _ramp_excess_at_clock(self, y: FloatArray) -> FloatArray: ...

    @abstractmethod
    def _ramp_time_above(self, excess: FloatArray) -> FloatArray: ...

    @abstractmethod
    def _ramp_clock_above(self, excess: FloatArray) -> FloatArray: ...
