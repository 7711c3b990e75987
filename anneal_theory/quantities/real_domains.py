"""One real number: the kind of values that most quantities of the theory have."""

import math
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

from anneal_theory.quantities.domains import LARGEST_WHOLE, Check, Domain

_INFINITE = float("inf")
_LARGEST = 2.0**1023  # as of `exact`
_CLEAR = 1e-9  # shares so far from 0 and 1 have a complement, whatever their last digits


@dataclass(frozen=True)
class Number(Domain):
    """One real number: int, float, str, Fraction, Decimal, NumPy scalar or mpf.

    Args:
        low: Least value.
        above: Largest value that is too small.
        high: Greatest value.
        below: Smallest value that is too large.
        double: Handed on as an int or a float, for functions that compute in doubles.
        infinite: Infinity is a value.
        complement: A share: it and its complement are both positive doubles.
        resolved: Its nearest double lies in the domain too.
        ball: A `Ball` is a value too.
    """

    low: Fraction | float | None = None
    above: Fraction | float | None = None
    high: Fraction | float | None = None
    below: Fraction | float | None = None
    double: bool = False
    infinite: bool = False
    complement: bool = False
    resolved: bool = False
    ball: bool = False

    def check(self, value: Any, argument: str, advice: str) -> object:
        """The number, as it was given or as a double."""
        kind = type(value)
        if (kind is float or (kind is int and abs(value) < 2**53)) and -_LARGEST <= value <= _LARGEST:
            if self._holds(value) and (not self.complement or _CLEAR <= value <= 1 - _CLEAR):
                return value
        elif kind is float and not abs(value) < _INFINITE:  # infinite or nan
            if self.infinite and value == _INFINITE:
                return value
            raise self.refuse(value, argument, advice)
        elif self.ball and kind.__name__ == "Ball":
            return value
        return self._exactly(value, argument, advice)

    def check_of(self, argument: str, advice: str, optional: bool = False) -> Check:
        """Doubles and whole numbers in the domain pass at once."""
        (least, most), other = self._usual, super().check_of(argument, advice, optional)

        def checked(value: Any) -> object:
            kind = type(value)
            return value if (kind is float or kind is int) and least <= value <= most else other(value)

        return checked

    @cached_property
    def _usual(self) -> tuple[float, float]:
        """The least and the greatest double of those that pass, up to which whole numbers are doubles too."""
        clear = (_CLEAR, 1 - _CLEAR) if self.complement else (-LARGEST_WHOLE, LARGEST_WHOLE)
        lows = [low for low in (self.low, self.above, clear[0]) if low is not None]
        highs = [high for high in (self.high, self.below, clear[1]) if high is not None]
        least, most = float(max(lows)), float(min(highs))
        while not self._holds(least):  # the bound itself is none, or it was rounded
            least = math.nextafter(least, math.inf)
        while not self._holds(most):
            most = math.nextafter(most, -math.inf)
        return least, most

    def _exactly(self, value: object, argument: str, advice: str) -> object:
        number = self.rational(value, argument, advice)
        least, most = self._usual
        rounded = float(number)
        if least < rounded < most:  # then no rounding hides that the number lies beyond a bound
            return rounded if self.double else value
        from anneal_theory.exact import has_complement

        if not self._holds(number) or (self.complement and not has_complement(number)):
            raise self.refuse(value, argument, advice)
        if (self.double or self.resolved) and not self._holds(rounded):  # out of the domain
            raise self.refuse(value, argument, advice)
        return rounded if self.double else value

    def _holds(self, value: Fraction | float) -> bool:
        return (
            (self.low is None or value >= self.low)
            and (self.above is None or value > self.above)
            and (self.high is None or value <= self.high)
            and (self.below is None or value < self.below)
        )
