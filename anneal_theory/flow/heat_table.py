"""Temperature as a function of the clock, as piecewise polynomials that compiled kernels read.

Any schedule, closed form or user-supplied, becomes the same few arrays; the kernels never call Python.
"""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.polynomial import chebyshev

from anneal_theory._types import FloatArray
from anneal_theory.errors import SolveError
from anneal_theory.problem import Dynamics
from anneal_theory.schedules import Schedule

_DEGREE = 12
_TOLERANCE = 2e-14  # of the largest |T| in a panel, by the last three Chebyshev coefficients
_SETTLED = 1e-14  # T - 1 that no double-precision run can tell from 0
_MAX_PANELS = 4000


@dataclass(frozen=True, eq=False)
class HeatTable:
    """T(tau) on panels: T = sum_k coefficients[i, k] u^k with u in [-1, 1] across breaks[i], breaks[i+1].

    Attributes:
        breaks: Clock times, shape (panels + 1,).
        coefficients: Shape (panels, degree + 1).
        ceilings: Largest temperature at or after each panel, shape (panels,).
        final: Temperature after the last panel.
        kinks: Clock times where T is not smooth; no step crosses them.
    """

    breaks: FloatArray
    coefficients: FloatArray
    ceilings: FloatArray
    final: float
    kinks: FloatArray

    @property
    def arrays(self) -> tuple[FloatArray, FloatArray, FloatArray, float, FloatArray]:
        """What the kernels take."""
        return self.breaks, self.coefficients, self.ceilings, self.final, self.kinks


def heat_table(schedule: Schedule, dynamics: Dynamics, unit: float) -> HeatTable:
    """The temperature against a clock that runs `unit` times the integral of beta (times t, for the free energy)."""
    free = dynamics.objective == "free-energy"
    to_clock = (lambda t: t) if free else schedule.clock
    read = schedule.temperature if free else schedule.temperature_at_clock
    settled = max(_SETTLED, 2.0 * (schedule.final_temperature - 1.0))  # a schedule may end a little above 1
    end = float(to_clock(schedule.settling_time(settled)))
    kinks = [float(to_clock(t)) for t in schedule.breakpoints if 0 < float(to_clock(t)) < end]
    edges = [0.0, *kinks, max(end, (kinks or [0.0])[-1] * (1 + 1e-9), 1e-3)]
    panels: list[tuple[float, float, FloatArray]] = []
    for low, high in pairwise(edges):
        panels += _fit(read, low, high)
    breaks = np.array([panels[0][0], *(panel[1] for panel in panels)]) * unit
    coefficients = np.array([panel[2] for panel in panels])
    tops = np.abs(coefficients).sum(axis=1)  # bounds |T| on a panel; exact where it is constant
    tops = np.minimum(tops, [_top(row) for row in coefficients])
    ceilings = np.maximum.accumulate(np.maximum(tops, schedule.final_temperature)[::-1])[::-1]
    return HeatTable(
        breaks,
        np.ascontiguousarray(coefficients),
        np.ascontiguousarray(ceilings),
        float(schedule.final_temperature),
        np.array(kinks) * unit,
    )


def _top(row: FloatArray) -> float:
    u = np.linspace(-1.0, 1.0, 65)
    values = np.polynomial.polynomial.polyval(u, row)
    return float(values.max() + 0.02 * (values.max() - values.min()))  # 65 points of a resolved panel miss less


def _fit(read: Callable[[FloatArray], FloatArray], low: float, high: float) -> list[tuple[float, float, FloatArray]]:
    """Panels (low, high, power coefficients) that resolve `read` on one smooth stretch, by bisection."""
    done: list[tuple[float, float, FloatArray]] = []
    waiting = [(low, high)]
    nodes = chebyshev.chebpts1(_DEGREE + 1)
    inverse = np.linalg.inv(chebyshev.chebvander(nodes, _DEGREE))
    while waiting:
        a, b = waiting.pop()
        values = read(0.5 * (a + b) + 0.5 * (b - a) * nodes)
        series = inverse @ values
        resolved = np.abs(series[-3:]).max() <= _TOLERANCE * np.abs(values).max()
        if resolved or b - a <= 1e-13 * max(abs(a), abs(b)):
            done.append((a, b, _powers(series)))
        else:
            waiting += [(0.5 * (a + b), b), (a, 0.5 * (a + b))]
        if len(done) + len(waiting) > _MAX_PANELS:
            raise SolveError(
                f"the schedule needs more than {_MAX_PANELS} smooth pieces near clock {a:.6g}; "
                "give its kinks as breakpoints, or a smoother schedule"
            )
    return done


def _powers(series: FloatArray) -> FloatArray:
    """Power coefficients of a Chebyshev series, not trimmed."""
    out = np.zeros(_DEGREE + 1)
    powers = chebyshev.cheb2poly(series)
    out[: powers.size] = powers
    return out
