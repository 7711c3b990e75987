"""Who uses what is derived: an output that no module of the package reaches is not what runs, and fails the build."""

import ast
from collections.abc import Iterable, Iterator
from importlib import import_module
from pathlib import Path

from anneal_theory.schedules import form_of, schedule_of
from anneal_theory.schedules.forms import FORMS
from derivations.core import Derivation

_FORMULAS = "anneal_theory.formulas"


def used(root: Path) -> set[str]:
    """Generated functions, as ``module.function``, that a module of the package or a study imports or reaches."""
    files = [*(root / "anneal_theory").rglob("*.py"), *(root / "docs" / "studies").rglob("*.py")]
    reached = {name for file in files if file.parent.name != "formulas" for name in _in_module(file)}
    return reached | set(_of_schedules())


def _of_schedules() -> Iterator[str]:
    """The functions that `schedules.forms` looks up by name: those of a schedule in the table, for its quantities."""
    for name in dir(import_module(f"{_FORMULAS}.schedules")):
        schedule = schedule_of(name)
        if schedule and name.removeprefix(form_of(schedule) + "_").removesuffix("_late") in FORMS:
            yield f"schedules.{name}"


def _in_module(file: Path) -> Iterator[str]:
    tree, modules = ast.parse(file.read_text("utf-8")), {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(_FORMULAS):
            inside = str(node.module).removeprefix(_FORMULAS).lstrip(".")
            for name in node.names:
                if inside:
                    yield f"{inside}.{name.name}"
                else:
                    modules[name.asname or name.name] = name.name
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in modules:
            yield f"{modules[node.value.id]}.{node.attr}"


def unused(derived: Iterable[Derivation], root: Path) -> list[str]:
    """One sentence for each output that the package does not use, in NumPy or in mpmath."""
    known = used(root)
    return [
        f"{one.name}.{name} is used by no module of the package, nor by a study: use it, or make it a step of its page"
        for one in derived
        for name in sorted(one.outputs)
        if not {f"{one.name}.{name}", f"{one.name}_mp.{name}"} & known
    ]
