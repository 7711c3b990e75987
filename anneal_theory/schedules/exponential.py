"""Exponential cooling towards T = 1."""

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

# exp(x) is finite up to here; beyond it the other form of the clock loses nothing, since T0 <= 1e100.
_LATE = 700.0
# Below this excess the quotient (T0 - 1)/excess could overflow; there its logarithm has nothing to cancel.
_TINY = 1e-200


@dataclass(frozen=True, init=False, repr=False)
class Exponential(Cooling):
    """``T = 1 + (T0 - 1) exp(-t/t0)``, the schedule of theory section 6.

    Args:
        initial_temperature: T0 >= 1.
        decay_time: t0 > 0, in units of gradient-flow time.

    Raises:
        DomainError: a parameter lies outside its domain.

    Source:
        theory section 8; derivations/schedules.py.

    Example:
        >>> schedule = Exponential(initial_temperature=10, decay_time=100)
        >>> round(schedule.temperature(100.0), 6), round(schedule.time_above(5.5), 6)
        (4.310915, 69.314718)
    """

    exact_initial_temperature: Fraction
    exact_decay_time: Fraction

    @checked
    def __init__(self, initial_temperature: Exactable, decay_time: Exactable) -> None:
        object.__setattr__(self, "exact_initial_temperature", exact(initial_temperature))
        object.__setattr__(self, "exact_decay_time", exact(decay_time))

    @property
    def parameters(self) -> dict[str, Any]:
        """The exact parameters by constructor name."""
        return {"initial_temperature": self.exact_initial_temperature, "decay_time": self.exact_decay_time}

    @cached_property
    def decay_time(self) -> float:
        """t0 in double precision."""
        return float(self.exact_decay_time)

    @property
    def final_temperature(self) -> float:
        """1, approached for ever."""
        return 1.0

    @property
    def breakpoints(self) -> tuple[float, ...]:
        """None: T is smooth."""
        return ()

    def _excess(self, t: FloatArray) -> FloatArray:
        return np.asarray(forms.exponential_excess(elapsed=t / self.decay_time, initial_excess=self.initial_excess))

    def _clock(self, t: FloatArray) -> FloatArray:
        x, top = t / self.decay_time, self.initial_excess
        early = forms.exponential_clock(elapsed=np.minimum(x, _LATE), initial_excess=top)
        late = forms.exponential_clock_late(elapsed=np.maximum(x, _LATE), initial_excess=top)
        return np.asarray(self.decay_time * np.where(x < _LATE, early, late))

    def _inverse_clock(self, c: FloatArray) -> FloatArray:
        y, top = c / self.decay_time, self.initial_excess
        early = forms.exponential_elapsed(scaled_clock=np.minimum(y, 1.0), initial_excess=top)
        late = forms.exponential_elapsed_late(scaled_clock=np.maximum(y, 1.0), initial_excess=top)
        return np.asarray(self.decay_time * np.where(y < 1.0, early, late))

    def _excess_at_clock(self, c: FloatArray) -> FloatArray:
        y, top = c / self.decay_time, self.initial_excess
        return np.asarray(forms.exponential_excess_at_clock(scaled_clock=y, initial_excess=top))

    def _time_until(self, excess: FloatArray) -> FloatArray:
        top = self.initial_excess
        early = forms.exponential_time_above(excess=np.maximum(excess, _TINY), initial_excess=top)
        with np.errstate(divide="ignore"):  # T = 1 exactly is never reached: the logarithm says so
            late = forms.exponential_time_above_late(excess=np.minimum(excess, _TINY), initial_excess=top)
        return np.asarray(self.decay_time * np.where(excess >= _TINY, early, late))

    def _until_in_balls(self, excess: Fraction, clock: bool, ctx: Any) -> Any:
        if not excess:
            return ctx.inf
        form = forms_any.exponential_clock_above if clock else forms_any.exponential_time_above
        return form(ctx, ctx.rational(self._exact_excess), ctx.rational(excess)) * ctx.rational(self.exact_decay_time)

    def _clock_until(self, excess: FloatArray) -> FloatArray:
        with np.errstate(divide="ignore"):  # at T = 1 the quotient is infinite, and so is the clock
            ratio = forms.exponential_clock_above(excess=excess, initial_excess=self.initial_excess)
        return np.asarray(self.decay_time * ratio)
