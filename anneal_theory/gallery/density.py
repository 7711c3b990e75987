"""Frames of the density of a pair over its target along one run, without and with annealing."""

from typing import TYPE_CHECKING

from anneal_theory.errors import DomainError
from anneal_theory.gallery.plane import off_centre, starts_of
from anneal_theory.gallery.setting import FREE, SPHERE, FigureSetting
from anneal_theory.gallery.starts import DISTANCE
from anneal_theory.plots import density_animation, density_figure, draw_densities, require_panels
from anneal_theory.report.story import Story, tell, tell_on_sphere

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_FRAMES = 48  # of the moving picture


def figure(setting: FigureSetting) -> "Figure":
    """One start, whose angle lies between the thresholds with and without annealing, four frames of either run."""
    story = story_of(setting)
    about = f"{_model(setting)}: the fit $q$ (orange lines, + its means) over the target $p$ (grey)"
    return density_figure(*_target(setting), story.frames, f"{about}\n{_start(setting, story)}", _reach(setting))


def draw(panels: "Sequence[Axes]", setting: FigureSetting) -> None:
    """The same on eight axes that are given: the frames without annealing, then those with it."""
    require_panels(panels, 8)
    story = story_of(setting)
    draw_densities([panels[:4], panels[4:]], *_target(setting), story.frames, _reach(setting))


def animation(setting: FigureSetting, command: str) -> bytes:
    """The same as a moving picture."""
    story = story_of(setting, _FRAMES)
    about = f"{_model(setting)}:\nthe fit $q$ (orange) over the target $p$ (grey)\n{_start(setting, story)}"
    return density_animation(*_target(setting), story.frames, about, _reach(setting), command)


def story_of(setting: FigureSetting, count: int | None = None) -> Story:
    """The start and both its runs, at so many times; at the four at which something happens unless given."""
    schedule, centre = starts_of(setting).schedule, off_centre(setting)
    if setting.on_sphere:
        story = tell_on_sphere(setting.target, schedule, centre, count, **setting.rules)
    else:
        story = tell(setting.target, schedule, centre, DISTANCE, count)
    if not isinstance(story, Story):
        times = "durations" if setting.on_sphere else "decay_times"
        step = f"raise initial_temperatures or {times}, or take a target that has both kinds of end"
        what = "of a schedule that saves some starts that collapse without annealing"
        raise DomainError.of("initial_temperatures", what, story, step)
    return story


def _model(setting: FigureSetting) -> str:
    return SPHERE if setting.on_sphere else FREE


def _target(setting: FigureSetting) -> tuple[float, float]:
    return setting.target.separation, float(setting.target.exact_weight)


def _reach(setting: FigureSetting) -> float:
    """How far across the axis the means come."""
    return setting.target.separation if setting.on_sphere else DISTANCE


def _start(setting: FigureSetting, story: Story) -> str:
    """The setting and the start in letters."""
    letter = "x" if setting.on_sphere else r"\rho"
    return f"{setting.told}, {starts_of(setting).told(story.centre)}, ${letter} = {story.alignment:.3g}$"
