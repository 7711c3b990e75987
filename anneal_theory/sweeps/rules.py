"""What cools a cell down, a schedule or an adaptive rule of training: its parameters, and the form that files keep."""

from collections.abc import Mapping
from typing import Any

from anneal_theory import schedules
from anneal_theory.quantities import QUANTITIES, Quantity
from anneal_theory.quantities.doors import quantities_of
from anneal_theory.schedules import Schedule
from anneal_theory.sweeps.values import normal
from anneal_theory.training.adaptive import AdaAnn, Adaptive, ConstantESS, Rule

_ADAPTIVE: dict[str, type[AdaAnn] | type[ConstantESS]] = {"AdaAnn": AdaAnn, "ConstantESS": ConstantESS}


def parameters_of(rule: Rule) -> dict[str, Any]:
    """The parameters by name.

    Example:
        >>> parameters_of(AdaAnn(10, 0.2))
        {'initial_temperature': 10, 'tolerance': 0.2, 'every': 10, 'samples': 1000}
    """
    return dict(vars(rule) if isinstance(rule, Adaptive) else rule.parameters)


def quantities_of_rule(rule: Rule) -> dict[str, Quantity]:
    """What each parameter is."""
    quantities = quantities_of(vars(type(rule))["__init__"]) if isinstance(rule, Adaptive) else QUANTITIES
    return {name: quantities[name] or QUANTITIES[name] for name in parameters_of(rule)}


def changed_rule(rule: Rule, changes: Mapping[str, object]) -> Rule:
    """The same with other values of these parameters."""
    return type(rule)(**parameters_of(rule) | dict(changes)) if changes else rule


def plain_rule(rule: Rule) -> dict[str, Any]:
    """As plain data for JSON, which `rule_from` takes back.

    Example:
        >>> plain_rule(ConstantESS(10, 0.9))
        {'kind': 'ConstantESS', 'initial_temperature': '10', 'ess': '0.9', 'every': 10, 'samples': 1000}
    """
    quantities = quantities_of_rule(rule)
    own = {name: normal(quantities[name], value, name) for name, value in parameters_of(rule).items()}
    return {"kind": type(rule).__name__} | own


def rule_from(data: Mapping[str, Any]) -> Rule:
    """The schedule or rule whose `plain_rule` this is; KeyError, DomainError or TypeError where there is none such."""
    own = dict(data)
    kind = own.pop("kind")
    if kind in _ADAPTIVE:
        return _ADAPTIVE[kind](**own)
    if kind not in schedules.SCHEDULES:
        raise KeyError(kind)
    schedule: Schedule = getattr(schedules, kind)(**own)
    return schedule
