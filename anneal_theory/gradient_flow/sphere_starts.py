"""Start states of a pair on the sphere (theory section 11)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from anneal_theory._types import FloatArray
from anneal_theory.errors import DomainError
from anneal_theory.formulas.sphere_flow import (
    cosine_of_difference,
    cosine_of_sum,
    pair_cosine_of,
    sphere_overlaps,
    sphere_start,
    turned_cosine,
)
from anneal_theory.gradient_flow.starts import Numbers, columns, mean_rows, scalar_or_array, store
from anneal_theory.problem import BimodalTarget, SphereInit
from anneal_theory.quantities.doors import checked

_ROUNDING = 64 * float(np.finfo(np.float64).eps)


@dataclass(frozen=True, init=False, eq=False)
class SphereState:
    """Two means of length R by three cosines: closed under training on the sphere (theory section 11).

    Every argument is a number or an array of shape (n,), one entry a trajectory.

    Args:
        cosine: x, of the angle between mu_1 - mu_2 and mu*, which `collapse_threshold` gives the threshold of.
        mean_cosine: y, of the angle between mu_1 + mu_2 and mu*; x^2 + y^2 <= 1.
        pair_overlap: s = mu_1 . mu_2/R^2, strictly between -1 and 1.

    Raises:
        DomainError: a value is not finite or no cosine, shapes differ, or no two means have these cosines.

    Source:
        theory section 11.

    Example:
        >>> start = SphereState(cosine=0.1)
        >>> m1, m2 = start.overlaps(BimodalTarget(3, 0.8))
        >>> round(m1, 12), round(m2, 12)
        (0.636396103068, -0.636396103068)
    """

    cosine: float | FloatArray
    mean_cosine: float | FloatArray
    pair_overlap: float | FloatArray

    @checked(cosine="cosines", mean_cosine="cosines", pair_overlap="cosines")
    def __init__(self, cosine: Numbers, mean_cosine: Numbers = 0.0, pair_overlap: Numbers = 0.0) -> None:
        x, y, s = columns(cosine=cosine, mean_cosine=mean_cosine, pair_overlap=pair_overlap)
        if np.any(np.abs(s) >= 1):
            step = "separate the two means: a coincident pair never splits"
            raise DomainError.of("pair_overlap", "strictly between -1 and 1", pair_overlap, step)
        if np.any(x**2 + y**2 > 1 + _ROUNDING):
            step = "mu_1 - mu_2 and mu_1 + mu_2 are orthogonal on the sphere"
            raise DomainError.of(
                "(cosine, mean_cosine)", "of squares that sum to at most 1", (cosine, mean_cosine), step
            )
        store(self, cosine=x, mean_cosine=y, pair_overlap=s)

    @classmethod
    @checked
    def from_means(cls, mean_1: Numbers, mean_2: Numbers) -> SphereState:
        """The state of two means of one length, shape (d,) or (n, d); the target's modes lie on the first axis."""
        first, second = mean_rows(mean_1, mean_2)
        lengths = np.linalg.norm(first, axis=-1), np.linalg.norm(second, axis=-1)
        if np.any(np.abs(lengths[0] - lengths[1]) > _ROUNDING * lengths[0]):
            raise DomainError.of("means", "of one length R", lengths, "project them onto the sphere")
        gap, total = first - second, first + second
        far, near = np.linalg.norm(gap, axis=-1), np.linalg.norm(total, axis=-1)
        with np.errstate(invalid="ignore", divide="ignore"):  # refused below
            x, y = np.clip(gap[..., 0] / far, -1, 1), np.clip(total[..., 0] / near, -1, 1)
            return cls(x, y, np.clip(pair_cosine_of(far, lengths[0]), -1, 1))

    @classmethod
    @checked(pair_overlap="cosines")
    def from_overlaps(cls, m1: Numbers, m2: Numbers, pair_overlap: Numbers, target: BimodalTarget) -> SphereState:
        """The state of two means of length R with these products with mu*.

        Args:
            m1: mu_1 . mu*.
            m2: mu_2 . mu*.
            pair_overlap: mu_1 . mu_2/R^2.
            target: Gives R.
        """
        first, second, s = columns(m1=m1, m2=m2, pair_overlap=pair_overlap)
        radius = target.separation
        *_, distance = sphere_overlaps(0.0, 0.0, s, radius)
        with np.errstate(invalid="ignore", divide="ignore"):
            x = np.asarray(cosine_of_difference(first, second, distance, radius))
            y = np.asarray(cosine_of_sum(first, second, s, radius))
        if np.any(x**2 + y**2 > 1 + _ROUNDING):
            need = f"products of two means and mu*, all of length {target.separation:g}"
            step = "check that m_i = mu_i . mu*, not a cosine, or use from_means"
            raise DomainError.of("(m1, m2, pair_overlap)", need, (m1, m2, pair_overlap), step)
        return cls(np.clip(x, -1, 1), np.clip(y, -1, 1), s)

    @classmethod
    @checked(init="sphere_init", count="replicas")
    def draw(cls, init: SphereInit, count: int, rng: np.random.Generator) -> SphereState:
        """Independent starts, shape (count,).

        s and y are cosines of a uniform direction, and given y so is x/sqrt(1 - y^2) in one dimension less.

        Args:
            init: The dimension.
            count: How many.
            rng: Source of random numbers.
        """
        normals = rng.standard_normal((3, count))
        free = np.array([init.dim - 1.0, init.dim - 1.0, init.dim - 2.0])[:, None]
        s, y, turn = normals / np.hypot(normals, np.sqrt(2 * rng.standard_gamma(free / 2, normals.shape)))
        return cls(turned_cosine(turn, y), y, s)

    @checked
    def overlaps(self, target: BimodalTarget) -> tuple[float | FloatArray, float | FloatArray]:
        """(m1, m2), products of the means with mu*."""
        m1, m2, _ = sphere_overlaps(self.cosine, self.total(target), self.pair_overlap, target.separation)
        return scalar_or_array(m1), scalar_or_array(m2)

    @checked
    def total(self, target: BimodalTarget) -> float | FloatArray:
        """m1 + m2."""
        return scalar_or_array(sphere_start(0.0, self.mean_cosine, self.pair_overlap, target.separation)[1])
