"""The paper's own setting, means on the sphere (theory section 11): the numbers of its section in a report."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from anneal_theory._floating import own_floating
from anneal_theory._types import FloatArray
from anneal_theory.compare.binomial import interval
from anneal_theory.errors import DomainError, PrecisionError, SolveError
from anneal_theory.exact import show
from anneal_theory.numerics.pools import parallel_map
from anneal_theory.probability import collapse_probability
from anneal_theory.problem import BimodalTarget, SphereInit
from anneal_theory.report.paper_cells import CONFIDENCE, DIM, SEPARATION, WEIGHT
from anneal_theory.report.paper_study import RULES, PaperStudy, study_paper
from anneal_theory.results import Estimate, plain
from anneal_theory.schedules import Constant, ExponentialToOne
from anneal_theory.threshold import collapse_threshold
from anneal_theory.threshold.sphere.antipodal import antipodal_alpha, antipodal_temperature

WAYS: dict[str, dict[str, Any]] = {
    "exact": {},
    "follows-temperature": {"variance": "follows-temperature"},
    "sharp": {"method": "sharp"},
    "closed-form": {"method": "closed-form"},
}
"""What differs from `RULES`, by the name of a route."""
_CURVE_ERROR = 1e-3
Progress = Callable[[str, float], None]
Answer = Estimate | str
"""A number, or the reason why there is none."""


@dataclass(frozen=True)
class PaperSetting:
    """One target, schedule and dimension of the paper's model.

    Args:
        target: Separation and weight.
        schedule: ``T0^(1 - t/t0)``, then 1.
        init: The dimension.
    """

    target: BimodalTarget
    schedule: ExponentialToOne
    init: SphereInit

    @property
    def words(self) -> dict[str, str]:
        """The setting in words for a page."""
        own = self.schedule
        cooling = f"T₀ = {show(own.exact_initial_temperature)}, t₀ = {own.duration:.6g}"
        return {
            "separation": show(self.target.exact_separation),
            "weight": show(self.target.exact_weight),
            "dim": f"{self.init.dim:,}".replace(",", " "),
            "schedule": cooling,
        }


@dataclass(frozen=True)
class PaperData:
    """The numbers of the section.

    Attributes:
        setting: What they are of.
        unannealed: The exact probability of collapse without annealing.
        chances: The probability of collapse of each of `WAYS`, or the reason why a route refuses.
        threshold: x_c of orthogonal means.
        alpha: R^2/T where a pair stops being held antipodal, in the limit of large separation.
        antipodal_temperature: That temperature of the target, with v = T; None where there is none.
        simulated: Share of simulated runs, with its standard error; None where none were asked for.
        interval: The exact 95 % interval of that share; None where that is.
        temperatures: Initial temperatures of the curves, shape (n,); empty for none.
        curves: Probabilities of each of `WAYS` over them, shape (n,); NaN where there is none.
        study: What a page of its own shows besides; None where no curves were asked for.
        seconds: What it took.
        seed: Of the simulation.
    """

    setting: PaperSetting
    unannealed: Estimate
    chances: dict[str, Answer]
    threshold: Estimate
    alpha: float
    antipodal_temperature: float | None
    simulated: Estimate | None
    interval: tuple[float, float] | None
    temperatures: FloatArray
    curves: dict[str, FloatArray]
    study: PaperStudy | None
    seconds: float
    seed: int

    @property
    def exact(self) -> Estimate:
        """The exact probability of collapse."""
        probability = self.chances["exact"]
        assert isinstance(probability, Estimate)  # `compute_paper` raises where there is none
        return probability

    def to_dict(self) -> dict[str, object]:
        """Plain data for JSON."""
        own, chances = self.setting, self.chances.items()
        probabilities: dict[str, Any] = {name: one if isinstance(one, str) else one.to_dict() for name, one in chances}
        document = {
            "setting": {"target": repr(own.target), "schedule": own.schedule.to_dict(), "init": repr(own.init)},
            "unannealed": self.unannealed.to_dict(),
            "probability": probabilities,
            "threshold": self.threshold.to_dict(),
            "alpha": self.alpha,
            "antipodal_temperature": self.antipodal_temperature,
            "simulated": self.simulated.to_dict() if self.simulated else None,
            "simulated_interval": self.interval,
            "initial_temperatures": self.temperatures,
            "curves": self.curves,
            "study": self.study.to_dict() if self.study else None,
            "seconds": self.seconds,
        }
        return {name: plain(value) for name, value in document.items()}


def paper_setting() -> PaperSetting:
    """R = 3, w* = 0.8, d = 512, T0 = 90, t0 = 35: one of the authors' cells."""
    return PaperSetting(BimodalTarget(SEPARATION, WEIGHT), ExponentialToOne(90, duration=35), SphereInit(DIM))


