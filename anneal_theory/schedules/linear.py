"""Cooling linear in the temperature."""

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
from anneal_theory.schedules.ramp import Ramp


@dataclass(frozen=True, init=False, repr=False)
class Linear(Ramp):
    """T falls linearly from T0 to 1 over `duration`: ``T = 1 + (T0 - 1)(1 - t/D)``.

    Args:
        initial_temperature: T0 >= 1.
        duration: Time D > 0 at which T reaches 1.

    Raises:
        DomainError: a parameter lies outside its domain.

    Source:
        theory section 8; derivations/schedules.py.

    Example:
        >>> schedule = Linear(initial_temperature=11, duration=100)
        >>> schedule.temperature(50.0), schedule.time_above(6.0)
        (6.0, 50.0)
    """

    exact_initial_temperature: Fraction
    exact_duration: Fraction

    @checked
    def __init__(self, initial_temperature: Exactable, duration: Exactable) -> None:
        object.__setattr__(self, "exact_initial_temperature", exact(initial_temperature))
        object.__setattr__(self, "exact_duration", exact(duration))

    @property
    def parameters(self) -> dict[str, Any]:
        """The exact parameters by constructor name."""
        return {"initial_temperature": self.exact_initial_temperature, "duration": self.exact_duration}

    @cached_property
    def duration(self) -> float:
        """D in double precision."""
        return float(self.exact_duration)

    @property
    def _exact_unit(self) -> Fraction:
        return self.exact_duration

    def _time_form(self, ctx: Any, initial_excess: Any, excess: Any) -> Any:
        return forms.linear_time_above(initial_excess=initial_excess, excess=excess)

    def _clock_form(self, ctx: Any, initial_excess: Any, excess: Any) -> Any:
        return forms_any.linear_clock_above(ctx, initial_excess, excess)

    @property
    def _unit(self) -> float:
        return self.duration

    @cached_property
    def _end(self) -> float:
        return 1.0

    @cached_property
    def _end_clock(self) -> float:
        return float(np.log1p(self.initial_excess)) / self.initial_excess if self.initial_excess else 1.0

    def _ramp_excess(self, x: FloatArray) -> FloatArray:
        return np.asarray(forms.linear_excess(elapsed=x, initial_excess=self.initial_excess))

    def _ramp_clock(self, x: FloatArray) -> FloatArray:
        return np.asarray(forms.linear_clock(elapsed=x, initial_excess=self.initial_excess))

    def _ramp_elapsed(self, y: FloatArray) -> FloatArray:
        return np.asarray(forms.linear_elapsed(scaled_clock=y, initial_excess=self.initial_excess))

    def _ramp_excess_at_clock(self, y: FloatArray) -> FloatArray:
        return np.asarray(forms.linear_excess_at_clock(scaled_clock=y, initial_excess=self.initial_excess))

    def _ramp_time_above(self, excess: FloatArray) -> FloatArray:
        return np.asarray(forms.linear_time_above(excess=excess, initial_excess=self.initial_excess))

    def _ramp_clock_above(self, excess: FloatArray) -> FloatArray:
        return np.asarray(forms.linear_clock_above(excess=excess, initial_excess=self.initial_excess))
