"""From the name of a figure to its picture."""

import io
import shlex
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from anneal_theory._floating import own_floating
from anneal_theory._version import __version__
from anneal_theory.errors import DomainError
from anneal_theory.extras import load, require
from anneal_theory.gallery.setting import FigureSetting
from anneal_theory.gallery.table import FIGURES
from anneal_theory.quantities.axes import VARIED
from anneal_theory.quantities.domains import Text, Word

if TYPE_CHECKING:
    from matplotlib.figure import Figure

FORMS = "svg", "png", "pdf"
_DPI = 200  # of PNG: what print needs at the size of a column
_FIELDS = {"svg": "Description", "pdf": "Subject", "png": "Description"}
_UNDATED: dict[str, dict[str, Any]] = {"svg": {"Date": None}, "pdf": {"CreationDate": None}, "png": {}}


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
    choices = tuple(FIGURES)
    Word("the name of a figure", choices=choices).check(name, "name", f"there are {', '.join(choices)}")
    entry = FIGURES[name]
    for argument, value in setting.items():
        if argument not in entry.takes:
            step = f"it takes {', '.join(entry.takes)}"
            raise DomainError.of(argument, f"left out for the figure {name}", value, step)
    require("matplotlib")
    built = FigureSetting(**setting)
    most = {"initial_temperatures": entry.most_temperatures} | dict.fromkeys(
        ("decay_times", "durations"), entry.most_times
    )
    for argument, limit in most.items():
        values = getattr(built, argument)
        if values is not None and len(values) > limit:
            what = f"at most {limit} of them for the figure {name}"
            raise DomainError.of(argument, what, f"{len(values)} of them", "draw several figures of more")
    figure: Figure = load(f"anneal_theory.gallery.{name}").figure(built)
    return figure


def command_of(name: str, setting: Mapping[str, Any]) -> str:
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


@own_floating()
def picture(figure: "Figure", form: str, command: str = "") -> bytes:
    """A figure as the content of a file, which says by what command it was made; the same bytes at every run.

    Args:
        figure: The figure.
        form: "svg", "png" or "pdf".
        command: Kept as Description (SVG, PNG) or Subject (PDF), if there is one.

    Raises:
        DomainError: there is no such form, or the command is no text.
    """
    import matplotlib as mpl

    Word("'svg', 'png' or 'pdf'", choices=FORMS).check(form, "form", "choose one of these")
    Text("a piece of text").check(command, "command", "leave it out")
    about = _UNDATED[form] | ({_FIELDS[form]: command} if command else {})
    about |= {"pdf": {"Creator": f"anneal-theory {__version__}"}, "svg": {"Creator": f"anneal-theory {__version__}"}}.get(
        form, {"Software": f"anneal-theory {__version__}"}
    )
    content = io.BytesIO()
    with mpl.rc_context({"svg.hashsalt": "anneal-theory", "svg.fonttype": "path", "pdf.fonttype": 42}):
        figure.savefig(content, format=form, dpi=_DPI, metadata=about)
    return content.getvalue()
