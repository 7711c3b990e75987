r"""The linear passage along a schedule: the pair's rapidity, the growth of x, and the sum of the overlaps.

On a panel the rapidity comes by Picard's iteration at Chebyshev points; growth and sum are integrals there.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from anneal_theory._types import FloatArray, MpContext, Mpf, Number
from anneal_theory.averages import double, multiprecision, quadrature_double
from anneal_theory.errors import PrecisionError
from anneal_theory.formulas.sphere_flow_mp import label_width
from anneal_theory.formulas.sphere_formulas import passage_rates, passage_sum
from anneal_theory.formulas.sphere_formulas_mp import passage_distance, passage_integrand, passage_turn
from anneal_theory.numerics.collocation import chebyshev_value, rising_zero
from anneal_theory.precision import to_mpf
from anneal_theory.problem import BimodalTarget
from anneal_theory.schedules.variance import AlongClock, VarianceCurve

_HALF = Fraction(1, 2)
_FULL = 2  # the largest sum of the overlaps: both means at the mode
_MOST_PANELS = 20000
_MOST_ROUNDS = 60
_REACH = 6.0  # of the exponents on a panel, times the digits of a double
_WIDEST = 2.0
_NARROWEST = 2.0**-40
_LARGE = 1e60


@dataclass(frozen=True)
class PassageAverages:
    """G and E sech^2 in the numbers of a path."""

    overlap: Callable[[Any], Any]  # G at an array of distances, equal weights
    centre_slope: Callable[[Any], Any]  # ``E sech^2(r z)`` at an array of separations r


def _double_slope(separations: FloatArray) -> FloatArray:
    return quadrature_double.assembled(*quadrature_double.sech_mean_log(np.zeros_like(separations), separations, 2))


DOUBLES = PassageAverages(lambda distances: double.mmse(distances, _HALF), _double_slope)


def averages_in(context: MpContext, digits: int) -> PassageAverages:
    """The averages to digits, as numbers of an mpmath context."""

    def overlap(distance: Mpf) -> Mpf:
        return context.mpf(multiprecision.mmse(to_mpf(distance), digits=digits))

    def centre_slope(separation: Mpf) -> Mpf:
        return context.mpf(multiprecision.psi_prime(0, BimodalTarget(to_mpf(separation), _HALF), digits))

    return PassageAverages(np.frompyfunc(overlap, 1, 1), np.frompyfunc(centre_slope, 1, 1))


@dataclass(frozen=True)
class LinearPassage:
    """Where the linear passage ended."""

    end: Any  # clock value
    log_growth: Any  # Lambda, the integral of the growth rate of x
    gain: Any  # Q, with the sum of the overlaps ``N = 2 eps (1 + Q)``; that of the lowered sum, see `lift`
    rapidity: Any  # theta of the pair, whose cosine is -tanh(theta)
    push: Any  # 2 g over the growth rate at the end: how much the components still push
    lift: Any  # log of the factor by which 1 + Q was lowered on the way, so that it does not overflow; else 0
    error: Any  # how far log of the threshold may be off by its numerics: what the panels leave out, summed up
    panels: int  # how many there were


@dataclass(frozen=True, eq=False)
class _Panel:
    """One panel: clock and values at its nodes and at its end."""

    left: Any
    width: Any
    rapidity: Any  # at the nodes
    last_rapidity: Any
    growth: Any  # rate of log x at the nodes
    push: Any  # rate of the rapidity over it at the nodes
    error: Any


class PassagePath:
    """The passage from orthogonal means on, in the path's numbers; `bias` is eps = h/R^2."""

    def __init__(self, separation: Number, bias: Number, variance: VarianceCurve, averages: PassageAverages) -> None:
        self.separation, self.bias, self.variance, self.averages = separation, bias, variance, averages
        self.read: AlongClock = variance.read
        self.zero, self.one = (self.read.number(Fraction(number)) for number in (0, 1))

    def run(self, stop: Number | None) -> LinearPassage:
        """Follow the passage until N = 2, or to a clock value where one is given."""
        left = rapidity = log_growth = gain = lift = error = self.zero
        width, exp = self.read.number(Fraction(1, 16)), self.read.functions.exp
        for count in range(1, _MOST_PANELS + 1):
            joint = min(
                (edge for edge in (*self.read.breaks, stop) if edge is not None and edge > left), default=math.inf
            )
            panel = self._panel(left, min(width, joint - left), rapidity)
            error += panel.error
            sums = self._sums(panel, rapidity, log_growth, gain, lift)
            if stop is None and passage_sum(self.bias, sums[2][-1]) >= _FULL:
                return self._full(panel, sums, error, count)
            rapidity, log_growth, gain = panel.last_rapidity, sums[1][-1], sums[2][-1]
            left = joint if panel.left + panel.width > joint * (1 - _NARROWEST) else panel.left + panel.width
            if stop is not None and left >= stop:
                return LinearPassage(
                    left, log_growth, gain + exp(-lift) - 1, rapidity, panel.push[-1], lift, error, count
                )
            if stop is not None and gain > _LARGE:
                lift, gain = lift + self.read.functions.log(gain), self.one
            width = panel.width * 3 / 2
        raise PrecisionError(
            f"0 digits reached: the passage takes more than {_MOST_PANELS} panels; use a shorter schedule"
        )

    def _panel(self, left: Number, width: Number, rapidity: Number) -> _Panel:
        """The next panel: as wide as it is resolved, at most `width`."""
        rule, width = self.read.rule, min(width, self.read.number(Fraction(_WIDEST)))
        while width > _NARROWEST * (1 + left):
            clock = left + width / 2 * (1 + rule.nodes)
            temperature, variance = self.read.temperature(clock), self.variance.at(clock)
            slope = self.averages.centre_slope(label_width(self.read.functions, self.separation, variance))
            motion = self._turned(width, rapidity, temperature, variance, slope)
            if motion is not None:
                values, rates, growth = motion
                error = width * (rule.tail(rates) + rule.tail(growth))
                last = rapidity + width / 2 * (rule.whole @ rates)
                reach = width * max(abs(growth - rates))
                if error <= self.read.tolerance * 8 * (1 + width) and reach < _REACH:
                    return _Panel(left, width, values, last, growth, rates / growth, error)
            width = width / 2
        where = f"the passage is not resolved at clock {float(left):.6g}"
        raise PrecisionError(f"0 digits reached: {where}; use a smoother schedule")

    def _turned(
        self, width: Number, rapidity: Number, temperature: np.ndarray, variance: np.ndarray, slope: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray] | None:
        """(rapidity, its rate, growth rate) at the nodes, or None where Picard's iteration does not settle."""
        rule, functions = self.read.rule, self.read.functions
        before: Number | None = None
        values: np.ndarray = rapidity + 0 * rule.nodes
        size = max(rapidity, -rapidity)
        for _ in range(_MOST_ROUNDS):
            distance = passage_distance(functions, values, self.separation, variance)
            rates, growth = passage_rates(
                self.separation, variance, temperature, self.averages.overlap(distance), slope
            )
            new = rapidity + width / 2 * (rule.running @ rates)
            change: Number = max(abs(new - values))
            values = new
            if change <= self.read.tolerance * (1 + size):
                return values, rates, growth
            if before is not None and change > before / 2:
                return None
            before = change
        return None

    def _sums(
        self, panel: _Panel, rapidity: Number, log_growth: Number, gain: Number, lift: Number
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """(Clock, Lambda, lowered Q) at the nodes and, as the last entry, at the end of a panel."""
        rule, functions, half = self.read.rule, self.read.functions, panel.width / 2
        turns = passage_turn(functions, np.append(panel.rapidity, panel.last_rapidity)) - passage_turn(
            functions, np.array([rapidity])
        )
        growths = half * np.append(rule.running @ panel.growth, rule.whole @ panel.growth)
        lowered = panel.growth * functions.exp(-lift)
        pushed = passage_integrand(functions, -growths[:-1], -turns[:-1], lowered)  # from the panel's left end
        summed_up = gain + half * np.append(rule.running @ pushed, rule.whole @ pushed)
        gains = passage_integrand(functions, growths, turns, summed_up)
        clock = panel.left + half * np.append(1 + rule.nodes, 2 * self.one)
        return clock, log_growth + growths, gains

    def _full(
        self, panel: _Panel, sums: tuple[np.ndarray, np.ndarray, np.ndarray], error: Number, count: int
    ) -> LinearPassage:
        """The passage until N = 2, which lies in this panel."""
        rule, functions, (_, growths, gains) = self.read.rule, self.read.functions, sums
        series = list(rule.series(functions.log(passage_sum(self.bias, gains[:-1]) / _FULL)))
        first = next((k for k, gain in enumerate(gains) if passage_sum(self.bias, gain) >= _FULL), len(gains) - 1)
        places = np.append(rule.nodes, self.one)
        low = places[first - 1] if first else -self.one
        place = rising_zero(lambda x: chebyshev_value(series, x), low, places[first], self.read.tolerance)
        values = growths[:-1], panel.rapidity, panel.push
        grown, turned, push = (chebyshev_value(list(rule.series(value)), place) for value in values)
        clock = panel.left + panel.width / 2 * (1 + place)
        return LinearPassage(clock, grown, self.one / self.bias - 1, turned, push, self.zero, error, count)
