"""The separatrix of means on the sphere: how well aligned their difference must be (theory section 11)."""

import math

import numpy as np

from anneal_theory._types import Exactable
from anneal_theory.exact import exact
from anneal_theory.formulas.sphere_flow import sphere_start
from anneal_theory.models.free_pair import VANISHED
from anneal_theory.models.sphere_pair import sphere_pair
from anneal_theory.problem import BimodalTarget, Dynamics
from anneal_theory.results import Estimate
from anneal_theory.schedules import Schedule
from anneal_theory.threshold.bisection import CHECK_TOLERANCE, SCAN, TOLERANCE, Search

_INFINITE = "even a pair whose difference lies as close to the target's axis as it can collapses from this start"
_NEVER = f"no pair of this start with log rho above {VANISHED:g} collapses"


def sphere_threshold(
    target: BimodalTarget, schedule: Schedule, dynamics: Dynamics, pair_overlap: Exactable, mean_cosine: Exactable,
    dim: float = math.inf,
) -> Estimate:  # fmt: skip
    """x_c: pairs collapse whose mu_1 - mu_2 is at an angle from the axis with a smaller cosine.

    Args:
        target: Separation and weight.
        schedule: Must end at temperature 1.
        dynamics: With the constraint "sphere".
        pair_overlap: mu_1 . mu_2/R^2 at the start.
        mean_cosine: Cosine y of the angle between mu_1 + mu_2 and the axis; x is at most sqrt(1 - y^2).
        dim: By whose law a trained variance moves; inf for that of large ones.

    Raises:
        DomainError: what `collapse_threshold` refuses on the sphere.
        SolveError: the collapse set is no interval of x, or a run stayed undecided.
    """
    model = sphere_pair(target, schedule, dynamics, dim)
    y = float(exact(mean_cosine, "mean_cosine"))
    start = np.array([[y, float(exact(pair_overlap, "pair_overlap"))]])
    search, rougher = Search(model, TOLERANCE), Search(model.hotter(), 10 * TOLERANCE)
    log_rho = float(search.thresholds(start, None, 0.25, TOLERANCE)[0])
    rough = float(rougher.thresholds(start, np.array([log_rho]), 1e-6, 10 * TOLERANCE)[0])
    Search(model, CHECK_TOLERANCE).check_intervals(start, np.array([log_rho]), SCAN)
    if math.isinf(log_rho):
        value = math.inf if log_rho > 0 else 0.0
        return Estimate(value, 0.0, log_rho, "exact", note=_INFINITE if log_rho > 0 else _NEVER)
    log_x = float(sphere_start(log_rho, y, start[0, 1], target.separation)[0])
    relative = abs(log_rho - rough) + 4e-12 * (1 + abs(log_rho) * 1e-4)  # x moves less than rho
    return Estimate(math.exp(log_x), math.exp(log_x) * relative, log_x, "exact", log_error=relative)
