"""`anneal-theory figure`: a figure by its name."""

from typing import Annotated, Any

from cyclopts import Parameter

from anneal_theory.cli.axes import values_of
from anneal_theory.cli.option_fields import OptionGroup, file, flag, headed, typed_integer
from anneal_theory.cli.output import busy, drawing, write
from anneal_theory.gallery.table import FIGURES
from anneal_theory.quantities import QUANTITIES
from anneal_theory.quantities.axes import VARIED
from anneal_theory.storage import atomic_write, require_writable

_OPTIONS = dict.fromkeys(
    ("separation", "weight", "dim", "constraint", "initial_temperature", "decay_time", "duration"), None
)
_NOTES = {
    "separation": "3 unless given",
    "weight": "0.8 unless given",
    "dim": "128 unless given",
    "constraint": "free unless given; the sphere is the paper's setting",
    "initial_temperature": "several with commas or as a range",
    "decay_time": "of free means, several with commas or as a range",
    "duration": "of means on the sphere, several with commas or as a range",
}
_LISTS = {name: plural for plural, name in VARIED.items() if name in ("initial_temperature", "decay_time", "duration")}


@headed("Setting", 1, _OPTIONS, QUANTITIES, _NOTES)
class SettingGroup(OptionGroup):
    """What the figure is drawn for; each figure takes some of these."""

    @property
    def arguments(self) -> dict[str, object]:
        """What was given, as arguments of `draw_figure`."""
        texts = {name: getattr(self, name) for name in _OPTIONS if getattr(self, name) is not None}
        arguments: dict[str, Any] = {}
        for name, text in texts.items():
            if name in _LISTS:
                arguments[_LISTS[name]] = values_of(text, name)
            else:
                arguments[name] = typed_integer(text, name) if name == "dim" else text
        return arguments


SETTING = SettingGroup()


def figure(
    name: Annotated[str | None, Parameter(help="which figure", metavar="NAME", choices=tuple(FIGURES))] = None,
    *,
    out: Annotated[
        str | None, file("the picture (.svg, .png, .pdf; .gif of density), which keeps the command that made it")
    ] = None,
    list: Annotated[bool, flag("say which figures there are, and what each takes")] = False,
    setting: SettingGroup = SETTING,
) -> None:
    """Draw a figure by its name; --list says which there are.

    `anneal-theory figure probability --weight 0.7 --decay-time 10,100 --out probability.pdf`
    """
    from anneal_theory.errors import DomainError, Words
    from anneal_theory.gallery import command_of, draw_animation, draw_figure, require_moving, require_name

    if list:
        write(out, "\n".join(_row(figure_name) for figure_name in FIGURES))
        return
    if name is None:
        raise DomainError.of(
            "NAME", f"one of {', '.join(FIGURES)}", Words("missing"), "anneal-theory figure --list tells what they show"
        )
    require_name(name)
    if out is None:
        raise DomainError.of("out", "the file of the picture", Words("missing"), f"give --out {name}.pdf")
    arguments = setting.arguments
    command = command_of(name, arguments)
    if out.endswith(".gif"):
        require_moving(name)
        require_writable(out, "out")
        with busy(f"figure {name}"):
            atomic_write(out, draw_animation(name, command, **arguments))
        return
    draw = drawing(out, "out", command, FIGURES[name].moving)
    with busy(f"figure {name}"):
        drawn = draw_figure(name, **arguments)
    if draw is not None:
        draw(drawn)


def _row(name: str) -> str:
    """A figure in one line."""
    entry = FIGURES[name]
    options = " ".join("--" + VARIED.get(option, option).replace("_", "-") for option in entry.takes)
    return f"{name:<12} {entry.summary}  [{options}]"
