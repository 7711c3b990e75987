"""Options that the commands share, made from the table of quantities; numbers stay text, so that they are exact."""

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, make_dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, TypeVar, cast

from cyclopts import Group, Parameter

from anneal_theory.quantities import QUANTITIES, Quantity
from anneal_theory.quantities.arrays import Row
from anneal_theory.quantities.domains import Digits, Flag, Number, Place, Text, Whole
from anneal_theory.schedules import ALTERNATIVES, SCHEDULES, form_of
from anneal_theory.storage import require_writable

if TYPE_CHECKING:
    from anneal_theory.problem import BimodalTarget, Dynamics, GaussianInit
    from anneal_theory.schedules import Schedule

_ALIASES = {"allow_slow": "--yes"}
Heading = TypeVar("Heading", bound=type["Options"])


def letter(name: str, note: str = "") -> Parameter:
    """The parameter of one quantity of the table: its help, and its choices if it is a word."""
    return parameter(QUANTITIES[name], note)


def parameter(quantity: Quantity, note: str = "") -> Parameter:
    """The parameter of a quantity."""
    domain, alias = quantity.domain, _ALIASES.get(quantity.name)
    plain = quantity.choices or isinstance(domain, Flag | Place | Text)
    text = "; ".join(filter(None, [quantity.meaning if plain else quantity.help, note]))
    if quantity.choices:
        return Parameter(help=text, choices=quantity.choices)
    if isinstance(domain, Flag):
        return Parameter(help=text, negative="", alias=alias)
    form = "FILE" if isinstance(domain, Place) else "NAME" if isinstance(domain, Text) else "NUMBER"
    return Parameter(help=text, metavar=form, allow_leading_hyphen=form == "NUMBER")


def flag(text: str) -> Parameter:
    """The parameter of a switch."""
    return Parameter(help=text, negative="")


def file(text: str) -> Parameter:
    """The parameter of a file's name."""
    return Parameter(help=text, metavar="FILE")


class Default(str):
    """The text of an option that was not typed."""

    __slots__ = ()


class Options:
    """The options under one heading; each is named after an argument, and holds what was typed."""

    _quantities: ClassVar[Mapping[str, Quantity]] = {}

    @property
    def keywords(self) -> dict[str, Any]:
        """What was given, as keywords of the package's functions."""
        given = {name: getattr(self, name) for name in self._quantities}
        return {
            name: value if isinstance(value, bool) else typed(self._quantities[name], value, name)
            for name, value in given.items()
            if value is not None and value is not False
        }

    @property
    def typed(self) -> dict[str, Any]:
        """The keywords that were typed, without the defaults."""
        return {name: value for name, value in self.keywords.items() if not isinstance(getattr(self, name), Default)}


def headed(
    heading: str,
    order: int,
    defaults: Mapping[str, Any],
    quantities: Mapping[str, Quantity] = QUANTITIES,
    notes: Mapping[str, str] = MappingProxyType({}),
) -> Callable[[Heading], Heading]:
    """Give a class of options its fields.

    Args:
        heading: Of the group in the help.
        order: Place of the group.
        defaults: The default of each option, as it would be typed; False for a flag.
        quantities: The quantity of each.
        notes: What the help says besides.
    """

    def with_fields(kind: Heading) -> Heading:
        kind._quantities = {name: quantities[name] for name in defaults}
        kind.__annotations__ = {}
        for name, default in defaults.items():
            form = bool if default is False else str if default is not None else str | None
            kind.__annotations__[name] = Annotated[form, parameter(quantities[name], notes.get(name, ""))]
            setattr(kind, name, Default(default) if isinstance(default, str) else default)
        shown = Parameter(name="*", group=Group(heading, sort_key=order))
        return cast(Heading, shown(dataclass(frozen=True, kw_only=True)(kind)))

    return with_fields


