"""Compiled rates, Jacobians and integration of single training runs, in the clock tau.

Two flows share one integrator: REDUCED, with y = (s, log rho, log D) (theory section 4), and FULL, with
y = (m1, m2, s11, s12, s22) (theory section 3). Both are written per unit of the clock in which the attraction to the
target does not depend on temperature, so the temperature only multiplies the overlap of the pair.

Parameters travel as plain arrays so that one compilation serves every problem:
    model   = [R, h, w1, metric (1 natural, 0 Euclidean), orientation (+1 or -1)]
    tables  = (psi, psi', scale of the panels, overlap, scale of the panels): see averages.tables
    heat    = (lows, highs, reaches, ends, coefficients, ceilings, final): temperature against the clock since the last
              joint, see flow.heat_table
"""

import math

import numpy as np

from anneal_theory._compiled import kernel
from anneal_theory.averages.table_kernels import mmse_slope_at, psi_at, psi_prime_at, psi_second_at
from anneal_theory.flow.rosenbrock_kernels import GAMMA, NODES, STAGES, TIME_SLOPES, A, C, factor, solve_factored
from anneal_theory.flow.verdict_kernels import UNDECIDED, at_rest, verdict

REDUCED, FULL = 0, 1
FAILED = -1

# Below this difference of the overlaps the slope K comes from two Gauss points on psi' (error delta^4 psi'''''/4320,
# below 1e-11) instead of a divided difference of psi (rounding 1e-16/delta).
_CLOSE = 5e-3
ROUNDING = 1e-15  # absolute error of psi
TINY = 1e-290  # a start on the unstable zero of a symmetric target stays there: no error counts
_GAUSS = 0.5 / math.sqrt(3.0)


@kernel()
def separation_parts(x):
    """(cos, cos^2, sin^2) of the angle between the pair and the target's axis, from x = log rho."""
    if x > 0.0:
        square = 1.0 / (1.0 + math.exp(-2.0 * x))
        return math.sqrt(square), square, math.exp(-2.0 * x) * square
    growth = math.exp(2.0 * x)
    return math.exp(x) / math.sqrt(1.0 + growth), growth / (1.0 + growth), 1.0 / (1.0 + growth)


@kernel()
def overlap_slope(m1, m2, model, tables):
    """(K, dK/dmid, dK/ddelta): K = R^2 (psi(m1) - psi(m2))/(m1 - m2), continued through m1 = m2."""
    radius, h = model[0], model[1]
    delta, middle = m1 - m2, 0.5 * (m1 + m2) + h
    if abs(delta) < _CLOSE:
        right, left = middle + _GAUSS * delta, middle - _GAUSS * delta
        bend_right, bend_left = psi_second_at(right, tables[1], tables[2]), psi_second_at(left, tables[1], tables[2])
        value = psi_prime_at(right, tables[1], tables[2]) + psi_prime_at(left, tables[1], tables[2])
        half = 0.5 * radius * radius
        return half * value, half * (bend_right + bend_left), half * _GAUSS * (bend_right - bend_left)
    slope_1, slope_2 = psi_prime_at(m1 + h, tables[1], tables[2]), psi_prime_at(m2 + h, tables[1], tables[2])
    square = radius * radius
    value = square * (psi_at(m1 + h, tables[0], tables[2]) - psi_at(m2 + h, tables[0], tables[2])) / delta
    return value, square * (slope_1 - slope_2) / delta, (0.5 * square * (slope_1 + slope_2) - value) / delta


@kernel()
def reduced_overlaps(y, model):
    """(m1, m2) of a reduced state; s is the weighted mean."""
    delta = model[4] * model[0] * separation_parts(y[1])[0] * math.exp(y[2])
    return y[0] + (1.0 - model[2]) * delta, y[0] - model[2] * delta


@kernel()
def reduced_rates(y, temperature, model, tables, out):
    """Rates of (s, log rho, log D) per unit of tau."""
    square, w1 = model[0] * model[0], model[2]
    w2 = 1.0 - w1
    m1, m2 = reduced_overlaps(y, model)
    slope = overlap_slope(m1, m2, model, tables)[0]
    psi_1, psi_2 = psi_at(m1 + model[1], tables[0], tables[2]), psi_at(m2 + model[1], tables[0], tables[2])
    overlap = mmse_slope_at(math.exp(y[2]), tables[3], tables[4])[0]
    out[0] = -y[0] + square * (w1 * psi_1 + w2 * psi_2)
    out[1] = slope
    out[2] = temperature * overlap / (w1 * w2) - 1.0 + separation_parts(y[1])[1] * slope


@kernel()
def reduced_jacobian(y, temperature, model, tables, jacobian, heating):
    """Derivatives of `reduced_rates` in y, and in the temperature (into `heating`)."""
    square, w1 = model[0] * model[0], model[2]
    w2 = 1.0 - w1
    _, cos2, sin2 = separation_parts(y[1])
    m1, m2 = reduced_overlaps(y, model)
    delta, distance = m1 - m2, math.exp(y[2])
    slope, slope_mid, slope_delta = overlap_slope(m1, m2, model, tables)
    slope_delta += 0.5 * (w2 - w1) * slope_mid  # the midpoint is s + (w2 - w1) delta / 2
    bend_1, bend_2 = (
        psi_prime_at(m1 + model[1], tables[1], tables[2]),
        psi_prime_at(m2 + model[1], tables[1], tables[2]),
    )
    overlap, overlap_slope_d = mmse_slope_at(distance, tables[3], tables[4])
    jacobian[0, 0] = -1.0 + square * (w1 * bend_1 + w2 * bend_2)
    spread = square * w1 * w2 * (bend_1 - bend_2) * delta
    jacobian[0, 1], jacobian[0, 2] = spread * sin2, spread
    jacobian[1, 0], jacobian[1, 1], jacobian[1, 2] = slope_mid, slope_delta * delta * sin2, slope_delta * delta
    jacobian[2, 0] = cos2 * slope_mid
    jacobian[2, 1] = cos2 * sin2 * (2.0 * slope + slope_delta * delta)
    jacobian[2, 2] = temperature * overlap_slope_d * distance / (w1 * w2) + cos2 * slope_delta * delta
    heating[0] = heating[1] = 0.0
    heating[2] = overlap / (w1 * w2)


