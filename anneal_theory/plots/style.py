"""What all figures share: colours and dashes that can be told apart, axes, and refusals of what cannot be drawn."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sized
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec

from anneal_theory._floating import own_floating
from anneal_theory._types import FloatArray
from anneal_theory._version import __version__
from anneal_theory.errors import DomainError
from anneal_theory.extras import require

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.axis import Axis
    from matplotlib.figure import Figure

Given = ParamSpec("Given")
"""What is drawn, after the axes."""

# Okabe and Ito's colours, told apart under every common colour blindness; each line also has its own dash and marker.
# There are seven of each: a figure of more series is refused, since no reader could tell them apart.
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")
DASHES: tuple[Any, ...] = ("-", "--", "-.", ":", (0, (5, 1, 1, 1, 1, 1)), (0, (1, 3)), (0, (9, 3)))
MARKERS = ("o", "s", "^", "D", "v", "P", "X")
TIME = "gradient-flow time"  # the unit of times
FORMS = ("svg", "png", "pdf")
_ABOUT: dict[str, dict[str, Any]] = {"svg": {"Date": None, "Creator": None}, "png": {}, "pdf": {"CreationDate": None}}
SIZE = (4.8, 3.5)  # inches: letters stay readable at the width of a phone


def new_figure(size: tuple[float, float] = SIZE) -> tuple[Figure, Axes]:
    """An empty figure of the size in inches that all have, or another, and its axes."""
    require("matplotlib")
    from matplotlib.figure import Figure

    figure = Figure(figsize=size, layout="constrained")
    axes = figure.add_subplot()
    axes.spines[["top"]].set_visible(False)
    return figure, axes


def whole_figure(
    title: str, draw: Callable[Concatenate[Axes, Given], None], *given: Given.args, **words: Given.kwargs
) -> Figure:
    """A figure of what is drawn on given axes."""
    figure, axes = new_figure()
    draw(axes, *given, **words)
    axes.set_title(title)
    return figure


def draw_lines(
    axes: Axes, across: FloatArray, curves: Mapping[str, FloatArray], names: tuple[str, str], **style: Any
) -> None:
    """A line for each of some curves, with a style of its own; `names` are what the caller calls both."""
    require_series(names[1], curves)
    require_points(names[0], across, "one value or more")
    require_lengths(names[1], curves, len(across), names[0])
    for index, (label, values) in enumerate(curves.items()):
        own: dict[str, Any] = {"color": COLOURS[index], "ls": DASHES[index], "marker": MARKERS[index], "label": label}
        axes.plot(across, values, **(own | style))


def new_panels(rows: int, columns: int, size: tuple[float, float], **shared: Any) -> tuple[Figure, Any]:
    """An empty figure of several panels, and its axes of shape (rows, columns).

    Args:
        rows: Panels down.
        columns: Panels across.
        size: Of the figure, in inches; 7 is the width of a page of two columns.
        **shared: `sharex` and `sharey` of `Figure.subplots`.
    """
    require("matplotlib")
    from matplotlib.figure import Figure

    figure = Figure(figsize=size, layout="constrained")
    return figure, figure.subplots(rows, columns, squeeze=False, **shared)


def plain_ticks(axis: Axis, decades: bool = False) -> None:
    """Ticks of a logarithmic axis: at 1 and 3 of each decade as plain numbers, or at decades alone."""
    from matplotlib.ticker import LogLocator, NullFormatter, StrMethodFormatter

    axis.set_major_locator(LogLocator(subs=(1,) if decades else (1, 3)))
    if not decades:
        axis.set_major_formatter(StrMethodFormatter("{x:g}"))
    axis.set_minor_formatter(NullFormatter())


def require_series(argument: str, series: Sized) -> None:
    """Refuse no series, and more than can be told apart.

    Raises:
        DomainError: there are as many.
    """
    if not 1 <= len(series) <= len(COLOURS):
        what = f"from 1 to {len(COLOURS)} series"
        raise DomainError.of(argument, what, f"{len(series)} of them", "draw several figures of more")


def require_panels(panels: Sized, count: int) -> None:
    """Refuse more axes than a figure has panels, and fewer.

    Raises:
        DomainError: there are as many.
    """
    if len(panels) != count:
        step = "matplotlib's Figure.subplots makes several"
        raise DomainError.of("panels", f"a sequence of {count} axes", f"{len(panels)} of them", step)


def require_points(argument: str, values: Sized, what: str, least: int = 1) -> None:
    """Refuse too few points."""
    if len(values) < least:
        raise DomainError.of(argument, f"{what} to draw", f"{len(values)} of them", "compute some more")


def require_lengths(
    argument: str, series: Mapping[str, Sized] | Mapping[int, Sized] | Mapping[float, Sized], length: int, along: str
) -> None:
    """Refuse curves that have not one value for each point of an axis."""
    for label, values in series.items():
        if len(values) != length:
            what = f"of {length} values, one for each of the {along}"
            raise DomainError.of(f"{argument}[{label!r}]", what, f"{len(values)} values", "give arrays of one length")


@own_floating()
def svg(figure: Figure) -> str:
    """A figure as one SVG document with outlined letters (no fonts needed), the same bytes at every run."""
    return picture(figure, "svg", dpi=150).decode("utf-8")


@own_floating()
def picture(figure: Figure, form: str, command: str = "", dpi: int = 200) -> bytes:
    """A figure as the content of a file, the same bytes at every run.

    Args:
        figure: The figure.
        form: One of `FORMS`.
        command: What made it, kept with the version as Description (SVG, PNG) or Subject (PDF); "" for none.
        dpi: Points an inch, of what is no line or letter.

    Raises:
        DomainError: there is no such form.

    Example:
        >>> b"anneal-theory figure plane" in picture(new_figure()[0], "svg", "anneal-theory figure plane")
        True
    """
    import io

    import matplotlib as mpl

    if form not in FORMS:
        raise DomainError.of("form", f"one of {', '.join(FORMS)}", form, "use svg")
    about: dict[str, Any] = dict(_ABOUT[form])
    if command:
        about["Subject" if form == "pdf" else "Description"] = f"{command} (anneal-theory {__version__})"
    content = io.BytesIO()
    with mpl.rc_context({"svg.hashsalt": "anneal-theory", "svg.fonttype": "path", "pdf.fonttype": 42}):
        figure.savefig(content, format=form, dpi=dpi, metadata=about)
    return content.getvalue()
