"""Compiled rates of a pair on the sphere whose difference lies across the axis, and of its response to a small x.

y = (log growth of x, m1 + m2, mu_1 . mu_2/R^2, log v, response of m1 + m2, that of the cosine, saturation)
parameters and averages are those of `models.sphere_pair_kernels`.
"""

import math

from anneal_theory._compiled import kernel
from anneal_theory.averages.table_kernels import mmse_slope_at
from anneal_theory.averages.variance_table_kernels import pair_radius_slopes, pair_slopes
from anneal_theory.formulas import growth_rate, sphere_flow, sphere_slow
from anneal_theory.models.sphere_pair_kernels import FOLLOWS, TRAINED

CLOSEST = 1.0 - 1e-13  # cosine of a pair at rest at a mode, beyond which 1 - c has no digits

_compiled = kernel(error_model="numpy")
_overlaps = _compiled(sphere_flow.sphere_overlaps)
_rates = _compiled(sphere_slow.sphere_background_rates)
_log_variance_flow = _compiled(sphere_flow.log_variance_flow)
_label_width, _scaled_distance = _compiled(sphere_flow.label_width), _compiled(sphere_flow.scaled_distance)
_widening, _growth = _compiled(sphere_flow.widening_of), _compiled(growth_rate.growth_of_quotient)


@kernel()
def background_rates(y, temperature, parameters, averages, out):
    """Rates of y per unit of the clock."""
    separation, cosine = parameters[0], min(y[2], CLOSEST)
    variance = temperature if parameters[2] == FOLLOWS else math.exp(y[3])
    m, _, distance = _overlaps(0.0, y[1], cosine, separation)
    log_radius = math.log(_label_width(separation, variance))
    argument = m + parameters[1]
    psi, _, prime, _, _, _, _ = pair_slopes(argument, argument, log_radius, averages[0])
    widened, _, widened_slope = pair_radius_slopes(argument, argument, log_radius, averages[0])
    overlap, overlap_prime = mmse_slope_at(_scaled_distance(distance, variance), averages[1], averages[2])
    out[0], out[1], out[2], out[4], out[5], out[6] = _rates(
        overlap_sum=y[1], pair_cosine=cosine, separation=separation, variance=variance, temperature=temperature,
        psi_1=psi, psi_prime_1=prime, widening_1=_widening(widened),
        slope_widening=_widening(_growth(separation, widened_slope)), overlap=overlap, overlap_prime=overlap_prime,
        sum_response=y[4], cosine_response=y[5], saturation=y[6],
    )  # fmt: skip
    out[3] = _log_variance_flow(variance, temperature)[0] if parameters[2] == TRAINED else 0.0
