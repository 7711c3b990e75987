"""Runs in the plane of both overlaps, with the separatrix and the attractors."""

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from anneal_theory._types import FloatArray
from anneal_theory.errors import DomainError
from anneal_theory.exact import show
from anneal_theory.fixed_points import attractors
from anneal_theory.formulas.start_law import centre_deviation
from anneal_theory.gallery.setting import FREE, FigureSetting
from anneal_theory.gradient_flow import ReducedState, solve_flow
from anneal_theory.plots import draw_plane, new_figure
from anneal_theory.problem import BimodalTarget
from anneal_theory.report.story import settled
from anneal_theory.results import Trajectory
from anneal_theory.schedules import Constant, Exponential, Schedule
from anneal_theory.threshold import collapse_threshold

if TYPE_CHECKING:
    from matplotlib.figure import Figure

DISTANCE = math.sqrt(2)  # of the means of a typical start
_BESIDE = 0.03  # how far beside the threshold runs start, in relative terms
_CENTRES = 41  # of pairs on the separatrix, from the edge of one basin to that of the other


def figure(setting: FigureSetting) -> "Figure":
    """Two runs beside the threshold, the latter without annealing too, and the starts that lie on the separatrix."""
    target, schedule = setting.target, schedule_in(setting)
    centre = off_centre(setting)
    critical = threshold_between(target, schedule, centre)
    runs = {
        f"{_BESIDE:.0%} below the threshold": run(target, schedule, centre, critical * (1 - _BESIDE)),
        f"{_BESIDE:.0%} above it": run(target, schedule, centre, critical * (1 + _BESIDE)),
        "the same, without annealing": run(target, Constant(1), centre, critical * (1 + _BESIDE)),
    }
    drawn, axes = new_figure()
    draw_plane(axes, runs, target.separation)
    above, below = separatrix(target, schedule)
    axes.fill(*np.concatenate([above, below[:, ::-1]], axis=1), color="0.88", zorder=0, label="starts that collapse")
    for index, line in enumerate((above, below)):
        axes.plot(*line, color="black", lw=1.2, ls=(0, (4, 1.5)), label="" if index else "separatrix of starts")
    for point in attractors(target):
        for place in {(point.m1, point.m2), (point.m2, point.m1)}:
            axes.plot(*place, "*", color="black", ms=10, mfc="#F0E442", zorder=4)
    axes.plot([], [], "*", color="black", ms=10, mfc="#F0E442", label="attractor at $T = 1$")
    axes.set_title(f"{FREE}\n{setting.told}, {told(schedule)}, {start_told(centre)}", fontsize="small")
    axes.legend(frameon=False, fontsize="x-small", loc="upper left", bbox_to_anchor=(0.0, 0.92))
    return drawn


def schedule_in(setting: FigureSetting) -> Exponential:
    """The one exponential schedule of a setting."""
    (heat,), (time,) = setting.initial_temperatures or (10,), setting.decay_times or (10,)
    return Exponential(heat, time)


def told(schedule: Exponential) -> str:
    """The schedule in letters."""
    return f"$T_0 = {show(schedule.exact_initial_temperature)}$, $t_0 = {show(schedule.exact_decay_time)}$"


def threshold_between(target: BimodalTarget, schedule: Schedule, centre: float) -> float:
    """rho_c of a start of that mean overlap.

    Raises:
        DomainError: it is 0 or infinite: these pairs all end alike.
    """
    found = threshold(target, schedule, centre)
    if not 0 < found < math.inf:
        what = "of a target where some pairs collapse and some split"
        raise DomainError.of("separation", what, target.separation, "increase separation, or take a weight nearer 1/2")
    return found


def threshold(target: BimodalTarget, schedule: Schedule, centre: float) -> float:
    """The same, 0 and infinity among the values."""
    return float(collapse_threshold(target, schedule, s0=centre, distance_squared=2).value)


def off_centre(setting: FigureSetting) -> float:
    """s0 of a start one standard deviation off the centre in the setting's dimension, to three digits.

    A centred start has no threshold where the modes have equal weights.
    """
    return float(f"{centre_deviation(setting.target.separation, 1 / math.sqrt(setting.dim)):.3g}")


def start_told(centre: float) -> str:
    """The start in letters."""
    return f"$s_0 = {centre:g}$, $D_0 = \\sqrt{{2}}$"


def run(target: BimodalTarget, schedule: Schedule, centre: float, rho: float) -> Trajectory:
    """A run from one start, long enough to settle."""
    times = np.concatenate([[0.0], np.geomspace(1e-2, settled(target, schedule), 400)])
    return solve_flow(target, schedule, ReducedState.from_rho(centre, rho, DISTANCE, target), times)


def separatrix(target: BimodalTarget, schedule: Schedule) -> tuple[FloatArray, FloatArray]:
    """(m1, m2) of starts that lie on the threshold, shape (2, n), for m1 > m2 and mirrored.

    Starts whose mean overlap is such that even an aligned pair collapses are left out.
    """
    reach = 0.5 * target.separation * DISTANCE
    points: list[tuple[float, float]] = []
    for centre in np.linspace(-reach, reach, _CENTRES):
        rho: Any = threshold(target, schedule, float(centre))
        if math.isfinite(rho):
            m1, m2 = ReducedState.from_rho(float(centre), rho, DISTANCE, target).overlaps()
            points.append((float(m1), float(m2)))
    line = np.array(points).reshape(-1, 2).T
    return line, line[::-1]
