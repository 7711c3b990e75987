"""Compiled runs of a pair on the sphere, y = (m1, m2, mu_1 . mu_2/R^2), any weights of the family, a common variance.

parameters = [R, h, w1, rule of the variance (see `sphere_pair_kernels`), sign of m1 - m2]
averages   = (psi for all variances, see averages.variance_tables; overlap of these weights and scale of its panels)
regions    = (|h|, basins): trapping sides (side, a, T) as `sphere_sides` makes them, shape (sides, 3)
"""

import math

import numpy as np

from anneal_theory._compiled import kernel
from anneal_theory.averages.table_kernels import mmse_at, mmse_slope_at
from anneal_theory.averages.variance_table_kernels import pair_means, pair_radius_slopes, pair_slopes
from anneal_theory.formulas import sphere_flow, sphere_means, start_law
from anneal_theory.models.free_pair_run_kernels import EPSILON
from anneal_theory.models.run_kernels import compiled_searches
from anneal_theory.models.separatrix_kernels import ABOVE, BELOW
from anneal_theory.models.sphere_pair_kernels import FIXED, FOLLOWS, parted, trapped
from anneal_theory.models.verdicts import HEAVY, LIGHT, REVERSED, SPLIT, UNDECIDED
from anneal_theory.numerics.lane_kernels import where

_merged = kernel(error_model="numpy", inline="always")
_inlined = kernel(error_model="numpy", forceinline=True)
_compiled = kernel(error_model="numpy")

_flow = _merged(sphere_means.sphere_means_flow)
_jacobian = _compiled(sphere_means.sphere_means_jacobian)
_by_temperature = _compiled(sphere_means.sphere_means_flow_by_temperature)
_by_log_variance = _compiled(sphere_means.sphere_means_flow_by_log_variance)
_overlaps, _start = _compiled(sphere_flow.sphere_overlaps), _compiled(sphere_flow.sphere_start)
_cosine, _turned = _compiled(start_law.cosine_of_place), _compiled(sphere_flow.turned_cosine)
_widening = _merged(sphere_flow.widening_of)
_label_width, _scaled_distance = _merged(sphere_flow.label_width), _merged(sphere_flow.scaled_distance)


@_merged
def _place(y, temperature, parameters):
    """(D, v, width of a label) of a state; rounding may put the cosine of a pair a little beyond 1."""
    distance = _overlaps(0.0, 0.0, np.minimum(y[2], 1.0), parameters[0])[2]
    variance = where(parameters[3] == FOLLOWS, temperature, 1.0)
    return distance, variance, _label_width(parameters[0], variance)


@_inlined
def rates(y, temperature, parameters, averages):
    """Rates of (m1, m2, c) per unit of the clock."""
    distance, variance, width = _place(y, temperature, parameters)
    psi_1, psi_2, _ = pair_means(y[0] + parameters[1], y[1] + parameters[1], np.log(width), averages[0])
    return _flow(
        m1=y[0], m2=y[1], pair_cosine=y[2], separation=parameters[0], family_weight=parameters[2], variance=variance,
        temperature=temperature, psi_1=psi_1, psi_2=psi_2,
        overlap=mmse_at(_scaled_distance(distance, variance), averages[1], averages[2]),
    )  # fmt: skip


@_inlined
def jacobian(y, temperature, parameters, averages):
    """Derivatives of `rates` in y, a row a rate, and in the temperature."""
    distance, variance, width = _place(y, temperature, parameters)
    a1, a2, log_width = y[0] + parameters[1], y[1] + parameters[1], np.log(width)
    overlap, overlap_prime = mmse_slope_at(_scaled_distance(distance, variance), averages[1], averages[2])
    psi_1, psi_2, prime_1, prime_2, _, _, _ = pair_slopes(a1, a2, log_width, averages[0])
    cosine = np.minimum(y[2], 1.0 - EPSILON)  # the distance has no slope at 1
    rows = _jacobian(
        m1=y[0], m2=y[1], pair_cosine=cosine, separation=parameters[0], family_weight=parameters[2], variance=variance,
        temperature=temperature, psi_1=psi_1, psi_2=psi_2, psi_prime_1=prime_1, psi_prime_2=prime_2, overlap=overlap,
        overlap_prime=overlap_prime,
    )  # fmt: skip
    heat_1, heat_2, heat_3 = _by_temperature(m1=y[0], m2=y[1], pair_cosine=cosine, variance=variance, overlap=overlap)
    if parameters[3] == FOLLOWS:
        by_width = pair_radius_slopes(a1, a2, log_width, averages[0])
        widened = _by_log_variance(
            m1=y[0], m2=y[1], pair_cosine=cosine, separation=parameters[0], family_weight=parameters[2],
            variance=variance, temperature=temperature, overlap=overlap, overlap_prime=overlap_prime,
            widening_1=_widening(by_width[0]), widening_2=_widening(by_width[1]),
        )  # fmt: skip
        heat_1, heat_2 = heat_1 + widened[0] / temperature, heat_2 + widened[1] / temperature
        heat_3 = heat_3 + widened[2] / temperature
    return rows, (heat_1, heat_2, heat_3)


@kernel()
def error_scales(y, new, tol, parameters, regions):
    """Overlaps to an error in units of themselves and of 1, over which psi changes; means that are close part by what
    1 - c is, and opposite ones come back by what 1 + c is."""
    return (
        tol * (1.0 + abs(y[0])),
        tol * (1.0 + abs(y[1])),
        tol * np.maximum(1.0 - abs(y[2]), 0.0) + EPSILON,
    )


@kernel()
def fate(y, ceiling, settled, parameters, regions):
    """The verdict of a state: `sphere_pair` says why it is certain, for any weights of the family."""
    edge, basins = regions
    end = parted(y[0], y[1], edge)
    kept = trapped(np.minimum(y[0], y[1]), np.maximum(y[0], y[1]), ceiling, basins)
    return where((end == UNDECIDED) & (settled | (parameters[3] == FIXED)), kept, end)


@kernel()
def overlaps(y, parameters):
    """(m1, m2) of a state."""
    return y[0], y[1]


@kernel()
def start_state(start, place, parameters, y):
    """The state of a start (y, c) whose difference of means has the cosine tanh(place) with the axis' part across."""
    x = parameters[4] * _turned(_cosine(place), start[0])
    total = _start(0.0, start[0], start[1], parameters[0])[1]
    y[0], y[1], _ = _overlaps(x, total, start[1], parameters[0])
    y[2] = start[1]


@kernel()
def side_of(end, parameters):
    """Which side of the threshold a verdict tells of: beyond it the means with m1 > m2 at the start split that way."""
    ahead = SPLIT if parameters[4] > 0.0 else REVERSED
    if end == ahead:
        return ABOVE
    return BELOW if end in (HEAVY, LIGHT, SPLIT, REVERSED) else -1


searches = compiled_searches("sphere_means", 3, rates, jacobian, error_scales, fate, overlaps, start_state, side_of)
