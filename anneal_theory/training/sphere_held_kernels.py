"""Compiled training of two means on the sphere with one held variance for both: two normals a sample are enough.

With one variance v a sample's responsibility does not depend on its part across the means and the target, as for free
means. Divided by sqrt(v), means, noise and target are those of unit variance, with R sqrt(v) in the labels' arguments
and R/sqrt(v) in front of them, and beta v for beta: the kernels of free means make the step, and the means go back
onto the sphere.
"""

import math

import numpy as np

from anneal_theory._compiled import kernel
from anneal_theory.training.mixture_kernels import (
    gradient,
    perpendicular_covariance,
    reduced_step,
    sampled_sums,
    to_frame,
)


@kernel(nogil=True, error_model="numpy")
def to_plane(state, radius, scale, dim, pair):  # type: ignore[no-untyped-def]
    """Set the pair to the coordinates of free means, in units of the scale."""
    c1, c2 = state[0] / scale, state[1] / scale
    length = radius / scale
    first, second = max((length - c1) * (length + c1), 0.0), max((length - c2) * (length + c2), 0.0)
    to_frame(c1, c2, first, state[2] / (scale * scale) - c1 * c2, second, dim, pair)


@kernel(nogil=True, error_model="numpy")
def onto_sphere(pair, radius, state):  # type: ignore[no-untyped-def]
    """Set the state to the means that point where the pair's do."""
    c1, c2, u1, u2, across = pair[0], pair[1], pair[2], pair[3], pair[4] * pair[4]
    first, second = radius / math.sqrt(c1 * c1 + u1 * u1 + across), radius / math.sqrt(c2 * c2 + u2 * u2 + across)
    both = first * second * (c1 * c2 + u1 * u2 + across)
    state[0], state[1] = min(max(first * c1, -radius), radius), min(max(second * c2, -radius), radius)
    state[2] = min(max(both, -radius * radius), radius * radius)


@kernel(nogil=True, error_model="numpy")
def train_at_held_variance(  # type: ignore[no-untyped-def]
    rng, counter, state, radius, h, dim, weights, betas, rates, held, score, buffers, rows
):
    """Train one replica in place, a step for each beta; returns the counter of the noise.

    The arguments are those of `sphere_kernels.train_on_sphere`, with four rows of buffers in place of the samples.
    """
    sums, slope, covariance = np.zeros((2, 7)), np.zeros((2, 3)), np.zeros(3)
    pair, steps, batch = np.empty(5), np.empty(2), buffers.shape[1]
    noise = (buffers[0], buffers[1], buffers[2], buffers[3])
    log_odds = math.log(weights[0] / weights[1])
    for i in range(betas.size):
        v, scale = held[i], math.sqrt(held[i])
        to_plane(state, radius, scale, dim, pair)
        counter = sampled_sums(counter, pair, radius * scale, h, log_odds, batch, noise, sums)
        perpendicular_covariance(weights, betas[i] * v, score, batch, sums, covariance)
        gradient(pair, radius / scale, weights, betas[i] * v, score, sums, slope)
        steps[:] = rates[i] / v
        reduced_step(rng, dim, pair, steps, slope, covariance)
        onto_sphere(pair, radius, state)
        rows[i, 0], rows[i, 1], rows[i, 2] = radius * state[0], radius * state[1], state[2]
        rows[i, 3], rows[i, 4] = v, v
    state[3], state[4] = held[-1], held[-1]
    return counter
