"""Means on the sphere with a trained variance, as theory section 11 defines them: its equations in plain NumPy.

No formula of the package is used: averages are sums over a grid, the flow is SciPy's, and thresholds are found by
integrating many starts at once and halving between the last that collapses and the first that does not.
"""

from itertools import pairwise

import numpy as np
from scipy.integrate import solve_ivp
from scipy.special import erf

_Z = np.linspace(-9, 9, 361)
_DENSITY = np.exp(-0.5 * _Z**2) / np.exp(-0.5 * _Z**2).sum()
_S = np.linspace(-18, 18, 241)
_SECH2 = (_S[1] - _S[0]) / np.cosh(_S) ** 2


def overlap(distance):
    """G of equal weights, shape of the distance."""
    distance = np.asarray(distance)
    mean = (1 / np.cosh(distance[..., None] * _Z / 2)) @ _DENSITY
    return 0.25 * np.exp(-(distance**2) / 8) * mean


def mean_label(a, spread):
    """E tanh(a + spread z), by parts: tanh is a mixture of steps."""
    return 0.5 * erf((np.asarray(a)[..., None] - _S) / (spread * np.sqrt(2))) @ _SECH2


def label_slope(a, spread):
    """E sech^2(a + spread z)."""
    return np.exp(-0.5 * ((_S - np.asarray(a)[..., None]) / spread) ** 2) @ _SECH2 / (spread * np.sqrt(2 * np.pi))


def centre_slope(spread):
    """E sech^2(spread z)."""
    return label_slope(0.0, spread)


def cooling(initial, duration):
    """T(t) of the paper: T0^(1 - t/t0), then 1."""
    return lambda t: initial ** (1 - t / duration) if t < duration else 1.0


def flow_rates(R, h, T, rule, count, dim=np.inf):
    """Rates of (m1, m2, s) of `count` pairs, one after the other, and of v; m_i in units of R^2.

    In a dimension v moves by the slope of the loss in a variance that both components have, as theory section 3 defines
    it, and is that of one pair: v' = -2 v T (dL/dv)/d.
    """
    assert dim == np.inf or count == 1

    def rates(t, state):
        m1, m2, s = state[:-1].reshape(3, count)
        v = {"trained": state[-1], "follows-temperature": T(t), "fixed": 1.0}[rule]
        psi1, psi2 = mean_label(R**2 * np.array([m1, m2]) + h, R * np.sqrt(v))
        g = T(t) / v * overlap(R * np.sqrt(np.maximum(2 * (1 - s), 0) / v))
        bend = 0.0
        if dim < np.inf:
            primes = label_slope(R**2 * np.array([m1, m2]) + h, R * np.sqrt(v))
            bend = (R**2 * (v * primes.sum() / 2 - 2 * (1 - s[0]) * g[0])) / dim
        return np.concatenate([
            0.5 * (1 - m1**2) * psi1 + g * (m1 * s - m2),
            0.5 * (1 - m2**2) * psi2 + g * (m2 * s - m1),
            0.5 * psi1 * (m2 - m1 * s) + 0.5 * psi2 * (m1 - m2 * s) - 2 * g * (1 - s**2),
            [T(t) - state[-1] + bend],
        ])  # fmt: skip

    return rates


def collapsed(R, weight, T, duration, rule, x, rtol=1e-9, dim=np.inf):
    """Whether pairs of cosine x, with m1 + m2 = 0 and orthogonal to each other at the start, end at one mode."""
    x = np.asarray(x, dtype=float)
    if dim < np.inf and x.size > 1:
        return np.concatenate([collapsed(R, weight, T, duration, rule, [one], rtol, dim) for one in x])
    h = 0.5 * np.log(weight / (1 - weight))
    state = np.concatenate([x / np.sqrt(2), -x / np.sqrt(2), 0 * x, [T(0.0)]])
    rates = flow_rates(R, h, T, rule, x.size, dim)
    for left, right in ((0.0, duration), (duration, duration + 60.0)):
        found = solve_ivp(rates, (left, right), state, method="DOP853", rtol=rtol, atol=1e-3 * rtol)
        state = found.y[:, -1]
    return state[2 * x.size : 3 * x.size] > 0


def trajectory(R, weight, T, rule, start, times, dim=np.inf):
    """(m1/R^2, m2/R^2, s, v) from a start, a row a time; the first time is 0, and T may have kinks at the others."""
    h = 0.5 * np.log(weight / (1 - weight))
    rates, rows = flow_rates(R, h, T, rule, 1, dim), [np.array([*start, T(0.0)])]
    for left, right in pairwise(times):
        found = solve_ivp(rates, (left, right), rows[-1], method="DOP853", rtol=1e-9, atol=1e-12)
        rows.append(found.y[:, -1])
    return np.array(rows)


def log_threshold(R, weight, T, duration, rule, *, rtol=1e-9, accuracy=1e-4, starts=12, low=-20.0, high=0.0):
    """log x_c, halved to the accuracy between a start that collapses and one that does not."""
    while high - low > accuracy:
        inner = np.linspace(low, high, starts + 2)[1:-1]
        verdicts = collapsed(R, weight, T, duration, rule, np.minimum(np.exp(inner), 0.999), rtol)
        last = int(verdicts.sum())
        assert (verdicts[:last]).all(), "the collapse set is no interval"
        low, high = ([low, *inner, high])[last : last + 2]
    return (low + high) / 2
