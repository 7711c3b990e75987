"""The package's exceptions: bad input, absent states, failed solves, lost digits, missing libraries, interruptions."""

from pathlib import Path
from typing import Self

_LONGEST = 200  # characters of a value in a message


class Words(str):
    """What a value was, in words: shown in a message as it is, without quotes.

    Example:
        >>> str(DomainError.of("out", "the file of the picture", Words("missing"), "give --out x.pdf"))
        'out must be the file of the picture, but was missing; give --out x.pdf.'
    """

    __slots__ = ()


class DomainError(ValueError):
    """An argument lies outside the documented domain of a function.

    Attributes:
        argument: Its name, or "" where the sentence is not about one argument.
        requirement: What it must be.
        value: What it was, as text.
        next_step: What to do.
    """

    argument: str = ""
    requirement: str = ""
    value: str = ""
    next_step: str = ""

    @classmethod
    def of(cls, argument: str, requirement: str, value: object, next_step: str) -> Self:
        """The error as one sentence: which argument, what it must be, what it was, what to do next."""
        text = _spelled(value)
        error = cls(sentence(argument, requirement, text, next_step))
        error.argument, error.requirement, error.value, error.next_step = argument, requirement, text, next_step
        return error


def sentence(argument: str, requirement: str, value: str, next_step: str) -> str:
    """The sentence of a `DomainError`."""
    end = next_step if next_step.endswith("?") else f"{next_step}."
    return f"{argument} must be {requirement}, but was {value}; {end}"


class NoCollapsedState(DomainError):
    """The target has no collapsed attractor (or no saddle-node), so the quantity does not exist."""


class SolveError(RuntimeError):
    """A numerical method stopped before it reached its stated error."""


class PrecisionError(ArithmeticError):
    """The digits asked for could not be reached; the message says how many were."""


class MissingExtra(ImportError):
    """A library is not installed; the message names the extra that brings it."""


def _spelled(value: object) -> str:
    """A value's text, shortened in the middle; of what cannot spell itself, its class."""
    if isinstance(value, Words):
        return " ".join(value.split())
    try:
        text = " ".join(repr(value).split())
    except Exception as error:  # integers beyond Python's limit, objects half built
        return f"a {type(value).__name__} that cannot be shown ({type(error).__name__})"
    if len(text) <= _LONGEST:
        return text
    return f"{text[: _LONGEST // 2]} ... {text[-_LONGEST // 4 :]} ({len(text)} characters)"


class Interrupted(KeyboardInterrupt):
    """Work that Ctrl-C ended; the message says what is kept and how to go on.

    Attributes:
        checkpoint: The file that holds what was finished; None where there is none.
    """

    def __init__(self, message: str, checkpoint: Path | None = None) -> None:
        super().__init__(message)
        self.checkpoint = checkpoint
