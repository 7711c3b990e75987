"""Compiled runs of a pair with free means: reduced, y = (s, log rho, log D), or full, y = (m1, m2, s11, s12, s22).

regions = (saddle, basins, rests): the unstable zero of f (nan without one), trapping boxes (side, a, b, M), shape
(boxes, 4), and attractors (m1, m2, verdict, radius), shape (attractors, 4); see `free_pair`.
"""

import numpy as np

from anneal_theory._compiled import INNER, kernel
from anneal_theory.formulas import pair_coordinates
from anneal_theory.models.free_pair_kernels import (
    across_squared,
    angle,
    distance_squared,
    full_jacobian,
    full_rates,
    reduced_jacobian,
    reduced_overlaps,
    reduced_rates,
)
from anneal_theory.models.run_kernels import compiled_searches
from anneal_theory.models.verdicts import HEAVY, LIGHT, REVERSED, SPLIT, UNDECIDED
from anneal_theory.numerics.lane_kernels import any_of, where

ROUNDING = 1e-15  # absolute error of psi
EPSILON = 2.0**-50  # relative rounding that a step leaves in a logarithm
ALIGNED = 20.0  # log rho beyond which a pair is aligned: sin^2 of its angle is below 1e-17
ACROSS = 1.0  # the kind of a length: |Delta_perp|, else D0
TINY = 1e-290  # a start on the unstable zero of a symmetric target stays there: no error counts

_log_stretch = kernel()(pair_coordinates.log_stretch)
_run_start = kernel()(pair_coordinates.run_start)


@kernel(**INNER)
def reduced_scales(y, new, tol, parameters, regions):
    """Logarithms are held to an absolute error: it is the relative one of rho and D.

    No double holds it where the logarithm is huge, and none is needed where the pair is and stays aligned, to rounding.
    """
    radius, saddle = parameters[0], regions[0]
    # A run leaves the unstable zero s_u of f by a factor of s - s_u, which no run crosses before it is split.
    away = abs(y[0] - saddle)
    least = max(ROUNDING / tol * radius * radius * abs(saddle), TINY)
    near = where(away > least, away, least)
    return (
        tol * where(away < 1.0, near, 1.0 + abs(y[0])),
        where(np.minimum(y[1], new[1]) > ALIGNED, np.inf, tol + EPSILON * abs(y[1])),
        tol + EPSILON * abs(y[2]),
    )


@kernel(**INNER)
def full_scales(y, new, tol, parameters, regions):
    """Relative errors of large statistics, absolute ones of small."""
    return (
        tol * (1.0 + abs(y[0])),
        tol * (1.0 + abs(y[1])),
        tol * (1.0 + abs(y[2])),
        tol * (1.0 + abs(y[3])),
        tol * (1.0 + abs(y[4])),
    )


@kernel()
def certain_end(m1, m2, distance, ceiling, regions):
    """What is already certain of a run whose temperature will never again exceed `ceiling`.

    Split: one overlap lies below the unstable zero of f and the other above; repulsion only drives them apart.
    Collapsed: the pair lies in a box that no later flow leaves (`trapping_regions` derives it).
    """
    saddle, basins, _ = regions
    low, high = np.minimum(m1, m2), np.maximum(m1, m2)
    end = where((low < saddle) & (saddle < high), where(m1 > m2, SPLIT, REVERSED), UNDECIDED)
    for i in range(basins.shape[0]):
        inside = (end == UNDECIDED) & (distance <= basins[i, 2]) & (ceiling <= basins[i, 3])
        if basins[i, 0] > 0.0:
            end = where(inside & (low >= basins[i, 1]), HEAVY, end)
        if basins[i, 0] < 0.0:
            end = where(inside & (high <= basins[i, 1]), LIGHT, end)
    return end


@kernel(**INNER)
def at_rest(m1, m2, offset, regions):
    """The verdict of the attractor that a run has come close to at T = 1, or UNDECIDED."""
    rests = regions[2]
    end = where(m1 == m1, UNDECIDED, UNDECIDED)  # in every lane
    for i in range(rests.shape[0]):
        close = abs(m1 - rests[i, 0]) + abs(m2 - rests[i, 1]) + offset < rests[i, 3]
        end = where((end == UNDECIDED) & close, int(rests[i, 2]), end)
    return end


@kernel()
def reduced_fate(y, ceiling, settled, parameters, regions):
    """The verdict of a reduced state."""
    m1, m2 = reduced_overlaps(y, parameters)
    distance = np.exp(y[2])
    end = certain_end(m1, m2, distance, ceiling, regions)
    open_ = (end == UNDECIDED) & settled
    if any_of(open_):
        offset = parameters[0] * (distance * np.sqrt(angle(y[1])[2]))
        end = where(open_, at_rest(m1, m2, offset, regions), end)
    return end


@kernel()
def full_distances(y, radius):
    """(D, D_perp) of a full state."""
    square = np.maximum(distance_squared(y[2], y[3], y[4]), 0.0)
    return np.sqrt(square), np.sqrt(np.maximum(across_squared(y[0], y[1], square, radius), 0.0))


@kernel()
def full_fate(y, ceiling, settled, parameters, regions):
    """The verdict of a full state."""
    distance, across = full_distances(y, parameters[0])
    end = certain_end(y[0], y[1], distance, ceiling, regions)
    open_ = (end == UNDECIDED) & settled
    if any_of(open_):
        end = where(open_, at_rest(y[0], y[1], parameters[0] * across, regions), end)
    return end


@kernel(**INNER)
def full_overlaps(y, parameters):
    """(m1, m2) of a full state."""
    return y[0], y[1]


@kernel()
def reduced_place(start, log_rho, parameters, y):
    """The reduced state of a start ((m1 + m2)/2, the logarithm of a length) and log rho."""
    log_distance = start[1]
    if parameters[5] == ACROSS:
        log_distance += _log_stretch(log_rho)
    y[0] = _run_start(log_rho, log_distance, parameters[4], start[0], parameters[0], parameters[2])
    y[1], y[2] = log_rho, log_distance


@kernel()
def full_place(start, log_rho, parameters, y):
    """The full state of a start that is one."""
    for i in range(5):
        y[i] = start[i]


reduced_searches = compiled_searches(
    "free_pair_reduced", 3, reduced_rates, reduced_jacobian, reduced_scales, reduced_fate, reduced_overlaps,
    reduced_place,
)  # fmt: skip
full_searches = compiled_searches(
    "free_pair_full", 5, full_rates, full_jacobian, full_scales, full_fate, full_overlaps, full_place
)
