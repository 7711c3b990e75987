"""On which side of the separatrix a start lies, by SciPy's DOP853 on the flow's own equations: no clock, no tables.

Shares nothing with the package's integrators or with its reading of a schedule: the temperature is a plain function of
time that is smooth between given edges, and the averages are the public ones.
"""

import math
from collections.abc import Callable, Sequence
from itertools import pairwise

import numpy as np
from scipy.integrate import solve_ivp

from anneal_theory.averages import mmse, psi, psi_prime
from anneal_theory.problem import BimodalTarget

_RELATIVE, _ABSOLUTE = 1e-11, 1e-12


def end_of_runs(
    target: BimodalTarget,
    temperature: Callable[[float], float],
    edges: Sequence[float],
    log_rho: np.ndarray,
    distance: float,
    free_energy: bool = False,
    longest_step: float = math.inf,
    rest: float = 200.0,
) -> np.ndarray:
    """+1 for runs from s0 = 0 that are collapsed `rest` after the last edge (T = 1 from there on), -1 where not."""
    radius, count = target.separation, len(log_rho)

    def rates(t: float, y: np.ndarray, low: float, high: float) -> np.ndarray:
        s, x, length = y.reshape(3, count)
        level = temperature(min(max(t, math.nextafter(low, high)), math.nextafter(high, low)))
        gap = radius * np.exp(length + x - 0.5 * np.logaddexp(0, 2 * x))
        first, second = (np.asarray(psi(m, target)) for m in (s + gap / 2, s - gap / 2))
        slope = np.where(gap > 1e-3, (first - second) / np.where(gap > 1e-3, gap, 1), np.asarray(psi_prime(s, target)))
        pull, push = (0.5, level) if free_energy else (0.5 / level, 1.0)
        growth = pull * radius**2 * slope
        aligned = 1 / (1 + np.exp(-2 * x))
        spread = 2 * push * np.asarray(mmse(np.exp(length))) - pull
        return np.concatenate([pull * (radius**2 * (first + second) / 2 - s), growth, spread + aligned * growth])

    y = np.concatenate([np.zeros(count), log_rho, np.full(count, math.log(distance))])
    for low, high in pairwise([0.0, *edges, edges[-1] + rest]):
        step = longest_step if high <= edges[-1] else math.inf
        y = solve_ivp(
            rates, (low, high), y, "DOP853", rtol=_RELATIVE, atol=_ABSOLUTE, args=(low, high), max_step=step
        ).y[:, -1]
    s, x, length = y.reshape(3, count)
    gap = radius * np.exp(length + x - 0.5 * np.logaddexp(0, 2 * x))
    return np.where((s - gap / 2) * (s + gap / 2) > 0, 1, -1)
