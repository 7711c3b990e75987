"""Compiled runs of a pair on the sphere, y = (log x, m1 + m2, mu_1 . mu_2/R^2, log v), equal weights.

parameters = [R, h, rule of the variance, sign of m1 - m2, log v at the start, what is sought, dimension by which a
             trained variance moves, inf for its law in large dimension]
averages   = (psi for all variances, see averages.variance_tables; overlap and scale of its panels)
regions    = (|h|, basins, band): trapping sides (side, a, T) as `sphere_pair` makes them, shape (sides, 3), for
             variances whose logarithm is at most `band` in size
"""

import numpy as np

from anneal_theory._compiled import INNER, kernel
from anneal_theory.averages.table_kernels import mmse_at, mmse_slope_at
from anneal_theory.averages.variance_table_kernels import (
    pair_means,
    pair_prime_means,
    pair_radius_primes,
    pair_radius_slopes,
    pair_slopes,
)
from anneal_theory.formulas import growth_rate, sphere_flow, sphere_variance
from anneal_theory.models.free_pair_run_kernels import EPSILON
from anneal_theory.models.run_kernels import collapsed_or_split, compiled_searches
from anneal_theory.models.separatrix_kernels import ABOVE, BELOW
from anneal_theory.models.verdicts import HEAVY, LIGHT, REVERSED, SPLIT, UNDECIDED
from anneal_theory.numerics.lane_kernels import where

ALIGNMENT, BALANCE = 0.0, 1.0  # what is sought: the threshold in log rho, or that in y of pairs across the axis
ACROSS = -1e8  # log rho of these
LEAST = 1e-290
FIXED, TRAINED, FOLLOWS = 0.0, 1.0, 2.0  # rules of the variance: it stays 1, is trained, is the temperature

_merged = kernel(error_model="numpy", fastmath={"contract"}, inline="always")
_inlined = kernel(error_model="numpy", fastmath={"contract"}, forceinline=True)
_compiled = kernel(error_model="numpy", fastmath={"contract"}, **INNER)

_overlaps = _compiled(sphere_flow.sphere_overlaps)
_start = _compiled(sphere_flow.sphere_start)
_flow = _merged(sphere_flow.sphere_pair_flow)
_jacobian = _compiled(sphere_flow.sphere_pair_jacobian)
_by_temperature = _compiled(sphere_flow.sphere_pair_flow_by_temperature)
_by_log_variance = _compiled(sphere_flow.sphere_pair_flow_by_log_variance)
_log_variance_flow = _compiled(sphere_flow.log_variance_flow)
_variance_bend = _merged(sphere_variance.variance_bend)
_variance_growth = _merged(sphere_variance.common_variance_growth)
_variance_slopes = _compiled(sphere_variance.common_variance_slopes)
_growth, _widening = _merged(growth_rate.growth_of_quotient), _merged(sphere_flow.widening_of)
_label_width, _scaled_distance = _merged(sphere_flow.label_width), _merged(sphere_flow.scaled_distance)


@_merged
def _place(y, temperature, parameters):
    """(x with its sign, m1, m2, D, v) of a state; rounding may put the cosine of a pair a little beyond 1."""
    x = parameters[3] * np.exp(y[0])
    m1, m2, distance = _overlaps(x, y[1], np.minimum(y[2], 1.0), parameters[0])
    return x, m1, m2, distance, where(parameters[2] == FOLLOWS, temperature, np.exp(y[3]))


