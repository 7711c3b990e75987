"""Targets and rules as `means_noise_kernels` takes them: means of any weights, or on the sphere."""

import math
from typing import Any

import numpy as np

from anneal_theory._types import FloatArray
from anneal_theory.averages.tables import label_table
from anneal_theory.averages.variance_tables import variance_table
from anneal_theory.formulas.start_law import normal_exponent
from anneal_theory.models.free_pair import full_free_pair
from anneal_theory.models.sphere_pair import RULES, sphere_pair, variances_seen
from anneal_theory.models.sphere_sides import BAND
from anneal_theory.problem import BimodalTarget, Dynamics
from anneal_theory.schedules import Schedule

_REACH, _SPACING = 8.1, 0.3  # of the trapezoidal rule, in standard deviations: r has poles pi/D from the real line
_MANY = 1e18  # dimensions that stand for the law of large ones: what has no factor d is lost in rounding
_MARGIN = 1.5  # by which a noisy step may lead a trained variance beyond those of the gradient flow


def is_pair(dynamics: Dynamics) -> bool:
    """Whether training closes on three numbers: free means of equal weights."""
    return dynamics.constraint == "free" and dynamics.equal_weights


def gaussian_rule() -> tuple[FloatArray, FloatArray]:
    """Nodes and masses of the trapezoidal rule for averages over a standard normal."""
    nodes = np.arange(-_REACH, _REACH + 0.5 * _SPACING, _SPACING)
    masses = np.exp(normal_exponent(nodes, 1.0))
    return nodes, masses / masses.sum()


def means_problem(
    target: BimodalTarget, schedule: Schedule, dynamics: Dynamics, dim: float = math.inf
) -> tuple[Any, ...]:
    """(model, averages, regions).

    Args:
        target: Separation and weight.
        schedule: Ends at temperature 1.
        dynamics: Rules of training.
        dim: By whose law a trained variance moves; inf for that of large ones.

    Raises:
        DomainError: the schedule does not end at T = 1, or the separation is too small for the sphere.
        SolveError: the schedule is too rough.
    """
    on_sphere, first = dynamics.constraint == "sphere", dynamics.family_weight
    rule = RULES[dynamics.variance]
    model = np.array(
        [
            target.separation,
            target.half_log_odds,
            first,
            *dynamics.mobilities,
            float(on_sphere),
            rule,
            min(dim, _MANY),
        ],
        dtype=np.float64,
    )
    panels = label_table(target)
    labels: tuple[Any, ...] = panels.psi, panels.psi_prime, panels.inverse_width
    saddle, boxes, rests, sides = math.nan, np.zeros((0, 4)), np.zeros((0, 4)), np.zeros((0, 3))
    band = BAND
    if on_sphere:
        pair = sphere_pair(target, schedule, dynamics, dim)
        wide, sides, band = _wide_table(target, pair.temperatures), pair.basins, pair.band
    else:
        free = full_free_pair(target, schedule, dynamics)
        saddle, boxes, rests = free.saddle, free.basins, free.rests
        wide = variance_table(target, 1.0, 1.0).arrays
    return model, (*labels, wide, *gaussian_rule()), (saddle, boxes, rests, sides, band)


def _wide_table(target: BimodalTarget, temperatures: Any) -> tuple[Any, ...]:
    """psi for all variances that a run sees, those of its noise included."""
    lowest, highest = variances_seen(temperatures)
    return variance_table(target, lowest / _MARGIN, highest * _MARGIN).arrays
