"""Keywords that are passed on: unknown or refused ones are named before any work."""

import inspect
from collections.abc import Callable, Collection, Iterable
from typing import Any

from anneal_theory.errors import DomainError
from anneal_theory.training.checks import require_real


def require_keywords(
    argument: str, given: Iterable[str], function: Callable[..., Any], refused: Collection[str],
    more: Collection[str] = (),
) -> None:  # fmt: skip
    """Refuse keywords that a function does not have, or that its caller sets itself.

    Args:
        argument: Name for the message.
        given: The keywords.
        function: Where they will be passed on to.
        refused: Those of its keywords that the caller sets, or that have no meaning there.
        more: Keywords that the function passes on in turn.

    Raises:
        DomainError: some are unknown or refused.
    """
    own = inspect.signature(function).parameters.values()
    known = {one.name for one in own if one.kind is inspect.Parameter.KEYWORD_ONLY} | set(more)
    wrong = sorted(set(given) - (known - set(refused)))
    if wrong:
        what = f"other keywords of {function.__name__} ({', '.join(sorted(known - set(refused)))})"
        raise DomainError.of(argument, what, wrong, "leave these out")


def require_false_alarm(value: Any, default: float) -> None:
    """Refuse what is no false-alarm rate, strictly between 0 and 1.

    Raises:
        DomainError: it is none.
    """
    requirement = f"{default:g} is the default"
    require_real("false_alarm", value, 0, 1, next_step=requirement)
    if value == 1:
        raise DomainError.of("false_alarm", "strictly between 0 and 1", value, requirement)
