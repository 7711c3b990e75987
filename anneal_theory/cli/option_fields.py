"""How options of the command line are made of the table of quantities; numbers stay text, so that they are exact."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Annotated, Any, ClassVar, TypeVar, cast

from cyclopts import Group, Parameter

from anneal_theory.quantities import QUANTITIES, Quantity
from anneal_theory.quantities.arrays import ValueList
from anneal_theory.quantities.domains import Digits, Flag, Place, Text, Whole
from anneal_theory.quantities.real_domains import Number

_ALIASES = {"allow_slow": "--yes"}
Heading = TypeVar("Heading", bound=type["OptionGroup"])


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


class OptionGroup:
    """The options under one heading; each is named after an argument, and holds what was typed."""

    quantities: ClassVar[Mapping[str, Quantity]] = {}

    @property
    def keywords(self) -> dict[str, Any]:
        """What was given, as keywords of the package's functions."""
        options = {name: getattr(self, name) for name in self.quantities}
        return {
            name: value if isinstance(value, bool) else typed(self.quantities[name], value, name)
            for name, value in options.items()
            if value is not None and value is not False
        }

    @property
    def typed(self) -> dict[str, Any]:
        """The keywords that were typed, without the defaults."""
        return {name: value for name, value in self.keywords.items() if not isinstance(getattr(self, name), Default)}


def headed(
    heading: str, order: int, defaults: Mapping[str, object], quantities: Mapping[str, Quantity] = QUANTITIES,
    notes: Mapping[str, str] = MappingProxyType({}),
) -> Callable[[Heading], Heading]:  # fmt: skip
    """Give a class of options its fields; defaults are as typed, False for a flag; notes are what the help says
    besides.
    """

    def with_fields(kind: Heading) -> Heading:
        kind.quantities = {name: quantities[name] for name in defaults}
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
        name: quantity
        for name, quantity in quantities_of(vars(kind)["__init__"]).items()
        if quantity and name not in left_out
    }
    return {name: _as_typed(arguments[name].default) for name in quantities}, quantities


def _as_typed(value: object) -> str | bool | None:
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
    if isinstance(domain, ValueList) and isinstance(domain.item, Whole):
        return tuple(typed_integer(part, argument) for part in text.split(","))
    if isinstance(domain, Whole | Digits):
        return typed_integer(text, argument)
    if isinstance(domain, Number) and domain.double:
        from anneal_theory.exact import exact

        return float(exact(text, argument))
    return text


def typed_integer(text: str, argument: str) -> int:
    """An integer typed as text: "128", "1e12"."""
    from anneal_theory.errors import DomainError
    from anneal_theory.exact import exact

    try:
        value = exact(text, argument)
    except DomainError as error:
        raise DomainError.of(argument, "a whole number such as 128 or 1e6", text, "check its spelling") from error
    if value.denominator != 1:
        raise DomainError.of(argument, "a whole number", text, "leave out the decimals")
    return int(value)


def option_name(name: str) -> str:
    """A name of the API as an option: decay_time is --decay-time."""
    return "--" + name.replace("_", "-")
