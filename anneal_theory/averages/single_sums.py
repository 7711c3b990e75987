r"""The four averages of one number in doubles: the sums of `quadrature_double`, with what depends on R alone kept.

`quadrature_double` works on arrays, and one number would pay for dozens of array operations on a single entry. Here the
nodes and weights of an R are made once, branches are Python's, and for R below `CROSSOVER` the two halves of the
trapezoidal rule are added before they are summed, so that only nodes ``b = R z >= 0`` are left:

    tanh(a+b) + tanh(a-b)             = 2 sinh 2a / (cosh 2a + cosh 2b)
    sech^2(a+b) + sech^2(a-b)         = 4 (1 + cosh 2a cosh 2b) / (cosh 2a + cosh 2b)^2
    log cosh(a+b) + log cosh(a-b)     = log(1 + sinh^2 a + sinh^2 b)
    sech(a+b) + sech(a-b)             = 2 cosh a cosh b / (cosh^2 a + sinh^2 b)

All terms are positive. The errors of the rules, and the larger R, are as `quadrature_double` has them.
"""

import math
from functools import lru_cache

import numpy as np

from anneal_theory._types import FloatArray
from anneal_theory.averages.quadrature_double import (
    CROSSOVER,
    GAUSS_STEP,
    GONE,
    HUGE,
    LIFT,
    LOG_TWO,
    LOSS,
    MMSE_END,
    POLES,
    REACH,
    TINY,
    kink_transform,
    positive_nodes,
    saturation,
)

_KEPT = 512  # separations whose nodes are kept, a few kilobytes each
_CERTAIN = 300.0  # beyond, log cosh(a + Rz) is a + Rz - log 2 at every node of a small R
_Nodes = tuple[FloatArray, ...]


def label_mean(a: float, radius: float) -> float:
    """psi at ``a = m + h >= 0``."""
    if a < TINY:  # linear there: lifted away from the denormals, so that the result is rounded once
        return label_mean(a * LIFT, radius) / LIFT if a else 0.0
    if radius >= CROSSOVER:
        edge, x, weights, _ = _waves(radius)
        return float(np.sin(a / radius * x) @ weights) if a < edge else 1.0
    twice, weights = _cosines(radius)
    decay = math.exp(-2 * a)
    return min(1.0, -math.expm1(-4 * a) * float((1 / ((1 + decay * decay) + decay * twice)) @ weights))


def label_slope(a: float, radius: float) -> float:
    """psi' at ``a = m + h >= 0``."""
    a = min(a, HUGE)
    if radius >= CROSSOVER:
        exponent, factor = _descent(a, radius, 2, _kept_line(radius))
        return assembled(exponent, factor)
    if a >= 3 * radius * radius + 0.5 * LOSS + 1:  # the next exponential is below exp(-LOSS)
        return assembled(2 * (radius * radius - a), 4.0)
    twice, weights = _cosines(radius)
    decay = math.exp(-2 * a)
    even = 1 + decay * decay
    below = even + decay * twice
    return 2 * decay * float(((4 * decay + even * twice) / (below * below)) @ weights)


def log_cosh_mean(a: float, radius: float) -> float:
    """phi at ``a = m + h >= 0``."""
    if radius >= CROSSOVER:
        t = min(a / radius, HUGE)
        folded = radius * math.sqrt(2 / math.pi) * math.exp(-0.5 * t * t) + a * math.erf(t / math.sqrt(2))
        edge, x, _, weights = _waves(radius)
        return folded - LOG_TWO + (float(np.cos(a / radius * x) @ weights) if a < edge else 0.0)
    if a > _CERTAIN:
        return a - LOG_TWO
    squares, weights = _squares(radius)
    return 0.5 * float(np.log1p(math.sinh(a) ** 2 + squares) @ weights)


def overlap(distance: float, tilt: float, scale: float) -> float:
    """G of two components a distance apart; tilt and scale as of `quadrature_double.tilt_and_scale`."""
    distance = min(distance, 2 * MMSE_END)
    radius, tilt = 0.5 * distance, abs(tilt)
    if radius >= CROSSOVER:
        exponent, factor = _descent(tilt, radius, 1, _line(radius))
        return assembled(exponent - 0.5 * radius * radius, 0.5 * scale * factor)
    z, weights = _widest()
    b, ratio = radius * z, 1 / math.cosh(tilt)
    odd = ratio * np.sinh(b)
    mean = float((np.cosh(b) / (1 + odd * odd)) @ weights)
    return 0.5 * scale * ratio * mean * math.exp(-0.5 * radius * radius)


