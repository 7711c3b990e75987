"""NumPy's treatment of floating-point errors inside the package, whatever the user has set outside."""

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
