"""Schedules whose temperature starts at T0 >= 1 and never rises nor falls below 1.

One is defined by its entry in derivations/schedules.py: T - 1 as a function of the time in units of its own time, and
where it ends. All else is made of the closed forms that are there, and of that function where there are none: the clock
and its inverse by quadrature, the times above a temperature by signs of balls, their clock by an integral of balls.
"""

from collections.abc import Callable
from fractions import Fraction
from functools import cached_property, partial
from typing import Any, ClassVar, TypeVar

import numpy as np

from anneal_theory._floating import Silent
from anneal_theory._types import Arb, BallFunctions, FloatArray
from anneal_theory.quantities import QUANTITIES
from anneal_theory.schedules import form_of, own_time
from anneal_theory.schedules.analytic import AnalyticPiece
from anneal_theory.schedules.base import Schedule
from anneal_theory.schedules.cells import Cells
from anneal_theory.schedules.clock_table import ClockTable
from anneal_theory.schedules.forms import Form, closed_form, double_form
from anneal_theory.schedules.values import excesses, like

SomeNumber = TypeVar("SomeNumber")
"""A kind of numbers."""
_INFINITE = float("inf")
# Below this T0 - 1 the clock of a schedule that ends is the time to more than double precision, and the closed forms,
# which divide by T0 - 1, could underflow.
_FLAT = 1e-20


def _lazily(quantity: str) -> Any:
    """A closed form in doubles, made at its first use; None where there is none."""
    return cached_property(lambda schedule: schedule._closed(quantity))


