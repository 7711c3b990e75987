"""What a schedule is made of: exact parameters, by which it is kept, compared, printed and put in other units."""

import inspect
from abc import ABC
from fractions import Fraction
from functools import cached_property
from typing import Any, ClassVar, Self

from anneal_theory._types import Exactable
from anneal_theory.exact import exact, spell
from anneal_theory.numerals import plain_fraction
from anneal_theory.quantities import QUANTITIES


class Rounded:
    """A parameter in double precision, rounded once from its exact value at its first use."""

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    def __get__(self, schedule: object, owner: type) -> float:
        if schedule is None:
            return self  # type: ignore[return-value]  # of the class, for those who document it
        value = vars(schedule)[self.name] = float(vars(schedule)[f"exact_{self.name}"])
        return value


class Parameters(ABC):
    """An object made of exact numbers that do not change: x of the constructor is kept as the rational ``exact_x``."""

    _names: ClassVar[tuple[str, ...]]

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        cls._names = tuple(inspect.signature(cls).parameters)

    def _keep(self, **parameters: Exactable) -> None:
        """Store numbers as exact parameters."""
        own = vars(self)
        for name, value in parameters.items():
            own[f"exact_{name}"] = exact(value)

    @property
    def parameters(self) -> dict[str, Any]:
        """The exact parameters by constructor name; of two that take each other's place, the one that was given."""
        own = vars(self)
        return {name: own[f"exact_{name}"] for name in self._names if f"exact_{name}" in own}

    def _stretched(self, factor: Fraction, digits: int | None) -> Self:
        """With every time multiplied by a factor, and rounded to so many digits if any are given."""

        def product(time: Fraction) -> Fraction:
            return time * factor if digits is None else exact(f"{float(time * factor):.{digits}g}")

        changed = self.parameters
        for name, value in changed.items():
            if QUANTITIES[name].time:
                changed[name] = [product(time) for time in value] if QUANTITIES[name].is_list else product(value)
        return type(self)(**changed)

    def to_dict(self) -> dict[str, object]:
        """Plain data for JSON: ``kind`` and the parameters (as strings where no double is exactly equal)."""
        return {"kind": type(self).__name__} | {name: _plain(value) for name, value in self.parameters.items()}

    def __repr__(self) -> str:
        words = (f"{name}={_spell(value)}" for name, value in self.parameters.items())
        return f"{type(self).__name__}({', '.join(words)})"

    @cached_property
    def _key(self) -> tuple[object, ...]:
        """What makes two objects of one class equal."""
        return tuple(self.parameters.items())

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and self._key == other._key

    def __hash__(self) -> int:
        return hash(self._key)

    def __getstate__(self) -> dict[str, object]:
        """What is copied and stored: not what has been computed, which may hold functions."""
        return {name: value for name, value in vars(self).items() if name.startswith("exact_")}

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"{name} cannot be set: a schedule does not change; make another {type(self).__name__}")


def _plain(value: object) -> object:
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return plain_fraction(value) if isinstance(value, Fraction) else value


def _spell(value: object) -> str:
    if isinstance(value, tuple):
        return f"[{', '.join(_spell(item) for item in value)}]"
    return spell(value) if isinstance(value, Fraction) else str(value)
