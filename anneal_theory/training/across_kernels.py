"""Two sums of vectors that point anywhere, followed by their Gram matrix: a step on the sphere across its three axes.

A sample's part y across is isotropic, and both sums take it with coefficients that may depend on its length. In axes of
their own the sums are (f, 0) and (g, h). There y has two normal coordinates, whatever the axes are, and of its rest,
which points anywhere else, only the length counts.

Each vector waits for the axes that the one before it has left. So samples go to `LANES` pairs of sums of their own,
those that are left over to one more, and all are added at the end: each has axes that are turned at random against the
others'.
"""

import math

import numpy as np

from anneal_theory._compiled import kernel
from anneal_theory.numerics.lane_kernels import LANES, where
from anneal_theory.numerics.lane_memory_kernels import lanes_of, put, taken
from anneal_theory.training.noise_kernels import fill_normals, fill_uniforms, to_chi_squares

TURNS = 10
SUMS = LANES + 1  # pairs of sums: a row of f, one of g, one of h for the lanes, then f, g, h of those left over


@kernel(forceinline=True, error_model="numpy")
def with_vector(f, g, h, first, second, x, y, square):
    """The sums' coordinates after a vector (x, y, rest) is added with two coefficients; numbers or Lanes.

    With the vector's area to the first sum the last is a sum of squares, so that nothing cancels.
    """
    a, b, c, d = f + first * x, first * y, g + second * x, h + second * y
    lean, rise = f * second - g * first, h * first
    area = f * h + x * rise + y * lean
    one = a * a + b * b + first * first * square
    two = c * c + d * d + second * second * square
    both = a * c + b * d + first * second * square
    length = np.sqrt(one)
    some = length > 0
    scale = 1.0 / where(some, length, 1.0)
    across = np.sqrt(area * area + square * (lean * lean + rise * rise)) * scale
    return length, where(some, both * scale, np.sqrt(two)), where(some, across, 0.0)


@kernel(nogil=True, error_model="numpy")
def add_across(push, noise, share, sums):
    """Add a batch to the sums.

    push has each sample's coefficients in both sums, times the share, noise its two coordinates and the square of the
    rest: rows, and a column a sample.
    """
    n = noise[0].size
    f, g, h = taken(sums, 0, 3)
    for k in range(n // LANES):
        first, second = share * lanes_of(push[0], k), share * lanes_of(push[1], k)
        f, g, h = with_vector(
            f, g, h, first, second, lanes_of(noise[0], k), lanes_of(noise[1], k), lanes_of(noise[2], k)
        )
    put(sums, 0, (f, g, h))
    last = 3 * LANES
    f, g, h = sums[last], sums[last + 1], sums[last + 2]
    for i in range(n - n % LANES, n):
        f, g, h = with_vector(f, g, h, share * push[0][i], share * push[1][i], noise[0][i], noise[1][i], noise[2][i])
    sums[last], sums[last + 1], sums[last + 2] = f, g, h


@kernel(nogil=True, error_model="numpy")
def turned(rng, counter, dim, turns):
    """Draw two vectors of dim normals for each lane, seen from axes that know nothing of them; returns the counter.

    turns then has rows: the first's coordinates along two axes and the length of its rest; the second's along these
    axes and that rest, and the length of its own.
    """
    scratch = turns[7], turns[8]
    counter = fill_normals(counter, turns[0], turns[1], *scratch)
    counter = fill_normals(counter, turns[3], turns[4], *scratch)
    counter = fill_normals(counter, turns[2], turns[6], *scratch)
    counter = fill_normals(counter, turns[5], turns[9], *scratch)
    for row in range(2):
        counter = fill_uniforms(counter, turns[8])
        to_chi_squares(rng, max(dim - 2.0 - row, 0.0), turns[2 + 4 * row], turns[8], turns[7])
    for k in range(LANES):
        turns[2, k], turns[6, k] = math.sqrt(turns[2, k]), math.sqrt(turns[6, k])
        if dim < 3:
            turns[5, k] = 0.0
        if dim < 2:
            turns[1, k], turns[4, k] = 0.0, 0.0
    return counter


@kernel(nogil=True, error_model="numpy")
def gathered(sums, turns):
    """Coordinates (f, g, h) of all sums together; axes of a lane are its column of turns, made orthonormal."""
    last = 3 * LANES
    f, g, h = sums[last], sums[last + 1], sums[last + 2]
    for k in range(LANES):
        p, q, r = turns[0, k], turns[1, k], turns[2, k]
        length = math.sqrt(p * p + q * q + r * r)
        p, q, r = p / length, q / length, r / length
        s, t, u, v = turns[3, k], turns[4, k], turns[5, k], turns[6, k]
        along = s * p + t * q + u * r
        s, t, u = s - along * p, t - along * q, u - along * r
        length = math.sqrt(s * s + t * t + u * u + v * v)
        one, both = sums[k], sums[LANES + k]
        two = sums[2 * LANES + k] / length if length > 0 else 0.0
        a, b, c = f + one * p, one * q, one * r
        x, y, z, w = g + both * p + two * s, h + both * q + two * t, both * r + two * u, two * v
        f = math.sqrt(a * a + b * b + c * c)
        if f > 0:
            a, b, c = a / f, b / f, c / f
        g = x * a + y * b + z * c
        x, y, z = x - g * a, y - g * b, z - g * c
        h = math.sqrt(x * x + y * y + z * z + w * w)
    return f, g, h
