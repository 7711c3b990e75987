"""Compiled training of two means on the sphere, in the numbers that its law closes on; any dimension costs the same.

The state is (c1, c2, q, v1, v2): ``c_i = mu_i . mu*/R``, ``q = mu_1 . mu_2`` and the components' variances.
`anneal_theory.training.sphere_routes` proves that its law is that of d dimensions.
"""

import math

import numpy as np

from anneal_theory._compiled import kernel
from anneal_theory.numerics.lane_kernels import LANES
from anneal_theory.training.across_kernels import SUMS, TURNS, add_across, gathered, turned
from anneal_theory.training.noise_kernels import REORDER, fill_normals, fill_uniforms, logistic, to_chi_squares

# Rows of the array of samples. Noise: along three axes of the means' and the target's space, two coordinates across it,
# and the square of the rest. Of a sample: its responsibility in the other component, the mean label of the target, the
# square of its noise, the noise along mu_j - mu_o times that distance, what it pushes both means by across the axes.
X, Y, Z, ACROSS_1, ACROSS_2, REST, SHARE, LABEL, LENGTH, ALONG, PUSH_OWN, PUSH_OTHER, ROWS = range(13)


@kernel(nogil=True)
def frame(state, radius, places):  # type: ignore[no-untyped-def]
    """Coordinates of both means (rows): along mu*, along the rest of mu_1, and along a third axis."""
    c1, c2 = state[0], state[1]
    across_1, across_2 = max((radius - c1) * (radius + c1), 0.0), max((radius - c2) * (radius + c2), 0.0)
    length = math.sqrt(across_1)
    along = (state[2] - c1 * c2) / length if length > 0 else 0.0
    places[0, 0], places[0, 1], places[0, 2] = c1, length, 0.0
    places[1, 0], places[1, 1], places[1, 2] = c2, along, math.sqrt(max(across_2 - along * along, 0.0))


@kernel(nogil=True, error_model="numpy", fastmath=REORDER)
def fill_noise(rng, counter, dim, samples):  # type: ignore[no-untyped-def]
    """Draw the noise of one batch, of unit variance; returns the counter of the noise.

    The rest is a chi-square of d - 5 degrees of freedom.
    """
    first, second = samples[SHARE], samples[LABEL]
    counter = fill_normals(counter, samples[X], samples[Y], first, second)
    counter = fill_normals(counter, samples[Z], samples[REST], first, second)
    counter = fill_normals(counter, samples[ACROSS_1], samples[ACROSS_2], first, second)
    counter = fill_uniforms(counter, first)
    if dim < 4:
        samples[ACROSS_1, :] = 0.0
    if dim < 5:
        samples[ACROSS_2, :] = 0.0
    to_chi_squares(rng, max(dim - 5.0, 0.0), samples[REST], first, second)
    return counter


@kernel(nogil=True, error_model="numpy", fastmath=REORDER)
def weigh(state, places, R, h, dim, weights, samples, j):  # type: ignore[no-untyped-def]
    """Responsibilities, labels, squares and products of the samples of component j."""
    o = 1 - j
    v, other = state[3 + j], state[4 - j]
    scale, ratio = math.sqrt(v), v / other
    a, b, c = places[j, 0] - places[o, 0], places[j, 1] - places[o, 1], places[j, 2] - places[o, 2]
    # log of the ratio of both densities at a sample, but for its noise
    odds = math.log(weights[o] / weights[j]) + 0.5 * (dim * math.log(ratio) - (a * a + b * b + c * c) / other)
    centre, slope = 2 * (R * places[j, 0] + h), 2 * R * scale
    for i in range(samples.shape[1]):
        x, y, z = samples[X, i], samples[Y, i], samples[Z, i]
        g1, g2 = samples[ACROSS_1, i], samples[ACROSS_2, i]
        length, along = x * x + y * y + z * z + g1 * g1 + g2 * g2 + samples[REST, i], a * x + b * y + c * z
        samples[LENGTH, i], samples[ALONG, i] = length, along
        samples[SHARE, i] = logistic(odds + 0.5 * length * (1.0 - ratio) - scale * along / other)
        samples[LABEL, i] = 2.0 * logistic(centre + slope * x) - 1.0


@kernel(nogil=True, error_model="numpy", fastmath=REORDER)
def add_path(state, places, R, weights, beta, samples, j, slopes):  # type: ignore[no-untyped-def]
    """Add the movement of component j's samples down log q - beta log p to its row of slopes: three axes, variance."""
    o, n = 1 - j, samples.shape[1]
    v, other = state[3 + j], state[4 - j]
    scale = math.sqrt(v)
    m0, m1, m2 = beta * places[j, 0], beta * places[j, 1], beta * places[j, 2]
    f0, f1, f2, wide, away = 0.0, 0.0, 0.0, 0.0, 0.0
    for i in range(n):
        x, y, z, r = samples[X, i], samples[Y, i], samples[Z, i], samples[SHARE, i]
        tie, label = (beta - (1.0 - r) / v - r / other) * scale, beta * R * samples[LABEL, i]
        f0 += tie * x + m0 - label
        f1 += tie * y + m1
        f2 += tie * z + m2
        away += r
        wide += tie * samples[LENGTH, i] - r / other * samples[ALONG, i] + m0 * x + m1 * y + m2 * z - label * x
        samples[PUSH_OWN, i], samples[PUSH_OTHER, i] = tie, 0.0
    share = weights[j] / n
    slopes[j, 0] += share * (f0 - away / other * (places[j, 0] - places[o, 0]))
    slopes[j, 1] += share * (f1 - away / other * (places[j, 1] - places[o, 1]))
    slopes[j, 2] += share * (f2 - away / other * (places[j, 2] - places[o, 2]))
    slopes[j, 3] += share * wide / (2.0 * scale)


