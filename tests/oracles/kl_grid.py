"""KL(q || p^beta) of Gaussian mixtures from its definition, on a grid; gradients by the complex step.

Nothing here knows responsibilities, Stein's lemma or summary statistics: densities are sums of exponentials, the
integral is a trapezoidal sum over R^d. A complex increment of 1e-30 differentiates that sum without cancellation.
"""

from itertools import product

import numpy as np

STEP = 1e-30


def density(x, means, weights, variance):
    """Mixture density at points x (n, d); any parameter may be complex."""
    gaps = x[:, None, :] - means[None, :, :]
    norm = (2 * np.pi * variance) ** (-x.shape[1] / 2)
    return norm * np.exp(-np.sum(gaps**2, axis=-1) / (2 * variance)) @ weights


def grid(means, variance, *, reach=8.5, step=0.12):
    """Points (n, d) covering every component of q, and the volume of a cell."""
    scale = variance**0.5
    axes = [np.arange(c.min() - reach * scale, c.max() + reach * scale, step * scale) for c in means.T]
    mesh = np.meshgrid(*axes, indexing="ij")
    return np.stack([m.ravel() for m in mesh], axis=-1), (step * scale) ** means.shape[1]


def kl(means, weights, variance, modes, mode_weights, beta, points):
    """E_q[log q] - beta E_q[log p] on the given (points, cell)."""
    x, cell = points
    q = density(x, means, weights, variance)
    return cell * np.sum(q * (np.log(q) - beta * np.log(density(x, modes, mode_weights, 1.0))))


def mean_gradient(means, weights, variance, modes, mode_weights, beta, *, step=0.12):
    """dKL/dmu, shape (K, d)."""
    points = grid(means, variance, step=step)
    result = np.empty(means.shape)
    for index in product(*map(range, means.shape)):
        moved = means.astype(complex)
        moved[index] += 1j * STEP
        result[index] = kl(moved, weights, variance, modes, mode_weights, beta, points).imag / STEP
    return result


def variance_gradient(means, weights, variance, modes, mode_weights, beta):
    """dKL/dv."""
    points = grid(means, variance)
    return kl(means, weights, variance + 1j * STEP, modes, mode_weights, beta, points).imag / STEP


def logit_gradient(means, weights, variance, modes, mode_weights, beta):
    """dKL/da for weights softmax(a), at a = log weights."""
    points, result = grid(means, variance), np.empty(len(weights))
    for i in range(len(weights)):
        logits = np.log(weights).astype(complex)
        logits[i] += 1j * STEP
        shares = np.exp(logits) / np.exp(logits).sum()
        result[i] = kl(means, shares, variance, modes, mode_weights, beta, points).imag / STEP
    return result
