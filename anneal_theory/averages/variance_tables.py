"""Tables of psi for one target and a range of the components' variance, as compiled runs read them."""

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from anneal_theory._types import FloatArray
from anneal_theory.averages.label_sums import label_mean
from anneal_theory.errors import DomainError
from anneal_theory.numerics.chebyshev import chebyshev_rule, power_series
from anneal_theory.problem import BimodalTarget

_POWERS = 11
_WIDTH = 0.25  # of a panel of log r, over which psi is a polynomial of ten degrees to rounding
_ENOUGH = 3e-15  # of the largest coefficient: values are good to that
_FEWEST, _MOST = 12, 1000  # orders
FARTHEST = 1e4  # far beyond the largest separation of any table
_PLACE = 2e-3  # to which the largest separation is told


@dataclass(frozen=True, eq=False)
class VarianceTable:
    """psi(m; v) = E tanh(m + h + R sqrt(v) z) for |m + h| up to R^2 + |h| and variances in a range.

    Attributes:
        coefficients: Shape (panels of log r, orders, powers), r = R sqrt(v).
        low: Lowest log r.
        reach: A = R^2 + |h|.
    """

    coefficients: FloatArray
    low: float
    reach: float

    @property
    def arrays(self) -> tuple[FloatArray, float, float, float]:
        """What the kernels take."""
        return self.coefficients, self.low, 1 / _WIDTH, 1 / self.reach


@lru_cache(maxsize=32)
def variance_table(target: BimodalTarget, lowest: float, highest: float) -> VarianceTable:
    """The table of a target for variances from `lowest` to `highest`.

    Args:
        target: Separation R and weight w*.
        lowest: Least variance, > 0.
        highest: Largest variance, at least `lowest`.

    Raises:
        DomainError: the separation or the range is too large for a table.

    Source:
        theory sections 2 and 11.

    Example:
        >>> from anneal_theory.averages.variance_table_kernels import pair_means
        >>> target = BimodalTarget(3, 0.8)
        >>> table = variance_table(target, 1.0, 4.0)
        >>> round(pair_means(target.half_log_odds, 0.5, math.log(3), table.arrays)[0], 13)
        0.1752021045201
    """
    radius = target.separation
    if radius > FARTHEST:  # whose square may be none
        raise too_large(target, lowest)
    reach, low = radius**2 + abs(target.half_log_odds), math.log(radius) + 0.5 * math.log(lowest)
    if not 0 < lowest <= highest < math.inf:
        raise DomainError.of(
            "schedule",
            "one of positive, finite temperatures",
            (lowest, highest),
            'start cooler, or use variance="fixed"',
        )
    panels = max(math.ceil(0.5 * (math.log(highest) - math.log(lowest)) / _WIDTH), 1)
    orders = _orders(reach, math.exp(low))
    if orders is None:
        raise too_large(target, lowest)
    nodes, _ = chebyshev_rule(_POWERS)
    rows = np.empty((panels, _POWERS, orders))
    for panel in range(panels):
        for index, node in enumerate(nodes):
            rows[panel, index] = _even_series(reach, math.exp(low + (panel + 0.5 + 0.5 * node) * _WIDTH), orders)
    coefficients = power_series(rows.transpose(0, 2, 1))
    return VarianceTable(np.ascontiguousarray(coefficients), low, reach)


def too_large(target: BimodalTarget, lowest: float) -> DomainError:
    """The refusal of a separation, with the largest that would do for this weight and these variances."""

    def fits(separation: float) -> bool:
        return _orders(separation**2 + abs(target.half_log_odds), separation * math.sqrt(lowest)) is not None

    low, high = 1.0, min(target.separation, FARTHEST)
    while high - low > _PLACE * high:
        middle = math.sqrt(low * high)
        low, high = (middle, high) if fits(middle) else (low, middle)
    largest = f"at most {math.floor(low)}, where psi can be tabulated over the sphere"
    return DomainError.of(
        "separation", largest, target.separation, 'take a smaller one, or method="sharp", which takes up to 1e9'
    )


def _orders(reach: float, radius: float) -> int | None:
    """How many orders the narrowest Gaussian takes; None for more than can be had."""
    orders = _FEWEST
    while orders <= _MOST:
        found = np.abs(_even_series(reach, radius, orders))
        if found[-2:].max() <= _ENOUGH * found.max():
            return int(np.flatnonzero(found > _ENOUGH * found.max())[-1]) + 2
        orders = math.ceil(1.25 * orders)
    return None


def _even_series(reach: float, radius: float, orders: int) -> FloatArray:
    """Chebyshev coefficients of psi/(a/A) in 2 (a/A)^2 - 1."""
    nodes, to_series = chebyshev_rule(orders)
    u = np.sqrt(0.5 * (1.0 + nodes))
    return np.asarray((label_mean(reach * u, radius) / u) @ to_series)
