"""Figures. Each function takes numbers and returns a `matplotlib.figure.Figure`; pyplot and its state are not used.

All refuse (`DomainError`) too few points to draw, and no series or more than can be told apart.
"""

from __future__ import annotations

from collections.abc import Mapping, Sized
from typing import TYPE_CHECKING, Any

import numpy as np

from anneal_theory._floating import own_floating
from anneal_theory._types import FloatArray
from anneal_theory.errors import DomainError
from anneal_theory.extras import require
from anneal_theory.results import Outcomes, Trajectory

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# Okabe and Ito's colours, told apart under every common colour blindness; each line also has its own dash and marker.
# There are seven of each: a figure of more series is refused, since no reader could tell them apart.
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")
DASHES: tuple[Any, ...] = ("-", "--", "-.", ":", (0, (5, 1, 1, 1, 1, 1)), (0, (1, 3)), (0, (9, 3)))
MARKERS = ("o", "s", "^", "D", "v", "P", "X")
SIZE = (4.8, 3.5)  # inches: letters stay readable at the width of a phone


@own_floating()
def overlap_figure(run: Trajectory, separation: float, title: str) -> Figure:
    """The overlaps m1 and m2 of the two means along one training run, and the temperature.

    Args:
        run: Needs the statistics m1 and m2.
        separation: R; the modes lie at overlaps +R^2 and -R^2.
        title: What the run shows.
    """
    shown = run.times > 0
    _require_points("run", run.times[shown], "one time above 0 or more")
    figure, axes = _figure()
    mark = "o" if shown.sum() == 1 else None  # a line through one point is none
    for name, colour, dash in (("m1", COLOURS[0], "-"), ("m2", COLOURS[1], "--")):
        label = f"${name[0]}_{name[1]}$"
        axes.plot(run.times[shown], run[name][shown], dash, marker=mark, color=colour, label=label, lw=2)
    for mode in (separation**2, -(separation**2)):
        axes.axhline(mode, color="0.6", lw=0.8, ls=":")
    axes.set(
        xscale="log", xlabel="time of gradient flow $t$", ylabel=r"overlap $m_i = \mu_i\cdot\mu^\star$", title=title
    )
    heat = axes.twinx()
    heat.plot(run.times[shown], run.temperature[shown], ":", color="0.35", label="$T$", lw=1.5)
    heat.set_ylabel("temperature $T$")
    heat.set_ylim(bottom=0)
    lines = [*axes.get_lines()[:2], heat.get_lines()[0]]
    axes.legend(handles=lines, loc="lower left", frameon=False)
    return figure


@own_floating()
def training_figure(trained: Outcomes, flows: Trajectory, separation: float, title: str) -> Figure:
    """Overlaps of trained mixtures over those of gradient flow from the same starts.

    Args:
        trained: With a history of m1 and m2 at the times of `flows`, one replica a flow or more.
        flows: Statistics m1 and m2 of shape (times, n).
        separation: R; the dotted lines are the modes.
        title: What is shown.
    """
    figure, axes = _figure()
    from matplotlib.lines import Line2D

    shown = slice(1, None)  # time 0 has no place on a logarithmic axis
    _require_points("flows", flows.times[shown], "one time above 0 or more")
    _require_points("flows", flows["m1"][0], "one run or more")
    figure, axes = _figure()
    for index in range(flows["m1"].shape[1]):
        for name, colour in (("m1", COLOURS[0]), ("m2", COLOURS[1])):
            axes.plot(flows.times[shown], trained.history[name][shown, index], color=colour, lw=0.8, alpha=0.7)
            axes.plot(flows.times[shown], flows[name][shown, index], "--", color=colour, lw=1.6)
    for mode in (separation**2, -(separation**2)):
        axes.axhline(mode, color="0.6", lw=0.8, ls=":")
    axes.set(xscale="log", xlabel="time $t$", ylabel=r"overlap $m_i = \mu_i\cdot\mu^\star$", title=title)
    lines = [Line2D([], [], color=COLOURS[k], lw=2, label=f"$m_{k + 1}$") for k in range(2)]
    lines += [Line2D([], [], color="0.3", ls=dash, label=what) for dash, what in (("-", "training"), ("--", "flow"))]
    axes.legend(handles=lines, frameon=False, ncols=2)
    return figure


