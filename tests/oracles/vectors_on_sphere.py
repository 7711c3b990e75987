"""Two means in R^d that descend the loss by its definition, held on the sphere: no overlap, no G, no closed equation.

The loss is ``T E_q log q - E_q log p`` (the free energy; the tempered target's is this over T), q of two components of
the variance v and p of two unit ones at +-mu*. Its slope in mu_i is ``w_i E_i[T grad log q - grad log p]``: what q does
in log q itself has no mean. Responsibilities depend on x along mu_1 - mu_2 alone and the label of a mode along mu*, so
that means are sums over a grid of one coordinate; across it Gaussians have mean 0. The part along mu_i is taken off.
A trained variance follows its flow in large dimension, v' = T - v in the time of the free energy.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from scipy.integrate import solve_ivp

_Z = np.arange(-9, 9.01, 0.015)  # the poles of tanh(a z) are 1.57/a off the line: e^-29 is left at a = R sqrt(v) = 22
_DENSITY = np.exp(-0.5 * _Z**2) / np.exp(-0.5 * _Z**2).sum()


@dataclass(frozen=True)
class Descent:
    """What is descended.

    Attributes:
        axis: mu*, shape (d,); its length is R.
        half_log_odds: h of w*.
        temperature: In time; smooth but at `kinks`.
        kinks: Times between which it is integrated.
        rule: Of the variance: "fixed", "follows-temperature" or "trained".
        free_energy: Else the tempered target.
        weight: w1.
    """

    axis: np.ndarray
    half_log_odds: float
    temperature: Callable[[float], float]
    kinks: Sequence[float] = ()
    rule: str = "fixed"
    free_energy: bool = True
    weight: float = 0.5

    def slopes(self, means: np.ndarray, temperature: float, v: float) -> np.ndarray:
        """Gradients of the free energy in both means, shape (2, d)."""
        spread, apart = np.sqrt(v), means[0] - means[1]
        distance = max(float(np.linalg.norm(apart)), 1e-300)
        found = []
        for place, (mean, weight) in enumerate(zip(means, (self.weight, 1 - self.weight), strict=True)):
            u = spread * _Z + (distance if place == 0 else 0.0)  # from mu_2 along mu_1 - mu_2
            odds = np.clip(((u - distance) ** 2 - u**2) / (2 * v), -700, 700)
            first = 1 / (1 + (1 - self.weight) / self.weight * np.exp(odds))
            log_q = -apart / distance * (_DENSITY @ (u - first * distance)) / v
            label = np.tanh(self.axis @ mean + self.half_log_odds + np.linalg.norm(self.axis) * spread * _Z)
            log_p = -mean + self.axis * (_DENSITY @ label)
            found.append(weight * (temperature * log_q - log_p))
        return np.array(found)

    def followed(self, means: np.ndarray, times: Sequence[float], rtol: float = 1e-10) -> list[np.ndarray]:
        """The means at rising times, each of shape (2, d); the variance starts at the temperature."""
        radius, shape = float(np.linalg.norm(self.axis)), np.shape(means)

        def rates(t: float, state: np.ndarray, low: float, high: float) -> np.ndarray:
            now = self.temperature(min(max(t, np.nextafter(low, high)), np.nextafter(high, low)))
            places = state[:-1].reshape(shape)
            v = {"trained": state[-1], "follows-temperature": now, "fixed": 1.0}[self.rule]
            slopes = self.slopes(places, now, v)
            held = slopes - places * np.sum(slopes * places, axis=1, keepdims=True) / radius**2
            return np.append(-held.ravel(), now - state[-1]) / (1.0 if self.free_energy else now)

        state, rows = np.append(np.ravel(means), self.temperature(0.0)), {}
        for low, high in pairwise(sorted({0.0, *times, *(kink for kink in self.kinks if kink < times[-1])})):
            state = solve_ivp(rates, (low, high), state, "DOP853", rtol=rtol, atol=1e-2 * rtol, args=(low, high)).y[
                :, -1
            ]
            rows[high] = state[:-1].reshape(shape)
        return [rows[time] for time in times]
