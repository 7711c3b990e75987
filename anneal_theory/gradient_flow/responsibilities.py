"""Mean responsibilities of a mixture's components, by trapezoidal sums in the span of the means (theory section 3).

A responsibility depends on a sample only through the differences of the means, so the Gaussian average has K - 1
dimensions for K components, whatever d is. The integrand is analytic in a strip, so the sums converge geometrically.
"""

import math
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from jaxtyping import Float

from anneal_theory._types import FloatArray
from anneal_theory.errors import DomainError
from anneal_theory.formulas.responsibilities import softmax_offset, softmax_reach

_OF_MODES = 1.0  # variance of the target's modes
_EXPONENT = 32.0  # the discretisation error is about exp(-_EXPONENT) = 1e-14
_REACH = 8.3  # exp(-_REACH^2/2) = 1e-15: the Gaussian mass left outside
_MAX_POINTS = 2_000_000
_PLAIN = 300.0  # two factors above exp(-300) have a product that no double loses


class SoftmaxMeans(NamedTuple):
    """Averages over z of the softmax p of ``offsets[i] + slopes z``, one row a component i."""

    first: Float[np.ndarray, "K k"]  # E_i[p_j], shape (K, k)
    second: Float[np.ndarray, "..."]  # E_i[p_j p_l], shape (K, k, k); empty unless asked for
    # E_i[log sum_j exp(offsets[i, j] + slopes[j] . z)], shape (K,); empty unless asked for
    log_sum: Float[np.ndarray, "..."]


@dataclass(frozen=True, eq=False)
class SoftmaxGrid:
    """Nodes z of a trapezoidal sum against the standard normal density, and the terms of a softmax there."""

    weights: Float[np.ndarray, " n"]  # shape (n,); they sum to one up to the rule's error
    linear: Float[np.ndarray, "n k"]  # slopes . z, shape (n, k)
    powers: Float[np.ndarray, "n k"]  # exp(linear) over its largest term at each node, shape (n, k)
    plain: bool  # whether powers and offsets can be multiplied without underflow


def principal_coordinates(points: Float[np.ndarray, "k d"]) -> Float[np.ndarray, "k r"]:
    """Coordinates of k points about their centre along their principal axes, r = min(k - 1, d) of them."""
    centred = points - points.mean(axis=0)
    rank = min(len(points) - 1, points.shape[1])
    if rank == 0:
        return np.zeros((len(points), 0))
    _, _, axes = np.linalg.svd(centred, full_matrices=False)
    return np.asarray(centred @ axes[:rank].T)


def squared_gaps(points: Float[np.ndarray, "n d"], others: Float[np.ndarray, "k d"]) -> Float[np.ndarray, "n k"]:
    """Squared distances of points from others, by differences: nothing cancels where two are close."""
    return np.asarray(np.sum((points[:, None, :] - others[None, :, :]) ** 2, axis=-1))


def softmax_grid(slopes: Float[np.ndarray, "k r"]) -> SoftmaxGrid:
    """The grid on which softmax averages with these slopes are exact to about 1e-14.

    The softmax has no pole while the phases of its terms spread over less than pi: a strip of half-width a = pi/extent
    along each axis. A step h leaves exp(a^2/2 - 2 pi a/h), for any a up to that width. Each term of the softmax has a
    row of slopes; a grid of more than two million points is refused.
    """
    axes = []
    for column in slopes.T:
        extent = float(np.ptp(column))
        width = min(math.pi / extent, 8.0) if extent > 0 else 8.0
        step = 2 * math.pi * width / (_EXPONENT + width**2 / 2)
        count = math.ceil(_REACH / step)
        axes.append(step * np.arange(-count, count + 1))
    points = math.prod(len(axis) for axis in axes)
    if points > _MAX_POINTS:
        need = f"few enough, and close enough together, for quadrature with at most {_MAX_POINTS} points"
        raise DomainError.of("gram", need, points, "use fewer components, or means closer together")
    mesh = np.meshgrid(*axes, indexing="ij")
    nodes = np.stack([axis.ravel() for axis in mesh], axis=-1) if axes else np.zeros((1, 0))
    square = np.sum(nodes**2, axis=-1)
    inside = square <= _REACH**2
    cell = math.prod((axis[1] - axis[0]) / math.sqrt(2 * math.pi) for axis in axes)
    linear = nodes[inside] @ slopes.T
    below = linear - linear.max(axis=1, keepdims=True)
    return SoftmaxGrid(cell * np.exp(-0.5 * square[inside]), linear, np.exp(below), bool(below.min() > -_PLAIN))


