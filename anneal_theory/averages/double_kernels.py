"""Compiled localised averages: E sech^p(a + R z) with full relative accuracy deep into the tails."""

import math

import numpy as np
from numba import njit

_STEP = 0.2  # of the trapezoidal rule in u: exp(-2 pi (pi/2)/0.2) = 4e-22 from the pole at i pi/2
_STEP_GAUSS = 0.6  # in units of R: exp(-2 pi^2/0.36) = 2e-24 from the Gaussian
_DROP = 42.0  # terms below exp(-42) of the peak are left out


@njit(cache=True)
def log_cosh(u):
    """log cosh u without overflow and with full relative accuracy at 0."""
    v = abs(u)
    if v < 1.0:
        half = math.sinh(0.5 * v)
        return math.log1p(2.0 * half * half)
    return v + math.log1p(math.exp(-2.0 * v)) - math.log(2.0)


@njit(cache=True)
def _peak(a, radius, power):
    """The offset v = u - a at which -v^2/(2 R^2) - p log cosh(a + v) is largest, for a >= 0."""
    low, high = -min(a, power * radius * radius), 0.0
    for _ in range(60):
        middle = 0.5 * (low + high)
        if -middle / (radius * radius) - power * math.tanh(a + middle) > 0.0:
            low = middle
        else:
            high = middle
    return 0.5 * (low + high)


@njit(cache=True)
def sech_average(a, radius, power, shift):
    """``exp(shift) E sech^p(a + R z)``, z ~ N(0, 1), by the trapezoidal rule centred on the integrand's peak."""
    a = abs(a)
    if radius == 0.0:
        return math.exp(shift - power * log_cosh(a))
    step = min(_STEP, _STEP_GAUSS * radius)
    centre = _peak(a, radius, power)
    top = -0.5 * (centre / radius) ** 2 - power * log_cosh(a + centre)
    total = 1.0
    for direction in (-1.0, 1.0):
        v = centre
        while True:
            v += direction * step
            term = -0.5 * (v / radius) ** 2 - power * log_cosh(a + v) - top
            if term < -_DROP:
                break
            total += math.exp(term)
    return math.exp(top + shift + math.log(total * step / (radius * math.sqrt(2.0 * math.pi))))


@njit(cache=True)
def sech_averages(a, radii, power, shifts):
    """`sech_average` over one-dimensional arrays."""
    out = np.empty(a.shape[0])
    for i in range(a.shape[0]):
        out[i] = sech_average(a[i], radii[i], power, shifts[i])
    return out
