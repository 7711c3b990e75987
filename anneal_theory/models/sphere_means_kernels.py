"""Compiled runs of a pair on the sphere of any weights, y = (m1, m2, mu_1 . mu_2/R^2, log v1, log v2).

parameters = [R, h, w1, rule of the variances (see `sphere_pair_kernels`), sign of m1 - m2, log v1 = log v2 at the
             start, dimension]; without trained variances the last two of y rest
averages   = (psi for all variances, see averages.variance_tables; overlap of these weights and scale of its panels)
regions    = (|h|, basins, radius): trapping sides (side, a, T) as `sphere_sides` makes them, shape (sides, 3), for
             trained variances of which (v1 - 1)^2 + (v2 - 1)^2 is at most the radius squared
"""

import numpy as np

from anneal_theory._compiled import kernel
from anneal_theory.averages.table_kernels import mmse_at, mmse_slope_at
from anneal_theory.averages.variance_table_kernels import mean_at, mean_slopes
from anneal_theory.formulas import sphere_flow, sphere_means, start_law
from anneal_theory.models.free_pair_run_kernels import EPSILON
from anneal_theory.models.run_kernels import compiled_searches
from anneal_theory.models.separatrix_kernels import ABOVE, BELOW
from anneal_theory.models.sphere_pair_kernels import FIXED, FOLLOWS, TRAINED, parted, trapped
from anneal_theory.models.verdicts import HEAVY, LIGHT, REVERSED, SPLIT, UNDECIDED
from anneal_theory.numerics.lane_kernels import where

_merged = kernel(error_model="numpy", inline="always")
_inlined = kernel(error_model="numpy", forceinline=True)
_compiled = kernel(error_model="numpy")

_flow = _merged(sphere_means.sphere_means_flow)
_jacobian = _compiled(sphere_means.sphere_means_jacobian)
_by_temperature = _compiled(sphere_means.sphere_means_flow_by_temperature)
_label_distance = _merged(sphere_means.label_distance)
_overlaps, _start = _compiled(sphere_flow.sphere_overlaps), _compiled(sphere_flow.sphere_start)
_cosine, _turned = _compiled(start_law.cosine_of_place), _compiled(sphere_flow.turned_cosine)
_widening, _label_width = _merged(sphere_flow.widening_of), _merged(sphere_flow.label_width)


@_merged
def _variances(y, temperature, parameters):
    """(v1, v2) of a state."""
    trained, common = parameters[3] == TRAINED, where(parameters[3] == FOLLOWS, temperature, 1.0)
    return where(trained, np.exp(y[3]), common), where(trained, np.exp(y[4]), common)


@_merged
def _log_widths(v1, v2, parameters):
    """Logarithms of the widths of both labels of the target."""
    return np.log(_label_width(parameters[0], v1)), np.log(_label_width(parameters[0], v2))


@_inlined
def rates(y, temperature, parameters, averages):
    """Rates of y per unit of the clock; rounding may put the cosine of a pair a little beyond 1."""
    v1, v2 = _variances(y, temperature, parameters)
    width_1, width_2 = _log_widths(v1, v2, parameters)
    distance = _overlaps(0.0, 0.0, np.minimum(y[2], 1.0), parameters[0])[2]
    apart = _label_distance(distance, parameters[6], v1, v2)
    by_1, by_2, by_cosine, widening_1, widening_2 = _flow(
        m1=y[0], m2=y[1], pair_cosine=y[2], separation=parameters[0], family_weight=parameters[2], variance_1=v1,
        variance_2=v2, temperature=temperature, psi_1=mean_at(y[0] + parameters[1], width_1, averages[0]),
        psi_2=mean_at(y[1] + parameters[1], width_2, averages[0]), overlap=mmse_at(apart, averages[1], averages[2]),
    )  # fmt: skip
    trained = parameters[3] == TRAINED
    return by_1, by_2, by_cosine, where(trained, widening_1, 0.0), where(trained, widening_2, 0.0)


@_merged
def _row(row, trained, nothing):
    """A row of the Jacobian in which variances that are not trained are no variables."""
    return (
        row[0] + nothing,
        row[1] + nothing,
        row[2] + nothing,
        where(trained, row[3] + nothing, 0.0),
        where(trained, row[4] + nothing, 0.0),
    )


