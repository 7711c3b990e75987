"""Compiled integration of single training runs, in the clock tau.

Two flows share one integrator: REDUCED, with y = (s, log rho, log D) (theory section 4), and FULL, with
y = (m1, m2, s11, s12, s22) (theory section 3). Both are written per unit of the clock in which the attraction to the
target does not depend on temperature, so the temperature only multiplies the overlap of the pair.

Parameters travel as plain arrays so that one compilation serves every problem:
    model   = [R, h, w1, metric (1 natural, 0 Euclidean), orientation (+1 or -1)]
    tables  = (psi, psi', scale of the panels, overlap, scale of the panels): see averages.tables
    heat    = (lows, highs, reaches, ends, coefficients, ceilings, final): temperature against the clock since the last
              joint, see temperature_table
"""

import math

import numpy as np

from anneal_theory._compiled import kernel
from anneal_theory.models.pair_kernels import (
    across_squared,
    angle,
    distance_squared,
    full_jacobian,
    full_rates,
    reduced_jacobian,
    reduced_overlaps,
    reduced_rates,
)
from anneal_theory.numerics.rosenbrock_kernels import GAMMA, NODES, STAGES, TIME_SLOPES, A, C, factor, solve_factored
from anneal_theory.threshold.exact.verdict_kernels import UNDECIDED, at_rest, verdict

REDUCED, FULL = 0, 1
FAILED = -1

ROUNDING = 1e-15  # absolute error of psi
EPSILON = 2.0**-50  # relative rounding that a step leaves in a logarithm
ALIGNED = 20.0  # log rho beyond which a pair is aligned: sin^2 of its angle is below 1e-17
SHORTEST = 1e-250
TINY = 1e-290  # a start on the unstable zero of a symmetric target stays there: no error counts


@kernel()
def heat_at(clock, panel, heat):
    """(T, dT/dtau) at a time since the last joint, in or after `panel`; beyond the table T is constant."""
    highs, ends, coefficients = heat[1], heat[3], heat[4]
    if panel >= highs.shape[0]:
        return heat[6], 0.0
    while clock > highs[panel] and not ends[panel]:
        panel += 1
    half = 0.5 * (highs[panel] - heat[0][panel])
    u = min((clock - heat[0][panel]) / half - 1.0, 1.0)
    row = coefficients[panel]
    value = slope = 0.0
    for k in range(row.shape[0] - 1, -1, -1):
        slope = slope * u + value
        value = value * u + row[k]
    return value, slope / half


@kernel()
def observe(kind, y, model):
    """(m1, m2, D, D_perp) of a state of either flow."""
    if kind == REDUCED:
        m1, m2 = reduced_overlaps(y, model)
        distance = math.exp(y[2])
        return m1, m2, distance, distance * math.sqrt(angle(y[1])[2])
    square = max(distance_squared(y[2], y[3], y[4]), 0.0)
    return y[0], y[1], math.sqrt(square), math.sqrt(max(across_squared(y[0], y[1], square, model[0]), 0.0))


@kernel()
def rosenbrock_step(kind, y, clock, step, panel, model, saddle, tables, heat, tol, work, stages, matrix):  # noqa: C901
    """Advance `work[0]` from y by one step; the scaled error estimate (above 1: reject)."""
    n = y.shape[0]
    new, rates, heating = work[0], work[1], work[2]
    temperature, cooling = heat_at(clock, panel, heat)
    if kind == REDUCED:
        reduced_jacobian(y, temperature, model, tables, matrix, heating)
    else:
        full_jacobian(y, temperature, model, tables, matrix, heating)
    for i in range(n):
        for j in range(n):
            matrix[i, j] = -matrix[i, j]
        matrix[i, i] += 1.0 / (GAMMA * step)
    if not factor(matrix):
        return math.inf
    for s in range(STAGES):
        for i in range(n):
            total = y[i]
            for j in range(s):
                total += A[s, j] * stages[j, i]
            new[i] = total
        here = temperature if NODES[s] == 0.0 else heat_at(clock + NODES[s] * step, panel, heat)[0]
        if kind == REDUCED:
            reduced_rates(new, here, model, tables, rates)
        else:
            full_rates(new, here, model, tables, rates)
        for i in range(n):
            total = rates[i] + step * TIME_SLOPES[s] * cooling * heating[i]
            for j in range(s):
                total += C[s, j] / step * stages[j, i]
            stages[s, i] = total
        solve_factored(matrix, stages[s])
    worst = 0.0
    # A reduced run leaves the unstable zero s_u of f by a factor of s - s_u, which no run crosses before it is split.
    away = abs(y[0] - saddle)
    near = kind == REDUCED and away < 1.0
    middle = max(away, ROUNDING / tol * model[0] * model[0] * abs(saddle), TINY) if near else 1.0 + abs(y[0])
    for i in range(n):
        new[i] += stages[STAGES - 1, i]
        # Logarithms (log rho, log D) are held to an absolute error: it is the relative one of rho and D. No double
        # holds it where the logarithm is huge, and none is needed where the pair is aligned, to rounding, and stays so.
        if kind == REDUCED and i == 1 and min(y[1], new[1]) > ALIGNED:
            continue
        scale = tol * (middle if i == 0 else 1.0 if kind == REDUCED else 1.0 + abs(y[i]))
        if kind == REDUCED and i > 0:
            scale += EPSILON * abs(y[i])
        ratio = abs(stages[STAGES - 1, i]) / scale
        if not ratio <= worst:
            worst = ratio
    return worst


@kernel()
def evolve(kind, y, model, saddle, tables, heat, basins, rests, tol, max_steps):
    """Train y (changed in place) until its fate is certain.

    Returns:
        (verdict, clock, steps): a code of `verdict_kernels`, UNDECIDED if `max_steps` were not enough; FAILED if the
        step size vanished.
    """
    highs, reaches, ends, ceilings = heat[1], heat[2], heat[3], heat[5]
    n, panels = y.shape[0], highs.shape[0]
    work, stages, matrix = np.zeros((3, n)), np.zeros((STAGES, n)), np.zeros((n, n))
    before, clock, panel = 0.0, 0.0, 0  # the clock at the last joint, and since then
    step = min(0.05, 0.5 * highs[0])
    for count in range(max_steps):
        m1, m2, distance, across = observe(kind, y, model)
        fate = verdict(m1, m2, distance, ceilings[panel] if panel < panels else heat[6], saddle, basins)
        if fate == UNDECIDED and panel == panels:
            fate = at_rest(m1, m2, model[0] * across, rests)
        if fate != UNDECIDED:
            return fate, before + clock, count
        limit = reaches[panel] - clock if panel < panels else math.inf
        landing = step >= limit * (1.0 - 1e-12)
        used = limit if landing else step
        error = rosenbrock_step(kind, y, clock, used, panel, model, saddle, tables, heat, tol, work, stages, matrix)
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
