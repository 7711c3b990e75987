"""Figures that both pages of a report have: the frames of one start, and the map."""

from typing import TYPE_CHECKING

from anneal_theory import plots
from anneal_theory._types import FloatArray
from anneal_theory.problem import BimodalTarget
from anneal_theory.report.story import Story

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def story_figures(target: BimodalTarget, story: Story, reach: float) -> "dict[str, Figure]":
    """The frames of a story in rows, and in columns for a phone; `reach` is how far across the axis its means come."""
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
    """Probabilities, shape (k, n), over T0 and k named times, with a line: its name, and places across and up."""
    name, spans = times
    across = plots.MapAxis(plots.axis_label("initial_temperature"), temperatures)
    along = plots.MapAxis(plots.axis_label(name), spans)
    return plots.map_figure(across, along, values, "Collapse over temperature and time", line)