def assembled(exponent: float, factor: float) -> float:
    """exp(exponent) factor, as `quadrature_double.assembled` has it."""
    if exponent < 2 * GONE:
        return math.exp(exponent)
    log_value = exponent + math.log(factor)
    return math.exp(exponent) * factor if log_value > GONE else math.exp(log_value)


@lru_cache(_KEPT)
def _waves(radius: float) -> tuple[float, FloatArray, FloatArray, FloatArray]:
    """The end of both transforms in a, nodes in k R (of the largest a's step), and weights of sines and cosines."""
    edge = saturation(radius)
    step = math.pi * radius / edge
    x = step * (np.arange(math.ceil(REACH / step) + 1.0) + 0.5)
    gauss, half = step / radius * np.exp(-0.5 * x * x), 0.5 * math.pi * x / radius
    return edge, x, gauss / np.sinh(half), gauss / math.pi * kink_transform(half)


@lru_cache(_KEPT)
def _cosines(radius: float) -> _Nodes:
    """2 cosh 2Rz and weights: sech^2 has its peaks up to 2R from 0."""
    z, weights = positive_nodes(radius, 2 * radius)
    return 2 * np.cosh(2 * radius * z), weights


@lru_cache(_KEPT)
def _squares(radius: float) -> _Nodes:
    z, weights = positive_nodes(radius)
    return np.sinh(radius * z) ** 2, weights


@lru_cache(1)
def _widest() -> _Nodes:
    """Nodes that serve every D below 2 `CROSSOVER`."""
    return positive_nodes(CROSSOVER, CROSSOVER)


def _line(radius: float) -> _Nodes:
    """k sinh, sinh, cosh at half the nodes, and the weights, on the line of steepest descent."""
    x = GAUSS_STEP * (np.arange(math.ceil(REACH / GAUSS_STEP) + 1) + 0.5)
    k = x / radius
    sinh, cosh = np.sinh(0.5 * math.pi * k), np.cosh(0.5 * math.pi * k)
    return k * sinh, cosh, sinh * sinh, GAUSS_STEP / radius * np.exp(-0.5 * x * x)


_kept_line = lru_cache(_KEPT)(_line)


def _descent(a: float, radius: float, power: int, line: _Nodes) -> tuple[float, float]:
    """``E sech^power(a + Rz)`` as `quadrature_double.descent` has it; (exponent, factor)."""
    lift = a / radius
    gap = power * radius - lift
    exponent = power * (0.5 * power * radius * radius - a) if gap < 0 else -0.5 * lift * lift
    factor = 0.0
    if gap > -REACH:
        odd, cosh, squared, weights = line
        eta = lift / radius
        angle = 0.5 * math.pi * math.fmod(eta, 4.0)
        sine, cosine = math.sin(angle), math.cos(angle)
        if power == 2:
            terms = (cosine * odd + (eta * sine) * cosh) / (squared + sine * sine)
        else:
            terms = cosine * cosh / (squared + cosine * cosine)
        factor = float(terms @ weights) * math.exp(-0.5 * min(gap, 0.0) ** 2)
    for n in range(1, POLES + 1):
        pole = (2.0 * n if power == 2 else 2.0 * n - 1.0) * radius
        if pole - lift >= REACH:  # and all that follow
            break
        size = (4.0 * n if power == 2 else 2.0) * (1.0 if n % 2 else -1.0)
        factor += _residue(size, pole, pole - lift, lift, exponent)
        if pole + lift < REACH:
            factor += _residue(size, -pole, pole + lift, lift, exponent)
    return exponent, factor


def _residue(size: float, pole: float, distance: float, lift: float, exponent: float) -> float:
    """A pole's share in units of exp(exponent), as `quadrature_double` adds it; `pole` is in units of 1/R."""
    power = min(pole * (0.5 * pole - lift) - exponent, -GONE)  # at huge R rounding alone is more: see `assembled`
    return size * math.exp(power) / (1 + math.exp(REACH * distance))
