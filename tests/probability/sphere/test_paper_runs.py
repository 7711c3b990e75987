"""The authors' own counts beside the exact theory, as the study stores them."""

import pytest

from docs.studies.paper_cells import chance, chi_square, counted, stored


def test_the_exact_theory_agrees_with_the_counts_of_the_authors():
    """Chi-square of 32 cells, whose 99.9 % quantile is 62.5; a variance slaved to the temperature is told apart."""
    cells = stored()
    assert [{name: one[name] for name in cell} for cell, one in zip(counted(), cells, strict=True)] == counted()
    assert chi_square(cells, "trained") < 45 < chi_square(cells, "follows-temperature")


@pytest.mark.parametrize(("place", "rule"), [(7, "trained"), (20, "follows-temperature"), (31, "trained")])
def test_the_stored_probabilities_are_those_of_the_package(place, rule):
    cell = stored()[place]
    assert chance(cell, rule, relative_error=1e-3) == pytest.approx(cell[rule], rel=2e-3)
