"""The check at every public door: `checked` looks each argument up in the table of quantities before any work.

What is done behind a door treats floating-point errors in the package's own way, whatever ``np.seterr`` says outside.
"""

import functools
import inspect
from collections.abc import Callable, Collection, Mapping
from dataclasses import is_dataclass
from types import FunctionType
from typing import Any, TypeVar, cast, no_type_check, overload

from anneal_theory._floating import FLOATING, treatment
from anneal_theory.quantities import QUANTITIES, Quantity
from anneal_theory.quantities.constructors import in_one_pass
from anneal_theory.quantities.free_means import ON_SPHERE, model_refused
from anneal_theory.quantities.keywords import unexpected, unpacked

Door = TypeVar("Door", bound=Callable[..., Any])


@overload
def checked(door: Door, /) -> Door: ...
@overload
def checked(**quantities: str) -> Callable[[Door], Door]: ...
def checked(door: object = None, /, **quantities: str) -> Any:
    """Check the arguments of a function, method or class (its constructor) by the table of quantities.

    An argument is looked up by its name; an argument whose default is None may be None. Values arrive in the form that
    the quantity gives them (NumPy integers as Python's). Defaults are not checked. Keywords that are typed together
    (`anneal_theory.quantities.keywords`) are arguments like the others, here and in the signature.

    Args:
        door: The function or the class; the decorator stands above ``@dataclass``, and below ``@classmethod``.
        **quantities: Names of quantities for arguments that mean something else than their own name says.

    Raises:
        DomainError: when the function is called with a value outside its domain.

    Example:
        >>> @checked(count="replicas")
        ... def twice(count):
        ...     return 2 * count
        >>> twice(True)
        Traceback (most recent call last):
        anneal_theory.errors.DomainError: count must be a positive integer, but was True; count independent runs.
    """
    if door is None:
        return lambda function: checked_door(function, quantities)
    return checked_door(cast(Callable[..., object], door), quantities)


def checked_door(door: Callable[..., object], names: dict[str, str]) -> Any:
    """`checked` with its names in a dictionary."""
    if isinstance(door, type):
        door.__init__ = _guarded(door.__init__, names, door)  # type: ignore[misc]  # it alone takes arguments
        return door
    return _guarded(door, names)


def quantities_of(door: Callable[..., object]) -> dict[str, Quantity | None]:
    """The quantity of each argument of a checked function or constructor; None where the table has none.

    Example:
        >>> from anneal_theory.problem import BimodalTarget
        >>> quantities_of(BimodalTarget.__init__)["separation"].latex
        'R'
    """
    names: dict[str, str] = getattr(door, "quantity_names", {})
    plain = inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY
    arguments = [parameter.name for parameter in inspect.signature(door).parameters.values() if parameter.kind in plain]
    return {name: QUANTITIES.get(names.get(name, name)) for name in arguments if name not in ("self", "cls")}


def _guarded(function: Callable[..., object], names: dict[str, str], kind: type | None = None) -> Callable[..., object]:
    """A function, or the constructor of a class, with its arguments checked."""
    signature, shared = unpacked(function)
    names, parameters = shared | names, signature.parameters.values()
    called = function.__qualname__.removesuffix(".__init__").rpartition("<locals>.")[2]
    by_name = {
        parameter.name: _check_of(parameter, names.get(parameter.name, parameter.name), called)
        for parameter in parameters
    }
    in_order = [
        by_name[parameter.name] for parameter in parameters if parameter.kind is inspect.Parameter.POSITIONAL_OR_KEYWORD
    ]
    placed = [(place, check) for place, check in enumerate(in_order) if check]
    refuse = None if any(parameter.kind is inspect.Parameter.VAR_KEYWORD for parameter in parameters) else _refused
    count, floating, own = len(in_order), FLOATING, treatment()
    # A constructor that keeps its arguments alone has no use for NumPy's treatment of floating-point errors.
    computes = kind is None or hasattr(kind, "__post_init__")

    # Names of this module are not seen in here: the function below runs with the globals of the one it guards. It is
    # one frame, and without loops over what has no check: many a guarded function takes no longer than a microsecond.
    def guard(*args, **kwargs):  # type: ignore[no-untyped-def]
        token = floating.set(own) if computes and floating.get() is not own else None
        try:
            given = len(args)
            for place, check in placed if given <= count else ():  # the function itself refuses too many
                if place >= given:
                    break
                value = args[place]
                taken = check(value)
                if taken is not value:
                    args = (*args[:place], taken, *args[place + 1 :])
            for name in kwargs:
                if refuse and name not in by_name:
                    raise refuse(called, name, kwargs, by_name)
                of_name = by_name.get(name)
                if of_name is not None:
                    kwargs[name] = of_name(kwargs[name])
            return function(*args, **kwargs)
        finally:
            if token is not None:
                floating.reset(token)

    outer = in_one_pass(kind, guard, by_name) if kind and is_dataclass(kind) else guard
    # With the globals of its function doctest finds the door where it is written.
    door = FunctionType(outer.__code__, function.__globals__, function.__name__, None, outer.__closure__)
    functools.update_wrapper(door, function)
    vars(door).update(quantity_names=names, __signature__=signature)
    return cast(Callable[..., object], no_type_check(door))  # the types within are checked on the function itself


def _refused(function: str, name: str, arguments: Mapping[str, object], accepted: Collection[str]) -> Exception:
    """The error for a keyword that a function does not have: of the model, where it is one of those."""
    return model_refused(function, arguments) or unexpected(function, name, accepted)


def _check_of(parameter: inspect.Parameter, name: str, function: str) -> Callable[[object], object] | None:
    quantity = QUANTITIES.get(name)
    if quantity is None or parameter.kind in (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD):
        return None
    domain, argument, optional = quantity.domain, parameter.name, parameter.default is None
    if name == "init" and function in ON_SPHERE:
        check, there = domain.check, ON_SPHERE[function]
        return lambda value: check(value, argument, there if type(value).__name__ == "SphereInit" else quantity.advice)
    return domain.check_of(argument, quantity.advice, optional)
