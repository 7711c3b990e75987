"""Run-time checks of shapes and types, and the guards that every test runs under."""

from pathlib import Path

import flint
import mpmath
import pytest
from hypothesis import settings
from jaxtyping import install_import_hook

ROOT = Path(__file__).resolve().parent.parent


def _checked_modules() -> list[str]:
    """Every leaf module of the package but the numba kernels (the hook breaks njit) and the generated code."""
    files = (ROOT / "anneal_theory").rglob("*.py")
    names = [".".join(file.relative_to(ROOT).with_suffix("").parts) for file in files]
    return [name for name in names if not name.endswith(("_kernels", "__init__")) and "_generated" not in name]


install_import_hook(_checked_modules(), "beartype.beartype")

settings.register_profile("ci", derandomize=True, deadline=None, print_blob=True)
settings.load_profile("ci")


@pytest.fixture(autouse=True)
def _global_precision_is_left_alone():
    before = (mpmath.mp.prec, flint.ctx.prec)
    yield
    assert (mpmath.mp.prec, flint.ctx.prec) == before
