"""Compiled training of a pair of equal weights with the noise of its gradient, in (s, delta, |Delta_perp|).

A step of training moves the statistics by the mean gradient and by noise of the derived covariance; so does one here,
exactly as long, or several at once where they are short. The noise is Gaussian (a mean over a batch).

problem = (parameters, averages, regions) of `models.free_pair`, with the parameters' R, h and w1 = 1/2
noise   = (dim, batch, score): samples of each component in a step; 1 for plain gradients, 0 for those of the path
plan    = (temperatures, ceilings, times, count): of each move, the highest from it on, its time of gradient flow times
          the mobility, and the steps of training in it
"""

import math

import numpy as np

from anneal_theory._compiled import kernel
from anneal_theory.averages.table_kernels import mmse_slope_at, psi_at, psi_prime_at
from anneal_theory.formulas import alignment, gradient_noise, pair_coordinates, sphere_flow
from anneal_theory.models.free_pair_kernels import growth_at
from anneal_theory.models.free_pair_run_kernels import at_rest, certain_end
from anneal_theory.models.verdicts import HEAVY, LIGHT, REVERSED, SPLIT, UNDECIDED
from anneal_theory.probability.noisy.quantile_search_kernels import compiled_quantiles

LEAST_DIM = 3.0  # of the logarithm's drift: in the plane one direction across goes through 0, which has no logarithm
CLEAR = 0.5  # separations that overlaps have to be from the unstable zero, so that noise turns no split pair back
COLD = 1e-6  # above T = 1, from where a run may be at rest
_TINY = 1e-150

_compiled = kernel(error_model="numpy")
_noise_across, _noise_in_plane = _compiled(gradient_noise.noise_across), _compiled(gradient_noise.noise_in_plane)
_spread_after, _typical_length = _compiled(gradient_noise.spread_after), _compiled(gradient_noise.typical_length)
_reduced_flow, _clock_pace = _compiled(alignment.reduced_flow), _compiled(alignment.clock_pace)
_overlaps, _distance = _compiled(pair_coordinates.centre_overlaps), _compiled(pair_coordinates.distance_of)
_argument = _compiled(sphere_flow.overlap_argument)


@kernel(error_model="numpy")
def clock_of(time, temperature):
    """The clock that a time of the tempered flow makes, the metric's mobility in it."""
    return _clock_pace(family_weight=0.5, attraction=time / temperature, mobility_1=1.0)


@kernel(error_model="numpy")
def overlap_and_bend(distance, tables):
    """(G, its derivative in X = D^2/4)."""
    overlap, overlap_prime = mmse_slope_at(distance, tables[3], tables[4])
    return overlap, overlap_prime / _argument(distance, 1.0)[1]


@kernel(error_model="numpy")
def drifted(y, temperature, time, model, tables, out):
    """The statistics after a move along the mean gradient."""
    m1, m2 = _overlaps(delta=y[1], centre=y[0])
    psi_1, psi_2 = psi_at(m1 + model[1], tables[0], tables[2]), psi_at(m2 + model[1], tables[0], tables[2])
    overlap, bend = overlap_and_bend(max(_distance(y[1], y[2], model[0]), _TINY), tables)
    flow = _reduced_flow(
        s=y[0], delta=y[1], perp=y[2], separation=model[0], family_weight=0.5, temperature=temperature, psi_1=psi_1,
        psi_2=psi_2, overlap=overlap, slope=growth_at(m1, m2, psi_1, psi_2, model, tables),
    )  # fmt: skip
    clock = clock_of(time, temperature)
    for k in range(3):
        out[k] = y[k] + clock * flow[k]
    return psi_1, psi_2, overlap, bend


@kernel(error_model="numpy")
def plane_noise(y, temperature, score, values, model, tables):
    """(ss, sd, sp, dd, dp, pp) of one sample of each component."""
    psi_1, psi_2, overlap, in_square = values
    m1, m2 = _overlaps(delta=y[1], centre=y[0])
    return _noise_in_plane(
        delta=y[1], perp=y[2], separation=model[0], beta=1.0 / temperature, score=score, psi_1=psi_1, psi_2=psi_2,
        psi_prime_1=psi_prime_at(m1 + model[1], tables[1], tables[2]),
        psi_prime_2=psi_prime_at(m2 + model[1], tables[1], tables[2]), overlap=overlap, overlap_in_square=in_square,
    )  # fmt: skip


