"""The kinds of values that are objects, functions and results: each is known by what it is, loading no library."""

import numbers
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from anneal_theory.errors import DomainError
from anneal_theory.quantities.classes import is_a
from anneal_theory.quantities.domains import MANY, Check, Domain, is_flag, is_many


@dataclass(frozen=True)
class Function(Domain):
    """Something to call.

    Args:
        classes: A class is one too.
    """

    classes: bool = False

    def check(self, value: object, argument: str, advice: str) -> object:
        """The function."""
        if not callable(value) or (isinstance(value, type) and not self.classes):
            raise self.refuse(value, argument, advice)
        return value


@dataclass(frozen=True)
class Thing(Domain):
    """An object of one of some classes, known by name: this layer imports none of them.

    Args:
        classes: Names of the classes; objects of classes derived from them count.
        package: The package that defines them.
        attributes: Values that attributes of the object must have.
    """

    classes: tuple[str, ...] = ()
    package: str = "anneal_theory"
    attributes: tuple[tuple[str, str], ...] = ()

    def check(self, value: object, argument: str, advice: str) -> object:
        """The object."""
        if is_a(type(value), self.classes, self.package):  # type: ignore[arg-type]  # classes are hashable
            for name, wanted in self.attributes:
                if getattr(value, name) != wanted:
                    raise self.refuse(value, argument, f"leave {name} at {wanted!r}: no other is treated here")
            return value
        if isinstance(value, type) and is_a(value, self.classes, self.package):
            raise self.refuse(value, argument, f"give an object, {value.__name__}(...), instead of the class")
        raise self.refuse(value, argument, MANY if self._holds_many(value) else advice)

    def check_of(self, argument: str, advice: str, optional: bool = False) -> Check:
        """Objects of a class that has been met before pass at once, where the class is all that is asked."""
        other = super().check_of(argument, advice, optional)
        if self.attributes:
            return other
        met: set[type] = set()

        def checked(value: object) -> Any:
            if type(value) in met:
                return value
            taken = other(value)
            if is_a(type(value), self.classes, self.package):  # type: ignore[arg-type]  # classes are hashable
                met.add(type(value))
            return taken

        return checked

    def _holds_many(self, value: Any) -> bool:
        kinds = {type(one) for one in value} if is_many(value) else set()
        return bool(kinds) and all(is_a(kind, self.classes, self.package) for kind in kinds)  # type: ignore[arg-type]


@dataclass(frozen=True)
class Names(Domain):
    """A list of names."""

    def check(self, value: object, argument: str, advice: str) -> object:
        """The names as they were given."""
        if not isinstance(value, (list, tuple, set, frozenset)) or not all(isinstance(name, str) for name in value):
            raise self.refuse(value, argument, advice)
        return value


@dataclass(frozen=True)
class Lists(Domain):
    """Lists of values, by name."""

    def check(self, value: object, argument: str, advice: str) -> Any:
        """The lists as they were given."""
        if not isinstance(value, Mapping) or not all(isinstance(name, str) for name in value):
            raise self.refuse(value, argument, advice)
        for name, values in value.items():
            if not (isinstance(values, list | tuple | range) or getattr(values, "ndim", None) == 1):
                step = "one value is a list of one, or an argument"
                raise DomainError.of(f"{argument}[{name!r}]", "a list of values", values, step)
        return value


@dataclass(frozen=True)
class Records(Domain):
    """Arrays by name; what they must hold is up to the function that reads them."""

    def check(self, value: object, argument: str, advice: str) -> object:
        """The arrays as they were given."""
        if not isinstance(value, Mapping) or not all(isinstance(name, str) for name in value):
            raise self.refuse(value, argument, advice)
        return value


@dataclass(frozen=True)
class Cluster(Thing):
    """A client of a cluster, or the address of its scheduler."""

    def check(self, value: object, argument: str, advice: str) -> Any:
        """The client or the address."""
        if isinstance(value, str):
            if not value.strip():
                raise self.refuse(value, argument, advice)
            return value
        return super().check(value, argument, advice)


@dataclass(frozen=True)
class Outcome(Domain):
    """A number that was computed: a double, an mpf or a `Ball`, which may be infinite but not undefined."""

    def check(self, value: object, argument: str, advice: str) -> object:
        """The number as it was given."""
        number = isinstance(value, numbers.Real) or hasattr(value, "_mpf_") or type(value).__name__ == "Ball"
        if not number or is_flag(value) or value != value:
            raise self.refuse(value, argument, advice)
        return value

    def check_of(self, argument: str, advice: str, optional: bool = False) -> Check:
        """Doubles pass at once."""
        other = super().check_of(argument, advice, optional)

        def checked(value: object) -> Any:
            return value if type(value) is float and value == value else other(value)

        return checked


@dataclass(frozen=True)
class NamedOutcomes(Domain):
    """Numbers that were computed, by name."""

    def check(self, value: object, argument: str, advice: str) -> object:
        """The numbers as they were given."""
        if not isinstance(value, dict) or not all(isinstance(name, str) for name in value):
            raise self.refuse(value, argument, advice)
        one = Outcome(self.text)
        for name, number in value.items():
            one.check(number, f"{argument}[{name}]", advice)
        return value
