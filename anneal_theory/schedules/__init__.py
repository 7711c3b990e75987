"""Annealing schedules: the temperature as a function of the time of gradient flow (theory section 8).

A schedule is a class in the file of its name (``ExponentialToOne`` in ``exponential_to_one.py``), and an entry of the
same name in ``derivations/schedules.py`` unless it has no formula. ``python -m derivations`` writes its row of
`SCHEDULES`; the command line (``--schedule exponential-to-one``), the reports and the tests read that row.
"""

import importlib
import re
import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from anneal_theory.quantities import QUANTITIES
from anneal_theory.schedules.table import ALTERNATIVES as ALTERNATIVES
from anneal_theory.schedules.table import SCHEDULES as SCHEDULES

if TYPE_CHECKING:
    from anneal_theory.schedules.base import Schedule as Schedule
    from anneal_theory.schedules.function_of_time import FromCallable as FromCallable
    from anneal_theory.schedules.function_of_time import from_callable as from_callable
    from anneal_theory.schedules.table import *  # noqa: F403  # each schedule by its name


def form_of(name: str) -> str:
    """The name of a schedule's file and the first word of its generated functions."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


def schedule_of(function: str) -> str:
    """The schedule that a generated function belongs to; empty for none."""
    return max((name for name in SCHEDULES if function.startswith(form_of(name) + "_")), key=len, default="")


def own_time(parameters: Iterable[str]) -> str:
    """The parameter that is a schedule's own unit of time; empty where there is none."""
    return next((name for name in parameters if name in QUANTITIES and QUANTITIES[name].is_unit_of_time), "")


_HOMES = {name: form_of(name) for name in SCHEDULES} | {
    "Schedule": "base",
    "FromCallable": "function_of_time",
    "from_callable": "function_of_time",
}
if not TYPE_CHECKING:  # type checkers see the imports above
    __all__ = ["SCHEDULES", *sorted(_HOMES)]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        text = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(text, name=name, obj=sys.modules[__name__])  # from which Python names the nearest one
    value = globals()[name] = getattr(importlib.import_module(f"{__name__}.{_HOMES[name]}"), name)
    return value


def __dir__() -> list[str]:
    return [*_HOMES, *globals()]
