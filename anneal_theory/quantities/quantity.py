"""One quantity of the package: its names, its values, its meaning, and the check of what is given for it."""

from dataclasses import dataclass
from typing import Any

from anneal_theory.quantities.domains import Domain

_ADVICE = "see its documentation"


@dataclass(frozen=True)
class Quantity:
    """One letter of the theory, or one argument of the public functions.

    Args:
        name: The name in code: argument of generated functions, keyword of the API, option of the command line.
        latex: How it is set in formulas; empty for what is no letter.
        domain: Its values.
        meaning: What it is, as a phrase.
        advice: What to do about a value outside the domain.
        time: Whether it is a time of gradient flow (or a list of such) that a schedule is made of.
        example: A usual value as text: the default of the command line.
    """

    name: str
    latex: str
    domain: Domain
    meaning: str
    advice: str = _ADVICE
    time: bool = False
    example: str = ""

    @property
    def help(self) -> str:
        """One line for the command line and for docstrings.

        Example:
            >>> from anneal_theory.quantities import QUANTITIES
            >>> QUANTITIES["separation"].help
            'distance of each mode from the origin, in standard deviations of a mode (positive and finite)'
        """
        return f"{self.meaning} ({self.domain.text})"

    @property
    def is_list(self) -> bool:
        """Whether its values are lists."""
        return hasattr(self.domain, "item")

    @property
    def is_unit_of_time(self) -> bool:
        """Whether it is the one time that a schedule is stretched by."""
        return self.time and not self.is_list

    @property
    def choices(self) -> tuple[str, ...]:
        """The words allowed; none for what is no word."""
        return getattr(self.domain, "choices", ())

    def check(self, value: object, argument: str = "") -> Any:
        """The value in the form in which functions compute with it.

        Args:
            value: What was given.
            argument: The name of the argument in the error's sentence; the quantity's own unless given.

        Raises:
            DomainError: the value is outside the domain.

        Example:
            >>> import numpy as np
            >>> from anneal_theory.quantities import QUANTITIES
            >>> QUANTITIES["replicas"].check(np.int64(7))
            7
        """
        return self.domain.check(value, argument or self.name, self.advice)
