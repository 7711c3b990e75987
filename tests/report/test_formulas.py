"""Every derived equation that a report shows has a picture."""

import pytest

from anneal_theory.formulas.equations import EQUATIONS, LETTERS
from anneal_theory.report.equations import derivation_sections
from anneal_theory.report.formulas import _spelled, formula
from anneal_theory.schedules import ExponentialToOne

SHOWN = {name: rows for _, named in EQUATIONS for name, rows in named}


@pytest.mark.slow
@pytest.mark.parametrize("rows", SHOWN.values(), ids=SHOWN)
def test_every_equation_can_be_drawn(rows):
    for row in rows:
        assert formula(row).startswith("<?xml")


def test_fractions_without_braces_are_read_as_with_them():
    assert _spelled(r"\tfrac12 x + \frac1{y} + \tfrac1K") == r"\dfrac{1}{2} x + \dfrac{1}{y} + \dfrac{1}{K}"


@pytest.mark.parametrize("letter", sorted({letter for table in LETTERS.values() for letter, _, _ in table}))
def test_every_letter_can_be_drawn(letter):
    assert formula(letter).startswith("<?xml")


@pytest.mark.slow
def test_a_section_has_the_letters_of_the_schedule_in_use_and_no_section_lacks_them():
    sections = derivation_sections(ExponentialToOne(10, 10), ("exponential_excess", "alignment_rate"))
    found = {one["title"]: [letter["latex"] for letter in one["letters"]] for one in sections}
    assert found["Annealing schedules"] == ["T", "e_0", "x_1", "y", "x", "e"]  # the power p is another's
    assert list(found) == ["Summary statistics and the alignment identity", "Annealing schedules"]
