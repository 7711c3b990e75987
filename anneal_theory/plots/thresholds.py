"""The threshold against the time of the annealing, and the lines that separate phases."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from anneal_theory._types import FloatArray
from anneal_theory.plots.style import (
    COLOURS,
    DASHES,
    MARKERS,
    draw_lines,
    plain_ticks,
    require_lengths,
    require_points,
    require_series,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def draw_thresholds(
    axes: Axes, times: FloatArray, curves: Mapping[str, FloatArray], xlabel: str, ylabel: str, log_times: bool = True
) -> None:
    """Thresholds against the time of the annealing, one curve a label, on a logarithmic axis.

    Args:
        axes: Where.
        times: Times of the schedules, shape (n,), in gradient-flow time.
        curves: Thresholds of shape (n,) by label; infinite or NaN where there is none.
        xlabel: What the time is.
        ylabel: What the threshold is.
        log_times: Whether the times are drawn by their logarithm.

    Raises:
        DomainError: series are empty, too many, or of other lengths than their axis.
    """
    draw_lines(axes, times, curves, ("times", "curves"), ms=3.5, lw=1.6)
    axes.set(xscale="log" if log_times else "linear", yscale="log", xlabel=xlabel, ylabel=ylabel)
    if log_times:
        plain_ticks(axes.xaxis)
    axes.legend(frameon=False, fontsize="small")


def draw_phases(
    axes: Axes, lines: Mapping[str, tuple[FloatArray, FloatArray]], points: Mapping[str, tuple[float, float]]
) -> None:
    """Temperatures that separate phases against the separation, with points on them.

    Args:
        axes: Where.
        lines: Separations R and temperatures, of shape (n,) each, by label.
        points: Separation and temperature of single points, by label.

    Raises:
        DomainError: there are no lines or too many lines or points, or one has too few points.
    """
    require_series("lines", lines)
    for label, (across, up) in lines.items():
        require_points(f"lines[{label!r}]", across, "two separations or more", least=2)
        require_lengths("lines", {label: up}, len(across), "separations")
    for index, (label, (across, up)) in enumerate(lines.items()):
        axes.plot(across, up, color=COLOURS[index], ls=DASHES[index], lw=1.8, label=label)
    for index, (label, point) in enumerate(points.items()):
        mark = MARKERS[index % len(MARKERS)]  # whole, on the edge of the axes too
        axes.plot(*point, mark, color="black", ms=6, mfc="white", label=label, zorder=3, clip_on=False)
    axes.set(yscale="log", xlabel="separation $R$ (standard deviations of a mode)", ylabel="temperature $T$")
    plain_ticks(axes.yaxis)
    axes.legend(frameon=False, fontsize="small", loc="upper left")
