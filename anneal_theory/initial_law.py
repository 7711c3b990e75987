"""The exact law of the initial summary statistics (theory section 5).

Two independent means N(0, sigma^2 I_d) meet the training only through their overlaps with the target's axis, which
are Gaussian, and the Gram matrix of what is perpendicular to it, which is Wishart with d - 1 degrees of freedom and
drawn through its Bartlett factor [[chi_{d-1}, 0], [g, chi_{d-2}]].
"""

import numpy as np
from jaxtyping import Float
from scipy import special

from anneal_theory._types import FloatArray
from anneal_theory.problem import BimodalTarget, GaussianInit
from anneal_theory.quantities.doors import checked

AXES = 5


@checked(uniforms="points")
def full_statistics(
    target: BimodalTarget, init: GaussianInit, uniforms: Float[np.ndarray, "n 5"]
) -> Float[np.ndarray, "n 5"]:
    """Initial (m1, m2, s11, s12, s22) as a function of five independent uniforms on (0, 1).

    Example:
        >>> import numpy as np
        >>> full_statistics(BimodalTarget(3, 0.5), GaussianInit(2), np.full((1, 5), 0.5)).shape
        (1, 5)
    """
    sigma, radius = init.scale, target.separation
    first, second, cross = (sigma * special.ndtri(uniforms[:, axis]) for axis in (0, 1, 2))
    long = sigma * chi(init.dim - 1, uniforms[:, 3])
    third = sigma * chi(init.dim - 2, uniforms[:, 4])
    lengths = first**2 + long**2, first * second + long * cross, second**2 + cross**2 + third**2
    return np.stack([radius * first, radius * second, *lengths], axis=1)


def chi(degrees: int, quantile: FloatArray) -> FloatArray:
    """Quantiles of the length of a standard Gaussian vector; of zero length for no degrees of freedom."""
    if degrees == 0:
        return np.zeros_like(quantile)
    return np.asarray(np.sqrt(2.0 * special.gammaincinv(0.5 * degrees, quantile)))


@checked
def sample_full_statistics(
    target: BimodalTarget, init: GaussianInit, count: int, rng: np.random.Generator
) -> Float[np.ndarray, "n 5"]:
    """Independent draws of the initial (m1, m2, s11, s12, s22)."""
    return full_statistics(target, init, rng.uniform(np.finfo(float).tiny, 1.0, (count, AXES)))


def sobol_points(log2_count: int, seed: int, axes: int = AXES) -> Float[np.ndarray, "n axes"]:
    """A scrambled Sobol net in the open unit cube, for randomised quasi-Monte Carlo."""
    from scipy import stats  # costs 0.8 s, so only where it is used

    points = stats.qmc.Sobol(axes, scramble=True, rng=np.random.default_rng(seed)).random_base2(log2_count)
    return np.clip(points, 1e-16, 1.0 - 1e-16)
