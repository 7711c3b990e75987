"""The numbers of a report."""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from anneal_theory._types import FloatArray
from anneal_theory.compare import Comparison, compare
from anneal_theory.errors import DomainError, NoCollapsedState
from anneal_theory.exact import show
from anneal_theory.flow import ReducedState, solve_flow
from anneal_theory.probability import collapse_probability
from anneal_theory.report.study import Setting, Study
from anneal_theory.results import Estimate, Trajectory, plain
from anneal_theory.separatrix import collapse_threshold

Method = Literal["exact", "large-dim", "simulated"]
Progress = Callable[[str, float], None]
"""Called with what is being computed and the share that is done, from 0 to 1."""

# Shares of the wall time, measured at the default study.
_STAGES = {"constants": 0.02, "runs": 0.05, "comparison": 0.53, "curves": 0.25, "map": 0.15}
_BESIDE = 0.03  # the two runs start this far, in relative terms, on either side of the threshold
_CURVE_ERROR, _MAP_ERROR = 1e-3, 1e-2


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
    runs: Runs
    rows: tuple[Row, ...]
    temperatures: FloatArray
    curves: dict[str, FloatArray]
    spans: FloatArray
    grid: FloatArray
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
            "comparison": [
                spelled(row.setting)
                | row.comparison.to_dict()
                | {"large_dim": row.large_dim and row.large_dim.to_dict()}
                for row in self.rows
            ],
            "runs": {"threshold": threshold, "note": self.runs.note, **runs},
            "curves": {"initial_temperature": self.temperatures, "probability": self.curves},
            "map": {"initial_temperature": self.temperatures, "time": self.spans, "probability": self.grid},
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
    report("runs", "trajectories", 0)
    runs = two_runs(study)
    rows = []
    for index, setting in enumerate(study.rows):
        report("comparison", f"formula and simulation, {index + 1} of {len(study.rows)}", index / len(study.rows))
        rows.append(compare_setting(setting, study))
    curves = _curves(study, report)
    grid = _map(study, report)
    seconds = time.monotonic() - started
    return ReportData(
        study, found, constants, runs, tuple(rows), study.temperatures, curves, study.spans, grid, seconds
    )


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
    drawn = collapse_probability(
        *problem, method="simulated", replicas=study.replicas, seed=study.seed, **study.keywords
    )
    return Row(setting, rough, compare(theory, round(drawn.value * study.replicas), study.replicas))


def _large_dim(setting: Setting, study: Study) -> Estimate | None:
    if not study.dynamics.reducible:
        return None
    return collapse_probability(setting.target, setting.schedule, setting.init, method="large-dim", **study.keywords)


def two_runs(study: Study) -> Runs:
    """Runs that start at the typical distance, centred, just inside and just outside the collapse set."""
    if not study.dynamics.reducible:
        return Runs(None, None, None, "These dynamics have no reduced flow, hence no threshold in one angle.")
    own = study.setting
    square = 2 * own.init.dim * own.init.exact_variance  # the mean of D0^2
    found = collapse_threshold(own.target, own.schedule, distance_squared=square, **study.keywords)
    end = _settled(study)
    if not 1e-100 < found.value < 1e100:
        run = _run(study, 0.1, math.sqrt(square), end)
        return Runs(found, run, None, found.note) if found.value > 1 else Runs(found, None, run, found.note)
    inside, outside = (_run(study, found.value * (1 + sign * _BESIDE), math.sqrt(square), end) for sign in (-1, 1))
    return Runs(found, inside, outside, "")


def _settled(study: Study) -> float:
    """A time by which a run that starts beside the separatrix has settled."""
    own = study.setting
    cooled = own.schedule.settling_time(1e-3)
    if not math.isfinite(cooled):
        raise DomainError.of("schedule", "one that ends at T = 1", own.schedule, "let the temperature fall to 1")
    rate = target_constants(study)["escape_rate"]
    slowest = rate if isinstance(rate, float) else 0.1
    return cooled + 30 / max(slowest, 1e-12)


def _run(study: Study, rho: float, distance: float, end: float) -> Trajectory:
    start = ReducedState.from_rho(0.0, rho, distance, study.setting.target)
    times = np.concatenate([[0.0], np.geomspace(1e-2, end, 300)])
    return solve_flow(study.setting.target, study.setting.schedule, start, times, **study.keywords)


def _curves(study: Study, report: _Stages) -> dict[str, FloatArray]:
    spans = study.spans[:: max(1, (study.grid - 1) // 3)]
    curves = {}
    for index, span in enumerate(spans):
        report("curves", "probability against temperature", index / len(spans))
        curves[f"$t_0 = {span:g}$"] = _along_temperatures(study, span, "exact", _CURVE_ERROR)
    return curves


def _map(study: Study, report: _Stages) -> FloatArray:
    method: Method = "large-dim" if study.dynamics.reducible else "exact"
    rows = []
    for index, span in enumerate(study.spans):
        report("map", "map of temperature and time", index / len(study.spans))
        rows.append(_along_temperatures(study, span, method, _MAP_ERROR))
    return np.array(rows)


def _along_temperatures(study: Study, span: float, method: Method, relative_error: float) -> FloatArray:
    own = study.setting
    options = {"method": method, "relative_error": relative_error, **study.keywords}
    cells = (
        collapse_probability(own.target, study.family(heat, span), own.init, **options).value
        for heat in study.temperatures
    )
    return np.fromiter(cells, dtype=np.float64, count=len(study.temperatures))
