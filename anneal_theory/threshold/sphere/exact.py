"""The separatrix of means on the sphere: how well aligned their difference must be (theory section 11)."""

import math

import numpy as np

from anneal_theory._types import Exactable
from anneal_theory.exact import exact
from anneal_theory.formulas.sphere_flow import sphere_start
from anneal_theory.models.sphere_pair import sphere_pair
from anneal_theory.problem import BimodalTarget, Dynamics
from anneal_theory.results import Estimate
from anneal_theory.schedules import Schedule
from anneal_theory.threshold.single import infinite, numerical_error, searched

_ALL_COLLAPSE = "even a pair whose difference lies as close to the target's axis as it can collapses from this start"


def sphere_threshold(
    target: BimodalTarget, schedule: Schedule, dynamics: Dynamics, pair_overlap: Exactable, mean_cosine: Exactable,
    dim: float = math.inf,
) -> Estimate:  # fmt: skip
    """x_c: pairs collapse whose mu_1 - mu_2 is at an angle from the axis with a smaller cosine.

    `pair_overlap` is mu_1 . mu_2/R^2 and `mean_cosine` the cosine y of the angle between mu_1 + mu_2 and the axis at
    the start; x is at most sqrt(1 - y^2). `dim` is that by whose law a trained variance moves, inf for that of large
    ones.
    """
    model = sphere_pair(target, schedule, dynamics, dim)
    y = float(exact(mean_cosine, "mean_cosine"))
    start = np.array([[y, float(exact(pair_overlap, "pair_overlap"))]])
    log_rho = searched(model, start)
    relative = numerical_error(model, start, log_rho)  # x moves less than rho
    if math.isinf(log_rho):
        return infinite(log_rho, _ALL_COLLAPSE)
    log_x = float(sphere_start(log_rho, y, start[0, 1], target.separation)[0])
    return Estimate(math.exp(log_x), math.exp(log_x) * relative, log_x, "exact", log_error=relative)
