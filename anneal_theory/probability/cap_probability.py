"""Logarithms of the chance that a random direction lies within a threshold, and beyond it (theory section 5)."""

import math

import numpy as np
from scipy import special

from anneal_theory._types import FloatArray
from anneal_theory.formulas.pair_coordinates import angle_near_axis
from anneal_theory.formulas.start_law import log_cosine, log_sine_squared

_TINY = -300.0  # log rho below which the leading term is exact to double precision for every d up to 1e12


def log_cap(log_rho: FloatArray, dim: int) -> tuple[FloatArray, FloatArray]:
    """(log I_x, log(1 - I_x)) with I_x(1/2, (d-1)/2), x = rho^2/(1 + rho^2) (theory section 5; DLMF 8.17)."""
    x = np.asarray(log_rho, dtype=np.float64)
    half = 0.5 * (dim - 1)
    _, larger, smaller = angle_near_axis(np.abs(x))
    cosine2, sine2 = np.where(x > 0, larger, smaller), np.where(x > 0, smaller, larger)
    with np.errstate(divide="ignore"):
        tail = special.betainc(half, 0.5, sine2)
        direct = np.where(tail < 0.5, np.log1p(-np.minimum(tail, 0.5)), np.log(special.betainc(0.5, half, cosine2)))
        leading = x + math.log(2.0) - special.betaln(0.5, half)
        inside = np.where(x < _TINY, leading, direct)
        share = special.betainc(0.5, half, cosine2)
        # Where the cap is small the sine rounds to 1: its complement is the accurate one.
        beyond = np.where(share < 0.5, np.log1p(-share), np.log(tail))
    deep = np.isfinite(x) & (np.isneginf(beyond))
    if deep.any():
        beyond = np.where(deep, _log_beta_tail(half, np.where(deep, x, 0.0)), beyond)
    return inside, beyond


def _log_beta_tail(a: float, log_rho: FloatArray) -> FloatArray:
    """log I_y(a, 1/2) at y = 1/(1 + rho^2) where it underflows, by the continued fraction DLMF 8.17.22."""
    log_y = log_sine_squared(log_rho)
    y, b = np.exp(log_y), 0.5
    log_front = a * log_y + b * 2 * log_cosine(log_rho) - math.log(a) - special.betaln(a, b)
    # Evaluated from the tail: far in the tail y is well below (a + 1)/(a + b + 2), and 200 terms are plenty.
    tail = np.zeros_like(y)
    for k in range(200, 0, -1):
        m = k // 2
        odd = -(a + m) / (a + 2 * m) * ((a + b + m) / (a + 2 * m + 1))  # quotients first: a may be 1e300
        even = m / (a + 2 * m - 1) * ((b - m) / (a + 2 * m))
        tail = (odd if k % 2 else even) * y / (1 + tail)
    return np.asarray(log_front - np.log1p(tail))


def log_erf(log_z: FloatArray) -> tuple[FloatArray, FloatArray]:
    """(log erf, log erfc) of z, from log z (theory section 5; DLMF 7.2, 7.6)."""
    x = np.asarray(log_z, dtype=np.float64)
    z = np.exp(np.minimum(x, 300.0))
    with np.errstate(divide="ignore"):
        inside = np.where(x < -20.0, x + math.log(2 / math.sqrt(math.pi)), np.log(special.erf(z)))
    beyond = math.log(2.0) + special.log_ndtr(-math.sqrt(2.0) * np.minimum(z, 1e100))
    return inside, np.where(np.isposinf(x), -np.inf, beyond)
