"""The full flow of two means in heyoka's batch mode, with the averages as polynomials: the strongest peer of the runs.

psi is an odd polynomial in m + h over the whole range of the runs, ``G e^{D^2/8}`` one in ``X/(X + 6)``, X = D^2. Both
are fitted to the public averages; how far they are off is returned with the integrator, so that a bad fit is seen.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.polynomial import Chebyshev, Polynomial

from anneal_theory.averages import mmse, psi
from anneal_theory.problem import BimodalTarget
from anneal_theory.schedules import Exponential

BATCH = 8  # doubles in the widest registers that heyoka uses
_REACH, _FARTHEST = 1.15, 2.5  # of overlaps in R^2, and of squared distances in (2 R)^2
_DEGREES = 24, 32


def batch_runs(
    target: BimodalTarget, schedule: Exponential, starts: np.ndarray, end: float, tolerance: float
) -> tuple[Callable[[], np.ndarray], float]:
    """A function that integrates the starts, shape (n, 5), to `end`, and the largest error of the fits.

    It returns whether each run collapsed; n is a multiple of `BATCH`.
    """
    import heyoka as hy

    label, overlap, error = _fits(target)
    m1, m2, s11, s12, s22 = variables = hy.make_vars("m1", "m2", "s11", "s12", "s22")
    temperature, span = float(schedule.exact_initial_temperature), float(schedule.exact_decay_time)
    pull = 0.5 / (1.0 + (temperature - 1.0) * hy.exp(-hy.time / span))
    square = target.separation**2
    p1, p2 = (label(m, hy) for m in (m1, m2))
    push = overlap(s11 + s22 - 2.0 * s12, hy)
    rates = [
        pull * (square * p1 - m1) + push * (m1 - m2),
        pull * (square * p2 - m2) - push * (m1 - m2),
        2.0 * pull * (p1 * m1 - s11) + 2.0 * push * (s11 - s12),
        pull * (p1 * m2 + p2 * m1 - 2.0 * s12) + push * (2.0 * s12 - s11 - s22),
        2.0 * pull * (p2 * m2 - s22) + 2.0 * push * (s22 - s12),
    ]
    system = list(zip(variables, rates, strict=True))
    # compact mode compiles sooner, and is four times slower
    stepper = hy.taylor_adaptive_batch(system, np.ones((5, BATCH)), tol=tolerance, compact_mode=False)

    def run() -> np.ndarray:
        verdicts = []
        for first in range(0, len(starts), BATCH):
            stepper.set_time(0.0)
            stepper.state[:] = starts[first : first + BATCH].T
            stepper.propagate_until(end)
            verdicts.append(stepper.state[0] * stepper.state[1] > 0)
        return np.concatenate(verdicts)

    return run, error


def _fits(target: BimodalTarget) -> tuple[Any, Any, float]:
    high, shift = _REACH * target.separation**2 + abs(target.half_log_odds), target.half_log_odds
    squares = high * high

    def slope(x: np.ndarray) -> np.ndarray:  # psi/a as a function of 2 (a/high)^2 - 1
        a = np.sqrt(0.5 * squares * (1.0 + x))
        return np.asarray(psi(a - shift, target)) / a

    odd = Chebyshev.interpolate(slope, _DEGREES[0]).convert(kind=Polynomial)
    farthest = _FARTHEST * (2 * target.separation) ** 2
    top = farthest / (farthest + 6.0)

    def scaled(x: np.ndarray) -> np.ndarray:  # G e^{X/8} as a function of 2 X/(X + 6)/top - 1
        u = 0.5 * top * (1.0 + x)
        square = 6.0 * u / (1.0 - u)
        return np.asarray(mmse(np.sqrt(square))) * np.exp(square / 8)

    even = Chebyshev.interpolate(scaled, _DEGREES[1]).convert(kind=Polynomial)
    probe = np.linspace(-0.999, 0.999, 501)
    off = max(np.abs(odd(probe) - slope(probe)).max() * high, np.abs(even(probe) - scaled(probe)).max())

    def label(m: Any, hy: Any) -> Any:
        a = m + shift
        return a * _horner(odd.coef, 2.0 / squares * (a * a) - 1.0)

    def overlap(square: Any, hy: Any) -> Any:
        return hy.exp(-0.125 * square) * _horner(even.coef, 2.0 / top * (square / (square + 6.0)) - 1.0)

    return label, overlap, float(off)


def _horner(coefficients: np.ndarray, x: Any) -> Any:
    total: Any = float(coefficients[-1])
    for one in coefficients[-2::-1]:
        total = float(one) + total * x
    return total
