"""From the name of a figure to its picture."""

import shlex
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from anneal_theory._floating import own_floating
from anneal_theory.errors import DomainError
from anneal_theory.extras import load, require
from anneal_theory.gallery.setting import FigureSetting
from anneal_theory.gallery.table import FIGURES
from anneal_theory.quantities.axes import VARIED
from anneal_theory.quantities.domains import Word

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


@own_floating()
def draw_figure(name: str, **setting: Any) -> "Figure":
    """Draw a figure by its name.

    Args:
        name: One of `FIGURES`.
        **setting: Arguments of `FigureSetting` that the figure takes; its `takes` lists them.

    Raises:
        DomainError: there is no such figure, it does not take an argument, an argument is outside its domain, or there
            are more temperatures or times than it can show.
        NoCollapsedState: the figure needs a collapsed state, and the target has none.
        MissingExtra: matplotlib is not installed.

    Example:
        >>> figure = draw_figure("landscape", initial_temperatures=[1, 4])
        >>> [panel.get_title() for panel in figure.axes[:2]]
        ['$T = 1$', '$T = 4$']
    """
    built = _built(name, setting)
    drawn: Figure = _module(name).figure(built)
    return drawn


@own_floating()
def draw_on(panels: "Axes | Sequence[Axes]", name: str, **setting: Any) -> None:
    """Draw a figure by its name on axes that are given.

    What belongs to the whole is left out: the title of several panels, colour bars, a legend beside the axes.

    Args:
        panels: One axes, or a sequence with one for each panel, in the order of reading.
        name: One of `FIGURES`.
        **setting: As of `draw_figure`.

    Raises:
        DomainError: as of `draw_figure`, or the figure has another number of panels; the message tells it.
        MissingExtra: matplotlib is not installed.

    Example:
        >>> from matplotlib.figure import Figure
        >>> left, right = Figure().subplots(1, 2)
        >>> draw_on(left, "rates", dim=16, initial_temperatures=[9])
        >>> left.get_xlabel()
        'rate of cooling $\\\\kappa = \\\\log(T_0)/t_0$ (1/time)'
    """
    built = _built(name, setting)
    given = np.ravel(np.asarray(panels, dtype=object)).tolist()
    _module(name).draw(given, built)


@own_floating()
def draw_animation(name: str, command: str = "", **setting: Any) -> bytes:
    """Draw a figure that moves, as the content of a GIF file.

    Args:
        name: One of `FIGURES` that is `moving`.
        command: What the file says it was made by; "" for nothing.
        **setting: As of `draw_figure`.

    Raises:
        DomainError: as of `draw_figure`, or the figure does not move.
        MissingExtra: matplotlib is not installed.
    """
    require_moving(name)
    content: bytes = _module(name).animation(_built(name, setting), command)
    return content


def require_moving(name: str) -> None:
    """Refuse what is no name of a figure that moves."""
    require_name(name)
    if not FIGURES[name].moving:
        moving = ", ".join(one for one, entry in FIGURES.items() if entry.moving)
        raise DomainError.of("NAME", f"a figure that moves, {moving}, for a GIF", name, "write a .svg, .png or .pdf")


def _module(name: str) -> Any:
    return load(f"anneal_theory.gallery.{name.replace('-', '_')}")


def _built(name: str, setting: Mapping[str, Any]) -> FigureSetting:
    """The setting of a figure, with every argument that it takes and no more."""
    require_name(name)
    entry = FIGURES[name]
    for argument, value in setting.items():
        if argument not in entry.takes:
            step = "anneal-theory figure --list says what each takes"
            raise DomainError.of(argument, f"left out for the figure {name}", value, step)
    require("matplotlib")
    built = FigureSetting(**setting)
    other = "decay_times" if built.on_sphere else "durations"  # the times of the model that is not drawn
    if "constraint" in entry.takes and setting.get(other) is not None:
        step = 'give durations of means on the sphere (constraint="sphere"), decay_times of free means'
        raise DomainError.of(other, f"left out with constraint={built.constraint!r}", setting[other], step)
    most = dict.fromkeys(("decay_times", "durations"), entry.most_times)
    most["initial_temperatures"] = entry.most_temperatures
    for argument, limit in most.items():
        values = getattr(built, argument)
        if values is not None and len(values) > limit:
            what = f"a list of at most {limit} value{'s' * (limit > 1)} for the figure {name}"
            raise DomainError.of(argument, what, f"{len(values)} of them", "draw several figures of more")
    return built


def require_name(name: str) -> None:
    """Refuse what is no name of a figure, with the nearest that is."""
    choices = tuple(FIGURES)
    Word(f"one of {', '.join(choices)}", choices=choices).check(name, "NAME", "choose one of these")


def command_of(name: str, setting: Mapping[str, object]) -> str:
    """The command that draws a figure.

    Args:
        name: Of the figure.
        setting: Its arguments.

    Example:
        >>> command_of("plane", {"weight": "2/3", "decay_times": [10, 20]})
        'anneal-theory figure plane --weight 2/3 --decay-time 10,20'
    """
    words = ["anneal-theory", "figure", name]
    for argument, value in setting.items():
        option = VARIED.get(argument, argument).replace("_", "-")
        listed = value if isinstance(value, list | tuple) else [value]
        words += [f"--{option}", ",".join(map(str, listed))]
    return shlex.join(words)
