"""The laws of the initial means: Gaussian (theory section 1), and uniform on the sphere (section 11)."""

import math
from dataclasses import dataclass
from fractions import Fraction

from anneal_theory._types import Exactable
from anneal_theory.exact import exact, spell
from anneal_theory.quantities.doors import checked


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

    @checked
    def __init__(self, dim: int, variance: Exactable | None = None) -> None:
        object.__setattr__(self, "dim", dim)
        object.__setattr__(self, "exact_variance", Fraction(1, dim) if variance is None else exact(variance))

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


@dataclass(frozen=True, init=False, repr=False)
class SphereInit:
    """Independent initial means, uniform on the sphere ``|mu_i(0)| = R`` of the target's modes.

    Args:
        dim: d >= 3, the dimension.

    Raises:
        DomainError: the dimension lies outside its domain.

    Source:
        theory section 11.

    Example:
        >>> SphereInit(512)
        SphereInit(dim=512)
    """

    dim: int

    @checked(dim="sphere_dim")
    def __init__(self, dim: int) -> None:
        object.__setattr__(self, "dim", dim)

    def __repr__(self) -> str:
        return f"SphereInit(dim={self.dim})"
