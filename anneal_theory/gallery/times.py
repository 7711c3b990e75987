"""The probability of collapse against the time of the annealing, in both models."""

from typing import TYPE_CHECKING

from anneal_theory._types import FloatArray
from anneal_theory.exact import exact, show
from anneal_theory.gallery.curves import Curves, both_models, chances, doubles, draw_models, temperatures_of, times_of
from anneal_theory.gallery.setting import FigureSetting
from anneal_theory.gallery.thresholds import schedule_of
from anneal_theory.plots.style import TIME

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_FREE_TEMPERATURES, _SPHERE_TEMPERATURES = (3, 5, 10, 100), (9, 90, 900, 9000)
_FREE_TIMES, _SPHERE_TIMES = (1, 3, 10, 30, 100, 200, 400, 1000), (3, 5, 8, 12, 18, 25, 35, 50)


def figure(setting: FigureSetting) -> "Figure":
    """A line for each initial temperature: decay times of free means, times until T = 1 on the sphere."""
    return both_models(setting, f"$d = {setting.dim}$", draw)


def draw(panels: "Sequence[Axes]", setting: FigureSetting) -> None:
    """The same on two axes that are given."""
    draw_models(panels, setting, f"annealing time $t_0$ ({TIME})", _panel)


def _panel(setting: FigureSetting) -> tuple[FloatArray, Curves, str]:
    sphere = setting.on_sphere
    times = times_of(setting, _FREE_TIMES, _SPHERE_TIMES)
    lines = {
        f"$T_0 = {show(exact(temperature))}$": [(setting, schedule_of(setting, temperature, time)) for time in times]
        for temperature in temperatures_of(setting, _FREE_TEMPERATURES, _SPHERE_TEMPERATURES)
    }
    return doubles(times), chances(lines), "$t_0$: until $T = 1$" if sphere else "$t_0$: decay time"
