"""The authors' counts beside the theories of their setting."""

from typing import TYPE_CHECKING

from anneal_theory.errors import DomainError
from anneal_theory.exact import exact
from anneal_theory.gallery.setting import FigureSetting
from anneal_theory.plots import draw_counts, new_panels
from anneal_theory.report.paper_cells import CONFIDENCE, DIM, SEPARATION, WEIGHT, drawn_at, stored

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_HEATS = (9, 28.4605, 284.605, 9000)


def figure(setting: FigureSetting) -> "Figure":
    """A panel for each initial temperature.

    Raises:
        DomainError: the authors counted no runs at a temperature.
    """
    heats = [float(exact(heat)) for heat in setting.initial_temperatures or _HEATS]
    known = sorted({one["initial_temperature"] for one in stored()["cells"]})
    for place, heat in enumerate(heats):
        if heat not in known:
            step = f"there are {', '.join(f'{one:g}' for one in known)}"
            raise DomainError.of(f"initial_temperatures[{place}]", "one at which the authors counted runs", heat, step)
    columns = min(len(heats), 2)
    rows = -(-len(heats) // columns)
    drawn, panels = new_panels(rows, columns, (3.5 * columns, 2.6 * rows + 0.8), sharex=True, sharey=True)
    for axes, heat in zip(panels.flat, heats, strict=False):
        draw_counts(axes, *drawn_at(heat))
        axes.set_title(f"$T_0 = {heat:g}$", fontsize="small")
        axes.get_legend().remove()
        axes.label_outer()
    for axes in panels.flat[len(heats) :]:
        axes.remove()
    lines, labels = panels[0, 0].get_legend_handles_labels()
    drawn.legend(lines, labels, loc="outside lower center", ncols=3, frameon=False, fontsize="small")
    drawn.suptitle(
        f"Means on the sphere, free energy: the authors' counts ({CONFIDENCE:.0%} intervals)\n"
        rf"$R = {SEPARATION}$, $w^\star = {WEIGHT}$, $d = {DIM}$",
        fontsize="small",
    )
    return drawn
