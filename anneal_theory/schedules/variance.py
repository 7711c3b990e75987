r"""The common variance of the components along a schedule: trained, slaved to the temperature, or fixed.

The trained variance obeys ``v' = -(v - T)``, ``v(0) = T(0)``, in the clock in which the pull of the target has the rate
of the free energy: time under the free energy, ``int beta dt`` under the tempered target (theory section 11).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import numpy as np

from anneal_theory._types import FloatArray, MpContext, Mpf, Number, Objective, VarianceRule
from anneal_theory.errors import DomainError
from anneal_theory.formulas.sphere_variance import variance_rate
from anneal_theory.formulas.sphere_variance_mp import lagging_variance, lagging_variance_even, relaxing_variance
from anneal_theory.numerics.collocation import ChebyshevRule, Elementwise, chebyshev_value, double_rule, rule_in
from anneal_theory.quantities.doors import checked
from anneal_theory.schedules.base import Schedule
from anneal_theory.schedules.exponential_to_one import ExponentialToOne, cooling_rate
from anneal_theory.schedules.monotone import MonotoneSchedule, form_in, unit_in

_DOUBLE_NODES = 20
_DOUBLE_TOLERANCE = 2e-14
_WIDEST = 8.0
_SMALLEST = 1e-12  # of the time: shorter panels are no longer resolved
_MOST_PANELS = 20000
_SAFETY = 4  # of the last coefficients for the sum of those left out


@dataclass(frozen=True, eq=False)
class AlongClock:
    """A schedule read in the clock of the pull, in doubles or in an mpmath context."""

    temperature: Callable[[Any], Any]  # from an array of clock values to temperatures
    breaks: tuple[Number, ...]  # clock values > 0 at which the temperature is not smooth
    end: Any  # from where the temperature is 1 for good; infinite for never
    rule: ChebyshevRule  # collocation rule of these numbers
    functions: Any  # elementary functions for generated code
    number: Callable[[Fraction], Any]  # from an exact rational
    tolerance: Any  # to which panels are resolved


def along(schedule: Schedule, objective: Objective) -> AlongClock:
    """A schedule in doubles."""
    in_clock = objective == "tempered-target"
    read = schedule.temperature_at_clock if in_clock else schedule.temperature
    breaks = tuple(schedule.clock(time) if in_clock else time for time in schedule.breakpoints)
    end = np.inf
    if schedule.final_temperature == 1 and (time := schedule.settling_time(0.0)) < np.inf:
        end = schedule.clock(time) if in_clock else time
    return AlongClock(read, breaks, end, double_rule(_DOUBLE_NODES), np, float, _DOUBLE_TOLERANCE)


def along_to_digits(schedule: Schedule, objective: Objective, context: MpContext, digits: int) -> AlongClock:
    """A schedule in an mpmath context of more digits, which must be the one in use."""
    in_clock = objective == "tempered-target"
    functions = Elementwise(context)

    def number(value: Fraction) -> Mpf:
        return context.mpf(value.numerator) / value.denominator

    def form(quantity: str) -> Any:
        if not isinstance(schedule, MonotoneSchedule):
            return None
        return form_in(schedule, quantity, number, functions)

    excess, argument = (form("excess_at_clock"), "scaled_clock") if in_clock else (form("excess"), "elapsed")
    last = form("end")
    if excess is None or (in_clock and last is not None and form("clock_above") is None):
        raise DomainError.of("schedule", "one with a closed form, where digits are asked for", schedule, "use doubles")
    unit = unit_in(schedule, number, functions) if isinstance(schedule, MonotoneSchedule) else 1
    end = (
        context.inf
        if last is None
        else unit * (form("clock_above")(excess=number(Fraction(0))) if in_clock else last())
    )

    def temperature(clock: np.ndarray) -> Any:
        target: Any = context.mpf(1)
        return np.where(clock < end, 1 + excess(**{argument: clock / unit}), target)

    breaks = (end,) if 0 < end < context.inf else ()
    count = digits + 14
    return AlongClock(
        temperature, breaks, end, rule_in(context, count), functions, number, context.mpf(10) ** -(digits + 3)
    )


@dataclass(frozen=True, eq=False)
class VarianceCurve:
    """The variance as a function of the clock of the pull."""

    read: AlongClock  # the schedule along the clock
    rule: VarianceRule  # "trained", "follows-temperature" or "fixed"
    # closed form until the end of the schedule; None where the equation is solved
    closed: Callable[[np.ndarray], np.ndarray] | None = None
    _panels: list[tuple[Any, Any, Any, Any]] = field(default_factory=list, repr=False)

    def at(self, clock: np.ndarray) -> np.ndarray:
        """v at an array of clock values in increasing order, shape (n,)."""
        if self.rule == "fixed":
            return 0 * clock + 1
        if self.rule == "follows-temperature":
            temperature: np.ndarray = self.read.temperature(clock)
            return temperature
        end, inside = self.read.end, self._until_end
        if end <= 0 or clock[0] > end:
            return self._relaxing(clock)
        if not clock[-1] > end:
            return inside(clock)
        early = clock <= end
        return np.concatenate([inside(clock[early]) if early.any() else clock[:0], self._relaxing(clock[~early])])

    @property
    def error(self) -> Any:
        """How far v may be off so far: no further than the residual between the nodes, as the equation damps it."""
        return max((panel[3] for panel in self._panels), default=self.read.tolerance)

    def _relaxing(self, clock: np.ndarray) -> np.ndarray:
        unit = self.read.number(Fraction(1))
        last = self._until_end(np.array([self.read.end]))[0] if self.read.end > 0 else unit
        after = clock - self.read.end
        relaxed: np.ndarray = relaxing_variance(self.read.functions, initial_variance=last, temperature=unit, t=after)
        return relaxed

    def _until_end(self, clock: np.ndarray) -> np.ndarray:
        if self.closed is not None:
            return self.closed(clock)
        while not self._panels or self._panels[-1][1] < clock[-1]:
            self._grow()
        rights = [panel[1] for panel in self._panels]
        values = []
        for time in clock:
            left, right, series, _ = self._panels[int(np.searchsorted(rights, time))]
            values.append(chebyshev_value(series, (2 * time - left - right) / (right - left)))
        return np.array(values)

    def _grow(self) -> None:
        """One panel more, by a linear system at the nodes."""
        read, rule = self.read, self.read.rule
        zero = read.number(Fraction(0))
        if self._panels:
            left, right, series, _ = self._panels[-1]
            start, width, left = chebyshev_value(series, read.number(Fraction(1))), 2 * (right - left), right
        else:
            left, start, width = zero, read.temperature(np.array([zero]))[0], read.number(Fraction(1, 16))
        joint = min((edge for edge in (*read.breaks, read.end) if edge > left), default=read.end)
        width = min(width, read.number(Fraction(_WIDEST)), joint - left)
        if len(self._panels) > _MOST_PANELS:
            raise DomainError.of("schedule", f"one of at most {_MOST_PANELS} panels", read, "ask for earlier times")
        while True:
            right = left + width
            values, rates = _solved(read, left, width, start)
            residual = _SAFETY * (rule.tail(values) + rule.tail(rates))
            if residual <= _SAFETY * read.tolerance * max(abs(values)) or width < _SMALLEST * (1 + left):
                break
            width = width / 2
        right = joint if right > joint * (1 - _SMALLEST) else right
        self._panels.append((left, right, list(rule.series(values)), residual))


def _solved(read: AlongClock, left: Number, width: Number, start: Number) -> tuple[np.ndarray, np.ndarray]:
    """v and its rate at the nodes of a panel: ``v = v(left) + int (T - v)``, which is linear in v."""
    rule, half = read.rule, width / 2
    clock = left + half * (1 + rule.nodes)
    temperature = read.temperature(clock)
    size = len(rule.nodes)
    ones, zeros = np.array([read.number(Fraction(1))] * size), np.array([read.number(Fraction(0))] * size)
    by_variance = variance_rate(variance=ones, temperature=zeros)[0]  # the rate is linear
    forced = start + half * (rule.running @ variance_rate(variance=zeros, temperature=temperature))
    matrix = np.diag(ones) - half * by_variance * rule.running
    if matrix.dtype != object:
        values = np.linalg.solve(matrix, forced)
    else:
        context = read.functions.context
        values = np.array(list(context.lu_solve(context.matrix(matrix.tolist()), context.matrix(forced.tolist()))))
    return values, variance_rate(variance=values, temperature=temperature)


def variance_curve(schedule: Schedule, rule: VarianceRule, objective: Objective, read: AlongClock) -> VarianceCurve:
    """The variance along a schedule, in the numbers of a reading of it."""
    if rule == "trained" and objective == "free-energy" and isinstance(schedule, ExponentialToOne):
        return VarianceCurve(read, rule, _lagging(schedule, read))
    return VarianceCurve(read, rule)


def _lagging(schedule: ExponentialToOne, read: AlongClock) -> Callable[[np.ndarray], np.ndarray]:
    temperature = read.number(schedule.exact_initial_temperature)
    rate = cooling_rate(schedule, read.number, read.functions)
    if rate == 1:
        return lambda t: lagging_variance_even(read.functions, t, temperature)
    return lambda t: lagging_variance(read.functions, t, temperature, rate)


@checked(times="flow_times", variance="variance_rule")
def variance_along(
    schedule: Schedule,
    times: Sequence[float] | FloatArray,
    variance: VarianceRule = "trained",
    objective: Objective = "free-energy",
) -> FloatArray:
    """The common variance at given times, to about 13 digits, in large dimension and for equal weights.

    Under the tempered target all of it is beta times as fast. Source: docs/derivations/sphere_variance.md.
    """
    read = along(schedule, objective)
    curve = variance_curve(schedule, variance, objective, read)
    moments = np.asarray(times, dtype=np.float64)
    clock = np.asarray(schedule.clock(moments)) if objective == "tempered-target" else moments
    order = np.argsort(clock)
    values = np.empty_like(clock)
    if clock.size:
        values[order] = curve.at(clock[order])
    return values