@kernel(error_model="numpy")
def verdict(y, ceiling, noisy, model, regions):
    """What is certain of a pair whose temperature never again exceeds `ceiling`."""
    m1, m2 = _overlaps(delta=y[1], centre=y[0])
    end = certain_end(m1, m2, _distance(y[1], y[2], model[0]), ceiling, regions)
    if noisy and (end in (SPLIT, REVERSED)) and min(abs(m1 - regions[0]), abs(m2 - regions[0])) < CLEAR * model[0]:
        return UNDECIDED
    if end == UNDECIDED and ceiling < 1.0 + COLD:
        return at_rest(max(m1, m2), min(m1, m2), model[0] * y[2], regions)
    return end


@kernel(error_model="numpy")
def by_signs(y):
    """The verdict of training: whether both overlaps have one sign."""
    m1, m2 = _overlaps(delta=y[1], centre=y[0])
    if m1 > 0 and m2 > 0:
        return HEAVY
    return LIGHT if m1 < 0 and m2 < 0 else SPLIT


@kernel(error_model="numpy", nogil=True)
def noisy_run(rng, y, problem, noise, plan, quiet_from):
    """Train y in place with noise; (verdict, moves made). A run may end early from the move `quiet_from` on."""
    model, tables, regions = problem
    dim, batch, score = noise
    temperatures, ceilings, times, count = plan
    new = np.empty(3)
    for i in range(temperatures.shape[0]):
        if i >= quiet_from:
            end = verdict(y, ceilings[i], True, model, regions)
            if end != UNDECIDED:
                return end, i
        temperature, time = temperatures[i], times[i]
        values = drifted(y, temperature, time, model, tables, new)
        ss, sd, sp, dd, dp, pp = plane_noise(y, temperature, score, values, model, tables)
        across = _noise_across(beta=1.0 / temperature, score=score, overlap=values[2])
        scale = time / math.sqrt(batch * count)  # of `count` steps of time/count each
        first = math.sqrt(max(dd, 0.0))  # Cholesky's factor of delta, s, |Delta_perp|, in this order
        by_s, by_p = (sd / first, dp / first) if first > 0.0 else (0.0, 0.0)
        second = math.sqrt(max(ss - by_s * by_s, 0.0))
        mixed = (sp - by_s * by_p) / second if second > 0.0 else 0.0
        third = math.sqrt(max(pp - by_p * by_p - mixed * mixed, 0.0))
        z1, z2, z3 = rng.standard_normal(), rng.standard_normal(), rng.standard_normal()
        y[0] = new[0] + scale * (by_s * z1 + second * z2)
        y[1] = new[1] + scale * first * z1
        own = new[2] + scale * (by_p * z1 + mixed * z2 + third * z3)
        others = 2.0 * rng.standard_gamma(0.5 * (dim - 2)) if dim > 2 else 0.0
        y[2] = math.sqrt(own * own + scale * scale * max(across, 0.0) * others)
    return by_signs(y), temperatures.shape[0]


@kernel(error_model="numpy")
def quantile_move(y, quantiles, temperature, time, noise, count, model, tables, state, new):
    """A move of y = (s, S, log |Delta_perp|, its deviation); the statistics are those at the quantiles."""
    dim, batch, score = noise
    values = drifted(state, temperature, time, model, tables, new)
    scale = time * time / (batch * count)
    across = scale * max(_noise_across(beta=1.0 / temperature, score=score, overlap=values[2]), 0.0)
    wide = scale * max(plane_noise(state, temperature, score, values, model, tables)[3], 0.0)
    y[1] = math.sqrt(_spread_after(spread_square=y[1] * y[1], growth_factor=new[1] / state[1], noise_variance=wide))
    square, share, added = _typical_length(
        across_square=max(new[2] * new[2], _TINY), dim=max(dim, LEAST_DIM), across_variance=across
    )
    kept = y[3] * share
    y[0], y[3] = new[0], math.sqrt(kept * kept + added)
    y[2] = 0.5 * math.log(square) + quantiles[1] * (y[3] - kept)


@kernel(error_model="numpy")
def run_of_start(start, zeta, problem, noise, plan, work):
    """(verdict, moves) at quantiles of delta and |Delta_perp| of (s, S, log |Delta_perp|, its deviation, quantile)."""
    model, tables, regions = problem
    temperatures, ceilings, times, count = plan
    y, state, new, moves = work[0], work[1], work[2], temperatures.shape[0]
    y[:4] = start[:4]
    for i in range(moves + 1):
        state[0], state[1], state[2] = y[0], zeta * y[1], math.exp(y[2])
        if i == moves:
            break
        end = verdict(state, ceilings[i], False, model, regions)
        if end != UNDECIDED:
            return end, i
        quantile_move(y, (zeta, start[4]), temperatures[i], times[i], noise, count, model, tables, state, new)
    return by_signs(state), moves


critical_quantiles = compiled_quantiles("free_pair", run_of_start)
