r"""The four averages in double precision as sums of a few dozen terms, vectorised over the overlap.

Every function takes ``a = |m + h| >= 0`` as a one-dimensional array and a scalar (or equally long) R. Two routes, each
with relative accuracy in the tails:

- R below `CROSSOVER`: the trapezoidal rule in z, on terms that are all positive, around the integrand's peak. The
  integrand is analytic in ``|Im z| < pi/(2R)``, so the rule's error is ``exp(y^2/2 - 2 pi y/step)`` for the largest
  admissible shift y: at most pi/(2R), and at best ``2 pi/step``.
- R above it: the same integrals in Fourier space, along the line ``Im k = a/R^2`` of steepest descent, where the
  factor ``exp(-a^2/(2R^2))`` comes out and a Gaussian times a slowly varying function of k is left. Poles that lie
  within reach of the rule are corrected by their residues (`descent`).

The errors of the rules are below ``exp(-LOSS)``; what remains is rounding.
"""

import math
from fractions import Fraction
from functools import lru_cache

import numpy as np

from anneal_theory._types import BoolArray, FloatArray
from anneal_theory.problem.target import half_log_odds

CROSSOVER = 1.5
MMSE_END = 78.0  # exp(-D^2/8) is 0 beyond
LOSS = 42.0  # exp(-42) = 6e-19; polynomial factors of z cost up to 80 of it
_POLE_LOSS = LOSS + 5  # a double pole near the shifted line enlarges the error's coefficient
REACH = math.sqrt(2 * LOSS)  # in standard deviations: the Gaussian has lost exp(-LOSS)
GAUSS_STEP = 2 * math.pi / REACH
HUGE = 1e150  # overlaps beyond are as good as infinite, and their squares are not
POLES = 6  # poles beyond the sixth weigh less than exp(-LOSS) for R >= CROSSOVER
GONE = -700.0  # exponent of e at which doubles end, and a little before
TINY, LIFT = 1e-200, 2.0**500
_ROOT_TWO_PI = math.sqrt(2 * math.pi)
LOG_TWO = math.log(2.0)


def trapezoid_step(radius: float) -> float:
    """Step in z that leaves exp(-LOSS) for an integrand with its poles at Im z = pi/(2R)."""
    if radius < GAUSS_STEP / 6:
        return GAUSS_STEP
    return min(GAUSS_STEP, math.pi**2 / (radius * (_POLE_LOSS + math.pi**2 / (8 * radius**2))))


def positive_nodes(radius: float, shift: float = 0.0) -> tuple[FloatArray, FloatArray]:
    """Nodes z >= 0 and weights of the mean of an even function of z whose peaks lie at most `shift` from 0."""
    step = trapezoid_step(radius)
    reach = REACH + 1 + shift  # log cosh grows like z^2: one standard deviation more
    z = step * np.arange(math.ceil(reach / step) + 1.0)
    weights = 2 * step / _ROOT_TWO_PI * np.exp(-0.5 * z * z)
    weights[0] *= 0.5
    return z, weights


def label_mean(a: FloatArray, radius: float) -> FloatArray:
    """psi at ``a = m + h >= 0``: ``E sinh 2a / (cosh 2a + cosh 2Rz)``, or the sine transform for larger R.

    It is linear in a tiny a, which is lifted away from the denormals, so that the result is rounded once.
    """
    a = np.minimum(a, HUGE)
    mean = _sine_transform if radius >= CROSSOVER else _paired_mean
    if a.min(initial=1.0) >= TINY:
        return mean(a, radius)
    lift = np.where(a < TINY, LIFT, 1.0)
    return mean(a * lift, radius) / lift


def _paired_mean(a: FloatArray, radius: float) -> FloatArray:
    z, weights = positive_nodes(radius)
    decay = np.exp(-2 * a)
    inverse = 1 / (1 + decay[:, None] ** 2 + decay[:, None] * (2 * np.cosh(2 * radius * z)))
    return np.asarray(-np.expm1(-4 * a) * (inverse @ weights))


