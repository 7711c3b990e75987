"""Compiled critical runs of a pair on the sphere, and how far noise along them moves the threshold, to first order.

A critical run y = (log x, m1 + m2, cosine c, log v) starts on the separatrix. Its covector p, the gradient of the
distance from the separatrix, obeys the transposed linear flow backwards from where the run leaves it. The slope r of
the start's y in the later m1 + m2, at a given c, obeys it forwards (`derivations.sphere_noise`). It is that of one run
for all y of a start's c: what the slopes of a law at several y differ by is as much in the determinant that they carry.

grid    = (times, temperatures, paces): times of the nodes; temperatures at the begin, middle and end of each step; the
          time of tempered flow that a unit of time makes there, alike. Steps go in pairs, no kink inside a pair.
flow    = (parameters, averages, regions) of `models.sphere_pair`
noise   = (dim, score), then (model, averages) of `means_noise_kernels`
"""

import math

import numpy as np

from anneal_theory._compiled import kernel
from anneal_theory.formulas import sphere_noise
from anneal_theory.models.sphere_pair_kernels import FOLLOWS, fate, jacobian, rates, start_state
from anneal_theory.models.verdicts import UNDECIDED
from anneal_theory.probability.noisy.means_noise_kernels import averaged, covariances
from anneal_theory.probability.noisy.sphere_quantile_kernels import noise_seen, set_pair

COLD = 1e-6  # above T = 1, from where a variance is at rest
# By the drift of x, by other drifts, by widening the law of u, by widening that of y; what is left out; y's variance.
PARTS = 6
_POWERS = 1, 1, 2, 1, 2, 0  # of p in these

_drift = kernel(error_model="numpy")(sphere_noise.projection_drift)
_scores = kernel(error_model="numpy")(sphere_noise.start_scores)
_slopes = kernel(error_model="numpy")(sphere_noise.start_slopes)
_moves = kernel(error_model="numpy")(sphere_noise.sphere_threshold_moves)
_shift = kernel(error_model="numpy")(sphere_noise.sphere_shift)


@kernel(error_model="numpy")
def _step(y, length, temperatures, paces, flow, work, out):
    """A step of Runge and Kutta's from y; the pace of time is that of the clock, over T."""
    for stage in range(4):
        place = (stage + 1) // 2  # begin, middle, middle, end
        share = length * (0.5 if stage < 3 else 1.0)
        for k in range(4):
            work[4, k] = y[k] + (share * work[stage - 1, k] if stage > 0 else 0.0)
        found = rates(work[4], temperatures[place], flow[0], flow[1])
        clock = paces[place] / temperatures[place]
        for k in range(4):
            work[stage, k] = clock * found[k]
    for k in range(4):
        out[k] = y[k] + length / 6.0 * (work[0, k] + 2.0 * work[1, k] + 2.0 * work[2, k] + work[3, k])


@kernel(error_model="numpy")
def run_along(states, grid, ceilings, flow):
    """Fill the states of a run from the first one; an even number of steps, after which its fate is certain."""
    times, temperatures, paces = grid
    work = np.empty((5, 4))
    for i in range(times.shape[0] - 1):
        if i % 2 == 0 and fate(states[i], ceilings[i], ceilings[i] < 1.0 + COLD, flow[0], flow[2]) != UNDECIDED:
            return i
        _step(states[i], times[i + 1] - times[i], temperatures[i], paces[i], flow, work, states[i + 1])
    return times.shape[0] - 1


@kernel(error_model="numpy")
def _pulled(p, y, temperature, pace, flow, out):
    """The rate of p along a run."""
    rows = jacobian(y, temperature, flow[0], flow[1])[0]
    clock = pace / temperature
    for k in range(4):
        out[k] = -clock * (p[0] * rows[0][k] + p[1] * rows[1][k] + p[2] * rows[2][k] + p[3] * rows[3][k])


@kernel(error_model="numpy")
def _sum_growth(y, temperature, pace, flow):
    """The rate at which a deviation of m1 + m2 grows, c given."""
    return pace / temperature * jacobian(y, temperature, flow[0], flow[1])[0][1][1]


