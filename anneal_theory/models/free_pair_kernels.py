"""Compiled rates and Jacobians of a pair, per unit of a clock: table look-ups and the derived equations.

All take doubles, or `Lanes` of them: pairs of several runs.

model  = [R, h, w1, metric (1 natural, 0 Euclidean), sign of m1 - m2]; R, h and w1 alone for the look-ups
tables = (psi, psi', scale of their panels, overlap, scale of its panels), from averages.tables
"""

import numpy as np

from anneal_theory._compiled import INNER, kernel
from anneal_theory.averages.table_kernels import mmse_at, mmse_slope_at, psi_at, psi_prime_at, psi_second_at
from anneal_theory.formulas import alignment, growth_rate, pair_coordinates, pair_statistics, summary_statistics
from anneal_theory.numerics.lane_kernels import any_of, where

# Below this difference of the overlaps the growth rate comes from two Gauss points on psi' (error R^2 delta^4
# psi'''''/4320, below 1e-11 R^2) instead of a divided difference of psi (rounding R^2 1e-16/delta).
_CLOSE = 5e-3
_TINY_SQUARE = 1e-300

# Small functions are merged into their callers by numba, the rates and Jacobians into the integrator by LLVM: an array
# that is passed on costs a count of its references. So merged, 1000 reduced runs take 0.69 and full ones 0.84 of the
# time of kernels typed by hand; compiled plainly they take 1.2 times that.
_merged = kernel(error_model="numpy", inline="always")
_inlined = kernel(error_model="numpy", forceinline=True)
_compiled = kernel(error_model="numpy")
_inside = kernel(error_model="numpy", **INNER)

reduced_log_flow = _merged(alignment.reduced_log_flow)
_reduced_log_jacobian = _inside(pair_statistics.reduced_log_jacobian)
_reduced_by_temperature = _inside(pair_statistics.reduced_log_flow_by_temperature)
_full_flow = _merged(alignment.full_flow)
_full_jacobian = _inside(summary_statistics.full_jacobian)
_full_by_repulsion = _inside(summary_statistics.full_flow_by_repulsion)
_alignment_rate = _merged(alignment.alignment_rate)
_natural_mobility = _merged(alignment.natural_mobility)
_growth_apart = _inside(growth_rate.growth_apart)
_growth_close = _inside(growth_rate.growth_close)
_growth_close_slopes = _inside(growth_rate.growth_close_slopes)
_gauss_overlaps = _inside(growth_rate.gauss_overlaps)
_angle_near_axis = _merged(pair_coordinates.angle_near_axis)
_angle_across_axis = _merged(pair_coordinates.angle_across_axis)
overlaps_from_angle = _merged(pair_coordinates.reduced_overlaps)
distance_squared = _merged(pair_coordinates.distance_squared)
across_squared = _compiled(pair_coordinates.across_squared)


@_merged
def angle(log_rho):
    """(cos, cos^2, sin^2) of the angle between the pair and the target's axis, without overflow."""
    near, across = _angle_near_axis(np.maximum(log_rho, 0.0)), _angle_across_axis(np.minimum(log_rho, 0.0))
    small = log_rho > 0.0
    return where(small, near[0], across[0]), where(small, near[1], across[1]), where(small, near[2], across[2])


@_merged
def _away(m1):
    """What takes an overlap off one next to it, in a quotient that is not read there: nothing is divided by zero."""
    return 1.0 + abs(m1)


@_merged
def growth_at(m1, m2, psi_1, psi_2, model, tables):
    """K, the growth rate of log rho, continued through m1 = m2."""
    close = abs(m1 - m2) < _CLOSE
    growth = _alignment_rate(where(close, m1 + _away(m1), m1), m2, model[0], psi_1, psi_2)
    if any_of(close):
        plus, minus = _gauss_overlaps(m1, m2)
        between = _growth_close(
            model[0],
            psi_prime_at(plus + model[1], tables[1], tables[2]),
            psi_prime_at(minus + model[1], tables[1], tables[2]),
        )
        growth = where(close, between, growth)
    return growth


@_merged
def growth_and_slopes(m1, m2, psi_1, psi_2, psi_prime_1, psi_prime_2, model, tables):
    """(K, dK/dm1, dK/dm2)."""
    close = abs(m1 - m2) < _CLOSE
    growth, by_1, by_2 = _growth_apart(
        where(close, m1 + _away(m1), m1), m2, model[0], psi_1, psi_2, psi_prime_1, psi_prime_2
    )
    if any_of(close):
        plus, minus = _gauss_overlaps(m1, m2)
        close_1, close_2 = _growth_close_slopes(
            model[0],
            psi_second_at(plus + model[1], tables[1], tables[2]),
            psi_second_at(minus + model[1], tables[1], tables[2]),
        )
        growth = where(close, growth_at(m1, m2, psi_1, psi_2, model, tables), growth)
        by_1, by_2 = where(close, close_1, by_1), where(close, close_2, by_2)
    return growth, by_1, by_2


@_merged
def values_at(m1, m2, distance, model, tables):
    """(psi_1, psi_2, G, K): what the rates need, without the derivatives."""
    psi_1, psi_2 = psi_at(m1 + model[1], tables[0], tables[2]), psi_at(m2 + model[1], tables[0], tables[2])
    return psi_1, psi_2, mmse_at(distance, tables[3], tables[4]), growth_at(m1, m2, psi_1, psi_2, model, tables)


