"""NumPy's treatment of floating-point errors inside the package, whatever the user has set outside."""

from contextvars import Context, copy_context
from typing import Any

import numpy as np


def own_floating() -> np.errstate:
    """NumPy's defaults, as a context manager or a decorator: underflow is no error, the others warn.

    A user's ``np.seterr(all="raise")`` is for the user's own numbers: here an infinity may be an intermediate result,
    and a probability below the smallest double is zero.

    Example:
        >>> with np.errstate(all="raise"), own_floating():
        ...     float(np.exp(np.float64(-1e3)))
        0.0
    """
    return np.errstate(divide="warn", over="warn", under="ignore", invalid="warn")


class Entered:
    """`own_floating` by the methods of a context variable, for a NumPy that keeps its treatment elsewhere.

    Example:
        >>> way = Entered()
        >>> with np.errstate(all="raise"):
        ...     token = way.set(None)
        ...     inside = np.geterr()["under"]
        ...     way.reset(token)
        ...     inside, np.geterr()["under"]
        ('ignore', 'raise')
    """

    def get(self) -> object:
        """Nothing that tells whether the package's own treatment is in force."""
        return self

    def set(self, _treatment: object) -> np.errstate:
        """Enter the package's own treatment; `reset` takes what is returned."""
        manager = own_floating()
        manager.__enter__()
        return manager

    def reset(self, manager: np.errstate) -> None:
        """Go back to what was before."""
        manager.__exit__(None, None, None)


def _kept() -> tuple[Any, object]:
    """The context variable in which NumPy keeps its treatment, and the package's own as a value of it.

    To set it takes an eighth of the time of ``np.errstate``, which makes its value anew at every entry.
    """
    before = copy_context()
    with own_floating():
        inside = copy_context()
    changed = [variable for variable in inside if inside[variable] is not before.get(variable)]
    if len(changed) != 1:
        return Entered(), None
    (variable,) = changed
    untouched = Context()  # where nobody has set anything: NumPy's defaults are the package's own
    if untouched.run(np.geterr) == inside.run(np.geterr):
        return variable, untouched.run(variable.get)
    return variable, inside[variable]


FLOATING, OWN = _kept()
"""What has the treatment that is in force as its value, and that value for the package's own."""
