"""Libraries that only some functions need: where one is missing, a sentence says how to install it."""

from importlib import import_module
from types import ModuleType

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

    Raises:
        MissingExtra: it is not installed.

    Example:
        >>> require("numpy")
    """
    load(library)


def load(module: str) -> ModuleType:
    """A module that needs a library of an extra.

    Raises:
        MissingExtra: the library is not installed.
    """
    try:
        return import_module(module)
    except ModuleNotFoundError as error:
        told = advice(error)
        if told is None:
            raise
        raise MissingExtra(told, name=error.name) from error


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
