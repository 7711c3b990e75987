"""Training as it is defined: gradient flow of the means on the KL divergence of `kl_grid`, in d dimensions."""

import numpy as np
from scipy.integrate import solve_ivp

from tests.oracles import kl_grid

STEP = 0.3  # leaves 4e-11 in a gradient, for means within 2 and modes at 1.5


def train(means, family, modes, target, temperature, times, *, natural=False, free_energy=False):
    """Means at the times, shape (n, K, d), for unit-variance components.

    The temperature is a function of time. The loss is the KL divergence to the tempered target, or T times it.
    """

    def rates(t, y):
        moved, level = y.reshape(means.shape), temperature(t)
        gradient = kl_grid.mean_gradient(moved, family, 1.0, modes, target, 1 / level, step=STEP)
        scale = (level if free_energy else 1.0) / (family[:, None] if natural else 1.0)
        return -np.ravel(scale * gradient)

    run = solve_ivp(rates, (0, times[-1]), means.ravel(), "DOP853", times, rtol=1e-9, atol=1e-11)
    return run.y.T.reshape(len(times), *means.shape)
