"""The exact probability on the sphere where the family's weights differ: quasi-Monte Carlo over pairs of thresholds.

Given the cosines y and c the starts that collapse lie between two thresholds (`threshold.sphere.two_thresholds`). The
direction of mu_1 - mu_2 is uniform in d - 1 dimensions, so that each start (y, c) has a chance of its own, exactly,
and only y and c are drawn: from scrambled Sobol nets, whose scatter is the error.
"""

import math

import numpy as np
from scipy import special

from anneal_theory._types import FloatArray
from anneal_theory.errors import SolveError
from anneal_theory.formulas.start_law import log_rho_of_place
from anneal_theory.initial_law import sobol_points
from anneal_theory.models.sphere_means import sphere_means
from anneal_theory.probability.cap_probability import log_cap
from anneal_theory.probability.exact.integrand_scan import FINEST
from anneal_theory.problem import BimodalTarget, Dynamics, SphereInit
from anneal_theory.results import Estimate
from anneal_theory.schedules import Schedule
from anneal_theory.threshold.sphere.two_thresholds import both_thresholds, check_pairs

STARTS = 1024  # unless given
_NETS = 16
_ROUGH = 1e-3  # tolerance of thresholds that tell how fine they have to be
_SHARE = 1e-4  # of the smaller of P and 1 - P that the thresholds may leave
_ALIGNED = 700.0  # the place that stands for an infinite one
_LARGE = 10**7  # dimensions from which a cosine is Gaussian to 1e-7 of itself


def unequal_probability(
    target: BimodalTarget, schedule: Schedule, init: SphereInit, dynamics: Dynamics, starts: int, seed: int
) -> Estimate:
    """P_collapse of means on the sphere for any weights of the family.

    Trained variances move by their law in large dimension. `starts` is the least number of pairs (y, c) whose
    thresholds are found, rounded up to 16 nets of a power of two. The error is the standard error over the scramblings,
    and what the thresholds may be off by. Source: theory section 11.
    """
    model = sphere_means(target, schedule, dynamics, init.dim if dynamics.needs_dim else 1)
    log2_count = max(3, math.ceil(math.log2(starts / _NETS)))
    nets = [sobol_points(log2_count, seed * _NETS + net, 2) for net in range(_NETS)]
    cosines = cosine_quantiles(np.concatenate(nets), init.dim)
    rough = both_thresholds(model, cosines[:: 1 << max(log2_count - 3, 0)], None, _ROUGH)
    smaller = min(float(chance.mean()) for chance in chances(rough, init.dim))
    _require_both_ends(smaller)  # the finest tolerance would take long to say no more
    steepness = math.sqrt(init.dim)  # of the chance in a threshold, at most
    tolerance = min(max(_SHARE * smaller / steepness, FINEST), _ROUGH)
    thresholds = both_thresholds(model, cosines, rough, tolerance)
    check_pairs(model, cosines, thresholds, tolerance)
    collapse, split = (chance.reshape(_NETS, -1).mean(axis=1) for chance in chances(thresholds, init.dim))
    probability, complement = float(collapse.mean()), float(split.mean())
    _require_both_ends(min(probability, complement))
    which = collapse if probability <= complement else split
    scatter = float(np.std(which, ddof=1)) / math.sqrt(_NETS)
    left = 20 * tolerance * steepness * math.sqrt(0.5 / math.pi)  # ten of its tolerances, of either threshold
    return _estimate(
        probability, complement, math.hypot(scatter, left), f"{_NETS} scrambled nets of {1 << log2_count} starts"
    )


def cosine_quantiles(uniforms: FloatArray, dim: int) -> FloatArray:
    """Cosines of uniform directions, of density ~ (1 - t^2)^((d-3)/2), at uniforms of (0, 1)."""
    if dim >= _LARGE:
        return np.asarray(special.ndtri(uniforms) / math.sqrt(dim))
    half = 0.5 * (dim - 1)
    # in t^2: 2 B - 1 of a symmetric beta variable loses the digits of a small cosine
    squares = special.betaincinv(0.5, half, np.abs(2.0 * uniforms - 1.0))
    return np.asarray(np.copysign(np.sqrt(squares), uniforms - 0.5))


def chances(thresholds: FloatArray, dim: int) -> tuple[FloatArray, FloatArray]:
    """Chances to collapse and to split of starts between two thresholds, p of shape (2, n), and beyond them."""
    with np.errstate(divide="ignore"):
        log_rho = log_rho_of_place(np.minimum(np.abs(thresholds), _ALIGNED))
    inside, beyond = (np.exp(one) for one in log_cap(log_rho, dim - 1))
    inside, beyond = np.where(np.isinf(thresholds), 1.0, inside), np.where(np.isinf(thresholds), 0.0, beyond)
    low, high = np.sign(thresholds)
    across = low * high <= 0  # the starts with x = 0 collapse
    between = 0.5 * np.where(across, inside[0] + inside[1], np.abs(inside[1] - inside[0]))
    apart = 0.5 * (beyond[0] + beyond[1])
    return between, np.where(across, apart, 1.0 - between)


def _require_both_ends(smaller: float) -> None:
    """Refuse where the smaller of P and 1 - P is no double, as in very many dimensions."""
    if smaller == 0.0:
        raise SolveError(
            "all starts that were drawn end alike, so that the smaller of P and 1 - P is not known; "
            "use a smaller dim, or a slower schedule"
        )


def _estimate(value: float, complement: float, error: float, nets: str) -> Estimate:
    logs = [math.log(one) if one > 0 else -math.inf for one in (value, complement)]
    note = f"quasi-Monte Carlo over {nets} between two thresholds each; the error is a standard error"
    return Estimate(value, error, logs[0], "exact", log_complement=logs[1], note=note)
