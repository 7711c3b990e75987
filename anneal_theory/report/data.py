"""The numbers of a report."""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from anneal_theory._types import FloatArray
from anneal_theory.compare import Comparison, compare
from anneal_theory.errors import DomainError, NoCollapsedState, PrecisionError, SolveError
from anneal_theory.exact import show
from anneal_theory.flow import FullState, ReducedState, solve_flow
from anneal_theory.probability import collapse_probability, simulate_flow
from anneal_theory.problem import BimodalTarget
from anneal_theory.report import realnvp
from anneal_theory.report.cores import side_by_side
from anneal_theory.report.slow import SlowCurves, slow_curves
from anneal_theory.report.study import Setting, Study
from anneal_theory.results import Ball, Estimate, Trajectory, plain
from anneal_theory.separatrix import collapse_threshold

Progress = Callable[[str, float], None]
"""Called with what is being computed and the share that is done, from 0 to 1."""

# Shares of the wall time, measured at the default study.
_STAGES = {"constants": 0.02, "runs": 0.05, "comparison": 0.43, "map": 0.3, "marks": 0.05, "slow": 0.15}
_BESIDE = 0.03  # the two runs start this far, in relative terms, on either side of the threshold
_BESIDE_NOTE = (
    f"The same start but for its angle to the target's axis, whose cotangent is {_BESIDE:.0%} below the threshold in "
    f"the run that collapses and {_BESIDE:.0%} above it in the one that is saved."
)
_DRAWN_NOTE = "Two draws of the initial law: these dynamics have no threshold in one angle."
PROVEN_DIGITS = 50
_DRAWS = 256  # among which one of each kind is looked for
_MARK_ERROR, _MAP_ERROR, _MAP_REPLICAS = 1e-3, 1e-2, 2000


@dataclass(frozen=True)
class Row:
    """One line of the comparison."""

    setting: Setting
    large_dim: Estimate | None
    comparison: Comparison


@dataclass(frozen=True)
class Runs:
    """A collapsing run and a saved one from either side of the separatrix; either may not exist."""

    threshold: Estimate | None
    collapsed: Trajectory | None
    saved: Trajectory | None
    note: str


@dataclass(frozen=True)
class ReportData:
    """Every number that a report shows."""

    study: Study
    probability: Estimate
    constants: dict[str, float | str]
    digits: dict[str, Any]
    runs: Runs
    rows: tuple[Row, ...]
    temperatures: FloatArray
    spans: FloatArray
    grid: FloatArray
    marks: tuple[FloatArray, FloatArray]
    slow: SlowCurves | None
    seconds: float

    @property
    def critical_temperature(self) -> float | None:
        """T_c, None where there is none."""
        value = self.constants["critical_temperature"]
        return value if isinstance(value, float) else None

    def to_dict(self) -> dict[str, Any]:
        """Plain data for JSON."""
        setting = self.study.setting
        runs = {
            name: run.to_dict() for name, run in (("collapsed", self.runs.collapsed), ("saved", self.runs.saved)) if run
        }
        threshold = self.runs.threshold.to_dict() if self.runs.threshold else None
        document = {
            "setting": spelled(setting),
            "dynamics": repr(self.study.dynamics),
            "probability": self.probability.to_dict(),
            "constants": self.constants,
            "digits": {
                name: value.to_dict() if isinstance(value, Ball) else value for name, value in self.digits.items()
            },
            "comparison": [
                spelled(row.setting)
                | row.comparison.to_dict()
                | {"large_dim": row.large_dim and row.large_dim.to_dict()}
                for row in self.rows
            ],
            "runs": {"threshold": threshold, "note": self.runs.note, **runs},
            "map": {"initial_temperature": self.temperatures, "time": self.spans, "probability": self.grid},
            "exact": {"initial_temperature": self.marks[0], "probability": self.marks[1], "time": self.study.own_span},
            "slow": self.slow.to_dict() if self.slow else None,
            "flows": realnvp.section(),
            "replicas": self.study.replicas,
            "seed": self.study.seed,
            "seconds": self.seconds,
        }
        return {name: plain(value) for name, value in document.items()}


def spelled(setting: Setting) -> dict[str, Any]:
    """A setting as plain data."""
    target, init = setting.target, setting.init
    return {
        "separation": show(target.exact_separation),
        "weight": show(target.exact_weight),
        "dim": init.dim,
        "variance": show(init.exact_variance),
        "schedule": setting.schedule.to_dict(),
    }


def compute(study: Study, progress: Progress = lambda what, share: None) -> ReportData:
    """Compute everything a report shows.

    Args:
        study: What it is about.
        progress: Called before each step.

    Raises:
        DomainError: the theory does not cover the setting.
        SolveError: a run did not settle.
    """
    started = time.monotonic()
    report = _Stages(progress)
    report("constants", "constants", 0)
    own, keywords = study.setting, study.keywords
    found = collapse_probability(own.target, own.schedule, own.init, **keywords)
    constants = target_constants(study)
    proven = proven_constants(own.target)
    report("runs", "trajectories", 0)
    runs = two_runs(study)
    for setting in study.rows:
        _ = setting.target.half_log_odds  # cached now: mpmath's precision is no thread's own
    rows = side_by_side(
        lambda row: compare_setting(row[1], replace(study, seed=study.seed + row[0])),  # rows are independent draws
        enumerate(study.rows),
        lambda done: report("comparison", "formula and simulation", done),
    )
    grid = _map(study, report)
    marks = _marks(study, report)
    report("slow", "slow annealing", 0)
    slow = _slow(study)
    seconds = time.monotonic() - started
    return ReportData(
        study, found, constants, proven, runs, tuple(rows), study.temperatures, study.spans, grid, marks, slow, seconds
    )


