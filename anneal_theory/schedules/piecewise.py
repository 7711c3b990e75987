"""Temperatures from a table, joined by straight lines."""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from anneal_theory._types import Arb, BallFunctions, Exactable, FloatArray, IntArray
from anneal_theory.errors import DomainError
from anneal_theory.exact import exact
from anneal_theory.formulas.table_lines import clock_over_line, excess_on_line, temperature_on_line, time_on_line
from anneal_theory.formulas.table_lines_mp import clock_over_line as clock_over_line_mp
from anneal_theory.quantities.doors import checked
from anneal_theory.quantities.letters import LARGEST
from anneal_theory.schedules.analytic import AnalyticPiece
from anneal_theory.schedules.base import Schedule
from anneal_theory.schedules.cells import Cells
from anneal_theory.schedules.values import excesses

_EVEN = 2.0**-60  # log(1 + u) = u and exp(u) - 1 = u in doubles; a power of two, so that nothing is rounded by it


class Piecewise(Schedule):
    """T interpolates linearly between the rows of a table and keeps the last value after it.

    Any positive temperatures are legal on the way, also below 1; the last one is at least 1.

    Args:
        times: Strictly increasing, the first one 0.
        temperatures: One positive number a time, the last one at least 1.

    Raises:
        DomainError: the table is not such a table.

    Source:
        theory section 8; derivations/table_lines.py.

    Example:
        >>> schedule = Piecewise(times=[0, 10, 20], temperatures=[10, 10, 1])
        >>> schedule.temperature([5.0, 15.0, 30.0]).tolist(), schedule.time_above(5.5)
        ([10.0, 5.5, 1.0], 15.0)
    """

    exact_times: tuple[Fraction, ...]
    exact_temperatures: tuple[Fraction, ...]

    @checked
    def __init__(self, times: Sequence[Exactable] | FloatArray, temperatures: Sequence[Exactable] | FloatArray) -> None:
        knots = tuple(exact(time, f"times[{row}]") for row, time in enumerate(times))
        values = tuple(exact(value, f"temperatures[{row}]") for row, value in enumerate(temperatures))
        _check(knots, values)
        vars(self).update(exact_times=knots, exact_temperatures=values)

    @cached_property
    def times(self) -> FloatArray:
        """The table's times."""
        return np.array([float(time) for time in self.exact_times])

    @cached_property
    def temperatures(self) -> FloatArray:
        """The table's temperatures."""
        return np.array([float(value) for value in self.exact_temperatures])

    @cached_property
    def excesses(self) -> FloatArray:
        """The table's T - 1, each rounded once."""
        return np.array([float(value - 1) for value in self.exact_temperatures])

    @property
    def initial_temperature(self) -> float:
        """The first temperature."""
        return float(self.temperatures[0])

    @property
    def final_temperature(self) -> float:
        """The last temperature."""
        return float(self.temperatures[-1])

    @property
    def breakpoints(self) -> tuple[float, ...]:
        """The table's times after 0."""
        return tuple(self.times[1:].tolist())

    @cached_property
    def never_increases(self) -> bool:
        """Whether no row of the table is hotter than the one before."""
        return all(later <= earlier for earlier, later in zip(self._pairs[0], self._pairs[1], strict=True))

    @property
    def _pairs(self) -> tuple[tuple[Fraction, ...], tuple[Fraction, ...]]:
        return self.exact_temperatures[:-1], self.exact_temperatures[1:]

    @cached_property
    def _widths(self) -> FloatArray:
        return np.array([float(b - a) for a, b in zip(self.exact_times[:-1], self.exact_times[1:], strict=True)])

    @cached_property
    def _rises(self) -> FloatArray:
        return np.array([float(b - a) for a, b in zip(*self._pairs, strict=True)])

    @cached_property
    def _slopes(self) -> FloatArray:
        return self._rises / self._widths

    @cached_property
    def _totals(self) -> FloatArray:
        """The clock at the table's times."""
        return np.concatenate([[0.0], np.cumsum(self._row_clocks)])

    @cached_property
    def _row_clocks(self) -> FloatArray:
        """How far the clock runs on each line."""
        low = np.minimum(self.temperatures[:-1], self.temperatures[1:])
        return _clock_of_line(self._widths, low, np.abs(self._rises))

    def _temperature(self, t: FloatArray) -> FloatArray:
        return self._interpolate(t, self.temperatures)

    def _excess(self, t: FloatArray) -> FloatArray:
        return self._interpolate(t, self.excesses)

    def _interpolate(self, t: FloatArray, values: FloatArray) -> FloatArray:
        row = np.searchsorted(self.times, t, side="right") - 1
        result = np.full_like(t, values[-1])
        inside = row < len(self._widths)
        start, t = row[inside], t[inside]
        # From the nearer end of the line, so that the table's own values come back and nothing cancels.
        slope, after, before = self._slopes[start], t - self.times[start], self.times[start + 1] - t
        result[inside] = np.where(after < before, values[start] + slope * after, values[start + 1] - slope * before)
        return result

    def _clock(self, t: FloatArray) -> FloatArray:
        row = np.searchsorted(self.times, t, side="right") - 1
        after = t - self.times[row]
        inside = row < len(self._widths)
        result = self._totals[row] + after / self.temperatures[row]
        start, after = row[inside], after[inside]
        low = np.minimum(self.temperatures[start], self._temperature(t[inside]))
        rise = np.abs(self._slopes[start]) * after
        result[inside] = self._totals[start] + _clock_of_line(after, low, rise)
        return result

    def _inverse_clock(self, c: FloatArray) -> FloatArray:
        row = np.searchsorted(self._totals, c, side="right") - 1
        after = c - self._totals[row]
        inside = row < len(self._widths)
        result = self.times[row] + self.temperatures[row] * after
        start, after = row[inside], after[inside]
        growth = self._slopes[start] * after
        elapsed = time_on_line(line_temperature=self.temperatures[start], line_clock=after, log_rise=_uneven(growth))
        result[inside] = self.times[start] + np.minimum(elapsed, self._widths[start])
        return result

    def _temperature_at_clock(self, c: FloatArray) -> FloatArray:
        cold, growth = self._cold_end(c)
        return np.asarray(temperature_on_line(line_temperature=self.temperatures[cold], log_rise=growth))

    def _excess_at_clock(self, c: FloatArray) -> FloatArray:
        cold, growth = self._cold_end(c)
        temperature, excess = self.temperatures[cold], self.excesses[cold]
        return np.asarray(excess_on_line(line_temperature=temperature, line_excess=excess, log_rise=growth))

    def _cold_end(self, c: FloatArray) -> tuple[NDArray[np.intp], FloatArray]:
        """The row at the colder end of the line that c lies on, and log(T / temperature of that row) >= 0."""
        row = np.searchsorted(self._totals, c, side="right") - 1
        slopes = np.append(self._slopes, 0.0)
        cold = np.where(slopes[row] < 0, np.minimum(row + 1, len(self._widths)), row)
        return cold, np.maximum(slopes[row] * (c - self._totals[cold]), 0.0)

    def _time_above(self, level: FloatArray) -> FloatArray:
        share, _ = self._share_above(level)
        return self._for_ever(level, share @ self._widths)

    def _clock_above(self, level: FloatArray) -> FloatArray:
        share, low = self._share_above(level)
        return self._for_ever(level, _clock_of_line(share * self._widths, low, share * np.abs(self._rises)).sum(axis=1))

    def _above_in_balls(self, level: Fraction, clock: bool, ctx: BallFunctions) -> Arb:
        if self.exact_temperatures[-1] > level:
            return ctx.inf
        parts = [_line_above(right - left, (a, b), level, clock, ctx) for left, right, a, b in self._lines()]
        return sum(parts, ctx.rational(Fraction(0)))

    def _pieces(self) -> list[AnalyticPiece]:
        from anneal_theory.schedules.series import flat, line

        lines = [line(left, right, a, (b - a) / (right - left)) for left, right, a, b in self._lines()]
        return [*lines, flat(self.exact_temperatures[-1])]

    def _lines(self) -> Iterator[tuple[Fraction, Fraction, Fraction, Fraction]]:
        """Times and temperatures at the two ends of each line."""
        return zip(self.exact_times[:-1], self.exact_times[1:], *self._pairs, strict=True)

    def _for_ever(self, level: FloatArray, time: FloatArray) -> FloatArray:
        return np.where(self.temperatures[-1] > level, np.inf, time)

    def _share_above(self, level: FloatArray) -> tuple[FloatArray, FloatArray]:
        """For each (level, line): the share of the line above the level, and the lowest temperature of that part."""
        height = self._height_above(level)  # (levels, rows)
        hot, cold = np.maximum(height[:, :-1], height[:, 1:]), np.minimum(height[:, :-1], height[:, 1:])
        span = np.abs(self._rises)
        share = np.where(cold >= 0, 1.0, np.clip(hot, 0, None) / np.where(span > 0, span, 1.0))
        share = np.where(hot > 0, np.minimum(share, 1.0), 0.0)
        lowest = np.minimum(self.temperatures[:-1], self.temperatures[1:])
        return share, np.maximum(lowest, level[:, None])

    def _height_above(self, level: FloatArray) -> FloatArray:
        """Row temperature minus level, through the excesses near 1 (where they are the exact ones)."""
        excess, level = excesses(level)[:, None], level[:, None]
        height = np.where(level > 0.5, self.excesses - excess, self.temperatures - level)
        return np.where(self.temperatures == level, 0.0, height)

    def _highest_after(self, t: FloatArray) -> FloatArray:
        row = np.searchsorted(self.times, t, side="right")
        later = np.append(np.maximum.accumulate(self.temperatures[::-1])[::-1], 0.0)
        return np.asarray(np.maximum(self._temperature(t), later[row]))

    def _settling_time(self, tolerance: float) -> float:
        away = np.flatnonzero(np.abs(self.excesses) > tolerance)
        if not len(away):
            return 0.0
        row = int(away[-1])
        if row == len(self._widths):
            return float("inf")
        # The next row is within the tolerance: the line there crosses the edge of it on this row's side of 1.
        share = (abs(self.excesses[row]) - tolerance) / abs(self._rises[row])
        return float(min(self.times[row] + self._widths[row] * share, self.times[row + 1]))

    def _cells(self, in_clock: bool, tolerance: float) -> Cells:
        away = np.flatnonzero(np.abs(self.excesses) > tolerance)
        count = int(min(away[-1] + 1, len(self._widths))) if len(away) else 0
        if not count:
            return Cells.one(0.0, self._temperature)
        start, end, slopes = self.temperatures[:count], self.temperatures[1 : count + 1], self._slopes[:count]
        lengths = self._row_clocks[:count] if in_clock else self._widths[:count]

        def read(row: IntArray, clock: FloatArray) -> FloatArray:
            if not in_clock:
                return start[row] + slopes[row] * clock
            cooling = slopes[row] < 0  # from the colder end, so that nothing underflows
            growth = slopes[row] * np.where(cooling, clock - lengths[row], clock)
            cold_end = np.where(cooling, end[row], start[row])
            return np.asarray(temperature_on_line(line_temperature=cold_end, log_rise=growth))

        return Cells(lengths, np.ones(count, dtype=bool), read, np.zeros(count), np.zeros(count))


