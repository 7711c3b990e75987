"""The authors' counts beside the theories of their setting."""

from typing import TYPE_CHECKING

from anneal_theory.errors import DomainError
from anneal_theory.exact import exact
from anneal_theory.gallery.setting import FigureSetting
from anneal_theory.plots import draw_counts, new_panels, require_panels
from anneal_theory.report.paper_cells import CONFIDENCE, DIM, SEPARATION, WEIGHT, drawn_at, stored

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_TEMPERATURES = (9, 28.4605, 284.605, 9000)


def figure(setting: FigureSetting) -> "Figure":
    """A panel for each initial temperature."""
    count = len(setting.initial_temperatures or _TEMPERATURES)
    columns = min(count, 2)
    rows = -(-count // columns)
    drawn, panels = new_panels(rows, columns, (3.5 * columns, 2.6 * rows + 0.8), sharex=True, sharey=True)
    draw(panels.flat[:count], setting)
    for axes in panels.flat[:count]:
        axes.get_legend().remove()
        axes.label_outer()
    for axes in panels.flat[count:]:
        axes.remove()
    lines, labels = panels[0, 0].get_legend_handles_labels()
    drawn.legend(lines, labels, loc="outside lower center", ncols=3, frameon=False, fontsize="small")
    drawn.suptitle(
        f"Means on the sphere, free energy: the authors' counts ({CONFIDENCE:.0%} intervals)\n"
        rf"$R = {SEPARATION}$, $w^\star = {WEIGHT}$, $d = {DIM}$",
        fontsize="small",
    )
    return drawn


def draw(panels: "Sequence[Axes]", setting: FigureSetting) -> None:
    """The same on given axes, one for each initial temperature."""
    temperatures = [float(exact(temperature)) for temperature in setting.initial_temperatures or _TEMPERATURES]
    require_panels(panels, len(temperatures))
    known = sorted({one["initial_temperature"] for one in stored()["cells"]})
    for place, temperature in enumerate(temperatures):
        if temperature not in known:
            step = f"there are {', '.join(f'{one:g}' for one in known)}"
            raise DomainError.of(
                f"initial_temperatures[{place}]", "one at which the authors counted runs", temperature, step
            )
    for axes, temperature in zip(panels, temperatures, strict=True):
        draw_counts(axes, *drawn_at(temperature))
        axes.set_title(f"$T_0 = {temperature:g}$", fontsize="small")
