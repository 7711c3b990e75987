"""The clock of a schedule that has no closed form for it, by quadrature of 1/T on Gauss-Legendre panels."""

from collections.abc import Callable
from typing import Self

import numpy as np

from anneal_theory._types import FloatArray
from anneal_theory.schedules.forms import Form
from anneal_theory.schedules.quadrature import RunningIntegral, adaptive_edges

LONGEST = 709.7  # log(1 + x) of the largest double
_LATEST = 600.0  # of the latest time, 1e150, in the shortest unit, 1e-100
_INVISIBLE = 2.0**-54  # T - 1 that 1/T does not show
_RELATIVE_ERROR = 1e-14  # of each panel
_STEP = 0.25  # at which the last visible T - 1 is looked for


class ClockTable:
    """The clock and its inverse in units of the schedule's own time, integrated in ``s = log(1 + x)``.

    `rate` is e^s/T of s, `edges` are panels in s up to where T is 1 for good to double precision.
    """

    def __init__(self, rate: Callable[[FloatArray], FloatArray], edges: FloatArray) -> None:
        self.integral = RunningIntegral(rate, edges)
        self.last, self.total = float(np.expm1(edges[-1])), float(self.integral.totals[-1])

    @classmethod
    def of(cls, excess: Form, end: float) -> Self:
        """From T - 1 as a smooth function of x, on panels that are halved until two halves agree."""

        def rate(s: FloatArray) -> FloatArray:
            return np.asarray(np.exp(s) / (1 + np.maximum(excess(elapsed=np.minimum(np.expm1(s), end)), 0.0)))

        last = float(np.log1p(end)) if end < np.inf else _last_visible(excess)
        starts = np.linspace(0.0, last, int(np.ceil(last)) + 1)
        parts = [adaptive_edges(rate, starts[k : k + 2], _RELATIVE_ERROR) for k in range(len(starts) - 1)]
        return cls(rate, np.unique(np.concatenate([[0.0], *parts])))

    def __call__(self, elapsed: FloatArray) -> FloatArray:
        """The clock."""
        inside = self.integral(np.log1p(np.minimum(elapsed, self.last)))
        return inside + np.maximum(elapsed - self.last, 0.0)

    def inverse(self, scaled_clock: FloatArray) -> FloatArray:
        """The elapsed time at which the clock shows a value."""
        if not self.total:
            return scaled_clock
        inside = np.expm1(self.integral.inverse(np.minimum(scaled_clock, self.total)))
        return np.where(scaled_clock <= self.total, inside, self.last + (scaled_clock - self.total))


def _last_visible(excess: Form) -> float:
    """The log(1 + x) from which T - 1 is invisible in 1/T."""
    s = np.arange(0.0, _LATEST, _STEP)
    visible = np.flatnonzero(excess(elapsed=np.expm1(s)) + 0 * s > _INVISIBLE)
    return float(s[visible[-1]] + _STEP) if len(visible) else 0.0