def saturation(radius: float) -> float:
    """Overlap beyond which 1 - psi is below exp(-LOSS)."""
    gaussian, exponential = REACH * radius, radius**2 + 0.5 * (LOSS + LOG_TWO)
    return exponential if gaussian > 2 * radius**2 else max(gaussian, 0.0)


def _sine_transform(a: FloatArray, radius: float) -> FloatArray:
    """psi = int_0^inf sin(ka) exp(-R^2 k^2/2)/sinh(pi k/2) dk by midpoints; in x = kR.

    Aliases are (-1)^n psi(a + n period): they cancel in pairs up to 1 - psi(period - a).
    """
    edge = saturation(radius)
    inside = a < edge
    reduced = np.where(inside, a, 0.0) / radius
    top = float(reduced.max(initial=0.0))
    step = 2 * math.pi / (top + edge / radius)
    x = step * (np.arange(math.ceil(REACH / step) + 1.0) + 0.5)
    weights = step * np.exp(-0.5 * x * x) / (radius * np.sinh(math.pi * x / (2 * radius)))
    return np.where(inside, np.sin(reduced[:, None] * x) @ weights, 1.0)


def peak(a: FloatArray, radius: FloatArray, power: int) -> FloatArray:
    """u at the maximum of ``-(u-a)^2/(2R^2) - power log cosh u``: Newton from the left, monotone."""
    u = np.maximum(a - power * radius**2, 0.0)
    for _ in range(5):  # the place need not be exact
        t = np.tanh(u)
        u = u + (a - u - power * radius**2 * t) / (1 + power * radius**2 * (1 - t * t))
    return np.asarray(u)


def sech_mean_log(a: FloatArray, radius: FloatArray, power: int) -> tuple[FloatArray, FloatArray]:
    """``E sech^power(a + Rz)`` for power 1 or 2 as (exponent, factor); `radius` is one, or as long as `a`."""
    a = np.minimum(a, HUGE)
    small = radius < CROSSOVER
    if small.all():
        return _from_the_left(a, radius, power)
    if not small.any():
        return descent(a, radius, power)
    exponent, factor = np.empty_like(a), np.empty_like(a)
    exponent[small], factor[small] = _from_the_left(a[small], radius[small], power)
    exponent[~small], factor[~small] = descent(a[~small], radius[~small], power)
    return exponent, factor


def _of(radius: FloatArray, chosen: BoolArray) -> FloatArray:
    return radius if radius.size == 1 else radius[chosen]


def _from_the_left(a: FloatArray, radius: FloatArray, power: int) -> tuple[FloatArray, FloatArray]:
    """Small R: the trapezoidal rule, and (2 e^{-u})^power where the next exponential is below exp(-LOSS)."""
    exponent, factor = power * (0.5 * power * radius**2 - a), np.full_like(a, 2.0**power)
    bulk = a < 3 * radius**2 + 0.5 * LOSS + 1
    if bulk.any():
        exponent[bulk], factor[bulk] = _around_the_peak(a[bulk], _of(radius, bulk), power)
    return exponent, factor


def _around_the_peak(a: FloatArray, radius: FloatArray, power: int) -> tuple[FloatArray, FloatArray]:
    step = trapezoid_step(float(radius.max()))
    count = math.ceil(REACH / step)
    z0 = -power * radius * np.tanh(peak(a, radius, power))
    z = z0[:, None] + step * np.arange(-count, count + 1)
    size = np.abs(a[:, None] + radius[:, None] * z)
    top = -0.5 * z0 * z0 - power * np.abs(a + radius * z0)
    terms = np.exp(-0.5 * z * z - power * size - top[:, None]) * (2 / (1 + np.exp(-2 * size))) ** power
    return top, step / _ROOT_TWO_PI * terms.sum(axis=1)


