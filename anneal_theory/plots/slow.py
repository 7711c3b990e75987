"""Figures of slow annealing: quantities, errors and costs against the decay time or the separation."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from anneal_theory._floating import own_floating
from anneal_theory._types import FloatArray
from anneal_theory.errors import DomainError
from anneal_theory.plots.style import (
    COLOURS,
    DASHES,
    MARKERS,
    TIME,
    draw_lines,
    plain_ticks,
    require_lengths,
    require_points,
    require_series,
    whole_figure,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_DECADES = 100.0  # ratio of the ends of an axis above which each decade has one number


@own_floating()
def slow_figure(
    times: FloatArray, groups: Mapping[str, Mapping[float, FloatArray]], title: str, ylabel: str,
    xlabel: str = "decay time $t_0$",
) -> Figure:  # fmt: skip
    """One quantity against the decay time: a colour for each initial temperature, a dash for each way to compute it.

    Args:
        times: Decay times t0, shape (n,), in gradient-flow time.
        groups: By label of the way, values of shape (n,) by initial temperature; the first way has them all.
        title: What is shown.
        ylabel: The quantity; drawn on a logarithmic axis.
        xlabel: What the times are.
    """
    return whole_figure(title, draw_slow, times, groups, ylabel, xlabel)


def draw_slow(
    axes: Axes, times: FloatArray, groups: Mapping[str, Mapping[float, FloatArray]], ylabel: str,
    xlabel: str = "decay time $t_0$",
) -> None:  # fmt: skip
    """The same on given axes, without a title.

    Args:
        axes: Where.
        times: Decay times t0, shape (n,), in gradient-flow time.
        groups: By label of the way, values of shape (n,) by initial temperature; the first way has them all.
        ylabel: The quantity; drawn on a logarithmic axis.
        xlabel: What the times are.

    Raises:
        DomainError: lines are missing, too many, or of other lengths than their axis.
    """
    temperatures = _members(groups)
    require_points("times", times, "one time or more")
    _require_lengths(groups, len(times), "times")
    mark = "o" if len(times) == 1 else None  # a line through one point is none
    for dash, lines in zip(DASHES, groups.values(), strict=False):
        for temperature, values in lines.items():
            axes.plot(times, values, ls=dash, marker=mark, color=COLOURS[temperatures.index(temperature)], lw=1.8)
    axes.set(xscale="log", yscale="log", xlabel=f"{xlabel} ({TIME})", ylabel=ylabel)
    styles = [{"ls": dash} for dash in DASHES]
    _draw_legend(axes, [f"$T_0 = {temperature:g}$" for temperature in temperatures], styles, groups, "lower left")
    plain_ticks(axes.xaxis, decades=bool(times[-1] > _DECADES * times[0]))


@own_floating()
def error_figure(times: FloatArray, errors: Mapping[str, FloatArray], power: float, title: str) -> Figure:
    """Sizes of errors of log rho_c against the decay time, beside a power of it.

    Args:
        times: Decay times t0, shape (n,), in gradient-flow time.
        errors: Errors of shape (n,) by label.
        power: Exponent of the dotted line, drawn through the first curve's last point.
        title: What is shown.
    """
    return whole_figure(title, draw_errors, times, errors, power)


def draw_errors(axes: Axes, times: FloatArray, errors: Mapping[str, FloatArray], power: float) -> None:
    """The same on given axes, without a title.

    Args:
        axes: Where.
        times: Decay times t0, shape (n,), in gradient-flow time.
        errors: Errors of shape (n,) by label.
        power: Exponent of the dotted line, drawn through the first curve's last point.

    Raises:
        DomainError: series are empty, too many, or of other lengths than their axis.
    """
    require_points("times", times, "two times or more", least=2)
    sizes = {label: np.abs(values) for label, values in errors.items()}
    draw_lines(axes, times, sizes, ("times", "errors"), ms=4)
    last = abs(next(iter(errors.values()))[-1])
    axes.plot(times, last * (times / times[-1]) ** power, ":", color="0.4", label=f"$t_0^{{{power:.2g}}}$")
    axes.set(xscale="log", yscale="log", xlabel=f"decay time $t_0$ ({TIME})", ylabel=r"error of $\log\rho_c$")
    axes.legend(frameon=False, fontsize="small")
    plain_ticks(axes.xaxis, decades=True)


@own_floating()
def cost_figure(separations: FloatArray, groups: Mapping[str, Mapping[float, FloatArray]], title: str) -> Figure:
    """Decay times that bring the collapse probability down to a chance, against the separation.

    Args:
        separations: R, shape (n,), in standard deviations of a mode.
        groups: By label of the way to compute them, decay times of shape (n,) by chance; NaN where there is none.
        title: What is shown.
    """
    return whole_figure(title, draw_cost, separations, groups)


def draw_cost(axes: Axes, separations: FloatArray, groups: Mapping[str, Mapping[float, FloatArray]]) -> None:
    """The same on given axes, without a title.

    Args:
        axes: Where.
        separations: R, shape (n,), in standard deviations of a mode.
        groups: By label of the way to compute them, decay times of shape (n,) by chance; NaN where there is none.

    Raises:
        DomainError: lines are missing, too many, or of other lengths than their axis.
    """
    chances = _members(groups)
    require_points("separations", separations, "one separation or more")
    _require_lengths(groups, len(separations), "separations")
    styles: list[dict[str, Any]] = [
        {"ls": dash, "marker": mark, "ms": 5} for dash, mark in zip(DASHES, MARKERS, strict=False)
    ]
    for style, lines in zip(styles, groups.values(), strict=False):
        for chance, values in lines.items():
            axes.plot(separations, values, color=COLOURS[chances.index(chance)], lw=1.5, **style)
    axes.set(yscale="log", xlabel="separation $R$ (standard deviations of a mode)", ylabel=f"decay time $t_0$ ({TIME})")
    _draw_legend(axes, [f"$P = {chance:g}$" for chance in chances], styles, groups, "upper left")


def _draw_legend(
    axes: Axes, members: Iterable[str], styles: Iterable[dict[str, Any]], groups: Iterable[str],
    place: Literal["lower left", "upper left"],
) -> None:  # fmt: skip
    """The colours of a group's lines, and the style of each group."""
    from matplotlib.lines import Line2D

    handles = [Line2D([], [], color=COLOURS[k], lw=2, label=label) for k, label in enumerate(members)]
    for style, label in zip(styles, groups, strict=False):
        handles.append(Line2D([], [], color="0.3", label=label, **style))
    axes.legend(handles=handles, frameon=False, fontsize="small", loc=place)


def _members(groups: Mapping[str, Mapping[float, FloatArray]]) -> list[float]:
    """The initial temperatures or chances of groups of lines, which the first group has all."""
    require_series("groups", groups)
    first = list(next(iter(groups.values())))
    require_series("groups", first)
    strangers = sorted({member for lines in groups.values() for member in lines} - set(first))
    if strangers:
        what = f"of the lines of its first group, {first}"
        raise DomainError.of("groups", what, strangers, "put the group that has them all first")
    return first


def _require_lengths(groups: Mapping[str, Mapping[float, FloatArray]], length: int, along: str) -> None:
    for label, lines in groups.items():
        require_lengths(f"groups[{label!r}]", lines, length, along)
