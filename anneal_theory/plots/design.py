"""Figures of designs: a schedule beside the best exponential of its cost, and what families cost."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from anneal_theory._floating import own_floating
from anneal_theory.exact import show
from anneal_theory.plots.style import (
    COLOURS,
    DASHES,
    MARKERS,
    TIME,
    new_panels,
    plain_ticks,
    require_panels,
    require_series,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from anneal_theory.design import Design
    from anneal_theory.problem import Dynamics
    from anneal_theory.results import Trajectory
    from anneal_theory.schedules import Schedule

_VARIANCES = {"fixed": "fixed", "trained": "trained", "follows-temperature": "that of the temperature"}
_SIZE = (4.8, 8.4)  # inches: three panels
_POINTS = 600
_MARGIN = 1.1  # of the time axis, beyond the longer schedule


@own_floating()
def design_figure(design: Design) -> Figure:
    """A design: its temperature, the overlaps along it, and what its family costs beside exponentials.

    Args:
        design: What `design_schedule` returned.
    """
    figure, panels = new_panels(3, 1, _SIZE)
    draw_design(panels[:, 0], design)
    as_good = design.exponential_for_probability
    radius, weight = show(design.target.exact_separation), show(design.target.exact_weight)
    title = f"{_model(design.dynamics)}\n" + rf"$R = {radius}$, $w^\star = {weight}$, $d = {design.init.dim}$"
    title += "" if as_good is None else f"; an exponential as good costs {as_good.cost:.4g}"
    panels[0, 0].set_title(title, fontsize="small")
    panels[1, 0].set_title("overlaps along the design, from a typical start", fontsize="small")
    panels[2, 0].set_title("costs: found (marks); law of free means for small $P$ (lines)", fontsize="small")
    return figure


def draw_design(panels: Sequence[Axes], design: Design) -> None:
    """The same on given axes, without titles.

    Args:
        panels: Three axes: of the temperature, of the overlaps, of the costs.
        design: What `design_schedule` returned.

    Raises:
        DomainError: there are not three axes.
    """
    require_panels(panels, 3)
    temperature, overlaps, costs = panels
    draw_design_temperature(temperature, design)
    draw_design_overlaps(overlaps, design.typical_run(), design.target.separation)
    draw_cost_law(costs, design.costs())
    overlaps.set_xlim(temperature.get_xlim())


def draw_design_temperature(axes: Axes, design: Design) -> None:
    """Temperatures over time of a design and of the best exponential of its cost, with what they cost and how P is.

    Args:
        axes: Where.
        design: What `design_schedule` returned.
    """
    rows = [(design.family, design.schedule, design.cost, design.probability)]
    beside = design.exponential_at_cost
    if beside is not None:
        rows.append(("exponential", beside.schedule, beside.cost, beside.probability))
    end = _MARGIN * max(max(cost for _, _, cost, _ in rows), 1.0)
    for index, (label, schedule, cost, probability) in enumerate(rows):
        caption = f"{label}: cost {cost:.4g}, P = {probability.value:.3g}"
        times = _times(schedule, end)
        axes.plot(times, schedule.temperature(times), color=COLOURS[index], ls=DASHES[index], label=caption)
    axes.set(yscale="log", xlabel=TIME, ylabel="temperature", xlim=(0, end))
    plain_ticks(axes.yaxis)
    axes.legend(frameon=False, fontsize="small")


def draw_design_overlaps(axes: Axes, run: Trajectory, separation: float) -> None:
    """Overlaps m1 and m2 of both means along a run, over time, between the modes (dotted).

    Args:
        axes: Where.
        run: With the statistics m1 and m2.
        separation: R; the modes lie at overlaps +R^2 and -R^2.
    """
    for index, name in enumerate(("m1", "m2")):
        label = f"$m_{name[1]}$"
        axes.plot(run.times, run[name], color=COLOURS[index], ls=DASHES[index], label=label)
    for mode in (separation**2, -(separation**2)):
        axes.axhline(mode, color="0.6", lw=0.8, ls=":")
    axes.set(xlabel=TIME, ylabel=r"overlap $\mu_i\cdot\mu^\star$")
    axes.legend(frameon=False, fontsize="small")


def _model(dynamics: Dynamics) -> str:
    """Of which model a design is."""
    loss = dynamics.objective.replace("-", " ")
    if dynamics.constraint == "sphere":
        return f"Means on the sphere, variance {_VARIANCES[dynamics.variance]}, {loss}"
    natural = ", natural metric" if dynamics.metric == "natural" else ""
    unequal = "" if dynamics.equal_weights else f", $w_1 = {show(dynamics.exact_family_weight)}$"
    return f"Free means, {loss}{natural}{unequal}"


def draw_cost_law(axes: Axes, lines: Mapping[str, Sequence[tuple[float, float, float | None]]]) -> None:
    """Costs of families of schedules against the probability, on given axes, without a title.

    Args:
        axes: Where.
        lines: By family: probabilities, costs by the law (a line) and designed ones (marks; None where there is none).

    Raises:
        DomainError: there are no families, or more than can be told apart.
    """
    require_series("lines", lines)
    for index, (label, rows) in enumerate(lines.items()):
        chances, law, designed = zip(*rows, strict=True)
        axes.plot(chances, law, color=COLOURS[index], ls=DASHES[index], label=label)
        marks = [math.nan if cost is None else cost for cost in designed]
        axes.plot(chances, marks, ls="", marker=MARKERS[index], color=COLOURS[index])
    axes.set(xscale="log", yscale="log", xlabel="largest probability of collapse $P$", ylabel=f"cost ({TIME})")
    axes.invert_xaxis()
    axes.legend(frameon=False, fontsize="small")


def _times(schedule: Schedule, end: float) -> np.ndarray:
    """Times from 0 to the end, with both sides of every corner and jump."""
    corners = np.array([time for time in schedule.breakpoints if time <= end])
    return np.unique([*np.linspace(0, end, _POINTS), *corners, *np.nextafter(corners, 0)])
