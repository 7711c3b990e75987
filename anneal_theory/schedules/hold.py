"""A hot hold, then a quench."""

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

import numpy as np

from anneal_theory._types import Exactable, FloatArray
from anneal_theory.exact import exact
from anneal_theory.quantities.doors import checked
from anneal_theory.schedules.ramp import Ramp


@dataclass(frozen=True, init=False, repr=False)
class Hold(Ramp):
    """T = T0 for t < `hold_time`, and 1 from then on.

    Args:
        initial_temperature: T0 >= 1.
        hold_time: Time > 0 at which the temperature jumps to 1.

    Raises:
        DomainError: a parameter lies outside its domain.

    Source:
        theory section 8.

    Example:
        >>> schedule = Hold(initial_temperature=10, hold_time=100)
        >>> schedule.temperature([99.0, 100.0]).tolist(), schedule.clock(150.0)
        ([10.0, 1.0], 60.0)
    """

    exact_initial_temperature: Fraction
    exact_hold_time: Fraction

    @checked
    def __init__(self, initial_temperature: Exactable, hold_time: Exactable) -> None:
        object.__setattr__(self, "exact_initial_temperature", exact(initial_temperature))
        object.__setattr__(self, "exact_hold_time", exact(hold_time))

    @property
    def parameters(self) -> dict[str, Any]:
        """The exact parameters by constructor name."""
        return {"initial_temperature": self.exact_initial_temperature, "hold_time": self.exact_hold_time}

    @cached_property
    def hold_time(self) -> float:
        """The time of the quench in double precision."""
        return float(self.exact_hold_time)

    @property
    def _exact_unit(self) -> Fraction:
        return self.exact_hold_time

    def _time_form(self, ctx: Any, initial_excess: Any, excess: Any) -> Any:
        return ctx.rational(Fraction(1))

    def _clock_form(self, ctx: Any, initial_excess: Any, excess: Any) -> Any:
        return 1 / (1 + initial_excess)

    @property
    def _unit(self) -> float:
        return self.hold_time

    @property
    def _end(self) -> float:
        return 1.0

    @cached_property
    def _end_clock(self) -> float:
        return 1 / self.initial_temperature

    def _ramp_excess(self, x: FloatArray) -> FloatArray:
        return np.full_like(x, self.initial_excess)

    def _ramp_clock(self, x: FloatArray) -> FloatArray:
        return x / self.initial_temperature

    def _ramp_elapsed(self, y: FloatArray) -> FloatArray:
        return y * self.initial_temperature

    def _ramp_excess_at_clock(self, y: FloatArray) -> FloatArray:
        return np.full_like(y, self.initial_excess)

    def _ramp_time_above(self, excess: FloatArray) -> FloatArray:
        return np.ones_like(excess)

    def _ramp_clock_above(self, excess: FloatArray) -> FloatArray:
        return np.full_like(excess, 1 / self.initial_temperature)
