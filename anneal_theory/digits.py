"""How many digits may be asked for, and what they cost."""

import operator
from collections.abc import Callable

from anneal_theory.errors import DomainError

MAX_DIGITS = 10**6
# One value at R = 3: 3 s and 250 s were measured at 10^5 digits, growing like the powers 1.6 and 2.1 of the digits.
_HOURS_AT_MILLION_DIGITS = {"psi": (0.033, 1.6), "phi": (9.0, 2.1)}
_FORESEEN = 10**15  # beyond it nobody asks for hours, and at some length Python writes no integer out


def checked_digits(digits: object) -> int:
    """`digits` as an int from 1 to 10^6."""
    requirement = f"an integer from 1 to {MAX_DIGITS}"
    try:
        count = 0 if isinstance(digits, bool) else operator.index(digits)  # type: ignore[arg-type]
    except TypeError:
        raise DomainError.of("digits", requirement, digits, "give the number of decimal digits as an int") from None
    if count < 1:
        raise DomainError.of("digits", requirement, digits, "ask for one digit or more")
    if count > MAX_DIGITS:
        raise DomainError.of("digits", requirement, digits, f"{cost_of(count)}; ask for fewer")
    return count


def accepted_digits(digits: object, most: int, seconds: Callable[[int], float], allow_slow: bool) -> int:
    """`digits` as by `checked_digits`, and no more than are practical unless the cost is accepted.

    Example:
        >>> accepted_digits(40, 30, lambda digits: 60.0 * digits, allow_slow=True)
        40
    """
    count = checked_digits(digits)
    if count > most and not allow_slow:
        what = f"at most {most} here unless the cost is accepted"
        minutes = max(round(seconds(count) / 60), 1)
        step = f"it would take about {minutes} minute{'s' if minutes > 1 else ''}: pass allow_slow=True"
        raise DomainError.of("digits", what, digits, step)
    return count


def cost_of(digits: int) -> str:
    """What one value costs at so many digits, in words.

    Example:
        >>> cost_of(10**7)
        '10000000 digits would take about 1.3 hours for a value of psi and 1.1e+03 hours for one of phi'
    """
    if digits > _FORESEEN:
        return "so many digits are out of reach"
    ratio = digits / MAX_DIGITS
    hours = [f"{scale * ratio**power:.2g} hours" for scale, power in _HOURS_AT_MILLION_DIGITS.values()]
    return f"{digits} digits would take about {hours[0]} for a value of psi and {hours[1]} for one of phi"