def _check(times: tuple[Fraction, ...], values: tuple[Fraction, ...]) -> None:
    spelled = [float(time) for time in times], [float(value) for value in values]
    if not times or times[0] != 0 or times[-1] > LARGEST:
        raise DomainError.of("times", "numbers that start at 0 and end by 1e100", spelled[0], "prepend the row t = 0")
    if len(times) != len(values):
        raise DomainError.of("temperatures", f"{len(times)} numbers", spelled[1], "give one temperature for each time")
    if not all(earlier < later for earlier, later in zip(spelled[0][:-1], spelled[0][1:], strict=True)):
        raise DomainError.of(
            "times", "strictly increasing", spelled[0], "sort the table, and spread a jump over a short time"
        )
    smallest = Fraction(1, LARGEST)
    if not all(smallest <= value <= LARGEST for value in values):
        raise DomainError.of(
            "temperatures", "positive, from 1e-100 to 1e100", spelled[1], "use 1 for the target itself"
        )
    if values[-1] < 1:
        near = spelled[1][-1] > 1 - 1e-9  # as sums of decimals come out
        step = "write the last one as 1, which it misses by a rounding" if near else "append a last row with T = 1"
        raise DomainError.of("temperatures", "at least 1 at the end, exactly", spelled[1], step)


def _line_above(
    width: Fraction, ends: tuple[Fraction, Fraction], level: Fraction, clock: bool, ctx: BallFunctions
) -> Arb:
    """Time or clock above an exact level on one line of the table, as an Arb ball."""
    cold, hot = sorted(ends)
    if hot <= level:
        return ctx.rational(Fraction(0))
    low = max(cold, level)
    time = width if low == cold else width * (hot - low) / (hot - cold)
    if not clock:
        return ctx.rational(time)
    if hot == low:
        return ctx.rational(time / low)
    line = {"line_temperature": low, "line_time": time, "relative_rise": (hot - low) / low}
    over: Arb = clock_over_line_mp(ctx, **{name: ctx.rational(value) for name, value in line.items()})
    return over


def _clock_of_line(width: FloatArray, low: FloatArray, rise: FloatArray) -> FloatArray:
    """The integral of 1/T over a time `width` in which T changes linearly between `low` and `low + rise`."""
    uneven = _uneven(rise / low)
    return np.asarray(clock_over_line(line_temperature=low, line_time=width, relative_rise=uneven))


def _uneven(rise: FloatArray) -> FloatArray:
    """A rise, or one that no double tells from 0 where there is none: the forms of a line divide by it."""
    return np.where(np.abs(rise) < _EVEN, _EVEN, rise)
