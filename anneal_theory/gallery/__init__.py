"""Figures by name: what each shows is computed for a setting and drawn by `anneal_theory.plots`.

Source:
    `anneal-theory figure` is this on the command line; the page of figures of the documentation shows them all.
"""

from anneal_theory.gallery.drawing import command_of, draw_animation, draw_figure, draw_on, require_moving, require_name
from anneal_theory.gallery.setting import FigureSetting
from anneal_theory.gallery.table import FIGURES, Entry

__all__ = [
    "FIGURES", "Entry", "FigureSetting", "command_of", "draw_animation", "draw_figure", "draw_on",
    "require_moving", "require_name",
]  # fmt: skip
