"""Numbers and arrays of them, which the schedules' public methods take alike."""

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from anneal_theory._types import Exactable, FloatArray
from anneal_theory.exact import exact
from anneal_theory.plain_data import Answer, Ball

Many: TypeAlias = Sequence[float] | FloatArray
Level: TypeAlias = Exactable | Ball
"""A temperature to be above, exact or known as a ball."""
Above: TypeAlias = Answer | FloatArray
"""Times above temperatures."""
# What the public methods take at run time; their overloads say it more exactly.
NumberOrArray: TypeAlias = float | int | np.number[Any] | Sequence[Any] | NDArray[Any]


def excesses(levels: FloatArray) -> FloatArray:
    """Level - 1 of each level: near 1 that of its shortest decimal, where the double's own rounding would count.

    A double below 2 is at most 2^-53 away from its decimal: from 3/2 on a share of 2^-52 of what is left, as of larger
    ones, and so up to 3/4.
    """
    result = levels - 1
    if not result.size or result.min() >= _CLEAR:
        return result
    near = (result < _CLEAR) & (result > -0.5 * _CLEAR)
    result[near] = [_excess(level) for level in levels[near].tolist()]
    return result


@lru_cache(4096)
def _excess(level: float) -> float:
    return float(exact(level) - 1)


_CLEAR = 0.5


def like(value: FloatArray | float, variable: FloatArray) -> FloatArray:
    """A function's values, also of one that does not depend on its variable and gave a number."""
    return value if isinstance(value, np.ndarray) else np.full_like(variable, value)


def elementwise(kernel: Callable[[FloatArray], FloatArray], values: NumberOrArray) -> float | FloatArray:
    """Apply a kernel of one-dimensional arrays to a number (giving a float) or to an array of any shape."""
    array = np.asarray(values, dtype=np.float64)
    result = kernel(array.reshape(-1))
    return float(result[0]) if array.ndim == 0 else result.reshape(array.shape)
