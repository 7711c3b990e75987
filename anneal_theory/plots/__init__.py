"""Figures. Each function takes numbers and returns a `matplotlib.figure.Figure`; those named `draw_...` draw the same
on axes that they are given, one or a sequence of them. Pyplot and its state are not used.

All refuse (`DomainError`) too few points to draw, series of other lengths than their axis, and no series or more than
can be told apart.
"""

from anneal_theory.plots.animation import density_animation
from anneal_theory.plots.counts import Counted, counts_figure, draw_cells, draw_counts, draw_shares
from anneal_theory.plots.design import (
    design_figure,
    draw_cost_law,
    draw_design,
    draw_design_overlaps,
    draw_design_temperature,
)
from anneal_theory.plots.landscape import DensityFrame, density_figure, draw_densities, draw_density, draw_landscape
from anneal_theory.plots.map_axis import MapAxis
from anneal_theory.plots.phase_diagram import (
    axis_label,
    diagram_figure,
    draw_diagram,
    draw_map,
    map_figure,
)
from anneal_theory.plots.probabilities import draw_chances, draw_probability, probability_figure
from anneal_theory.plots.runs import (
    draw_plane,
    draw_run,
    draw_training,
    draw_weights,
    overlap_figure,
    plane_figure,
    training_figure,
    weight_figure,
)
from anneal_theory.plots.slow import cost_figure, draw_cost, draw_errors, draw_slow, error_figure, slow_figure
from anneal_theory.plots.style import (
    COLOURS,
    DASHES,
    FORMS,
    MARKERS,
    SIZE,
    new_figure,
    new_panels,
    picture,
    require_panels,
    require_series,
    svg,
)
from anneal_theory.plots.thresholds import draw_phases, draw_thresholds

__all__ = [
    "COLOURS", "DASHES", "FORMS", "MARKERS", "SIZE", "Counted", "DensityFrame", "MapAxis", "axis_label",
    "cost_figure", "counts_figure", "density_animation", "density_figure", "design_figure", "diagram_figure",
    "draw_cells", "draw_chances", "draw_cost", "draw_cost_law", "draw_counts", "draw_densities", "draw_density",
    "draw_design", "draw_design_overlaps", "draw_design_temperature", "draw_diagram", "draw_errors", "draw_landscape",
    "draw_map", "draw_phases", "draw_plane", "draw_probability", "draw_run", "draw_shares", "draw_slow",
    "draw_thresholds", "draw_training", "draw_weights", "error_figure", "map_figure", "new_figure", "new_panels",
    "overlap_figure", "picture", "plane_figure", "probability_figure", "require_panels", "require_series",
    "slow_figure", "svg", "training_figure", "weight_figure",
]  # fmt: skip
