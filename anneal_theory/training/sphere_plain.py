"""Training on the sphere with all coordinates: means of length R, a variance of its own for each component.

One step is ``mu_i -= e dL/dmu_i``, then ``mu_i *= R/|mu_i|``, and ``v_i *= (1 - 2 e (dL/dv_i)/d)^2``, a step in the
metric of optimal transport; e is the step size, times T for the free energy. L is estimated on samples
``x_jn = mu_j + sqrt(v_j) z_jn``.

Source: theory section 11.
"""

from collections.abc import Callable

import numpy as np
from jaxtyping import Float

from anneal_theory._types import FloatArray
from anneal_theory.problem import GaussianMixture
from anneal_theory.training.mixture_plain import responsibilities
from anneal_theory.training.mixture_rules import Gradient


def widened_gradient(
    means: Float[np.ndarray, "k d"], variances: Float[np.ndarray, " k"], weights: Float[np.ndarray, " k"],
    target: GaussianMixture, beta: float, noise: Float[np.ndarray, "k n d"], gradient: Gradient = "plain",
) -> tuple[Float[np.ndarray, "k d"], Float[np.ndarray, " k"]]:  # fmt: skip
    """Reparameterised gradient of ``KL(q || p^beta)`` in the means and in the variances of the components.

    "plain" is the derivative of ``sum_j w_j mean_n[log q - beta log p](x_jn)``; "path" the same with the parameters of
    log q held, which has the same mean.
    """
    scales, count = np.sqrt(variances), noise.shape[1]
    points = means[:, None] + scales[:, None, None] * noise
    squares = np.sum(points**2, axis=-1)[..., None] - 2 * points @ means.T + np.sum(means**2, axis=1)
    own = _shares(squares, variances, weights, means.shape[1])
    theirs = responsibilities(points, target.means, target.weights, target.variance)
    pulls = own / variances
    force = pulls @ means - pulls.sum(axis=-1, keepdims=True) * points
    force -= beta * (theirs @ target.means - points) / target.variance
    slopes = weights[:, None] * force.mean(axis=1)
    widening = weights * np.einsum("jnd,jnd->j", force, noise) / (2 * count * scales)
    if gradient == "plain":
        shares = own * weights[:, None, None] / count
        mass = shares.sum(axis=(0, 1))
        slopes += (np.einsum("jni,jnd->id", shares, points) - mass[:, None] * means) / variances[:, None]
        spreads = np.einsum("jni,jni->i", shares, squares) / variances
        widening += (spreads - means.shape[1] * mass) / (2 * variances)
    return np.asarray(slopes), np.asarray(widening)


def _shares(squares: FloatArray, variances: FloatArray, weights: FloatArray, dim: int) -> FloatArray:
    """Posterior probabilities of the components from the squared distances of points to their means."""
    logs = np.log(weights) - 0.5 * squares / variances - 0.5 * dim * np.log(variances)
    shares = np.exp(logs - logs.max(axis=-1, keepdims=True))
    return np.asarray(shares / shares.sum(axis=-1, keepdims=True))


def train_widened(
    rng: np.random.Generator, means: Float[np.ndarray, "2 d"], variances: Float[np.ndarray, "2"], weights: FloatArray,
    radius: float, target: GaussianMixture, betas: FloatArray, rates: FloatArray, held: FloatArray | None, batch: int,
    gradient: Gradient, check: Callable[[], None],
) -> Float[np.ndarray, "n 5"]:  # fmt: skip
    """Train one replica in place, a step for each beta; `check` is called before each step and may raise.

    Returns after each step the products of both means with the first mode and with each other, and both variances.
    `held` is the variance at each step where it is not trained, else None.
    """
    dim, rows = means.shape[1], np.empty((len(betas), 5))
    for i, (beta, rate) in enumerate(zip(betas.tolist(), rates.tolist(), strict=True)):
        check()
        if held is not None:
            variances[:] = held[i]
        noise = rng.standard_normal((2, batch, dim))
        slopes, widening = widened_gradient(means, variances, weights, target, beta, noise, gradient)
        means -= rate * slopes
        means *= radius / np.sqrt(np.sum(means**2, axis=1))[:, None]
        if held is None:
            variances *= (1 - 2 * rate * widening / dim) ** 2
        rows[i] = *(means @ target.means[0]), means[0] @ means[1], *variances
    return rows
