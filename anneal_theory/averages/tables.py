"""Piecewise polynomials of psi, psi' and G at a fixed target, for the inner loops of flows."""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

import numpy as np
from numpy.polynomial import chebyshev

from anneal_theory._types import Exactable, FloatArray
from anneal_theory.averages import double
from anneal_theory.exact import exact
from anneal_theory.problem import BimodalTarget

_DEGREE = 14
_NODES = chebyshev.chebpts1(_DEGREE + 1)
_POWERS = np.zeros((_DEGREE + 1, _DEGREE + 1))  # row k: the power coefficients of T_k
for _k in range(_DEGREE + 1):
    _POWERS[_k, : _k + 1] = chebyshev.cheb2poly([0.0] * _k + [1.0])
_TO_SERIES = np.linalg.inv(chebyshev.chebvander(_NODES, _DEGREE)).T
_MMSE_WIDTH, _MMSE_END = 0.25, 40.0  # G(40) is 1e-88


@dataclass(frozen=True, eq=False)
class OverlapTable:
    """psi and psi' at one target as functions of a = m + h >= 0 (odd and even continuation).

    Attributes:
        inverse_width: Panels a unit of a.
        psi: Power coefficients in u in [-1, 1] across each panel, shape (panels, degree + 1).
        psi_prime: The same of psi'. Beyond the last panel psi is 1 and psi' is 0 to 1e-16 absolute.
    """

    inverse_width: float
    psi: FloatArray
    psi_prime: FloatArray


@dataclass(frozen=True, eq=False)
class MmseTable:
    """G(D) exp(D^2/8) on panels of D, shape (panels, degree + 1); G is 0 beyond the last."""

    inverse_width: float
    coefficients: FloatArray


@lru_cache(maxsize=64)
def overlap_table(target: BimodalTarget) -> OverlapTable:
    """Tables of psi and psi', to about 1e-15 absolute (theory section 2)."""
    width = 0.5 * max(1.0, target.separation)
    panels = int(np.ceil(double.saturation(target.separation) / width))
    centred = BimodalTarget(target.exact_separation, Fraction(1, 2))  # a = m + h is the variable here
    return OverlapTable(
        1.0 / width,
        _panels(lambda a: double.psi(a, centred), width, panels),
        _panels(lambda a: double.psi_prime(a, centred), width, panels),
    )


def mmse_table(weight: Exactable = Fraction(1, 2)) -> MmseTable:
    """Table of the overlap G(D; w), to about 1e-14 relative (theory section 2)."""
    return _mmse_table(exact(weight, "weight"))


@lru_cache(maxsize=64)
def _mmse_table(weight: Fraction) -> MmseTable:
    def scaled(distance: FloatArray) -> FloatArray:
        return double.mmse(distance, weight) * np.exp(distance**2 / 8)

    return MmseTable(1.0 / _MMSE_WIDTH, _panels(scaled, _MMSE_WIDTH, round(_MMSE_END / _MMSE_WIDTH)))


def _panels(rule: Callable[[FloatArray], FloatArray], width: float, count: int) -> FloatArray:
    middles = width * (np.arange(count) + 0.5)
    values = rule((middles[:, None] + 0.5 * width * _NODES).ravel()).reshape(count, _DEGREE + 1)
    return np.ascontiguousarray((values @ _TO_SERIES) @ _POWERS)
