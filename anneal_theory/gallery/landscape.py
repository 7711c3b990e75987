"""The loss over the plane of both overlaps."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np

from anneal_theory._types import FloatArray
from anneal_theory.averages import phi
from anneal_theory.exact import exact, show
from anneal_theory.fixed_points import FixedPoint, attractors
from anneal_theory.fixed_points.information import label_information
from anneal_theory.fixed_points.sphere_flow import FrozenSphere
from anneal_theory.fixed_points.sphere_rests import away_from_target
from anneal_theory.formulas.fixed_points import divergence
from anneal_theory.formulas.pair_coordinates import aligned_squares
from anneal_theory.formulas.sphere_flow import scaled_distance
from anneal_theory.formulas.sphere_rest import plane_places
from anneal_theory.gallery.setting import FREE, SPHERE, FigureSetting
from anneal_theory.plots import draw_landscape, new_panels, require_panels
from anneal_theory.problem.dynamics import loss_factors

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes
    from matplotlib.cm import ScalarMappable
    from matplotlib.figure import Figure

_TEMPERATURES = (1, 3, 6, 10)
_POINTS = 81  # along either overlap
_REACH = 1.6  # of R^2, beyond which nothing of free means rests at these temperatures
_MARGIN = 1.1  # of R^2, round the sphere's rim, where its attractors are
_DEPTH, _DEEP = 0.75, 0.9  # share of the values in the frame that get a colour of their own, and of the sphere's
_LEVELS = np.linspace(0, 1, 17) ** 2  # denser where the loss is small
_DISTANCES = 257  # at which the information is computed on the sphere; between them a cubic, right to 1e-6 of a nat


def figure(setting: FigureSetting) -> "Figure":
    """A panel for each temperature, with a colour bar of its own."""
    count = len(setting.initial_temperatures or _TEMPERATURES)
    columns = min(count, 2)
    rows = -(-count // columns)
    drawn, panels = new_panels(rows, columns, (3.5 * columns, 3.0 * rows + 0.5))
    own = panels.flat[:count]
    for axes, (filled, levels) in zip(own, draw(own, setting), strict=True):
        drawn.colorbar(filled, ax=axes, shrink=0.85, format="%.2g", ticks=levels[::4])
        axes.label_outer()
    for axes in panels.flat[count:]:
        axes.remove()
    handles = {
        label: line for axes in drawn.axes for line, label in zip(*axes.get_legend_handles_labels(), strict=True)
    }
    drawn.legend(handles.values(), handles, loc="outside lower center", ncols=2, frameon=False, fontsize="small")
    of = "the best pair of these overlaps" if setting.on_sphere else "an aligned pair"
    told = f"{SPHERE if setting.on_sphere else FREE}\nloss of {of} above its least, in nats; {setting.told}"
    drawn.suptitle(told, fontsize="small")
    return drawn


def draw(panels: "Sequence[Axes]", setting: FigureSetting) -> "list[tuple[ScalarMappable, FloatArray]]":
    """The same on given axes, one for each temperature, without colour bars and a legend.

    Returns for each what a colour bar is made of, and the losses that bound its colours.
    """
    temperatures = setting.initial_temperatures or _TEMPERATURES
    require_panels(panels, len(temperatures))
    overlaps, bars = reach(setting), []
    rules = {name: setting.rules[name] for name in ("constraint", "variance") if name in setting.rules}
    for axes, asked in zip(panels, temperatures, strict=True):
        temperature = float(exact(asked))
        losses = loss_over_plane(setting, overlaps, temperature)
        levels = levels_of(setting, losses)
        points = places(attractors(setting.target, temperature=temperature, **rules))
        filled = draw_landscape(axes, overlaps, losses, points, levels)
        axes.set(xlim=frame(setting), ylim=frame(setting))
        axes.set_title(f"$T = {show(exact(asked))}$", fontsize="small")
        bars.append((filled, levels))
    return bars


def reach(setting: FigureSetting) -> FloatArray:
    """Overlaps along either side of the plane, shape (n,): evenly spaced, on the sphere by their angles."""
    if setting.on_sphere:
        return np.asarray(-np.cos(np.linspace(0, np.pi, _POINTS)) * setting.target.separation**2)
    return np.linspace(-_REACH, _REACH, _POINTS) * setting.target.separation**2


def frame(setting: FigureSetting) -> tuple[float, float]:
    """Ends of what is shown of either overlap."""
    most = (_MARGIN if setting.on_sphere else _REACH) * setting.target.separation**2
    return -most, most


def levels_of(setting: FigureSetting, losses: FloatArray) -> FloatArray:
    """Losses that bound the colours."""
    return np.asarray(_LEVELS * np.quantile(losses, _DEEP if setting.on_sphere else _DEPTH))


def places(points: Iterable[FixedPoint]) -> list[tuple[float, float, bool]]:
    """Each pair at rest, and it with its means exchanged: m1, m2 and whether it is collapsed."""
    return [(*place, one.collapsed) for one in points for place in {(one.m1, one.m2), (one.m2, one.m1)}]


def loss_over_plane(setting: FigureSetting, overlaps: FloatArray, temperature: float) -> FloatArray:
    """The loss over a grid of overlaps, above its least there.

    Of free means it is that of aligned pairs; on the sphere, with the variance at rest (v = T), the least that pairs of
    these overlaps have. Their means lie in one plane with the axis and on either side of it: the loss knows of their
    distance only that it falls with it. Overlaps rise, of free means evenly spaced. Shape (n, n), m2 down and m1
    across; in nats, at T = 1 KL(q || p) above its least.
    """
    pull, push = loss_factors(setting.dynamics.objective)(temperature)
    away, information = (_sphere if setting.on_sphere else _free)(setting, overlaps, temperature)
    losses = pull * away - push * information
    return np.asarray(losses - losses.min())


def _free(setting: FigureSetting, overlaps: FloatArray, temperature: float) -> tuple[FloatArray, FloatArray]:
    """What pulls aligned pairs, and their information, which parts them."""
    target = setting.target
    apart = np.array([label_information(k * (overlaps[1] - overlaps[0]) / target.separation, 0.5)
                      for k in range(len(overlaps))])  # fmt: skip
    m1, m2 = np.meshgrid(overlaps, overlaps)
    phi_1, phi_2 = np.meshgrid(*[np.asarray(phi(overlaps, target))] * 2)
    place, radius = np.arange(len(overlaps)), target.separation
    weight = float(target.exact_weight)
    away = divergence(*aligned_squares(m1, m2, radius), radius, weight, 0.5, phi_1, phi_2, 0.0)
    return np.asarray(away), apart[np.abs(place[:, None] - place[None, :])]


def _sphere(setting: FigureSetting, overlaps: FloatArray, temperature: float) -> tuple[FloatArray, FloatArray]:
    """The same of pairs on the sphere, at v = T."""
    from scipy.interpolate import CubicSpline

    target = setting.target
    m1, m2 = np.meshgrid(overlaps, overlaps)
    angles = (np.arccos(m / target.separation**2) for m in (m1, m2))
    *_, distance = plane_places(next(angles), -next(angles), target.separation)
    apart = scaled_distance(distance, temperature)
    known = np.linspace(0, apart.max(), _DISTANCES)
    information = CubicSpline(known, [label_information(one, 0.5) for one in known.tolist()])(apart)
    away = away_from_target(FrozenSphere(target, 1.0, temperature), m1.ravel(), m2.ravel())
    return away.reshape(m1.shape), np.asarray(information)
