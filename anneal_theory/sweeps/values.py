"""The form in which files keep the values of a sweep: numbers as exact texts, whole ones as integers."""

import math
from typing import Any

from anneal_theory.errors import DomainError, Words
from anneal_theory.exact import exact, show
from anneal_theory.quantities import Quantity
from anneal_theory.quantities.axes import MOST_VALUES
from anneal_theory.quantities.domains import Digits, Flag, Text, Whole, Word
from anneal_theory.quantities.real_domains import Number


def listed(quantity: Quantity, values: Any, name: str) -> list[Any]:
    """The values of an axis in that form."""
    entries = list(values.tolist() if hasattr(values, "tolist") else values)
    if not 1 <= len(entries) <= MOST_VALUES:
        what = f"a list of 1 to {MOST_VALUES} values along its axis"
        raise DomainError.of(name, what, f"{len(entries)} of them", "give one or more, and no more than that")
    kept = [normal(quantity, value, f"{name}[{index}]") for index, value in enumerate(entries)]
    distinct: set[Any] = set()
    for value in kept:
        key = tuple(value) if isinstance(value, list) else value
        if key in distinct:
            raise DomainError.of(
                name, "a list of distinct values along its axis", Words(f"{value!r} twice"), "give each once"
            )
        distinct.add(key)
    return kept


def normal(quantity: Quantity, value: object, argument: str) -> object:
    """A value in the form that files keep, and that the functions take back unchanged."""
    if value == "inf" and isinstance(quantity.domain, Number):
        value = math.inf
    checked = quantity.check(value, argument)
    if isinstance(quantity.domain, Flag | Word | Text | Whole | Digits):
        return checked
    if quantity.is_list:
        whole = isinstance(getattr(quantity.domain, "item"), Whole)  # noqa: B009  # a field of lists alone
        return [int(number) if whole else show(exact(number, argument)) for number in checked]
    if isinstance(checked, float) and math.isinf(checked):
        return "inf"
    return show(exact(value, argument))
