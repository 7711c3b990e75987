"""The options of the annealing schedule, made of the registry of schedules."""

import re
from dataclasses import make_dataclass, replace
from typing import TYPE_CHECKING, Annotated, Any, cast

from cyclopts import Group, Parameter

from anneal_theory.cli.option_fields import Default, letter, option_name
from anneal_theory.cli.refusals import require_left_out
from anneal_theory.quantities import QUANTITIES
from anneal_theory.schedules import ALTERNATIVES, SCHEDULES, form_of

if TYPE_CHECKING:
    from anneal_theory.schedules import Schedule

# Schedules as the command line names them, with their classes.
SCHEDULE_CLASSES = {form_of(name).replace("_", "-"): name for name in SCHEDULES}
FLOW_DECAY = "300"  # the decay time, in optimiser steps, of flows whose training names none


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
        options = {name: getattr(self, name) for name in ("schedule", *_PARAMETERS)}
        return {name: text for name, text in options.items() if text is not None and not isinstance(text, Default)}

    def but(self, **changes: str | None) -> "ScheduleGroup":
        """The same with other options."""
        return cast("ScheduleGroup", replace(cast(Any, self), **changes))  # a dataclass, but not to type checkers

    def build(self) -> "Schedule":
        """The schedule; an option that its form does not take is refused."""
        from anneal_theory import schedules
        from anneal_theory.errors import DomainError

        kind = SCHEDULE_CLASSES[self.schedule]
        takes, (usual, other) = SCHEDULES[kind], ALTERNATIVES.get(kind, ("", ""))
        if other and getattr(self, other) is not None:
            step = f"{option_name(other)} takes its place"
            require_left_out(f"with {option_name(other)}", step, **{usual: getattr(self, usual)})
            takes = tuple(other if name == usual else name for name in takes)
        for name in _PARAMETERS:
            value = getattr(self, name)
            if value is not None and name not in takes:
                own = ", ".join(map(option_name, takes))
                step = f"it takes {own}{f' or {option_name(other)}' if other else ''}"
                raise DomainError.of(option_name(name), f"left out for the schedule {self.schedule}", value, step)
        result: Schedule = getattr(schedules, kind)(**{name: self._argument(name) for name in takes})
        return result

    def _argument(self, name: str) -> str | list[str]:
        value = getattr(self, name)
        text: str = QUANTITIES[name].example if value is None else value
        return [part for part in re.split(r"[,\s]+", text) if part] if QUANTITIES[name].is_list else text


def _schedule_option(name: str) -> Any:
    entry = QUANTITIES[name]
    note = f"{'comma-separated, ' if entry.is_list else ''}{entry.example} unless given"
    note += f" ({FLOW_DECAY} optimiser steps for flows)" if name == "decay_time" else ""
    return (name, Annotated[str | None, letter(name, note)], None)


_PARAMETERS = tuple(dict.fromkeys(name for names in SCHEDULES.values() for name in names))
_FORM = Parameter(help="form of the temperature as a function of time", choices=tuple(SCHEDULE_CLASSES))

if TYPE_CHECKING:  # the options of all schedules are fields made of the table

    class ScheduleGroup(_ScheduleChoice):
        """The annealing schedule; `constant` is no annealing."""

        def __init__(self, *, schedule: str = "exponential", **parameters: str | None) -> None: ...

        def __getattr__(self, name: str) -> str | None: ...

else:
    ScheduleGroup = Parameter(name="*", group=Group("Schedule", sort_key=1))(
        make_dataclass(
            "ScheduleGroup",
            [("schedule", Annotated[str, _FORM], Default("exponential")), *map(_schedule_option, _PARAMETERS)],
            bases=(_ScheduleChoice,),
            namespace={"__doc__": "The annealing schedule; `constant` is no annealing.", "__module__": __name__},
            frozen=True,
            kw_only=True,
        )
    )
