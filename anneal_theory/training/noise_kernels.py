"""Normals and chi-squares for compiled training loops: a counter-based generator and transforms of its uniforms.

The generator is SplitMix64 (Steele, Lea, Flood 2014), one 64-bit word a pair of normals: the first half gives the
radius, the second the angle. A stream is its starting counter, so it does not depend on threads. Uniforms have 32 bits:
a normal lies within 6.8 standard deviations, which cuts off a probability of 1e-11.
"""

import math

import numpy as np

from anneal_theory._compiled import kernel
from anneal_theory.numerics.lane_functions_kernels import log_of_lanes as log_of_lanes  # which numba finds by np.log
from anneal_theory.numerics.lane_kernels import LANES
from anneal_theory.numerics.lane_memory_kernels import lanes_of, put

GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_FIRST, _SECOND = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)
_S27, _S30, _S31, _S32 = np.uint64(27), np.uint64(30), np.uint64(31), np.uint64(32)
_LOW = np.uint64(0xFFFFFFFF)
_UNIT = 2.0**-32
REORDER = {"reassoc", "contract", "arcp", "nsz"}  # sums in any order: loops become vector instructions


@kernel(forceinline=True)
def _word(counter, place):
    """The word at a place of a stream."""
    word = counter + np.uint64(place + 1) * GOLDEN
    word = (word ^ (word >> _S30)) * _FIRST
    word = (word ^ (word >> _S27)) * _SECOND
    return word ^ (word >> _S31)


@kernel(nogil=True, error_model="numpy", fastmath=REORDER)
def fill_normals(counter, first, second, radius, angle):
    """Fill two arrays of n with independent standard normals; returns the counter after them."""
    n = first.size
    for i in range(n):
        word = _word(counter, i)
        radius[i] = (np.float64(np.int64(word >> _S32)) + 0.5) * _UNIT
        angle[i] = (np.float64(np.int64(word & _LOW)) + 0.5) * _UNIT
    for k in range(n // LANES):  # the library's logarithm takes one number at a time, and most of this function's
        put(radius, k, np.log(lanes_of(radius, k)))
    for i in range(n - n % LANES, n):
        radius[i] = math.log(radius[i])
    for i in range(n):
        length = math.sqrt(-2.0 * radius[i])
        # Angle 2 pi u: x = (u - 1/2) 2 pi lies in (-pi, pi); sin and cos of x/2 from their series, then doubled.
        x = (angle[i] - 0.5) * math.pi
        y = x * x
        sine = x * (1 - y / 6 * (1 - y / 20 * (1 - y / 42 * (1 - y / 72 * (1 - y / 110 * (1 - y / 156 * (
            1 - y / 210 * (1 - y / 272 * (1 - y / 342)))))))))  # fmt: skip
        cosine = 1 - y / 2 * (1 - y / 12 * (1 - y / 30 * (1 - y / 56 * (1 - y / 90 * (1 - y / 132 * (
            1 - y / 182 * (1 - y / 240 * (1 - y / 306 * (1 - y / 380)))))))))  # fmt: skip
        first[i] = length * (1 - 2 * sine * sine)
        second[i] = length * 2 * sine * cosine
    return counter + np.uint64(n) * GOLDEN


@kernel(nogil=True, error_model="numpy", fastmath=REORDER)
def fill_uniforms(counter, values):
    """Fill an array with independent uniform numbers between 0 and 1; returns the counter after them."""
    n = values.size
    for i in range(n):
        values[i] = (np.float64(np.int64(_word(counter, i) >> _S32)) + 0.5) * _UNIT
    return counter + np.uint64(n) * GOLDEN


@kernel(nogil=True, error_model="numpy", fastmath=REORDER)
def to_chi_squares(rng, freedom, normals, uniforms, slack):
    """Make chi-squares of so many degrees of freedom, 0, 1 or at least 2, of normals, in place.

    Marsaglia's and Tsang's method (2000): with s = freedom/2 - 1/3 and t = x/(3 sqrt(s)) it takes 2 s (1 + t)^3 if a
    uniform number is below exp(h), h = x^2/2 + s (1 - (1 + t)^3 + 3 log(1 + t)). By log's series h = -3 s t^4/4 + ...,
    which is above -x^4/(54 s) for t > -1/2: below 1 - x^4/(54 s) no logarithm is needed, and hardly any number is not.
    """
    n = normals.size
    if freedom < 2:
        for i in range(n):
            normals[i] = freedom * normals[i] * normals[i]
        return
    size = 0.5 * freedom - 1.0 / 3.0
    width = 1.0 / math.sqrt(9.0 * size)
    for i in range(n):
        x = normals[i]
        slack[i] = 1.0 - (x * x) * (x * x) / (54.0 * size) - uniforms[i] if width * x > -0.5 else -1.0
    for i in range(n):
        if slack[i] <= 0:
            x = normals[i]
            root = 1.0 + width * x
            if root <= 0 or math.log(uniforms[i]) >= 0.5 * x * x + size * (1.0 - root**3 + 3.0 * math.log(root)):
                normals[i] = (np.cbrt(rng.standard_gamma(0.5 * freedom) / size) - 1.0) / width
    for i in range(n):
        root = 1.0 + width * normals[i]
        normals[i] = 2.0 * size * (root * root * root)


@kernel(nogil=True, error_model="numpy", fastmath=REORDER)
def logistic(x):
    """1/(1 + exp(-x)) to 1e-12, without branches, so that loops over it use vector instructions."""
    y = -min(max(x, -40.0), 40.0) / 1024
    power = 1 + y * (1 + y / 2 * (1 + y / 3 * (1 + y / 4 * (1 + y / 5 * (1 + y / 6)))))
    for _ in range(10):
        power = power * power
    return 1 / (1 + power)
