"""Figures of single runs: overlaps over time, training over the flow, and the plane of both overlaps."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from anneal_theory._floating import own_floating
from anneal_theory._types import FloatArray
from anneal_theory.errors import DomainError
from anneal_theory.plots.style import (
    COLOURS,
    DASHES,
    MARKERS,
    require_lengths,
    require_points,
    require_series,
    whole_figure,
)
from anneal_theory.results import Outcomes, Trajectory

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


@own_floating()
def overlap_figure(run: Trajectory, separation: float, title: str) -> Figure:
    """The overlaps m1 and m2 of the two means along one training run, and the temperature.

    Args:
        run: Needs the statistics m1 and m2.
        separation: R; the modes lie at overlaps +R^2 and -R^2.
        title: What the run shows.
    """
    return whole_figure(title, draw_run, run, separation)


def draw_run(axes: Axes, run: Trajectory, separation: float) -> None:
    """The same on given axes, without a title; the temperature has an axis of its own on the right.

    Args:
        axes: Where.
        run: Needs the statistics m1 and m2.
        separation: R; the modes lie at overlaps +R^2 and -R^2.

    Raises:
        DomainError: the run has no overlaps, or no time above 0.
    """
    _require_overlaps("run", run.statistics, (len(run.times),))
    shown = run.times > 0
    require_points("run", run.times[shown], "one time above 0 or more")
    mark = "o" if shown.sum() == 1 else None  # a line through one point is none
    for name, colour, dash in (("m1", COLOURS[0], "-"), ("m2", COLOURS[1], "--")):
        label = f"${name[0]}_{name[1]}$"
        axes.plot(run.times[shown], run[name][shown], dash, marker=mark, color=colour, label=label, lw=2)
    _draw_overlap_axes(axes, separation)
    temperature = axes.twinx()
    temperature.plot(run.times[shown], run.temperature[shown], ":", color="0.35", label="$T$", lw=1.5)
    temperature.set_ylabel("temperature $T$")
    temperature.set_ylim(bottom=0)
    lines = [*axes.get_lines()[:2], temperature.get_lines()[0]]
    axes.legend(handles=lines, loc="lower left", frameon=False)


@own_floating()
def training_figure(trained: Outcomes, flows: Trajectory, separation: float, title: str) -> Figure:
    """Overlaps of trained mixtures over those of gradient flow from the same starts.

    Args:
        trained: With a history of m1 and m2 at the times of `flows`, one replica a flow or more.
        flows: Statistics m1 and m2 of shape (times, n).
        separation: R; the dotted lines are the modes.
        title: What is shown.
    """
    return whole_figure(title, draw_training, trained, flows, separation)


def draw_training(axes: Axes, trained: Outcomes, flows: Trajectory, separation: float) -> None:
    """The same on given axes, without a title.

    Args:
        axes: Where.
        trained: With a history of m1 and m2 at the times of `flows`, one replica a flow or more.
        flows: Statistics m1 and m2 of shape (times, n).
        separation: R; the dotted lines are the modes.

    Raises:
        DomainError: overlaps are missing or of other shapes, or there is nothing to draw.
    """
    from matplotlib.lines import Line2D

    _require_overlaps("flows", flows.statistics, flows["m1"].shape if "m1" in flows.statistics else ())
    require_lengths("flows", {"m1": flows["m1"]}, len(flows.times), "times")
    _require_overlaps("trained", trained.history, flows["m1"].shape)
    shown = slice(1, None)  # time 0 has no place on a logarithmic axis
    require_points("flows", flows.times[shown], "one time above 0 or more")
    require_points("flows", flows["m1"][0], "one run or more")
    for index in range(flows["m1"].shape[1]):
        for name, colour in (("m1", COLOURS[0]), ("m2", COLOURS[1])):
            axes.plot(flows.times[shown], trained.history[name][shown, index], color=colour, lw=0.8, alpha=0.7)
            axes.plot(flows.times[shown], flows[name][shown, index], "--", color=colour, lw=1.6)
    _draw_overlap_axes(axes, separation)
    lines = [Line2D([], [], color=COLOURS[k], lw=2, label=f"$m_{k + 1}$") for k in range(2)]
    lines += [Line2D([], [], color="0.3", ls=dash, label=what) for dash, what in (("-", "training"), ("--", "flow"))]
    axes.legend(handles=lines, frameon=False, ncols=2)


def _draw_overlap_axes(axes: Axes, separation: float) -> None:
    """Both modes as dotted lines, and what the axes are."""
    for mode in (separation**2, -(separation**2)):
        axes.axhline(mode, color="0.6", lw=0.8, ls=":")
    axes.set(xscale="log", xlabel="time of gradient flow $t$", ylabel=r"overlap $m_i = \mu_i\cdot\mu^\star$")


@own_floating()
def weight_figure(runs: Mapping[str, tuple[FloatArray, FloatArray]], weight: float, title: str) -> Figure:
    """Mode weight over steps, one colour an arm and one line a flow.

    Args:
        runs: By label: steps (n,) and mode weights (replicas, n).
        weight: w*, drawn as a dotted line.
        title: What is shown.
    """
    return whole_figure(title, draw_weights, runs, weight)


def draw_weights(axes: Axes, runs: Mapping[str, tuple[FloatArray, FloatArray]], weight: float) -> None:
    """The same on given axes, without a title.

    Args:
        axes: Where.
        runs: By label: steps (n,) and mode weights (replicas, n).
        weight: w*, drawn as a dotted line.

    Raises:
        DomainError: there are no runs, or too many.
    """
    require_series("runs", runs)
    colours = COLOURS[1], COLOURS[0], *COLOURS[2:]
    for index, (label, (steps, shares)) in enumerate(runs.items()):
        for replica, row in enumerate(shares):
            axes.plot(
                steps, row, ls=DASHES[index], color=colours[index], lw=0.9, alpha=0.8,
                label=None if replica else label,
            )  # fmt: skip
    axes.axhline(weight, color="0.35", lw=1, ls=":")
    axes.text(1, weight, " $w^*$", transform=axes.get_yaxis_transform(), color="0.25", va="center")  # beside the frame
    axes.set(xlabel="optimiser step", ylabel="share at the heavier mode", ylim=(0.4, 1.02))
    axes.locator_params(axis="x", nbins=5)
    axes.legend(frameon=False, loc="lower right", fontsize="small")


@own_floating()
def plane_figure(runs: Mapping[str, Trajectory], separation: float, title: str) -> Figure:
    """Training runs in the plane of the two overlaps.

    Args:
        runs: By label; each needs the statistics m1 and m2.
        separation: R; the dotted lines are the modes.
        title: What the runs show.
    """
    figure = whole_figure(title, draw_plane, runs, separation)
    figure.axes[0].legend(frameon=False, loc="center left")
    return figure


def draw_plane(axes: Axes, runs: Mapping[str, Trajectory], separation: float) -> None:
    """The same on given axes, without a title and a legend.

    Args:
        axes: Where.
        runs: By label; each needs the statistics m1 and m2.
        separation: R; the dotted lines are the modes.

    Raises:
        DomainError: there are no runs, too many, or some without overlaps.
    """
    require_series("runs", runs)
    for label, run in runs.items():
        require_points("runs", run.times, "one time or more")
        _require_overlaps(f"runs[{label!r}]", run.statistics, (len(run.times),))
    for index, (label, run) in enumerate(runs.items()):
        axes.plot(run["m1"], run["m2"], ls=DASHES[index], color=COLOURS[index], label=label, lw=2)
        axes.plot(run["m1"][-1], run["m2"][-1], MARKERS[index], color=COLOURS[index], ms=6, zorder=5)
    axes.plot(*(next(iter(runs.values()))[name][0] for name in ("m1", "m2")), "o", color="black", ms=5, label="start")
    for mode in (separation**2, -(separation**2)):
        axes.axhline(mode, color="0.6", lw=0.8, ls=":")
        axes.axvline(mode, color="0.6", lw=0.8, ls=":")
    axes.set(xlabel=r"overlap $m_1 = \mu_1\cdot\mu^\star$", ylabel=r"overlap $m_2 = \mu_2\cdot\mu^\star$")


def _require_overlaps(argument: str, statistics: Mapping[str, FloatArray], shape: tuple[int, ...]) -> None:
    """Refuse statistics without m1 and m2, or with fewer of them than are drawn."""
    shapes = {name: np.shape(values) for name, values in statistics.items() if name in ("m1", "m2")}
    fits = all(len(own) == len(shape) and own[:1] == shape[:1] and own[1:] >= shape[1:] for own in shapes.values())
    if len(shapes) < 2 or not fits or not shape:
        what = f"with statistics m1 and m2 of shape {shape}" if shape else "with statistics m1 and m2"
        raise DomainError.of(argument, what, shapes, "take all from one run, recorded at the same times")
