"""The loss over the plane of both overlaps, and the density of a pair of means over its target."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from anneal_theory._floating import own_floating
from anneal_theory._types import FloatArray
from anneal_theory.errors import DomainError
from anneal_theory.plots.style import new_panels, require_lengths, require_points, require_series

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.cm import ScalarMappable
    from matplotlib.colors import Colormap
    from matplotlib.figure import Figure

_WIDTH = 1.8  # inches, of a frame
_LINE = 0.2  # inches, of a further line of the title
_SHARES = (0.9, 0.5, 0.1)  # of the highest density, at which contours are drawn


def draw_landscape(
    axes: Axes,
    overlaps: FloatArray,
    losses: FloatArray,
    points: Sequence[tuple[float, float, bool]],
    levels: FloatArray,
    quiet: bool = False,
) -> ScalarMappable:
    """The loss of a pair over (m1, m2), with its attractors.

    Args:
        axes: Where.
        overlaps: Rising values of either overlap, shape (n,).
        losses: Shape (n, n): the loss, with m2 down and m1 across.
        points: m1, m2 and whether it is collapsed, of each attractor.
        levels: Rising losses that bound the colours; what is above has none.
        quiet: Whether in shades of grey, light where the loss is high, for what is drawn over it.

    Returns:
        What a colour bar is made of.

    Raises:
        DomainError: the losses are not of shape (n, n), or n or the number of levels is less than two.
    """
    require_points("overlaps", overlaps, "two overlaps or more", least=2)
    require_points("levels", levels, "two levels or more", least=2)
    if np.shape(losses) != (len(overlaps), len(overlaps)):
        what = f"of shape {(len(overlaps), len(overlaps))}, a value for each pair of overlaps"
        raise DomainError.of("losses", what, f"shape {np.shape(losses)}", "compute them over the grid of overlaps")
    from matplotlib.colors import BoundaryNorm

    norm = BoundaryNorm(levels, 256, extend="max")  # every step of the levels has a colour of its own
    colours = _greys() if quiet else "cividis"
    filled = axes.contourf(overlaps, overlaps, losses, levels=levels, cmap=colours, norm=norm, extend="max")
    filled.set_rasterized(True)  # outlines of fills would take a megabyte
    axes.contour(overlaps, overlaps, losses, levels=levels, colors="0.55" if quiet else "black", linewidths=0.3)
    for kind, mark, word in ((True, "o", "collapsed attractor"), (False, "^", "split attractor")):
        own = [(m1, m2) for m1, m2, collapsed in points if collapsed == kind]
        if own:
            # hollow and not clipped: what ends there is seen inside, and none is cut in half by the frame
            look: dict[str, Any] = {"mfc": "white", "mec": "#D55E00", "mew": 2, "ms": 9, "zorder": 4, "clip_on": False}
            axes.plot(*np.transpose(own), mark, ls="none", label=word, **look)
    axes.set(xlabel=r"overlap $m_1 = \mu_1\cdot\mu^\star$", ylabel=r"overlap $m_2 = \mu_2\cdot\mu^\star$")
    axes.set_aspect("equal")
    return filled


def _greys() -> Colormap:
    """From a middle grey to white."""
    from matplotlib.colors import LinearSegmentedColormap

    return LinearSegmentedColormap.from_list("quiet", ["#9a9a9a", "#ffffff"])


def draw_density(
    axes: Axes,
    separation: float,
    weight: float,
    means: FloatArray,
    reach: tuple[float, float] | None = None,
    variance: float = 1.0,
) -> None:
    """The target (filled) and a pair of equal weights (lines) in the plane of the axis and the pair's other direction.

    Args:
        axes: Where.
        separation: R: the modes lie at (R, 0) and (-R, 0), in standard deviations of a mode.
        weight: w* of the mode at (R, 0).
        means: The two means in the plane, shape (2, 2): along the axis, across it.
        reach: Ends of the drawing along and across, from the middle; three deviations beyond all means unless given.
        variance: Of both components of the pair.

    Raises:
        DomainError: the means are not of that shape, or the variance is not positive.

    Example:
        >>> from matplotlib.figure import Figure
        >>> axes = Figure().add_subplot()
        >>> draw_density(axes, 3.0, 0.8, np.array([[1.0, 0.5], [-1.0, -0.5]]))
        >>> axes.get_lines()[0].get_xdata().tolist()
        [1.0, -1.0]
    """
    if np.shape(means) != (2, 2):
        raise DomainError.of("means", "of shape (2, 2)", f"shape {np.shape(means)}", "give two points of the plane")
    if not 0 < variance < np.inf:
        raise DomainError.of("variance", "positive and finite", variance, "1 is that of free means")
    along, across = reach or tuple(3 + np.maximum(np.abs(means).max(axis=0), [separation, 0.0]))
    x, y = np.meshgrid(np.linspace(-along, along, 161), np.linspace(-across, across, 101))
    target = weight * _bump(x, y, (separation, 0.0)) + (1 - weight) * _bump(x, y, (-separation, 0.0))
    fitted = 0.5 * (_bump(x, y, means[0], variance) + _bump(x, y, means[1], variance))
    levels = np.linspace(0.02, 1.0, 12) * target.max()
    axes.contourf(x, y, target, levels=levels, cmap="Greys", extend="max").set_rasterized(True)
    axes.contour(x, y, fitted, levels=sorted(share * float(fitted.max()) for share in _SHARES), colors="#D55E00")
    axes.plot(means[:, 0], means[:, 1], "+", color="#0072B2", ms=7, mew=1.6, ls="none")
    axes.set(xlim=(-along, along), ylim=(-across, across), aspect="equal")


@dataclass(frozen=True)
class DensityFrame:
    """A pair of means in the plane at one time.

    Args:
        title: What is said above it.
        means: Shape (2, 2): along the axis, across it, in standard deviations of a mode.
        variance: Of both components.
    """

    title: str
    means: FloatArray
    variance: float = 1.0


@own_floating()
def density_figure(
    separation: float,
    weight: float,
    runs: Mapping[str, Sequence[DensityFrame]],
    title: str,
    reach: float = 1.5,
    upright: bool = False,
) -> Figure:
    """The density of a pair over its target along several runs, a row for each and a column for each frame.

    Args:
        separation: R.
        weight: w* of the mode at (R, 0).
        runs: Frames by the run's name, as many for each.
        title: What is shown.
        reach: How far across the axis means are expected; the drawing ends three deviations beyond.
        upright: Whether rows and columns are exchanged, for the width of a phone.

    Raises:
        DomainError: there are no runs, no frames, or more of one than of another.
    """
    count = frame_count(runs)
    height = _WIDTH * (3.0 + reach) / (separation + 3.0) + 0.1  # of a panel, whose axes have one scale
    rows, columns = (count, len(runs)) if upright else (len(runs), count)
    told = 0.9 + _LINE * title.count("\n")  # the title and what the axes are
    size = _WIDTH * columns + 0.2 * upright, told + height * rows
    figure, panels = new_panels(rows, columns, size, sharex=True, sharey=True)
    draw_densities(panels.T if upright else panels, separation, weight, runs, reach)
    for axes in panels.flat:
        axes.label_outer(remove_inner_ticks=True)  # they would reach into the titles below
    figure.suptitle(title, fontsize="small")
    return figure


def draw_densities(
    panels: Sequence[Sequence[Axes]],
    separation: float,
    weight: float,
    runs: Mapping[str, Sequence[DensityFrame]],
    reach: float = 1.5,
) -> None:
    """The same on given axes.

    Args:
        panels: Where: axes for each frame of each run.
        separation: R.
        weight: w* of the mode at (R, 0).
        runs: Frames by the run's name, as many for each.
        reach: How far across the axis means are expected; the drawing ends three deviations beyond.

    Raises:
        DomainError: there are no runs, no frames, more of one than of another, or other axes than frames.
    """
    count = frame_count(runs)
    if [len(row) for row in panels] != [count] * len(runs):
        what = f"{len(runs)} rows of {count} axes, one for each frame"
        raise DomainError.of("panels", what, f"rows of {[len(row) for row in panels]}", "give as many as there are")
    for row, (label, frames) in zip(panels, runs.items(), strict=True):
        for axes, frame in zip(row, frames, strict=True):
            draw_density(axes, separation, weight, frame.means, (separation + 3.0, 3.0 + reach), frame.variance)
            axes.set_title(frame.title, fontsize="small")
            axes.set(xlabel=r"along $\mu^\star$", ylabel="across the axis")
        row[0].set_title(f"{label}\n{frames[0].title}", fontsize="small")


def frame_count(runs: Mapping[str, Sequence[DensityFrame]]) -> int:
    """How many frames each run has."""
    require_series("runs", runs)
    count = len(next(iter(runs.values())))
    require_points("runs", range(count), "one frame or more")
    require_lengths("runs", runs, count, "frames")
    return count


def _bump(x: FloatArray, y: FloatArray, centre: FloatArray | tuple[float, float], variance: float = 1.0) -> FloatArray:
    """A normal density in the plane, up to its constant."""
    return np.asarray(np.exp(-((x - centre[0]) ** 2 + (y - centre[1]) ** 2) / (2 * variance)))
