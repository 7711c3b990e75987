"""NumPy's treatment of floating-point errors inside the package, whatever the user has set outside."""

from contextvars import Context, copy_context
from functools import cache
from typing import Any

import numpy as np

_OWN = {"divide": "warn", "over": "warn", "under": "ignore", "invalid": "warn"}  # NumPy's defaults


def own_floating() -> np.errstate:
    """NumPy's defaults, as a context manager or a decorator: underflow is no error, the others warn.

    A user's ``np.seterr(all="raise")`` is for the user's own numbers: here an infinity may be an intermediate result,
    and a probability below the smallest double is zero.

    Example:
        >>> with np.errstate(all="raise"), own_floating():
        ...     float(np.exp(np.float64(-1e3)))
        0.0
    """
    return _entered()


def _entered(*ignored: str) -> np.errstate:
    settings: dict[str, Any] = _OWN | dict.fromkeys(ignored, "ignore")
    return np.errstate(**settings)


class Entered:
    """The methods of a context variable, for a NumPy that keeps its treatment elsewhere.

    Example:
        >>> way = Entered()
        >>> with np.errstate(all="raise"):
        ...     token = way.set(("over",))
        ...     inside = [np.geterr()[kind] for kind in ("over", "under", "invalid")]
        ...     way.reset(token)
        ...     inside, np.geterr()["under"]
        (['ignore', 'ignore', 'warn'], 'raise')
    """

    def get(self) -> object:
        """Nothing that tells which treatment is in force."""
        return self

    def set(self, ignored: tuple[str, ...]) -> np.errstate:
        """Enter the package's own treatment, with some kinds ignored; `reset` takes what is returned."""
        manager = _entered(*ignored)
        manager.__enter__()
        return manager

    def reset(self, manager: np.errstate) -> None:
        """Go back to what was before."""
        manager.__exit__(None, None, None)


def _kept() -> Any:
    """The context variable in which NumPy keeps its treatment: what ``np.errstate`` changes.

    To set it takes an eighth of the time of ``np.errstate``, which makes its value anew at every entry.
    """
    before = copy_context()
    with own_floating():
        inside = copy_context()
    changed = [variable for variable in inside if inside[variable] is not before.get(variable)]
    return changed[0] if len(changed) == 1 else Entered()


FLOATING = _kept()
"""What has the treatment in force as its value."""


@cache
def treatment(*ignored: str) -> object:
    """The value of `FLOATING` for the package's own treatment, with some kinds of errors ignored."""
    if isinstance(FLOATING, Entered):
        return ignored
    untouched = Context()  # where nobody has set anything: NumPy's defaults are the package's own
    if not ignored and untouched.run(np.geterr) == _OWN:
        return untouched.run(FLOATING.get)
    with _entered(*ignored):
        return FLOATING.get()


class Silent:
    """``np.errstate`` with some kinds of errors ignored and the others treated in the package's own way.

    Args:
        ignored: Of "divide", "over" and "invalid".

    Example:
        >>> with Silent("divide"):
        ...     float(np.log(np.float64(0)))
        -inf
    """

    __slots__ = ("_token", "_treatment")

    def __init__(self, *ignored: str) -> None:
        self._treatment = treatment(*ignored)

    def __enter__(self) -> None:
        self._token = FLOATING.set(self._treatment)

    def __exit__(self, *_error: object) -> None:
        FLOATING.reset(self._token)
