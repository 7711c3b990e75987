"""Values as plain data for JSON, which loses no digit, and back; and the proven enclosure `Ball`."""

from __future__ import annotations

import math
from dataclasses import MISSING, dataclass, fields
from fractions import Fraction
from typing import Any, TypeAlias

import numpy as np

from anneal_theory._types import Mpf, Number
from anneal_theory.errors import DomainError
from anneal_theory.numerals import ball_text, is_mpf, mpf_text, plain_fraction, read_mpf, read_number
from anneal_theory.quantities.doors import checked
from anneal_theory.work import Work


@checked
@dataclass(frozen=True, repr=False)
class Ball:
    """A proven enclosure: the number lies within `radius` of `midpoint`.

    Its text shows all its digits, whatever the precision of mpmath's global context.

    Attributes:
        midpoint: `mpmath.mpf` at the centre.
        radius: `mpmath.mpf`, an upper bound of the distance.

    Example:
        >>> import mpmath
        >>> Ball(mpmath.mpf("0.25"), mpmath.mpf("1e-30"))
        Ball(0.25 +/- 1.00001E-30)
    """

    midpoint: Mpf
    radius: Mpf

    @property
    def value(self) -> Mpf:
        """The midpoint."""
        return self.midpoint

    @property
    def error(self) -> Mpf:
        """The radius."""
        return self.radius

    def __str__(self) -> str:
        return "{} +/- {}".format(*ball_text(self.midpoint, self.radius))

    def __repr__(self) -> str:
        return f"Ball({self})"

    def __float__(self) -> float:
        return float(self.midpoint)

    def to_dict(self) -> dict[str, Any]:
        """Plain data for JSON: decimal strings that enclose the number, and what `from_dict` needs besides.

        ``radius`` is rounded up and covers the rounding of ``midpoint``; ``own_radius`` is this ball's without that.
        """
        midpoint, radius = ball_text(self.midpoint, self.radius)
        return {"midpoint": midpoint, "radius": radius, "own_radius": mpf_text(self.radius)}

    @classmethod
    @checked
    def from_dict(cls, data: dict[str, object]) -> Ball:
        """The ball whose `to_dict` this is, equal in both numbers.

        Raises:
            DomainError: something is missing or is no decimal.

        Example:
            >>> import mpmath
            >>> ball = Ball(mpmath.mpf(1) / 3, mpmath.mpf("1e-17"))
            >>> Ball.from_dict(ball.to_dict()) == ball
            True
        """
        missing = {"midpoint", "own_radius"} - set(data)
        if missing:
            raise DomainError.of("data", "what Ball.to_dict() gave", sorted(data), f"{missing.pop()!r} is missing")
        return cls(read_mpf(data["midpoint"], "midpoint"), read_mpf(data["own_radius"], "own_radius"))


Answer: TypeAlias = Number | Ball
"""What functions with `digits` and `certified` return: a double, a number of mpmath, or a ball that encloses it."""


def read_answer(value: object, name: str) -> Any:
    """A ball or a number of saved data."""
    return Ball.from_dict(value) if isinstance(value, dict) else read_number(value, name)


def read_work(data: object) -> Work | None:
    """What an answer took, of saved data."""
    if data is None:
        return None
    if not isinstance(data, dict) or not all(type(count) is int and count >= 0 for count in data.values()):
        raise DomainError.of("work", "a dictionary of counts", data, "save the estimate again with to_dict()")
    return Work(**fields_of(Work, data))


_AS_THEY_ARE = (str, int, bool, type(None))


def plain(value: object) -> Any:
    """A value as JSON data that loses no digit.

    Doubles stay numbers (infinities and nan become words), an ``mpf`` becomes a decimal string (`numerals`), a ball the
    strings of its `Ball.to_dict`, a rational a number where a double's shortest decimal is it and else text, arrays
    lists, and what has no form in JSON its text.
    """
    if type(value) in _AS_THEY_ARE or (type(value) is float and math.isfinite(value)):
        return value
    if isinstance(value, Ball | Work):
        return value.to_dict()
    if isinstance(value, Fraction):
        return plain_fraction(value)
    if is_mpf(value):
        return mpf_text(value)
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, np.ndarray | np.generic):
        return plain(value.tolist())
    if isinstance(value, bool | int | str) or value is None:
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    return str(value)


def fields_of(kind: type[Any], data: dict[str, Any]) -> dict[str, Any]:
    """The data as the arguments of a dataclass."""
    required = {member.name: member.default is MISSING and member.default_factory is MISSING for member in fields(kind)}
    unknown = set(data) - set(required)
    missing = {name for name, needed in required.items() if needed and name not in data}
    if unknown or missing:
        difference = f"{sorted(missing)} missing, {sorted(unknown)} unknown"
        raise DomainError.of("data", f"what {kind.__name__}.to_dict() gave", sorted(data), difference)
    return dict(data)


def array_of(value: object, argument: str) -> np.ndarray:
    """The array of numbers, or of truth values, whose `plain` data this is.

    Example:
        >>> array_of([0.1, "nan"], "times"), array_of([True], "collapsed")
        (array([0.1, nan]), array([ True]))
    """
    try:
        array = np.asarray(value)
        if array.dtype.kind not in "biuf" or array.ndim == 0:  # infinities and nan are words
            array = np.array(value, dtype=np.float64)
    except (TypeError, ValueError, OverflowError):
        array = np.zeros(())
    if not isinstance(value, list) or array.ndim == 0:
        raise DomainError.of(argument, "a list of numbers", value, "give the data that were saved")
    return array


def arrays_of(value: object, argument: str) -> dict[str, np.ndarray]:
    """Arrays by name."""
    if not isinstance(value, dict):
        raise DomainError.of(argument, "lists of numbers by name", value, "give the data that were saved")
    return {name: array_of(numbers, f"{argument}[{name!r}]") for name, numbers in value.items()}
