"""The package's exceptions: bad input, absent states, failed solves, digits that cannot be had, missing libraries."""

from typing import Self


class DomainError(ValueError):
    """An argument lies outside the documented domain of a function.

    Attributes:
        argument: Its name, or "" where the sentence is not about one argument.
        requirement: What it must be.
        value: What it was.
        next_step: What to do.
    """

    argument: str = ""
    requirement: str = ""
    value: object = None
    next_step: str = ""

    @classmethod
    def of(cls, argument: str, requirement: str, value: object, next_step: str) -> Self:
        """The error as one sentence: which argument, what it must be, what it was, what to do next."""
        error = cls(sentence(argument, requirement, value, next_step))
        error.argument, error.requirement, error.value, error.next_step = argument, requirement, value, next_step
        return error


def sentence(argument: str, requirement: str, value: object, next_step: str) -> str:
    """The sentence of a `DomainError`."""
    return f"{argument} must be {requirement}, but was {value!r}; {next_step}."


class NoCollapsedState(DomainError):
    """The target has no collapsed attractor (or no saddle-node), so the quantity does not exist."""


class SolveError(RuntimeError):
    """A numerical method stopped before it reached its stated error."""


class PrecisionError(ArithmeticError):
    """The digits asked for could not be reached; the message says how many were."""


class MissingExtra(ImportError):
    """A library is not installed; the message names the extra that brings it."""
