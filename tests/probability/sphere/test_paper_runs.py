"""The authors' own counts beside the exact theory, as the study stores them."""

import pytest

from anneal_theory.report.paper_cells import ROUTES, chi_squares, interval_of, stored
from docs.studies.paper_cells import chances, counted, paper_cells_in_full, schedule_of
from docs.studies.paper_training import CELLS, REPLICAS, paper_training, rows


def test_the_exact_theory_agrees_with_the_counts_of_the_authors():
    """Chi-square of 32 cells, whose 99.9 % quantile is 62.5; the other routes are told apart."""
    cells = stored()["cells"]
    assert [{name: one[name] for name in cell} for cell, one in zip(counted(), cells, strict=True)] == counted()
    found = chi_squares(cells)
    assert found["trained"] < 45 < found["follows-temperature"] < found["closed-form"]
    assert sum(interval_of(one)[0] <= one["trained"] <= interval_of(one)[1] for one in cells) >= 28
    assert paper_cells_in_full().count("\n") == len(cells) + 3


@pytest.mark.slow
@pytest.mark.parametrize("place", [7, 31])
def test_the_stored_probabilities_are_those_of_the_package(place):
    cell = stored()["cells"][place]
    assert chances(schedule_of(cell)) == pytest.approx({route: cell[route] for route in ROUTES}, abs=2e-6)


def test_our_training_of_four_cells_lies_beside_the_authors_counts_and_the_theory():
    """The stored counts; intervals are of 99 %, so that one of eight ends outside by chance in 8 % of all studies."""
    cells = rows()
    known = {(one["initial_temperature"], one["annealing_steps"]): one for one in stored()["cells"]}
    assert [(one["initial_temperature"], one["annealing_steps"]) for one in cells] == list(CELLS)
    for one in cells:
        cell = known[one["initial_temperature"], one["annealing_steps"]]
        both = cell.keys() & one.keys()
        assert both >= {"collapsed", "runs", "trained", "follows-temperature"}
        assert {name: one[name] for name in both} == pytest.approx({name: cell[name] for name in both}, abs=2e-6)
        assert one["ours_decided"] + one["ours_undecided"] == REPLICAS
        for interval in (one["ours_interval"], one["theirs_interval"]):
            assert interval[0] <= one["trained"] <= interval[1]
        assert one["fisher_p"] > 0.01
    assert len(paper_training().splitlines()) == len(CELLS) + 4
