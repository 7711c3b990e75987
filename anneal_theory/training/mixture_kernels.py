"""Compiled training of two means on the two-mode target in the five coordinates that its law closes on.

The state is (c1, c2, u1, u2, v): the means are ``c_i`` along mu*, ``u_i`` along the part of mu_1 - mu_2 perpendicular
to mu*, and both ``v`` along a third direction. `anneal_theory.training.mixture` proves that its law is that of d
dimensions.
"""

import math

import numpy as np

from anneal_theory._compiled import kernel
from anneal_theory.training.noise_kernels import REORDER, fill_normals, logistic

# Places in the array that watches a run: steps and whole windows since its start; sums over the present window of both
# overlaps and the distance, and of the overlaps' squares; averages and standard deviations of the last whole window;
# averages of the one before; whether the run has stopped at rest.
COUNT, WINDOWS, SUMS, SQUARES, LAST, SPREAD, BEFORE, RESTING, WATCHED = 0, 1, 2, 5, 7, 10, 12, 15, 16


@kernel(nogil=True, error_model="numpy", fastmath=REORDER)
def sampled_sums(counter, state, R, h, log_odds, batch, buffers, sums):  # type: ignore[no-untyped-def]
    """Batch means that the gradient is made of, for each component; returns the counter of the noise.

    Row j of sums: means of the noise along both axes, of the target's label, of the other component's responsibility r,
    of r times the noise along both axes, of r squared.
    """
    along, across, radius, angle = buffers
    gap, spread = state[0] - state[1], state[2] - state[3]
    half = 0.5 * (gap * gap + spread * spread)
    for j in range(2):
        counter = fill_normals(counter, along, across, radius, angle)
        sign = 1.0 - 2.0 * j
        centre = 2 * (R * state[j] + h)
        first, second, label, share, share_first, share_second, square = 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
        for n in range(batch):
            radius[n] = logistic(centre + 2 * R * along[n])
            angle[n] = logistic(-half - sign * (log_odds + gap * along[n] + spread * across[n]))
        for n in range(batch):
            x, y, r = along[n], across[n], angle[n]
            first += x
            second += y
            label += radius[n]
            share += r
            share_first += r * x
            share_second += r * y
            square += r * r
        sums[j, 0], sums[j, 1], sums[j, 2] = first / batch, second / batch, 2 * label / batch - 1
        sums[j, 3], sums[j, 4], sums[j, 5] = share / batch, share_first / batch, share_second / batch
        sums[j, 6] = square / batch
    return counter


@kernel(nogil=True)
def exact_sums(state, R, h, log_odds, nodes, masses, sums):  # type: ignore[no-untyped-def]
    """The expectations of the same sums, by quadrature; the noise has mean zero, and so has the score's part."""
    gap, spread = state[0] - state[1], state[2] - state[3]
    distance = math.sqrt(gap * gap + spread * spread)
    for j in range(2):
        sign, label, share = 1.0 - 2.0 * j, 0.0, 0.0
        for n in range(nodes.size):
            label += masses[n] * math.tanh(R * (state[j] + nodes[n]) + h)
            share += masses[n] * logistic(-0.5 * distance * distance - sign * (log_odds + distance * nodes[n]))
        sums[j, :] = 0.0
        sums[j, 2], sums[j, 3] = label, share


@kernel(nogil=True)
def gradient(state, R, weights, beta, score, sums, slope):  # type: ignore[no-untyped-def]
    """Gradient of the loss in the plane of both axes (rows: components) and along v from the sums of one batch."""
    gap, spread = state[0] - state[1], state[2] - state[3]
    slope[:] = 0.0
    for j in range(2):
        o, w, sign = 1 - j, weights[j], 1.0 - 2.0 * j
        share = sums[j, 3]
        slope[j, 0] += w * ((beta - 1) * sums[j, 0] - share * sign * gap + beta * (state[j] - R * sums[j, 2]))
        slope[j, 1] += w * ((beta - 1) * sums[j, 1] - share * sign * spread + beta * state[2 + j])
        slope[j, 2] += w * beta * state[4]
        if score:
            slope[j, 0] += w * (sums[j, 0] - sums[j, 4])
            slope[j, 1] += w * (sums[j, 1] - sums[j, 5])
            slope[o, 0] += w * (sums[j, 4] + share * sign * gap)
            slope[o, 1] += w * (sums[j, 5] + share * sign * spread)


@kernel(nogil=True)
def perpendicular_covariance(weights, beta, score, batch, sums, covariance):  # type: ignore[no-untyped-def]
    """Covariance (11, 12, 22) of both gradients along any direction perpendicular to both axes, given the sums."""
    covariance[:] = 0.0
    for j in range(2):
        scale = weights[j] * weights[j] / batch
        share, square = sums[j, 3], sums[j, 6]
        own = beta if score else beta - 1
        if score:
            covariance[2 * j] += scale * (own * own - 2 * own * share + square)
            covariance[1] += scale * (own * share - square)
            covariance[2 - 2 * j] += scale * square
        else:
            covariance[2 * j] += scale * own * own


