"""Keywords that many functions share, typed once: a TypedDict whose keys are arguments of a class.

A function takes them as ``**dynamics: Unpack[DynamicsOptions]``. Its door (`anneal_theory.quantities.doors`) looks each
of them up in the table of quantities, refuses an unknown one with the nearest that it knows, and shows all of them in
the function's signature, with the defaults of the class.
"""

import inspect
from collections.abc import Callable, Collection, Mapping
from typing import Any, TypeVar, Unpack, get_args, get_origin

from anneal_theory.errors import DomainError
from anneal_theory.quantities.nearest import nearest

Options = TypeVar("Options")
_CLASSES: dict[Any, tuple[type, ...]] = {}


def keywords_of(*classes: type) -> Callable[[Options], Options]:
    """Declare the classes whose arguments the keys of a TypedDict are.

    Raises:
        TypeError: a key is an argument of none of them.

    Example:
        >>> from typing import TypedDict
        >>> class Lengths(TypedDict, total=False):
        ...     width: int
        >>> class Box:
        ...     def __init__(self, width: int = 1, height: int = 1) -> None: ...
        >>> keywords_of(Box)(Lengths).__name__
        'Lengths'
    """

    def declared(options: Options) -> Options:
        unknown = set(_keys(options)) - {name for kind in classes for name in _arguments(kind)}
        if unknown:
            raise TypeError(f"{options} has keys that no class takes: {', '.join(sorted(unknown))}")
        _CLASSES[options] = classes
        return options

    return declared


def keywords_for(kind: type, options: Mapping[str, Any]) -> dict[str, Any]:
    """Those of the keywords that a class takes.

    Example:
        >>> from anneal_theory.problem import Dynamics
        >>> keywords_for(Dynamics, {"metric": "natural", "seed": 1})
        {'metric': 'natural'}
    """
    return {name: options[name] for name in _arguments(kind) if name in options}


def unpacked(function: Callable[..., object]) -> tuple[inspect.Signature, dict[str, str]]:
    """The signature of a function with its shared keywords one by one, and the quantities of those with other names."""
    signature = inspect.signature(function)
    plain, names = list(signature.parameters.values()), {}
    if not plain or get_origin(plain[-1].annotation) is not Unpack:
        return signature, {}
    (options,) = get_args(plain.pop().annotation)
    for kind in _CLASSES[options]:
        own = getattr(vars(kind).get("__init__"), "quantity_names", {})
        for name, argument in _arguments(kind).items():
            if name in _keys(options):
                plain.append(argument.replace(kind=inspect.Parameter.KEYWORD_ONLY))
                names[name] = own.get(name, name)
    return signature.replace(parameters=plain), names


def unexpected(function: str, name: str, accepted: Collection[str]) -> TypeError:
    """The error for a keyword that a function does not have."""
    names = [argument for argument in accepted if argument not in ("self", "cls")]
    near = nearest(name, names)
    more = f"did you mean {near!r}?" if near else f"it takes {', '.join(names)}" if names else "it takes none"
    return TypeError(f"{function}() got an unexpected keyword argument {name!r}; {more}")


def _keys(options: object) -> Collection[str]:
    return options.__annotations__  # of a TypedDict, those it inherits among them


def _arguments(kind: type) -> Mapping[str, inspect.Parameter]:
    return inspect.signature(kind).parameters


def refuse_unused(arguments: Mapping[str, object], used: Collection[str], users: Mapping[str, tuple[str, str]]) -> None:
    """Refuse arguments that a method does not use, whatever they are.

    Args:
        arguments: Arguments by name; None and False count as not given.
        used: Those that the method uses.
        users: For each argument the methods that use it, and why others do not.

    Raises:
        DomainError: one is given and not used.
    """
    for name, value in arguments.items():
        if name not in used and value is not None and value is not False:
            where, why = users[name]
            raise DomainError.of(name, f"left out except with {where}", value, why)
