"""The theory map has a row for every public function, and what its rows name is there."""

import importlib
import inspect
import re
from pathlib import Path

import pytest

import anneal_theory as at
from anneal_theory.cli.reproduce import block
from anneal_theory.quantities import QUANTITIES
from docs.studies.theory_map import EQUATIONS, ROWS, WITHOUT, found, is_without, page_of, remainder_of

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "methods.md").read_text("utf-8")
THEORY = (ROOT / "docs" / "theory.md").read_text("utf-8")
KINDS = {"exact", "asymptotic", "heuristic", "Monte Carlo", "exact, Monte Carlo", "as its function"}
NAMED = {name for row in ROWS for name in row.functions}
IDS = [f"{row.names}-{row.method}-{row.model}-{number}" for number, row in enumerate(ROWS)]


def public():
    """The functions of the package and of its two folders, as they are called."""
    folders = [(f"{name}.", getattr(at, name)) for name in ("averages", "asymptotics")]
    return {
        head + name
        for head, module in [("", at), *folders]
        for name in module.__all__
        if inspect.isfunction(getattr(module, name))
    }


def shown():
    """The functions of the API's pages, as they are called; a module that is shown whole by each of its own."""
    for page in (ROOT / "docs" / "api").glob("*.md"):
        for kind, name in re.findall(r"auto(function|module):: anneal_theory\.(\S+)", page.read_text("utf-8")):
            if kind == "function":
                yield name
            else:
                module = importlib.import_module(f"anneal_theory.{name}")
                yield from (f"{name}.{one}" for one in module.__all__ if inspect.isfunction(getattr(module, one)))


def section(number):
    return THEORY.split(f"\n## {number}. ")[1].split("\n## ")[0]


def test_every_public_function_has_a_row():
    assert public() - NAMED == set()
    assert len(public()) > 40


def test_every_function_of_the_api_s_pages_has_a_row_or_a_reason_to_have_none():
    functions = set(shown())
    assert len(functions) > 90
    assert {name for name in functions - NAMED if not is_without(name)} == set()
    assert {name for name in NAMED if is_without(name)} == set()
    for name in WITHOUT:  # none is left over
        assert name in functions or any(one.startswith(f"{name}.") for one in functions), name
    assert public() <= functions


def test_every_method_has_a_row_and_functions_of_both_models_rows_of_both():
    for name in ("collapse_threshold", "collapse_probability"):
        rows = [row for row in ROWS if name in row.functions]
        assert {row.method for row in rows} == set(QUANTITIES[found(name).quantity_names["method"]].choices)
    for name in public():
        if "constraint" in inspect.signature(found(name)).parameters:
            models = {row.model for row in ROWS if name in row.functions}
            assert "both" in models or {"free", "sphere"} <= models, name


@pytest.mark.parametrize("row", ROWS, ids=IDS)
def test_what_a_row_names_is_there(row):
    """Its functions, the sections, equations of these sections, and a test of each function."""
    test = "\n".join((ROOT / "tests" / one).read_text("utf-8") for one in row.tests.split())
    for name in row.functions:
        assert callable(found(name))
        assert re.search(rf"\b{name.rpartition('.')[2]}\b", test), name
    assert row.method in ("", "exact") or f'"{row.method}"' in test  # exact is what all tests ask that name none
    assert row.kind in KINDS
    assert row.error
    assert row.model in ("free", "sphere", "both", "flows")
    text = "".join(section(number) for number in row.sections)
    for name in row.derived:
        source = re.search(r"^Source: theory (.*)\.$", (EQUATIONS.parent / f"{page_of(name)}.md").read_text(), re.M)[1]
        of_the_page = {int(number) for number in re.findall(r"\d+", source)}
        assert of_the_page & set(row.sections) or f"_equations/{name}.md" in text, name
    if not row.derived:
        assert row.equations.strip("$") in text


def test_a_remainder_is_the_docstring_s_where_it_says_one():
    asymptotic = [row for row in ROWS if row.names.startswith("asymptotics.")]
    assert {row.error for row in asymptotic if row.remainder} == {"the powers are exact"}
    for row in asymptotic:
        assert row.remainder or row.error == remainder_of(row.functions[0]) != ""


@pytest.mark.parametrize("what", ["theory map", "theory map without equations", "theory equations"])
def test_the_page_is_as_it_is_computed(what):
    assert f"<!-- reproduce: {what} -->\n{block(what)}<!-- end of reproduce -->" in PAGE
