"""A user's own function of time as a schedule."""

from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import cached_property
from typing import Any, Self

import numpy as np

from anneal_theory._types import Arb, BallFunctions, Exactable, FloatArray
from anneal_theory.errors import DomainError
from anneal_theory.exact import exact
from anneal_theory.quantities.doors import checked
from anneal_theory.quantities.letters import LARGEST
from anneal_theory.schedules.analytic import AnalyticPiece
from anneal_theory.schedules.base import Schedule
from anneal_theory.schedules.cells import Cells
from anneal_theory.schedules.features import UNSEEN_RATIO, UNSEEN_SHARE, Panels, smooth_panels
from anneal_theory.schedules.quadrature import RunningIntegral, adaptive_edges
from anneal_theory.schedules.values import excesses

_ALIKE = 8.0  # widths of cells that differ by no more belong to one stretch
_GOLDEN = 0.5 * (5**0.5 - 1)
_SECTIONS = 80  # of a bracket of an extreme
_RELATIVE_ERROR = 1e-13
_ROUNDING = 1e-14  # by which the last temperature may miss 1: |T - 1| that no run in doubles can tell from 0
_BISECTIONS = 60  # from the grid's spacing to the last bit


@checked
def from_callable(
    function: Callable[[float], float], end_time: Exactable, breakpoints: Sequence[Exactable] = ()
) -> "FromCallable":
    """A schedule from any function T(t), used on [0, end_time] and kept at its last value afterwards.

    The function is called at about 300,000 times when the schedule is made: evenly spread, geometrically towards 0,
    and towards both sides of every breakpoint. Jumps that show there are bisected to the last bit and become
    breakpoints; bumps, kinks and the smallest jumps are followed down to where nothing of them counts. Everything else
    (clock, levels, thresholds, trajectories) sees what is found here. The clock is integrated to a relative error of
    1e-13.

    A feature shorter than 3e-5 of `end_time` **and** shorter than 2e-4 of the time at which it occurs can go unseen:
    name its edges as breakpoints, or use `Piecewise`. Estimates made with the schedule say so in their notes.

    Args:
        function: T(t), finite and positive on [0, end_time] and at least 1 at `end_time`. It is called with arrays if
            it accepts them, else with floats.
        end_time: Positive; the temperature is constant from here on.
        breakpoints: Times between 0 and `end_time` at which T jumps, turns a corner or has a narrow feature.

    Raises:
        DomainError: the function gives a temperature that is not finite or not positive, or ends below 1; a
            breakpoint lies outside.
        SolveError: the function is too rough to integrate.

    Source:
        theory section 8.

    Example:
        >>> schedule = from_callable(lambda t: 1 + 9 / (1 + t) ** 2, end_time=1000)
        >>> round(schedule.temperature(2.0), 12), round(schedule.time_above(2.0), 9)
        (2.0, 2.0)
        >>> from_callable(lambda t: 30 if 1.1 <= t < 1.3 else 1, end_time=20).breakpoints
        (1.1, 1.3, 20.0)
    """
    return FromCallable(function, end_time, breakpoints)


