"""A user's own function of time as a schedule."""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

import numpy as np
from scipy.optimize import minimize_scalar

from anneal_theory._types import Exactable, FloatArray
from anneal_theory.errors import DomainError
from anneal_theory.quantities.doors import checked
from anneal_theory.schedules import checks
from anneal_theory.schedules.base import Schedule
from anneal_theory.schedules.quadrature import RunningIntegral, adaptive_edges

_PANELS = 64  # of 16 nodes each: features narrower than 1e-3 of the duration can be missed
_HALVINGS = 40  # of the first panel: most schedules cool fast at the start of a long run
_RELATIVE_ERROR = 1e-13
_BISECTIONS = 60  # from the grid's spacing to the last bit


@checked
def from_callable(function: Callable[[float], float], end_time: Exactable) -> "FromCallable":
    """A schedule from any function T(t), used on [0, end_time] and kept at its last value afterwards.

    The clock is integrated adaptively to a relative error of 1e-13 and inverted by Newton's method to 1e-12; kinks and
    jumps are found by halving. Levels are searched on a grid of at least 1024 points, denser towards t = 0, and
    bisected to the last bit. A feature shorter than 1e-3 of `end_time` and of the time at which it occurs
    can go unseen: use `Piecewise` for those.

    Args:
        function: T(t), finite and positive on [0, end_time] and at least 1 at `end_time`. It is called with arrays if
            it accepts them, else with floats.
        end_time: Positive; the temperature is constant from here on.

    Raises:
        DomainError: the function gives a temperature that is not finite or not positive, or ends below 1.
        SolveError: the function is too rough to integrate.

    Source:
        theory section 8.

    Example:
        >>> schedule = from_callable(lambda t: 1 + 9 / (1 + t) ** 2, end_time=1000)
        >>> round(schedule.temperature(2.0), 12), round(schedule.time_above(2.0), 9)
        (2.0, 2.0)
    """
    return FromCallable(function, end_time)