@_inlined
def rates(y, temperature, parameters, averages):
    """Rates of (log x, M, c, log v) per unit of the clock."""
    x, m1, m2, distance, variance = _place(y, temperature, parameters)
    a1, a2, log_radius = m1 + parameters[1], m2 + parameters[1], np.log(_label_width(parameters[0], variance))
    overlap = mmse_at(_scaled_distance(distance, variance), averages[1], averages[2])
    if parameters[6] < np.inf:
        psi_1, psi_2, prime_1, prime_2, quotient = pair_prime_means(a1, a2, log_radius, averages[0])
        bend = _variance_bend(distance, parameters[0], variance, temperature, prime_1, prime_2, overlap)
        widening = _variance_growth(parameters[6], variance, bend, temperature)
    else:
        psi_1, psi_2, quotient = pair_means(a1, a2, log_radius, averages[0])
        widening = where(parameters[2] == TRAINED, _log_variance_flow(variance, temperature)[0], 0.0)
    by_x, by_sum, by_cosine = _flow(
        difference_cosine=x, overlap_sum=y[1], pair_cosine=y[2], separation=parameters[0], variance=variance,
        temperature=temperature, psi_1=psi_1, psi_2=psi_2, overlap=overlap, slope=_growth(parameters[0], quotient),
    )  # fmt: skip
    return by_x, by_sum, by_cosine, widening


@_inlined
def jacobian(y, temperature, parameters, averages):
    """Derivatives of `rates` in y, a row a rate, and in the temperature."""
    x, m1, m2, distance, variance = _place(y, temperature, parameters)
    a1, a2, log_radius = m1 + parameters[1], m2 + parameters[1], np.log(_label_width(parameters[0], variance))
    overlap, overlap_prime = mmse_slope_at(_scaled_distance(distance, variance), averages[1], averages[2])
    psi_1, psi_2, prime_1, prime_2, quotient, quotient_1, quotient_2 = pair_slopes(a1, a2, log_radius, averages[0])
    radius = parameters[0]
    (row_0, row_1, row_2) = _jacobian(
        difference_cosine=x, overlap_sum=y[1], pair_cosine=y[2], separation=parameters[0], variance=variance,
        temperature=temperature, psi_1=psi_1, psi_2=psi_2, psi_prime_1=prime_1, psi_prime_2=prime_2, overlap=overlap,
        overlap_prime=overlap_prime, slope=_growth(radius, quotient), slope_1=_growth(radius, quotient_1),
        slope_2=_growth(radius, quotient_2),
    )  # fmt: skip
    heat_1, heat_2, heat_3 = _by_temperature(overlap_sum=y[1], pair_cosine=y[2], variance=variance, overlap=overlap)
    nothing = 0.0 * x
    heat_1, heat_2, heat_3 = heat_1 + nothing, heat_2 + nothing, heat_3 + nothing  # the first is the number 0
    wide_1 = wide_2 = wide_3 = own = heating = by_1 = by_2 = by_3 = nothing
    if parameters[2] != FIXED:
        if parameters[6] < np.inf:
            wider_1, wider_2, wider, steeper_1, steeper_2 = pair_radius_primes(a1, a2, log_radius, averages[0])
            by_1, by_2, by_3, own, heating = _variance_slopes(
                distance=distance, difference_cosine=x, separation=radius, dim=parameters[6], variance=variance,
                temperature=temperature, overlap=overlap, overlap_prime=overlap_prime,
                widening_1=_widening(wider_1), widening_2=_widening(wider_2), psi_prime_widening_1=_widening(steeper_1),
                psi_prime_widening_2=_widening(steeper_2),
            )  # fmt: skip
        else:
            wider_1, wider_2, wider = pair_radius_slopes(a1, a2, log_radius, averages[0])
        wide_1, wide_2, wide_3 = _by_log_variance(
            difference_cosine=x, overlap_sum=y[1], pair_cosine=y[2], separation=parameters[0], variance=variance,
            temperature=temperature, overlap=overlap, overlap_prime=overlap_prime,
            widening_1=_widening(wider_1), widening_2=_widening(wider_2),
            slope_widening=_widening(_growth(radius, wider)),
        )  # fmt: skip
        if parameters[2] == TRAINED and parameters[6] == np.inf:
            _, own, heating = _log_variance_flow(variance, temperature)
        if parameters[2] == FOLLOWS:  # the variance is the temperature
            heat_1, heat_2, heat_3 = (
                heat_1 + wide_1 / temperature,
                heat_2 + wide_2 / temperature,
                heat_3 + wide_3 / temperature,
            )
            wide_1 = wide_2 = wide_3 = nothing
    rows = (
        (row_0[0], row_0[1], row_0[2], wide_1),
        (row_1[0], row_1[1], row_1[2], wide_2),
        (row_2[0], row_2[1], row_2[2], wide_3),
        (by_1, by_2, by_3, own),
    )
    return rows, (heat_1, heat_2, heat_3, heating)