class FromCallable(Schedule):
    """The schedule that `from_callable` makes."""

    function: Callable[..., Any]
    exact_end_time: Fraction
    exact_breakpoints: tuple[Fraction, ...]

    @checked
    def __init__(
        self, function: Callable[[float], float], end_time: Exactable, breakpoints: Sequence[Exactable] = ()
    ) -> None:
        vars(self).update(function=function, exact_end_time=exact(end_time))
        vars(self)["exact_breakpoints"] = self._inner(breakpoints)
        last = float(self._call(np.array([self.end_time]))[0])
        if last < 1 - _ROUNDING:
            raise DomainError.of(
                "function", f"at least 1 at end_time = {self.end_time:g}", last, "let the temperature end at 1"
            )
        self._integral  # noqa: B018  # integrates now, so that a bad function fails here and not in a later call

    def _inner(self, breakpoints: Sequence[Exactable]) -> tuple[Fraction, ...]:
        times = sorted({exact(time, f"breakpoints[{row}]") for row, time in enumerate(breakpoints)})
        outside = [time for time in times if not 0 < float(time) < self.end_time]
        if outside:
            between = f"between 0 and end_time = {self.end_time:g}"
            raise DomainError.of("breakpoints", between, float(outside[0]), "leave this one out")
        return tuple(times)

    @property
    def parameters(self) -> dict[str, object]:
        """The function's name, the exact end time and the breakpoints that were given."""
        name = getattr(self.function, "__qualname__", type(self.function).__qualname__)
        return {"function": name, "end_time": self.exact_end_time, "breakpoints": self.exact_breakpoints}

    @cached_property
    def _key(self) -> tuple[object, ...]:
        return self.function, self.exact_end_time, self.exact_breakpoints

    def __getstate__(self) -> dict[str, object]:
        return super().__getstate__() | {"function": self.function}

    def _stretched(self, factor: Fraction, digits: int | None) -> Self:
        # The function's own times have any number of digits, so nothing is rounded.
        function, unit = self.function, float(factor)
        return type(self)(
            lambda t: function(t / unit),
            self.exact_end_time * factor,
            [time * factor for time in self.exact_breakpoints],
        )

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
        """The breakpoints that were given, the jumps that were found, and the end time."""
        return (*self._panels.breakpoints, self.end_time)

    @cached_property
    def never_increases(self) -> bool:
        """Whether the temperature falls along the grid, up to the function's own rounding."""
        _, values = self._grid
        return bool(np.all(np.diff(values) <= 4e-16 * values[1:]))

    @property
    def caveat(self) -> str:
        """Which features of the function can be unseen."""
        share = f"{UNSEEN_RATIO:.1g} of the time at which they come and than {UNSEEN_SHARE * self.end_time:.1g}"
        return f"the temperature is a function of time: features shorter than {share} may be unseen; name breakpoints"

    def strides(self) -> list[tuple[float, float]]:
        """Stretches of cells of similar widths, with twice the narrowest as the longest step."""
        edges, strides, first = self._integral.edges, [], 0
        widths, joints = np.diff(edges), set(self.breakpoints)
        for i in range(1, len(edges)):
            group = widths[first : i + 1]
            if i == len(widths) or edges[i] in joints or group.max() > _ALIKE * group.min():
                strides.append((float(edges[i]), 2.0 * float(widths[first:i].min())))
                first = i
        return strides

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
            what = "one that returns one number for each time"
            raise DomainError.of("function", what, values, "let it return a float") from error
        bad = ~((result > 0) & (result <= LARGEST))
        if bad.any():
            where, value = float(t[bad][0]), float(result[bad][0])
            what = "a finite positive temperature (at most 1e100) at every time"
            raise DomainError.of("function", what, value, f"correct it at t = {where:g}")
        return result

    @cached_property
    def _panels(self) -> Panels:
        return smooth_panels(self._call, self.end_time, tuple(float(time) for time in self.exact_breakpoints))

    @cached_property
    def _integral(self) -> RunningIntegral:
        def beta(t: FloatArray) -> FloatArray:
            return 1 / self._call(t)

        return RunningIntegral(beta, adaptive_edges(beta, self._panels.edges, _RELATIVE_ERROR))

    @cached_property
    def _grid(self) -> tuple[FloatArray, FloatArray]:
        """Times (panel edges, 16 steps between them, both sides of jumps, local extremes) and temperatures."""
        edges = self._integral.edges
        steps = np.arange(16) / 16
        before = np.nextafter(self.breakpoints, 0.0)
        times = np.concatenate([(edges[:-1, None] + np.diff(edges)[:, None] * steps).reshape(-1), before, edges[-1:]])
        times = np.unique(times)
        values = self._call(times)
        extremes = np.concatenate([self._extremes(times, sign * values, sign) for sign in (1.0, -1.0)])
        times = np.union1d(times, extremes)
        return times, self._call(times)

    def _extremes(self, times: FloatArray, values: FloatArray, sign: float) -> FloatArray:
        """Local maxima of sign * T next to those of the grid, by golden sections."""
        inner = np.flatnonzero((values[1:-1] > values[:-2]) & (values[1:-1] >= values[2:])) + 1
        low, high = times[inner - 1], times[inner + 1]
        for _ in range(_SECTIONS if len(inner) else 0):
            left, right = high - _GOLDEN * (high - low), low + _GOLDEN * (high - low)
            falls = sign * self._call(left) >= sign * self._call(right)
            low, high = np.where(falls, low, left), np.where(falls, right, high)
        return np.asarray(0.5 * (low + high))

    def _cells(self, in_clock: bool, tolerance: float) -> Cells:
        edges, end = self._integral.edges, self.settling_time(tolerance)
        count = min(max(1, int(np.searchsorted(edges, end, side="left"))), len(edges) - 1)  # it may never settle
        left, right = edges[:count], edges[1 : count + 1]
        owner = np.clip(np.searchsorted(self._panels.edges, left, side="right") - 1, 0, len(self._panels.noise) - 1)
        joints = np.isin(left, [0.0, *self.breakpoints])
        rounding = 4 * np.spacing(right)
        if not in_clock:
            return Cells(
                right - left, joints, lambda cell, clock: self._call(np.minimum(left[cell] + clock, right[cell])),
                rounding, self._panels.noise[owner],
            )  # fmt: skip
        lengths = self._integral.parts[:count]
        return Cells(
            lengths, joints, lambda cell, clock: self._call(self._integral.inverse_in(cell, clock)),
            rounding * lengths / (right - left), self._panels.noise[owner],
        )  # fmt: skip

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

    def _time_above(self, level: FloatArray) -> FloatArray:
        return np.array([np.sum(np.diff(self._intervals_above(value))[::2]) for value in excesses(level).tolist()])

    def _clock_above(self, level: FloatArray) -> FloatArray:
        return np.array([self._clock_in(self._intervals_above(value)) for value in excesses(level).tolist()])

    def _above_in_balls(self, level: Fraction, clock: bool, ctx: BallFunctions) -> Arb:
        raise self._no_form("use Piecewise or another named schedule, or leave digits and certified out")

    def _pieces(self) -> list[AnalyticPiece]:
        raise self._no_form("use doubles, or a Piecewise table")

    def _no_form(self, next_step: str) -> DomainError:
        return DomainError.of("schedule", "one with a closed form, where digits are asked for", self, next_step)

    def _clock_in(self, ends: FloatArray) -> float:
        if len(ends) and np.isinf(ends[-1]):
            return float("inf")
        return float(np.sum(np.diff(self._clock(ends))[::2]))

    def _intervals_above(self, excess: float, sign: float = 1.0) -> FloatArray:
        """Start and end, in turn, of the intervals with sign (T - 1) > excess; infinite where the last never stops."""
        times, values = self._grid
        above = sign * (values - 1) > excess
        change = np.flatnonzero(above[1:] != above[:-1])
        low, high, starts_above = times[change], times[change + 1], above[change]
        for _ in range(_BISECTIONS if len(change) else 0):
            middle = (low + high) / 2
            same = (sign * (self._call(middle) - 1) > excess) == starts_above
            low, high = np.where(same, middle, low), np.where(same, high, middle)
        first, last = [0.0] if above[0] else [], [np.inf] if above[-1] else []
        return np.concatenate([first, high, last])

    def _highest_after(self, t: FloatArray) -> FloatArray:
        times, values = self._grid
        later = np.append(np.maximum.accumulate(values[::-1])[::-1], 0.0)
        return np.asarray(np.maximum(self._temperature(t), later[np.searchsorted(times, t, side="left")]))

    def _settling_time(self, tolerance: float) -> float:
        ends = [self._intervals_above(tolerance, sign) for sign in (1.0, -1.0)]
        return max((float(times[-1]) for times in ends if len(times)), default=0.0)
