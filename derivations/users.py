"""Who uses what is derived: an output that no module of the package reaches is not what runs, and fails the build."""

import ast
from collections.abc import Iterable, Iterator
from pathlib import Path

from anneal_theory.schedules import form_of, schedule_of
from anneal_theory.schedules.forms import FORMS
from derivations.core import Derivation

_FORMULAS = "anneal_theory.formulas"


def used(root: Path, derived: Iterable[Derivation] = ()) -> set[str]:
    """Functions, as ``module.function``, that a module of the package imports or reaches.

    Args:
        root: Of the checkout.
        derived: Where the functions come from that are looked up by name.
    """
    files = (root / "anneal_theory").rglob("*.py")
    reached = {name for file in files if file.parent.name != "formulas" for name in _in_module(file)}
    return reached.union(*(_of_schedules(one.outputs) for one in derived if one.name == "schedules"))


def _of_schedules(names: Iterable[str]) -> Iterator[str]:
    """The functions that `schedules.forms` looks up by name: those of a schedule in the table, for its quantities.

    It takes those with a context where there are any, but the late ones with NumPy alone.
    """
    for name in names:
        schedule = schedule_of(name)
        if schedule and name.removeprefix(form_of(schedule) + "_").removesuffix("_late") in FORMS:
            yield f"schedules.{name}"
            if not name.endswith("_late"):
                yield f"schedules_mp.{name}"


def _in_module(file: Path) -> Iterator[str]:
    text, modules = file.read_text("utf-8"), {}
    if "formulas" not in text:
        return
    tree = ast.parse(text)
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
    derived = list(derived)
    known = used(root, derived)
    return [
        f"{one.name}.{name} is used by no module of the package: use it, or make it a step of its page"
        for one in derived
        for name in sorted(one.outputs)
        if not {f"{one.name}.{name}", f"{one.name}_mp.{name}"} & known
    ]