@kernel(**INNER)
def error_scales(y, new, tol, parameters, regions):
    """Logarithms to an absolute error as far as doubles hold it, m1 + m2 to one in units of itself and of the bias: it
    begins there and is amplified from there, however far apart the modes are. Means that start together part by what
    1 - c is, and those that heat has driven to opposite points come back by what 1 + c is."""
    return (
        tol + EPSILON * abs(y[0]),
        tol * (abs(y[1]) + max(min(abs(parameters[1]), 1.0), LEAST)),
        tol * np.maximum(1.0 - abs(y[2]), 0.0) + EPSILON,
        tol + EPSILON * abs(y[3]),
    )


@kernel(**INNER)
def trapped(low, high, ceiling, basins):
    """The mode whose trapping side both overlaps are on, at temperatures up to the ceiling."""
    end = where(low == low, UNDECIDED, UNDECIDED)  # in every lane
    for i in range(basins.shape[0]):
        cold = (end == UNDECIDED) & (ceiling <= basins[i, 2])
        if basins[i, 0] > 0.0:
            end = where(cold & (low >= basins[i, 1]), HEAVY, end)
        if basins[i, 0] < 0.0:
            end = where(cold & (high <= basins[i, 1]), LIGHT, end)
    return end


@kernel(**INNER)
def parted(m1, m2, edge):
    """The verdict of a pair on both sides of where psi vanishes, which stays there, or UNDECIDED."""
    low, high = np.minimum(m1, m2), np.maximum(m1, m2)
    apart = (low <= -edge) & (high >= edge) & (low < high)
    return where(apart, where(m1 > m2, SPLIT, REVERSED), UNDECIDED)


@kernel()
def fate(y, ceiling, settled, parameters, regions):
    """The verdict of a state: `sphere_pair` says why it is certain."""
    _, m1, m2, _, variance = _place(y, 1.0, parameters)
    edge, basins, band = regions
    end = parted(m1, m2, edge)
    held = settled & (abs(np.log(variance)) <= band) | (parameters[2] == FIXED)
    kept = trapped(np.minimum(m1, m2), np.maximum(m1, m2), ceiling, basins)
    return where((end == UNDECIDED) & held, kept, end)


@kernel(**INNER)
def overlaps(y, parameters):
    """(m1, m2) of a state."""
    _, m1, m2, _, _ = _place(y, 1.0, parameters)
    return m1, m2


@kernel()
def start_state(start, place, parameters, y):
    """The state of a start (y, c) and log rho; of a pair across the axis, of any y and c, and y."""
    log_rho, cosine = (ACROSS, place) if parameters[5] == BALANCE else (place, start[0])
    y[0], y[1] = _start(log_rho, cosine, start[1], parameters[0])
    y[2], y[3] = start[1], parameters[4]


@kernel(**INNER)
def side_of(end, parameters):
    """Which side of the threshold a verdict tells of: in log rho, or between the modes, in y."""
    if parameters[5] == BALANCE and end in (HEAVY, LIGHT):
        return ABOVE if end == HEAVY else BELOW
    return collapsed_or_split(end, parameters)


searches = compiled_searches("sphere_pair", 4, rates, jacobian, error_scales, fate, overlaps, start_state, side_of)
