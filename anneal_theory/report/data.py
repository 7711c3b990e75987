"""The numbers of a report."""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from anneal_theory._floating import own_floating
from anneal_theory._types import FloatArray
from anneal_theory.compare import Comparison, compare
from anneal_theory.errors import DomainError, PrecisionError, SolveError
from anneal_theory.exact import show
from anneal_theory.fixed_points import critical_separation
from anneal_theory.formulas.start_law import centre_deviation, distance_squared_large
from anneal_theory.numerics.pools import parallel_map
from anneal_theory.probability import collapse_probability, simulate_flow
from anneal_theory.quantities.axes import VARIED
from anneal_theory.report import realnvp
from anneal_theory.report.constants import main_constants, proven_constants
from anneal_theory.report.designs import BudgetDesigns, budget_designs
from anneal_theory.report.maps import MAP_ERROR, map_cells, refined
from anneal_theory.report.paper import PaperData, compute_paper, paper_setting
from anneal_theory.report.runs import Runs, two_runs
from anneal_theory.report.slow import SlowCurves, slow_curves
from anneal_theory.report.story import Losses, Story, losses_of, tell
from anneal_theory.report.study import Setting, Study
from anneal_theory.results import Ball, Estimate, plain
from anneal_theory.schedules import Constant

Progress = Callable[[str, float], None]
"""Called with what is being computed and the share that is done, from 0 to 1."""

# Shares of the wall time, measured at the default study.
_STAGES = {"constants": 0.02, "runs": 0.05, "comparison": 0.38, "map": 0.25, "designs": 0.15, "slow": 0.15}
_MAP_REPLICAS = 2000
_LEAST_DIM = 4  # of a map of the exact formula, which takes seconds a cell in two dimensions


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
    unannealed: Estimate
    story: Story | None
    losses: Losses | None
    constants: dict[str, float | str]
    digits: dict[str, Any]
    runs: Runs
    rows: tuple[Row, ...]
    temperatures: FloatArray
    spans: FloatArray
    grid: FloatArray
    map_method: str
    designs: tuple[BudgetDesigns, ...]
    slow: SlowCurves | None
    paper: PaperData
    seconds: float

    @property
    def critical_temperature(self) -> float | None:
        """T_c, None where there is none."""
        critical = self.constants["critical_temperature"]
        return critical if isinstance(critical, float) else None

    def to_dict(self) -> dict[str, object]:
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
            "unannealed": self.unannealed.to_dict(),
            "losses": vars(self.losses) if self.losses else None,
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
            "map": {
                "initial_temperature": self.temperatures,
                "time": self.spans,
                "probability": self.grid,
                "method": self.map_method,
            },
            "designs": [one.to_dict() for one in self.designs],
            "slow": self.slow.to_dict() if self.slow else None,
            "paper": self.paper.to_dict(),
            "flows": realnvp.section(),
            "replicas": self.study.replicas,
            "seed": self.study.seed,
            "seconds": self.seconds,
        }
        return {name: plain(value) for name, value in document.items()}


def spelled(setting: Setting) -> dict[str, object]:
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
    annealed, bare = (
        collapse_probability(own.target, schedule, own.init, **keywords) for schedule in (own.schedule, Constant(1))
    )
    constants = main_constants(own.target)
    proven = proven_constants(own.target)
    report("runs", "trajectories", 0)
    runs = two_runs(study)
    story = _story(study)
    rows = parallel_map(
        lambda row: compare_setting(row[1], replace(study, seed=study.seed + row[0])),  # rows are independent draws
        enumerate(study.rows),
        lambda done: report("comparison", "formula and simulation", done),
    )
    how = _map_method(study)
    critical = constants["critical_temperature"]
    temperatures = refined(study.temperatures, critical if isinstance(critical, float) else None)
    grid = _cells(study, temperatures, how, lambda done: report("map", "map", done)).T
    report("designs", "designs", 0)
    designs = budget_designs(study)
    report("slow", "slow annealing", 0)
    slow = _slow(study)
    report("slow", "the paper's setting", 0.9)
    paper = compute_paper(paper_setting())
    seconds = time.monotonic() - started
    losses = losses_of(own.target, study.dynamics.exact_family_weight)
    return ReportData(
        study, annealed, bare, story, losses, constants, proven, runs, tuple(rows), temperatures,
        study.spans, grid, how["method"], designs, slow, paper, seconds,
    )  # fmt: skip


def _story(study: Study) -> Story | None:
    """One start that the setting's schedule saves: off centre and apart as is usual for its initial law."""
    own = study.setting
    if not study.dynamics.reducible:
        return None
    centre = float(centre_deviation(own.target.separation, own.init.scale))
    distance = math.sqrt(distance_squared_large(own.init.dim, float(own.init.exact_variance)))
    story = tell(own.target, own.schedule, centre, distance, **study.keywords)
    return story if isinstance(story, Story) else None


def _slow(study: Study) -> SlowCurves | None:
    """Slow annealing of the study's target, where its formula applies."""
    own, dynamics = study.setting, study.dynamics
    if not dynamics.equal_weights or dynamics.metric == "natural":
        return None
    try:
        if own.target.separation <= critical_separation(own.target.weight):
            return None  # at T = 1 every pair ends alike, however it was annealed
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


def _map_method(study: Study) -> dict[str, Any]:
    """How the map is computed: exactly, or by what the dynamics and the dimension allow."""
    if not study.dynamics.reducible:
        return {"method": "simulated", "replicas": _MAP_REPLICAS, "seed": study.seed}
    exact_one = study.setting.init.dim >= _LEAST_DIM
    return {"method": "exact" if exact_one else "large-dim", "relative_error": MAP_ERROR}


def _cells(
    study: Study, temperatures: FloatArray, how: dict[str, object], tell_share: Callable[[float], None]
) -> FloatArray:
    """Probabilities over temperatures and times, NaN where there is none, shape (temperatures, times)."""
    own, times = study.setting, next(plural for plural, name in VARIED.items() if name == study.time)
    axes = {"initial_temperatures": temperatures, times: study.spans} | study.keywords
    return map_cells((own.target, study.form, own.init), axes, how, tell_share)
