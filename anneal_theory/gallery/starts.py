"""Starts of a figure's model by two numbers: where the pair's middle is, and how well the pair is aligned."""

import math
from typing import Protocol, runtime_checkable

import numpy as np

from anneal_theory._types import Exactable, FloatArray
from anneal_theory.exact import exact, show
from anneal_theory.fixed_points import FixedPoint, attractors
from anneal_theory.fixed_points.sphere_rests import SphereFixedPoint, sphere_attractors
from anneal_theory.gallery.setting import FigureSetting
from anneal_theory.gradient_flow import ReducedState, SphereState
from anneal_theory.report.story import settled, settled_on_sphere
from anneal_theory.schedules import Exponential, ExponentialToOne, Schedule
from anneal_theory.threshold import collapse_threshold

DISTANCE = math.sqrt(2)  # of the means of a typical start of free means
_PAPER = 90, 35  # T0 and t0 of the sphere unless given: a cell of the authors
_CENTRES = 41  # of pairs on the separatrix, from one end of what there is to the other
_RIM = 1e-3  # left out at either end of the sphere's


def letters(temperature: Exactable, time: Exactable) -> str:
    """T0 and t0 in letters."""
    return f"$T_0 = {show(exact(temperature))}$, $t_0 = {show(exact(time))}$"


def start_told(centre: float) -> str:
    """A start of free means in letters."""
    return f"$s_0 = {centre:g}$, $D_0 = \\sqrt{{2}}$"


@runtime_checkable
class Starts(Protocol):
    """What the figures of runs ask of a model."""

    @property
    def schedule(self) -> Schedule:
        """The one schedule of the setting."""

    def told(self, centre: float) -> str:
        """The schedule and a start with that middle in letters."""

    def threshold(self, schedule: Schedule, centre: float) -> float:
        """Of the alignment of starts with that middle; 0 and infinity among the values."""

    def start(self, centre: float, alignment: float) -> ReducedState | SphereState:
        """The start."""

    def overlaps(self, centre: float, alignment: float) -> tuple[float, float]:
        """Its m1 and m2."""

    def centres(self) -> FloatArray:
        """Middles of all starts at the usual distance, in order."""

    def resting(self, schedule: Schedule) -> float:
        """A time by which a run from beside the separatrix is at rest."""

    def rests(self) -> tuple[FixedPoint, ...]:
        """Where runs end."""


class FreeStarts:
    """Free means at the distance sqrt(2): mean overlap s0, cotangent rho."""

    def __init__(self, setting: FigureSetting) -> None:
        self._target = setting.target
        (temperature,), (time,) = setting.initial_temperatures or (10,), setting.decay_times or (10,)
        self.schedule = Exponential(temperature, time)

    def told(self, centre: float) -> str:
        """T0, t0, s0 and the distance."""
        cooling = letters(self.schedule.exact_initial_temperature, self.schedule.exact_decay_time)
        return f"{cooling}, {start_told(centre)}"

    def threshold(self, schedule: Schedule, centre: float) -> float:
        """rho_c."""
        return float(collapse_threshold(self._target, schedule, s0=centre, distance_squared=2).value)

    def start(self, centre: float, alignment: float) -> ReducedState:
        """Of that s0 and rho."""
        return ReducedState.from_rho(centre, alignment, DISTANCE, self._target)

    def overlaps(self, centre: float, alignment: float) -> tuple[float, float]:
        """Its m1 and m2."""
        m1, m2 = self.start(centre, alignment).overlaps()
        return float(m1), float(m2)

    def centres(self) -> FloatArray:
        """Values of s0 that two means of length 1 can have."""
        reach = 0.5 * self._target.separation * DISTANCE
        return np.linspace(-reach, reach, _CENTRES)

    def resting(self, schedule: Schedule) -> float:
        """By the escape from the collapsed state."""
        return settled(self._target, schedule)

    def rests(self) -> tuple[FixedPoint, ...]:
        """Attractors at T = 1."""
        return attractors(self._target)


class SphereStarts:
    """Means at right angles on the sphere: cosines of their sum and of their difference with the axis."""

    def __init__(self, setting: FigureSetting) -> None:
        self._target, self._rules = setting.target, setting.rules
        temperature, time = (given[0] if given else usual for given, usual in zip(
            (setting.initial_temperatures, setting.durations), _PAPER, strict=True
        ))  # fmt: skip
        self.schedule, self._cooling = ExponentialToOne(temperature, duration=time), letters(temperature, time)

    def told(self, centre: float) -> str:
        """T0, t0, y and the angle."""
        return f"{self._cooling}, $\\mu_1\\cdot\\mu_2 = 0$, $y = {centre:g}$"

    def threshold(self, schedule: Schedule, centre: float) -> float:
        """x_c."""
        return float(collapse_threshold(self._target, schedule, mean_cosine=centre, **self._rules).value)

    def start(self, centre: float, alignment: float) -> SphereState:
        """Of these cosines."""
        return SphereState(cosine=alignment, mean_cosine=centre)

    def overlaps(self, centre: float, alignment: float) -> tuple[float, float]:
        """Its m1 and m2."""
        m1, m2 = self.start(centre, alignment).overlaps(self._target)
        return float(m1), float(m2)

    def centres(self) -> FloatArray:
        """Values of y."""
        return np.linspace(_RIM - 1, 1 - _RIM, _CENTRES)

    def resting(self, schedule: Schedule) -> float:
        """By the slowest rate at which a pair comes to rest."""
        return settled_on_sphere(self._target, schedule)

    def rests(self) -> tuple[SphereFixedPoint, ...]:
        """Attractors at T = 1."""
        return sphere_attractors(self._target, 1.0, 1.0)
