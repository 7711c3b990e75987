"""Plain stochastic training of pairs of means on the sphere, in all coordinates, by the definition of its gradients.

Equal weights; the loss is the mean over samples of log q - log p/T. Steps go back onto the sphere.
"""

import numpy as np


def placed(x, y, cosine, radius, dim, rng, count):
    """Pairs with these cosines of mu_1 - mu_2 and of mu_1 + mu_2 with the first axis and of one another."""
    frame = rng.normal(size=(count, dim, 3))
    rest = np.sqrt(1 - x * x - y * y)
    axis = np.zeros((count, dim))
    axis[:, 0] = 1
    # Two orthogonal directions whose cosines with the axis are x and y: the axis is x a + y b + rest c.
    a, b, c = np.moveaxis(np.linalg.qr(frame)[0], 2, 0)
    image = x * a + y * b + rest * c
    gap = image - axis  # reflect the image onto the axis
    size = np.sum(gap**2, axis=1, keepdims=True)
    a, b = (one - 2 * np.sum(one * gap, axis=1, keepdims=True) / size * gap for one in (a, b))
    near, far = np.sqrt((1 - cosine) / 2), np.sqrt((1 + cosine) / 2)
    return radius * np.stack([far * b + near * a, far * b - near * a], axis=1)


def descend(means, target, heat, variances, step, batch, rng, *, plain):
    """The means after a step at each temperature: shape (pairs, 2, d); `variances` are those of the components.

    A plain gradient is that of the estimated loss; that of the path leaves out what means do to log q at a sample.
    """
    radius, bias = target.separation, target.half_log_odds
    for temperature, variance in zip(heat, variances, strict=True):
        points = means[:, :, None, :] + np.sqrt(variance) * rng.normal(size=(*means.shape[:2], batch, means.shape[2]))
        gaps = points[:, :, :, None, :] - means[:, None, None, :, :]
        logs = -np.sum(gaps**2, axis=-1) / (2 * variance)
        shares = np.exp(logs - logs.max(axis=-1, keepdims=True))
        shares /= shares.sum(axis=-1, keepdims=True)
        pulled = shares[..., None] * gaps / variance
        label = np.tanh(radius * points[..., 0] + bias)
        pull = points.copy()
        pull[..., 0] -= radius * label
        slope = 0.5 * np.mean(pull / temperature - pulled.sum(axis=3), axis=2)
        if plain:
            slope += 0.5 * pulled.mean(axis=2).sum(axis=1)
        means = means - step * slope
        means *= radius / np.linalg.norm(means, axis=-1, keepdims=True)
    return means


def cosine_of_difference(means):
    gap = means[:, 0] - means[:, 1]
    return gap[:, 0] / np.linalg.norm(gap, axis=1)