@dataclass(frozen=True, init=False, repr=False)
class FromCallable(Schedule):
    """The schedule that `from_callable` makes."""

    function: Callable[..., Any]
    exact_end_time: Fraction

    @checked
    def __init__(self, function: Callable[..., Any], end_time: Exactable) -> None:
        object.__setattr__(self, "function", function)
        object.__setattr__(self, "exact_end_time", checks.positive(end_time, "end_time", "give when annealing is over"))
        last = float(self._call(np.array([self.end_time]))[0])
        if last < 1:
            raise DomainError.of(
                "function", f"at least 1 at end_time = {self.end_time:g}", last, "let the temperature end at 1"
            )
        self._integral  # noqa: B018  # integrates now, so that a bad function fails here and not in a later call

    @property
    def parameters(self) -> dict[str, Any]:
        """The function's name and the exact end time."""
        name = getattr(self.function, "__qualname__", type(self.function).__qualname__)
        return {"function": name, "end_time": self.exact_end_time}

    @cached_property
    def end_time(self) -> float:
        """The time from which the temperature is constant."""
        return float(self.exact_end_time)

    @cached_property
    def initial_temperature(self) -> float:
        """T(0)."""
        return float(self._call(np.zeros(1))[0])

    @cached_property
    def final_temperature(self) -> float:
        """T(end_time)."""
        return float(self._call(np.array([self.end_time]))[0])

    @property
    def breakpoints(self) -> tuple[float, ...]:
        """The end time; the function's own breakpoints are not known."""
        return (self.end_time,)

    @cached_property
    def never_increases(self) -> bool:
        """Whether the temperature falls along the grid, up to rounding."""
        _, values = self._grid
        return bool(np.all(np.diff(values) <= 4e-16 * values[1:]))

    @cached_property
    def _takes_arrays(self) -> bool:
        probe = np.linspace(0.0, self.end_time, 7)
        try:
            together = np.asarray(self.function(probe.copy()), dtype=np.float64)
            return together.shape == probe.shape and bool(
                np.all(together == [self.function(t) for t in probe.tolist()])
            )
        except (TypeError, ValueError):
            return False

    def _call(self, t: FloatArray) -> FloatArray:
        """The function at times up to the end, checked."""
        values = self.function(t) if self._takes_arrays else [self.function(time) for time in t.tolist()]
        try:
            result = np.asarray(values, dtype=np.float64)
        except (TypeError, ValueError) as error:
            raise DomainError.of("function", "returning one number a time", values, "let it return a float") from error
        bad = ~((result > 0) & (result <= checks.LARGEST_TEMPERATURE))
        if bad.any():
            where, value = float(t[bad][0]), float(result[bad][0])
            raise DomainError.of(
                "function",
                "a finite positive temperature (at most 1e100) at every time",
                value,
                f"mend it at t = {where:g}",
            )
        return result

    @cached_property
    def _integral(self) -> RunningIntegral:
        def beta(t: FloatArray) -> FloatArray:
            return 1 / self._call(t)

        even = np.linspace(0.0, self.end_time, _PANELS + 1)
        start = np.union1d(even, even[1] * 0.5 ** np.arange(1, _HALVINGS))
        return RunningIntegral(beta, adaptive_edges(beta, start, _RELATIVE_ERROR))

    @cached_property
    def _grid(self) -> tuple[FloatArray, FloatArray]:
        """Times (panel edges with 16 steps between them) and temperatures."""
        edges = self._integral.edges
        steps = np.arange(16) / 16
        times = np.append((edges[:-1, None] + np.diff(edges)[:, None] * steps).reshape(-1), edges[-1])
        return times, self._call(times)

    def _temperature(self, t: FloatArray) -> FloatArray:
        return self._call(np.minimum(t, self.end_time))

    def _excess(self, t: FloatArray) -> FloatArray:
        return self._temperature(t) - 1

    def _clock(self, t: FloatArray) -> FloatArray:
        inside = self._integral(np.minimum(t, self.end_time))
        return inside + np.maximum(t - self.end_time, 0.0) / self.final_temperature

    def _inverse_clock(self, c: FloatArray) -> FloatArray:
        total = self._integral.totals[-1]
        inside = self._integral.inverse(np.minimum(c, total))
        return np.where(c < total, inside, self.end_time + np.maximum(c - total, 0.0) * self.final_temperature)

    def _temperature_at_clock(self, c: FloatArray) -> FloatArray:
        return self._temperature(self._inverse_clock(c))

    def _excess_at_clock(self, c: FloatArray) -> FloatArray:
        return self._excess(self._inverse_clock(c))

    def _time_above(self, level: FloatArray) -> FloatArray:
        return np.array([np.sum(np.diff(self._intervals_above(value))[::2]) for value in level.tolist()])

    def _clock_above(self, level: FloatArray) -> FloatArray:
        return np.array([self._clock_in(self._intervals_above(value)) for value in level.tolist()])

    def _above_in_balls(self, level: Fraction, clock: bool, ctx: Any) -> Any:
        raise DomainError.of(
            "schedule",
            "one with a closed form where digits are asked for",
            self,
            "use Piecewise or another named schedule, or leave digits and certified out",
        )

    def _clock_in(self, ends: FloatArray) -> float:
        if len(ends) and np.isinf(ends[-1]):
            return float("inf")
        return float(np.sum(np.diff(self._clock(ends))[::2]))

    def _intervals_above(self, level: float) -> FloatArray:
        """Start and end, in turn, of the intervals with T > level; the last end is infinite if they never stop."""
        times, values = self._grid
        above = values > level
        change = np.flatnonzero(above[1:] != above[:-1])
        low, high, starts_above = times[change], times[change + 1], above[change]
        for _ in range(_BISECTIONS if len(change) else 0):
            middle = (low + high) / 2
            same = (self._call(middle) > level) == starts_above
            low, high = np.where(same, middle, low), np.where(same, high, middle)
        first, last = [0.0] if above[0] else [], [np.inf] if above[-1] else []
        return np.concatenate([first, high, last])

    def _highest_after(self, t: FloatArray) -> FloatArray:
        times, values = self._peaks
        later = np.append(np.maximum.accumulate(values[::-1])[::-1], 0.0)
        return np.asarray(np.maximum(self._temperature(t), later[np.searchsorted(times, t, side="left")]))

    @cached_property
    def _peaks(self) -> tuple[FloatArray, FloatArray]:
        """The local maxima (the end included): found on the grid, then refined."""
        times, values = self._grid
        inner = np.flatnonzero((values[1:-1] > values[:-2]) & (values[1:-1] >= values[2:])) + 1
        tops = [self._refine(times[i - 1], times[i + 1], times[i], values[i]) for i in inner.tolist()]
        found = sorted([*tops, (float(times[-1]), float(values[-1]))])
        return np.array([time for time, _ in found]), np.array([value for _, value in found])

    def _refine(self, left: float, right: float, time: float, value: float) -> tuple[float, float]:
        best = minimize_scalar(
            lambda t: -float(self._call(np.array([t]))[0]), bounds=(left, right), method="bounded",
            options={"xatol": 1e-12 * self.end_time},
        )  # fmt: skip
        return (float(best.x), float(-best.fun)) if -best.fun > value else (float(time), float(value))

    def _settling_time(self, tolerance: float) -> float:
        ends = self._intervals_above(1 + tolerance)
        return float(ends[-1]) if len(ends) else 0.0
