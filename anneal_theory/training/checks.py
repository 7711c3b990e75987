"""Checks of numbers that a training is told: counts, sizes of steps, shares."""

import math
import operator
from typing import Any

from anneal_theory.errors import DomainError

MOST_NUMBERS = 2**28  # held at once: two gigabytes
_DEFAULT = "leave it out for the default"


def require_whole(name: str, value: Any, least: int, most: int | None = None, next_step: str = _DEFAULT) -> int:
    """An integer between two bounds, as Python's own.

    Raises:
        DomainError: it is none.

    Example:
        >>> require_whole("replicas", 8, 1)
        8
    """
    try:
        if isinstance(value, bool):
            raise TypeError
        found = operator.index(value)
    except TypeError:
        raise DomainError.of(name, f"an integer, at least {least}", value, next_step) from None
    if found < least:
        raise DomainError.of(name, f"an integer, at least {least}", value, next_step)
    if most is not None and found > most:
        shown = value if found < 10**20 else f"an integer of {found.bit_length()} bits"
        raise DomainError.of(name, f"at most {most}, to fit in memory", shown, "use a smaller number")
    return found


def require_real(
    name: str, value: Any, above: float, most: float = math.inf, *, closed: bool = False, next_step: str = _DEFAULT
) -> None:
    """Refuse what is no real number above a bound (or equal to it, where closed), and below infinity or at most `most`.

    Raises:
        DomainError: it is none; complex numbers, text, bools and NaN are none.
    """
    bound = "at least" if closed else "above"
    what = f"a number {bound} {above:g}" + (" and finite" if math.isinf(most) else f" and at most {most:g}")
    if isinstance(value, bool | str | bytes | complex):
        raise DomainError.of(name, what, value, next_step)
    try:
        number = float(value)
    except (TypeError, ValueError, OverflowError):
        raise DomainError.of(name, what, value, next_step) from None
    if not ((number > above or (closed and number == above)) and number <= most and math.isfinite(number)):
        raise DomainError.of(name, what, value, next_step)
