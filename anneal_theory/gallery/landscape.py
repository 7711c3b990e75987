"""The loss over the plane of both overlaps."""

from typing import TYPE_CHECKING

import numpy as np

from anneal_theory._types import FloatArray
from anneal_theory.averages import phi
from anneal_theory.exact import exact, show
from anneal_theory.fixed_points import attractors
from anneal_theory.fixed_points.information import label_information
from anneal_theory.formulas.fixed_points import divergence
from anneal_theory.formulas.pair_coordinates import aligned_squares
from anneal_theory.gallery.setting import FREE, FigureSetting
from anneal_theory.plots import draw_landscape, new_panels
from anneal_theory.problem import BimodalTarget
from anneal_theory.problem.dynamics import loss_factors

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_HEATS = (1, 3, 6, 10)
_POINTS = 81  # along either overlap
_REACH = 1.6  # of R^2, beyond which nothing rests at these temperatures
_DEPTH = 0.75  # share of the values in the frame that get a colour of their own
_LEVELS = np.linspace(0, 1, 17) ** 2  # denser where the loss is small


def figure(setting: FigureSetting) -> "Figure":
    """A panel for each temperature, with a colour bar of its own."""
    heats = setting.initial_temperatures or _HEATS
    columns = min(len(heats), 2)
    rows = -(-len(heats) // columns)
    drawn, panels = new_panels(rows, columns, (3.5 * columns, 3.0 * rows + 0.5))
    overlaps = np.linspace(-_REACH, _REACH, _POINTS) * setting.target.separation**2
    for axes, heat in zip(panels.flat, heats, strict=False):
        losses = loss_over_plane(setting.target, overlaps, float(exact(heat)))
        losses = losses - losses.min()
        points = [
            (*place, point.collapsed)
            for point in attractors(setting.target, temperature=float(exact(heat)))
            for place in {(point.m1, point.m2), (point.m2, point.m1)}
        ]
        levels = _LEVELS * np.quantile(losses, _DEPTH)
        filled = draw_landscape(axes, overlaps, losses, points, levels)
        axes.set_title(f"$T = {show(exact(heat))}$", fontsize="small")
        drawn.colorbar(filled, ax=axes, shrink=0.85, format="%.2g", ticks=levels[::4])
        axes.label_outer()
    for axes in panels.flat[len(heats) :]:
        axes.remove()
    handles = {
        label: line for axes in drawn.axes for line, label in zip(*axes.get_legend_handles_labels(), strict=True)
    }
    drawn.legend(handles.values(), handles, loc="outside lower center", ncols=2, frameon=False, fontsize="small")
    drawn.suptitle(f"{FREE}: loss of an aligned pair above its least, in nats\n{setting.told}", fontsize="small")
    return drawn


def loss_over_plane(target: BimodalTarget, overlaps: FloatArray, temperature: float) -> FloatArray:
    """The tempered loss of aligned pairs over a grid of their overlaps, up to a constant.

    Args:
        target: Separation and weight.
        overlaps: Evenly spaced values of either overlap, shape (n,).
        temperature: T >= 1.

    Returns:
        Shape (n, n), m2 down and m1 across; in nats. At T = 1 it is KL(q || p).
    """
    step = overlaps[1] - overlaps[0]
    apart = np.array([label_information(k * step / target.separation, 0.5) for k in range(len(overlaps))])
    m1, m2 = np.meshgrid(overlaps, overlaps)
    values = np.asarray(phi(overlaps, target))
    phi_1, phi_2 = np.meshgrid(values, values)
    place = np.arange(len(overlaps))
    information = apart[np.abs(place[:, None] - place[None, :])]
    radius, weight = target.separation, float(target.exact_weight)
    pull, push = loss_factors("tempered-target")(temperature)
    away = divergence(*aligned_squares(m1, m2, radius), radius, weight, 0.5, phi_1, phi_2, 0.0)
    return np.asarray(pull * away - push * information)
