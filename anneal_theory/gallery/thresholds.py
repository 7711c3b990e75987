"""The threshold against the time of the annealing."""

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from anneal_theory._types import Exactable
from anneal_theory.errors import DomainError
from anneal_theory.exact import exact, show
from anneal_theory.gallery.curves import doubles, on_one_axes, one_panel, temperatures_of, times_of
from anneal_theory.gallery.setting import FREE, SPHERE, FigureSetting
from anneal_theory.numerics.pools import parallel_map
from anneal_theory.plots import draw_thresholds
from anneal_theory.plots.style import TIME
from anneal_theory.schedules import Exponential, ExponentialToOne, Schedule
from anneal_theory.threshold import collapse_threshold

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_FREE_TEMPERATURES, _SPHERE_TEMPERATURES = (2, 5, 10, 30, 100), (9, 90, 900, 9000)
_FREE_TIMES = tuple(float(f"{time:.4g}") for time in np.geomspace(1, 1000, 13))
_SPHERE_TIMES = tuple(range(4, 41, 4))


@on_one_axes
def draw(axes: "Axes", setting: FigureSetting) -> None:
    """Exact thresholds of centred starts at the usual distance."""
    sphere = setting.on_sphere
    temperatures = temperatures_of(setting, _FREE_TEMPERATURES, _SPHERE_TEMPERATURES)
    times = times_of(setting, _FREE_TIMES, _SPHERE_TIMES)
    tasks = [(temperature, time) for temperature in temperatures for time in times]
    found = parallel_map(lambda task: threshold(setting, schedule_of(setting, *task)), tasks)
    if not any(0 < one < math.inf for one in found):
        equal = setting.target.half_log_odds == 0
        argument, value = ("weight", setting.weight) if equal else ("separation", setting.separation)
        step = "use another weight than 1/2, or the figure of the probability" if equal else "increase separation"
        raise DomainError.of(argument, "such that some centred starts collapse and some split", value, step)
    rows = np.array(found).reshape(len(temperatures), len(times))
    curves = {f"$T_0 = {show(exact(temperature))}$": row for temperature, row in zip(temperatures, rows, strict=True)}
    time = f"time $t_0$ until $T = 1$ ({TIME})" if sphere else f"decay time $t_0$ ({TIME})"
    start = r"$\mu_1\cdot\mu_2 = 0$" if sphere else r"$D_0 = \sqrt{2}$"
    letter = "cosine $x_c$" if sphere else r"cotangent $\rho_c$"
    draw_thresholds(axes, doubles(times), curves, time, f"threshold: {letter}", log_times=not sphere)
    axes.set_title(f"{SPHERE if sphere else FREE}\n{setting.told}, centred start, {start}", fontsize="small")


figure = one_panel(draw)


def schedule_of(setting: FigureSetting, temperature: Exactable, time: Exactable) -> Schedule:
    """The schedule of a temperature and a time in the setting's model."""
    return ExponentialToOne(temperature, duration=time) if setting.on_sphere else Exponential(temperature, time)


def threshold(setting: FigureSetting, schedule: Schedule) -> float:
    """The exact threshold; infinite where all pairs collapse."""
    start: dict[str, Any] = {} if setting.on_sphere else {"s0": 0, "distance_squared": 2}
    return float(collapse_threshold(setting.target, schedule, **start, **setting.rules).value)
