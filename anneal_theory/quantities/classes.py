"""Objects of this package by the names of their classes: this layer imports none of them."""

import functools


@functools.lru_cache(maxsize=512)
def is_a(kind: type, classes: tuple[str, ...], package: str) -> bool:
    """Whether a class is one of those named, or derived from one."""
    return any(base.__name__ in classes and base.__module__.partition(".")[0] == package for base in kind.__mro__)


@functools.lru_cache(maxsize=512)
def argument_that_takes(kind: type) -> str:
    """The argument that takes objects of a class of this package; empty for other classes."""
    return next((name for name, classes in _TAKEN_BY.items() if is_a(kind, classes, "anneal_theory")), "")


# Objects that are easily given in each other's place.
_TAKEN_BY = {
    "target": ("BimodalTarget", "GaussianMixture"),
    "init": ("GaussianInit", "SphereInit"),
    "schedule": ("Schedule", "AdaAnn", "ConstantESS"),
    "dynamics": ("Dynamics",),
    "start": ("ReducedState", "FullState", "GramState", "SphereState"),
}
