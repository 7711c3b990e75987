"""The constants of a report's target."""

from collections.abc import Callable
from typing import Any

from anneal_theory.errors import DomainError, NoCollapsedState, PrecisionError
from anneal_theory.problem import BimodalTarget

PROVEN_DIGITS = 50


def target_constants(target: BimodalTarget) -> dict[str, float | str]:
    """The constants of the target, each a number or the reason why there is none."""
    from anneal_theory import fixed_points

    collapsed = _or_reason(lambda: fixed_points.collapsed_state(target))
    known = not isinstance(collapsed, str)
    return {
        "overlap": collapsed.overlap if known else collapsed,
        "escape_rate": collapsed.escape_rate if known else collapsed,
        "critical_temperature": _or_reason(lambda: fixed_points.critical_temperature(target)),
        "critical_separation": _or_reason(lambda: fixed_points.critical_separation(target.exact_weight)),
    }


def proven_constants(target: BimodalTarget) -> dict[str, Any]:
    """The main constants as balls of 50 proven digits, or the reason why there is none."""
    from anneal_theory.fixed_points.constants import target_constants as constants_of

    try:
        return constants_of(target, digits=PROVEN_DIGITS, certified=True)
    except (DomainError, PrecisionError) as error:
        return {"none": str(error)}


def _or_reason(value: Callable[[], Any]) -> Any:
    try:
        return value()
    except NoCollapsedState as error:
        return str(error)