def descent(a: FloatArray, radius: FloatArray, power: int) -> tuple[FloatArray, FloatArray]:
    """``E sech^power(a + Rz)`` by midpoints along the line of steepest descent, with residues; (exponent, factor).

    The transform of sech^2 is ``pi k/sinh(pi k/2)`` with poles at 2i, 4i, ...; that of sech is ``pi/cosh(pi k/2)``
    with poles at i, 3i, ... On ``Im k = a/R^2`` a pole p lies ``d = pR - a/R`` above the line, and the midpoint rule of
    step s in ``x = R Re k`` needs ``2 pi i Res/(1 + exp(2 pi |d|/s))`` added on its own side of the real axis, and the
    complement of that where the line has passed the pole.
    """
    lift = a / radius
    gap = power * radius - lift
    # Beyond the first pole its residue exp(p^2 R^2/2 - p a) is the larger part, and sets the exponent.
    exponent = np.where(gap < 0, power * (0.5 * power * radius**2 - a), -0.5 * lift**2)
    factor = np.zeros_like(a)
    bulk = gap > -REACH
    if bulk.any():
        line = _descent_line(lift[bulk], _of(radius, bulk), power)
        factor[bulk] = line * np.exp(-0.5 * np.minimum(gap[bulk], 0.0) ** 2)
    nearest, lowest, highest = float(radius.min()), float(lift.min()), float(lift.max())
    for n in range(1, POLES + 1):
        pole = 2.0 * n if power == 2 else 2.0 * n - 1.0
        size = (4.0 * n if power == 2 else 2.0) * (1.0 if n % 2 else -1.0)
        if pole * nearest - highest < REACH:
            _add_residue(factor, size, pole, radius, lift, exponent)
        if pole * nearest + lowest < REACH:
            _add_residue(factor, size, -pole, radius, lift, exponent)
    return exponent, factor


_MIDPOINTS = GAUSS_STEP * (np.arange(math.ceil(REACH / GAUSS_STEP) + 1) + 0.5)
_MIDPOINT_WEIGHTS = GAUSS_STEP * np.exp(-0.5 * _MIDPOINTS * _MIDPOINTS)


