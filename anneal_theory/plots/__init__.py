"""Figures. Each function takes numbers and returns a `matplotlib.figure.Figure`; pyplot and its state are not used.

All refuse (`DomainError`) too few points to draw, series of other lengths than their axis, and no series or more than
can be told apart.
"""

from anneal_theory.plots.counts import Counted, counts_figure, draw_counts
from anneal_theory.plots.design import design_figure
from anneal_theory.plots.phase_diagram import MapAxis, axis_label, diagram_figure, map_figure
from anneal_theory.plots.probabilities import probability_figure
from anneal_theory.plots.runs import overlap_figure, plane_figure, training_figure
from anneal_theory.plots.slow import cost_figure, error_figure, slow_figure
from anneal_theory.plots.style import COLOURS, DASHES, MARKERS, SIZE, require_series, svg

__all__ = [
    "COLOURS", "DASHES", "MARKERS", "SIZE", "Counted", "MapAxis", "axis_label", "cost_figure", "counts_figure",
    "design_figure", "diagram_figure", "draw_counts", "error_figure", "map_figure", "overlap_figure", "plane_figure",
    "probability_figure", "require_series", "slow_figure", "svg", "training_figure",
]  # fmt: skip
