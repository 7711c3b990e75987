"""The kinds of values that quantities take, and the one check of each kind.

A check gives the value back, in the form in which functions compute with it, or raises `DomainError` with the argument,
the requirement, the value and the next step. Kinds of numbers keep what is exact (a string, a Fraction) as it is.
NumPy is loaded where numbers are checked, so that the table serves the command line's help without it.
"""

import operator
import os
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from typing import Any, TypeAlias

from anneal_theory.errors import DomainError
from anneal_theory.quantities.classes import argument_that_takes
from anneal_theory.quantities.nearest import nearest

MANY = "one call takes one of them: vectorize(function) takes lists and arrays"
LARGEST_WHOLE = 2**53 - 1  # up to here every whole number is a double
Check: TypeAlias = Callable[[Any], Any]
"""A check of one argument: it takes a value, and gives it back or raises `DomainError`."""


@dataclass(frozen=True)
class Domain(ABC):
    """Where a quantity lives.

    Args:
        text: The domain in words that follow "must be".
        assumptions: Names of SymPy assumptions that hold on it.
    """

    text: str
    assumptions: tuple[str, ...] = ()

    @abstractmethod
    def check(self, value: object, argument: str, advice: str) -> object:
        """The value, if it lies in the domain.

        Raises:
            DomainError: it does not; the sentence names the argument and ends with the advice.
        """

    def check_of(self, argument: str, advice: str, optional: bool = False) -> Check:
        """`check` of one argument, as its function's door keeps it: the commonest values pass before all else is asked.

        Args:
            argument: Its name.
            advice: What to do about a value outside.
            optional: None is a value too.
        """
        check = self.check

        def checked(value: object) -> object:
            if optional and value is None:
                return None
            return check(value, argument, advice)

        return checked

    def refuse(self, value: object, argument: str, advice: str) -> DomainError:
        """The error for a value outside; an object that another argument takes was given in the wrong place."""
        other = argument_that_takes(type(value))  # type: ignore[arg-type]  # classes are hashable
        if other and other != argument:
            advice = f"a {type(value).__name__} is what {other} takes; check the order of the arguments"
        return DomainError.of(argument, self.text, value, advice)

    def rational(self, value: object, argument: str, advice: str) -> Fraction:
        """The rational that a number stands for.

        Raises:
            DomainError: it is no number.
        """
        if is_many(value):
            raise self.refuse(value, argument, MANY)
        if argument_that_takes(type(value)):  # type: ignore[arg-type]  # classes are hashable
            raise self.refuse(value, argument, advice)
        return _exact()(value, argument)


@dataclass(frozen=True)
class Whole(Domain):
    """An integer, of Python or NumPy; truth values and floats are none.

    Args:
        low: Least value.
        high: Greatest value.
    """

    low: int | None = None
    high: int | None = None

    def check(self, value: object, argument: str, advice: str) -> int:
        """The integer as Python's int."""
        number = whole_number(value)
        if number is None and isinstance(value, float) and value.is_integer():
            advice = f"write {value:.0f}, or use astype(int) on an array: floats are no whole numbers here"
        if number is None or (self.low is not None and number < self.low):
            raise self.refuse(value, argument, advice)
        if self.high is not None and number > self.high:
            raise self.refuse(value, argument, advice)
        return number

    def check_of(self, argument: str, advice: str, optional: bool = False) -> Check:
        """Python's integers in the domain pass at once."""
        other = super().check_of(argument, advice, optional)
        least = -LARGEST_WHOLE if self.low is None else self.low
        most = LARGEST_WHOLE if self.high is None else self.high

        def checked(value: object) -> Any:
            return value if type(value) is int and least <= value <= most else other(value)

        return checked


@dataclass(frozen=True)
class Digits(Domain):
    """A number of decimal digits; the refusal of too many says what they would cost."""

    def check(self, value: object, argument: str, advice: str) -> int:
        """The number as Python's int."""
        from anneal_theory.digits import checked_digits

        return checked_digits(value)

    def check_of(self, argument: str, advice: str, optional: bool = False) -> Check:
        """Python's integers in the domain pass at once."""
        from anneal_theory.digits import MAX_DIGITS

        other = super().check_of(argument, advice, optional)

        def checked(value: Any) -> Any:
            return value if type(value) is int and 1 <= value <= MAX_DIGITS else other(value)

        return checked


@dataclass(frozen=True)
class Word(Domain):
    """One of a few words.

    Args:
        choices: The words allowed.
    """

    choices: tuple[str, ...] = ()

    def check(self, value: object, argument: str, advice: str) -> str:
        """The word."""
        if isinstance(value, str) and value in self.choices:
            return value
        near = nearest(value, self.choices)
        raise self.refuse(value, argument, f"did you mean {near!r}?" if near else advice)

    def check_of(self, argument: str, advice: str, optional: bool = False) -> Check:
        """Words that are Python's own pass at once."""
        other, choices = super().check_of(argument, advice, optional), self.choices

        def checked(value: object) -> Any:
            return value if type(value) is str and value in choices else other(value)

        return checked


@dataclass(frozen=True)
class Flag(Domain):
    """A truth value."""

    def check(self, value: object, argument: str, advice: str) -> bool:
        """The truth value as Python's bool."""
        if value is True or value is False:
            return bool(value)
        if not is_flag(value):
            raise self.refuse(value, argument, advice)
        return bool(value)

    def check_of(self, argument: str, advice: str, optional: bool = False) -> Check:
        """Python's own truth values pass at once."""
        other = super().check_of(argument, advice, optional)

        def checked(value: object) -> Any:
            return value if value is True or value is False else other(value)

        return checked


@dataclass(frozen=True)
class Text(Domain):
    """A piece of text."""

    def check(self, value: object, argument: str, advice: str) -> str:
        """The text."""
        if not isinstance(value, str):
            raise self.refuse(value, argument, advice)
        return value

    def check_of(self, argument: str, advice: str, optional: bool = False) -> Check:
        """Python's own texts pass at once."""
        other = super().check_of(argument, advice, optional)

        def checked(value: object) -> Any:
            return value if type(value) is str else other(value)

        return checked


@dataclass(frozen=True)
class Place(Domain):
    """The path of a file."""

    def check(self, value: object, argument: str, advice: str) -> object:
        """The path as it was given."""
        path = value.__fspath__() if isinstance(value, os.PathLike) else value
        if not isinstance(path, str) or not path or "\0" in path:
            raise self.refuse(value, argument, advice)
        return value


@cache
def _exact() -> Callable[[object, str], Fraction]:
    """`exact` of the package, which loads NumPy."""
    from anneal_theory.exact import exact

    return exact


def whole_number(value: object) -> int | None:
    """The integer that a value is, None where it is none (truth values are none).

    Example:
        >>> whole_number(3), whole_number(True), whole_number(3.0)
        (3, None, None)
    """
    if is_flag(value):
        return None
    if getattr(value, "shape", ()) != ():
        return None
    try:
        return operator.index(value)  # type: ignore[arg-type]  # index() itself refuses what is no integer
    except TypeError:
        return None


def is_many(value: object) -> bool:
    """Whether a value is a list, a tuple, a range or an array with a dimension, of which a call takes one element.

    Example:
        >>> is_many([3, 10]), is_many("3")
        (True, False)
    """
    return isinstance(value, (list, tuple, range)) or getattr(value, "ndim", 0) > 0


def is_flag(value: object) -> bool:
    """Whether a value is a truth value of Python or NumPy."""
    kind = type(value)
    return kind is bool or (kind.__module__ == "numpy" and kind.__name__ in ("bool", "bool_"))