def of_rules(kind: type, left_out: tuple[str, ...] = ()) -> tuple[dict[str, str | bool | None], dict[str, Quantity]]:
    """The arguments of a class of rules as options: their defaults as they would be typed, and their quantities."""
    import inspect

    from anneal_theory.quantities.doors import quantities_of

    arguments = inspect.signature(kind).parameters
    quantities = {
        name: one for name, one in quantities_of(vars(kind)["__init__"]).items() if one and name not in left_out
    }
    return {name: _as_typed(arguments[name].default) for name in quantities}, quantities


def _as_typed(value: Any) -> str | bool | None:
    if value is None or isinstance(value, str | bool):
        return value
    return ",".join(map(str, value)) if isinstance(value, tuple) else f"{value:g}"


def typed(quantity: Quantity, text: str, argument: str) -> Any:
    """What was typed, as the package takes it: whole numbers and doubles as such, exact numbers and words as text.

    Example:
        >>> typed(QUANTITIES["replicas"], "1e3", "replicas"), typed(QUANTITIES["separation"], "1/3", "separation")
        (1000, '1/3')
    """
    domain = quantity.domain
    if isinstance(domain, Row) and isinstance(domain.item, Whole):
        return tuple(whole(part, argument) for part in text.split(","))
    if isinstance(domain, Whole | Digits):
        return whole(text, argument)
    if isinstance(domain, Number) and domain.double:
        from anneal_theory.exact import exact

        return float(exact(text, argument))
    return text


@headed("Target", 0, {"separation": "3", "weight": "0.8"})
class TargetOptions(Options):
    """The target density."""

    def build(self) -> "BimodalTarget":
        """The target, exact in what was typed."""
        from anneal_theory.problem import BimodalTarget

        return BimodalTarget(**self.keywords)


# Schedules as the command line names them, with their classes.
SCHEDULE_CLASSES = {form_of(name).replace("_", "-"): name for name in SCHEDULES}


class _ScheduleChoice:
    """What the schedule options do."""

    schedule: str

    @property
    def is_default(self) -> bool:
        """Whether nothing was chosen."""
        return self == type(self)()

    @property
    def typed(self) -> dict[str, str]:
        """The options that were typed, without the defaults."""
        given = {name: getattr(self, name) for name in ("schedule", *_PARAMETERS)}
        return {name: one for name, one in given.items() if one is not None and not isinstance(one, Default)}

    def but(self, **changes: str | None) -> "ScheduleOptions":
        """The same with other options."""
        return cast("ScheduleOptions", replace(cast(Any, self), **changes))  # a dataclass, but not to type checkers

    def build(self) -> "Schedule":
        """The schedule; an option that its form does not take is refused."""
        from anneal_theory import schedules
        from anneal_theory.errors import DomainError

        kind = SCHEDULE_CLASSES[self.schedule]
        takes, (usual, other) = SCHEDULES[kind], ALTERNATIVES.get(kind, ("", ""))
        if other and getattr(self, other) is not None:
            step = f"{spell(other)} takes its place"
            require_left_out(f"with {spell(other)}", step, **{usual: getattr(self, usual)})
            takes = tuple(other if name == usual else name for name in takes)
        for name in _PARAMETERS:
            value = getattr(self, name)
            if value is not None and name not in takes:
                step = f"it takes {', '.join(spell(name) for name in takes)}{f' or {spell(other)}' if other else ''}"
                raise DomainError.of(spell(name), f"left out for the schedule {self.schedule}", value, step)
        result: Schedule = getattr(schedules, kind)(**{name: self._argument(name) for name in takes})
        return result

    def _argument(self, name: str) -> str | list[str]:
        value = getattr(self, name)
        text: str = QUANTITIES[name].example if value is None else value
        return [part for part in re.split(r"[,\s]+", text) if part] if QUANTITIES[name].is_list else text


def _schedule_option(name: str) -> Any:
    entry = QUANTITIES[name]
    note = f"{'comma-separated, ' if entry.is_list else ''}{entry.example} unless given"
    return (name, Annotated[str | None, letter(name, note)], None)


_PARAMETERS = tuple(dict.fromkeys(name for names in SCHEDULES.values() for name in names))
_FORM = Parameter(help="form of the temperature as a function of time", choices=tuple(SCHEDULE_CLASSES))

