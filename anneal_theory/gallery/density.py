"""Frames of the density of a pair over its target along one run, without and with annealing."""

import math
from typing import TYPE_CHECKING

import numpy as np

from anneal_theory._types import FloatArray
from anneal_theory.errors import DomainError
from anneal_theory.gallery.plane import DISTANCE, off_centre, schedule_in, settled, start_told, threshold_between, told
from anneal_theory.gallery.setting import FREE, FigureSetting
from anneal_theory.gradient_flow import ReducedState, solve_flow
from anneal_theory.plots import draw_density, new_panels
from anneal_theory.problem import BimodalTarget
from anneal_theory.results import Trajectory
from anneal_theory.schedules import Constant, Schedule

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_MOMENTS = (0.0, 0.5, 2.0)  # in decay times; the last frame is at rest


def figure(setting: FigureSetting) -> "Figure":
    """One start, whose angle lies between the thresholds with and without annealing, four frames of either run.

    The plane holds the axis of the target and the direction in which the pair lies across it.

    Raises:
        DomainError: there is no such start: the target has one kind of end only, or the annealing does nothing.
    """
    target, schedule = setting.target, schedule_in(setting)
    plain: Schedule = Constant(1)
    centre = off_centre(setting)
    low, high = (threshold_between(target, one, centre) for one in (schedule, plain))
    if not low < high:
        step = "raise initial_temperatures or decay_times, or take another target"
        what = "of a schedule that saves some starts that collapse without annealing"
        raise DomainError.of("initial_temperatures", what, (low, high), step)
    rho = math.sqrt(low * high)
    end = max(settled(target, schedule), settled(target, plain))
    times = np.array([*(moment * schedule.decay_time for moment in _MOMENTS), end])
    drawn, panels = new_panels(2, len(times), (7.2, 3.2), sharex=True, sharey=True)
    for row, (label, kind) in zip(panels, (("no annealing", plain), ("annealed", schedule)), strict=True):
        start = ReducedState.from_rho(centre, rho, DISTANCE, target)
        run = solve_flow(target, kind, start, times)
        reach = (target.separation + 3.0, 3.0 + DISTANCE)
        for axes, time, heat, means in zip(row, run.times, run.temperature, places(target, run), strict=True):
            draw_density(axes, target.separation, float(target.exact_weight), means, reach)
            when = "at rest" if time == end else f"$t = {time:.3g}$"
            axes.set_title(f"{when}, $T = {heat:.3g}$", fontsize="small")
        row[0].set_ylabel(f"{label}\nacross the axis")
    for axes in panels[-1]:
        axes.set_xlabel(r"along $\mu^\star$")
    drawn.suptitle(
        f"{FREE}: the fit $q$ (orange lines, + its means) over the target $p$ (grey)\n"
        rf"{setting.told}, {told(schedule)}, one start: {start_told(centre)}, $\rho = {rho:.3g}$",
        fontsize="small",
    )
    return drawn


def places(target: BimodalTarget, run: Trajectory) -> FloatArray:
    """The two means in the plane, shape (times, 2, 2): along the axis, across it, in deviations of a mode."""
    along = np.stack([run["m1"], run["m2"]], axis=1) / target.separation
    across = 0.5 * np.stack([run["perp"], -run["perp"]], axis=1)
    return np.stack([along, across], axis=2)
