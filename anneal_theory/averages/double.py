"""psi, psi', phi and the label overlap G in doubles (theory section 2), for numbers and one-dimensional arrays.

A number is summed by `single_sums`, a few values by `quadrature_double`; from `TABLE_FROM` values on, the fixed-target
table is read instead, which costs nanoseconds a value and agrees to a few units in the last place. `low_part` is what
a single m that is no double has beyond its nearest double.
"""

import math
from collections.abc import Callable
from fractions import Fraction
from functools import lru_cache
from types import MappingProxyType, ModuleType

import numpy as np

from anneal_theory._types import FloatArray
from anneal_theory.averages import quadrature_double, single_sums
from anneal_theory.errors import DomainError
from anneal_theory.problem import BimodalTarget

TABLE_FROM = 16384  # values: about where a table pays, with the time to load its compiled loops
SMALLEST_TABLED_PHI = 0.01  # below, phi varies in a panel by more than its relative accuracy allows
_CHUNK = 64  # rows summed at once: the terms of a chunk stay in the cache
_LARGEST_SEPARATION = 1e100  # squares of R stay finite


def _tables() -> ModuleType:
    from anneal_theory.averages import tables  # loads numba, which single numbers do not need

    return tables


def shifted(m: FloatArray, target: BimodalTarget, low_part: float = 0.0) -> FloatArray:
    """m + low_part + h: where m is so close to -h that the low parts count, the first sum is exact (Sterbenz)."""
    high, low = target.half_log_odds_pair
    return np.asarray((m + high) + (low + low_part))


def psi(m: FloatArray, target: BimodalTarget, low_part: float = 0.0) -> FloatArray:
    """E tanh(m + h + R z)."""
    radius = _separation(target)
    if m.size >= TABLE_FROM:
        return np.asarray(_tables().label_table(target).psi_values(m))
    a = shifted(m, target, low_part)
    return np.copysign(_by_chunks(lambda part: quadrature_double.label_mean(part, radius), np.abs(a)), a)


def psi_prime(m: FloatArray, target: BimodalTarget, low_part: float = 0.0) -> FloatArray:
    """E sech^2(m + h + R z)."""
    radius = _separation(target)
    if m.size >= TABLE_FROM:
        return np.asarray(_tables().label_table(target).psi_prime_values(m))
    return _by_chunks(lambda part: quadrature_double.label_slope(part, radius), np.abs(shifted(m, target, low_part)))


def psi_prime_by_rows(m: FloatArray, target: BimodalTarget, rows: int) -> FloatArray:
    """psi' by its sums of however many finite overlaps, so many rows of terms at once.

    512 take a third of the time of 64, and change last places alone, by the order in which a library adds.
    """
    radius = _separation(target)
    return _by_chunks(lambda part: quadrature_double.label_slope(part, radius), np.abs(shifted(m, target)), rows)


def phi(m: FloatArray, target: BimodalTarget, low_part: float = 0.0) -> FloatArray:
    """E log cosh(m + h + R z)."""
    radius = _separation(target)
    if m.size >= TABLE_FROM and radius >= SMALLEST_TABLED_PHI:
        return np.asarray(_tables().phi_values(m, target))
    return _by_chunks(lambda part: quadrature_double.log_cosh_mean(part, radius), np.abs(shifted(m, target, low_part)))


def mmse(distance: FloatArray, weight: Fraction) -> FloatArray:
    """G(D; w) = sqrt(w(1-w)) exp(-D^2/8) E[(1/2) sech(D z/2 + c)]."""
    if distance.size >= TABLE_FROM:
        values = np.asarray(_tables().mmse_table(weight).values(distance))
    else:
        values = _by_chunks(lambda part: _mmse_sum(part, weight), distance)
    return np.asarray(np.minimum(values, _of_weight(weight)[2]))  # its value at D = 0, which a rounding may pass


def _mmse_sum(distance: FloatArray, weight: Fraction) -> FloatArray:
    tilt, scale, _ = _of_weight(weight)
    inside = np.minimum(distance, 2 * quadrature_double.MMSE_END)
    exponent, factor = quadrature_double.scaled_overlap(inside, tilt)
    return quadrature_double.assembled(exponent - 0.125 * inside * inside, scale * factor)


# The rule of `single_sums` that gives each at |m + h|.
_SINGLE = MappingProxyType({"psi": "label_mean", "psi_prime": "label_slope", "phi": "log_cosh_mean"})


def of_number(name: str, m: float, target: BimodalTarget, low_part: float = 0.0) -> float:
    """psi, psi' or phi at one finite double, and what the number has beyond it."""
    high, low = target.half_log_odds_pair
    a = (m + high) + (low + low_part)
    value: float = getattr(single_sums, _SINGLE[name])(abs(a), _separation(target))
    return math.copysign(value, a) if name == "psi" else value


def mmse_of_number(distance: float, weight: Fraction) -> float:
    """G(D; w) at one finite distance."""
    tilt, scale, largest = _of_weight(weight)
    return min(single_sums.overlap(distance, tilt, scale), largest)


@lru_cache(1024)
def _of_weight(weight: Fraction) -> tuple[float, float, float]:
    return *quadrature_double.tilt_and_scale(weight), float(weight * (1 - weight))


def _separation(target: BimodalTarget) -> float:
    separation = target.separation
    if separation > _LARGEST_SEPARATION:
        raise DomainError.of("separation", "at most 1e100 in double precision", separation, "ask for digits= instead")
    return separation


def _by_chunks(rule: Callable[[FloatArray], FloatArray], x: FloatArray, rows: int = _CHUNK) -> FloatArray:
    if x.size <= rows:
        return rule(x)
    return np.concatenate([rule(x[i : i + rows]) for i in range(0, x.size, rows)])


def checked_elementwise(rule: Callable[[FloatArray], FloatArray], value: object, argument: str) -> float | FloatArray:
    """Apply a rule of one-dimensional arrays to a number or an array of any shape.

    Raises:
        DomainError: an entry is not a finite number.
    """
    try:
        array = np.asarray(value, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise DomainError.of(argument, "a number or an array of numbers", value, "check its entries") from error
    if not np.all(np.isfinite(array)):
        raise DomainError.of(argument, "finite", value, "remove the infinite or undefined entries")
    if not array.size:
        return np.zeros(array.shape)
    with np.errstate(under="ignore"):  # underflow is where the truth underflows
        out = rule(array.ravel()).reshape(array.shape)
    return float(out) if array.ndim == 0 else out
