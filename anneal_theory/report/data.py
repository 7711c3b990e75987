"""The numbers of a report."""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from anneal_theory._floating import own_floating
from anneal_theory._types import FloatArray
from anneal_theory.compare import Comparison, compare
from anneal_theory.errors import DomainError, PrecisionError, SolveError
from anneal_theory.exact import show
from anneal_theory.numerics.pools import side_by_side
from anneal_theory.phase_diagrams.filling import Tables, fill
from anneal_theory.phase_diagrams.grid import grid_of
from anneal_theory.probability import collapse_probability, simulate_flow
from anneal_theory.quantities.axes import VARIED
from anneal_theory.report import realnvp
from anneal_theory.report.constants import main_constants, proven_constants
from anneal_theory.report.paper import PaperData, compute_paper, paper_setting
from anneal_theory.report.runs import Runs, two_runs
from anneal_theory.report.slow import SlowCurves, slow_curves
from anneal_theory.report.study import Setting, Study
from anneal_theory.results import Ball, Estimate, plain

Progress = Callable[[str, float], None]
"""Called with what is being computed and the share that is done, from 0 to 1."""

# Shares of the wall time, measured at the default study.
_STAGES = {"constants": 0.02, "runs": 0.05, "comparison": 0.43, "map": 0.3, "marks": 0.05, "slow": 0.15}
_MAP_ERROR, _MAP_REPLICAS = 1e-2, 2000


@dataclass(frozen=True)
class Row:
    """One line of the comparison."""

    setting: Setting
    large_dim: Estimate | None
    comparison: Comparison


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
    paper: PaperData
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
            "paper": self.paper.to_dict(),
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


@own_floating()
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
    constants = main_constants(own.target)
    proven = proven_constants(own.target)
    report("runs", "trajectories", 0)
    runs = two_runs(study)
    rows = side_by_side(
        lambda row: compare_setting(row[1], replace(study, seed=study.seed + row[0])),  # rows are independent draws
        enumerate(study.rows),
        lambda done: report("comparison", "formula and simulation", done),
    )
    grid = _map(study, report)
    marks = _marks(study, report)
    report("slow", "slow annealing", 0)
    slow = _slow(study)
    report("slow", "the paper's setting", 0.9)
    paper = compute_paper(paper_setting())
    seconds = time.monotonic() - started
    return ReportData(
        study, found, constants, proven, runs, tuple(rows), study.temperatures, study.spans, grid, marks, slow, paper,
        seconds,
    )  # fmt: skip


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


def _map(study: Study, report: _Stages) -> FloatArray:
    """The large-dimension formula over temperatures and times; simulation where the dynamics have no reduced flow."""
    how: dict[str, Any] = {"method": "large-dim", "relative_error": _MAP_ERROR}
    if not study.dynamics.reducible:
        how = {"method": "simulated", "replicas": _MAP_REPLICAS, "seed": study.seed}
    return _cells(study, study.temperatures, study.spans, how, lambda done: report("map", "map", done)).T


def _marks(study: Study, report: _Stages) -> tuple[FloatArray, FloatArray]:
    """Temperatures and exact probabilities at the setting's own time, to stand beside the curves of the map."""
    heats = study.temperatures[:: max(1, (study.grid - 1) // 4)]
    what = "exact formula against temperature"
    found = _cells(
        study, heats, np.array([study.own_span]), {"method": "exact"}, lambda done: report("marks", what, done)
    )
    return heats, found[:, 0]


def _cells(
    study: Study, heats: FloatArray, spans: FloatArray, how: dict[str, Any], tell: Callable[[float], None]
) -> FloatArray:
    """Probabilities over temperatures and times, NaN where there is none, shape (temperatures, times)."""
    own, times = study.setting, next(plural for plural, name in VARIED.items() if name == study.time)
    grid = grid_of(
        own.target, own.init, study.form, {"initial_temperatures": heats, times: spans, **study.keywords}, how
    )
    tables = Tables(grid.shape)
    fill(grid, tables, lambda what: tell(1 - tables.missing / tables.done.size), allow_slow=True)
    return tables.numbers["value"]
