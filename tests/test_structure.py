"""The package's text: sizes of files and functions, how often types are left open, and whose private names are read."""

import ast
from pathlib import Path
from statistics import median, quantiles

import pytest

ROOT = Path(__file__).resolve().parent.parent
FILES = sorted(path for path in (ROOT / "anneal_theory").rglob("*.py") if path.parent.name != "formulas")
TREES = {path.relative_to(ROOT).as_posix(): ast.parse(path.read_text("utf-8")) for path in FILES}
FUNCTIONS = [node for tree in TREES.values() for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
# Of other libraries, which have no public name for it, and named tuples, whose methods begin so.
NOT_OURS = {
    "_asdict",
    "_cache",
    "_compile_for_args",
    "_current_frames",
    "_exit",
    "_fields",
    "_getframe",
    "_mpf_",
    "_processes",
    "_replace",
}


def code_lines(node, lines):
    """Lines of a function but for its docstring, comments and empty ones."""
    first = node.body[0]
    documented = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)
    docstring = range(first.lineno, first.end_lineno + 1) if documented else range(0)
    own = [lines[k - 1].strip() for k in range(node.lineno, node.end_lineno + 1) if k not in docstring]
    return sum(1 for line in own if line and not line.startswith("#"))


def test_no_file_has_more_than_300_lines():
    more = [path for folder in ("derivations", "tests", "docs") for path in (ROOT / folder).rglob("*.py")]
    assert [str(path) for path in [*FILES, *more] if len(path.read_text("utf-8").splitlines()) > 300] == []


def test_functions_are_short():
    """Half have at most 5 lines of code, and nine in ten at most 16, signatures included."""
    texts = {name: (ROOT / name).read_text("utf-8").splitlines() for name in TREES}
    lengths = [code_lines(node, texts[name]) for name, tree in TREES.items()
               for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]  # fmt: skip
    assert median(lengths) <= 5
    assert quantiles(lengths, n=10)[-1] <= 16


def test_few_signatures_leave_a_type_open():
    def types(node):
        given = node.args
        every = [*given.posonlyargs, *given.args, *given.kwonlyargs, given.vararg, given.kwarg]
        return [one.annotation for one in every if one and one.annotation] + [node.returns] * bool(node.returns)

    left_open = [
        node for node in FUNCTIONS
        if any(isinstance(part, ast.Name) and part.id == "Any" for kind in types(node) for part in ast.walk(kind))
    ]  # fmt: skip
    assert len(left_open) < 0.08 * len(FUNCTIONS)


def is_private(name):
    return name.startswith("_") and not name.startswith("__")


@pytest.mark.parametrize("name", TREES)
def test_no_module_reads_a_private_name_of_another(name):
    """Functions, classes and constants of another module, and attributes that this one does not define.

    Modules of the package itself (`_types`, `_compiled`) are private to it, not to one another. A schedule's own
    power series are asked for through `schedules.series.pieces`, since the class does without flint.
    """
    tree = TREES[name]
    defined = {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.ClassDef)}
    defined |= {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "") != "anneal_theory":
            found += [one.name for one in node.names if is_private(one.name)]
        elif isinstance(node, ast.Attribute) and is_private(node.attr) and node.attr not in defined | NOT_OURS:
            if not (isinstance(node.value, ast.Name) and node.value.id in ("self", "cls")):
                found.append(node.attr)
        elif isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("getattr", "setattr", "hasattr"):
            found += [
                one.value
                for one in node.args[1:2]
                if isinstance(one, ast.Constant) and is_private(one.value) and one.value not in NOT_OURS
            ]
    assert [one for one in found if (name, one) != ("anneal_theory/schedules/series.py", "_pieces")] == []
