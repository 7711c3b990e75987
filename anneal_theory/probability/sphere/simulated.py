"""The probability on the sphere counted over draws of the exact initial law."""

import math

import numpy as np

from anneal_theory._types import FloatArray
from anneal_theory.errors import SolveError
from anneal_theory.formulas.sphere_flow import cosine_of_difference, cosine_of_sum, sphere_log_rho, sphere_overlaps
from anneal_theory.formulas.start_law import place_of_log_rho
from anneal_theory.models.runs import sides
from anneal_theory.models.sphere_means import ALIGNED, sphere_means
from anneal_theory.models.sphere_pair import sphere_pair
from anneal_theory.probability.simulated import counted_estimate, require_room
from anneal_theory.problem import BimodalTarget, Dynamics, SphereInit
from anneal_theory.results import Estimate
from anneal_theory.schedules import Schedule

_TOLERANCE = 1e-8
_MAX_STEPS = 200_000
_ALIGNED = 350.0  # log rho of a pair in a plane with the axis


def simulated_on_sphere(
    target: BimodalTarget, schedule: Schedule, init: SphereInit, dynamics: Dynamics, replicas: int, seed: int
) -> Estimate:
    """Fraction of collapsed runs with its binomial standard error.

    Raises:
        SolveError: a run stayed undecided.
    """
    require_room(replicas)
    starts, log_rho, sign = sphere_starts(init.dim, replicas, np.random.default_rng(seed))
    if dynamics.equal_weights:
        runs, places = sphere_pair(target, schedule, dynamics).runs, log_rho
    else:
        model = sphere_means(target, schedule, dynamics, init.dim if dynamics.needs_dim else 1)
        runs, places = model.runs, sign * place_of(log_rho)
    collapsed = sides(runs.codes(starts, places, _TOLERANCE, _MAX_STEPS))
    if np.any(collapsed == 0):
        raise SolveError(f"a run did not settle within {_MAX_STEPS} steps; move the separation")
    count = int(np.sum(collapsed > 0))
    share = count / replicas
    error = math.sqrt(max(share * (1 - share), 1.0 / replicas) / replicas)
    return counted_estimate(share, error, "simulated", f"{count} of {replicas} runs collapsed")


def place_of(log_rho: FloatArray) -> FloatArray:
    """The place of `models.sphere_means` of a start with m1 > m2."""
    return np.asarray(place_of_log_rho(np.minimum(log_rho, ALIGNED)))


def sphere_starts(dim: int, count: int, rng: np.random.Generator) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Draws of ((y, c), shape (count, 2), log rho, and the sign of m1 - m2) for two independent uniform means.

    The overlaps of the first mean with the axis, of the second with the first and of the rest of both are drawn as
    coordinates of Gaussian vectors, from which y, c and rho follow: nothing of the law of theory section 11 is used.
    """
    first, second = rng.standard_normal((2, count, 2))  # along the axis, and across it in the plane of the first mean
    first[:, 1] = np.sqrt(rng.chisquare(dim - 1, count))
    rest = rng.chisquare(dim - 2, count)
    first /= np.linalg.norm(first, axis=1)[:, None]
    length = np.sqrt(np.sum(second**2, axis=1) + rest)
    second /= length[:, None]
    cosine = np.clip(np.sum(first * second, axis=1), -1.0, 1.0)
    *_, distance = sphere_overlaps(0.0, 0.0, cosine, 1.0)
    x = cosine_of_difference(first[:, 0], second[:, 0], distance, 1.0)
    y = cosine_of_sum(first[:, 0], second[:, 0], cosine, 1.0)
    return np.stack([np.clip(y, -1 + 1e-16, 1 - 1e-16), cosine], axis=1), _log_rho(np.abs(x), y), np.sign(x)


def _log_rho(x: FloatArray, y: FloatArray) -> FloatArray:
    """log rho; of pairs whose plane holds the axis up to rounding, a large number."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(np.nan_to_num(sphere_log_rho(x, y), nan=_ALIGNED, posinf=_ALIGNED))
