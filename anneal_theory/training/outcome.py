"""How a training ended, from means of components and from arrays of log-weights (log p - log q) of samples."""

import numpy as np
from jaxtyping import Bool, Float
from scipy.special import ndtr

from anneal_theory._types import FloatArray
from anneal_theory.errors import DomainError
from anneal_theory.numerics.logarithms import log_sum


def same_sign(m1: Float[np.ndarray, " n"], m2: Float[np.ndarray, " n"]) -> Bool[np.ndarray, " n"]:
    """The verdict on a pair of means: collapsed where both overlaps with mu* have the same sign.

    Source:
        theory section 1.

    Example:
        >>> same_sign(np.array([9.0, 9.0]), np.array([8.9, -9.0]))
        array([ True, False])
    """
    return np.asarray(m1 * m2 > 0)


def positive_mass(
    overlaps: Float[np.ndarray, "n k"], separation: float, weights: Float[np.ndarray, " k"],
    variances: Float[np.ndarray, "n k"] | None = None,
) -> Float[np.ndarray, " n"]:  # fmt: skip
    """Mass of a mixture of Gaussians nearer to +mu* than to -mu*.

    Example:
        >>> positive_mass(np.array([[9.0, -9.0]]), 3.0, np.array([0.5, 0.5]))
        array([0.5])
    """
    scales = separation if variances is None else separation * np.sqrt(variances)
    return np.asarray(ndtr(overlaps / scales) @ weights, dtype=np.float64)


def reverse_ess(log_weights: Float[np.ndarray, "... n"]) -> FloatArray:
    """Relative effective sample size ``(sum w)^2 / (n sum w^2)`` at samples of the family; constants cancel."""
    logs = _finite_above(log_weights)
    ess = np.exp(2 * log_sum(logs, axis=-1) - log_sum(2 * logs, axis=-1)) / logs.shape[-1]
    return np.asarray(ess, dtype=np.float64)


def forward_relative_ess(log_weights: Float[np.ndarray, "... n"]) -> FloatArray:
    """``1 / E_p[p/q]`` from log p - log q, both normalised, at the target's samples: it sees modes that q has lost."""
    logs = _finite_above(log_weights)
    return np.asarray(np.exp(np.log(logs.shape[-1]) - log_sum(logs, axis=-1)), dtype=np.float64)


def forward_kl(log_weights: Float[np.ndarray, "... n"]) -> FloatArray:
    """Estimate of KL(p || q): the mean of log p - log q at samples of the target."""
    return np.asarray(np.mean(_finite_above(log_weights), axis=-1), dtype=np.float64)


def mode_weights(samples: Float[np.ndarray, "n d"], modes: Float[np.ndarray, "k d"]) -> Float[np.ndarray, " k"]:
    """Share of the samples nearest to each mode."""
    # |x - c|^2 without |x|^2, which all modes share
    gaps = np.sum(modes**2, axis=1) - 2 * samples @ modes.T
    return np.bincount(np.argmin(gaps, axis=1), minlength=len(modes)) / len(samples)


def _finite_above(log_weights: FloatArray) -> FloatArray:
    logs = np.asarray(log_weights, dtype=np.float64)
    if logs.size == 0 or np.any(np.isnan(logs)) or np.any(logs == np.inf):
        bad = "none" if logs.size == 0 else f"{int(np.sum(np.isnan(logs) | (logs == np.inf)))} of {logs.size} others"
        raise DomainError.of("log_weights", "numbers below infinity, at least one", bad, "look for NaN losses")
    return logs
