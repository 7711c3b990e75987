"""The plain d-dimensional route: every sample has all its coordinates; any number of components and modes."""

from collections.abc import Callable

import numpy as np
from jaxtyping import Float

from anneal_theory._types import FloatArray
from anneal_theory.problem import GaussianMixture
from anneal_theory.training.fates import Watch, longest_mode
from anneal_theory.training.mixture_rules import Gradient, MixtureRules


def responsibilities(
    points: Float[np.ndarray, "... d"], means: Float[np.ndarray, "k d"], weights: Float[np.ndarray, " k"],
    variance: float = 1.0,
) -> Float[np.ndarray, "... k"]:  # fmt: skip
    """Posterior probability of each component at the points."""
    logs = np.log(weights) + (points @ means.T - 0.5 * np.sum(means**2, axis=1)) / variance
    shares = np.exp(logs - logs.max(axis=-1, keepdims=True))
    return np.asarray(shares / shares.sum(axis=-1, keepdims=True), dtype=np.float64)


def mixture_gradient(
    means: Float[np.ndarray, "k d"], weights: Float[np.ndarray, " k"], target: GaussianMixture, beta: float,
    noise: Float[np.ndarray, "k n d"], gradient: Gradient = "plain",
) -> Float[np.ndarray, "k d"]:  # fmt: skip
    """Reparameterised gradient of ``KL(q || p^beta)`` at unit variance; "path" is without the score term."""
    points = means[:, None] + noise
    own = responsibilities(points, means, weights)
    theirs = responsibilities(points, target.means, target.weights, target.variance)
    slope = own @ means - points - beta * (theirs @ target.means - points) / target.variance
    total = weights[:, None] * slope.mean(axis=1)
    if gradient == "plain":
        shares = own * weights[:, None, None] / noise.shape[1]
        total += np.einsum("jni,jnd->id", shares, points) - shares.sum(axis=(0, 1))[:, None] * means
    return np.asarray(total, dtype=np.float64)


def train_one(
    rng: np.random.Generator, means: FloatArray, weights: FloatArray, target: GaussianMixture, betas: FloatArray,
    scales: FloatArray, rates: FloatArray, rules: MixtureRules, watch: Watch, calm_from: int | None,
    check: Callable[[], None],
) -> int:  # fmt: skip
    """Train one replica's means in place; returns the steps made (rule of rest: that of `train_mixture`)."""
    axes = target.means.T / longest_mode(np.sum(target.means**2, axis=1))
    for i, (beta, scale) in enumerate(zip(betas, scales, strict=True)):
        check()
        noise = rng.standard_normal((len(means), rules.batch, means.shape[1]))
        slope = mixture_gradient(means, weights, target, float(beta), noise, rules.gradient or "plain")
        means -= (scale * rates)[:, None] * slope
        gaps = np.sqrt(np.sum((means - means[0]) ** 2, axis=1))
        if watch.note(means @ axes, gaps) and calm_from is not None and i >= calm_from:
            return i + 1
    return len(betas)
