"""The length of the pair across the target's axis: its law, and a rule that averages over it.

The difference of the two starting means is Gaussian, so its part along the axis, delta/R ~ N(0, 2 sigma^2), and the
length of the rest, |Delta_perp| = sqrt(2) sigma chi_{d-1}, are independent. Thresholds are computed at a few lengths;
between them the logarithm of the cosine of the angle is a polynomial in the logarithm of the length, and the average
over the law is taken densely. (log rho_c itself has a logarithmic pole where even an aligned pair begins to collapse;
the cosine is linear up to there.)
"""

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.polynomial import chebyshev
from scipy import special

from anneal_theory._types import FloatArray
from anneal_theory.formulas.start_law import (
    length_deviation,
    log_chance_offset,
    log_chance_offset_large,
    log_cosine,
    log_distance_large,
    log_length_density,
    log_length_norm,
    log_length_norm_large,
    log_rho_of_cosine,
    log_typical_length,
)
from anneal_theory.models.free_pair import ALIGNED, VANISHED
from anneal_theory.numerics.gauss import legendre_rule
from anneal_theory.numerics.logarithms import log_sum
from anneal_theory.probability.cap_probability import log_erf

_DENSE = 96  # Gauss-Legendre points of the average over a polynomial of log rho_c
_SERIES = 1000  # degrees of freedom beyond which Stirling's series of the norm is better than its cancelling terms


@dataclass(frozen=True)
class AcrossLaw:
    """The law of log |Delta_perp| for means N(0, scale^2 I_dim)."""

    dim: int
    scale: float

    @property
    def mode(self) -> float:
        """The most probable logarithm of the length."""
        return float(log_typical_length(float(self.dim), self.scale))

    @property
    def deviation(self) -> float:
        """Its standard deviation, for large dimension."""
        return float(length_deviation(float(self.dim)))

    def log_density(self, log_length: FloatArray) -> FloatArray:
        """Logarithm of the density of log |Delta_perp|."""
        half = 0.5 * (self.dim - 1)
        many = 2 * half > _SERIES
        log_norm = log_length_norm_large(half) if many else log_length_norm(half, special.gammaln(half))
        return np.asarray(log_length_density(half_freedom=half, log_norm=log_norm, stretch=log_length - self.mode))


@dataclass(frozen=True, eq=False)
class LengthRule:
    """Thresholds at `nodes` averaged over a law of the length."""

    nodes: FloatArray  # logarithms of the lengths at which log rho_c is computed, shape (nodes,)
    reads: FloatArray  # from values at the nodes to those of the polynomial on the dense grid, shape (points, nodes)
    offsets: FloatArray  # log z - log rho_c on the grid, where the chance at a given length is erf(z), shape (points,)
    log_weights: FloatArray  # logarithms of the law's weights on the grid, shape (points,)

    def logs(self, log_rho: FloatArray) -> tuple[FloatArray, FloatArray]:
        """(log P, log(1 - P)) of starts whose log rho_c at the nodes has shape (starts, nodes)."""
        dense = interpolated(self.reads, log_rho.T).T
        inside, beyond = log_erf(dense + self.offsets)
        inside[dense <= VANISHED * (1.0 - 1e-9)] = -np.inf  # how far below is not known
        beyond[dense >= ALIGNED * (1.0 - 1e-9)] = -np.inf  # even an aligned pair collapses
        return (log_sum(inside + self.log_weights, axis=1), log_sum(beyond + self.log_weights, axis=1))


def fixed_distance(dim: int, scale: float) -> LengthRule:
    """The limit of large dimension: D0 = sqrt(2 d) sigma, and the cosine of the angle is Gaussian."""
    identity = np.ones((1, 1))
    length = np.array([log_distance_large(float(dim), scale)])
    return LengthRule(length, identity, np.array([log_chance_offset_large(float(dim))]), np.zeros(1))


def across_rule(law: AcrossLaw, low: float, high: float, count: int) -> LengthRule:
    """Chebyshev-Lobatto nodes over a stretch of log |Delta_perp|."""
    points, weights = legendre_rule(_DENSE)
    middle, half = 0.5 * (low + high), 0.5 * (high - low)
    lengths = middle + half * points
    log_weights = law.log_density(lengths) + np.log(weights * half)
    reads = dense_reads(_DENSE, count)
    return LengthRule(middle + half * lobatto(count), reads, log_chance_offset(lengths, law.scale), log_weights)


def lobatto(count: int) -> FloatArray:
    """Chebyshev-Lobatto nodes on [-1, 1], ascending; the middle, for one."""
    return -np.cos(np.linspace(0.0, math.pi, count)) if count > 1 else np.zeros(1)


def interpolated(reads: FloatArray, log_rho: FloatArray) -> FloatArray:
    """log rho_c by polynomials in log cos, shape (points, columns), from values at nodes, shape (nodes, columns)."""
    between = reads @ log_cosine(log_rho)
    with np.errstate(divide="ignore"):  # what interpolation leaves above 0 is an aligned pair
        log_thresholds = log_rho_of_cosine(np.minimum(between, 0.0))
    return np.asarray(np.minimum(log_thresholds, ALIGNED))


def polynomial_reads(points: FloatArray, count: int) -> FloatArray:
    """From values at `lobatto(count)` to the polynomial through them at the points, shape (points, count)."""
    nodes = chebyshev.chebvander(lobatto(count), count - 1)
    return np.asarray(np.linalg.solve(nodes.T, chebyshev.chebvander(points, count - 1).T).T)


@lru_cache(maxsize=64)
def dense_reads(order: int, count: int) -> FloatArray:
    """`polynomial_reads` at the points of the Gauss-Legendre rule of this order; read-only."""
    reads = polynomial_reads(legendre_rule(order)[0], count)
    reads.setflags(write=False)
    return reads
