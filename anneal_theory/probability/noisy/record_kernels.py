"""Compiled mean steps of training on the sphere, and their noise, at states that were recorded.

states = (c1, c2, c, v), a row a state: overlaps in units of R, cosine of the pair, variance
"""

import math

import numpy as np

from anneal_theory._compiled import kernel
from anneal_theory.formulas import sphere_flow
from anneal_theory.probability.noisy.means_noise_kernels import averaged, mean_move
from anneal_theory.probability.noisy.means_state_kernels import distance_at, gather, hold, project
from anneal_theory.probability.noisy.sphere_first_order_kernels import diffusion

_LEAST = 1e-300  # of x, whose logarithm `diffusion` takes
_APART = 1.0 - 5e-16  # up to which a recorded cosine tells two means apart

_cosine_of_difference = kernel(error_model="numpy")(sphere_flow.cosine_of_difference)


@kernel(error_model="numpy", nogil=True)
def sums_moved(states, temperatures, times, problem):
    """By how much a step without noise, of these times of the tempered flow, moves m1 + m2.

    problem = (model, averages) of `means_noise_kernels`
    """
    model, averages = problem
    radius, moved, y = model[0], np.empty(states.shape[0]), np.empty(6)
    work = np.empty((2, 3)), np.empty((2, 2)), np.empty((2, 4))
    for i in range(states.shape[0]):
        first, second, cosine, variance = states[i]
        hold(y, radius * first, radius * second, cosine, radius)
        y[5] = variance
        averaged(y, model, averages, work)
        mean_move(y, 1.0 / temperatures[i], times[i], model, work)
        gather(work[0], y)
        project(y, radius)
        moved[i] = radius * (y[0] + y[1] - first - second)
    return moved


@kernel(error_model="numpy", nogil=True)
def noise_of_sums(states, temperatures, problem, dim, score):
    """(variance, drift) that noise of strength 1 adds to m1 + m2 in a unit of the tempered flow's time.

    problem = (parameters, averages) of `models.sphere_pair`; exchanging the means changes neither.
    """
    radius, seen, y = problem[0][0], np.empty((states.shape[0], 2)), np.empty(4)
    for i in range(states.shape[0]):
        first, second, cosine, variance = states[i]
        m1, m2, distance = radius * first, radius * second, distance_at(min(cosine, _APART), radius)
        y[0] = math.log(max(abs(_cosine_of_difference(m1, m2, distance, radius)), _LEAST))
        y[1] = m1 + m2
        y[2], y[3] = cosine, math.log(variance)
        noise = diffusion(y, temperatures[i], problem, dim, score)
        seen[i, 0], seen[i, 1] = noise[3], noise[7]
    return seen
