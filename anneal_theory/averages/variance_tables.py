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
    nodes, _ = chebyshev_rule(_POWERS)
    rows = np.empty((panels, _POWERS, orders))
    for panel in range(panels):
        for index, node in enumerate(nodes):
            rows[panel, index] = _even_series(reach, math.exp(low + (panel + 0.5 + 0.5 * node) * _WIDTH), orders)
    coefficients = power_series(rows.transpose(0, 2, 1))
    return VarianceTable(np.ascontiguousarray(coefficients), low, reach)


def _orders(reach: float, radius: float) -> int:
    """How many orders the narrowest Gaussian takes."""
    orders = _FEWEST
    while orders <= _MOST:
        found = np.abs(_even_series(reach, radius, orders))
        if found[-2:].max() <= _ENOUGH * found.max():
            return int(np.flatnonzero(found > _ENOUGH * found.max())[-1]) + 2
        orders = math.ceil(1.25 * orders)
    raise DomainError.of("separation", "small enough for a table of moving variances", radius, 'use variance="fixed"')


def _even_series(reach: float, radius: float, orders: int) -> FloatArray:
    """Chebyshev coefficients of psi/(a/A) in 2 (a/A)^2 - 1."""
    nodes, to_series = chebyshev_rule(orders)
    u = np.sqrt(0.5 * (1.0 + nodes))
    return np.asarray((label_mean(reach * u, radius) / u) @ to_series)