if TYPE_CHECKING:  # the options of all schedules are fields made of the table

    class ScheduleOptions(_ScheduleChoice):
        """The annealing schedule; `constant` is no annealing."""

        def __init__(self, *, schedule: str = "exponential", **parameters: str | None) -> None: ...

        def __getattr__(self, name: str) -> str | None: ...

else:
    ScheduleOptions = Parameter(name="*", group=Group("Schedule", sort_key=1))(
        make_dataclass(
            "ScheduleOptions",
            [("schedule", Annotated[str, _FORM], Default("exponential")), *map(_schedule_option, _PARAMETERS)],
            bases=(_ScheduleChoice,),
            namespace={"__doc__": "The annealing schedule; `constant` is no annealing.", "__module__": __name__},
            frozen=True,
            kw_only=True,
        )
    )


@headed("Start", 2, {"dim": "128", "variance": None}, notes={"variance": "1/dim unless given"})
class InitOptions(Options):
    """The law of the initial means."""

    def build(self) -> "GaussianInit":
        """The initial law."""
        from anneal_theory.problem import GaussianInit

        return GaussianInit(**self.keywords)


@headed("Dynamics", 3, {"objective": "tempered-target", "metric": "euclidean", "family_weight": "0.5"})
class DynamicsOptions(Options):
    """The loss and the metric of the gradient flow."""

    def build(self) -> "Dynamics":
        """The dynamics."""
        from anneal_theory.problem import Dynamics

        return Dynamics(**self.keywords)


@headed("Precision", 5, {"digits": None, "certified": False}, notes={"certified": "15 digits unless given"})
class PrecisionOptions(Options):
    """How many digits, and whether they are proven."""


@Parameter(name="*", group=Group("Output", sort_key=9))
@dataclass(frozen=True, kw_only=True)
class OutputOptions:
    """Where the result goes and in which form."""

    json: Annotated[bool, flag("write JSON instead of text")] = False
    out: Annotated[str | None, file("write to this file instead of the standard output")] = None

    def __post_init__(self) -> None:
        """Refuse a file that cannot be written before the work, not after it."""
        require_writable(self.out, "out")


Quiet = Annotated[bool, flag("show no progress bar")]


def require_distinct(**files: str | None) -> None:
    """Refuse one file for two purposes: the later would overwrite the earlier.

    Raises:
        DomainError: two of them are one file.
    """
    taken: dict[str, str] = {}
    for name, path in files.items():
        if path is None or (os.path.exists(path) and not os.path.isfile(path)):
            continue  # a device takes any number of outputs
        first = taken.setdefault(os.path.realpath(path), name)
        if first != name:
            from anneal_theory.errors import DomainError

            raise DomainError.of(name, f"another file than that of {spell(first)}", path, "each needs one of its own")


def require_left_out(where: str, why: str, **given: Any) -> None:
    """Refuse options that have no meaning beside another.

    Raises:
        DomainError: one of them is given.
    """
    from anneal_theory.errors import DomainError

    for name, value in given.items():
        if value is not None and value is not False:
            raise DomainError.of(name, f"left out {where}", value, why)


# The defaults of the commands (frozen, so they can be shared).
TARGET, SCHEDULE, INIT, DYNAMICS, PRECISION, OUTPUT = (
    TargetOptions(), ScheduleOptions(), InitOptions(), DynamicsOptions(), PrecisionOptions(), OutputOptions()
)  # fmt: skip


def whole(text: str, argument: str) -> int:
    """An integer typed as text: "128", "1e12".

    Raises:
        DomainError: it is not a whole number.

    Example:
        >>> whole("1e3", "dim")
        1000
    """
    from anneal_theory.errors import DomainError
    from anneal_theory.exact import exact

    value = exact(text, argument)
    if value.denominator != 1:
        raise DomainError.of(argument, "a whole number", text, "leave out the decimals")
    return int(value)


def spell(name: str) -> str:
    """A name of the API as an option: decay_time is --decay-time."""
    return "--" + name.replace("_", "-")
