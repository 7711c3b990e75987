"""The probability of collapse against the initial temperature, in both models."""

from typing import TYPE_CHECKING

from anneal_theory._types import FloatArray
from anneal_theory.errors import NoCollapsedState
from anneal_theory.exact import exact, show
from anneal_theory.fixed_points import critical_temperature
from anneal_theory.gallery.curves import Curves, both_models, chances, doubles, draw_models, temperatures_of, times_of
from anneal_theory.gallery.setting import FigureSetting
from anneal_theory.gallery.thresholds import schedule_of
from anneal_theory.plots.probabilities import mark_critical

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_FREE_TEMPERATURES = (1, 1.5, 2, 3, 5, 8, 15, 30, 100)
_SPHERE_TEMPERATURES = (1, 3, 9, 28.5, 90, 285, 900, 9000)
_FREE_TIMES, _SPHERE_TIMES = (3, 10, 30, 100), (5, 15, 25, 35)


def figure(setting: FigureSetting) -> "Figure":
    """Exact probabilities, a line for each annealing time: free means on the left, means on the sphere on the right."""
    return both_models(setting, f"$d = {setting.dim}$", draw)


def draw(panels: "Sequence[Axes]", setting: FigureSetting) -> None:
    """The same on two axes that are given."""
    draw_models(panels, setting, "initial temperature $T_0$", _panel)
    hottest = _hottest(setting)
    if hottest is not None:
        mark_critical(panels[0], hottest)


def _panel(setting: FigureSetting) -> tuple[FloatArray, Curves, str]:
    sphere = setting.on_sphere
    temperatures = temperatures_of(setting, _FREE_TEMPERATURES, _SPHERE_TEMPERATURES)
    times = times_of(setting, _FREE_TIMES, _SPHERE_TIMES)
    lines = {
        f"$t_0 = {show(exact(time))}$": [
            (setting, schedule_of(setting, temperature, time)) for temperature in temperatures
        ]
        for time in times
    }
    return doubles(temperatures), chances(lines), "time until $T = 1$" if sphere else "decay time"


def _hottest(setting: FigureSetting) -> float | None:
    """T_c where there is one."""
    try:
        return float(critical_temperature(setting.target))
    except NoCollapsedState:
        return None