def softmax_means(offsets: Float[np.ndarray, "K k"], grid: SoftmaxGrid, *, moments: bool = False) -> SoftmaxMeans:
    """Gaussian averages of the softmax of ``offsets[i] + slopes z``.

    Each average has a row of offsets; with `moments` the products and the log-sum are averaged too. Source: theory
    section 3: A_ij = E_i[r_j] and B_ik = E_i[r*_k].
    """
    shifts = offsets - offsets.max(axis=1, keepdims=True)
    if grid.plain and not moments and shifts.min() > -_PLAIN:
        factors = np.exp(shifts)
        first = (grid.weights[:, None] / (grid.powers @ factors.T)).T @ grid.powers * factors
        return SoftmaxMeans(first, np.zeros(0), np.zeros(0))
    rows = [_row(row, grid) for row in offsets]
    return SoftmaxMeans(*(np.array([row[part] for row in rows]) for part in range(3)))


def _row(offsets: FloatArray, grid: SoftmaxGrid) -> tuple[FloatArray, FloatArray, float]:
    """The three averages of `SoftmaxMeans` for one component."""
    logits = grid.linear + offsets
    top = logits.max(axis=1, keepdims=True)
    shares = np.exp(logits - top)
    total = shares.sum(axis=1, keepdims=True)
    shares /= total
    weighted = grid.weights[:, None] * shares
    return weighted.sum(axis=0), weighted.T @ shares, float(grid.weights @ (top + np.log(total))[:, 0])


def family_responsibilities(
    means: Float[np.ndarray, "K d"], weights: Float[np.ndarray, " K"], variance: float, *, moments: bool = False
) -> SoftmaxMeans:
    """A_ij = E_i[r_j], with r the responsibilities within q.

    In any coordinates of the span of the means; with `moments` E_i[r_j r_l] and E_i[log q] too (the latter without its
    Gaussian part). Source: theory section 3.

    Example:
        >>> import numpy as np
        >>> pair, half = np.array([[0.65, 0.0], [-0.65, 0.0]]), np.array([0.5, 0.5])
        >>> round(float(family_responsibilities(pair, half, 1.0).first[0, 1] / 2), 12)  # G(1.3; 1/2)
        0.172696117552
    """
    offsets = softmax_offset(squared_gaps(means, means), weights, variance)
    grid = softmax_grid(principal_coordinates(means) * softmax_reach(variance, density_variance=variance))
    return softmax_means(offsets, grid, moments=moments)


@dataclass(frozen=True, init=False, eq=False)
class TargetResponsibilities:
    """B_ik = E_i[r*_k], with r* the responsibilities within p; the grid is made once for all means.

    Args:
        modes: Means of p (unit covariance), one row a mode, in the coordinates that the means of q will come in.
        weights: Weights of p.
        variance: Common variance v of the components of q.

    Source:
        theory section 3.

    Example:
        >>> import numpy as np
        >>> target = TargetResponsibilities(np.array([[3.0], [-3.0]]), np.array([0.8, 0.2]), 1.0)
        >>> share = target(np.array([[0.0]])).first[0, 0]
        >>> round(float(2 * share - 1), 12)  # psi(0)
        0.17520210452
    """

    modes: Float[np.ndarray, "k d"]
    weights: Float[np.ndarray, " k"]
    grid: SoftmaxGrid

    def __init__(self, modes: Float[np.ndarray, "k d"], weights: Float[np.ndarray, " k"], variance: float) -> None:
        object.__setattr__(self, "modes", modes)
        object.__setattr__(self, "weights", weights)
        object.__setattr__(
            self, "grid", softmax_grid(principal_coordinates(modes) * softmax_reach(variance, _OF_MODES))
        )

    def __call__(self, means: Float[np.ndarray, "K d"], *, moments: bool = False) -> SoftmaxMeans:
        """The averages under components with these means."""
        offsets = softmax_offset(squared_gaps(means, self.modes), self.weights, _OF_MODES)
        return softmax_means(offsets, self.grid, moments=moments)
