"""The probability of collapse against the dimension, in both models."""

from dataclasses import replace
from typing import TYPE_CHECKING

from anneal_theory._types import FloatArray
from anneal_theory.exact import exact, show
from anneal_theory.gallery.curves import Curves, both_models, chances, doubles, draw_models, temperatures_of, times_of
from anneal_theory.gallery.setting import FigureSetting
from anneal_theory.gallery.thresholds import schedule_of
from anneal_theory.schedules import Constant, Schedule

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_DIMS = (8, 16, 32, 64, 128, 512, 2048, 8192, 32768)
_FREE_TIMES, _SPHERE_TIMES = (10, 100, 1000), (15, 25, 35, 50)


def figure(setting: FigureSetting) -> "Figure":
    """A line without annealing, and one for each annealing time at the model's initial temperature."""
    return both_models(setting, "from 8 to 32768 dimensions", draw)


def draw(panels: "Sequence[Axes]", setting: FigureSetting) -> None:
    """The same on two axes that are given."""
    draw_models(panels, setting, "dimension $d$", _panel)


def _panel(setting: FigureSetting) -> tuple[FloatArray, Curves, str]:
    (temperature,) = temperatures_of(setting, (10,), (90,))
    times = times_of(setting, _FREE_TIMES, _SPHERE_TIMES)
    settings = [replace(setting, dim=dim) for dim in _DIMS]
    ways: dict[str, Schedule] = {"no annealing": Constant(1)} | {
        f"$t_0 = {show(exact(time))}$": schedule_of(setting, temperature, time) for time in times
    }
    lines = {label: [(own, schedule) for own in settings] for label, schedule in ways.items()}
    return doubles(_DIMS), chances(lines), f"$T_0 = {show(exact(temperature))}$"
