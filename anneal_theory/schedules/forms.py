"""The closed forms of a schedule: what derivations/schedules.py generates under its name, in any kind of numbers.

A form takes its variable by name: ``excess(elapsed=x)``, ``clock(elapsed=x)``, ``elapsed(scaled_clock=y)``,
``excess_at_clock(scaled_clock=y)``, ``time_above(excess=e)``, ``clock_above(excess=e)``, ``end()``; times and clocks
are in units of the schedule's own time.
"""

from collections.abc import Callable, Mapping
from functools import cache, partial
from typing import Any, TypeAlias

import numpy as np

from anneal_theory._types import FloatArray
from anneal_theory.formulas import schedules as plain
from anneal_theory.formulas import schedules_mp as with_context

Form: TypeAlias = Callable[..., Any]

FORMS = "excess", "clock", "elapsed", "excess_at_clock", "time_above", "clock_above", "end"
"""The quantities that schedules look up here: an output of the derivation by another name would have no user."""
_LATE_CLOCK = 700.0  # exp(x) is finite up to here; beyond it the late form loses nothing, since T0 <= 1e100
_LATE_INVERSE = 1.0
_TINY = 1e-200  # below it (T0 - 1)/excess could overflow, and its logarithm has nothing to cancel


def closed_form(schedule: str, quantity: str, parameters: Mapping[str, object], ctx: object = None) -> Form | None:
    """A generated function with its parameters filled in; None where there is no closed form.

    Without `ctx` functions are NumPy's; every schedule needs T - 1.

    Example:
        >>> half = closed_form("linear", "excess", {"initial_excess": 9.0})
        >>> half(elapsed=0.5)
        4.5
    """
    usual, _, special = _generated(schedule, quantity)
    if ctx is not None and special is not None:
        return partial(special, ctx, **parameters)
    return None if usual is None else partial(usual, **parameters)


def double_form(schedule: str, quantity: str, parameters: Mapping[str, float]) -> Form | None:
    """The same for doubles and arrays of them, with the late twin where the form would overflow or cancel."""
    usual, late, _ = _generated(schedule, quantity)
    if usual is None:
        return None
    early = partial(usual, **parameters)
    return early if late is None else _JOINED[quantity](early, partial(late, **parameters))


@cache
def _generated(schedule: str, quantity: str) -> tuple[Form | None, Form | None, Form | None]:
    """The function with NumPy, its late twin, and the function with a context."""
    name = f"{schedule}_{quantity}"
    if quantity == "excess" and not hasattr(plain, name):
        raise NotImplementedError(f"{name} is not generated: add the schedule to derivations/schedules.py")
    return getattr(plain, name, None), getattr(plain, f"{name}_late", None), getattr(with_context, name, None)


def _up_to(variable: str, limit: float) -> Callable[[Form, Form], Form]:
    """The usual form up to a limit of its variable, and from there on the late one."""

    def joined(usual: Form, late: Form) -> Form:
        def form(**value: FloatArray) -> Any:
            x = value[variable]
            early = usual(**{variable: np.minimum(x, limit)})
            return np.where(x < limit, early, late(**{variable: np.maximum(x, limit)}))

        return form

    return joined


def _time_above(usual: Form, late: Form) -> Form:
    def time_above(excess: FloatArray) -> Any:
        early = usual(excess=np.maximum(excess, _TINY))
        return np.where(excess >= _TINY, early, late(excess=np.minimum(excess, _TINY)))

    return time_above


_JOINED = {
    "clock": _up_to("elapsed", _LATE_CLOCK),
    "elapsed": _up_to("scaled_clock", _LATE_INVERSE),
    "time_above": _time_above,
}
