"""What a report is about, and the settings of theory section 10 that it shows by default."""

from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import numpy as np

from anneal_theory._types import FloatArray
from anneal_theory.errors import DomainError
from anneal_theory.problem import BimodalTarget, Dynamics, GaussianInit
from anneal_theory.schedules import Constant, Exponential, Schedule, own_time


@dataclass(frozen=True)
class Setting:
    """One cell of the comparison: a target, a schedule and an initial law."""

    target: BimodalTarget
    schedule: Schedule
    init: GaussianInit


@dataclass(frozen=True)
class Study:
    """The setting of a report and how much is computed for it.

    Args:
        setting: The target, schedule and initial law that the figures show.
        dynamics: Loss, metric and family weight, of the figures and of every row.
        rows: Settings of the comparison of formula and simulation.
        replicas: Simulated runs a row.
        seed: Seed of the simulations.
        grid: Points along each axis of the map.
    """

    setting: Setting
    dynamics: Dynamics = field(default_factory=Dynamics)
    rows: tuple[Setting, ...] = ()
    replicas: int = 3000
    seed: int = 0
    grid: int = 16

    def __post_init__(self) -> None:
        if self.replicas < 1:
            raise DomainError.of("replicas", "at least 1", self.replicas, "3000 is the default")
        if not 3 <= self.grid <= 200:
            raise DomainError.of("grid", "from 3 to 200", self.grid, "16 is the default")

    @property
    def keywords(self) -> dict[str, Any]:
        """The dynamics as keywords of the package's functions."""
        own = self.dynamics
        return {"objective": own.objective, "metric": own.metric, "family_weight": own.exact_family_weight}

    @property
    def form(self) -> Schedule:
        """A schedule of the setting's own form, for maps over temperatures and times; exponential where it has none."""
        varies = self._time and "initial_temperature" in self.setting.schedule.parameters
        return self.setting.schedule if varies else Exponential(10, 10)

    @property
    def _time(self) -> str:
        return own_time(self.setting.schedule.parameters)

    @property
    def time(self) -> str:
        """The parameter of `form` that is its time."""
        return own_time(self.form.parameters)

    @property
    def time_name(self) -> str:
        """What that is called."""
        return self.time.replace("_", " ")

    @property
    def temperatures(self) -> FloatArray:
        """Initial temperatures of the map, from 1 to ten times that of the setting (at least 100)."""
        top = max(100.0, 10.0 * self.setting.schedule.initial_temperature)
        return np.geomspace(1.0, top, self.grid)

    @property
    def spans(self) -> FloatArray:
        """Times of the map: three decades round that of the setting."""
        return np.geomspace(self.own_span / 10, self.own_span * 100, self.grid)

    @property
    def own_span(self) -> float:
        """The setting's own time; 10 where its schedule has none."""
        return float(self.setting.schedule.parameters[self._time]) if self._time else 10.0


# Separation, weight, dimension, initial temperature and decay time; no temperature means no annealing.
_REFERENCE = (
    ("3", "0.8", 8, None, None),
    ("3", "0.8", 8, 10, 10),
    ("3", "0.8", 128, None, None),
    ("3", "0.8", 128, 10, 10),
    ("3", "0.8", 128, 10, 50),
    ("3", "0.5", 128, None, None),
    ("3", "0.5", 128, 10, 50),
    ("2.5", "0.6", 128, 10, 10),
    ("2", "0.5", 128, 10, 10),
)


def reference_settings() -> tuple[Setting, ...]:
    """The settings of theory section 10."""
    return tuple(
        Setting(
            BimodalTarget(separation, weight),
            Constant(1) if temperature is None or span is None else Exponential(temperature, span),
            GaussianInit(dim),
        )
        for separation, weight, dim, temperature, span in _REFERENCE
    )


def default_study() -> Study:
    """The setting R = 3, w* = 0.8, d = 128, T0 = 10, t0 = 10, compared along theory section 10."""
    setting = Setting(BimodalTarget(3, Fraction(4, 5)), Exponential(10, 10), GaussianInit(128))
    return Study(setting, rows=reference_settings())


def own_study(setting: Setting, dynamics: Dynamics) -> Study:
    """A study of one's own setting, compared with and without its annealing."""
    bare = Setting(setting.target, Constant(1), setting.init)
    rows = (setting,) if type(setting.schedule) is Constant else (bare, setting)
    return Study(setting, dynamics, rows)
