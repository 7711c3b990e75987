"""Arrays and lists of numbers: the kinds of values that stand for many."""

import math
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, pairwise
from typing import Any

from anneal_theory.quantities.domains import LARGEST_WHOLE, Check, Domain

_INFINITE = float("inf")
_FEW = 32


@dataclass(frozen=True)
class Numbers(Domain):
    """A real number, or an array (or nested list) of finite ones.

    Args:
        low: Least value.
        above: Largest value that is too small.
        high: Greatest value.
        axes: Number of axes that an array must have; None for any number, and for single numbers.
        exactly: Single numbers are kept as they were given.
        ball: A `Ball` is a value too.
    """

    low: float | None = None
    above: float | None = None
    high: float | None = None
    axes: int | None = None
    exactly: bool = False
    ball: bool = False

    def check(self, value: Any, argument: str, advice: str) -> object:
        """The number, as it was given or as a double; an array of doubles."""
        kind = type(value)
        if self.axes is None and (isinstance(value, float) or (kind is int and abs(value) < 2**53)):
            if not self._holds(float(value)):  # infinite and nan too
                raise self.refuse(value, argument, advice)
            return float(value) if kind is not int and not self.exactly else value  # NumPy's double is a float too
        if isinstance(value, list | tuple | range):
            return self._array(value, _in_doubles(value, argument), argument, advice)
        if _axes(value):
            return self._array(value, value, argument, advice)
        if self.axes is not None:
            raise self.refuse(value, argument, advice)
        if self.ball and kind.__name__ == "Ball":
            return value
        return self._single(value, argument, advice)

    def check_of(self, argument: str, advice: str, optional: bool = False) -> Check:
        """Doubles, whole numbers and arrays and lists of doubles in the domain pass at once."""
        from numpy import asarray, dtype, maximum, minimum, ndarray

        other, axes, double = super().check_of(argument, advice, optional), self.axes, dtype("float64")
        ranks = range(1, 65) if axes is None else (axes,)
        (least, most), lowest, highest = self._usual, minimum.reduce, maximum.reduce
        single_least, single_most = max(least, -LARGEST_WHOLE), min(most, LARGEST_WHOLE)

        def checked(value: Any) -> Any:
            kind = type(value)
            if kind is float or kind is int:
                return value if axes is None and single_least <= value <= single_most else other(value)
            if kind is ndarray:
                array = value if value.dtype is double else None
            else:
                array = asarray(value) if kind is list and _is_of_doubles(value) else None
            if array is None or array.ndim not in ranks or not array.size:
                return other(value)
            if array.size > _FEW:
                inside = least <= lowest(array, None) and highest(array, None) <= most  # and neither is nan
            else:  # Python's own functions are through with a few before NumPy's have begun
                few = array.ravel().tolist()
                inside = least <= min(few) and max(few) <= most and math.isfinite(sum(few))
            return array if inside else other(value)

        return checked

    @cached_property
    def _usual(self) -> tuple[float, float]:
        """The least and the greatest double of the domain."""
        least = -sys.float_info.max if self.low is None else float(self.low)
        if self.above is not None:
            least = max(least, math.nextafter(self.above, math.inf))
        return least, sys.float_info.max if self.high is None else float(self.high)

    def _single(self, value: object, argument: str, advice: str) -> object:
        value = _number(value)
        nearest = float(self.rational(value, argument, advice))
        if not self._holds(nearest):
            raise self.refuse(value, argument, advice)
        return value if self.exactly else nearest

    def _array(self, original: object, value: object, argument: str, advice: str) -> object:
        import numpy as np

        try:
            array = np.asarray(value)
        except (TypeError, ValueError, OverflowError, RuntimeError) as error:  # ragged lists, tensors with gradients
            raise self.refuse(original, argument, advice) from error
        numeric = array.dtype.kind in "iuf" or not array.size
        if not numeric or (self.axes is not None and array.ndim != self.axes):
            raise self.refuse(original, argument, advice)
        if type(original) is not np.ndarray and np.any(getattr(original, "mask", False)):
            raise self.refuse(original, argument, advice)
        array = np.asarray(array, dtype=np.float64)
        if not array.size:
            return array
        least, most = np.minimum.reduce(array, axis=None), np.maximum.reduce(array, axis=None)  # nan where one is
        if self._holds(float(least)) and self._holds(float(most)):
            return array
        good = np.isfinite(array)
        for bound, holds in ((self.low, np.greater_equal), (self.above, np.greater), (self.high, np.less_equal)):
            if bound is not None:
                good &= holds(array, bound)
        raise self.refuse(float(array[~good].flat[0]), argument, advice)

    def _holds(self, value: float) -> bool:
        return (
            -_INFINITE < value < _INFINITE
            and (self.low is None or value >= self.low)
            and (self.above is None or value > self.above)
            and (self.high is None or value <= self.high)
        )


@dataclass(frozen=True)
class ValueList(Domain):
    """A list, tuple or one-dimensional array of values of one kind.

    Args:
        item: The kind.
        rising: Whether there is one or more, each of them larger than the one before as a double too.
        most: How many there may be; None for any number.
    """

    item: Domain | None = None
    rising: bool = False
    most: int | None = None

    def check(self, value: Any, argument: str, advice: str) -> object:
        """The values as they were given."""
        if not isinstance(value, list | tuple | range) and _axes(value) != 1:
            raise self.refuse(value, argument, "one value is a list of one" if self.rising else advice)
        if self.most is not None and len(value) > self.most:
            raise self.refuse(value, argument, "give fewer values")
        if self.item is not None:
            for place, entry in enumerate(value):
                self.item.check(entry, f"{argument}[{place}]", advice)
        if self.rising and not _rises(value):
            raise self.refuse(value, argument, advice)
        return value


def _is_of_doubles(values: list[Any]) -> bool:
    """Whether a list holds doubles alone, or rows of equal length that do."""
    kinds = set(map(type, values))
    if kinds == {list} and len(set(map(len, values))) == 1:
        kinds = set(map(type, chain.from_iterable(values)))
    return kinds == {float}


def _rises(values: Iterable[object]) -> bool:
    from anneal_theory.exact import exact

    doubles = [float(exact(_number(value))) for value in values]
    return bool(doubles) and all(low < high for low, high in pairwise(doubles))


def _axes(value: object) -> int:
    """The number of axes of an array or tensor, of whatever library; 0 for all else."""
    axes = getattr(value, "ndim", None) if hasattr(value, "__array__") else None
    return axes if isinstance(axes, int) else 0


def _number(value: Any) -> object:
    """What is in an array without axes; all else as it is, also NumPy's single numbers."""
    if not hasattr(value, "__array__") or not hasattr(value, "item"):
        return value
    import numpy as np

    return value if isinstance(value, np.generic) or getattr(value, "mask", False) else value.item()


def _in_doubles(value: object, argument: str) -> object:
    """A nested list with every number in it as a double, also a Fraction, a string or an mpf; no truth values."""
    from anneal_theory.exact import exact

    if isinstance(value, list | tuple | range):
        return value if set(map(type, value)) == {float} else [_in_doubles(part, argument) for part in value]
    if type(value) is float or (type(value) is int and abs(value) < 2**53) or _axes(value):
        return value
    return float(exact(_number(value), argument))
