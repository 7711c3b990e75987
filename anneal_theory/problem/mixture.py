"""A general Gaussian mixture with identity-shaped covariance: K components or K* modes (theory section 3)."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float
from numpy.typing import ArrayLike

from anneal_theory._floating import Silent
from anneal_theory._types import FloatArray
from anneal_theory.errors import DomainError
from anneal_theory.problem.target import BimodalTarget
from anneal_theory.quantities.doors import checked

_WEIGHT_SUM_TOLERANCE = 1e-12  # weights are doubles: K roundings of 1e-16 each, with room for user decimals


@dataclass(frozen=True, init=False, eq=False)
class GaussianMixture:
    """``sum_k weights[k] N(x; means[k], variance I_d)``.

    Args:
        means: Shape (K, d).
        weights: Shape (K,), positive, summing to one.
        variance: Common variance of the components, > 0.

    Raises:
        DomainError: shapes or values are not those of a mixture.

    Source:
        theory section 3.

    Example:
        >>> GaussianMixture([[1.0, 0.0], [-1.0, 0.0]], [0.5, 0.5]).means.shape
        (2, 2)
    """

    means: Float[np.ndarray, "k d"]
    weights: Float[np.ndarray, " k"]
    variance: float

    @checked(variance="mixture_variance")
    def __init__(self, means: ArrayLike, weights: ArrayLike, variance: float = 1.0) -> None:
        centres, shares = np.array(means, dtype=np.float64), np.array(weights, dtype=np.float64)  # finite, of the door
        if not centres.size:
            raise DomainError.of("means", "a finite array of shape (K, d)", means, "give one row for each component")
        if shares.shape != centres.shape[:1]:
            raise DomainError.of(
                "weights", f"{len(centres)} positive numbers", weights, "give one weight for each row of means"
            )
        if abs(shares.sum() - 1) > _WEIGHT_SUM_TOLERANCE:
            raise DomainError.of("weights", "of sum 1", weights, f"divide them by their sum {shares.sum():.17g}")
        for array in (centres, shares):
            array.setflags(write=False)
        object.__setattr__(self, "means", centres)
        object.__setattr__(self, "weights", shares)
        object.__setattr__(self, "variance", float(variance))

    @property
    def dim(self) -> int:
        """d, the dimension."""
        return int(self.means.shape[1])

    @checked(x="points")
    def log_prob(self, x: Float[np.ndarray, "... d"]) -> FloatArray:
        """Log-density at points x."""
        if np.shape(x)[-1:] != (self.dim,):
            raise DomainError.of("x", f"points of shape (..., {self.dim})", np.shape(x), "give one row for each point")
        gaps = np.asarray(x, dtype=np.float64)[..., None, :] - self.means
        with Silent("over"):  # far away the density is zero
            logs = np.log(self.weights) - 0.5 * np.sum(gaps**2, axis=-1) / self.variance
        constant = 0.5 * self.dim * np.log(2 * np.pi * self.variance)
        return np.asarray(np.logaddexp.reduce(logs, axis=-1) - constant, dtype=np.float64)

    @checked
    def sample(self, count: int, rng: np.random.Generator) -> Float[np.ndarray, "n d"]:
        """Independent draws, shape (count, d)."""
        labels = rng.choice(len(self.weights), size=count, p=self.weights)
        return np.asarray(self.means[labels] + self.variance**0.5 * rng.standard_normal((count, self.dim)))


def as_mixture(target: BimodalTarget | GaussianMixture, dim: int) -> GaussianMixture:
    """The target as a general mixture; two modes lie on the first axis of so many dimensions."""
    if not isinstance(target, BimodalTarget):
        return target
    mode = target.separation * np.eye(1, dim)
    return GaussianMixture(np.concatenate([mode, -mode]), [target.weight, float(1 - target.exact_weight)])