@kernel(error_model="numpy")
def _carry(states, steps, first, grid, flow, out):
    """Fill r at the nodes of a run from the first one; by Simpson's rule over pairs, in their middle by a cubic."""
    times, temperatures, paces = grid
    out[0] = first
    for i in range(0, steps - 1, 2):
        span = times[i + 2] - times[i]
        begin = _sum_growth(states[i], temperatures[i, 0], paces[i, 0], flow)
        middle = _sum_growth(states[i + 1], temperatures[i, 2], paces[i, 2], flow)
        end = _sum_growth(states[i + 2], temperatures[i + 1, 2], paces[i + 1, 2], flow)
        out[i + 1] = out[i] * math.exp(-span / 24.0 * (5.0 * begin + 8.0 * middle - end))
        out[i + 2] = out[i] * math.exp(-span / 6.0 * (begin + 4.0 * middle + end))
    out[steps + 1 :] = out[steps]  # a run has left the separatrix there, and others soon


@kernel(error_model="numpy", nogil=True)
def carried(starts, log_rho, grid, flow):
    """r at the nodes of the grid, a row a start (y, c) on the separatrix."""
    times, temperatures, paces, ceilings = grid
    states, found = np.empty((times.shape[0], 4)), np.empty((starts.shape[0], times.shape[0]))
    for i in range(starts.shape[0]):
        start_state(starts[i], log_rho[i], flow[0], states[0])
        steps = run_along(states, (times, temperatures, paces), ceilings, flow)
        longer, _ = _slopes(
            by_difference=1.0, by_sum=0.0, pair_cosine=starts[i, 1], separation=flow[0][0], sum_cosine=starts[i, 0]
        )
        _carry(states, steps, 1.0 / longer, (times, temperatures, paces), flow, found[i])
    return found


@kernel(error_model="numpy")
def noise_of(y, temperature, pace, flow, noise, work):
    """Per unit of time: variances by noise of strength 1, of x in units of x^2, of m1 + m2, and of both across."""
    _, score, model, averages = noise
    state, means, plane, across = work
    radius, cosine = model[0], min(y[2], 1.0 - 1e-15)
    set_pair(state, math.exp(y[0]), y[1] / radius, cosine, radius)
    state[5] = temperature if flow[0][2] == FOLLOWS else math.exp(y[3])
    averaged(state, model, averages, means)
    covariances(state, 1.0 / temperature, score, model, means, plane, across)
    of_gap, of_sum, gap_across, sum_across = noise_seen(state, pace * pace, model, plane, across)
    wide = of_gap / (radius * radius * (2.0 - 2.0 * cosine) * math.exp(2.0 * y[0]))
    return wide, radius * radius * of_sum, gap_across, sum_across


@kernel(error_model="numpy")
def _moved(p, y, r, temperature, pace, flow, noise, work, out):
    """Rates of the parts per unit of time."""
    of_x, of_sum, gap_across, sum_across = noise_of(y, temperature, pace, flow, noise, work)
    turned, shrunk, bent = _drift(
        across_variance=gap_across, directions=noise[0] - 1.0, pair_cosine=min(y[2], 1.0 - 1e-15),
        separation=flow[0][0], sum_variance=sum_across,
    )  # fmt: skip
    found = _moves(
        by_difference=p[0], by_sum=p[1], by_cosine=p[2], difference_cosine=math.exp(y[0]), overlap_sum=y[1],
        difference_drift=turned, total_drift=shrunk, cosine_drift=bent, difference_variance=of_x, total_variance=of_sum,
        centred_by_sum=r,
    )  # fmt: skip
    for k in range(PARTS):
        out[k] = found[k]


