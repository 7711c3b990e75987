"""A theory that is wrong by a stated factor, to check that a test sees what it says it sees."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from anneal_theory.averages import quadrature_double, single_sums, tables


@contextmanager
def scaled(name: str, factor: float) -> Iterator[None]:
    """psi, psi_prime or mmse (G) in double precision times a factor, in every table and sum made of it."""
    function = {"psi": "label_mean", "psi_prime": "label_slope", "mmse": "scaled_overlap"}[name]
    right = getattr(quadrature_double, function)

    def wrong(*arguments):
        value = right(*arguments)
        return (value[0], factor * value[1]) if name == "mmse" else factor * value

    with pytest.MonkeyPatch.context() as patch:
        for module in (quadrature_double, tables):
            patch.setattr(module, function, wrong)
        alone = "overlap" if name == "mmse" else function
        one = getattr(single_sums, alone)
        patch.setattr(single_sums, alone, lambda *arguments: factor * one(*arguments))
        forget()
        yield
    forget()


def forget() -> None:
    """Empty every cache of the package."""
    for name, module in list(sys.modules.items()):
        if name.startswith("anneal_theory"):
            for value in list(vars(module).values()):
                if callable(getattr(value, "cache_clear", None)):
                    value.cache_clear()
