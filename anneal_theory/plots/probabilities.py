"""Figures of the probability of collapse against one parameter."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from anneal_theory._floating import own_floating
from anneal_theory._types import FloatArray
from anneal_theory.plots.style import draw_lines, plain_ticks, require_points, whole_figure

_DECADES = 1e3  # axes that span more have decades alone marked

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


@own_floating()
def probability_figure(
    temperatures: FloatArray, curves: Mapping[str, FloatArray], title: str, critical_temperature: float | None = None
) -> Figure:
    """Collapse probability against the initial temperature, one curve a label.

    Args:
        temperatures: Initial temperatures T0 >= 1, shape (n,).
        curves: Probabilities of shape (n,) by label.
        title: What is shown.
        critical_temperature: T_c, drawn as a vertical line where it is in range; None for none.
    """
    return whole_figure(title, draw_probability, temperatures, curves, critical_temperature)


def draw_probability(
    axes: Axes, temperatures: FloatArray, curves: Mapping[str, FloatArray], critical_temperature: float | None = None
) -> None:
    """The same on given axes, without a title.

    Args:
        axes: Where.
        temperatures: Initial temperatures T0 >= 1, shape (n,).
        curves: Probabilities of shape (n,) by label.
        critical_temperature: T_c, drawn as a vertical line where it is in range; None for none.

    Raises:
        DomainError: series are empty, too many, or of other lengths than their axis.
    """
    require_points("temperatures", temperatures, "one temperature or more")
    draw_chances(axes, temperatures, curves, "initial temperature $T_0$")
    if critical_temperature is not None:
        mark_critical(axes, critical_temperature)


def mark_critical(axes: Axes, temperature: float) -> None:
    """A vertical line at T_c where it is within the axis of temperatures."""
    across = np.asarray(axes.get_lines()[0].get_xdata(), dtype=np.float64)
    if across[0] < temperature < across[-1]:
        axes.axvline(temperature, color="0.35", lw=1, ls=":")
        axes.text(temperature, 0.02, " $T_c$", transform=axes.get_xaxis_transform(), color="0.25")


def draw_chances(axes: Axes, across: FloatArray, curves: Mapping[str, FloatArray], label: str) -> None:
    """Probabilities against any positive parameter on a logarithmic axis, on given axes.

    Args:
        axes: Where.
        across: Rising values of the parameter, shape (n,).
        curves: Probabilities of shape (n,) by label.
        label: What the parameter is.

    Raises:
        DomainError: series are empty, too many, or of other lengths than their axis.
    """
    draw_lines(axes, across, curves, ("across", "curves"), ms=3.5)
    axes.set(xscale="log", xlabel=label, ylabel="probability of collapse")
    axes.set_ylim(0, 1.02)
    plain_ticks(axes.xaxis, decades=bool(across[-1] > _DECADES * across[0]))
    axes.legend(frameon=False, fontsize="small")