@kernel()
def full_rates(y, temperature, model, tables, out):
    """Rates of (m1, m2, s11, s12, s22) per unit of the integral of beta."""
    square, h, w1 = model[0] * model[0], model[1], model[2]
    w2 = 1.0 - w1
    rate_1, rate_2 = (1.0, 1.0) if model[3] == 1.0 else (w1, w2)
    push = temperature * mmse_slope_at(math.sqrt(max(y[2] + y[4] - 2.0 * y[3], 0.0)), tables[3], tables[4])[0]
    push_1, push_2 = push * rate_1 / w1, push * rate_2 / w2
    psi_1, psi_2 = psi_at(y[0] + h, tables[0], tables[2]), psi_at(y[1] + h, tables[0], tables[2])
    out[0] = rate_1 * (square * psi_1 - y[0]) + push_1 * (y[0] - y[1])
    out[1] = rate_2 * (square * psi_2 - y[1]) + push_2 * (y[1] - y[0])
    out[2] = 2.0 * (rate_1 * (psi_1 * y[0] - y[2]) + push_1 * (y[2] - y[3]))
    out[3] = rate_1 * (psi_1 * y[1] - y[3]) + push_1 * (y[3] - y[4])
    out[3] += rate_2 * (psi_2 * y[0] - y[3]) + push_2 * (y[3] - y[2])
    out[4] = 2.0 * (rate_2 * (psi_2 * y[1] - y[4]) + push_2 * (y[4] - y[3]))


@kernel()
def full_jacobian(y, temperature, model, tables, jacobian, heating):
    """Derivatives of `full_rates` in y, and in the temperature (into `heating`)."""
    square, h, w1 = model[0] * model[0], model[1], model[2]
    w2 = 1.0 - w1
    rate_1, rate_2 = (1.0, 1.0) if model[3] == 1.0 else (w1, w2)
    distance = math.sqrt(max(y[2] + y[4] - 2.0 * y[3], 1e-300))
    overlap, overlap_slope_d = mmse_slope_at(distance, tables[3], tables[4])
    push_1, push_2 = temperature * overlap * rate_1 / w1, temperature * overlap * rate_2 / w2
    psi_1, psi_2 = psi_at(y[0] + h, tables[0], tables[2]), psi_at(y[1] + h, tables[0], tables[2])
    bend_1, bend_2 = psi_prime_at(y[0] + h, tables[1], tables[2]), psi_prime_at(y[1] + h, tables[1], tables[2])
    for i in range(5):
        for j in range(5):
            jacobian[i, j] = 0.0
    jacobian[0, 0] = rate_1 * (square * bend_1 - 1.0) + push_1
    jacobian[0, 1] = -push_1
    jacobian[1, 0] = -push_2
    jacobian[1, 1] = rate_2 * (square * bend_2 - 1.0) + push_2
    jacobian[2, 0] = 2.0 * rate_1 * (bend_1 * y[0] + psi_1)
    jacobian[2, 2], jacobian[2, 3] = 2.0 * (push_1 - rate_1), -2.0 * push_1
    jacobian[3, 0], jacobian[3, 1] = rate_1 * bend_1 * y[1] + rate_2 * psi_2, rate_1 * psi_1 + rate_2 * bend_2 * y[0]
    jacobian[3, 2], jacobian[3, 4] = -push_2, -push_1
    jacobian[3, 3] = push_1 + push_2 - rate_1 - rate_2
    jacobian[4, 1] = 2.0 * rate_2 * (bend_2 * y[1] + psi_2)
    jacobian[4, 4], jacobian[4, 3] = 2.0 * (push_2 - rate_2), -2.0 * push_2
    # The overlap depends on D, and D^2 = s11 + s22 - 2 s12.
    heating[0], heating[1] = rate_1 / w1 * (y[0] - y[1]), rate_2 / w2 * (y[1] - y[0])
    heating[2] = 2.0 * rate_1 / w1 * (y[2] - y[3])
    heating[3] = rate_1 / w1 * (y[3] - y[4]) + rate_2 / w2 * (y[3] - y[2])
    heating[4] = 2.0 * rate_2 / w2 * (y[4] - y[3])
    chain = 0.5 * temperature * overlap_slope_d / distance
    for i in range(5):
        pull = heating[i] * chain
        jacobian[i, 2] += pull
        jacobian[i, 3] -= 2.0 * pull
        jacobian[i, 4] += pull
        heating[i] *= overlap


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
        return m1, m2, distance, distance * math.sqrt(separation_parts(y[1])[2])
    square = max(y[2] + y[4] - 2.0 * y[3], 0.0)
    along = (y[0] - y[1]) / model[0]
    return y[0], y[1], math.sqrt(square), math.sqrt(max(square - along * along, 0.0))


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
        # Logarithms (log rho, log D) are held to an absolute error: it is the relative one of rho and D.
        scale = tol * (middle if i == 0 else 1.0 if kind == REDUCED else 1.0 + abs(y[i]))
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
            if clock + step == clock:
                return FAILED, before + clock, count
    return UNDECIDED, before + clock, max_steps
