"""The figures of the report's RealNVP section."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from anneal_theory import plots
from anneal_theory._floating import own_floating
from anneal_theory.report.realnvp import counted, stored, theory_map, trained_map

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


@own_floating()
def figures() -> "dict[str, Figure]":
    """Mode weights of the headline, both maps, counts by the paper's recipe, and overlaps of two runs."""
    store = stored()
    runs = {
        f"{name}: {arm['collapsed']} of {len(arm['mode_weight'])} collapsed": (
            np.array(arm["history"]["step"], dtype=np.float64),
            np.array(arm["history"]["mode_weight"]),
        )
        for name, arm in store["headline"].items()
    }
    weight, dim = float(store["weight"]), store["headline"]["annealed"]["settings"]["dim"]
    drawn = {"weights": plots.weight_figure(runs, weight, f"Mode weight over time, $d = {dim}$")}
    temperatures, spans, fractions = trained_map()
    clock = f"decay time $t_0$ (steps of {store['map']['clock']:.2g})"
    for name, values, title, times, quantity in (
        ("map", fractions, "RealNVP flows", "decay time $t_0$ (steps)", "fraction collapsed"),
        ("theory", theory_map(), "Theory of a mixture", clock, "probability of collapse"),
    ):
        figure, axes = plots.new_figure()
        mesh = plots.draw_cells(axes, temperatures, spans, values, times)
        axes.set_title(title)
        figure.colorbar(mesh, ax=axes, label=quantity)
        drawn[name] = figure
    drawn["counts"] = counts_figure()
    for name in ("collapsed", "saved"):
        drawn[name], axes = plots.new_figure()
        draw_flow_run(axes, name)
    return drawn


def counts_figure() -> "Figure":
    """Flows by the paper's recipe: the shares that collapsed, ours and the authors', with their intervals."""
    figure, axes = plots.new_figure()
    draw_counted(axes)
    axes.set_title("Flows by the paper's recipe")
    axes.legend(frameon=False, fontsize="x-small", loc="upper right", ncols=2)
    return figure


def draw_counted(axes: "Axes") -> None:
    """The same on given axes, without a title and a legend."""
    plots.draw_shares(axes, *counted())
    axes.set_xlabel("initial temperature $T_0$")


def draw_flow_run(axes: "Axes", name: str) -> None:
    """Overlaps of a flow's two halves over those of a mixture along the same schedule, in the clock of the map."""
    store = stored()
    cell = next(
        cell for cell in store["map"]["cells"] if "history" in cell and bool(_is_saved(cell)) == (name == "saved")
    )
    theory, history = store["theory"]["runs"][name], cell["history"]
    for index, mean in enumerate(("m1", "m2")):
        colour, letter = plots.COLOURS[index], f"${mean[0]}_{mean[1]}$"
        axes.plot(history["step"], history[mean][0], "-", color=colour, lw=1, label=f"{letter}, flow")
        axes.plot(theory["step"], theory[mean], "--", color=colour, lw=1.6, label=f"{letter}, mixture (ODE)")
    modes = float(store["separation"]) ** 2
    for mode in (modes, -modes):
        axes.axhline(mode, color="0.6", lw=0.8, ls=":")
    title = f"{'Saved' if name == 'saved' else 'Collapsed'}: $T_0 = {cell['initial_temperature']:g}$, "
    title += f"$t_0 = {cell['decay_time']}$ steps"
    axes.set(xlabel="optimiser step", ylabel=r"overlap $m_i = \mu_i\cdot\mu^\star$", title=title)
    axes.set_ylim(-2 * modes, 1.9 * modes)  # room for the legend below the lower mode
    axes.legend(frameon=False, fontsize="small", ncols=2, loc="lower center")


def _is_saved(cell: Mapping[str, Any]) -> bool:
    return bool(cell["decay_time"] == max(one["decay_time"] for one in stored()["map"]["cells"] if "history" in one))
