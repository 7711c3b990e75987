"""Counted runs: with their intervals, over the curves of theories, and as a table of cells."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from anneal_theory._floating import own_floating
from anneal_theory._types import FloatArray
from anneal_theory.errors import DomainError
from anneal_theory.plots.style import (
    COLOURS,
    DASHES,
    MARKERS,
    draw_lines,
    plain_ticks,
    require_lengths,
    require_points,
    require_series,
    whole_figure,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.cm import ScalarMappable
    from matplotlib.figure import Figure

_BRIGHT = 0.55  # values from here on have a ground on which black is read, and not white


@dataclass(frozen=True)
class Counted:
    """Shares of counted runs.

    Attributes:
        times: Durations of the annealing, shape (k,).
        shares: Shares of the runs that collapsed, shape (k,).
        intervals: Lower and upper ends of their intervals, shape (k, 2).
    """

    times: FloatArray
    shares: FloatArray
    intervals: FloatArray


@own_floating()
def counts_figure(times: FloatArray, curves: Mapping[str, FloatArray], counted: Counted, title: str) -> Figure:
    """Probability of collapse against the duration of the annealing: theories as lines, counts with their intervals.

    Args:
        times: Durations of the curves, shape (n,), in gradient-flow time.
        curves: Probabilities of shape (n,) by label.
        counted: What was counted.
        title: What is shown.

    Raises:
        DomainError: series are empty, too many, or of other lengths than their axis.

    Example:
        >>> counted = Counted(np.array([5.0]), np.array([0.8]), np.array([[0.7, 0.9]]))
        >>> figure = counts_figure(np.array([2.0, 8.0]), {"exact": np.array([0.9, 0.7])}, counted, "T0 = 9")
        >>> figure.axes[0].get_ylabel()
        'probability of collapse'
    """
    return whole_figure(title, draw_counts, times, curves, counted)


def draw_counts(axes: Axes, times: FloatArray, curves: Mapping[str, FloatArray], counted: Counted) -> None:
    """The same on given axes, without a title.

    Args:
        axes: Where.
        times: Durations of the curves, shape (n,).
        curves: Probabilities of shape (n,) by label.
        counted: What was counted.

    Raises:
        DomainError: series are empty, too many, or of other lengths than their axis.
    """
    require_points("times", times, "two durations or more", 2)
    require_lengths("counted", {"shares": counted.shares}, len(counted.times), "times")
    if np.shape(counted.intervals) != (len(counted.times), 2):
        shape = f"of shape ({len(counted.times)}, 2), the ends of an interval for each count"
        step = "give lower and upper ends as columns"
        raise DomainError.of("counted.intervals", shape, f"shape {np.shape(counted.intervals)}", step)
    draw_lines(axes, times, curves, ("times", "curves"), marker="")
    low, high = counted.intervals.T
    reach = np.clip([counted.shares - low, high - counted.shares], 0, None)
    axes.errorbar(counted.times, counted.shares, reach, fmt="o", color="black", ms=4, capsize=3, label="counted")
    axes.set(xlabel="time $t_0$ until $T = 1$", ylabel="probability of collapse", ylim=(0, 1.02))
    axes.legend(frameon=False, fontsize="small")


def draw_cells(
    axes: Axes, temperatures: FloatArray, spans: FloatArray, values: FloatArray, times: str
) -> ScalarMappable:
    """A table of cells in colour, each with its value.

    Args:
        axes: Where.
        temperatures: Initial temperatures, shape (n,), across.
        spans: Decay times, shape (k,), upwards.
        values: Shape (n, k), in [0, 1].
        times: Label of the axis of times.

    Returns:
        What a colour bar is made of.

    Raises:
        DomainError: the values are of another shape.
    """
    if np.shape(values) != (len(temperatures), len(spans)):
        what = f"of shape {(len(temperatures), len(spans))}, a value for each temperature and time"
        raise DomainError.of("values", what, f"shape {np.shape(values)}", "give a row for each temperature")
    mesh = axes.imshow(values.T, origin="lower", aspect="auto", cmap="cividis", vmin=0, vmax=1)
    for (column, row), value in np.ndenumerate(values):
        axes.text(
            column, row, f"{value:.2f}".removeprefix("0"), ha="center", va="center", fontsize=8,
            color="black" if value > _BRIGHT else "white",
        )  # fmt: skip
    axes.set_xticks(range(len(temperatures)), [f"{temperature:g}" for temperature in temperatures])
    axes.set_yticks(range(len(spans)), [f"{span:g}" for span in spans])
    axes.set(xlabel="initial temperature $T_0$", ylabel=times)
    return mesh


def draw_shares(axes: Axes, across: FloatArray, groups: Mapping[str, tuple[FloatArray, FloatArray]]) -> None:
    """Counted shares with their intervals against a parameter, points of one group joined by a thin line.

    Args:
        axes: Where; its axis across becomes logarithmic.
        across: Rising positive values, shape (n,).
        groups: By label: shares (n,), and the ends of their intervals (n, 2).

    Raises:
        DomainError: groups are empty, too many, or of other lengths than their axis.
    """
    require_series("groups", groups)
    for part in (0, 1):
        require_lengths("groups", {label: group[part] for label, group in groups.items()}, len(across), "values across")
    for index, (label, (shares, ends)) in enumerate(groups.items()):
        apart = 1.03 ** (index - 0.5 * (len(groups) - 1))  # or intervals would hide each other
        reach = np.clip([shares - ends[:, 0], ends[:, 1] - shares], 0, None)
        axes.errorbar(
            across * apart, shares, reach, fmt=MARKERS[index], color=COLOURS[index], ms=4, capsize=2, lw=0.8,
            ls=DASHES[index], label=label,
        )  # fmt: skip
    axes.set(xscale="log", ylabel="share collapsed", ylim=(0, 1.02))
    plain_ticks(axes.xaxis)
