"""Counted runs with their intervals over the curves of theories."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from anneal_theory._floating import own_floating
from anneal_theory._types import FloatArray
from anneal_theory.errors import DomainError
from anneal_theory.plots.style import COLOURS, DASHES, new_figure, require_lengths, require_points, require_series

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


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
    figure, axes = new_figure()
    draw_counts(axes, times, curves, counted)
    axes.set_title(title)
    return figure


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
    require_series("curves", curves)
    require_points("times", times, "two durations or more", 2)
    require_lengths("curves", curves, len(times), "times")
    require_lengths("counted", {"shares": counted.shares}, len(counted.times), "times")
    if np.shape(counted.intervals) != (len(counted.times), 2):
        shape = f"of shape ({len(counted.times)}, 2), the ends of an interval for each count"
        step = "give lower and upper ends as columns"
        raise DomainError.of("counted.intervals", shape, f"shape {np.shape(counted.intervals)}", step)
    for index, (label, values) in enumerate(curves.items()):
        axes.plot(times, values, color=COLOURS[index], ls=DASHES[index], label=label)
    low, high = counted.intervals.T
    reach = np.clip([counted.shares - low, high - counted.shares], 0, None)
    axes.errorbar(counted.times, counted.shares, reach, fmt="o", color="black", ms=4, capsize=3, label="counted")
    axes.set(xlabel="time $t_0$ until $T = 1$", ylabel="probability of collapse", ylim=(0, 1.02))
    axes.legend(frameon=False, fontsize="small")
