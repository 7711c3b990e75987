"""What rarity costs: the decay time that a small probability takes, against the separation."""

from typing import TYPE_CHECKING

from anneal_theory.exact import show
from anneal_theory.gallery.curves import on_one_axes, one_panel
from anneal_theory.gallery.setting import FREE, FigureSetting
from anneal_theory.plots import draw_cost
from anneal_theory.report.cost import cost_curves

if TYPE_CHECKING:
    from matplotlib.axes import Axes


@on_one_axes
def draw(axes: "Axes", setting: FigureSetting) -> None:
    """Exact decay times beside the formula of slow annealing and its leading order."""
    weight = setting.target.exact_weight
    found = cost_curves(weight, setting.dim)
    draw_cost(axes, found.separations, found.ways)
    axes.set_title(
        rf"{FREE}, start a deviation off centre"
        "\n"
        rf"$w^\star = {show(weight)}$, $d = {setting.dim}$, $T_0 = {found.initial_temperature:g}$",
        fontsize="small",
    )


figure = one_panel(draw)
