"""Compiled runs at quantiles of a pair on the sphere, equal weights: x = zeta S, and m1 + m2 at a quantile of its own.

A run follows the mean gradient of training, step by step and back onto the sphere. Noise widens the law of x, the
cosine of mu_1 - mu_2 with the axis, and that of m1 + m2 about the drift; in the many directions across it turns the
pair.

start   = (quantile of y, slope of y in it, y, c, v)
problem = (model, averages, regions) of `means_noise_kernels`, then log(u/zeta) against log zeta, u the cosine of a
          start's Delta with the axis' part across Sigma: values, the first of their places, one over their spacing
"""

import math

import numpy as np

from anneal_theory._compiled import kernel
from anneal_theory.formulas import component_noise, gradient_noise, pair_coordinates, sphere_flow
from anneal_theory.models.sphere_pair_kernels import FOLLOWS, TRAINED
from anneal_theory.models.verdicts import UNDECIDED
from anneal_theory.probability.noisy.means_noise_kernels import (
    averaged,
    by_signs,
    covariances,
    mean_move,
    sphere_verdict,
    variance_after,
)
from anneal_theory.probability.noisy.means_state_kernels import cosines, distance_at, gather, project, set_pair
from anneal_theory.probability.noisy.quantile_search_kernels import compiled_quantiles

_compiled = kernel(error_model="numpy")
_tangent, _after = _compiled(component_noise.tangent_noise), _compiled(component_noise.after_projection)
_sum_slope = _compiled(component_noise.sum_slope)
_overlap_of_share = _compiled(component_noise.overlap_of_share)
_spread_after = _compiled(gradient_noise.spread_after)
_of_difference, _of_sum = _compiled(pair_coordinates.distance_squared), _compiled(pair_coordinates.sum_squared)
_sum_of_overlaps, _turned_cosine = _compiled(sphere_flow.sum_of_overlaps), _compiled(sphere_flow.turned_cosine)


@kernel(error_model="numpy")
def read(table, log_zeta):
    """log(x/zeta) of a start, by linear interpolation; constant below the table."""
    values, lowest, scale = table
    place = min(max((log_zeta - lowest) * scale, 0.0), values.size - 1.000001)
    i = int(place)
    return values[i] + (place - i) * (values[i + 1] - values[i])


@kernel(error_model="numpy")
def noise_seen(y, scale, model, plane, across):
    """Variances that a move adds to e.Delta and to e.Sigma, and those of Delta and Sigma in a direction across."""
    cosine = cosines(y, model[0])[2]
    gap_across = scale * max(_of_difference(across[0, 0], across[0, 1], across[1, 1]), 0.0)
    sum_across = scale * max(_of_sum(across[0, 0], across[0, 1], across[1, 1]), 0.0)
    along, aside = (plane[0, 0], plane[0, 2], plane[2, 2]), (plane[1, 1], plane[1, 3], plane[3, 3])
    of_gap, of_sum = _tangent(
        pair_cosine=cosine, across_variance=gap_across, sum_variance=sum_across,
        axis_cosine=0.5 * (y[0] + y[1]) / model[0], gap_noise_along=scale * _of_difference(*along),
        gap_noise_aside=scale * _of_difference(*aside), sum_noise_along=scale * _of_sum(*along),
        sum_noise_aside=scale * _of_sum(*aside),
    )  # fmt: skip
    return max(of_gap, 0.0), max(of_sum, 0.0), gap_across, sum_across


@kernel(error_model="numpy")
def quantile_move(y, spreads, quantiles, temperature, time, noise, count, problem, work):
    """A move of y, with spreads = (S of x, S of m1 + m2) and quantiles = (zeta, that of m1 + m2)."""
    model, averages = problem[0], problem[1]
    dim, batch, score = noise
    means, plane, across = work
    radius, beta = model[0], 1.0 / temperature
    if model[6] == FOLLOWS:
        y[5] = temperature
    distance = averaged(y, model, averages, means)
    covariances(y, beta, score, model, means, plane, across)
    scale = time * time / (batch * count)
    of_gap, of_sum, gap_across, sum_across = noise_seen(y, scale, model, plane, across)
    x, total, cosine, _ = cosines(y, radius)
    label, powers = means[1], means[2]
    growth = 1.0 + time * beta * _sum_slope(
        overlap_sum=total, pair_cosine=cosine, separation=radius, variance=y[5], temperature=temperature,
        label_mean=0.5 * (label[0, 0] + label[1, 0]), label_slope=0.5 * (label[0, 1] + label[1, 1]),
        overlap=_overlap_of_share(model[2], powers[0, 0]),
    )  # fmt: skip
    variance = variance_after(y, model[7], beta, time, distance, model, means) if model[6] == TRAINED else y[5]
    mean_move(y, beta, time, model, means)
    gather(means[0], y)
    y[5] = variance
    project(y, radius)
    moved, total, cosine, _ = cosines(y, radius)
    cosine, turned, shrunk = _after(
        pair_cosine=cosine, separation=radius, across_variance=gap_across, sum_variance=sum_across, directions=dim - 1.0
    )
    wide, factor = of_gap / distance_at(cosine, radius) ** 2, moved / x * turned
    spreads[0] = math.sqrt(_spread_after(spread_square=spreads[0] ** 2, growth_factor=factor, noise_variance=wide))
    kept, of_sum = abs(growth) * shrunk * spreads[1], radius * radius * of_sum
    spreads[1] = math.sqrt(_spread_after(spread_square=kept * kept, growth_factor=1.0, noise_variance=of_sum))
    set_pair(y, quantiles[0] * spreads[0], shrunk * total + quantiles[1] * (spreads[1] - kept), cosine, radius)


@kernel(error_model="numpy")
def run_of_start(start, zeta, problem, noise, plan, work):
    """(verdict, moves) at quantiles of x and of m1 + m2."""
    model, regions = problem[0], problem[2]
    temperatures, ceilings, times, count = plan
    y, spreads = np.empty(6), np.empty(2)
    room = (np.empty((2, 3)), np.empty((2, 2)), np.empty((2, 4))), np.empty((4, 4)), np.empty((2, 2))
    spreads[0] = _turned_cosine(math.exp(read(problem[3], math.log(zeta))), start[2])
    spreads[1], y[5] = _sum_of_overlaps(start[1], start[3], model[0]), start[4]
    set_pair(y, zeta * spreads[0], _sum_of_overlaps(start[2], start[3], model[0]), start[3], model[0])
    for i in range(temperatures.shape[0]):
        end = sphere_verdict(y, ceilings[i], 0.0, model, regions)
        if end != UNDECIDED:
            return end, i
        quantile_move(y, spreads, (zeta, start[0]), temperatures[i], times[i], noise, count, problem, room)
    return by_signs(y, model), temperatures.shape[0]


critical_quantiles = compiled_quantiles("sphere_pair", run_of_start)