@own_floating()
def plane_figure(runs: Mapping[str, Trajectory], separation: float, title: str) -> Figure:
    """Training runs in the plane of the two overlaps.

    Args:
        runs: By label; each needs the statistics m1 and m2.
        separation: R; the dotted lines are the modes.
        title: What the runs show.
    """
    require_series("runs", runs)
    for run in runs.values():
        _require_points("runs", run.times, "one time or more")
    figure, axes = _figure()
    for index, (label, run) in enumerate(runs.items()):
        axes.plot(run["m1"], run["m2"], ls=DASHES[index], color=COLOURS[index], label=label, lw=2)
        axes.plot(run["m1"][-1], run["m2"][-1], MARKERS[index], color=COLOURS[index], ms=8)
    axes.plot(*(next(iter(runs.values()))[name][0] for name in ("m1", "m2")), "o", color="black", ms=5, label="start")
    for mode in (separation**2, -(separation**2)):
        axes.axhline(mode, color="0.6", lw=0.8, ls=":")
        axes.axvline(mode, color="0.6", lw=0.8, ls=":")
    axes.set(xlabel=r"overlap $m_1 = \mu_1\cdot\mu^\star$", ylabel=r"overlap $m_2 = \mu_2\cdot\mu^\star$", title=title)
    axes.legend(frameon=False, loc="center left")
    return figure


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
    _require_points("temperatures", temperatures, "one temperature or more")
    figure, axes = _figure()
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
    _plain_ticks(axes.xaxis)
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
        _require_points(name, values, "two values or more", least=2)
    figure, axes = _figure()
    mesh = axes.pcolormesh(
        temperatures, decay_times, probabilities, shading="gouraud", cmap="cividis", vmin=0.0, vmax=1.0, rasterized=True
    )
    levels = [level for level in np.arange(0.1, 1.0, 0.1) if probabilities.min() < level < probabilities.max()]
    if levels:
        lines = axes.contour(temperatures, decay_times, probabilities, levels=levels, colors="white", linewidths=0.9)
        axes.clabel(lines, fmt="%.1f", fontsize=8)
    if critical_temperature is not None and temperatures[0] < critical_temperature < temperatures[-1]:
        axes.axvline(critical_temperature, color="white", lw=1.5, ls="--")
        axes.text(critical_temperature, 0.03, " $T_c$", transform=axes.get_xaxis_transform(), color="white")
    axes.set(xscale="log", yscale="log", xlabel="initial temperature $T_0$", ylabel="decay time $t_0$", title=title)
    _plain_ticks(axes.xaxis)
    _plain_ticks(axes.yaxis)
    figure.colorbar(mesh, ax=axes, label="probability of collapse")
    return figure


@own_floating()
def slow_figure(
    times: FloatArray,
    groups: Mapping[str, Mapping[float, FloatArray]],
    title: str,
    ylabel: str,
) -> Figure:
    """One quantity against the decay time: a colour for each initial temperature, a dash for each way to compute it.

    Args:
        times: Decay times t0, shape (n,), in gradient-flow time.
        groups: By label of the way, values of shape (n,) by initial temperature; the first way has them all.
        title: What is shown.
        ylabel: The quantity; drawn on a logarithmic axis.
    """
    figure, axes = _figure()
    from matplotlib.lines import Line2D

    heats = _members(groups)
    _require_points("times", times, "one time or more")
    figure, axes = _figure()
    mark = "o" if len(times) == 1 else None  # a line through one point is none
    for dash, lines in zip(DASHES, groups.values(), strict=False):
        for heat, values in lines.items():
            axes.plot(times, values, ls=dash, marker=mark, color=COLOURS[heats.index(heat)], lw=1.8)
    axes.set(xscale="log", yscale="log", xlabel="decay time $t_0$", ylabel=ylabel, title=title)
    colours = [Line2D([], [], color=COLOURS[k], lw=2, label=f"$T_0 = {heat:g}$") for k, heat in enumerate(heats)]
    dashes = [Line2D([], [], color="0.3", ls=dash, label=label) for dash, label in zip(DASHES, groups, strict=False)]
    axes.legend(handles=[*colours, *dashes], frameon=False, fontsize="small", loc="lower left")
    _plain_ticks(axes.xaxis, decades=True)
    return figure


