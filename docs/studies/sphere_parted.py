"""The flow of training on the sphere with a variance for each component, in few dimensions, by its definition.

Nothing derived is used: what the gradients are in theory section 3 is summed over grids. Along the means' difference a
sample has a normal coordinate, across it a squared length whose law is a chi-square, and the target sees a normal one.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from scipy.special import erf, roots_genlaguerre

from anneal_theory._types import BoolArray, FloatArray

_ALONG = np.linspace(-6, 6, 33)
_STEPS = np.linspace(-14, 14, 141)  # tanh is a mixture of steps at these
_HEIGHTS = (_STEPS[1] - _STEPS[0]) / np.cosh(_STEPS) ** 2
_RADIAL = 12
_STEP, _COLD = 0.1, 25.0  # of Runge and Kutta's method, and time at T = 1
_LARGEST = 700.0  # exponent

Rates = Callable[[float, FloatArray], FloatArray]


def label_mean(a: FloatArray, spread: FloatArray) -> FloatArray:
    """E tanh(a + spread z)."""
    return np.asarray(0.5 * (erf((a[:, None] - _STEPS) / (spread[:, None] * np.sqrt(2))) @ _HEIGHTS))


def label_slope(a: FloatArray, spread: FloatArray) -> FloatArray:
    """E sech^2(a + spread z)."""
    density = np.exp(-(((a[:, None] - _STEPS) / spread[:, None]) ** 2) / 2) / (spread[:, None] * np.sqrt(2 * np.pi))
    return np.asarray(density @ _HEIGHTS)


def family_gradients(distance: FloatArray, variances: FloatArray, dim: int) -> tuple[list[Any], list[Any]]:
    """E_i of the slope of log q along mu_2 - mu_1 and of its Laplacian, under each component."""
    squares, heights = roots_genlaguerre(_RADIAL, (dim - 3) / 2)
    across = 2 * squares  # chi-square of d - 1 degrees of freedom
    weights = np.exp(-(_ALONG**2) / 2)[:, None] * heights
    weights /= weights.sum()
    spread = [one[:, None, None] for one in variances]
    centres = 0 * distance[:, None, None], distance[:, None, None]
    slopes, bends = [], []
    for centre, own in zip(centres, spread, strict=True):
        x, rest = centre + np.sqrt(own) * _ALONG[:, None], own * across
        long = [(x - other) ** 2 + rest for other in centres]
        logs = [-square / (2 * v) - dim / 2 * np.log(v) for square, v in zip(long, spread, strict=True)]
        second = 1 / (1 + np.exp(np.clip(logs[0] - logs[1], -_LARGEST, _LARGEST)))
        shares = 1 - second, second
        slope = sum(r * (other - x) / v for r, other, v in zip(shares, centres, spread, strict=True))
        inward = sum(r / v for r, v in zip(shares, spread, strict=True))
        bend = sum(r * (square / v**2 - dim / v) for r, square, v in zip(shares, long, spread, strict=True))
        slopes.append(np.sum(weights * slope, axis=(1, 2)))
        bends.append(np.sum(weights * (bend - slope**2 - rest * inward**2), axis=(1, 2)))
    return slopes, bends


def flow(separation: float, half_log_odds: float, temperature: Callable[[float], float], dim: int) -> Rates:
    """Rates of (m1, m2, s, v1, v2), shape (5, n), m_i in units of R^2; equal weights, the free energy."""

    def rates(t: float, state: FloatArray) -> FloatArray:
        m1, m2, s = state[:3]
        hot, distance = temperature(t), separation * np.sqrt(np.maximum(2 * (1 - state[2]), 1e-300))
        slopes, bends = family_gradients(distance, state[3:], dim)
        push_1, push_2 = (-hot * 0.5 * one / distance for one in slopes)  # times mu_2 - mu_1
        places = [separation**2 * m + half_log_odds for m in (m1, m2)]
        spreads = [separation * np.sqrt(v) for v in state[3:]]
        pull_1, pull_2 = (0.5 * label_mean(*one) for one in zip(places, spreads, strict=True))
        out = [
            pull_1 * (1 - m1**2) + push_1 * ((m2 - m1) + m1 * (1 - s)),
            pull_2 * (1 - m2**2) + push_2 * ((m2 - m1) - m2 * (1 - s)),
            pull_1 * (m2 - m1 * s) + pull_2 * (m1 - m2 * s) + (push_1 - push_2) * (1 - s**2),
        ]
        for place, spread, v, bend in zip(places, spreads, state[3:], bends, strict=True):
            gradient = 0.25 * (bend + (dim - separation**2 * label_slope(place, spread)) / hot)
            out.append(-4 * v * hot * gradient / dim)  # of v <- v (1 - 2 e T (dL/dv)/d)^2
        return np.array(out)

    return rates


def collapsed_of_own_variances(
    statistics: dict[str, FloatArray], separation: float, weight: float, initial: float, duration: float, dim: int
) -> BoolArray:
    """Which starts (m1, m2 and pair_overlap by name) collapse while the temperature is T0^(1 - t/t0), then 1."""
    h = 0.5 * np.log(weight / (1 - weight))
    rates = flow(separation, h, lambda t: initial ** (1 - t / duration) if t < duration else 1.0, dim)
    rows = [statistics["m1"] / separation**2, statistics["m2"] / separation**2, statistics["pair_overlap"]]
    state = np.array([*rows, *np.full((2, rows[0].size), float(initial))])
    for k in range(round((duration + _COLD) / _STEP)):
        t, half = k * _STEP, _STEP / 2
        first = rates(t, state)
        second = rates(t + half, state + half * first)
        third = rates(t + half, state + half * second)
        fourth = rates(t + _STEP * (1 - 1e-12), state + _STEP * third)
        state = state + _STEP / 6 * (first + 2 * second + 2 * third + fourth)
        state[:3] = np.clip(state[:3], -1, 1)
    return np.asarray(state[2] > 0)
