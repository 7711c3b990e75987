"""The figure of a phase diagram: the probability of collapse over two parameters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from anneal_theory._floating import own_floating
from anneal_theory._types import FloatArray
from anneal_theory.plots.contours import draw_contours
from anneal_theory.plots.map_axis import DECADES, MapAxis
from anneal_theory.plots.style import TIME, new_figure, plain_ticks, require_lengths, require_points
from anneal_theory.quantities import QUANTITIES

if TYPE_CHECKING:
    import xarray
    from matplotlib.axes import Axes
    from matplotlib.cm import ScalarMappable
    from matplotlib.figure import Figure

_REFUSED = "0.75"
_LINES = {"critical_temperature": "$T_c$", "antipodal_temperature": r"$T_a \approx R^2/\alpha$"}
_MODELS = {"free": "free means", "sphere": "means on the sphere"}


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
            plain_ticks(drawn, decades=bool(own.values[-1] > DECADES * own.values[0]))
    shown = None if line is None else _within(x, y, *line[1:])
    draw_contours(axes, x, y, masked, shown)
    if line is not None and shown is not None:
        _draw_line(axes, line[0], *shown)
    return mesh


def _within(x: MapAxis, y: MapAxis, across: FloatArray, along: FloatArray) -> tuple[FloatArray, FloatArray] | None:
    """The points of a line that are within the map, NaN in the place of others; None where there are none."""
    inside = (across >= x.values[0]) & (across <= x.values[-1]) & (along >= y.values[0]) & (along <= y.values[-1])
    return (np.where(inside, across, np.nan), np.where(inside, along, np.nan)) if inside.any() else None


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
