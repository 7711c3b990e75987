"""Compiled rates of the two-component flows for many trajectories at once: table look-ups and the derived equations.

A state array has one row a variable and one column a trajectory.
    model  = [R, h, w1, w2, P1, P2, weight of mu_1 in the centre, clock rate]
    force  = [attraction to the target, repulsion of the pair]: (beta, 1), or (1, T) for the free energy
    tables = (psi, psi', scale of their panels, overlap, scale of its panels), from averages.tables
"""

import math

from anneal_theory._compiled import kernel
from anneal_theory._generated import alignment, pair_statistics
from anneal_theory.averages.table_kernels import mmse_at, mmse_slope_at, psi_at, psi_prime_at, psi_second_at

# Below this difference of the overlaps the slope of psi comes from two Gauss points on psi' (error below 1e-11)
# instead of a divided difference of psi (rounding 1e-16/delta).
_CLOSE = 5e-3
_GAUSS = 0.5 / math.sqrt(3.0)

# numba's cache watches this file only: after a change of the generated code, touch it (or clear __pycache__).
_reduced_log_flow = kernel()(alignment.reduced_log_flow)
_centre_flow = kernel()(pair_statistics.centre_flow)


@kernel()
def slope_of_psi(m1, m2, model, tables):
    """K = R^2 (psi(m1) - psi(m2))/(m1 - m2), continued through m1 = m2, and its derivatives in m1 and m2."""
    square, delta = model[0] * model[0], m1 - m2
    a1, a2 = m1 + model[1], m2 + model[1]
    if abs(delta) < _CLOSE:
        middle = 0.5 * (a1 + a2)
        right, left = middle + _GAUSS * delta, middle - _GAUSS * delta
        value = psi_prime_at(right, tables[1], tables[2]) + psi_prime_at(left, tables[1], tables[2])
        bend_r, bend_l = psi_second_at(right, tables[1], tables[2]), psi_second_at(left, tables[1], tables[2])
        half, lean = 0.25 * (bend_r + bend_l), 0.5 * _GAUSS * (bend_r - bend_l)
        return 0.5 * square * value, square * (half + lean), square * (half - lean)
    value = (psi_at(a1, tables[0], tables[2]) - psi_at(a2, tables[0], tables[2])) / delta
    bend_1, bend_2 = psi_prime_at(a1, tables[1], tables[2]), psi_prime_at(a2, tables[1], tables[2])
    return square * value, square * (bend_1 - value) / delta, square * (value - bend_2) / delta


@kernel()
def values_at(m1, m2, distance, model, tables):
    """(psi_1, psi_2, G, K): what the rates need, without the derivatives."""
    a1, a2, delta, square = m1 + model[1], m2 + model[1], m1 - m2, model[0] * model[0]
    psi_1, psi_2 = psi_at(a1, tables[0], tables[2]), psi_at(a2, tables[0], tables[2])
    overlap = mmse_at(distance, tables[3], tables[4])
    if abs(delta) < _CLOSE:
        middle = 0.5 * (a1 + a2)
        right = psi_prime_at(middle + _GAUSS * delta, tables[1], tables[2])
        left = psi_prime_at(middle - _GAUSS * delta, tables[1], tables[2])
        return psi_1, psi_2, overlap, 0.5 * square * (right + left)
    return psi_1, psi_2, overlap, square * (psi_1 - psi_2) / delta


@kernel()
def averages_at(m1, m2, distance, model, tables):
    """(psi_1, psi_2, psi'_1, psi'_2, G, G', K, dK/dm1, dK/dm2)."""
    a1, a2 = m1 + model[1], m2 + model[1]
    overlap, overlap_prime = mmse_slope_at(distance, tables[3], tables[4])
    slope, slope_1, slope_2 = slope_of_psi(m1, m2, model, tables)
    psi_1, psi_2 = psi_at(a1, tables[0], tables[2]), psi_at(a2, tables[0], tables[2])
    bend_1, bend_2 = psi_prime_at(a1, tables[1], tables[2]), psi_prime_at(a2, tables[1], tables[2])
    return psi_1, psi_2, bend_1, bend_2, overlap, overlap_prime, slope, slope_1, slope_2


@kernel()
def squared_cosine(log_rho):
    """Squared cosine of the angle between the pair and the target's axis, without overflow."""
    if log_rho > 0.0:
        return 1.0 / (1.0 + math.exp(-2.0 * log_rho))
    growth = math.exp(2.0 * log_rho)
    return growth / (1.0 + growth)


@kernel()
def reduced_overlaps(s, log_rho, log_distance, side, model):
    """(m1, m2) of a reduced state."""
    length = model[0] * math.exp(log_distance)
    delta = side * length * (math.sqrt(squared_cosine(log_rho)) if log_rho > -300.0 else math.exp(log_rho))
    return s + (1.0 - model[6]) * delta, s - model[6] * delta


@kernel()
def reduced_rates(y, side, model, force, tables, out):
    """Rates of (s, log|rho|, log D), shape (3, n); `side` is the sign of delta, shape (n,), zero where delta = 0."""
    pace, temperature = model[7] * force[0], force[1] / force[0]
    for j in range(y.shape[1]):
        m1, m2 = reduced_overlaps(y[0, j], y[1, j], y[2, j], side[j], model)
        psi_1, psi_2, overlap, slope = values_at(m1, m2, math.exp(y[2, j]), model, tables)
        ds, growth, dlength = _reduced_log_flow(
            s=y[0, j], log_rho=y[1, j], separation=model[0], family_weight=model[2], temperature=temperature,
            psi_1=psi_1, psi_2=psi_2, overlap=overlap, slope=slope * abs(side[j]),
        )  # fmt: skip
        out[0, j], out[1, j], out[2, j] = pace * ds, pace * growth, pace * dlength


@kernel()
def centre_rates(y, model, force, tables, out):
    """Rates of the statistics of centre and difference, shape (5, n)."""
    for j in range(y.shape[1]):
        m1, m2 = y[0, j] + 0.5 * y[1, j], y[0, j] - 0.5 * y[1, j]
        distance = math.sqrt(max(y[4, j], 0.0))
        psi_1, psi_2, overlap, slope = values_at(m1, m2, distance, model, tables)
        rates = _centre_flow(
            centre=y[0, j], delta=y[1, j], centre_square=y[2, j], cross=y[3, j], distance_square=y[4, j],
            separation=model[0], family_weight=model[2], second_weight=model[3], attraction=force[0],
            repulsion=force[1], mobility_1=model[4], mobility_2=model[5], psi_1=psi_1, psi_2=psi_2, overlap=overlap,
            slope=slope,
        )  # fmt: skip
        out[0, j], out[1, j], out[2, j], out[3, j], out[4, j] = rates