def _nodes_on_line(radius: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """k sinh, cosh and sinh^2 at the midpoints of each R."""
    k = _MIDPOINTS / radius[:, None]
    sinh, cosh = np.sinh(0.5 * math.pi * k), np.cosh(0.5 * math.pi * k)
    return k * sinh, cosh, sinh**2


@lru_cache(64)
def _kept_nodes(radius: float) -> tuple[FloatArray, FloatArray, FloatArray]:
    return _nodes_on_line(np.array([radius]))


def _descent_line(lift: FloatArray, radius: FloatArray, power: int) -> FloatArray:
    odd, cosh, squared = _kept_nodes(float(radius[0])) if radius.size == 1 else _nodes_on_line(radius)
    eta = (lift / radius)[:, None]
    angle = 0.5 * math.pi * np.fmod(eta, 4.0)
    sine, cosine = np.sin(angle), np.cos(angle)
    if power == 2:
        terms = (cosine * odd + (eta * sine) * cosh) / (squared + sine**2)
    else:
        terms = cosine * cosh / (squared + cosine**2)
    return np.asarray((terms @ _MIDPOINT_WEIGHTS) / radius)


def _add_residue(
    factor: FloatArray, size: float, pole: float, radius: FloatArray, lift: FloatArray, exponent: FloatArray
) -> None:
    """Add size exp(p^2 R^2/2 - p a)/(1 + exp(2 pi d/s)), in units of exp(exponent), where the pole is within reach."""
    distance = (pole * radius - lift) * (1.0 if pole > 0 else -1.0)
    near = distance < REACH
    r = _of(radius, near)
    power = pole * r * (0.5 * pole * r - lift[near]) - exponent[near]
    power = np.minimum(power, -GONE)  # at huge R rounding alone is more: see `assembled`
    factor[near] += size * np.exp(power) / (1 + np.exp(REACH * distance[near]))


def label_slope(a: FloatArray, radius: float) -> FloatArray:
    """psi' at ``a = m + h >= 0``."""
    exponent, factor = sech_mean_log(a, np.array([radius]), 2)
    return assembled(exponent, factor)


def assembled(exponent: FloatArray, factor: FloatArray) -> FloatArray:
    """exp(exponent) factor, rounded once where it is denormal.

    Where the exponent is far below that of every double, its own rounding leaves the factor no digit; it needs none.
    """
    factor = np.where(exponent < 2 * GONE, 1.0, factor)
    log_value = exponent + np.log(factor)
    return np.where(log_value > GONE, np.exp(exponent) * factor, np.exp(log_value))


def log_cosh_mean(a: FloatArray, radius: float) -> FloatArray:
    """phi at ``a = m + h >= 0``.

    The trapezoidal rule on ``log cosh (a + Rz) >= 0``; for larger R the mean of ``|a + Rz| - log 2``, which is closed,
    and the cosine transform of the rest, ``log(1 + e^(-2|u|))``.
    """
    if radius >= CROSSOVER:
        return _folded_mean(a, radius) - LOG_TWO + _cosine_transform(a, radius)
    z, weights = positive_nodes(radius)
    shift = radius * z
    pairs = 0.5 * _log_cosh(a[:, None] + shift) + 0.5 * _log_cosh(a[:, None] - shift)
    return np.asarray(pairs @ weights)


def _log_cosh(u: FloatArray) -> FloatArray:
    size = np.abs(u)
    close = size < 1.0
    near = np.log1p(2 * np.sinh(0.5 * np.where(close, size, 0.0)) ** 2)
    return np.asarray(np.where(close, near, size - LOG_TWO + np.log1p(np.exp(-2 * np.minimum(size, LOSS)))))


def _folded_mean(a: FloatArray, radius: float) -> FloatArray:
    from scipy.special import erf  # takes a third of a second to load, and phi alone needs it

    t = np.minimum(a / radius, HUGE)
    return np.asarray(radius * math.sqrt(2 / math.pi) * np.exp(-0.5 * t * t) + a * erf(t / math.sqrt(2)))


def _cosine_transform(a: FloatArray, radius: float) -> FloatArray:
    """``E log(1 + e^(-2|u|)) = (1/pi) int_0^inf cos(ka) exp(-R^2 k^2/2) (2/k^2 - pi/(k sinh(pi k/2))) dk``."""
    edge = saturation(radius)
    inside = a < edge
    reduced = np.where(inside, a, 0.0) / radius
    step = 2 * math.pi / (float(reduced.max(initial=0.0)) + edge / radius)
    x = step * (np.arange(math.ceil(REACH / step) + 1.0) + 0.5)
    weights = step / (math.pi * radius) * np.exp(-0.5 * x * x) * kink_transform(0.5 * math.pi * x / radius)
    return np.where(inside, np.cos(reduced[:, None] * x) @ weights, 0.0)


def kink_transform(x: FloatArray) -> FloatArray:
    """``2/k^2 - pi/(k sinh(pi k/2)) = (pi^2/2) (sinh x - x)/(x^2 sinh x)`` at ``x = pi k/2``."""
    close = x < 1.0
    w = np.where(close, x * x, 0.0)
    series = np.ones_like(w)
    for n in range(11, 1, -1):  # (sinh x - x)/(x^3/6); the next term is below 1e-20
        series = 1 + w / (2 * n * (2 * n + 1)) * series
    sinh = np.sinh(x)
    ratio = np.where(close, series / 6 * x, (sinh - x) / (x * x))
    return np.asarray(0.5 * math.pi**2 * ratio / sinh)


def scaled_overlap(distance: FloatArray, tilt: float) -> tuple[FloatArray, FloatArray]:
    """``E sech(D z/2 + c)/2`` as (exponent, factor), for the label overlap G of two components (c = tilt)."""
    exponent, factor = sech_mean_log(np.full_like(distance, abs(tilt)), 0.5 * distance, 1)
    return exponent, 0.5 * factor


def tilt_and_scale(weight: Fraction) -> tuple[float, float]:
    """c = log(w/(1-w))/2 and sqrt(w(1-w)), from the exact weight: w near 1 loses nothing."""
    return half_log_odds(weight)[0], math.sqrt(float(weight)) * math.sqrt(float(1 - weight))
