"""The Gaussian law of the initial means (theory section 1)."""

import math
import operator
from dataclasses import dataclass
from fractions import Fraction

from anneal_theory._types import Exactable
from anneal_theory.errors import DomainError
from anneal_theory.exact import exact, spell

_LARGEST_DIM = 10**300  # 1/dim is a double with room to spare


@dataclass(frozen=True, init=False, repr=False)
class GaussianInit:
    """Independent initial means ``mu_i(0) ~ N(0, variance I_d)``.

    Args:
        dim: d >= 2, the dimension.
        variance: Variance of one coordinate, > 0; 1/dim unless given, so that ``|mu_i(0)|`` is about 1.

    Raises:
        DomainError: a parameter lies outside its domain.

    Source:
        theory section 1.

    Example:
        >>> GaussianInit(dim=128).scale == 128 ** -0.5
        True
    """

    dim: int
    exact_variance: Fraction

    def __init__(self, dim: int, variance: Exactable | None = None) -> None:
        object.__setattr__(self, "dim", _dimension(dim))
        chosen = Fraction(1, self.dim) if variance is None else exact(variance, "variance")
        if not float(chosen) > 0:
            raise DomainError.of(
                "variance", "positive and finite", variance, "leave it out for 1/dim; coincident starts never separate"
            )
        object.__setattr__(self, "exact_variance", chosen)

    def __repr__(self) -> str:
        return f"GaussianInit(dim={self.dim}, variance={spell(self.exact_variance)})"

    @property
    def variance(self) -> float:
        """Variance of one coordinate."""
        return float(self.exact_variance)

    @property
    def scale(self) -> float:
        """sigma, the standard deviation of one coordinate."""
        return math.sqrt(self.variance)


def _dimension(dim: int) -> int:
    try:
        value = 0 if isinstance(dim, bool) else operator.index(dim)
    except TypeError:
        value = 0
    if not 2 <= value <= _LARGEST_DIM:
        raise DomainError.of(
            "dim", "an integer from 2 to 1e300", dim, "in one dimension the means cannot pass each other"
        )
    return value
