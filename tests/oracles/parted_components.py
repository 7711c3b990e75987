"""Two Gaussians of different variances in d dimensions, by their definition: what each feels of the other.

Averages over a component go over its coordinate along mu_2 - mu_1 and the squared length across, chi-square of d - 1
degrees of freedom, by Gauss rules. No formula of the package is used.
"""

import numpy as np
from scipy.linalg import eigh_tridiagonal
from scipy.special import expit, log_expit, roots_hermitenorm


def nodes(dim, count):
    """(z, |y|^2, weights) of a standard normal in d dimensions, shape (count^2,) each."""
    z, along = roots_hermitenorm(count)
    order, shape = np.arange(count), 0.5 * (dim - 1) - 1
    places, vectors = eigh_tridiagonal(2 * order + 1 + shape, np.sqrt(order[1:] * (order[1:] + shape)))
    weights = np.outer(along / along.sum(), vectors[0] ** 2)
    return np.repeat(z, count), np.tile(2 * places, count), weights.ravel()


class Parted:
    """The components w1 N(0, v1 I) and (1 - w1) N(D e, v2 I)."""

    def __init__(self, dim, w1, count=60):
        self.dim, self.w1, self.w2 = dim, w1, 1 - w1
        self.z, self.squares, self.weights = nodes(dim, count)

    def log_ratio(self, z, squares, distance, own, other):
        """log n_own/n_other at points of one component, z along the line to the other."""
        far = ((np.sqrt(own) * z - distance) ** 2 + own * squares) / other
        return 0.5 * (far - z * z - squares + self.dim * np.log(other / own))

    def felt(self, distance, v1, v2):
        """(push, v1 dI/dv1, v2 dI/dv2): -w1 E_1[grad log q] = push (mu_1 - mu_2), and the information of the label."""
        z, squares = self.z, self.squares
        odds = np.log(self.w1 / self.w2)
        first = self.log_ratio(z, squares, distance, v1, v2) + odds
        second = self.log_ratio(-z, squares, distance, v2, v1) - odds  # its own line points the other way
        to_first, to_second = -np.sqrt(v1) * z / v1, (distance - np.sqrt(v1) * z) / v2
        slope = expit(first) * to_first + expit(-first) * to_second  # of log q, towards the second
        push = self.w1 * (slope @ self.weights) / distance
        grown = [
            w * ((z * z + squares - self.dim) / 2 * log_expit(ratio)) @ self.weights
            for w, ratio in ((self.w1, first), (self.w2, second))
        ]
        return push, *grown

    def overlap(self, distance, v1, v2):
        """w1 E_1[r_2]."""
        ratio = self.log_ratio(self.z, self.squares, distance, v1, v2) + np.log(self.w1 / self.w2)
        return self.w1 * (expit(-ratio) @ self.weights)


def flow_rates(target, temperature, family_weight, dim, count=40):
    """Rates of (m1, m2, s, log v1, log v2) on the sphere, of the free energy: all terms, in every dimension."""
    parted, radius, h = Parted(dim, family_weight, count), target.separation, target.half_log_odds
    z = np.linspace(-8, 8, 641)
    density = np.exp(-0.5 * z * z) / np.exp(-0.5 * z * z).sum()
    weights = family_weight, 1 - family_weight

    def rates(t, state):
        m1, m2, s, *logs = state
        level, variances = temperature(t), np.exp(logs)
        push, *grown = parted.felt(radius * np.sqrt(2 * (1 - s)), *variances)
        labels = [np.tanh(m + h + radius * np.sqrt(v) * z) for m, v in zip((m1, m2), variances, strict=True)]
        pulls = [w * (label @ density) for w, label in zip(weights, labels, strict=True)]
        bends = [radius**2 * ((1 - label**2) @ density) for label in labels]
        widened = [
            2 * w * (level / v - 1) + (4 * level * own / v + 2 * w * bend) / dim
            for w, v, own, bend in zip(weights, variances, grown, bends, strict=True)
        ]
        return np.array([
            pulls[0] * (radius**2 - m1**2 / radius**2) + level * push * (m1 * s - m2),
            pulls[1] * (radius**2 - m2**2 / radius**2) + level * push * (m2 * s - m1),
            (pulls[0] * (m2 - m1 * s) + pulls[1] * (m1 - m2 * s)) / radius**2 - 2 * level * push * (1 - s**2),
            *widened,
        ])  # fmt: skip

    return rates
