"""Running integrals of positive functions: composite Gauss-Legendre panels, and the inverse by safeguarded Newton."""

from collections.abc import Callable
from functools import cache

import numpy as np

from anneal_theory._types import FloatArray, IntArray
from anneal_theory.errors import SolveError

ArrayFunction = Callable[[FloatArray], FloatArray]

_NODES = 16
_MOST_STEPS = 4000  # three for each halving of a bracket; Newton takes four to eight
_STEP = 4e-16  # relative step at which the inverse is as good as its argument
_ROUNDING = 2e-16  # of the value: no smaller gap is known
_NARROWEST = 1e-14  # of the whole length
_MOST_PANELS = 10_000


class RunningIntegral:
    """``F(x)``, the integral of a positive function from the first edge to x, with full relative accuracy.

    All terms are positive, so nothing cancels; the error is the quadrature's on one panel, within which it is smooth.
    """

    def __init__(self, integrand: ArrayFunction, edges: FloatArray) -> None:
        self.integrand = integrand
        self.edges = edges
        self.parts = _panels(integrand, edges[:-1], edges[1:])
        self.totals = np.concatenate([[0.0], np.cumsum(self.parts)])

    def __call__(self, x: FloatArray) -> FloatArray:
        """F at points between the first and the last edge."""
        panel = np.clip(np.searchsorted(self.edges, x, side="right") - 1, 0, max(len(self.edges) - 2, 0))
        return self.totals[panel] + _panels(self.integrand, self.edges[panel], x)

    def inverse(self, value: FloatArray) -> FloatArray:
        """The x with F(x) = value, for values between 0 and the total."""
        panel = np.clip(np.searchsorted(self.totals, value, side="right") - 1, 0, len(self.edges) - 2)
        return self.inverse_in(panel, value - self.totals[panel])

    def inverse_in(self, panel: IntArray, value: FloatArray) -> FloatArray:
        """The x at which the integral from the start of its panel is the value: Newton's steps, bracketed.

        A bracket that three steps do not halve is halved, so that the search ends whatever the function does.
        """
        roots, open_ = self.edges[panel], np.flatnonzero(value > 0)
        start, value = roots[open_], value[open_]
        low, high = start, self.edges[panel[open_] + 1]
        x, width = low + (high - low) * np.minimum(value / self.parts[panel[open_]], 1.0), high - low
        for count in range(1, _MOST_STEPS):
            gap = _panels(self.integrand, start, x) - value
            high, low = np.where(gap >= 0, x, high), np.where(gap <= 0, x, low)
            step = x - gap / self.integrand(x)
            slow = (high - low > 0.5 * width) if count % 3 == 0 else np.zeros(len(x), dtype=bool)
            width = high - low if count % 3 == 0 else width
            step = np.where((step >= low) & (step <= high) & ~slow, step, 0.5 * (low + high))
            left = (np.abs(step - x) > _STEP * np.abs(x)) & (np.abs(gap) > _ROUNDING * value)
            roots[open_] = x
            if not left.any():
                break
            open_, start, value, width = open_[left], start[left], value[left], width[left]
            low, high, x = low[left], high[left], step[left]
        return roots


def adaptive_edges(integrand: ArrayFunction, start: FloatArray, relative_error: float) -> FloatArray:
    """Panel edges on which the rule reaches a relative error in total: panels are halved until both halves agree.

    A panel's share of the relative error is proportional to its width; more than 10 000 panels are refused.
    """
    length = start[-1] - start[0]
    left, right = start[:-1], start[1:]
    whole = _panels(integrand, left, right)
    finished, total_finished = [start], 0.0
    while len(left):
        middle = (left + right) / 2
        values = _values(integrand, np.concatenate([left, middle]), np.concatenate([middle, right]))
        halves = (right - left) / 2 * (values @ _rule()[1]).reshape(2, -1)
        error, total = np.abs(whole - halves.sum(axis=0)), total_finished + halves.sum()
        # Rounding, of the values and (where the function is steep) of the points, is the best a panel can do; one
        # narrower than rounding holds a jump and no weight.
        steep = np.ptp(values, axis=1).reshape(2, -1).sum(axis=0) * 2 * np.spacing(right)
        rounding = 4e-16 * halves.sum(axis=0) + steep
        rough = error > np.maximum(relative_error * total * (right - left) / length, rounding)
        rough &= right - left > _NARROWEST * length
        total_finished += float(halves[:, ~rough].sum())
        finished.append(middle[rough])
        left, middle, right = left[rough], middle[rough], right[rough]
        whole = halves[:, rough].reshape(-1)
        left, right = np.concatenate([left, middle]), np.concatenate([middle, right])
        if sum(map(len, finished)) > _MOST_PANELS:
            raise SolveError(
                f"the integral of 1/T needs more than {_MOST_PANELS} panels for a relative error of "
                f"{relative_error:g}; give a smoother function, or a Piecewise table"
            )
    return np.sort(np.concatenate(finished))


@cache
def _rule() -> tuple[FloatArray, FloatArray]:
    nodes, weights = np.polynomial.legendre.leggauss(_NODES)
    return (nodes + 1) / 2, weights / 2


def _values(integrand: ArrayFunction, left: FloatArray, right: FloatArray) -> FloatArray:
    """The function at the nodes of each [left, right]."""
    points = left[:, None] + (right - left)[:, None] * _rule()[0]
    return integrand(points.reshape(-1)).reshape(points.shape)


def _panels(integrand: ArrayFunction, left: FloatArray, right: FloatArray) -> FloatArray:
    """The integral over each [left, right]."""
    return (right - left) * (_values(integrand, left, right) @ _rule()[1])
