"""The two runs of a report, one that collapses and one that is saved."""

import math
from dataclasses import dataclass

import numpy as np

from anneal_theory.errors import DomainError
from anneal_theory.gradient_flow import FullState, ReducedState, solve_flow
from anneal_theory.probability import simulate_flow
from anneal_theory.report.story import settled
from anneal_theory.report.study import Study
from anneal_theory.results import Estimate, Trajectory
from anneal_theory.threshold import collapse_threshold

_BESIDE = 0.03  # the two runs start this far, in relative terms, on either side of the threshold
_BESIDE_NOTE = (
    f"The same start but for its angle to the target's axis, whose cotangent is {_BESIDE:.0%} below the threshold in "
    f"the run that collapses and {_BESIDE:.0%} above it in the one that is saved."
)
_DRAWN_NOTE = "Two draws of the initial law: these dynamics have no threshold in one angle."
_DRAWS = 256  # among which one of each kind is looked for


@dataclass(frozen=True)
class Runs:
    """A collapsing run and a saved one from either side of the separatrix; either may not exist."""

    threshold: Estimate | None
    collapsed: Trajectory | None
    saved: Trajectory | None
    note: str


def two_runs(study: Study) -> Runs:
    """Runs that start at the typical distance, centred, just inside and just outside the collapse set.

    Dynamics without a reduced flow have no such threshold; there the runs start from draws of the initial law.
    """
    end = _end(study)
    if not study.dynamics.reducible:
        return _drawn_runs(study, end)
    own = study.setting
    square = 2 * own.init.dim * own.init.exact_variance  # the mean of D0^2
    threshold = collapse_threshold(own.target, own.schedule, distance_squared=square, **study.keywords)
    distance = math.sqrt(square)
    if not 1e-100 < threshold.value < 1e100:
        run = _run(study, _start(study, 0.1, distance), end)
        return (
            Runs(threshold, run, None, threshold.note)
            if threshold.value > 1
            else Runs(threshold, None, run, threshold.note)
        )
    factors = 1 - _BESIDE, 1 + _BESIDE
    inside, outside = (_run(study, _start(study, threshold.value * factor, distance), end) for factor in factors)
    return Runs(threshold, inside, outside, _BESIDE_NOTE)


def _drawn_runs(study: Study, end: float) -> Runs:
    own = study.setting
    drawn = simulate_flow(own.target, own.schedule, own.init, study.dynamics, _DRAWS, study.seed)
    runs: list[Trajectory | None] = []
    for collapsed in (True, False):
        which = np.flatnonzero(drawn.collapsed == collapsed)
        names = ("m1", "m2", "s11", "s12", "s22")
        start = {name: float(drawn.statistics[f"initial_{name}"][which[0]]) for name in names} if which.size else None
        runs.append(_run(study, FullState(**start), end) if start else None)
    return Runs(None, runs[0], runs[1], _DRAWN_NOTE)


def _end(study: Study) -> float:
    """A time by which a run that starts beside the separatrix has settled."""
    own = study.setting
    end = settled(own.target, own.schedule)
    if not math.isfinite(end):
        raise DomainError.of("schedule", "one that ends at T = 1", own.schedule, "let the temperature fall to 1")
    return end


def _start(study: Study, rho: float, distance: float) -> ReducedState:
    return ReducedState.from_rho(0.0, rho, distance, study.setting.target)


def _run(study: Study, start: ReducedState | FullState, end: float) -> Trajectory:
    times = np.concatenate([[0.0], np.geomspace(1e-2, end, 300)])
    return solve_flow(study.setting.target, study.setting.schedule, start, times, **study.keywords)
