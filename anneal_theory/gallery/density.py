"""Frames of the density of a pair over its target along one run, without and with annealing."""

from typing import TYPE_CHECKING

from anneal_theory.errors import DomainError
from anneal_theory.gallery.plane import off_centre
from anneal_theory.gallery.setting import FREE, FigureSetting
from anneal_theory.gallery.starts import DISTANCE, FreeStarts
from anneal_theory.plots import density_animation, density_figure, draw_densities, require_panels
from anneal_theory.report.story import Story, tell

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_FRAMES = 48  # of the moving picture


def figure(setting: FigureSetting) -> "Figure":
    """One start, whose angle lies between the thresholds with and without annealing, four frames of either run.

    Raises:
        DomainError: there is no such start: the target has one kind of end only, or the annealing does nothing.
    """
    story = _story(setting)
    about = f"{FREE}: the fit $q$ (orange lines, + its means) over the target $p$ (grey)\n{_start(setting, story)}"
    return density_figure(*_target(setting), story.frames, about, DISTANCE)


def draw(panels: "Sequence[Axes]", setting: FigureSetting) -> None:
    """The same on eight axes that are given: the frames without annealing, then those with it.

    Raises:
        DomainError: as for the figure.
    """
    require_panels(panels, 8)
    story = _story(setting)
    draw_densities([panels[:4], panels[4:]], *_target(setting), story.frames, DISTANCE)


def animation(setting: FigureSetting, command: str) -> bytes:
    """The same as a moving picture.

    Raises:
        DomainError: as for the figure.
    """
    story = _story(setting, _FRAMES)
    about = f"{FREE}:\nthe fit $q$ (orange) over the target $p$ (grey)\n{_start(setting, story)}"
    return density_animation(*_target(setting), story.frames, about, DISTANCE, command)


def _story(setting: FigureSetting, count: int | None = None) -> Story:
    story = tell(setting.target, FreeStarts(setting).schedule, off_centre(setting), DISTANCE, count)
    if not isinstance(story, Story):
        step = "raise initial_temperatures or decay_times, or take a target that has both kinds of end"
        what = "of a schedule that saves some starts that collapse without annealing"
        raise DomainError.of("initial_temperatures", what, story, step)
    return story


def _target(setting: FigureSetting) -> tuple[float, float]:
    return setting.target.separation, float(setting.target.exact_weight)


def _start(setting: FigureSetting, story: Story) -> str:
    """The setting and the start in letters."""
    return rf"{setting.told}, {FreeStarts(setting).told(story.centre)}, $\rho = {story.alignment:.3g}$"
