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
from anneal_theory.training.sphere_kernels import onto_sphere


@kernel(nogil=True, error_model="numpy")
def to_plane(state, radius, scale, dim, pair):  # type: ignore[no-untyped-def]
    """Set the pair to the coordinates of free means, in units of the scale."""
    c1, c2 = state[0] / scale, state[1] / scale
    length = radius / scale
    first, second = max((length - c1) * (length + c1), 0.0), max((length - c2) * (length + c2), 0.0)
    to_frame(c1, c2, first, state[2] / (scale * scale) - c1 * c2, second, dim, pair)


@kernel(nogil=True, error_model="numpy")
def slopes_at_held_variance(  # type: ignore[no-untyped-def]
    counter, pair, radius, h, v, weights, beta, score, noise, sums, slope, covariance
):
    """Set slope and covariance to those of one batch, in units of 1/sqrt(v); returns the counter of the noise.

    The pair is in units of sqrt(v); noise has four rows, whose first two are left with the last component's normals.
    """
    scale, log_odds = math.sqrt(v), math.log(weights[0] / weights[1])
    rows = (noise[0], noise[1], noise[2], noise[3])
    counter = sampled_sums(counter, pair, radius * scale, h, log_odds, noise.shape[1], rows, sums)
    perpendicular_covariance(weights, beta * v, score, noise.shape[1], sums, covariance)
    gradient(pair, radius / scale, weights, beta * v, score, sums, slope)
    return counter


@kernel(nogil=True, error_model="numpy")
def train_at_held_variance(  # type: ignore[no-untyped-def]
    rng, counter, state, radius, h, dim, weights, betas, rates, held, score, noise, rows
):
    """Train one replica in place, a step for each beta; returns the counter of the noise.

    The arguments are those of `sphere_kernels.train_on_sphere`, with four rows of noise in place of the samples.
    """
    sums, slope, covariance = np.zeros((2, 7)), np.zeros((2, 3)), np.zeros(3)
    pair, steps = np.empty(5), np.empty(2)
    for i in range(betas.size):
        v = held[i]
        to_plane(state, radius, math.sqrt(v), dim, pair)
        counter = slopes_at_held_variance(
            counter, pair, radius, h, v, weights, betas[i], score, noise, sums, slope, covariance
        )
        steps[:] = rates[i] / v
        reduced_step(rng, dim, pair, steps, slope, covariance)
        c1, c2, u1, u2, across = pair[0], pair[1], pair[2], pair[3], pair[4] * pair[4]
        squares = c1 * c1 + u1 * u1 + across, c2 * c2 + u2 * u2 + across
        onto_sphere(c1, c2, squares[0], squares[1], c1 * c2 + u1 * u2 + across, radius, state)
        rows[i, 0], rows[i, 1], rows[i, 2] = radius * state[0], radius * state[1], state[2]
        rows[i, 3], rows[i, 4] = v, v
    state[3], state[4] = held[-1], held[-1]
    return counter
