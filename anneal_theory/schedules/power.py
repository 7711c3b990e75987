"""Power-law cooling towards T = 1."""

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

import numpy as np

from anneal_theory._types import Exactable, FloatArray
from anneal_theory.exact import exact
from anneal_theory.formulas import schedules as forms
from anneal_theory.formulas import schedules_mp as forms_any
from anneal_theory.quantities.doors import checked
from anneal_theory.schedules.cooling import Cooling
from anneal_theory.schedules.quadrature import RunningIntegral

_NEGLIGIBLE = 40.0  # exp(-40) is below half an ulp of 1
_LONGEST = 709.7  # log(1 + t/t0) of the largest double
# Below this excess the quotient (T0 - 1)/excess could overflow; there its logarithm has nothing to cancel.
_TINY = 1e-200


@dataclass(frozen=True, init=False, repr=False)
class Power(Cooling):
    """``T = 1 + (T0 - 1)(1 + t/t0)^(-exponent)``.

    The clock is a hypergeometric function (elementary only for special exponents); it is integrated in the variable
    ``log(1 + t/t0)`` by Gauss-Legendre panels to a relative error of 1e-14,
    and inverted by Newton's method to the same.

    Args:
        initial_temperature: T0 >= 1.
        decay_time: t0 > 0, in units of gradient-flow time.
        exponent: Power of the decay, > 0.

    Raises:
        DomainError: a parameter lies outside its domain.

    Source:
        theory section 8; derivations/schedules.py.

    Example:
        >>> schedule = Power(initial_temperature=10, decay_time=100, exponent=1)
        >>> round(schedule.temperature(100.0), 12), round(schedule.time_above(2.0), 9)
        (5.5, 800.0)
    """

    exact_initial_temperature: Fraction
    exact_decay_time: Fraction
    exact_exponent: Fraction

    @checked
    def __init__(self, initial_temperature: Exactable, decay_time: Exactable, exponent: Exactable) -> None:
        object.__setattr__(self, "exact_initial_temperature", exact(initial_temperature))
        object.__setattr__(self, "exact_decay_time", exact(decay_time))
        object.__setattr__(self, "exact_exponent", exact(exponent))

    @property
    def parameters(self) -> dict[str, Any]:
        """The exact parameters by constructor name."""
        return {
            "initial_temperature": self.exact_initial_temperature,
            "decay_time": self.exact_decay_time,
            "exponent": self.exact_exponent,
        }

    @cached_property
    def decay_time(self) -> float:
        """t0 in double precision."""
        return float(self.exact_decay_time)

    @cached_property
    def exponent(self) -> float:
        """The exponent in double precision."""
        return float(self.exact_exponent)

    @property
    def final_temperature(self) -> float:
        """1, approached for ever."""
        return 1.0

    @property
    def breakpoints(self) -> tuple[float, ...]:
        """None: T is smooth."""
        return ()

    def _excess(self, t: FloatArray) -> FloatArray:
        x, top = t / self.decay_time, self.initial_excess
        return np.asarray(forms.power_excess(elapsed=x, initial_excess=top, exponent=self.exponent))

    def _excess_at_clock(self, c: FloatArray) -> FloatArray:
        return self._excess(self._inverse_clock(c))

    def _clock(self, t: FloatArray) -> FloatArray:
        x, table = t / self.decay_time, self._table
        last = np.expm1(table.edges[-1])
        inside = table(np.log1p(np.minimum(x, last)))
        return np.asarray(self.decay_time * (inside + np.maximum(x - last, 0.0)))

    def _inverse_clock(self, c: FloatArray) -> FloatArray:
        y, table = c / self.decay_time, self._table
        last, total = np.expm1(table.edges[-1]), table.totals[-1]
        inside = np.expm1(table.inverse(np.minimum(y, total))) if total else np.zeros_like(y)
        return self.decay_time * np.where(y <= total, inside, last + (y - total))

    @cached_property
    def _table(self) -> RunningIntegral:
        """The clock in units of t0 against s = log(1 + t/t0), up to where 1/T is 1 to double precision.

        The integrand ``e^s / (1 + (T0-1) e^{-ps})`` has its nearest poles at a distance pi/p from the real axis: on
        panels of width 2/p the 16-point rule errs by less than 6.4^-32.
        """
        excess, power = self.initial_excess, self.exponent
        last = max(0.0, min((np.log(excess) + _NEGLIGIBLE) / power, _LONGEST)) if excess else 0.0
        width = min(2.0, 2.0 / power)
        edges = np.linspace(0.0, last, int(np.ceil(last / width)) + 1)
        return RunningIntegral(lambda s: np.exp(s) / (1 + excess * np.exp(-power * s)), edges)

    def _time_until(self, excess: FloatArray) -> FloatArray:
        top, power = self.initial_excess, self.exponent
        with np.errstate(divide="ignore", over="ignore"):  # T = 1 is never reached; small powers pass 1e308: infinite
            early = forms.power_time_above(excess=np.maximum(excess, _TINY), initial_excess=top, exponent=power)
            late = forms.power_time_above_late(excess=np.minimum(excess, _TINY), initial_excess=top, exponent=power)
            return np.asarray(self.decay_time * np.where(excess >= _TINY, early, late))

    def _until_in_balls(self, excess: Fraction, clock: bool, ctx: Any) -> Any:
        if not excess:
            return ctx.inf
        top, power = ctx.rational(self._exact_excess), ctx.rational(self.exact_exponent)
        x = forms_any.power_time_above(ctx, top, ctx.rational(excess), power)
        if clock:
            start = self._primitive(ctx, ctx.rational(Fraction(1)), self._exact_excess)
            x = self._primitive(ctx, 1 + x, excess) - start
        return x * ctx.rational(self.exact_decay_time)

    def _primitive(self, ctx: Any, u: Any, excess: Fraction) -> Any:
        """The primitive of 1/T in u = 1 + t/t0 where T = 1 + excess: ``u/(T (1+p)) 2F1(1, 1; 2 + 1/p; 1/T)``.

        The hypergeometric form of derivations/schedules.py after Pfaff's transformation (DLMF 15.8.1); every term is
        positive.
        """
        beta = ctx.rational(1 / (1 + excess))
        third = ctx.rational(2 + 1 / self.exact_exponent)
        return u * beta / ctx.rational(1 + self.exact_exponent) * beta.hypgeom_2f1(1, 1, third)

    def _clock_until(self, excess: FloatArray) -> FloatArray:
        with np.errstate(over="ignore"):  # times beyond the largest double are infinite, and so is their clock
            return self._clock(self._time_until(excess))
