"""Figures of the probability of collapse: against the initial temperature, and over two parameters."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from anneal_theory._floating import own_floating
from anneal_theory._types import FloatArray
from anneal_theory.plots.style import (
    COLOURS,
    DASHES,
    MARKERS,
    TIME,
    new_figure,
    plain_ticks,
    require_lengths,
    require_points,
    require_series,
)

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@own_floating()
def probability_figure(
    temperatures: FloatArray,
    curves: Mapping[str, FloatArray],
    title: str,
    critical_temperature: float | None = None,
    marks: tuple[FloatArray, FloatArray] | None = None,
) -> Figure:
    """Collapse probability against the initial temperature, one curve a label.

    Args:
        temperatures: Initial temperatures T0 >= 1, shape (n,).
        curves: Probabilities of shape (n,) by label.
        title: What is shown.
        critical_temperature: T_c, drawn as a vertical line where it is in range; None for none.
        marks: Temperatures and probabilities of the exact formula, drawn as rings.
    """
    require_series("curves", curves)
    require_points("temperatures", temperatures, "one temperature or more")
    require_lengths("curves", curves, len(temperatures), "temperatures")
    if marks is not None:
        require_lengths("marks", {"probabilities": marks[1]}, len(marks[0]), "temperatures marked")
    figure, axes = new_figure()
    for index, (label, values) in enumerate(curves.items()):
        style: dict[str, Any] = {"color": COLOURS[index], "marker": MARKERS[index], "ls": DASHES[index]}
        axes.plot(temperatures, values, ms=3.5, label=label, **style)
    if marks is not None:
        axes.plot(*marks, "o", mfc="none", mec="black", ms=9, label="exact")
    if critical_temperature is not None and temperatures[0] < critical_temperature < temperatures[-1]:
        axes.axvline(critical_temperature, color="0.35", lw=1, ls=":")
        axes.text(critical_temperature, 0.02, " $T_c$", transform=axes.get_xaxis_transform(), color="0.25")
    axes.set(xscale="log", xlabel="initial temperature $T_0$", ylabel="probability of collapse", title=title)
    axes.set_ylim(0, 1.02)
    plain_ticks(axes.xaxis)
    axes.legend(frameon=False, fontsize="small")
    return figure


@own_floating()
def map_figure(
    temperatures: FloatArray,
    decay_times: FloatArray,
    probabilities: FloatArray,
    title: str,
    critical_temperature: float | None = None,
) -> Figure:
    """Collapse probability over initial temperature and decay time, with the line T0 = T_c.

    Args:
        temperatures: Initial temperatures T0, shape (n,), evenly spaced in logarithm.
        decay_times: Decay times t0, shape (k,), evenly spaced in logarithm.
        probabilities: Shape (k, n).
        title: What is shown.
        critical_temperature: T_c; None for none.
    """
    for name, values in (("temperatures", temperatures), ("decay_times", decay_times)):
        require_points(name, values, "two values or more", least=2)
    require_lengths("probabilities", dict(enumerate(probabilities)), len(temperatures), "temperatures")
    require_lengths("probabilities", {"rows": probabilities}, len(decay_times), "decay times")
    figure, axes = new_figure()
    mesh = axes.pcolormesh(
        temperatures, decay_times, probabilities, shading="gouraud", cmap="cividis", vmin=0.0, vmax=1.0, rasterized=True
    )
    levels = [level for level in np.arange(0.1, 1.0, 0.1) if probabilities.min() < level < probabilities.max()]
    if levels:
        lines = axes.contour(temperatures, decay_times, probabilities, levels=levels, colors="white", linewidths=0.9)
        axes.clabel(lines, fmt="%.1f", fontsize=8, manual=_inside(lines.allsegs, temperatures, decay_times))
    if critical_temperature is not None and temperatures[0] < critical_temperature < temperatures[-1]:
        axes.axvline(critical_temperature, color="white", lw=1.5, ls="--")
        axes.text(critical_temperature, 0.03, " $T_c$", transform=axes.get_xaxis_transform(), color="white")
    axes.set(
        xscale="log", yscale="log", xlabel="initial temperature $T_0$", ylabel=f"decay time $t_0$ ({TIME})", title=title
    )
    plain_ticks(axes.xaxis)
    plain_ticks(axes.yaxis)
    figure.colorbar(mesh, ax=axes, label="probability of collapse")
    return figure


def _inside(contours: list[list[FloatArray]], x: FloatArray, y: FloatArray) -> list[tuple[float, float]]:
    """Where to label contours: away from the frame, which would cut a number, and in turn at two temperatures."""
    corner, size = np.log([x[0], y[0]]), np.log([x[-1] / x[0], y[-1] / y[0]])
    places = []
    for index, pieces in enumerate(contours):
        points = np.concatenate(pieces)
        share = (np.log(points) - corner) / size  # of the axes
        edge = np.abs(share - 0.5).max(axis=1) > 0.44
        x_label, y_label = points[np.argmin(np.abs(share[:, 0] - (0.55 + 0.2 * (index % 2))) + edge)]
        places.append((float(x_label), float(y_label)))
    return places
