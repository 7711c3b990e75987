"""The figure of a phase diagram: the probability of collapse over two parameters."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from anneal_theory._floating import own_floating
from anneal_theory._types import FloatArray
from anneal_theory.plots.style import TIME, new_figure, plain_ticks, require_lengths, require_points
from anneal_theory.quantities import QUANTITIES

if TYPE_CHECKING:
    import xarray
    from matplotlib.axes import Axes
    from matplotlib.cm import ScalarMappable
    from matplotlib.figure import Figure

# What is common in the middle, and what is rare at both ends; each label is in a letter that its ground lets one read.
_LEVELS = (1e-6, 1e-4, 1e-3, 1e-2, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99, 0.999)
_LEAST = 1e-9  # clear of the least level: beyond it nothing is told apart
_BRIGHT = 0.6  # probabilities from here on have a ground on which black is read, and not white
_LABEL_ACROSS, _LABEL_ALONG = 0.44, 0.46  # shares of the axes from the middle, up to which a number has room
_NUMBER = 0.09, 0.05  # and those that a number needs to either side, clear of a line across the map and its label
_DECADE = 10.0  # axes that span more are logarithmic
_DECADES = 1e4  # and of those that span as much decades alone are marked
_REFUSED = "0.75"
_LINES = {"critical_temperature": "$T_c$", "antipodal_temperature": r"$T_a \approx R^2/\alpha$"}
_MODELS = {"free": "free means", "sphere": "means on the sphere"}


@dataclass(frozen=True)
class MapAxis:
    """One axis of a map.

    Args:
        name: What it is, as it is written beside it.
        values: Rising values, shape (n,).
    """

    name: str
    values: FloatArray

    @property
    def logarithmic(self) -> bool:
        """Whether it spans so much that its logarithm is drawn."""
        return bool(self.values[0] > 0 and self.values[-1] > _DECADE * self.values[0])

    def share(self, values: FloatArray) -> FloatArray:
        """How far values are along the axis as it is drawn, from 0 to 1."""
        low, high = self.values[0], self.values[-1]
        share = np.log(values / low) / np.log(high / low) if self.logarithmic else (values - low) / (high - low)
        return np.asarray(share, dtype=np.float64)

    @property
    def edges(self) -> FloatArray:
        """Ends of the cells, half way between the values as they are drawn, shape (n + 1,)."""
        drawn = np.log(self.values) if self.logarithmic else self.values
        middle = 0.5 * (drawn[1:] + drawn[:-1])
        ends = np.concatenate([[2 * drawn[0] - middle[0]], middle, [2 * drawn[-1] - middle[-1]]])
        return np.exp(ends) if self.logarithmic else ends


@own_floating()
def map_figure(
    x: MapAxis,
    y: MapAxis,
    probabilities: FloatArray,
    title: str,
    line: tuple[str, FloatArray, FloatArray] | None = None,
) -> Figure:
    """Collapse probability over two parameters, with its contours; cells without a number are grey.

    Args:
        x: The horizontal axis, n values.
        y: The vertical axis, k values.
        probabilities: Shape (k, n).
        title: What is shown.
        line: A line across the map, with its label: x and y of its points, of which those within the map are drawn.
    """
    figure, axes = new_figure()
    mesh = draw_map(axes, x, y, probabilities, line)
    axes.set_title(title)
    figure.colorbar(mesh, ax=axes, label="probability of collapse")
    return figure


def draw_map(
    axes: Axes,
    x: MapAxis,
    y: MapAxis,
    probabilities: FloatArray,
    line: tuple[str, FloatArray, FloatArray] | None = None,
) -> ScalarMappable:
    """The same on given axes, without a title and a colour bar.

    Args:
        axes: Where.
        x: The horizontal axis, n values.
        y: The vertical axis, k values.
        probabilities: Shape (k, n).
        line: A line across the map, with its label: x and y of its points, of which those within the map are drawn.

    Returns:
        What a colour bar is made of.

    Raises:
        DomainError: the map has fewer than two values along an axis, is of another shape, or has no number.
    """
    for name, axis in (("x", x), ("y", y)):
        require_points(name, axis.values, "two values or more", least=2)
    require_lengths("probabilities", dict(enumerate(probabilities)), len(x.values), "values of x")
    require_lengths("probabilities", {"rows": probabilities}, len(y.values), "values of y")
    masked = np.ma.masked_invalid(probabilities)
    require_points("probabilities", masked.compressed(), "a number or more")
    look: dict[str, Any] = {"cmap": "cividis", "vmin": 0.0, "vmax": 1.0, "rasterized": True}
    if masked.count() == masked.size:
        mesh = axes.pcolormesh(x.values, y.values, masked, shading="gouraud", **look)
    else:  # what is between a number and none is neither
        axes.set_facecolor(_REFUSED)
        mesh = axes.pcolormesh(x.edges, y.edges, masked, shading="flat", **look)
        axes.plot([], [], "s", color=_REFUSED, label="no number")
        axes.legend(loc="upper right", fontsize="x-small")
    axes.set(xlabel=x.name, ylabel=y.name)
    for drawn, own, scale in ((axes.xaxis, x, axes.set_xscale), (axes.yaxis, y, axes.set_yscale)):
        if own.logarithmic:
            scale("log")
            plain_ticks(drawn, decades=bool(own.values[-1] > _DECADES * own.values[0]))
    shown = None if line is None else _within(x, y, *line[1:])
    _contours(axes, x, y, masked, shown)
    if line is not None and shown is not None:
        _draw_line(axes, line[0], *shown)
    return mesh


def _within(x: MapAxis, y: MapAxis, across: FloatArray, along: FloatArray) -> tuple[FloatArray, FloatArray] | None:
    """The points of a line that are within the map, NaN in the place of others; None where there are none."""
    inside = (across >= x.values[0]) & (across <= x.values[-1]) & (along >= y.values[0]) & (along <= y.values[-1])
    return (np.where(inside, across, np.nan), np.where(inside, along, np.nan)) if inside.any() else None


def _contours(
    axes: Axes, x: MapAxis, y: MapAxis, masked: FloatArray, line: tuple[FloatArray, FloatArray] | None
) -> None:
    """Lines of equal probability, each with its number on it, clear of a line across the map."""
    levels = [level for level in _LEVELS if masked.min() < level < masked.max()]
    if not levels:
        return
    colours = ["white" if level < _BRIGHT else "black" for level in levels]
    # by log-odds, which change evenly where P falls by a power of ten from cell to cell: contours would bend at each
    odds = _log_odds(np.array(levels)).tolist()
    lines = axes.contour(x.values, y.values, _log_odds(masked), levels=odds, colors=colours, linewidths=0.9)
    taken = np.zeros((0, 2)) if line is None else _taken(x.share(line[0]), y.share(line[1]))
    places = _label_places(dict(zip(levels, lines.allsegs, strict=True)), x, y, taken)
    told = {place: f"{level:g}" for place, level in zip(odds, levels, strict=True) if level in places}
    axes.clabel(lines, levels=list(told), fmt=told, fontsize=8, manual=list(places.values()))


def _log_odds(probabilities: FloatArray) -> FloatArray:
    """log(P/(1 - P)), of probabilities kept clear of 0 and 1; masked where they are."""
    kept = np.ma.masked_invalid(probabilities).clip(_LEAST, 1 - _LEAST)
    return np.asarray(np.ma.log(kept / (1 - kept)).filled(np.nan), dtype=np.float64)


def _taken(across: FloatArray, along: FloatArray) -> FloatArray:
    """Places along a line and its label, shape (n, 2), all in shares of the axes."""
    finite = np.isfinite(across)
    ends = np.stack([across[finite], along[finite]], axis=1)
    steps = np.linspace(0, 1, 21)[:, None]
    between = [first + steps * (last - first) for first, last in pairwise(ends)]
    label = ends[0] + [_NUMBER[0], _NUMBER[1]]
    return np.concatenate([ends, *between, [label]])


def _label_places(
    contours: dict[float, list[FloatArray]], x: MapAxis, y: MapAxis, taken: FloatArray
) -> dict[float, tuple[float, float]]:
    """Where to label contours, in turn at two places along x; none where no number would be whole and clear."""
    places = {}
    for index, (level, pieces) in enumerate(contours.items()):
        points = np.concatenate([np.zeros((0, 2)), *pieces])
        share = np.stack([x.share(points[:, 0]), y.share(points[:, 1])], axis=1)
        inside = (np.abs(share - 0.5) < [_LABEL_ACROSS, _LABEL_ALONG]).all(axis=1)
        inside &= np.all(np.any(np.abs(share[:, None] - taken) > _NUMBER, axis=2), axis=1)
        if inside.any():
            points, share = points[inside], share[inside]
            x_label, y_label = points[np.argmin(np.abs(share[:, 0] - (0.55 + 0.2 * (index % 2))))]
            places[level] = float(x_label), float(y_label)
    return places


def _draw_line(axes: Axes, label: str, across: FloatArray, along: FloatArray) -> None:
    """A dashed line, in white on black so that it is seen on every ground, with its label at its lower end."""
    from matplotlib.patheffects import withStroke

    around = [withStroke(linewidth=3, foreground="black")]
    axes.plot(across, along, color="white", lw=1.5, ls="--", path_effects=around, scalex=False, scaley=False)
    first = int(np.argmax(np.isfinite(across)))
    at = float(across[first]), float(along[first])
    ground = {"boxstyle": "square,pad=0.15", "facecolor": "black", "edgecolor": "none", "alpha": 0.6}
    axes.annotate(label, at, xytext=(5, 6), textcoords="offset points", color="white", fontsize=9, bbox=ground)


def diagram_figure(diagram: xarray.Dataset) -> Figure:
    """The figure of a phase diagram, as `phase_diagram` gives it.

    The first parameter is across. The title says the model, the method and what is fixed.

    Args:
        diagram: The dataset.

    Raises:
        DomainError: an axis has a single value, or no cell has a number.
    """
    figure, axes = new_figure()
    mesh = draw_diagram(axes, diagram)
    axes.set_title(_title(diagram), fontsize="small")
    figure.colorbar(mesh, ax=axes, label="probability of collapse")
    return figure


def draw_diagram(axes: Axes, diagram: xarray.Dataset) -> ScalarMappable:
    """The same on given axes, without a title and a colour bar.

    Args:
        axes: Where.
        diagram: The dataset.

    Returns:
        What a colour bar is made of.

    Raises:
        DomainError: an axis has a single value, or no cell has a number.
    """
    first, second = (MapAxis(axis_label(str(name)), diagram[name].values) for name in diagram.value.dims)
    return draw_map(axes, first, second, diagram.value.values.T, _temperature_line(diagram))


def axis_label(name: str) -> str:
    """A parameter as it is written beside an axis.

    Example:
        >>> axis_label("decay_time")
        'decay time $t_0$ (gradient-flow time)'
    """
    own = QUANTITIES[name]
    word = name.replace("_", " ")
    return f"{word} ${own.latex}$" + (f" ({TIME})" if own.time else "")


_TOLD = ("separation", "weight", "dim", "variance", "initial_temperature", "decay_time", "duration", "hold_time")


def _title(diagram: xarray.Dataset) -> str:
    attributes = diagram.attrs
    fixed = [
        f"${QUANTITIES[name].latex} = {attributes[name]}$" for name in _TOLD if attributes.get(name, "1/dim") != "1/dim"
    ]
    model = [_MODELS[attributes["constraint"]], attributes["objective"].replace("-", " ")]
    if attributes["constraint"] == "sphere":
        model.append(f"variance {attributes['variance_rule'].replace('-', ' ')}")
    return f"Collapse ({attributes['method']}): {', '.join(model)}\n{', '.join([attributes['schedule'], *fixed])}"


def _temperature_line(diagram: xarray.Dataset) -> tuple[str, FloatArray, FloatArray] | None:
    """The temperature that separates phases where an axis is the initial temperature."""
    dims = diagram.value.dims
    name = next((variable for variable in _LINES if variable in diagram), None)
    if name is None or "initial_temperature" not in dims:
        return None
    other = dims[1 - dims.index("initial_temperature")]
    along = diagram[other].values
    temperatures = np.broadcast_to(diagram[name].values, along.shape)
    return (
        (_LINES[name], temperatures, along) if dims[0] == "initial_temperature" else (_LINES[name], along, temperatures)
    )
