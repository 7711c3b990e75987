"""The probability of collapse against the initial temperature, in both models."""

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from anneal_theory._types import Constraint, Exactable
from anneal_theory.errors import NoCollapsedState
from anneal_theory.exact import exact, show
from anneal_theory.fixed_points import critical_temperature
from anneal_theory.gallery.setting import FREE, SPHERE, FigureSetting
from anneal_theory.gallery.thresholds import schedule_of
from anneal_theory.plots import draw_probability, new_panels
from anneal_theory.plots.style import plain_ticks
from anneal_theory.probability import collapse_probability

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_MODELS: tuple[Constraint, ...] = "free", "sphere"
_FREE_HEATS = (1, 1.5, 2, 3, 5, 8, 15, 30, 100)
_SPHERE_HEATS = (1, 3, 9, 28.5, 90, 285, 900, 9000)
_FREE_TIMES, _SPHERE_TIMES = (3, 10, 30, 100), (5, 15, 25, 35)
_DECADES = 1e3  # axes that span more have decades alone marked
_ERROR = 1e-3  # relative: a tenth of a line's width


def figure(setting: FigureSetting) -> "Figure":
    """Exact probabilities: free means on the left, means on the sphere on the right."""
    drawn, panels = new_panels(1, 2, (7.2, 3.7), sharey=True)
    dim = f"$d = {setting.dim}$"
    for axes, constraint, told in zip(panels[0], _MODELS, (FREE, SPHERE), strict=True):
        own = replace(setting, constraint=constraint)
        sphere = own.on_sphere
        heats = own.initial_temperatures or (_SPHERE_HEATS if sphere else _FREE_HEATS)
        times = (own.durations or _SPHERE_TIMES) if sphere else (own.decay_times or _FREE_TIMES)
        curves = {
            f"$t_0 = {show(exact(time))}$": np.array([_chance(own, heat, time) for heat in heats]) for time in times
        }
        across = np.array([float(exact(heat)) for heat in heats])
        draw_probability(axes, across, curves, None if sphere else _hottest(own))
        plain_ticks(axes.xaxis, decades=bool(across[-1] > _DECADES * across[0]))
        model, _, rule = told.partition(", ")
        axes.set_title(f"{model}\n{rule}", fontsize="small")
    panels[0, 0].get_legend().set_title("decay time")
    panels[0, 1].get_legend().set_title("time until $T = 1$")
    panels[0, 1].set_ylabel("")
    drawn.suptitle(f"{setting.told}, {dim}, exact", fontsize="small")
    return drawn


def _chance(setting: FigureSetting, heat: Exactable, time: Exactable) -> float:
    schedule = schedule_of(setting, heat, time)
    found = collapse_probability(setting.target, schedule, setting.init, relative_error=_ERROR, **setting.rules)
    return float(found.value)


def _hottest(setting: FigureSetting) -> float | None:
    """T_c where there is one."""
    try:
        return float(critical_temperature(setting.target))
    except NoCollapsedState:
        return None