@_inlined
def jacobian(y, temperature, parameters, averages):
    """Derivatives of `rates` in y, a row a rate, and in the temperature."""
    v1, v2 = _variances(y, temperature, parameters)
    width_1, width_2 = _log_widths(v1, v2, parameters)
    psi_1, prime_1, by_width_1 = mean_slopes(y[0] + parameters[1], width_1, averages[0])
    psi_2, prime_2, by_width_2 = mean_slopes(y[1] + parameters[1], width_2, averages[0])
    cosine = np.minimum(y[2], 1.0 - EPSILON)  # the distance has no slope at 1
    apart = _label_distance(_overlaps(0.0, 0.0, cosine, parameters[0])[2], parameters[6], v1, v2)
    overlap, overlap_prime = mmse_slope_at(apart, averages[1], averages[2])
    row_1, row_2, row_3, row_4, row_5 = _jacobian(
        m1=y[0], m2=y[1], pair_cosine=cosine, separation=parameters[0], family_weight=parameters[2],
        dim=parameters[6], variance_1=v1, variance_2=v2, temperature=temperature, psi_1=psi_1, psi_2=psi_2,
        psi_prime_1=prime_1, psi_prime_2=prime_2, overlap=overlap, overlap_prime=overlap_prime,
        widening_1=_widening(by_width_1), widening_2=_widening(by_width_2),
    )  # fmt: skip
    heat_1, heat_2, heat_3, heat_4, heat_5 = _by_temperature(
        m1=y[0], m2=y[1], pair_cosine=cosine, family_weight=parameters[2], variance_1=v1, variance_2=v2,
        overlap=overlap,
    )  # fmt: skip
    if parameters[3] == FOLLOWS:  # the temperature is both variances
        heat_1, heat_2 = heat_1 + (row_1[3] + row_1[4]) / temperature, heat_2 + (row_2[3] + row_2[4]) / temperature
        heat_3 = heat_3 + (row_3[3] + row_3[4]) / temperature
    trained, nothing = parameters[3] == TRAINED, 0.0 * y[0]
    rows = (
        _row(row_1, trained, nothing),
        _row(row_2, trained, nothing),
        _row(row_3, trained, nothing),
        _row(row_4, trained, nothing),
        _row(row_5, trained, nothing),
    )
    return rows, (heat_1, heat_2, heat_3, where(trained, heat_4, 0.0), where(trained, heat_5, 0.0))


@kernel()
def error_scales(y, new, tol, parameters, regions):
    """Overlaps to an error in units of themselves and of 1, over which psi changes; means that are close part by what
    1 - c is, and opposite ones come back by what 1 + c is. Labels are told by variances that differ by 1/sqrt(d)."""
    widths = tol / np.sqrt(parameters[6])
    return (
        tol * (1.0 + abs(y[0])),
        tol * (1.0 + abs(y[1])),
        tol * np.maximum(1.0 - abs(y[2]), 0.0) + EPSILON,
        widths + EPSILON * (1.0 + abs(y[3])),
        widths + EPSILON * (1.0 + abs(y[4])),
    )


@kernel()
def fate(y, ceiling, settled, parameters, regions):
    """The verdict of a state: `sphere_means` says why it is certain."""
    edge, basins, radius = regions
    end = parted(y[0], y[1], edge)
    off_1, off_2 = np.exp(y[3]) - 1.0, np.exp(y[4]) - 1.0
    held = settled & ((off_1 * off_1 + off_2 * off_2 <= radius * radius) | (parameters[3] != TRAINED))
    kept = trapped(np.minimum(y[0], y[1]), np.maximum(y[0], y[1]), ceiling, basins)
    return where((end == UNDECIDED) & (held | (parameters[3] == FIXED)), kept, end)


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
    y[2], y[3], y[4] = start[1], parameters[5], parameters[5]


@kernel()
def side_of(end, parameters):
    """On which side of the threshold a verdict is: beyond it the means with m1 > m2 at the start split that way."""
    ahead = SPLIT if parameters[4] > 0.0 else REVERSED
    if end == ahead:
        return ABOVE
    return BELOW if end in (HEAVY, LIGHT, SPLIT, REVERSED) else -1


searches = compiled_searches("sphere_means", 5, rates, jacobian, error_scales, fate, overlaps, start_state, side_of)
