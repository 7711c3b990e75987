"""psi, psi', phi and the overlap G in double precision (theory section 2).

All are Gaussian averages of functions with poles at i pi/2, so trapezoidal rules converge geometrically; each is
arranged so that no cancellation is left. For R <= 1.5 psi and phi are summed over z; for larger R, psi is summed in
Fourier space (the aliases of a rule with period 2 b are 1 - psi(b), below 1e-17) and phi against the density of the
step that tanh is smoothed from.
"""

import math
from collections.abc import Callable
from fractions import Fraction

import numpy as np

from anneal_theory._types import FloatArray
from anneal_theory.averages.double_kernels import sech_averages
from anneal_theory.errors import DomainError
from anneal_theory.problem import BimodalTarget

_SMALL = 1.5  # separations up to here are summed over z
_CHUNK = 1 << 16
_STEP_Z = 0.17
_Z = np.arange(1, 54) * _STEP_Z
_WEIGHTS_Z = 2.0 * _STEP_Z * np.exp(-0.5 * _Z**2) / math.sqrt(2.0 * math.pi)
_WEIGHT_0 = _STEP_Z / math.sqrt(2.0 * math.pi)
_V = np.arange(-100, 101) * 0.2
_WEIGHTS_V = 0.1 / np.cosh(_V) ** 2


def saturation(radius: float) -> float:
    """The |m + h| beyond which 1 - |psi| is below 1e-17."""
    gauss = 8.7 * radius
    return gauss if gauss <= 2.0 * radius**2 else radius**2 + 20.5


def shifted(m: FloatArray, target: BimodalTarget) -> FloatArray:
    """m + h, rounded once: where m is close to -h the low part of h decides."""
    high, low = target.half_log_odds_pair
    total = m + high
    back = total - m
    return np.asarray(total + ((m - (total - back)) + (high - back) + low), dtype=np.float64)


def psi(m: FloatArray, target: BimodalTarget) -> FloatArray:
    """E tanh(m + h + R z)."""
    a, radius = shifted(m, target), target.separation
    return _by_chunks(lambda part: _psi_small(part, radius) if radius <= _SMALL else _psi_fourier(part, radius), a)


def _psi_small(a: FloatArray, radius: float) -> FloatArray:
    """E sinh 2a / (cosh 2a + cosh 2Rz): every term has the sign of a."""
    size = np.minimum(np.abs(a), 350.0)[:, None]
    up = np.exp(np.minimum(2.0 * radius * _Z - 2.0 * size, 700.0)) + np.exp(-2.0 * radius * _Z - 2.0 * size)
    terms = -np.expm1(-4.0 * size) / (1.0 + np.exp(-4.0 * size) + up)
    return np.asarray(np.copysign(terms @ _WEIGHTS_Z + _WEIGHT_0 * np.tanh(size[:, 0]), a), dtype=np.float64)


def _psi_fourier(a: FloatArray, radius: float) -> FloatArray:
    """int_0^inf sin(ka) exp(-R^2 k^2/2) / sinh(pi k/2) dk by the midpoint rule of period 2 b."""
    edge = saturation(radius)
    step = math.pi / edge
    k = step * (np.arange(math.ceil(8.8 / (radius * step))) + 0.5)
    weights = step * np.exp(-0.5 * (radius * k) ** 2) / np.sinh(0.5 * math.pi * k)
    inside = np.sin(np.clip(a, -edge, edge)[:, None] * k) @ weights
    return np.where(np.abs(a) < edge, inside, np.sign(a))


def psi_prime(m: FloatArray, target: BimodalTarget) -> FloatArray:
    """E sech^2(m + h + R z)."""
    a = shifted(m, target)
    return np.asarray(sech_averages(a, np.full(a.shape, target.separation), 2.0, np.zeros(a.shape)))


def phi(m: FloatArray, target: BimodalTarget) -> FloatArray:
    """E log cosh(m + h + R z)."""
    a, radius = np.abs(shifted(m, target)), target.separation
    return _by_chunks(lambda part: _phi_small(part, radius) if radius <= _SMALL else _phi_large(part, radius), a)


def _phi_small(a: FloatArray, radius: float) -> FloatArray:
    size, offset = a[:, None], radius * _Z
    pairs = 0.5 * (_log_cosh(size + offset) + _log_cosh(size - offset))
    return np.asarray(pairs @ _WEIGHTS_Z + _WEIGHT_0 * _log_cosh(a), dtype=np.float64)


def _phi_large(a: FloatArray, radius: float) -> FloatArray:
    """log cosh u + log 2 is |u - v| averaged over the density sech^2(v)/2; Gaussian averages of |.| are elementary."""
    from scipy import special

    gap = a[:, None] - _V
    spread = np.exp(-0.5 * (np.minimum(np.abs(gap), 40.0 * radius) / radius) ** 2)
    folded = radius * math.sqrt(2.0 / math.pi) * spread + gap * special.erf(gap / (radius * math.sqrt(2.0)))
    return np.asarray(folded @ _WEIGHTS_V - math.log(2.0), dtype=np.float64)


def _log_cosh(u: FloatArray) -> FloatArray:
    v = np.abs(u)
    near = np.log1p(2.0 * np.sinh(0.5 * np.minimum(v, 1.0)) ** 2)
    return np.where(v < 1.0, near, v + np.log1p(np.exp(-2.0 * v)) - math.log(2.0))


def mmse(distance: FloatArray, weight: Fraction) -> FloatArray:
    """G(D; w) = sqrt(w(1-w)) exp(-D^2/8) E[(1/2) sech(D z/2 + c)]."""
    c = 0.5 * (math.log(weight) - math.log(1 - weight)) if weight != Fraction(1, 2) else 0.0
    shift = 0.5 * (math.log(weight) + math.log(1 - weight)) - math.log(2.0)
    radii = 0.5 * np.minimum(distance, 200.0)  # G underflows from D = 78 on
    return np.asarray(sech_averages(np.full(radii.shape, c), radii, 1.0, shift - 0.5 * radii**2))


def _by_chunks(rule: Callable[[FloatArray], FloatArray], a: FloatArray) -> FloatArray:
    if a.size <= _CHUNK // 64:
        return rule(a)
    size = _CHUNK // 8
    return np.concatenate([rule(a[i : i + size]) for i in range(0, a.size, size)])


def elementwise(rule: Callable[[FloatArray], FloatArray], value: object, argument: str) -> float | FloatArray:
    """Apply a rule of one-dimensional arrays to a number or an array of any shape.

    Raises:
        DomainError: an entry is not a finite number.
    """
    array = np.asarray(value, dtype=np.float64)
    if not np.all(np.isfinite(array)):
        raise DomainError.of(argument, "finite", value, "remove the infinite or undefined entries")
    out = rule(array.ravel()).reshape(array.shape)
    return float(out) if array.ndim == 0 else out
