"""Times above a temperature to any number of digits, proven: closed forms in Arb balls, parameters as exact rationals.

Both `Schedule.time_above` and `Schedule.clock_above` fall as the temperature rises, so a temperature known only as a
ball gives the hull of the values at its two ends, each of which is an exact rational.
"""

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np

from anneal_theory.balls import DEFAULT_DIGITS, answer, refined
from anneal_theory.errors import DomainError
from anneal_theory.exact import exact
from anneal_theory.results import Ball

Kernel = Callable[[Fraction], Any]


def above(kernel: Kernel, T: Any, digits: int | None, certified: bool) -> Any:
    """A quantity that falls as the temperature level rises, at an exact level or at a ball.

    Args:
        kernel: From an exact level to an Arb ball at flint's working precision; infinite where the answer is.
        T: The level, a number or a `Ball`.
        digits: Correct relative digits; None means 15, or whatever a ball allows.
        certified: Return a `Ball` instead of an ``mpf``.

    Raises:
        DomainError: the level is not positive, or is an array.
        PrecisionError: the level's ball is too wide for the digits.
    """
    low, high = _ends(T)
    count = DEFAULT_DIGITS if digits is None else digits
    wanted = 0 if digits is None and isinstance(T, Ball) else count
    return answer(refined(lambda: _hull(kernel, low, high), wanted, "the ball of T is too wide"), count, certified)


def _hull(kernel: Kernel, low: Fraction, high: Fraction) -> Any:
    shortest = kernel(high)
    if low == high or str(shortest) == "inf":
        return shortest
    longest = kernel(low)
    if not longest.is_finite():
        raise DomainError.of(
            "T", "a ball above the final temperature", "one that contains it", "give the ball with more digits"
        )
    return shortest.union(longest)


def _ends(T: Any) -> tuple[Fraction, Fraction]:
    if isinstance(T, np.ndarray | list | tuple):
        raise DomainError.of("T", "one number where digits are asked for", T, "ask for one level at a time")
    if isinstance(T, Ball):
        middle, radius = exact(T.midpoint, "T"), exact(T.radius, "T")
        low, high = middle - radius, middle + radius
    else:
        low = high = exact(T, "T")
    if low <= 0:
        raise DomainError.of("T", "a positive finite temperature", T, "use 1 for the target itself")
    return low, high
