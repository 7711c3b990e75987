"""Ranges in the place of parameters: "1:100:50log" is 50 values from 1 to 100, evenly spaced in the logarithm."""

import math
import re
from collections.abc import Sequence
from dataclasses import fields, replace
from fractions import Fraction
from typing import Any

from anneal_theory.cli.option_fields import option_name, typed_integer
from anneal_theory.quantities import QUANTITIES, Quantity
from anneal_theory.quantities.axes import MOST_VALUES, VARIED
from anneal_theory.quantities.domains import Digits, Whole

_RANGE = re.compile(r"([^:]+):([^:]+):\s*(\d+)\s*(log)?\s*")
_EXAMPLE = 'write "1:100:20log", "0.5:0.9:9", or values "1,3,10"'


def split_axes(*options: Any) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """The options with the first value of each of two ranges in its place, and the ranges as `phase_diagram` takes
    them.
    """
    varied: dict[str, list[Any]] = {}
    groups = []
    for group in options:
        ranges = {name: values for name in VARIED.values() if (values := _range_of(group, name)) is not None}
        groups.append(replace(group, **{name: str(values[0]) for name, values in ranges.items()}))
        varied |= ranges
    axes = {plural: varied[name] for plural, name in VARIED.items() if name in varied}
    if len(axes) != 2:
        from anneal_theory.errors import DomainError, Words

        found, step = _other_than_two(list(varied))
        raise DomainError.of("the map", "over two ranges", Words(found), step)
    return tuple(groups), axes


def _other_than_two(names: list[str]) -> tuple[str, str]:
    """How many ranges were given, and what to do."""
    spelled = ", ".join(map(option_name, names))
    if len(names) > 2:
        return (
            f"over {spelled}",
            "give single values for the others, or use `anneal-theory sweep`, which takes any number",
        )
    if names:
        step = f"{_EXAMPLE} for a second parameter; `anneal-theory sweep` takes one"
        return f"over {spelled} alone", step
    return "over none", f"{_EXAMPLE} for two of the parameters"


def _range_of(group: object, name: str) -> list[object] | None:
    text = getattr(group, name, None)
    return list(values_of(text, name)) if isinstance(text, str) and re.search("[:,]", text) else None


def ranges_of(*options: Any) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """The options without their ranges and lists, and these by parameter, for a sweep.

    Where the target, the schedule or the start varies, the first value takes the place of the range; other options are
    left out where they vary.
    """
    varied: dict[str, list[Any]] = {}
    groups = []
    for group in options:
        own = getattr(group, "quantities", None) or {
            option.name: QUANTITIES.get(option.name) for option in fields(group)
        }
        ranges, first = dict[str, list[Any]](), dict[str, str | None]()
        for name, quantity in own.items():
            text = getattr(group, name)
            several = ";" if quantity is not None and quantity.is_list else "[:,]"
            if quantity is not None and isinstance(text, str) and re.search(several, text):
                lists = quantity.is_list
                ranges[name] = _lists_of(text, name, quantity) if lists else list(values_of(text, name, quantity))
                start = text.partition(";")[0] if lists else str(ranges[name][0])
                first[name] = start if hasattr(group, "build") else None
        groups.append(replace(group, **first))
        varied |= ranges
    return tuple(groups), varied


def _lists_of(text: str, name: str, quantity: Quantity) -> list[Any]:
    """Lists of numbers with semicolons between them."""
    from anneal_theory.cli.option_fields import typed

    lists = [typed(quantity, part, name) for part in text.split(";")]
    return [[x.strip() for x in numbers.split(",")] if isinstance(numbers, str) else list(numbers) for numbers in lists]


def values_of(text: str, name: str, quantity: Quantity | None = None) -> Sequence[object]:
    """The values of a range, or of a list with commas."""
    from anneal_theory.errors import DomainError
    from anneal_theory.exact import exact

    integers = isinstance((quantity or QUANTITIES[name]).domain, Whole | Digits)
    if ":" not in text:
        parts = [part.strip() for part in text.split(",")]
        return [typed_integer(part, name) for part in parts] if integers else parts
    match = _RANGE.fullmatch(text)
    if match is None:
        raise DomainError.of(name, "a number, a range FROM:TO:COUNT or FROM:TO:COUNTlog, or a list", text, _EXAMPLE)
    low, high, count = exact(match[1], name), exact(match[2], name), int(match[3])
    if not (low < high and 2 <= count <= MOST_VALUES and (low > 0 or not match[4])):
        what = f"a rising range of 2 to {MOST_VALUES} values, above 0 where it is logarithmic"
        raise DomainError.of(name, what, text, _EXAMPLE)
    values: Sequence[float | Fraction] = (_logarithmic if match[4] else _even)(low, high, count)
    return [round(value) for value in values] if integers else values


def _even(low: Fraction, high: Fraction, count: int) -> list[Fraction]:
    return [low + (high - low) * Fraction(index, count - 1) for index in range(count)]


def _logarithmic(low: Fraction, high: Fraction, count: int) -> list[float]:
    start, step = math.log(low), (math.log(high) - math.log(low)) / (count - 1)
    inner = [float(f"{math.exp(start + step * index):.12g}") for index in range(1, count - 1)]  # as it is printed
    return [float(low), *inner, float(high)]
