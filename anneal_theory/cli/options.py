"""Options that the commands share. Their help comes from the glossary; numbers stay text, so that they are exact."""

import os
import re
from dataclasses import dataclass, fields, make_dataclass, replace
from typing import TYPE_CHECKING, Annotated, Any, cast

from cyclopts import Group, Parameter

from anneal_theory.quantities import QUANTITIES
from anneal_theory.schedules import SCHEDULES, form_of
from anneal_theory.storage import require_writable

if TYPE_CHECKING:
    from anneal_theory.problem import BimodalTarget, Dynamics, GaussianInit
    from anneal_theory.schedules import Schedule


def letter(name: str, note: str = "") -> Parameter:
    """The parameter of one letter of the glossary: its help, and its choices if it is a word."""
    entry = QUANTITIES[name]
    choices = entry.choices or None
    text = entry.meaning if choices else entry.help
    explained = "; ".join([text, note] if note else [text])
    if choices:
        return Parameter(help=explained, choices=choices)
    return Parameter(help=explained, metavar="NUMBER", allow_leading_hyphen=True)


@Parameter(name="*", group=Group("Target", sort_key=0))
@dataclass(frozen=True, kw_only=True)
class TargetOptions:
    """The target density."""

    separation: Annotated[str, letter("separation")] = "3"
    weight: Annotated[str, letter("weight")] = "0.8"

    def build(self) -> "BimodalTarget":
        """The target, exact in what was typed."""
        from anneal_theory.problem import BimodalTarget

        return BimodalTarget(self.separation, self.weight)


# Schedules as the command line names them, with their classes.
SCHEDULE_CLASSES = {form_of(name).replace("_", "-"): name for name in SCHEDULES}


class _ScheduleChoice:
    """What the schedule options do."""

    schedule: str

    @property
    def is_default(self) -> bool:
        """Whether nothing was chosen."""
        return self == type(self)()

    def but(self, **changes: str | None) -> "ScheduleOptions":
        """The same with other options."""
        return cast("ScheduleOptions", replace(cast(Any, self), **changes))  # a dataclass, but not to type checkers

    def build(self) -> "Schedule":
        """The schedule; an option that its form does not take is refused."""
        from anneal_theory import schedules
        from anneal_theory.errors import DomainError

        kind = SCHEDULE_CLASSES[self.schedule]
        takes = SCHEDULES[kind]
        for name in _PARAMETERS:
            value = getattr(self, name)
            if value is not None and name not in takes:
                step = f"it takes {', '.join(spell(name) for name in takes)}"
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
            [("schedule", Annotated[str, _FORM], "exponential"), *map(_schedule_option, _PARAMETERS)],
            bases=(_ScheduleChoice,),
            namespace={"__doc__": "The annealing schedule; `constant` is no annealing.", "__module__": __name__},
            frozen=True,
            kw_only=True,
        )
    )

_COORDINATE = "variance of one coordinate of an initial mean"


@Parameter(name="*", group=Group("Start", sort_key=2))
@dataclass(frozen=True, kw_only=True)
class InitOptions:
    """The law of the initial means."""

    dim: Annotated[str, letter("dim")] = "128"
    variance: Annotated[
        str | None,
        Parameter(help=f"{_COORDINATE} ({QUANTITIES['variance'].domain.text}); 1/dim unless given", metavar="NUMBER"),
    ] = None

    def build(self) -> "GaussianInit":
        """The initial law."""
        from anneal_theory.problem import GaussianInit

        return GaussianInit(whole(self.dim, "dim"), self.variance)


@Parameter(name="*", group=Group("Dynamics", sort_key=3))
@dataclass(frozen=True, kw_only=True)
class DynamicsOptions:
    """The loss and the metric of the gradient flow."""

    objective: Annotated[str, letter("objective")] = "tempered-target"
    metric: Annotated[str, letter("metric")] = "euclidean"
    family_weight: Annotated[str, letter("family_weight")] = "0.5"

    @property
    def keywords(self) -> dict[str, Any]:
        """The keywords of the package's functions."""
        return {field.name: getattr(self, field.name) for field in fields(self)}

    def build(self) -> "Dynamics":
        """The dynamics."""
        from anneal_theory.problem import Dynamics

        return Dynamics(**self.keywords)


@Parameter(name="*", group=Group("Precision", sort_key=4))
@dataclass(frozen=True, kw_only=True)
class PrecisionOptions:
    """How many digits, and whether they are proven."""

    digits: Annotated[str | None, letter("digits")] = None
    certified: Annotated[
        bool, Parameter(negative="", help="prove every digit: each number comes with a radius (15 digits unless given)")
    ] = False

    @property
    def chosen(self) -> bool:
        """Whether more than doubles are asked for."""
        return self.digits is not None or self.certified

    @property
    def keywords(self) -> dict[str, Any]:
        """The keywords of the package's functions; none for doubles."""
        if not self.chosen:
            return {}
        count = None if self.digits is None else whole(self.digits, "digits")
        return {"digits": count, "certified": self.certified}


@Parameter(name="*", group=Group("Output", sort_key=9))
@dataclass(frozen=True, kw_only=True)
class OutputOptions:
    """Where the result goes and in which form."""

    json: Annotated[bool, Parameter(negative="", help="write JSON instead of text")] = False
    out: Annotated[str | None, Parameter(help="write to this file instead of the standard output", metavar="FILE")] = (
        None
    )

    def __post_init__(self) -> None:
        """Refuse a file that cannot be written before the work, not after it."""
        require_writable(self.out, "out")


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
