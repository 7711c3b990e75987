"""Any function of the package over arrays: one rule for all of them."""

import inspect
import math
from collections.abc import Callable, Collection
from typing import Any

import numpy as np

from anneal_theory.errors import DomainError
from anneal_theory.numerics.pools import parallel_map
from anneal_theory.numerics.progress import progress_bar
from anneal_theory.quantities.domains import is_many
from anneal_theory.quantities.doors import checked


class Results(np.ndarray):
    """An array of results; an attribute of theirs is the array of it, as ``found.value`` of estimates.

    Example:
        >>> from fractions import Fraction
        >>> vectorize(Fraction)([1, 3], 6).denominator
        array([6, 2])
    """

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_") or not self.size:
            raise AttributeError(f"an array of results has no attribute {name!r}", name=name, obj=self)
        return array_of([getattr(one, name) for one in self.flat], self.shape)


def array_of(values: list[Any], shape: tuple[int, ...]) -> np.ndarray:
    """Values as an array of numbers or truth values, of `Results` where they are something else."""
    kinds = {type(one) for one in values}
    if kinds and all(issubclass(kind, (bool, int, float, np.generic)) for kind in kinds):
        return np.array(values).reshape(shape)
    found = np.empty(len(values), dtype=object)
    found[:] = values
    return found.reshape(shape).view(Results)


@checked(function="called")
def vectorize(
    function: Callable[..., Any], *, whole: Collection[str] = (), progress: bool = False
) -> Callable[..., np.ndarray]:
    """A function or class of the package over lists and arrays of what it takes.

    Arguments that are lists, tuples or arrays are broadcast against each other as NumPy does; all others are the same
    in each call. The calls share the processors, and each gives what it gives alone. A map over two parameters with an
    error, a file to go on from and figures is `phase_diagram`; any grid that outlives the process is `sweep`.

    Args:
        function: ``collapse_probability``, ``collapse_threshold``, ``Exponential``, ``BimodalTarget`` ...
        whole: Arguments, by name, that the function takes as lists or arrays itself: ``["times"]``.
        progress: Show a bar on the standard error.

    Returns:
        A function with the same arguments. It gives an array of numbers where the function gives numbers, and else an
        array of the results: an attribute of them, as ``.value``, is the array of that attribute.

    Raises:
        DomainError: `function` is none, a name of `whole` is no argument; when called, arrays do not go together, or
            what the function raises.

    Source:
        Broadcasting as of NumPy; what is computed is of the function.

    Example:
        >>> from anneal_theory import BimodalTarget, Exponential, GaussianInit, collapse_probability
        >>> schedules = vectorize(Exponential)([[3], [10]], [10, 30, 100])
        >>> found = vectorize(collapse_probability)(BimodalTarget(3, 0.8), schedules, GaussianInit(128))
        >>> found.value.round(3)
        array([[0.847, 0.784, 0.747],
               [0.668, 0.542, 0.457]])
        >>> found[1, 2].method
        'exact'
    """
    order, named = _arguments(function)
    unknown = [name for name in whole if order and not named and name not in order]
    if unknown:
        what = f"names of arguments ({', '.join(order)})"
        raise DomainError.of("whole", what, unknown[0], "check its spelling")

    def over(*args: Any, **kwargs: Any) -> np.ndarray:
        given: dict[int | str, Any] = dict(enumerate(args)) | kwargs
        kept = {place for place, name in enumerate(order[: len(args)]) if name in whole} | set(whole)
        arrays = {key: _elements(value) for key, value in given.items() if key not in kept and is_many(value)}
        try:
            shape = np.broadcast_shapes(*(one.shape for one in arrays.values()))
        except ValueError:
            was = ", ".join(str(one.shape) for one in arrays.values())
            step = "give one of them a length of 1 where it is the same"
            raise DomainError.of("arguments", "arrays whose shapes go together", was, step) from None
        spread = {key: np.broadcast_to(one, shape).reshape(-1) for key, one in arrays.items()}

        def call(place: int) -> Any:
            here = given | {key: one[place] for key, one in spread.items()}
            values = [here[key] for key in range(len(args))]
            try:
                return function(*values, **{name: here[name] for name in kwargs})
            except Exception as error:
                index = tuple(int(one) for one in np.unravel_index(place, shape))
                error.add_note(f"in the call at index {index} of the arrays")
                raise

        with progress_bar(getattr(function, "__name__", "calls"), 1.0, shown=progress) as move:
            return array_of(parallel_map(call, range(math.prod(shape)), lambda done: move(completed=done)), shape)

    return over


def _elements(value: Any) -> np.ndarray:
    """The elements of lists in lists, or of an array, as Python gives them: no float where an integer was given."""
    array = np.asarray(value) if isinstance(value, np.ndarray) else np.array(value, dtype=object)
    found = np.empty(array.shape, dtype=object)
    found[...] = array.astype(object)
    return found


def _arguments(function: Callable[..., Any]) -> tuple[list[str], bool]:
    """The names of the arguments, and whether any other name is taken too; none where Python cannot tell."""
    try:
        parameters = inspect.signature(function).parameters.values()
    except ValueError:
        return [], True
    variable = any(one.kind is inspect.Parameter.VAR_KEYWORD for one in parameters)
    return [one.name for one in parameters if one.kind is not inspect.Parameter.VAR_KEYWORD], variable