@own_floating()
def compute_paper(
    setting: PaperSetting,
    replicas: int | None = None,
    seed: int = 0,
    grid: int | None = None,
    progress: Progress = lambda what, share: None,
) -> PaperData:
    """Compute the section of the paper's setting.

    Args:
        setting: What it is about.
        replicas: Simulated runs; None for none.
        seed: Of the simulation.
        grid: Initial temperatures of the curves, up to ten times that of the setting (at least 1000), and points along
            each axis of the map; None for a section of another page.
        progress: Called before each step.

    Raises:
        DomainError: the theory does not cover the setting, or a number of runs or points is out of range.
        SolveError: a run did not settle.

    Example:
        >>> data = compute_paper(paper_setting())
        >>> round(data.chances["exact"].value, 5), round(data.alpha, 7)
        (0.0795, 0.5834295)
    """
    if replicas is not None and replicas < 1:
        raise DomainError.of("replicas", "at least 1", replicas, "3000 is the default")
    if grid is not None and not 3 <= grid <= 200:
        raise DomainError.of("grid", "from 3 to 200", grid, "16 is the default")
    started = time.monotonic()
    progress("probabilities", 0.0)
    problem = setting.target, setting.schedule, setting.init
    exact = collapse_probability(*problem, **RULES)
    unannealed = collapse_probability(setting.target, Constant(1), setting.init, **RULES)
    chances: dict[str, Answer] = {"exact": exact}
    for name in list(WAYS)[1:]:
        chances[name] = answer(setting, **WAYS[name])
    progress("simulation", 0.2)
    drawn = ends = None
    if replicas is not None:
        drawn = collapse_probability(*problem, method="simulated", replicas=replicas, seed=seed, **RULES)
        ends = interval(round(drawn.value * replicas), replicas, CONFIDENCE)
    temperatures, curves = _curves(setting, grid, lambda share: progress("initial temperatures", 0.3 + 0.2 * share))
    study = None
    if grid is not None:
        study = study_paper(problem, temperatures, lambda share: progress("map and designs", 0.5 + share / 2))
    threshold = collapse_threshold(setting.target, setting.schedule, dim=setting.init.dim, **RULES)
    return PaperData(
        setting, unannealed, chances, threshold, antipodal_alpha(),
        _antipodal(setting.target), drawn, ends, temperatures, curves, study, time.monotonic() - started, seed,
    )  # fmt: skip


def answer(setting: PaperSetting, **how: object) -> Answer:
    """The probability by one route, or why it has none."""
    try:
        return collapse_probability(setting.target, setting.schedule, setting.init, **RULES | how)
    except (DomainError, PrecisionError, SolveError) as error:
        return str(error)


def _antipodal(target: BimodalTarget) -> float | None:
    try:
        return antipodal_temperature(target)
    except DomainError:
        return None


def _curves(
    setting: PaperSetting, grid: int | None, tell: Callable[[float], None]
) -> tuple[FloatArray, dict[str, FloatArray]]:
    """Every route over initial temperatures, at the setting's own duration."""
    if grid is None:
        return np.empty(0), {}
    own = setting.schedule
    span = own.parameters.get("duration", str(own.duration))
    temperatures = np.geomspace(1, max(1000.0, 10 * own.initial_temperature), grid)

    def one(temperature: float) -> list[float]:
        cooled = ExponentialToOne(float(f"{temperature:.6g}"), duration=span)
        there = PaperSetting(setting.target, cooled, setting.init)
        probabilities = []
        for how in WAYS.values():
            rough = {} if "method" in how else {"relative_error": _CURVE_ERROR}
            probability = answer(there, **how, **rough)
            probabilities.append(np.nan if isinstance(probability, str) else probability.value)
        return probabilities

    rows = np.array(parallel_map(one, temperatures.tolist(), tell))
    return temperatures, dict(zip(WAYS, rows.T, strict=True))
