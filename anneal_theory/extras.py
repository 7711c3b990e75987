"""Libraries that only some functions need: where one is missing, a sentence says how to install it."""

import sys
from collections.abc import Callable, Mapping
from importlib import import_module
from types import ModuleType
from typing import Any

from anneal_theory.errors import MissingExtra

# Library: the extra that brings it; the others come with the package itself.
EXTRAS = {
    "matplotlib": "plot",
    "torch": "train",
    "sympy": "derive",
    "zarr": "cluster",
    "dask": "cluster",
    "distributed": "cluster",
}


def require(library: str) -> None:
    """Make sure that a library is there, before the work that needs it.

    Example:
        >>> require("numpy")
    """
    load(library)


def load(module: str) -> ModuleType:
    """A module that needs a library of an extra."""
    try:
        return import_module(module)
    except ModuleNotFoundError as error:
        message = advice(error)
        if message is None:
            raise
        raise MissingExtra(message, name=error.name) from error


def attributes_of(package: str, homes: Mapping[str, str]) -> Callable[[str], Any]:
    """The `__getattr__` of a package whose names are loaded when they are used."""

    def attribute(name: str) -> Any:
        if name not in homes:
            text = f"module {package!r} has no attribute {name!r}"
            raise AttributeError(text, name=name, obj=sys.modules[package])  # from which Python names the nearest one
        return getattr(load(f"{package}.{homes[name]}"), name)

    return attribute


def advice(error: ModuleNotFoundError) -> str | None:
    """How to install what was not found; None if that is a module of the package itself.

    Example:
        >>> advice(ModuleNotFoundError(name="torch"))
        'torch must be installed; run `pip install "anneal-theory[train]"`.'
    """
    library = (error.name or "").partition(".")[0]
    if library in ("", "anneal_theory", "derivations"):
        return None
    extra = f"[{EXTRAS[library]}]" if library in EXTRAS else ""
    return f'{library} must be installed; run `pip install "anneal-theory{extra}"`.'
