"""Frames of the density of a pair over its target along one run, without and with annealing."""

from typing import TYPE_CHECKING

from anneal_theory.errors import DomainError
from anneal_theory.gallery.plane import DISTANCE, off_centre, schedule_in, start_told, told
from anneal_theory.gallery.setting import FREE, FigureSetting
from anneal_theory.plots import density_figure
from anneal_theory.report.story import Story, tell

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def figure(setting: FigureSetting) -> "Figure":
    """One start, whose angle lies between the thresholds with and without annealing, four frames of either run.

    The plane holds the axis of the target and the direction in which the pair lies across it.

    Raises:
        DomainError: there is no such start: the target has one kind of end only, or the annealing does nothing.
    """
    target, schedule = setting.target, schedule_in(setting)
    story = tell(target, schedule, off_centre(setting), DISTANCE)
    if not isinstance(story, Story):
        step = "raise initial_temperatures or decay_times, or take a target that has both kinds of end"
        what = "of a schedule that saves some starts that collapse without annealing"
        raise DomainError.of("initial_temperatures", what, story, step)
    title = (
        f"{FREE}: the fit $q$ (orange lines, + its means) over the target $p$ (grey)\n"
        rf"{setting.told}, {told(schedule)}, one start: {start_told(story.centre)}, $\rho = {story.rho:.3g}$"
    )
    return density_figure(target.separation, float(target.exact_weight), story.frames, title, DISTANCE)