@kernel(nogil=True)
def reduced_step(rng, dim, state, rates, slope, covariance):  # type: ignore[no-untyped-def]
    """One step of size rates[j] down the gradient, with the perpendicular noise, and new axes for the new means."""
    c1, c2 = state[0] - rates[0] * slope[0, 0], state[1] - rates[1] * slope[1, 0]
    u1, u2 = state[2] - rates[0] * slope[0, 1], state[3] - rates[1] * slope[1, 1]
    v1, v2 = state[4] - rates[0] * slope[0, 2], state[4] - rates[1] * slope[1, 2]
    first = rates[0] * math.sqrt(covariance[0])
    mixed = rates[0] * rates[1] * covariance[1] / first if first > 0 else 0.0
    second = math.sqrt(max(rates[1] * rates[1] * covariance[2] - mixed * mixed, 0.0))
    noisy = first > 0 or second > 0
    if dim > 2 and noisy:
        z1, z2 = rng.standard_normal(), rng.standard_normal()
        v1 += first * z1
        v2 += mixed * z1 + second * z2
    g11, g12, g22 = u1 * u1 + v1 * v1, u1 * u2 + v1 * v2, u2 * u2 + v2 * v2
    if dim > 3 and noisy:  # the other d - 3 directions add a Wishart matrix, drawn by Bartlett's decomposition
        a = math.sqrt(2 * rng.standard_gamma(0.5 * (dim - 3)))
        b = rng.standard_normal()
        c = math.sqrt(2 * rng.standard_gamma(0.5 * (dim - 4))) if dim > 4 else 0.0
        x, y, z = first * a, mixed * a + second * b, second * c
        g11 += x * x
        g12 += x * y
        g22 += y * y + z * z
    to_frame(c1, c2, g11, g12, g22, dim, state)


@kernel(nogil=True)
def to_frame(c1, c2, g11, g12, g22, dim, state):  # type: ignore[no-untyped-def]
    """Set the state to the coordinates of means with these overlaps and this perpendicular Gram matrix."""
    spread = math.sqrt(max(g11 - 2 * g12 + g22, 0.0))
    u1 = (g11 - g12) / spread if spread > 0 else math.sqrt(g11)
    state[0], state[1], state[2], state[3] = c1, c2, u1, u1 - spread
    state[4] = math.sqrt(max(g11 - u1 * u1, 0.0)) if dim > 2 else 0.0


@kernel(nogil=True)
def train_reduced(  # type: ignore[no-untyped-def]
    rng, counter, state, dim, R, h, weights, betas, scales, natural, step, score, batch, nodes, masses, window,
    calm_from, watch,
):  # fmt: skip
    """Train one replica in place; returns the steps made. A batch of 0 is the exact expectation.

    With a window > 0 the run is watched (the array holds what is said above); then, from step `calm_from` on, it stops
    when the averages of both overlaps and of the distance over a window differ from those of the window before by less
    than 0.02 R and 0.02. A run made in parts goes on with the same array and the steps that are left of `calm_from`.
    """
    sums, slope, covariance = np.zeros((2, 7)), np.zeros((2, 3)), np.zeros(3)
    buffers = (np.empty(batch), np.empty(batch), np.empty(batch), np.empty(batch))
    rates = np.empty(2)
    log_odds = math.log(weights[0] / weights[1])
    count, first, second, apart = watch[COUNT], watch[SUMS], watch[SUMS + 1], watch[SUMS + 2]
    square, other = watch[SQUARES], watch[SQUARES + 1]
    for i in range(betas.size):
        if batch > 0:
            counter = sampled_sums(counter, state, R, h, log_odds, batch, buffers, sums)
            perpendicular_covariance(weights, betas[i], score, batch, sums, covariance)
        else:
            exact_sums(state, R, h, log_odds, nodes, masses, sums)
        gradient(state, R, weights, betas[i], score and batch > 0, sums, slope)
        for j in range(2):
            rates[j] = step * scales[i] / weights[j] if natural else step * scales[i]
        reduced_step(rng, dim, state, rates, slope, covariance)
        x, y = state[0], state[1]
        first, second, square, other, count = first + x, second + y, square + x * x, other + y * y, count + 1
        apart += math.hypot(x - y, state[2] - state[3])
        if count == window:
            watch[SUMS], watch[SUMS + 1], watch[SUMS + 2] = first, second, apart
            watch[SQUARES], watch[SQUARES + 1], watch[COUNT] = square, other, count
            first, second, square, other, apart, count = 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
            if turn(watch, R) and i >= calm_from:
                watch[RESTING] = 1
                return i + 1
    watch[SUMS], watch[SUMS + 1], watch[SUMS + 2] = first, second, apart
    watch[SQUARES], watch[SQUARES + 1], watch[COUNT] = square, other, count
    return betas.size


@kernel(nogil=True)
def turn(watch, R):  # type: ignore[no-untyped-def]
    """End a window; returns whether the run is at rest: two windows since the start with nearly the same averages."""
    size, still = watch[COUNT], True
    for j in range(3):
        mean, before = watch[SUMS + j] / size, watch[LAST + j]
        still = still and abs(mean - before) < (0.02 * R if j < 2 else 0.02)
        watch[BEFORE + j], watch[LAST + j] = before, mean
        watch[SUMS + j] = 0.0
    for j in range(2):
        watch[SPREAD + j] = math.sqrt(max(watch[SQUARES + j] / size - watch[LAST + j] ** 2, 0.0))
        watch[SQUARES + j] = 0.0
    watch[COUNT] = 0.0
    watch[WINDOWS] += 1
    return still and watch[WINDOWS] >= 2
