"""What the figures of the probability of collapse share: one exact probability, and the panels."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import wraps
from typing import TYPE_CHECKING

import numpy as np

from anneal_theory._types import Constraint, Exactable, FloatArray
from anneal_theory.exact import exact
from anneal_theory.gallery.setting import FREE, SPHERE, FigureSetting
from anneal_theory.numerics.pools import parallel_map
from anneal_theory.plots import draw_chances, new_figure, new_panels, require_panels
from anneal_theory.probability import collapse_probability
from anneal_theory.schedules import Schedule

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    Draw = Callable[[Sequence[Axes], FigureSetting], None]

_MODELS: tuple[Constraint, ...] = "free", "sphere"
_ERROR = 1e-3  # relative: a tenth of a line's width
Curves = Mapping[str, FloatArray]


def chance(setting: FigureSetting, schedule: Schedule) -> float:
    """The exact probability of collapse, to what a line shows."""
    found = collapse_probability(setting.target, schedule, setting.init, relative_error=_ERROR, **setting.rules)
    return float(found.value)


def chances(tasks: Mapping[str, Sequence[tuple[FigureSetting, Schedule]]]) -> Curves:
    """Exact probabilities of the points of each line, computed side by side."""
    found = iter(parallel_map(lambda task: chance(*task), [task for line in tasks.values() for task in line]))
    return {label: np.array([next(found) for _ in line]) for label, line in tasks.items()}


def both_models(setting: FigureSetting, about: str, draw: "Draw") -> "Figure":
    """A figure of both models beside each other. `about` is what the title says besides the target."""
    drawn, panels = new_panels(1, 2, (7.2, 3.7), sharey=True)
    draw(panels[0], setting)
    drawn.suptitle(f"{setting.told}, {about}, exact", fontsize="small")
    return drawn


def draw_models(
    panels: "Sequence[Axes]",
    setting: FigureSetting,
    label: str,
    panel: Callable[[FigureSetting], tuple[FloatArray, Curves, str]],
) -> None:
    """Free means on the first axes, the sphere's on the second; `panel` gives a model's values, curves, legend."""
    require_panels(panels, 2)
    for axes, constraint, told in zip(panels, _MODELS, (FREE, SPHERE), strict=True):
        across, curves, legend = panel(replace(setting, constraint=constraint))
        draw_chances(axes, across, curves, label)
        axes.legend(frameon=False, fontsize="x-small", title=legend, title_fontsize="x-small")
        model, _, rule = told.partition(", ")
        axes.set_title(f"{model}\n{rule}", fontsize="small")
    panels[1].set_ylabel("")


def doubles(values: Iterable[Exactable]) -> FloatArray:
    """Exact numbers as doubles, shape (n,)."""
    return np.array([float(exact(value)) for value in values])


def temperatures_of(
    setting: FigureSetting, free: tuple[Exactable, ...], sphere: tuple[Exactable, ...]
) -> list[Exactable]:
    """The initial temperatures that were given, or those of the model."""
    return list(setting.initial_temperatures or (sphere if setting.on_sphere else free))


def times_of(setting: FigureSetting, free: tuple[Exactable, ...], sphere: tuple[Exactable, ...]) -> list[Exactable]:
    """The times of the annealing that were given, or those of the model: until T = 1 on the sphere, else of decay."""
    return list((setting.durations or sphere) if setting.on_sphere else (setting.decay_times or free))


def on_one_axes(draw: "Callable[[Axes, FigureSetting], None]") -> "Draw":
    """What draws on the one axes of its panels."""

    @wraps(draw)
    def drawn(panels: "Sequence[Axes]", setting: FigureSetting) -> None:
        require_panels(panels, 1)
        draw(panels[0], setting)

    return drawn


def one_panel(draw: "Draw") -> "Callable[[FigureSetting], Figure]":
    """The figure of a single axes that `draw` draws."""

    def figure(setting: FigureSetting) -> "Figure":
        drawn, axes = new_figure()
        draw([axes], setting)
        return drawn

    return figure
