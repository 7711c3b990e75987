"""The package's exceptions: bad input, absent states, failed solves, digits that cannot be had."""

_LONGEST = 200  # characters of a value in a message


class DomainError(ValueError):
    """An argument lies outside the documented domain of a function."""

    @classmethod
    def of(cls, argument: str, requirement: str, value: object, next_step: str) -> "DomainError":
        """The error as one sentence: which argument, what it must be, what it was, what to do next."""
        end = next_step if next_step.endswith("?") else f"{next_step}."
        return cls(f"{argument} must be {requirement}, but was {_spelled(value)}; {end}")


class NoCollapsedState(DomainError):
    """The target has no collapsed attractor (or no saddle-node), so the quantity does not exist."""


class SolveError(RuntimeError):
    """A numerical method stopped before it reached its stated error."""


class PrecisionError(ArithmeticError):
    """The digits asked for could not be reached; the message says how many were."""


def _spelled(value: object) -> str:
    """A value's text, shortened in the middle; of what cannot spell itself, its class."""
    try:
        text = " ".join(repr(value).split())
    except Exception as error:  # integers beyond Python's limit, objects half built
        return f"a {type(value).__name__} that cannot be shown ({type(error).__name__})"
    if len(text) <= _LONGEST:
        return text
    return f"{text[: _LONGEST // 2]} ... {text[-_LONGEST // 4 :]} ({len(text)} characters)"
