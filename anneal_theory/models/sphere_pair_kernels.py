"""Compiled runs of a pair on the sphere, y = (log x, m1 + m2, mu_1 . mu_2/R^2, log v), equal weights.

parameters = [R, h, rule of the variance, sign of m1 - m2, log v at the start, what is sought]
averages   = (psi for all variances, see averages.variance_tables; overlap and scale of its panels)
regions    = (|h|, basins, band): trapping sides (side, a, T) as `sphere_pair` makes them, shape (sides, 3), for
             variances whose logarithm is at most `band` in size
"""

import math

from anneal_theory._compiled import kernel
from anneal_theory.averages.table_kernels import mmse_at, mmse_slope_at
from anneal_theory.averages.variance_table_kernels import pair_means, pair_radius_slopes, pair_slopes
from anneal_theory.formulas import growth_rate, sphere_flow
from anneal_theory.models.free_pair_run_kernels import EPSILON
from anneal_theory.models.run_kernels import collapsed_or_split, compiled_evolve, compiled_searches
from anneal_theory.models.separatrix_kernels import ABOVE, BELOW
from anneal_theory.models.verdicts import HEAVY, LIGHT, REVERSED, SPLIT, UNDECIDED

ALIGNMENT, BALANCE = 0.0, 1.0  # what is sought: the threshold in log rho, or that in y of pairs across the axis
ACROSS = -1e8  # log rho of these
LEAST = 1e-290
FIXED, TRAINED, FOLLOWS = 0.0, 1.0, 2.0  # rules of the variance: it stays 1, is trained, is the temperature

_merged = kernel(error_model="numpy", fastmath={"contract"}, inline="always")
_inlined = kernel(error_model="numpy", fastmath={"contract"}, forceinline=True)
_compiled = kernel(error_model="numpy", fastmath={"contract"})

_overlaps = _compiled(sphere_flow.sphere_overlaps)
_start = _compiled(sphere_flow.sphere_start)
_flow = _merged(sphere_flow.sphere_pair_flow)
_jacobian = _compiled(sphere_flow.sphere_pair_jacobian)
_by_temperature = _compiled(sphere_flow.sphere_pair_flow_by_temperature)
_by_log_variance = _compiled(sphere_flow.sphere_pair_flow_by_log_variance)
_log_variance_flow = _compiled(sphere_flow.log_variance_flow)
_growth, _widening = _merged(growth_rate.growth_of_quotient), _merged(sphere_flow.widening_of)
_label_width, _scaled_distance = _merged(sphere_flow.label_width), _merged(sphere_flow.scaled_distance)


@_merged
def _place(y, temperature, parameters):
    """(x with its sign, m1, m2, D, v) of a state; rounding may put the cosine of a pair a little beyond 1."""
    x = parameters[3] * math.exp(y[0])
    m1, m2, distance = _overlaps(x, y[1], min(y[2], 1.0), parameters[0])
    return x, m1, m2, distance, temperature if parameters[2] == FOLLOWS else math.exp(y[3])


@_inlined
def rates(y, temperature, parameters, averages, out):
    """Rates of (log x, M, c, log v) per unit of the clock."""
    x, m1, m2, distance, variance = _place(y, temperature, parameters)
    radius = _label_width(parameters[0], variance)
    psi_1, psi_2, quotient = pair_means(m1 + parameters[1], m2 + parameters[1], math.log(radius), averages[0])
    out[0], out[1], out[2] = _flow(
        difference_cosine=x, overlap_sum=y[1], pair_cosine=y[2], separation=parameters[0], variance=variance,
        temperature=temperature, psi_1=psi_1, psi_2=psi_2,
        overlap=mmse_at(_scaled_distance(distance, variance), averages[1], averages[2]),
        slope=_growth(parameters[0], quotient),
    )  # fmt: skip
    out[3] = _log_variance_flow(variance, temperature)[0] if parameters[2] == TRAINED else 0.0