@own_floating()
def error_figure(times: FloatArray, errors: Mapping[str, FloatArray], power: float, title: str) -> Figure:
    """Sizes of errors of log rho_c against the decay time, beside a power of it.

    Args:
        times: Decay times t0, shape (n,), in gradient-flow time.
        errors: Errors of shape (n,) by label.
        power: Exponent of the dotted line, drawn through the first curve's last point.
        title: What is shown.
    """
    require_series("errors", errors)
    _require_points("times", times, "two times or more", least=2)
    figure, axes = _figure()
    for index, (label, values) in enumerate(errors.items()):
        style: dict[str, Any] = {"color": COLOURS[index], "marker": MARKERS[index], "ls": DASHES[index]}
        axes.plot(times, np.abs(values), ms=4, label=label, **style)
    last = abs(next(iter(errors.values()))[-1])
    axes.plot(times, last * (times / times[-1]) ** power, ":", color="0.4", label=f"$t_0^{{{power:.2g}}}$")
    axes.set(xscale="log", yscale="log", xlabel="decay time $t_0$", ylabel=r"error of $\log\rho_c$", title=title)
    axes.legend(frameon=False, fontsize="small")
    _plain_ticks(axes.xaxis, decades=True)
    return figure


@own_floating()
def cost_figure(separations: FloatArray, groups: Mapping[str, Mapping[float, FloatArray]], title: str) -> Figure:
    """Decay times that bring the collapse probability down to a chance, against the separation.

    Args:
        separations: R, shape (n,), in standard deviations of a mode.
        groups: By label of the way to compute them, decay times of shape (n,) by chance; NaN where there is none.
        title: What is shown.
    """
    figure, axes = _figure()
    from matplotlib.lines import Line2D

    chances = _members(groups)
    _require_points("separations", separations, "one separation or more")
    figure, axes = _figure()
    styles: list[dict[str, Any]] = [
        {"ls": dash, "marker": mark, "ms": 5} for dash, mark in zip(DASHES, MARKERS, strict=False)
    ]
    for style, lines in zip(styles, groups.values(), strict=False):
        for chance, values in lines.items():
            axes.plot(separations, values, color=COLOURS[chances.index(chance)], lw=1.5, **style)
    axes.set(yscale="log", xlabel="separation $R$", ylabel="decay time $t_0$", title=title)
    colours = [Line2D([], [], color=COLOURS[k], lw=2, label=f"$P = {one:g}$") for k, one in enumerate(chances)]
    ways = [Line2D([], [], color="0.3", label=label, **style) for style, label in zip(styles, groups, strict=False)]
    axes.legend(handles=[*colours, *ways], frameon=False, fontsize="small", loc="upper left")
    return figure


@own_floating()
def svg(figure: Figure) -> str:
    """A figure as one SVG document with outlined letters (no fonts needed), the same bytes at every run."""
    import io

    import matplotlib as mpl

    out = io.StringIO()
    with mpl.rc_context({"svg.hashsalt": "anneal-theory", "svg.fonttype": "path"}):
        figure.savefig(out, format="svg", dpi=150, metadata={"Date": None, "Creator": None})
    return out.getvalue()


def require_series(argument: str, series: Sized) -> None:
    """Refuse no series, and more than can be told apart.

    Raises:
        DomainError: there are as many.
    """
    if not 1 <= len(series) <= len(COLOURS):
        what = f"from 1 to {len(COLOURS)} series"
        raise DomainError.of(argument, what, f"{len(series)} of them", "draw several figures of more")


def _members(groups: Mapping[str, Mapping[float, FloatArray]]) -> list[float]:
    """The initial temperatures or chances of groups of lines, which the first group has all.

    Raises:
        DomainError: there are no groups or lines, more than can be told apart, or lines that the first has not.
    """
    require_series("groups", groups)
    first = list(next(iter(groups.values())))
    require_series("groups", first)
    strangers = sorted({member for lines in groups.values() for member in lines} - set(first))
    if strangers:
        what = f"of the lines of its first group, {first}"
        raise DomainError.of("groups", what, strangers, "put the group that has them all first")
    return first


def _require_points(argument: str, values: Sized, what: str, least: int = 1) -> None:
    if len(values) < least:
        raise DomainError.of(argument, f"{what} to draw", f"{len(values)} of them", "compute some more")


def _figure() -> tuple[Figure, Axes]:
    require("matplotlib")
    from matplotlib.figure import Figure

    figure = Figure(figsize=SIZE, layout="constrained")
    axes = figure.add_subplot()
    axes.spines[["top"]].set_visible(False)
    return figure, axes


def _plain_ticks(axis: object, decades: bool = False) -> None:
    from matplotlib.ticker import LogLocator, NullFormatter, StrMethodFormatter

    axis.set_major_locator(LogLocator(subs=(1,) if decades else (1, 3)))  # type: ignore[attr-defined]  # an Axis, whose type needs the import
    if not decades:
        axis.set_major_formatter(StrMethodFormatter("{x:g}"))  # type: ignore[attr-defined]
    axis.set_minor_formatter(NullFormatter())  # type: ignore[attr-defined]
