"""Start state of the general flow: the Gram matrix of K trainable means and K* modes (theory section 3)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from anneal_theory._types import FloatArray
from anneal_theory.errors import DomainError
from anneal_theory.gradient_flow.starts import Numbers
from anneal_theory.problem import BimodalTarget, GaussianMixture
from anneal_theory.problem.mixture import as_mixture
from anneal_theory.quantities.doors import checked

_ROUNDING = 64 * float(np.finfo(np.float64).eps)
_WEIGHT_SUM_TOLERANCE = 1e-12


@dataclass(frozen=True, init=False, eq=False)
class GramState:
    """Inner products of all means, trainable ones first, and the weights that go with them.

    Args:
        gram: Shape (K + K*, K + K*), symmetric and positive semidefinite within rounding; rows 0 to K - 1 are the
            means of the family, the others the modes of the target.
        family_weights: Shape (K,), positive, of sum one.
        target_weights: Shape (K*,), positive, of sum one.
        variance: Common variance v > 0 of the family's components (the target's modes have 1); fixed in training.

    Raises:
        DomainError: shapes or values are not those of a Gram matrix and weights, or two trainable means coincide.

    Source:
        theory section 3.

    Example:
        >>> mixture = GaussianMixture([[3.0, 0.0], [-3.0, 0.0]], [0.8, 0.2])
        >>> start = GramState.from_means([[0.1, 1.0], [-0.1, 0.5]], mixture)
        >>> start.components, start.modes, start.gram.shape
        (2, 2, (4, 4))
    """

    gram: Float[np.ndarray, "n n"]
    family_weights: Float[np.ndarray, " K"]
    target_weights: Float[np.ndarray, " k"]
    variance: float

    @checked(variance="mixture_variance")
    def __init__(self, gram: Numbers, family_weights: Numbers, target_weights: Numbers, variance: float = 1.0) -> None:
        family, target = _weights("family_weights", family_weights), _weights("target_weights", target_weights)
        products = _gram(gram, len(family) + len(target))
        _require_distinct(products[: len(family), : len(family)])
        for name, array in (("gram", products), ("family_weights", family), ("target_weights", target)):
            array.setflags(write=False)
            object.__setattr__(self, name, array)
        object.__setattr__(self, "variance", float(variance))

    @classmethod
    @checked(target="any_target", variance="mixture_variance")
    def from_means(
        cls,
        means: Numbers,
        target: GaussianMixture | BimodalTarget,
        family_weights: Numbers | None = None,
        variance: float = 1.0,
    ) -> GramState:
        """The state of K means, shape (K, d), against a target in the same space.

        Args:
            means: Shape (K, d).
            target: A mixture of unit variance, or a `BimodalTarget` whose modes then lie on the first axis.
            family_weights: Shape (K,); equal unless given.
            variance: Common variance of the family.
        """
        rows = np.asarray(means, dtype=np.float64)
        if not rows.size:
            raise DomainError.of("means", "an array of shape (K, d)", rows.shape, "give one row for each component")
        mixture = _unit_mixture(target, rows.shape[1])
        if mixture.dim != rows.shape[1]:
            raise DomainError.of("means", f"of dimension {mixture.dim}, the target's", rows.shape, "match the two")
        stacked = np.vstack([rows, mixture.means])
        shares = np.full(len(rows), 1 / len(rows)) if family_weights is None else family_weights
        return cls(stacked @ stacked.T, shares, mixture.weights, variance)

    @property
    def components(self) -> int:
        """K, the number of trainable means."""
        return len(self.family_weights)

    @property
    def modes(self) -> int:
        """K*, the number of modes of the target."""
        return len(self.target_weights)

    def coordinates(self) -> tuple[FloatArray, FloatArray]:
        """(means, modes) in coordinates of their span: rows whose inner products are `gram`.

        Example:
            >>> means, modes = GramState.from_means([[0.0, 1.0]], BimodalTarget(2, 0.5)).coordinates()
            >>> round(abs(float(means[0] @ modes[0])), 12), round(float(modes[0] @ modes[1]), 12)
            (0.0, -4.0)
        """
        values, vectors = np.linalg.eigh(self.gram)
        rows = vectors * np.sqrt(np.maximum(values, 0.0))
        kept = rows[:, values > _ROUNDING * values[-1]] if values[-1] > 0 else rows[:, -1:]
        return kept[: self.components], kept[self.components :]

    @checked(target="any_target")
    def require_target(self, target: GaussianMixture | BimodalTarget) -> None:
        """Refuse a target whose modes or weights are not those in the Gram matrix."""
        mixture = _unit_mixture(target, 2)
        block = self.gram[self.components :, self.components :]
        expected = mixture.means @ mixture.means.T
        step = "make the start with GramState.from_means(means, target)"
        if block.shape != expected.shape or np.abs(block - expected).max() > 1e-9 * np.abs(expected).max():
            raise DomainError.of("target", "the one in the start's Gram matrix", mixture.means.tolist(), step)
        if np.abs(self.target_weights - mixture.weights).max() > _WEIGHT_SUM_TOLERANCE:
            raise DomainError.of("target", "of the start's target_weights", mixture.weights.tolist(), step)


def _unit_mixture(target: GaussianMixture | BimodalTarget, dim: int) -> GaussianMixture:
    """The target as a mixture, of unit variance."""
    if isinstance(target, GaussianMixture) and target.variance != 1.0:
        step = "measure lengths in standard deviations of a mode (divide all means by its square root)"
        raise DomainError.of("target.variance", "1", target.variance, step)
    return as_mixture(target, dim)


def _weights(name: str, values: Numbers) -> FloatArray:
    array = np.array(values, dtype=np.float64)
    if not array.size:  # a row of positive numbers, of the door
        raise DomainError.of(name, "a list of positive numbers", values, "give one weight for each component")
    if not abs(array.sum() - 1) <= _WEIGHT_SUM_TOLERANCE:
        raise DomainError.of(name, "of sum 1", values, f"divide them by their sum {array.sum():.17g}")
    return array


def _gram(values: Numbers, size: int) -> FloatArray:
    array = np.array(values, dtype=np.float64)
    if array.shape != (size, size):
        step = "give one row and column for each mean, trainable ones first"
        raise DomainError.of("gram", f"of shape ({size}, {size})", array.shape, step)
    scale = float(np.abs(array).max())
    if np.abs(array - array.T).max() > _ROUNDING * scale:
        raise DomainError.of("gram", "symmetric", values, "it holds inner products; use GramState.from_means")
    lowest = float(np.linalg.eigvalsh(array)[0])
    if lowest < -_ROUNDING * size * scale:
        step = "no vectors have these inner products; use GramState.from_means"
        raise DomainError.of("gram", "positive semidefinite within rounding", f"smallest eigenvalue {lowest:.3g}", step)
    return np.asarray((array + array.T) / 2)


def _require_distinct(block: FloatArray) -> None:
    lengths = np.diag(block)
    gaps = lengths[:, None] + lengths[None, :] - 2 * block
    spread = lengths[:, None] + lengths[None, :]
    coincident = gaps <= _ROUNDING * spread
    np.fill_diagonal(coincident, False)
    if coincident.any():
        i, j = (int(k) for k in np.argwhere(coincident)[0])
        step = "separate them: a coincident pair has no repulsion to part it; merge the two if that is meant"
        raise DomainError.of("gram", f"of distinct trainable means beyond rounding ({i} and {j})", gaps[i, j], step)