@kernel(error_model="numpy")
def _pulled_back(p, states, i, span, temperatures, paces, flow, slopes, middle, new):
    """A step of Runge and Kutta's back over a pair of steps, whose middle node is its own; p there by Hermite."""
    for stage in range(4):
        node = i + 2 - (stage + 1) // 2
        share = 0.5 * span if stage < 3 else span
        for k in range(4):
            new[k] = p[k] - (share * slopes[stage - 1, k] if stage > 0 else 0.0)
        step, side = (i + 1, 2) if stage == 0 else ((i + 1, 0) if stage < 3 else (i, 0))
        _pulled(new, states[node], temperatures[step, side], paces[step, side], flow, slopes[stage])
    for k in range(4):
        new[k] = p[k] - span / 6.0 * (slopes[0, k] + 2.0 * slopes[1, k] + 2.0 * slopes[2, k] + slopes[3, k])
    _pulled(new, states[i], temperatures[i, 0], paces[i, 0], flow, slopes[3])
    for k in range(4):
        middle[k] = 0.5 * (p[k] + new[k]) + 0.125 * span * (slopes[3, k] - slopes[0, k])


@kernel(error_model="numpy")
def back_along(states, steps, along, grid, flow, noise, work, sums):
    """Fill the parts along a run by noise of the strength 1, in units of p_x at the start, and give p in these.

    They are sums with a p of any length, kept at 1; what a unit of log x at the start is worth is divided out.
    """
    times, temperatures, paces = grid
    p, new, middle, slopes = np.zeros(4), np.empty(4), np.empty(4), np.empty((4, 4))
    p[1] = p[2] = 1.0  # where the run has left the separatrix, both tell; log x of an aligned pair says nothing
    sums[:] = 0.0
    ends = np.empty((3, PARTS))
    for i in range(steps - 2, -1, -2):
        span, late = times[i + 2] - times[i], i + 1
        _pulled_back(p, states, i, span, temperatures, paces, flow, slopes, middle, new)
        _moved(p, states[i + 2], along[i + 2], temperatures[late, 2], paces[late, 2], flow, noise, work, ends[2])
        _moved(middle, states[late], along[late], temperatures[i, 2], paces[i, 2], flow, noise, work, ends[1])
        _moved(new, states[i], along[i], temperatures[i, 0], paces[i, 0], flow, noise, work, ends[0])
        size = abs(new[0]) + abs(new[1]) + abs(new[2]) + abs(new[3])
        for k in range(PARTS):
            here = sums[k] + span / 6.0 * (ends[0, k] + 4.0 * ends[1, k] + ends[2, k])
            sums[k] = here / size ** _POWERS[k]
        for k in range(4):
            p[k] = new[k] / size
    for k in range(PARTS):
        sums[k] /= p[0] ** _POWERS[k]
    return p / p[0]


@kernel(error_model="numpy", nogil=True)
def shifts_of_starts(starts, log_rho, rows, along, grid, flow, noise):
    """(parts of each shift of log rho, steps) by noise of the strength 1 at starts (y, c) on the separatrix.

    `rows` are those of `along`, r at the nodes, that the starts have.
    """
    times, temperatures, paces, ceilings = grid
    states, sums = np.empty((times.shape[0], 4)), np.empty(PARTS)
    found, made, steps_of = np.empty((PARTS, starts.shape[0])), 0, (times, temperatures, paces)
    means = np.empty((2, 3)), np.empty((2, 2)), np.empty((2, 4))
    work = np.empty(6), means, np.empty((4, 4)), np.empty((2, 2))
    for i in range(starts.shape[0]):
        y, cosine, square = starts[i, 0], starts[i, 1], math.exp(2.0 * log_rho[i])
        start_state(starts[i], log_rho[i], flow[0], states[0])
        steps = run_along(states, steps_of, ceilings, flow)
        p = back_along(states, steps, along[rows[i]], steps_of, flow, noise, work, sums)
        _, by_centre = _slopes(by_difference=1.0, by_sum=p[1], pair_cosine=cosine, separation=flow[0][0], sum_cosine=y)
        aligned, centred = _scores(cotangent_squared=square, dim=noise[0], sum_cosine=y)
        parts = _shift(
            aligned_score=aligned, by_centre=by_centre, centred=sums[3], centred_score=centred,
            cotangent_squared=square, rounded=sums[1], turned=sums[0], widened=sums[2],
        )  # fmt: skip
        for k in range(PARTS):
            found[k, i] = parts[k] if k < 4 else sums[k]
        made += steps
    return found[0], found[1], found[2], found[3], found[4], found[5], made
