"""Keywords that are passed on: unknown or refused ones are named before any work, and others by the caller's names."""

import inspect
import re
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager

from anneal_theory.errors import DomainError, Interrupted, SolveError, sentence


def require_keywords(
    argument: str, keywords: Iterable[str], function: Callable[..., object], refused: Collection[str]
) -> None:
    """Refuse keywords that the function they go to does not have, or that its caller sets itself (`refused`)."""
    own = inspect.signature(function).parameters.values()
    accepted = {parameter.name for parameter in own if parameter.kind is inspect.Parameter.KEYWORD_ONLY}
    wrong = sorted(set(keywords) - (accepted - set(refused)))
    if wrong:
        what = f"other keywords of {function.__name__} ({', '.join(sorted(accepted - set(refused)))})"
        raise DomainError.of(argument, what, wrong, "leave these out")


@contextmanager
def own_words(**names: str) -> Iterator[None]:
    """Errors of the functions that a comparison calls, in the names of its own arguments.

    Raises:
        Interrupted: Ctrl-C; a training's own message names a checkpoint that no comparison gives it.

    Example:
        >>> with own_words(end_time="budget"):
        ...     raise DomainError.of("end_time", "longer", 3, "use end_time=4")
        Traceback (most recent call last):
        anneal_theory.errors.DomainError: budget must be longer, but was 3; use budget=4.
    """

    def renamed(text: str) -> str:
        return re.sub(r"\b\w+\b", lambda word: names.get(word[0], word[0]), text)

    try:
        yield
    except Interrupted as interruption:
        if interruption.checkpoint is not None:  # the comparison's own
            raise
        raise Interrupted("interrupted; nothing is kept") from interruption
    except DomainError as error:
        if error.argument:
            error.argument, error.requirement, error.next_step = map(
                renamed, (error.argument, error.requirement, error.next_step)
            )
            error.args = (sentence(error.argument, error.requirement, error.value, error.next_step),)
        raise
    except SolveError as error:
        error.args = (renamed(str(error)),)
        raise