def _slow(study: Study) -> SlowCurves | None:
    """Slow annealing of the study's target, where its formula applies."""
    own, dynamics = study.setting, study.dynamics
    if not dynamics.equal_weights or dynamics.metric == "natural":
        return None
    try:
        return slow_curves(own.target, own.init, dynamics.objective)
    except (DomainError, PrecisionError, SolveError):
        return None


class _Stages:
    """Turns progress within a stage into progress of the whole."""

    def __init__(self, progress: Progress) -> None:
        self.progress = progress

    def __call__(self, stage: str, what: str, share: float) -> None:
        names = list(_STAGES)
        done = sum(_STAGES[name] for name in names[: names.index(stage)])
        self.progress(what, done + share * _STAGES[stage])


def target_constants(study: Study) -> dict[str, float | str]:
    """The constants of the target, each a number or the reason why there is none."""
    from anneal_theory import states

    target = study.setting.target
    collapsed = _or_reason(lambda: states.collapsed_state(target))
    known = not isinstance(collapsed, str)
    return {
        "overlap": collapsed.overlap if known else collapsed,
        "escape_rate": collapsed.escape_rate if known else collapsed,
        "critical_temperature": _or_reason(lambda: states.critical_temperature(target)),
        "critical_separation": _or_reason(lambda: states.critical_separation(target.exact_weight)),
    }


def proven_constants(target: BimodalTarget) -> dict[str, Any]:
    """The main constants as balls of 50 proven digits, or the reason why there is none."""
    from anneal_theory.states.constants import target_constants as constants_of

    try:
        return constants_of(target, digits=PROVEN_DIGITS, certified=True)
    except (DomainError, PrecisionError) as error:
        return {"none": str(error)}


def _or_reason(value: Callable[[], Any]) -> Any:
    try:
        return value()
    except NoCollapsedState as error:
        return str(error)


def compare_setting(setting: Setting, study: Study) -> Row:
    """Formula, large-dimension formula and simulation of one setting."""
    problem = setting.target, setting.schedule, setting.init
    theory = collapse_probability(*problem, **study.keywords)
    rough = _large_dim(setting, study)
    drawn = simulate_flow(*problem, study.dynamics, study.replicas, study.seed)
    return Row(setting, rough, compare(theory, drawn.count, drawn.replicas))


def _large_dim(setting: Setting, study: Study) -> Estimate | None:
    if not study.dynamics.reducible:
        return None
    return collapse_probability(setting.target, setting.schedule, setting.init, method="large-dim", **study.keywords)


def two_runs(study: Study) -> Runs:
    """Runs that start at the typical distance, centred, just inside and just outside the collapse set.

    Dynamics without a reduced flow have no such threshold; there the runs start from draws of the initial law.
    """
    end = _settled(study)
    if not study.dynamics.reducible:
        return _drawn_runs(study, end)
    own = study.setting
    square = 2 * own.init.dim * own.init.exact_variance  # the mean of D0^2
    found = collapse_threshold(own.target, own.schedule, distance_squared=square, **study.keywords)
    distance = math.sqrt(square)
    if not 1e-100 < found.value < 1e100:
        run = _run(study, _start(study, 0.1, distance), end)
        return Runs(found, run, None, found.note) if found.value > 1 else Runs(found, None, run, found.note)
    factors = 1 - _BESIDE, 1 + _BESIDE
    inside, outside = (_run(study, _start(study, found.value * factor, distance), end) for factor in factors)
    return Runs(found, inside, outside, _BESIDE_NOTE)


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


def _settled(study: Study) -> float:
    """A time by which a run that starts beside the separatrix has settled."""
    own = study.setting
    cooled = own.schedule.settling_time(1e-3)
    if not math.isfinite(cooled):
        raise DomainError.of("schedule", "one that ends at T = 1", own.schedule, "let the temperature fall to 1")
    rate = target_constants(study)["escape_rate"]
    slowest = rate if isinstance(rate, float) else 0.1
    return cooled + 30 / max(slowest, 1e-12)


def _start(study: Study, rho: float, distance: float) -> ReducedState:
    return ReducedState.from_rho(0.0, rho, distance, study.setting.target)


def _run(study: Study, start: ReducedState | FullState, end: float) -> Trajectory:
    times = np.concatenate([[0.0], np.geomspace(1e-2, end, 300)])
    return solve_flow(study.setting.target, study.setting.schedule, start, times, **study.keywords)


def _map(study: Study, report: _Stages) -> FloatArray:
    """The large-dimension formula over temperatures and times; simulation where the dynamics have no reduced flow."""
    how: dict[str, Any] = {"method": "large-dim", "relative_error": _MAP_ERROR}
    if not study.dynamics.reducible:
        how = {"method": "simulated", "replicas": _MAP_REPLICAS, "seed": study.seed}
    cells = [(heat, span) for span in study.spans for heat in study.temperatures]
    values = side_by_side(
        lambda cell: _cell(study, cell[0], cell[1], how), cells, lambda done: report("map", "map", done)
    )
    return np.array(values).reshape(len(study.spans), -1)


def _marks(study: Study, report: _Stages) -> tuple[FloatArray, FloatArray]:
    """Temperatures and exact probabilities at the setting's own time, to stand beside the curves of the map."""
    heats = study.temperatures[:: max(1, (study.grid - 1) // 4)]
    how = {"method": "exact", "relative_error": _MARK_ERROR}
    report("marks", "exact formula against temperature", 0)
    return heats, np.array(side_by_side(lambda heat: _cell(study, heat, study.own_span, how), heats))


def _cell(study: Study, heat: float, span: float, how: dict[str, Any]) -> float:
    own = study.setting
    return float(collapse_probability(own.target, study.family(heat, span), own.init, **how, **study.keywords).value)
