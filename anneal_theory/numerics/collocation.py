"""Collocation at Chebyshev points, panel by panel, in doubles or in the numbers of an mpmath context.

Arrays of an mpmath context are NumPy arrays of objects, on which generated formulas run with an `Elementwise` context.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from anneal_theory.precision import mpmath_context

_CAST_DIGITS = 30


@dataclass(frozen=True, eq=False)
class ChebyshevRule:
    """Chebyshev points of the first kind on [-1, 1] and what is linear in values there."""

    nodes: Any  # in increasing order, shape (n,)
    to_series: Any  # from values (rows) to Chebyshev coefficients (columns), shape (n, n)
    running: Any  # ``running @ values`` are the integrals from -1 to each node, shape (n, n)
    whole: Any  # ``whole @ values`` is the integral over [-1, 1], shape (n,)

    def tail(self, values: Any) -> Any:
        """The size of the last two coefficients: what the interpolation leaves out, as long as they fall."""
        series = self.series(values)
        return max(abs(series[-1]), abs(series[-2]))

    def series(self, values: Any) -> Any:
        """Chebyshev coefficients, shape (n,)."""
        return values @ self.to_series


@lru_cache(maxsize=8)
def double_rule(count: int) -> ChebyshevRule:
    """A rule in doubles, rounded once."""
    with mpmath_context(_CAST_DIGITS) as context:
        exact = rule_in(context, count)
    return ChebyshevRule(*(np.asarray(part, dtype=np.float64) for part in vars(exact).values()))


def rule_in(context: Any, count: int) -> ChebyshevRule:
    """A rule in an mpmath context, which must be the one in use."""
    angles = [context.pi * (2 * j + 1) / (2 * count) for j in range(count)][::-1]
    cosines = np.array([[context.cos(k * angle) for k in range(count + 1)] for angle in angles], dtype=object)
    to_series = cosines[:, :count] * 2 / context.mpf(count)
    to_series[:, 0] = to_series[:, 0] / 2
    ends = [context.mpf((-1) ** k) for k in range(count + 1)], [context.mpf(1)] * (count + 1)
    left, right = (_primitives(np.array([end], dtype=object), count) for end in ends)
    running = (_primitives(cosines, count) - left) @ to_series.T
    return ChebyshevRule(cosines[:, 1].copy(), to_series, running, ((right - left) @ to_series.T)[0])


def _primitives(polynomials: Any, count: int) -> Any:
    """Primitives of T_0, ..., T_(n-1) from the values of T_0, ..., T_n at each place."""
    columns = [polynomials[:, 1], polynomials[:, 2] / 4]
    columns += [polynomials[:, k + 1] / (2 * (k + 1)) - polynomials[:, k - 1] / (2 * (k - 1)) for k in range(2, count)]
    return np.stack(columns[:count], axis=1)


def chebyshev_value(series: Any, x: Any) -> Any:
    """A Chebyshev series at x in [-1, 1], by Clenshaw's recurrence; x may be an array if the series is of numbers."""
    ahead, behind = 0 * x, 0 * x
    for coefficient in reversed(series[1:]):
        ahead, behind = coefficient + 2 * x * ahead - behind, ahead
    return series[0] + x * ahead - behind


def rising_zero(function: Callable[[Any], Any], low: Any, high: Any, tolerance: Any) -> Any:
    """The zero of a rising function between two places: the secant, safeguarded (Illinois), in any numbers."""
    below, above, side = function(low), function(high), 0
    while high - low > tolerance:
        middle = (low * above - high * below) / (above - below)
        value = function(middle)
        if abs(value) <= tolerance or not low < middle < high:
            return middle
        if value < 0:
            low, below, above, side = middle, value, above / 2 if side < 0 else above, -1
        else:
            high, above, below, side = middle, value, below / 2 if side > 0 else below, 1
    return (low + high) / 2


class Elementwise:
    """The functions of an mpmath context on arrays of its numbers, for generated code."""

    def __init__(self, context: Any) -> None:
        self.context, self.pi = context, context.pi
        for name in ("exp", "log", "sqrt", "log1p", "expm1", "tanh"):
            setattr(self, name, np.frompyfunc(getattr(context, name), 1, 1))
