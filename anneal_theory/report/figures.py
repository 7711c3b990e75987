"""Figures that both pages of a report have: the frames of one start, and the map."""

from typing import TYPE_CHECKING

from anneal_theory import plots
from anneal_theory._types import FloatArray
from anneal_theory.problem import BimodalTarget
from anneal_theory.report.story import Story

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def story_figures(target: BimodalTarget, story: Story, reach: float) -> "dict[str, Figure]":
    """The frames of a story in rows, and in columns for the width of a phone.

    `reach` is how far across the axis its means come.
    """
    words = "One start: the fit $q$ (orange lines, + its means)", "over the target $p$ (grey)"
    separation, weight = target.separation, float(target.exact_weight)
    return {
        name: plots.density_figure(separation, weight, story.frames, between.join(words), reach, upright)
        for name, between, upright in (("story", " ", False), ("story_upright", "\n", True))
    }


def heat_figure(
    temperatures: FloatArray,
    times: tuple[str, FloatArray],
    values: FloatArray,
    line: tuple[str, FloatArray, FloatArray] | None = None,
) -> "Figure":
    """Probabilities over initial temperatures and times.

    Times are the parameter's name and values of shape (k,), values of shape (k, n); a line over the map is its name,
    and its places across and up.
    """
    name, spans = times
    across = plots.MapAxis(plots.axis_label("initial_temperature"), temperatures)
    along = plots.MapAxis(plots.axis_label(name), spans)
    return plots.map_figure(across, along, values, "Collapse over temperature and time", line)
