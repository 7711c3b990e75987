"""The authors' own counts beside the exact theory, as the study stores them."""

import pytest

from docs.studies.paper_cells import chance, chi_square, counted, stored
from docs.studies.paper_training import CELLS, REPLICAS, paper_training, rows


def test_the_exact_theory_agrees_with_the_counts_of_the_authors():
    """Chi-square of 32 cells, whose 99.9 % quantile is 62.5; a variance slaved to the temperature is told apart."""
    cells = stored()
    assert [{name: one[name] for name in cell} for cell, one in zip(counted(), cells, strict=True)] == counted()
    assert chi_square(cells, "trained") < 45 < chi_square(cells, "follows-temperature")


@pytest.mark.parametrize(("place", "rule"), [(7, "trained"), (20, "follows-temperature"), (31, "trained")])
def test_the_stored_probabilities_are_those_of_the_package(place, rule):
    cell = stored()[place]
    assert chance(cell, rule, relative_error=1e-3) == pytest.approx(cell[rule], rel=2e-3)


def test_our_training_of_four_cells_lies_beside_the_authors_counts_and_the_theory():
    """The stored counts; intervals are of 99 %, so that one of eight ends outside by chance in 8 % of all studies."""
    cells = rows()
    known = {(one["initial_temperature"], one["annealing_steps"]): one for one in stored()}
    assert [(one["initial_temperature"], one["annealing_steps"]) for one in cells] == list(CELLS)
    for one in cells:
        cell = known[one["initial_temperature"], one["annealing_steps"]]
        assert {name: one[name] for name in cell} == cell
        assert one["ours_decided"] + one["ours_undecided"] == REPLICAS
        for interval in (one["ours_interval"], one["theirs_interval"]):
            assert interval[0] <= one["trained"] <= interval[1]
        assert one["fisher_p"] > 0.01
    assert len(paper_training().splitlines()) == len(CELLS) + 4
