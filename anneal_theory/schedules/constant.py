"""One temperature for ever."""

from collections.abc import Callable
from fractions import Fraction

import numpy as np

from anneal_theory._types import Arb, BallFunctions, Exactable, FloatArray
from anneal_theory.quantities.doors import checked
from anneal_theory.schedules.monotone import MonotoneSchedule


class Constant(MonotoneSchedule):
    """The same temperature for ever; ``Constant(1)`` is training without annealing.

    Args:
        temperature: T >= 1.

    Raises:
        DomainError: the temperature lies outside its domain.

    Source:
        theory section 8; derivations/schedules.py.

    Example:
        >>> Constant(2).clock(10.0), Constant(1).time_above(1.0)
        (5.0, 0.0)
    """

    @checked
    def __init__(self, temperature: Exactable = 1) -> None:
        self._keep(initial_temperature=temperature)

    @property
    def parameters(self) -> dict[str, object]:
        """The exact parameters by constructor name."""
        return {"temperature": self.exact_initial_temperature}

    @property
    def final_temperature(self) -> float:
        """The temperature."""
        return self.initial_temperature

    # Without the detour through units and forms, which takes several times as long for long arrays.
    def _excess(self, t: FloatArray) -> FloatArray:
        return np.full_like(t, self.initial_excess)

    def _excess_at_clock(self, c: FloatArray) -> FloatArray:
        return np.full_like(c, self.initial_excess)

    def _clock(self, t: FloatArray) -> FloatArray:
        return t / self.initial_temperature

    def _inverse_clock(self, c: FloatArray) -> FloatArray:
        return c * self.initial_temperature

    def _until(self, excess: FloatArray, kernel: Callable[[FloatArray], FloatArray]) -> FloatArray:
        return np.where(excess < self.initial_excess, np.inf, 0.0)

    def _until_in_balls(self, excess: Fraction, clock: bool, ctx: BallFunctions) -> Arb:
        return ctx.inf