@_merged
def averages_at(m1, m2, distance, model, tables):
    """(psi_1, psi_2, psi'_1, psi'_2, G, G', K, dK/dm1, dK/dm2)."""
    a1, a2 = m1 + model[1], m2 + model[1]
    overlap, overlap_prime = mmse_slope_at(distance, tables[3], tables[4])
    psi_1, psi_2 = psi_at(a1, tables[0], tables[2]), psi_at(a2, tables[0], tables[2])
    prime_1, prime_2 = psi_prime_at(a1, tables[1], tables[2]), psi_prime_at(a2, tables[1], tables[2])
    growth, by_1, by_2 = growth_and_slopes(m1, m2, psi_1, psi_2, prime_1, prime_2, model, tables)
    return psi_1, psi_2, prime_1, prime_2, overlap, overlap_prime, growth, by_1, by_2


@_compiled
def reduced_overlaps(y, model):
    """(m1, m2) of a reduced state (s, log rho, log D); s is the weighted mean."""
    return overlaps_from_angle(y[0], model[4] * angle(y[1])[0], np.exp(y[2]), model[0], model[2])


@_inlined
def reduced_rates(y, temperature, model, tables):
    """Rates of (s, log rho, log D) per unit of tau."""
    cosine, cosine_squared, _ = angle(y[1])
    distance = np.exp(y[2])
    m1, m2 = overlaps_from_angle(y[0], model[4] * cosine, distance, model[0], model[2])
    psi_1, psi_2, overlap, slope = values_at(m1, m2, distance, model, tables)
    return reduced_log_flow(
        s=y[0], cosine_squared=cosine_squared, separation=model[0], family_weight=model[2], temperature=temperature,
        psi_1=psi_1, psi_2=psi_2, overlap=overlap, slope=slope,
    )  # fmt: skip


@_inlined
def reduced_jacobian(y, temperature, model, tables):
    """Derivatives of `reduced_rates` in y, a row a rate, and in the temperature."""
    cosine, cosine_squared, sine_squared = angle(y[1])
    distance = np.exp(y[2])
    m1, m2 = overlaps_from_angle(y[0], model[4] * cosine, distance, model[0], model[2])
    _, _, prime_1, prime_2, overlap, overlap_prime, slope, slope_1, slope_2 = averages_at(
        m1, m2, distance, model, tables
    )
    rows = _reduced_log_jacobian(
        delta=m1 - m2, cosine_squared=cosine_squared, sine_squared=sine_squared, distance=distance,
        separation=model[0], family_weight=model[2], temperature=temperature, psi_prime_1=prime_1,
        psi_prime_2=prime_2, overlap_prime=overlap_prime, slope=slope, slope_1=slope_1, slope_2=slope_2,
    )  # fmt: skip
    return rows, _reduced_by_temperature(family_weight=model[2], overlap=overlap)


@_compiled
def mobilities(metric, family_weight):
    """(P1, P2)."""
    if metric == 1.0:
        return _natural_mobility(family_weight), _natural_mobility(1.0 - family_weight)
    return 1.0, 1.0


@_inlined
def full_rates(y, temperature, model, tables):
    """Rates of (m1, m2, s11, s12, s22) per unit of the integral of beta."""
    mobility_1, mobility_2 = mobilities(model[3], model[2])
    overlap = mmse_at(np.sqrt(np.maximum(distance_squared(y[2], y[3], y[4]), 0.0)), tables[3], tables[4])
    psi_1, psi_2 = psi_at(y[0] + model[1], tables[0], tables[2]), psi_at(y[1] + model[1], tables[0], tables[2])
    return _full_flow(
        m1=y[0], m2=y[1], s11=y[2], s12=y[3], s22=y[4], separation=model[0], family_weight=model[2], attraction=1.0,
        repulsion=temperature, mobility_1=mobility_1, mobility_2=mobility_2, psi_1=psi_1, psi_2=psi_2,
        overlap=overlap,
    )  # fmt: skip


@_inlined
def full_jacobian(y, temperature, model, tables):
    """Derivatives of `full_rates` in y, a row a rate, and in the temperature."""
    mobility_1, mobility_2 = mobilities(model[3], model[2])
    distance = np.sqrt(np.maximum(distance_squared(y[2], y[3], y[4]), _TINY_SQUARE))
    overlap, overlap_prime = mmse_slope_at(distance, tables[3], tables[4])
    a1, a2 = y[0] + model[1], y[1] + model[1]
    rows = _full_jacobian(
        m1=y[0], m2=y[1], s11=y[2], s12=y[3], s22=y[4], distance=distance, separation=model[0],
        family_weight=model[2], attraction=1.0, repulsion=temperature, mobility_1=mobility_1, mobility_2=mobility_2,
        psi_1=psi_at(a1, tables[0], tables[2]), psi_2=psi_at(a2, tables[0], tables[2]),
        psi_prime_1=psi_prime_at(a1, tables[1], tables[2]), psi_prime_2=psi_prime_at(a2, tables[1], tables[2]),
        overlap=overlap, overlap_prime=overlap_prime,
    )  # fmt: skip
    return rows, _full_by_repulsion(
        m1=y[0], m2=y[1], s11=y[2], s12=y[3], s22=y[4], mobility_1=mobility_1, mobility_2=mobility_2, overlap=overlap
    )
