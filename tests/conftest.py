"""Run-time checks of shapes and types, and the guards that every test runs under."""

import functools
import gc
import os
import resource
from collections.abc import Callable, Iterator
from pathlib import Path
from types import CodeType, FunctionType

import flint
import jaxtyping
import mpmath
import pytest
from beartype import BeartypeConf, BeartypeDecorPlace
from beartype.claw import beartype_package
from hypothesis import settings

from tests.exploration import USUAL

ROOT = Path(__file__).resolve().parent.parent


def _modules() -> dict[str, str]:
    """Every module of the package, by its name, with its text."""
    files = (ROOT / "anneal_theory").rglob("*.py")
    return {".".join(file.relative_to(ROOT).with_suffix("").parts): file.read_text("utf-8") for file in files}


# Types are checked at run time in all modules but the numba kernels (hooks break njit) and the generated code; shapes
# where they are written, since jaxtyping's check of a call costs ten times beartype's. It also copes with names that
# are imported for the type checker alone.
_left = [name for name in _modules() if name.endswith("_kernels")] + ["anneal_theory.formulas"]
_shaped = [name for name, text in _modules().items() if "from jaxtyping" in text or "TYPE_CHECKING" in text]
jaxtyping.install_import_hook([name for name in _shaped if name not in _left], "beartype.beartype")
beartype_package(
    "anneal_theory",
    conf=BeartypeConf(
        claw_skip_package_names=(*_left, *_shaped),
        claw_decor_place_func=BeartypeDecorPlace.FIRST,  # below `checked`, whose sentence comes first
        claw_is_pep526=False,
        is_pep484_tower=True,  # an int is a float
        is_random=False,  # which items of a container are looked at: the state of `random` belongs to the tests
        violation_type=TypeError,
    ),
)

# A function within a function is checked the first time that it is made. A training makes some for every replica, and
# to wrap one takes two milliseconds: longer than all steps of most replicas. And shapes are looked at in so many calls
# of a function: a training makes ten thousand, whose checks take as long as its steps.
_SHAPED_CALLS = 200
_met: set[CodeType] = set()
_jaxtyped: Callable[..., Callable[..., object]] = jaxtyping.jaxtyped


def _at_first(shaped: Callable[..., object], function: FunctionType) -> Callable[..., object]:
    """The function whose shapes are checked, in its first calls; then the function."""
    left = _SHAPED_CALLS

    @functools.wraps(shaped)
    def called(*arguments: object, **keywords: object) -> object:
        nonlocal left
        if not left:
            return function(*arguments, **keywords)
        left -= 1
        return shaped(*arguments, **keywords)

    called.__wrapped__ = function
    return called


def _jaxtyped_once(**options: object) -> Callable[[Callable[..., object]], object]:
    """``jaxtyping.jaxtyped``, as the import hook writes it above every function and class."""

    def decorated(function: Callable[..., object]) -> object:
        if not isinstance(function, FunctionType):
            return _jaxtyped(**options)(function)
        if function.__code__ in _met:
            return function
        if "<locals>" in function.__qualname__:
            _met.add(function.__code__)
        return _at_first(_jaxtyped(**options)(function), function)

    return decorated


jaxtyping.jaxtyped = _jaxtyped_once

# CI draws the same examples every time, so that a change is judged by itself; elsewhere every run explores, and what it
# finds is kept in .hypothesis and tried first. At night there is time for ten times as many.
settings.register_profile("ci", derandomize=True, deadline=None, print_blob=True)
settings.register_profile("explore", deadline=None, print_blob=True)
settings.register_profile("nightly", max_examples=10 * USUAL, deadline=None, print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci" if os.environ.get("CI") else "explore"))


# Examples in docstrings that take more than two seconds: a docstring has no marks.
_LONG_EXAMPLES = frozenset({
    "anneal_theory.compare.baselines.compare_baselines",
    "anneal_theory.compare.realnvp_baselines.compare_flow_baselines",
    "anneal_theory.design.designing.design_schedule",
})  # fmt: skip


# Collecting makes seven hundred thousand objects that live as long as the tests do: a cyclic collector that walks over
# them again and again finds nothing. It rests until they are there, and then leaves them out.
gc.disable()


def pytest_collection_finish() -> None:
    """What was collected is no garbage."""
    gc.freeze()
    gc.enable()


@pytest.hookimpl(tryfirst=True)  # before -m looks at the marks
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Long examples have the slow mark too; what is for the night is left out by day."""
    for item in items:
        if item.name in _LONG_EXAMPLES:
            item.add_marker("slow")
    if os.environ.get("HYPOTHESIS_PROFILE") != "nightly":
        late = [item for item in items if item.get_closest_marker("nightly")]
        config.hook.pytest_deselected(items=late)
        items[:] = [item for item in items if not item.get_closest_marker("nightly")]


def _used() -> float:
    """CPU seconds of this process and of those that it has waited for."""
    own, children = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """With CPU_TIMES=FILE, a line a test: what it took, whatever else the machine does."""
    before = _used()
    result = yield
    if os.environ.get("CPU_TIMES"):
        with open(os.environ["CPU_TIMES"], "a") as file:
            file.write(f"{_used() - before:8.2f} {item.nodeid}\n")
    return result


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> object:
    """With `-n`, a file's tests run in one process and in order: what they share is made once, not once a process."""
    from xdist.scheduler import LoadFileScheduling

    if config.getoption("dist") != "load":  # that of `-n` alone
        return None
    config.option.loadscopereorder = False  # files of many tests first would leave the long ones to the end
    return LoadFileScheduling(config, log)


@pytest.fixture(autouse=True)
def _global_precision_is_left_alone():
    before = (mpmath.mp.prec, flint.ctx.prec)
    yield
    assert (mpmath.mp.prec, flint.ctx.prec) == before
