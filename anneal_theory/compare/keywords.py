"""Keywords that are passed on: unknown or refused ones are named before any work."""

import inspect
from collections.abc import Callable, Collection, Iterable
from typing import Any

from anneal_theory.errors import DomainError


def require_keywords(
    argument: str, given: Iterable[str], function: Callable[..., Any], refused: Collection[str]
) -> None:
    """Refuse keywords that a function does not have, or that its caller sets itself.

    Args:
        argument: Name for the message.
        given: The keywords.
        function: Where they will be passed on to.
        refused: Those of its keywords that the caller sets, or that have no meaning there.

    Raises:
        DomainError: some are unknown or refused.
    """
    own = inspect.signature(function).parameters.values()
    known = {one.name for one in own if one.kind is inspect.Parameter.KEYWORD_ONLY}
    wrong = sorted(set(given) - (known - set(refused)))
    if wrong:
        what = f"other keywords of {function.__name__} ({', '.join(sorted(known - set(refused)))})"
        raise DomainError.of(argument, what, wrong, "leave these out")
