"""Compiled rates of the two-component flows for many trajectories at once: table look-ups and the derived equations.

A state array has one row a variable and one column a trajectory.
    model  = [R, h, w1, weight of mu_1 in the centre, clock rate]
    force  = [attraction to the target, repulsion of the pair]: (beta, 1), or (1, T) for the free energy
    tables = (psi, psi', scale of their panels, overlap, scale of its panels), from averages.tables
"""

import math

from numba import njit

from anneal_theory.averages.table_kernels import mmse_slope_at, psi_at, psi_prime_at, psi_second_at

# Below this difference of the overlaps the slope of psi comes from two Gauss points on psi' (error below 1e-11)
# instead of a divided difference of psi (rounding 1e-16/delta).
_CLOSE = 5e-3
_GAUSS = 0.5 / math.sqrt(3.0)


@njit(cache=True)
def mean_slope(m1, m2, model, tables):
    """(psi(m1) - psi(m2))/(m1 - m2), continued through m1 = m2, and its derivatives in m1 and m2."""
    a1, a2 = m1 + model[1], m2 + model[1]
    delta = m1 - m2
    if abs(delta) < _CLOSE:
        middle = 0.5 * (a1 + a2)
        right, left = middle + _GAUSS * delta, middle - _GAUSS * delta
        value = psi_prime_at(right, tables[1], tables[2]) + psi_prime_at(left, tables[1], tables[2])
        bend_r, bend_l = psi_second_at(right, tables[1], tables[2]), psi_second_at(left, tables[1], tables[2])
        half, lean = 0.25 * (bend_r + bend_l), 0.5 * _GAUSS * (bend_r - bend_l)
        return 0.5 * value, half + lean, half - lean
    value = (psi_at(a1, tables[0], tables[2]) - psi_at(a2, tables[0], tables[2])) / delta
    bend_1, bend_2 = psi_prime_at(a1, tables[1], tables[2]), psi_prime_at(a2, tables[1], tables[2])
    return value, (bend_1 - value) / delta, (value - bend_2) / delta


@njit(cache=True)
def separation_parts(x):
    """(cos, cos^2, sin^2) of the angle between the pair and the target's axis, from x = log|rho|."""
    if x > 0.0:
        square = 1.0 / (1.0 + math.exp(-2.0 * x))
        return math.sqrt(square), square, math.exp(-2.0 * x) * square
    growth = math.exp(2.0 * x)
    return math.exp(x) / math.sqrt(1.0 + growth), growth / (1.0 + growth), 1.0 / (1.0 + growth)


@njit(cache=True)
def reduced_rates(y, side, model, force, tables, out):
    """Rates of (s, log|rho|, log D), shape (3, n); `side` is the sign of delta, shape (n,), zero where delta = 0."""
    radius, h, share, clock_rate = model[0], model[1], model[3], model[4]
    square, product = radius * radius, model[2] * (1.0 - model[2])
    pull, push = clock_rate * force[0], clock_rate * force[1] / product
    for j in range(y.shape[1]):
        cosine, cos2, _ = separation_parts(y[1, j])
        distance = math.exp(y[2, j])
        delta = side[j] * radius * cosine * distance
        m1, m2 = y[0, j] + (1.0 - share) * delta, y[0, j] - share * delta
        slope = square * mean_slope(m1, m2, model, tables)[0]
        psi_1, psi_2 = psi_at(m1 + h, tables[0], tables[2]), psi_at(m2 + h, tables[0], tables[2])
        overlap = mmse_slope_at(distance, tables[3], tables[4])[0]
        out[0, j] = pull * (square * (share * psi_1 + (1.0 - share) * psi_2) - y[0, j])
        out[1, j] = pull * slope * abs(side[j])
        out[2, j] = push * overlap - pull + pull * cos2 * slope * abs(side[j])


@njit(cache=True)
def full_rates(y, natural, model, force, tables, out):
    """Rates of the centre and difference statistics of `flow.pair`, shape (5, n)."""
    radius, h, w1 = model[0], model[1], model[2]
    w2, square = 1.0 - w1, radius * radius
    rate_1, rate_2 = (1.0, 1.0) if natural else (w1, w2)
    for j in range(y.shape[1]):
        m1, m2 = y[0, j] + 0.5 * y[1, j], y[0, j] - 0.5 * y[1, j]
        s11, s22 = y[2, j] + y[3, j] + 0.25 * y[4, j], y[2, j] - y[3, j] + 0.25 * y[4, j]
        s12 = y[2, j] - 0.25 * y[4, j]
        overlap = force[1] * mmse_slope_at(math.sqrt(max(y[4, j], 0.0)), tables[3], tables[4])[0]
        psi_1, psi_2 = psi_at(m1 + h, tables[0], tables[2]), psi_at(m2 + h, tables[0], tables[2])
        a1, a2, g1, g2 = force[0] * rate_1, force[0] * rate_2, overlap * rate_1 / w1, overlap * rate_2 / w2
        dm1 = a1 * (square * psi_1 - m1) + g1 * (m1 - m2)
        dm2 = a2 * (square * psi_2 - m2) + g2 * (m2 - m1)
        d11 = 2.0 * (a1 * (psi_1 * m1 - s11) + g1 * (s11 - s12))
        d22 = 2.0 * (a2 * (psi_2 * m2 - s22) + g2 * (s22 - s12))
        d12 = a1 * (psi_1 * m2 - s12) + g1 * (s12 - s22) + a2 * (psi_2 * m1 - s12) + g2 * (s12 - s11)
        out[0, j], out[1, j] = 0.5 * (dm1 + dm2), dm1 - dm2
        out[2, j], out[3, j], out[4, j] = 0.25 * (d11 + 2.0 * d12 + d22), 0.5 * (d11 - d22), d11 + d22 - 2.0 * d12
