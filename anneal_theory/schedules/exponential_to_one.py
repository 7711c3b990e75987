"""Exponential cooling that stops at T = 1."""

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
class ExponentialToOne(Ramp):
    """``T = max(1, T0 exp(-t/t0))``.

    Args:
        initial_temperature: T0 >= 1.
        decay_time: t0 > 0, in units of gradient-flow time.

    Raises:
        DomainError: a parameter lies outside its domain.

    Source:
        theory section 8; derivations/schedules.py.

    Example:
        >>> schedule = ExponentialToOne(initial_temperature=10, decay_time=100)
        >>> round(schedule.end_time, 6), round(schedule.clock(schedule.end_time), 6)
        (230.258509, 90.0)
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
    def _exact_unit(self) -> Fraction:
        return self.exact_decay_time

    def _time_form(self, ctx: Any, initial_excess: Any, excess: Any) -> Any:
        return forms_any.exponential_to_one_time_above(ctx, initial_excess, excess)

    def _clock_form(self, ctx: Any, initial_excess: Any, excess: Any) -> Any:
        return forms.exponential_to_one_clock_above(initial_excess=initial_excess, excess=excess)

    @property
    def _unit(self) -> float:
        return self.decay_time

    @cached_property
    def _end(self) -> float:
        return float(np.log1p(self.initial_excess))

    @cached_property
    def _end_clock(self) -> float:
        return self.initial_excess / self.initial_temperature

    def _ramp_excess(self, x: FloatArray) -> FloatArray:
        return np.asarray(forms.exponential_to_one_excess(elapsed=x, initial_excess=self.initial_excess))

    def _ramp_clock(self, x: FloatArray) -> FloatArray:
        return np.asarray(forms.exponential_to_one_clock(elapsed=x, initial_excess=self.initial_excess))

    def _ramp_elapsed(self, y: FloatArray) -> FloatArray:
        return np.asarray(forms.exponential_to_one_elapsed(scaled_clock=y, initial_excess=self.initial_excess))

    def _ramp_excess_at_clock(self, y: FloatArray) -> FloatArray:
        return np.asarray(forms.exponential_to_one_excess_at_clock(scaled_clock=y, initial_excess=self.initial_excess))

    def _ramp_time_above(self, excess: FloatArray) -> FloatArray:
        return np.asarray(forms.exponential_to_one_time_above(excess=excess, initial_excess=self.initial_excess))

    def _ramp_clock_above(self, excess: FloatArray) -> FloatArray:
        return np.asarray(forms.exponential_to_one_clock_above(excess=excess, initial_excess=self.initial_excess))
