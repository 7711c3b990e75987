"""One threshold in doubles: its search, and what is known of its error; of free means and of means on the sphere."""

import math

import numpy as np

from anneal_theory._types import FloatArray
from anneal_theory.models.free_pair import VANISHED, FreePair
from anneal_theory.models.sphere_pair import SpherePair
from anneal_theory.results import Estimate
from anneal_theory.threshold.bisection import CHECK_TOLERANCE, SCAN, TOLERANCE, Search
from anneal_theory.threshold.departures import Departures

_GUESS, _ROUGH = -2.0, 1e-9  # of log rho_c, and how well it is known before it is bracketed
_NEVER = f"no pair of this start with log rho above {VANISHED:g} collapses"


def searched(model: FreePair | SpherePair, start: FloatArray) -> float:
    """log rho_c of one start, +-inf where all or none collapse: between two runs `TOLERANCE` apart that differ."""
    rough = Departures(model, _ROUGH).thresholds(start, np.array([_GUESS]), _ROUGH, 0.0)
    return float(Search(model, TOLERANCE).thresholds(start, rough, _ROUGH, TOLERANCE)[0])


def numerical_error(model: FreePair | SpherePair, start: FloatArray, log_rho: float) -> float:
    """How far log rho_c may be off, by a rougher search of a hotter model and by rounding; NaN where it is infinite."""
    rougher = Search(model.hotter(), 10 * TOLERANCE)
    rough = float(rougher.thresholds(start, np.array([log_rho]), 10 * TOLERANCE, 10 * TOLERANCE)[0])
    Search(model, CHECK_TOLERANCE).check_intervals(start, np.array([log_rho]), SCAN)
    return abs(log_rho - rough) + 4e-12 * (1 + abs(log_rho) * 1e-4)


def infinite(log_rho: float, all_collapse: str) -> Estimate:
    """The threshold of a start of which every pair collapses, with a note that says so, or none does."""
    value, note = (math.inf, all_collapse) if log_rho > 0 else (0.0, _NEVER)
    return Estimate(value, 0.0, log_rho, "exact", note=note)
