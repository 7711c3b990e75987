"""Tables of psi for one target and a range of the components' variance, as compiled runs read them."""

import math
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
from numpy.polynomial import chebyshev

from anneal_theory._types import FloatArray
from anneal_theory.averages.quadrature_double import label_mean
from anneal_theory.averages.variance_table_kernels import POWERS, STRIDE
from anneal_theory.errors import DomainError
from anneal_theory.numerics.chebyshev import chebyshev_rule, power_series
from anneal_theory.problem import BimodalTarget

_NODES = 11
_WIDTH = 0.25  # of log r, over which psi is a polynomial of ten degrees to rounding
_PARTS = 16  # panels that this is cut into: over each the first `POWERS` terms do
_ENOUGH = 3e-15  # of the largest coefficient: values are good to that
_FEWEST, _MOST = 12, 1000  # orders
FARTHEST = 1e4  # far beyond the largest separation of any table
_PLACE = 2e-3  # to which the largest separation is found


@dataclass(frozen=True, eq=False)
class VarianceTable:
    """psi(m; v) = E tanh(m + h + R sqrt(v) z) for |m + h| up to R^2 + |h| and variances in a range."""

    coefficients: FloatArray  # shape (panels of log r, orders, powers), r = R sqrt(v)
    low: float  # lowest log r
    reach: float  # A = R^2 + |h|

    @property
    def arrays(self) -> tuple[FloatArray, float, float, float]:
        """What the kernels take."""
        return self._rows, self.low, _PARTS / _WIDTH, 1 / self.reach

    @cached_property
    def _rows(self) -> FloatArray:
        """The panels as rows, each order as long as what kernels read at once."""
        spare = ((0, 0), (0, 0), (0, STRIDE - POWERS))
        return np.pad(self.coefficients, spare).reshape(len(self.coefficients), -1)


@lru_cache(maxsize=32)
def variance_table(target: BimodalTarget, lowest: float, highest: float) -> VarianceTable:
    """The table of a target for variances from `lowest` to `highest`. Source: theory sections 2 and 11."""
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
    nodes, _ = chebyshev_rule(_NODES)
    rows = np.empty((panels, _NODES, orders))
    for panel in range(panels):
        for index, node in enumerate(nodes):
            rows[panel, index] = _even_series(reach, math.exp(low + (panel + 0.5 + 0.5 * node) * _WIDTH), orders)
    coefficients = _cut(power_series(rows.transpose(0, 2, 1)))
    return VarianceTable(coefficients, low, reach)


def _cut(coefficients: FloatArray) -> FloatArray:
    """Power series on [-1/2, 1/2], shape (panels, orders, terms), as those of every part of a panel, `POWERS` terms.

    The series of a part is that of the panel about another point, each term smaller by a power of the parts. Its last
    terms are left out of its Chebyshev series, which is least off: by less than rounding.
    """
    panels, orders, terms = coefficients.shape
    places = (np.arange(_PARTS) + 0.5) / _PARTS - 0.5
    shift = np.zeros((_PARTS, terms, terms))  # (a + b u)^k by powers of 2 u
    for power in range(terms):
        for k in range(power, terms):
            shift[:, power, k] = math.comb(k, power) * places ** (k - power) / (2 * _PARTS) ** power
    fewer = np.array([np.pad(chebyshev.cheb2poly(chebyshev.poly2cheb(row)[:POWERS]), (0, POWERS))[:POWERS]
                      for row in np.eye(terms)])  # fmt: skip
    to_parts = np.einsum("kj,qkp->qjp", fewer * 2.0 ** np.arange(POWERS), shift)
    parts = np.einsum("qjk,pok->pqoj", to_parts, coefficients)
    return np.ascontiguousarray(parts.reshape(panels * _PARTS, orders, POWERS))


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
        sizes = np.abs(_even_series(reach, radius, orders))
        if sizes[-2:].max() <= _ENOUGH * sizes.max():
            return int(np.flatnonzero(sizes > _ENOUGH * sizes.max())[-1]) + 2
        orders = math.ceil(1.25 * orders)
    return None


def _even_series(reach: float, radius: float, orders: int) -> FloatArray:
    """Chebyshev coefficients of psi/(a/A) in 2 (a/A)^2 - 1."""
    nodes, to_series = chebyshev_rule(orders)
    u = np.sqrt(0.5 * (1.0 + nodes))
    return np.asarray((label_mean(reach * u, radius) / u) @ to_series)
