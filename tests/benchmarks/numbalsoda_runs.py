"""The full flow of two means by numbalsoda's LSODA, its rates the package's own, compiled: nothing of it in Python."""

from collections.abc import Callable

import numba
import numpy as np

from anneal_theory.models.free_pair import full_free_pair
from anneal_theory.models.free_pair_kernels import full_rates
from anneal_theory.problem import BimodalTarget, Dynamics
from anneal_theory.schedules import Exponential

_MOST_STEPS = 1_000_000


def lsoda_runs(
    target: BimodalTarget, schedule: Exponential, starts: np.ndarray, end: float, tolerance: float
) -> Callable[[], np.ndarray]:
    """A function that integrates the starts, shape (n, 5), to `end`; it returns whether each run collapsed."""
    from numbalsoda import lsoda, lsoda_sig

    parameters, averages = full_free_pair(target, schedule, Dynamics()).packed[:2]
    initial_temperature, decay_time = float(schedule.exact_initial_temperature), float(schedule.exact_decay_time)

    @numba.cfunc(lsoda_sig)
    def rates(t, y, dy, _):
        temperature = 1.0 + (initial_temperature - 1.0) * np.exp(-t / decay_time)
        found = full_rates((y[0], y[1], y[2], y[3], y[4]), temperature, parameters, averages)
        for i in range(5):
            dy[i] = found[i] / temperature

    address = rates.address

    @numba.njit
    def all_runs(rows, times, nothing):
        collapsed = np.zeros(len(rows), dtype=np.bool_)
        for i in range(len(rows)):
            found, sound = lsoda(address, rows[i].copy(), times, nothing, tolerance, tolerance, _MOST_STEPS)
            collapsed[i] = sound and found[-1, 0] * found[-1, 1] > 0
        return collapsed

    times, nothing = np.array([0.0, end]), np.zeros(1)
    # what the C function was compiled from has to live as long as it is called
    return lambda keep=rates: np.asarray(all_runs(starts, times, nothing))
