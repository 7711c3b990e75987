"""Draws of the exact initial law on the sphere, and the verdicts of their runs."""

from dataclasses import dataclass

import numpy as np

from anneal_theory._types import FloatArray, IntArray, VarianceLaw
from anneal_theory.errors import SolveError
from anneal_theory.formulas.sphere_flow import (
    cosine_of_difference,
    cosine_of_sum,
    sphere_log_rho,
    sphere_overlaps,
    sphere_start,
)
from anneal_theory.formulas.start_law import place_of_log_rho
from anneal_theory.gradient_flow import SphereState
from anneal_theory.models.runs import sides
from anneal_theory.models.sphere_means import ALIGNED, sphere_means
from anneal_theory.models.sphere_pair import sphere_pair
from anneal_theory.models.verdicts import REVERSED, SPLIT
from anneal_theory.problem import BimodalTarget, Dynamics, SphereInit
from anneal_theory.problem.dynamics import law_dim
from anneal_theory.schedules import Schedule

_TOLERANCE = 1e-8
_MAX_STEPS = 200_000
_ALIGNED = 350.0  # log rho of a pair in a plane with the axis


@dataclass(frozen=True, eq=False)
class SphereDraws:
    """Starts of two independent uniform means."""

    cosines: FloatArray  # (y, c) of the sum with the axis and of the pair, shape (n, 2)
    log_rho: FloatArray  # shape (n,)
    sign: FloatArray  # of m1 - m2, shape (n,)

    @classmethod
    def of(cls, dim: int, count: int, rng: np.random.Generator) -> "SphereDraws":
        """Independent draws.

        The overlaps of the first mean with the axis, of the second with the first and of the rest of both are drawn as
        coordinates of Gaussian vectors, from which y, c and rho follow: nothing of the law of theory section 11 is
        used.
        """
        first, second = rng.standard_normal((2, count, 2))  # along the axis, and across it in the first mean's plane
        first[:, 1] = np.sqrt(rng.chisquare(dim - 1, count))
        third_squared = rng.chisquare(dim - 2, count)
        first /= np.linalg.norm(first, axis=1)[:, None]
        length = np.sqrt(np.sum(second**2, axis=1) + third_squared)
        second /= length[:, None]
        cosine = np.clip(np.sum(first * second, axis=1), -1.0, 1.0)
        *_, distance = sphere_overlaps(0.0, 0.0, cosine, 1.0)
        x = cosine_of_difference(first[:, 0], second[:, 0], distance, 1.0)
        y = cosine_of_sum(first[:, 0], second[:, 0], cosine, 1.0)
        cosines = np.stack([np.clip(y, -1 + 1e-16, 1 - 1e-16), cosine], axis=1)
        return cls(cosines, _log_rho(np.abs(x), y), np.sign(x))

    def states(self) -> SphereState:
        """The starts of trajectories."""
        y, cosine = self.cosines.T
        log_x, _ = sphere_start(self.log_rho, y, cosine, 1.0)
        inside = np.nextafter(1.0, 0.0)
        return SphereState(self.sign * np.exp(log_x), y, np.clip(cosine, -inside, inside))

    def statistics(self, target: BimodalTarget) -> dict[str, FloatArray]:
        """m1, m2 and the cosine of the pair."""
        y, cosine = self.cosines.T
        log_x, total = sphere_start(self.log_rho, y, cosine, target.separation)
        m1, m2, _ = sphere_overlaps(self.sign * np.exp(log_x), total, cosine, target.separation)
        return {"m1": m1, "m2": m2, "pair_overlap": cosine.copy()}


def sphere_verdicts(
    target: BimodalTarget, schedule: Schedule, init: SphereInit, dynamics: Dynamics, drawn: SphereDraws,
    law: VarianceLaw | None,
) -> IntArray:  # fmt: skip
    """How the run of each start ends."""
    if dynamics.equal_weights:
        model = sphere_pair(target, schedule, dynamics, law_dim(dynamics, init.dim, law))
        codes = model.runs.codes(drawn.cosines, drawn.log_rho, _TOLERANCE, _MAX_STEPS)
        swapped = np.where(codes == SPLIT, REVERSED, np.where(codes == REVERSED, SPLIT, codes))
        codes = np.where(drawn.sign < 0, swapped, codes)  # the model's runs begin with m1 > m2
    else:
        runs = sphere_means(target, schedule, dynamics, init.dim if dynamics.needs_dim else 1).runs
        codes = runs.codes(drawn.cosines, drawn.sign * place_of(drawn.log_rho), _TOLERANCE, _MAX_STEPS)
    if np.any(sides(codes) == 0):
        raise SolveError(f"a run did not settle within {_MAX_STEPS} steps; move the separation")
    return codes


def place_of(log_rho: FloatArray) -> FloatArray:
    """The place of `models.sphere_means` of a start with m1 > m2."""
    return np.asarray(place_of_log_rho(np.minimum(log_rho, ALIGNED)))


def _log_rho(x: FloatArray, y: FloatArray) -> FloatArray:
    """log rho; of pairs whose plane holds the axis up to rounding, a large number."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(np.nan_to_num(sphere_log_rho(x, y), nan=_ALIGNED, posinf=_ALIGNED))
