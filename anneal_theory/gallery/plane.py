"""Runs over the loss in the plane of both overlaps, with the separatrix and the attractors."""

import math
from typing import TYPE_CHECKING

import numpy as np

from anneal_theory._types import FloatArray
from anneal_theory.errors import DomainError
from anneal_theory.formulas.start_law import centre_deviation
from anneal_theory.gallery.landscape import frame, levels_of, loss_over_plane, places, reach
from anneal_theory.gallery.setting import FREE, SPHERE, FigureSetting
from anneal_theory.gallery.starts import FreeStarts, SphereStarts, Starts
from anneal_theory.gradient_flow import solve_flow
from anneal_theory.plots import draw_landscape, draw_plane, new_figure, require_panels
from anneal_theory.results import Trajectory
from anneal_theory.schedules import Constant, Schedule

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_BESIDE = 0.03  # how far beside the threshold runs start, in relative terms
_STRIP, _EDGE = "#F0E442", 4.0  # and points round it: on the sphere the strip may be thinner than its separatrix
_SIZE = 5.4, 5.9  # inches: a square plane with what its lines are below it


def figure(setting: FigureSetting) -> "Figure":
    """Two runs beside the threshold, one without annealing too, over the loss at T = 1, with the separatrix."""
    drawn, axes = new_figure(_SIZE)
    draw([axes], setting)
    model, starts = SPHERE if setting.on_sphere else FREE, starts_of(setting)
    title = f"{model}: runs over the loss at $T = 1$\n{setting.told}, {starts.told(off_centre(setting))}"
    drawn.suptitle(title, fontsize="small")
    drawn.legend(loc="outside lower center", ncols=2, frameon=False, fontsize="small")
    return drawn


def draw(panels: "Sequence[Axes]", setting: FigureSetting) -> None:
    """The same on one axes that is given, without a title and a legend."""
    require_panels(panels, 1)
    (axes,) = panels
    starts, centre = starts_of(setting), off_centre(setting)
    critical = threshold_between(setting, starts, centre)
    below, above = (critical * (1 + side * _BESIDE) for side in (-1, 1))
    runs = {
        f"{_BESIDE:.0%} below the threshold": run(setting, starts, starts.schedule, centre, below),
        f"{_BESIDE:.0%} above it": run(setting, starts, starts.schedule, centre, above),
        "the same, without annealing": run(setting, starts, Constant(1), centre, above),
    }
    overlaps = reach(setting)
    losses = loss_over_plane(setting, overlaps, 1.0)
    draw_landscape(axes, overlaps, losses, places(starts.rests()), levels_of(setting, losses), quiet=True)
    draw_plane(axes, runs, setting.target.separation)
    over, under = separatrix(starts)
    strip = np.concatenate([over, under[:, ::-1]], axis=1)
    axes.fill(*strip, color=_STRIP, ec=_STRIP, lw=_EDGE, label="starts that collapse")
    for index, line in enumerate((over, under)):
        axes.plot(*line, color="black", lw=1.2, ls=(0, (4, 1.5)), label="" if index else "separatrix of starts")
    axes.set(xlim=frame(setting), ylim=frame(setting))


def starts_of(setting: FigureSetting) -> Starts:
    """Those of the setting's model."""
    return SphereStarts(setting) if setting.on_sphere else FreeStarts(setting)


def off_centre(setting: FigureSetting) -> float:
    """The middle of a start one standard deviation off the centre in the setting's dimension, to three digits.

    It is s0 of free means and y of means on the sphere. A centred start has no threshold where the modes have equal
    weights.
    """
    deviation = 1 / math.sqrt(setting.dim)
    return float(f"{deviation if setting.on_sphere else centre_deviation(setting.target.separation, deviation):.3g}")


def threshold_between(setting: FigureSetting, starts: Starts, centre: float) -> float:
    """The threshold of a start with that middle; refused where it is 0 or infinite: these pairs all end alike."""
    found = starts.threshold(starts.schedule, centre)
    if not 0 < found < math.inf:
        what, step = "of a target where some pairs collapse and some split", "increase separation"
        raise DomainError.of("separation", what, setting.target.separation, f"{step}, or take a weight nearer 1/2")
    return found


def run(setting: FigureSetting, starts: Starts, schedule: Schedule, centre: float, alignment: float) -> Trajectory:
    """A run from one start, long enough to settle."""
    times = np.concatenate([[0.0], np.geomspace(1e-2, starts.resting(schedule), 400)])
    return solve_flow(setting.target, schedule, starts.start(centre, alignment), times, **setting.rules)


def separatrix(starts: Starts) -> tuple[FloatArray, FloatArray]:
    """(m1, m2) on the threshold, shape (2, n), for m1 > m2 and mirrored; none where even an aligned pair collapses."""
    points: list[tuple[float, float]] = []
    for centre in starts.centres().tolist():
        alignment = starts.threshold(starts.schedule, centre)
        if math.isfinite(alignment):
            points.append(starts.overlaps(centre, alignment))
    line = np.array(points).reshape(-1, 2).T
    return line, line[::-1]
