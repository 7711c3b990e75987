"""The page of methods has a row for every public function, and names tests that exist."""

import inspect
import re
from pathlib import Path

import anneal_theory as at

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "methods.md").read_text("utf-8")
SECTION = PAGE.split("## What each function rests on")[1].split("\n## ")[0]
ROWS = [line for line in SECTION.splitlines() if line.startswith("| `")]


def test_every_public_function_has_a_row():
    functions = {name for name in at.__all__ if inspect.isfunction(getattr(at, name))}
    named = set(re.findall(r"`(\w+)`", "\n".join(ROWS))) | {"from_callable"}  # an input, named below the table
    assert functions <= named
    assert len(functions) > 20


def test_what_the_table_names_is_there():
    for row in ROWS:
        cells = [cell.strip() for cell in row.strip("|").split("|")]
        assert len(cells) == 6
        assert (ROOT / cells[-1]).exists()
        first = re.match(r"`([\w.]+)`", cells[0]).group(1)
        assert hasattr(at, first.split(".")[0])
        assert cells[3] in ("free", "sphere", "both", "-")


def test_methods_that_the_table_names_are_accepted():
    quoted = set(re.findall(r'"([a-z-]+)"', "\n".join(ROWS)))
    known = set(re.findall(r'"([a-z-]+)"', inspect.getdoc(at.collapse_probability)))
    assert quoted <= known
