"""The domains of the schedules' parameters and arguments, and the messages of what lies outside."""

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from anneal_theory._types import Exactable, FloatArray
from anneal_theory.errors import DomainError
from anneal_theory.exact import exact

# What the public methods take at run time; their overloads say it more exactly.
Numbers: TypeAlias = float | int | np.number[Any] | Sequence[Any] | NDArray[Any]

# Bounds of what is accepted: products and quotients of two such numbers stay far inside the range of doubles.
LARGEST_TEMPERATURE = 10**100
LARGEST_UNIT = 10**100
LARGEST_TIME = 1e150


def initial_temperature(value: Exactable, argument: str = "initial_temperature") -> Fraction:
    """T0 in [1, 1e100] as a rational."""
    temperature = exact(value, argument)
    if not 1 <= temperature <= LARGEST_TEMPERATURE:
        raise DomainError.of(
            argument, "at least 1 and at most 1e100", value, "annealing cools down to T = 1; use 1 for no annealing"
        )
    return temperature


def positive(value: Exactable, argument: str, next_step: str) -> Fraction:
    """A time or exponent in [1e-100, 1e100] as a rational."""
    number = exact(value, argument)
    if not Fraction(1, LARGEST_UNIT) <= number <= LARGEST_UNIT:
        raise DomainError.of(argument, "positive, from 1e-100 to 1e100", value, next_step)
    return number


def times(values: FloatArray) -> None:
    """Times of the gradient flow."""
    _nonnegative(values, "t", "start the clock at t = 0")


def clocks(values: FloatArray) -> None:
    """Values of the integral of beta."""
    _nonnegative(values, "c", "the clock starts at 0 and only grows")


def levels(values: FloatArray) -> None:
    """Temperatures to compare with."""
    bad = ~((values > 0) & (values < np.inf))
    if bad.any():
        raise DomainError.of("T", "a positive finite temperature", float(values[bad][0]), "use 1 for the target itself")


def excesses(levels: FloatArray) -> FloatArray:
    """Level - 1 of each level: near 1 that of its shortest decimal, where the double's own rounding would count."""
    near = (levels > 0.5) & (levels < 2)
    result = levels - 1
    result[near] = [float(exact(level) - 1) for level in levels[near].tolist()]
    return result


def _nonnegative(values: FloatArray, argument: str, next_step: str) -> None:
    bad = ~((values >= 0) & (values <= LARGEST_TIME))
    if bad.any():
        raise DomainError.of(argument, "non-negative and at most 1e150", float(values[bad][0]), next_step)


def elementwise(
    kernel: Callable[[FloatArray], FloatArray], values: Numbers, check: Callable[[FloatArray], None]
) -> float | FloatArray:
    """Apply a kernel of one-dimensional arrays to a number (giving a float) or to an array of any shape."""
    array = np.asarray(values, dtype=np.float64)
    flat = array.reshape(-1)
    check(flat)
    result = kernel(flat)
    return float(result[0]) if array.ndim == 0 else result.reshape(array.shape)
