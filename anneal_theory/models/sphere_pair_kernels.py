"""Compiled runs of a pair on the sphere with a fixed variance, y = (log x, m1 + m2, mu_1 . mu_2/R^2), equal weights.

parameters = [R, h, v, sign of m1 - m2]; averages = (psi, psi', scale of their panels, overlap, scale of its panels)
regions    = (|h|, basins): trapping sides (side, a, T) as `sphere_pair` makes them, shape (sides, 3)
"""

import math

from anneal_theory._compiled import kernel
from anneal_theory.averages.table_kernels import mmse_at, mmse_slope_at, psi_at, psi_prime_at
from anneal_theory.formulas import sphere_flow
from anneal_theory.models.free_pair_kernels import growth_and_slopes, growth_at
from anneal_theory.models.free_pair_run_kernels import EPSILON
from anneal_theory.models.run_kernels import compiled_runs
from anneal_theory.models.verdicts import HEAVY, LIGHT, REVERSED, SPLIT, UNDECIDED

_merged = kernel(error_model="numpy", inline="always")
_inlined = kernel(error_model="numpy", forceinline=True)
_compiled = kernel(error_model="numpy")

_overlaps = _compiled(sphere_flow.sphere_overlaps)
_flow = _merged(sphere_flow.sphere_pair_flow)
_jacobian = _compiled(sphere_flow.sphere_pair_jacobian)
_by_temperature = _compiled(sphere_flow.sphere_pair_flow_by_temperature)


@_merged
def _place(y, parameters):
    """(x with its sign, m1, m2, D) of a state; rounding may put the cosine of a pair a little beyond 1."""
    x = parameters[3] * math.exp(y[0])
    m1, m2, distance = _overlaps(x, y[1], min(y[2], 1.0), parameters[0])
    return x, m1, m2, distance


@_inlined
def rates(y, temperature, parameters, averages, out):
    """Rates of (log x, M, c) per unit of the clock."""
    x, m1, m2, distance = _place(y, parameters)
    psi_1 = psi_at(m1 + parameters[1], averages[0], averages[2])
    psi_2 = psi_at(m2 + parameters[1], averages[0], averages[2])
    out[0], out[1], out[2] = _flow(
        difference_cosine=x, overlap_sum=y[1], pair_cosine=y[2], separation=parameters[0], variance=parameters[2],
        temperature=temperature, psi_1=psi_1, psi_2=psi_2,
        overlap=mmse_at(distance / math.sqrt(parameters[2]), averages[3], averages[4]),
        slope=growth_at(m1, m2, psi_1, psi_2, parameters, averages),
    )  # fmt: skip


@_inlined
def jacobian(y, temperature, parameters, averages, matrix, by_temperature):
    """Derivatives of `rates` in y, and in the temperature."""
    x, m1, m2, distance = _place(y, parameters)
    a1, a2 = m1 + parameters[1], m2 + parameters[1]
    overlap, overlap_prime = mmse_slope_at(distance / math.sqrt(parameters[2]), averages[3], averages[4])
    psi_1, psi_2 = psi_at(a1, averages[0], averages[2]), psi_at(a2, averages[0], averages[2])
    prime_1, prime_2 = psi_prime_at(a1, averages[1], averages[2]), psi_prime_at(a2, averages[1], averages[2])
    slope, slope_1, slope_2 = growth_and_slopes(m1, m2, psi_1, psi_2, prime_1, prime_2, parameters, averages)
    matrix[0], matrix[1], matrix[2] = _jacobian(
        difference_cosine=x, overlap_sum=y[1], pair_cosine=y[2], separation=parameters[0], variance=parameters[2],
        temperature=temperature, psi_1=psi_1, psi_2=psi_2, psi_prime_1=prime_1, psi_prime_2=prime_2, overlap=overlap,
        overlap_prime=overlap_prime, slope=slope, slope_1=slope_1, slope_2=slope_2,
    )  # fmt: skip
    by_temperature[0], by_temperature[1], by_temperature[2] = _by_temperature(
        overlap_sum=y[1], pair_cosine=y[2], variance=parameters[2], overlap=overlap
    )


@kernel()
def error_scales(y, new, tol, parameters, regions, out):
    """A logarithm to an absolute error as far as doubles hold it, overlaps to one in units of R^2, a cosine to one."""
    out[0], out[2] = tol + EPSILON * abs(y[0]), tol
    out[1] = tol * (1.0 + parameters[0] ** 2)


@kernel()
def fate(y, ceiling, settled, parameters, regions):
    """The verdict of a state: `sphere_pair` says why it is certain."""
    _, m1, m2, _ = _place(y, parameters)
    low, high = min(m1, m2), max(m1, m2)
    edge, basins = regions
    if low <= -edge and high >= edge and low < high:
        return SPLIT if m1 > m2 else REVERSED
    for i in range(basins.shape[0]):
        if ceiling <= basins[i, 2]:
            if basins[i, 0] > 0.0 and low >= basins[i, 1]:
                return HEAVY
            if basins[i, 0] < 0.0 and high <= basins[i, 1]:
                return LIGHT
    return UNDECIDED


evolve, outcomes = compiled_runs("sphere_pair", rates, jacobian, error_scales, fate)
