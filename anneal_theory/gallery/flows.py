"""RealNVP flows beside the theory of mixtures, and beside the counts of the paper's authors."""

from typing import TYPE_CHECKING

from anneal_theory.gallery.setting import FigureSetting
from anneal_theory.plots import draw_cells, new_panels, require_panels
from anneal_theory.report.paper_cells import CONFIDENCE
from anneal_theory.report.realnvp import stored, theory_map, trained_map
from anneal_theory.report.realnvp_figures import draw_counted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes
    from matplotlib.cm import ScalarMappable
    from matplotlib.figure import Figure


def figure(setting: FigureSetting) -> "Figure":
    """Stored: a map of small flows and of the theory, and flows by the paper's recipe at the authors' size."""
    drawn, panels = new_panels(2, 2, (7.2, 6.8))
    below = drawn.add_subplot(panels[0, 0].get_gridspec()[1, :])
    for axes in panels[1]:
        axes.remove()
    mesh = draw([*panels[0], below], setting)
    drawn.colorbar(mesh, ax=panels[0, 1], label="share, probability of collapse")
    lines, labels = below.get_legend_handles_labels()
    drawn.legend(lines, labels, loc="outside lower center", ncols=2, frameon=False, fontsize="small")
    drawn.suptitle(
        f"RealNVP flows beside theory and counts, $R = 3$, $w^\\star = 0.8$ ({CONFIDENCE:.0%} intervals)",
        fontsize="small",
    )
    return drawn


def draw(panels: "Sequence[Axes]", setting: FigureSetting) -> "ScalarMappable":
    """The same on three given axes, without colour bar and legend; returns what a bar of both maps is made of."""
    require_panels(panels, 3)
    trained, theory, counts = panels
    temperatures, spans, fractions = trained_map()
    cells, clock = stored()["map"], stored()["map"]["clock"]
    shape = cells["settings"]
    draw_cells(trained, temperatures, spans, fractions, "decay time $t_0$ (steps)")
    trained.set_title(f"{cells['replicas']} RealNVP flows a cell, $d = {shape['dim']}$", fontsize="small")
    mesh = draw_cells(theory, temperatures, spans, theory_map(), f"decay time $t_0$ (steps of {clock:.2g})")
    theory.set_title(f"exact theory, free means, $d = {shape['dim']}$", fontsize="small")
    draw_counted(counts)
    counts.set_title("flows by the paper's recipe, $d = 128$", fontsize="small")
    return mesh
