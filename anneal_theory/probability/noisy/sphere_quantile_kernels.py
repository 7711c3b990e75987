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
from anneal_theory.formulas import component_noise, gradient_noise
from anneal_theory.models.sphere_pair_kernels import FOLLOWS, TRAINED, trapped
from anneal_theory.models.verdicts import REVERSED, SPLIT, UNDECIDED
from anneal_theory.probability.noisy.means_noise_kernels import (
    averaged,
    by_signs,
    covariances,
    mean_move,
    project,
    variance_after,
)
from anneal_theory.probability.noisy.quantile_search_kernels import compiled_quantiles

_compiled = kernel(error_model="numpy")
_tangent, _after = _compiled(component_noise.tangent_noise), _compiled(component_noise.after_projection)
_sum_slope = _compiled(component_noise.sum_slope)
_spread_after = _compiled(gradient_noise.spread_after)


@kernel(error_model="numpy")
def set_pair(y, x, total, cosine, radius):
    """Set means of this cosine to the cosine x of their difference with the axis and to this c1 + c2."""
    cosine = min(max(cosine, -1.0 + 1e-15), 1.0 - 1e-15)
    gap = radius * math.sqrt(2.0 - 2.0 * cosine)
    most = radius * math.sqrt(2.0 + 2.0 * cosine) * (1.0 - 1e-12)
    total = min(max(total, -most), most)
    x = min(x, math.sqrt(1.0 - (total / most) ** 2 * (1.0 - 1e-12)))
    y[0], y[1] = 0.5 * (total + x * gap), 0.5 * (total - x * gap)
    y[2], y[4] = max(radius * radius - y[0] * y[0], 0.0), max(radius * radius - y[1] * y[1], 0.0)
    y[3] = radius * radius * cosine - y[0] * y[1]


@kernel(error_model="numpy")
def read(table, log_zeta):
    """log(x/zeta) of a start, by linear interpolation; constant below the table."""
    values, lowest, scale = table
    place = min(max((log_zeta - lowest) * scale, 0.0), values.size - 1.000001)
    i = int(place)
    return values[i] + (place - i) * (values[i + 1] - values[i])


@kernel(error_model="numpy")
def cosines(y, radius):
    """(cosine of the difference with the axis, c1 + c2, cosine of the pair, distance) of a state."""
    cosine = (y[3] + y[0] * y[1]) / (radius * radius)
    gap = radius * math.sqrt(max(2.0 - 2.0 * cosine, 1e-30))
    return (y[0] - y[1]) / gap, y[0] + y[1], cosine, gap


@kernel(error_model="numpy")
def noise_seen(y, scale, model, plane, across):
    """Variances that a move adds to e.Delta and to e.Sigma, and those of Delta and Sigma in a direction across."""
    _, total, cosine, _ = cosines(y, model[0])
    gap_across = scale * max(across[0, 0] + across[1, 1] - 2.0 * across[0, 1], 0.0)
    sum_across = scale * max(across[0, 0] + across[1, 1] + 2.0 * across[0, 1], 0.0)
    along, mixed = plane[0, 0] + plane[2, 2], 2.0 * plane[0, 2]
    aside, between = plane[1, 1] + plane[3, 3], 2.0 * plane[1, 3]
    of_gap, of_sum = _tangent(
        pair_cosine=cosine, across_variance=gap_across, sum_variance=sum_across, axis_cosine=0.5 * total / model[0],
        gap_noise_along=scale * (along - mixed), gap_noise_aside=scale * (aside - between),
        sum_noise_along=scale * (along + mixed), sum_noise_aside=scale * (aside + between),
    )  # fmt: skip
    return max(of_gap, 0.0), max(of_sum, 0.0), gap_across, sum_across


@kernel(error_model="numpy")
def quantile_move(y, spreads, quantiles, temperature, time, noise, count, problem, work):
    """A move of y, with spreads = (S of x, S of c1 + c2) and quantiles = (zeta, that of c1 + c2)."""
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
        overlap_sum=radius * total, pair_cosine=cosine, separation=radius, variance=y[5], temperature=temperature,
        label_mean=0.5 * (label[0, 0] + label[1, 0]), label_slope=0.5 * (label[0, 1] + label[1, 1]),
        overlap=0.5 * powers[0, 0],
    )  # fmt: skip
    variance = variance_after(y, model[7], beta, time, distance, model, means) if model[6] == TRAINED else y[5]
    mean_move(y, beta, time, model, means)
    places = means[0]
    y[0], y[1], y[5] = places[0, 0], places[1, 0], variance
    y[2] = places[0, 1] ** 2 + places[0, 2] ** 2
    y[3] = places[0, 1] * places[1, 1] + places[0, 2] * places[1, 2]
    y[4] = places[1, 1] ** 2 + places[1, 2] ** 2
    project(y, radius)
    moved, total, cosine, _ = cosines(y, radius)
    cosine, turned, shrunk = _after(
        pair_cosine=cosine, separation=radius, across_variance=gap_across, sum_variance=sum_across, directions=dim - 1.0
    )
    wide = of_gap / (radius * radius * max(2.0 - 2.0 * cosine, 1e-30))
    factor = moved / x * turned
    spreads[0] = math.sqrt(_spread_after(spread_square=spreads[0] ** 2, growth_factor=factor, noise_variance=wide))
    kept = abs(growth) * shrunk * spreads[1]
    spreads[1] = math.sqrt(_spread_after(spread_square=kept * kept, growth_factor=1.0, noise_variance=of_sum))
    set_pair(y, quantiles[0] * spreads[0], shrunk * total + quantiles[1] * (spreads[1] - kept), cosine, radius)


@kernel(error_model="numpy")
def certain(y, ceiling, model, regions):
    """What `models.sphere_pair` knows of a pair whose temperature never again exceeds `ceiling`."""
    m1, m2, edge = model[0] * y[0], model[0] * y[1], abs(model[1])
    low, high = min(m1, m2), max(m1, m2)
    if low <= -edge and high >= edge and low < high:
        return SPLIT if m1 > m2 else REVERSED
    return trapped(low, high, ceiling, regions[3]) if abs(math.log(y[5])) <= regions[4] else UNDECIDED


@kernel(error_model="numpy")
def run_of_start(start, zeta, problem, noise, plan, work):
    """(verdict, moves) at quantiles of x and of m1 + m2."""
    model, regions = problem[0], problem[2]
    temperatures, ceilings, times, count = plan
    y, spreads = np.empty(6), np.empty(2)
    room = (np.empty((2, 3)), np.empty((2, 2)), np.empty((2, 4))), np.empty((4, 4)), np.empty((2, 2))
    turn = math.sqrt(1.0 - start[2] ** 2)
    spreads[0] = turn * math.exp(read(problem[3], math.log(zeta)))
    stretch = model[0] * math.sqrt(2.0 + 2.0 * start[3])
    spreads[1], y[5] = stretch * start[1], start[4]
    set_pair(y, zeta * spreads[0], stretch * start[2], start[3], model[0])
    for i in range(temperatures.shape[0]):
        end = certain(y, ceilings[i], model, regions)
        if end != UNDECIDED:
            return end, i
        quantile_move(y, spreads, (zeta, start[0]), temperatures[i], times[i], noise, count, problem, room)
    return by_signs(y, model), temperatures.shape[0]


critical_quantiles = compiled_quantiles("sphere_pair", run_of_start)
