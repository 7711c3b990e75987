"""Compiled rates of the two-component flows for many trajectories at once: table look-ups and the derived equations.

A state array has one row a variable and one column a trajectory.
    model  = [R, h, w1, w2, P1, P2, weight of mu_1 in the centre, clock rate]
    force  = [attraction to the target, repulsion of the pair]: (beta, 1), or (1, T) for the free energy
    tables = (psi, psi', scale of their panels, overlap, scale of its panels), from averages.tables
"""

import math

from anneal_theory._compiled import kernel
from anneal_theory.formulas import pair_coordinates, pair_statistics
from anneal_theory.models.free_pair_kernels import angle, overlaps_from_angle, reduced_log_flow, values_at
from anneal_theory.models.sphere_means_kernels import rates as _one_means_rates
from anneal_theory.models.sphere_pair_kernels import rates as _one_sphere_rates

_centre_flow = kernel()(pair_statistics.centre_flow)
_centre_overlaps = kernel()(pair_coordinates.centre_overlaps)


@kernel()
def reduced_overlaps(s, log_rho, log_distance, side, model):
    """(m1, m2) of a reduced state."""
    return overlaps_from_angle(s, side * angle(log_rho)[0], math.exp(log_distance), model[0], model[6])


@kernel()
def reduced_rates(y, side, model, force, tables, out):
    """Rates of (s, log|rho|, log D), shape (3, n); `side` is the sign of delta, shape (n,), zero where delta = 0."""
    pace, temperature = model[7] * force[0], force[1] / force[0]
    for j in range(y.shape[1]):
        cosine, cosine_squared, _ = angle(y[1, j])
        distance = math.exp(y[2, j])
        m1, m2 = overlaps_from_angle(y[0, j], side[j] * cosine, distance, model[0], model[6])
        psi_1, psi_2, overlap, slope = values_at(m1, m2, distance, model, tables)
        ds, growth, dlength = reduced_log_flow(
            s=y[0, j], cosine_squared=cosine_squared, separation=model[0], family_weight=model[2],
            temperature=temperature, psi_1=psi_1, psi_2=psi_2, overlap=overlap, slope=slope * abs(side[j]),
        )  # fmt: skip
        out[0, j], out[1, j], out[2, j] = pace * ds, pace * growth, pace * dlength


@kernel()
def centre_rates(y, model, force, tables, out):
    """Rates of the statistics of centre and difference, shape (5, n)."""
    for j in range(y.shape[1]):
        m1, m2 = _centre_overlaps(centre=y[0, j], delta=y[1, j])
        distance = math.sqrt(max(y[4, j], 0.0))
        psi_1, psi_2, overlap, slope = values_at(m1, m2, distance, model, tables)
        rates = _centre_flow(
            centre=y[0, j], delta=y[1, j], centre_square=y[2, j], cross=y[3, j], distance_square=y[4, j],
            separation=model[0], family_weight=model[2], second_weight=model[3], attraction=force[0],
            repulsion=force[1], mobility_1=model[4], mobility_2=model[5], psi_1=psi_1, psi_2=psi_2, overlap=overlap,
            slope=slope,
        )  # fmt: skip
        out[0, j], out[1, j], out[2, j], out[3, j], out[4, j] = rates


@kernel()
def sphere_rates(y, side, temperature, parameters, averages, out):
    """Rates of (log|x|, m1 + m2, s, log v) per unit of the clock, shape (4, n); `side` is the sign of m1 - m2."""
    own = parameters.copy()
    for j in range(y.shape[1]):
        own[3] = side[j]
        out[0, j], out[1, j], out[2, j], out[3, j] = _one_sphere_rates(y[:, j], temperature, own, averages)


@kernel()
def sphere_means_rates(y, temperature, parameters, averages, out):
    """Rates of (m1, m2, s, log v1, log v2) per unit of the clock, shape (5, n)."""
    for j in range(y.shape[1]):
        rates = _one_means_rates(y[:, j], temperature, parameters, averages)
        out[0, j], out[1, j], out[2, j], out[3, j], out[4, j] = rates
