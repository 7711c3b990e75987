"""The package's exceptions: bad input, absent states, failed solves, digits that cannot be had, interruptions."""

from pathlib import Path


class DomainError(ValueError):
    """An argument lies outside the documented domain of a function."""

    @classmethod
    def of(cls, argument: str, requirement: str, value: object, next_step: str) -> "DomainError":
        """The error as one sentence: which argument, what it must be, what it was, what to do next."""
        return cls(f"{argument} must be {requirement}, but was {value!r}; {next_step}.")


class NoCollapsedState(DomainError):
    """The target has no collapsed attractor (or no saddle-node), so the quantity does not exist."""


class SolveError(RuntimeError):
    """A numerical method stopped before it reached its stated error."""


class PrecisionError(ArithmeticError):
    """The digits asked for could not be reached; the message says how many were."""


class Interrupted(KeyboardInterrupt):
    """Work that Ctrl-C ended; the message says what is kept and how to go on.

    Attributes:
        checkpoint: The file that holds what was finished; None where there is none.
    """

    def __init__(self, message: str, checkpoint: Path | None = None) -> None:
        super().__init__(message)
        self.checkpoint = checkpoint
