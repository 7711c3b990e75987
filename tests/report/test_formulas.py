"""Every derived equation that a report shows has a picture."""

import pytest

from anneal_theory.formulas.equations import EQUATIONS
from anneal_theory.report.equations import _INTERNAL
from anneal_theory.report.formulas import _spelled, formula

SHOWN = {name: rows for _, named in EQUATIONS for name, rows in named if not _INTERNAL.search(name)}


@pytest.mark.parametrize("rows", SHOWN.values(), ids=SHOWN)
def test_every_equation_can_be_drawn(rows):
    for row in rows:
        assert formula(row).startswith("<?xml")


def test_fractions_without_braces_are_read_as_with_them():
    assert _spelled(r"\tfrac12 x + \frac1{y} + \tfrac1K") == r"\dfrac{1}{2} x + \dfrac{1}{y} + \dfrac{1}{K}"