@kernel(nogil=True, error_model="numpy", fastmath=REORDER)
def add_score(state, places, dim, weights, samples, j, slopes):  # type: ignore[no-untyped-def]
    """Add what log q changes by at component j's samples where they are held, to both rows of slopes."""
    o, n = 1 - j, samples.shape[1]
    v, other = state[3 + j], state[4 - j]
    scale = math.sqrt(v)
    a, b, c = places[j, 0] - places[o, 0], places[j, 1] - places[o, 1], places[j, 2] - places[o, 2]
    square = a * a + b * b + c * c
    t0, t1, t2, s0, s1, s2, mass, spread, reach = 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
    for i in range(n):
        x, y, z, r = samples[X, i], samples[Y, i], samples[Z, i], samples[SHARE, i]
        length = samples[LENGTH, i]
        t0 += (1.0 - r) * x
        t1 += (1.0 - r) * y
        t2 += (1.0 - r) * z
        s0 += r * x
        s1 += r * y
        s2 += r * z
        mass += r
        spread += (1.0 - r) * (length - dim)
        reach += r * (square + 2.0 * scale * samples[ALONG, i] + v * length - dim * other)
        samples[PUSH_OWN, i] += (1.0 - r) / scale
        samples[PUSH_OTHER, i] += r / other * scale
    share = weights[j] / n
    slopes[j, 0] += share * t0 / scale
    slopes[j, 1] += share * t1 / scale
    slopes[j, 2] += share * t2 / scale
    slopes[j, 3] += share * spread / (2.0 * v)
    slopes[o, 0] += share * (mass * a + scale * s0) / other
    slopes[o, 1] += share * (mass * b + scale * s1) / other
    slopes[o, 2] += share * (mass * c + scale * s2) / other
    slopes[o, 3] += share * reach / (2.0 * other * other)


@kernel(nogil=True, error_model="numpy")
def onto_sphere(c1, c2, first, second, both, radius, state):  # type: ignore[no-untyped-def]
    """Set the state to means along those with these overlaps, squares and product, in any units."""
    first, second = radius / math.sqrt(first), radius / math.sqrt(second)
    state[0], state[1] = min(max(first * c1, -radius), radius), min(max(second * c2, -radius), radius)
    state[2] = min(max(first * second * both, -radius * radius), radius * radius)


@kernel(nogil=True, error_model="numpy")
def step_on_sphere(state, places, radius, dim, rate, slopes, across):  # type: ignore[no-untyped-def]
    """One step down the gradient, of the means back onto the sphere, and of the variances."""
    for j in range(2):
        for k in range(3):
            places[j, k] -= rate * slopes[j, k]
        factor = 1.0 - 2.0 * rate * slopes[j, 3] / dim
        state[3 + j] *= factor * factor
    f, g, h = rate * across[0], rate * across[1], rate * across[2]
    first, second, both = f * f, g * g + h * h, f * g
    for k in range(3):
        first += places[0, k] * places[0, k]
        second += places[1, k] * places[1, k]
        both += places[0, k] * places[1, k]
    onto_sphere(places[0, 0], places[1, 0], first, second, both, radius, state)


@kernel(nogil=True, error_model="numpy")
def train_on_sphere(  # type: ignore[no-untyped-def]
    rng, counter, state, radius, h, dim, weights, betas, rates, score, samples, rows
):
    """Train one replica in place, variances included, a step for each beta; returns the counter of the noise.

    rows has a row a step: c1 R, c2 R, q, v1, v2 after it.
    """
    places, slopes, sums, turns = np.empty((2, 3)), np.empty((2, 4)), np.empty(3 * SUMS), np.empty((TURNS, LANES))
    own, other = samples[PUSH_OWN], samples[PUSH_OTHER]
    noise = samples[ACROSS_1], samples[ACROSS_2], samples[REST]
    for i in range(betas.size):
        frame(state, radius, places)
        slopes[:] = 0.0
        sums[:] = 0.0
        for j in range(2):
            counter = fill_noise(rng, counter, dim, samples)
            weigh(state, places, radius, h, dim, weights, samples, j)
            add_path(state, places, radius, weights, betas[i], samples, j, slopes)
            if score:
                add_score(state, places, dim, weights, samples, j, slopes)
            if dim > 3:
                add_across((own, other) if j == 0 else (other, own), noise, weights[j] / own.size, sums)
        if dim > 3 and own.size >= LANES:
            counter = turned(rng, counter, dim - 3.0, turns)
            across = gathered(sums, turns)
        else:
            across = sums[-3], sums[-2], sums[-1]
        step_on_sphere(state, places, radius, dim, rates[i], slopes, across)
        rows[i, 0], rows[i, 1], rows[i, 2] = radius * state[0], radius * state[1], state[2]
        rows[i, 3], rows[i, 4] = state[3], state[4]
    return counter