class MonotoneSchedule(Schedule):
    """T falls from T0 towards its final value, so the time above a level is one interval that begins at 0."""

    form: ClassVar[str]
    unit: ClassVar[str]
    _ends: ClassVar[bool]
    _numbers: ClassVar[tuple[str, ...]]
    exact_initial_temperature: Fraction

    _excess_form = _lazily("excess")
    _excess_at_clock_form = _lazily("excess_at_clock")
    _time_above_form = _lazily("time_above")
    _clock_above_form = _lazily("clock_above")

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        cls.form, cls.unit = form_of(cls.__name__), own_time(cls._names)
        cls._ends = closed_form(cls.form, "end", {}) is not None
        cls._numbers = tuple(
            name for name in cls._names if "temperature" not in name and not QUANTITIES[name].is_unit_of_time
        )

    @cached_property
    def initial_temperature(self) -> float:
        """T0 in double precision."""
        return float(self.exact_initial_temperature)

    @cached_property
    def initial_excess(self) -> float:
        """T0 - 1 in double precision, rounded once."""
        return self._doubles["initial_excess"]

    @property
    def final_temperature(self) -> float:
        """1, reached at `end_time` or approached for ever."""
        return 1.0

    @cached_property
    def end_time(self) -> float:
        """The time from which T = 1; infinite if it is never reached."""
        return self._unit * self._end if self.initial_excess or self._end == _INFINITE else 0.0

    @property
    def breakpoints(self) -> tuple[float, ...]:
        """The end; none if T never reaches 1, or is 1 from the start."""
        return (self.end_time,) if 0 < self.end_time < _INFINITE else ()

    @property
    def never_increases(self) -> bool:
        """True: the temperature never rises."""
        return True

    def _known(self, number: Callable[[Fraction], SomeNumber]) -> dict[str, SomeNumber]:
        """What generated functions take besides their variable: T0 - 1, and parameters without a unit."""
        return {name: number(value) for name, value in self._exactly_known.items()}

    @cached_property
    def _exactly_known(self) -> dict[str, Fraction]:
        own = {name: getattr(self, f"exact_{name}") for name in self._numbers}
        return {"initial_excess": self.exact_initial_temperature - 1} | own

    def _closed(self, quantity: str) -> Form | None:
        """A closed form in doubles."""
        return double_form(self.form, quantity, self._doubles)

    @cached_property
    def _doubles(self) -> dict[str, float]:
        return self._known(float)

    def _in(self, ctx: BallFunctions, quantity: str) -> Any:
        """A closed form in balls or power series."""
        return form_in(self, quantity, ctx.rational, ctx)

    @cached_property
    def _unit(self) -> float:
        return float(self._unit_as(float, self._closed))

    def _unit_as(self, number: Callable[[Fraction], SomeNumber], form: Callable[[str], Form | None]) -> SomeNumber:
        """The schedule's own time in some kind of numbers."""
        return number(getattr(self, f"exact_{self.unit}") if self.unit else Fraction(1))

    def _unit_in_balls(self, ctx: BallFunctions) -> Arb:
        return self._unit_as(ctx.rational, partial(self._in, ctx))

    @cached_property
    def _end(self) -> float:
        """The x at which T reaches 1."""
        end = self._closed("end")
        return _INFINITE if end is None else float(end())

    @cached_property
    def _end_clock(self) -> float:
        above = self._clock_above_form
        return self._table.total if above is None else float(above(excess=0.0))

    @cached_property
    def _flat(self) -> bool:
        return self._ends and self.initial_excess < _FLAT

    @cached_property
    def _table(self) -> ClockTable:
        return ClockTable.of(self._excess_form, self._end)

    @cached_property
    def _clock_form(self) -> Form:
        return self._closed("clock") or self._table

    @cached_property
    def _elapsed_form(self) -> Form:
        return self._closed("elapsed") or self._table.inverse

    def _excess(self, t: FloatArray) -> FloatArray:
        x = t / self._unit
        if not self._ends:
            return like(self._excess_form(elapsed=x), x)
        inside = self._excess_form(elapsed=np.minimum(x, self._end))
        return np.where(t < self.end_time, np.maximum(inside, 0.0), 0.0)

    def _clock(self, t: FloatArray) -> FloatArray:
        if not self._ends:
            return np.asarray(self._unit * self._clock_form(elapsed=t / self._unit))
        if self._flat:
            return t.copy()
        x = t / self._unit
        inside = self._clock_form(elapsed=np.minimum(x, self._end))
        return np.asarray(self._unit * (inside + np.maximum(x - self._end, 0.0)))

    def _inverse_clock(self, c: FloatArray) -> FloatArray:
        if not self._ends:
            return np.asarray(self._unit * self._elapsed_form(scaled_clock=c / self._unit))
        if self._flat:
            return c.copy()
        y, end = c / self._unit, self._end_clock
        inside = self._elapsed_form(scaled_clock=np.minimum(y, end))
        return np.asarray(self._unit * (inside + np.maximum(y - end, 0.0)))

    def _excess_at_clock(self, c: FloatArray) -> FloatArray:
        form = self._excess_at_clock_form
        if form is None or self._flat:
            return self._excess(self._inverse_clock(c))
        y = c / self._unit
        if not self._ends:
            return like(form(scaled_clock=y), y)
        inside = form(scaled_clock=np.minimum(y, self._end_clock))
        return np.where(y < self._end_clock, np.maximum(inside, 0.0), 0.0)

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
        inside = (excess >= 0) & (excess < self.initial_excess)
        if inside.all():
            return self._inside(excess, kernel)
        result = np.where(excess < 0, _INFINITE, 0.0)
        result[inside] = self._inside(excess[inside], kernel)
        return result

    def _inside(self, excess: FloatArray, kernel: Callable[[FloatArray], FloatArray]) -> FloatArray:
        if self._ends:
            return kernel(excess)
        with Silent("divide", "over"):  # T = 1 is never reached, or after 1e308: infinite
            return kernel(excess)

    def _time_until(self, excess: FloatArray) -> FloatArray:
        """When T reaches 1 + excess, for 0 <= excess < T0 - 1."""
        form = self._time_above_form
        if form is not None:
            times = self._unit * like(form(excess=excess), excess)
            return np.where(excess > 0, times, self.end_time) if self._ends else times
        from anneal_theory.schedules.any_digits import CONTEXT, nearest_double  # closed forms need no flint

        levels = [Fraction(value) for value in excess.tolist()]
        return np.array([nearest_double(partial(self._until_in_balls, level, False, CONTEXT)) for level in levels])

    def _clock_until(self, excess: FloatArray) -> FloatArray:
        """What the clock shows when T reaches 1 + excess, for 0 <= excess < T0 - 1."""
        form = self._clock_above_form
        if form is None:
            return self._clock(self._time_until(excess))
        return self._unit * like(form(excess=excess), excess)

    def _above_in_balls(self, level: Fraction, clock: bool, ctx: BallFunctions) -> Arb:
        if level >= self.exact_initial_temperature:
            return ctx.rational(Fraction(0))
        return ctx.inf if level < 1 else self._until_in_balls(level - 1, clock, ctx)

    def _until_in_balls(self, excess: Fraction, clock: bool, ctx: BallFunctions) -> Arb:
        """The time or clock when T reaches 1 + excess exactly, for 0 <= excess < T0 - 1."""
        if not excess and not self._ends:
            return ctx.inf
        return self._reduced_until(excess, clock, ctx) * self._unit_in_balls(ctx)

    def _reduced_until(self, excess: Fraction, clock: bool, ctx: BallFunctions) -> Arb | float:
        """The same in units of the schedule's own time."""
        until: Arb | float  # of some schedules a number
        form = self._in(ctx, "clock_above" if clock else "time_above")
        if form is not None:
            until = form(excess=ctx.rational(excess))
            return until
        from anneal_theory.schedules.any_digits import integral_of_beta, time_at_level

        if clock:
            return integral_of_beta(partial(self._in, quantity="excess"), self._reduced_until(excess, False, ctx))
        end = self._in(ctx, "end")
        if end is not None and not excess:
            until = end()
            return until
        return time_at_level(self._in(ctx, "excess"), ctx.rational(excess), None if end is None else end())

    def _pieces(self) -> list[AnalyticPiece]:
        from anneal_theory.schedules.series import pieces_of

        return pieces_of(self._in, self._unit_in_balls)


def form_in(
    schedule: MonotoneSchedule, quantity: str, number: Callable[[Fraction], Any], functions: object
) -> Form | None:
    """A closed form of a schedule in some kind of numbers, which `number` makes; None where there is none."""
    return closed_form(schedule.form, quantity, schedule._known(number), functions)


def unit_in(schedule: MonotoneSchedule, number: Callable[[Fraction], Any], functions: object) -> Any:
    """A schedule's own time in some kind of numbers, whose arguments are those of `form_in`."""
    return schedule._unit_as(number, lambda quantity: form_in(schedule, quantity, number, functions))