@_inlined
def jacobian(y, temperature, parameters, averages, matrix, by_temperature):
    """Derivatives of `rates` in y, and in the temperature."""
    x, m1, m2, distance, variance = _place(y, temperature, parameters)
    a1, a2, log_radius = m1 + parameters[1], m2 + parameters[1], math.log(_label_width(parameters[0], variance))
    overlap, overlap_prime = mmse_slope_at(_scaled_distance(distance, variance), averages[1], averages[2])
    psi_1, psi_2, prime_1, prime_2, quotient, quotient_1, quotient_2 = pair_slopes(a1, a2, log_radius, averages[0])
    radius = parameters[0]
    (row_0, row_1, row_2) = _jacobian(
        difference_cosine=x, overlap_sum=y[1], pair_cosine=y[2], separation=parameters[0], variance=variance,
        temperature=temperature, psi_1=psi_1, psi_2=psi_2, psi_prime_1=prime_1, psi_prime_2=prime_2, overlap=overlap,
        overlap_prime=overlap_prime, slope=_growth(radius, quotient), slope_1=_growth(radius, quotient_1),
        slope_2=_growth(radius, quotient_2),
    )  # fmt: skip
    for k in range(3):
        matrix[0, k], matrix[1, k], matrix[2, k], matrix[3, k] = row_0[k], row_1[k], row_2[k], 0.0
    by_temperature[0], by_temperature[1], by_temperature[2] = _by_temperature(
        overlap_sum=y[1], pair_cosine=y[2], variance=variance, overlap=overlap
    )
    by_radius = pair_radius_slopes(a1, a2, log_radius, averages[0])
    widened = _by_log_variance(
        difference_cosine=x, overlap_sum=y[1], pair_cosine=y[2], separation=parameters[0], variance=variance,
        temperature=temperature, overlap=overlap, overlap_prime=overlap_prime,
        widening_1=_widening(by_radius[0]), widening_2=_widening(by_radius[1]),
        slope_widening=_widening(_growth(radius, by_radius[2])),
    )  # fmt: skip
    moves = parameters[2] == TRAINED
    _, own, heating = _log_variance_flow(variance, temperature)
    matrix[3, 3], by_temperature[3] = (own, heating) if moves else (0.0, 0.0)
    for k in range(3):
        matrix[k, 3] = widened[k] if moves else 0.0
        if parameters[2] == FOLLOWS:
            by_temperature[k] += widened[k] / temperature


@kernel()
def error_scales(y, new, tol, parameters, regions, out):
    """Logarithms to an absolute error as far as doubles hold it, m1 + m2 to one in units of itself and of the bias: it
    begins there and is amplified from there, however far apart the modes are. Means that start together part by what
    1 - c is, and those that heat has driven to opposite points come back by what 1 + c is."""
    out[0], out[2] = tol + EPSILON * abs(y[0]), tol * max(1.0 - abs(y[2]), 0.0) + EPSILON
    out[1] = tol * (abs(y[1]) + max(min(abs(parameters[1]), 1.0), LEAST))
    out[3] = tol + EPSILON * abs(y[3])


@kernel()
def trapped(low, high, ceiling, basins):
    """The mode whose trapping side both overlaps are on, at temperatures up to the ceiling."""
    for i in range(basins.shape[0]):
        if ceiling <= basins[i, 2]:
            if basins[i, 0] > 0.0 and low >= basins[i, 1]:
                return HEAVY
            if basins[i, 0] < 0.0 and high <= basins[i, 1]:
                return LIGHT
    return UNDECIDED


@kernel()
def fate(y, ceiling, settled, parameters, regions):
    """The verdict of a state: `sphere_pair` says why it is certain."""
    _, m1, m2, _, variance = _place(y, 1.0, parameters)
    low, high = min(m1, m2), max(m1, m2)
    edge, basins, band = regions
    if low <= -edge and high >= edge and low < high:
        return SPLIT if m1 > m2 else REVERSED
    if parameters[2] != FIXED and not (settled and abs(math.log(variance)) <= band):
        return UNDECIDED
    return trapped(low, high, ceiling, basins)


@kernel()
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


@kernel()
def side_of(end, parameters):
    """Which side of the threshold a verdict tells of: in log rho, or between the modes, in y."""
    if parameters[5] == BALANCE and end in (HEAVY, LIGHT):
        return ABOVE if end == HEAVY else BELOW
    return collapsed_or_split(end, parameters)


evolve = compiled_evolve("sphere_pair", 4, rates, jacobian, error_scales, fate, overlaps)
searches = compiled_searches("sphere_pair", evolve, start_state, 4, side_of)
