"""Compiled integration of single training runs of any model, in the clock in which only the pair's push is tempered.

A problem travels as (parameters, averages, temperatures, regions), so that one compilation serves all of a model's:
    parameters   = an array
    averages     = on panels, see averages.tables
    temperatures = (lows, highs, reaches, ends, coefficients, ceilings, final) against the clock since the last joint,
                   see temperature_table
    regions      = what decides a run's fate
"""

import math
from typing import Any

import numpy as np

from anneal_theory._compiled import kernel, specialised
from anneal_theory.models.verdicts import FAILED, UNDECIDED
from anneal_theory.numerics.rosenbrock_kernels import STAGES, rosenbrock_step

SHORTEST = 1e-250  # step


@kernel()
def temperature_at(clock, panel, temperatures):
    """(T, dT/dtau) at a time since the last joint, in or after `panel`; beyond the table T is constant."""
    highs, ends, coefficients = temperatures[1], temperatures[3], temperatures[4]
    if panel >= highs.shape[0]:
        return temperatures[6], 0.0
    while clock > highs[panel] and not ends[panel]:
        panel += 1
    half = 0.5 * (highs[panel] - temperatures[0][panel])
    u = min((clock - temperatures[0][panel]) / half - 1.0, 1.0)
    row = coefficients[panel]
    value = slope = 0.0
    for k in range(row.shape[0] - 1, -1, -1):
        slope = slope * u + value
        value = value * u + row[k]
    return value, slope / half


def evolve(y, parameters, averages, temperatures, regions, tol, max_steps):
    """Train y (changed in place) until its fate is certain.

    Returns:
        (verdict, clock, steps): a code of `verdicts`, UNDECIDED if `max_steps` were not enough; FAILED if the step
        size vanished.
    """
    highs, reaches, ends, ceilings = temperatures[1], temperatures[2], temperatures[3], temperatures[5]
    n, panels = y.shape[0], highs.shape[0]
    work, stages, matrix = np.zeros((4, n)), np.zeros((STAGES, n)), np.zeros((n, n))
    before, clock, panel = 0.0, 0.0, 0  # the clock at the last joint, and since then
    step = min(0.05, 0.5 * highs[0])
    for count in range(max_steps):
        ceiling = ceilings[panel] if panel < panels else temperatures[6]
        end = fate(y, ceiling, panel == panels, parameters, regions)
        if end != UNDECIDED:
            return end, before + clock, count
        limit = reaches[panel] - clock if panel < panels else math.inf
        landing = step >= limit * (1.0 - 1e-12)
        used = limit if landing else step
        error = one_step(y, clock, used, panel, parameters, averages, temperatures, regions, tol, work, stages, matrix)
        factor_ = 0.9 * max(error, 1e-10) ** -0.2
        if error <= 1.0:
            clock = reaches[panel] if landing else clock + used
            for i in range(n):
                y[i] = work[0, i]
            grown = used * min(5.0, max(0.3, factor_))
            step = max(step, grown) if landing else grown
            while panel < panels and clock >= highs[panel]:
                if ends[panel]:
                    before, clock = before + clock, 0.0
                panel += 1
        else:
            step = used * (max(0.1, min(0.8, factor_)) if error < math.inf else 0.1)
            if step < SHORTEST:  # below the last digit of a long clock the temperature stands still, the run need not
                return FAILED, before + clock, count
    return UNDECIDED, before + clock, max_steps


def outcomes(starts, problem, tol, max_steps):
    """Codes of `verdicts` for many starts, shape (n, variables), which stay as they are, and the steps taken in all."""
    parameters, averages, temperatures, regions = problem
    codes, steps = np.empty(starts.shape[0], dtype=np.int64), 0
    y = np.empty(starts.shape[1])
    for i in range(starts.shape[0]):
        for k in range(starts.shape[1]):
            y[k] = starts[i, k]
        codes[i], _, count = run(y, parameters, averages, temperatures, regions, tol, max_steps)
        steps += count
    return codes, steps


def compiled_runs(model: str, rates: Any, jacobian: Any, error_scales: Any, fate: Any) -> tuple[Any, Any]:
    """(evolve, outcomes) of a model.

    Args:
        model: Its name.
        rates: Kernel (y, temperature, parameters, averages, out).
        jacobian: Kernel (y, temperature, parameters, averages, matrix, by_temperature).
        error_scales: Kernel (y, new, tol, parameters, regions, out): what each variable may be off by in a step to new.
        fate: Kernel (y, ceiling, settled, parameters, regions): the verdict of a run whose temperature never again
            exceeds `ceiling`, and no longer changes when `settled`.
    """
    parts = {"force_at": temperature_at, "rates": rates, "jacobian": jacobian, "error_scales": error_scales}
    step = specialised(rosenbrock_step, model, parts)
    run = specialised(evolve, model, {"one_step": step, "fate": fate})
    return run, specialised(outcomes, model, {"run": run}, nogil=True)
