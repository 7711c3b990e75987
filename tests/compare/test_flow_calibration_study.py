"""The stored pilots, predictions and designs of `docs.studies.flow_calibration` are those of its cells."""

import pytest

from anneal_theory.exact import exact
from docs.studies import flow_calibration as study
from docs.studies import flow_calibration_tables as tables
from docs.studies.flow_cells import SETTINGS


def keys(part):
    return [tuple(row[name] for name in study.KEYS[part]) for row in study.stored()[part]]


def test_every_cell_is_stored():
    assert keys("pilots") == study.pilots()
    assert keys("predictions") == [(cell.table, cell.name) for cell in study.foretold()]
    assert keys("designs") == study.designs()


def test_no_flow_is_left_out_of_the_counts():
    for row in study.stored()["designs"]:
        assert row["decided"] + row["undecided"] == SETTINGS[row["size"]][0]["replicas"]
        assert row["collapsed"] <= row["decided"]


def test_a_prediction_is_what_the_calibrated_mixture_gives_now():
    """To the four digits that are stored; the run of a cell whose probability takes a blink."""
    (row,) = (row for row in study.stored()["predictions"] if (row["table"], row["name"]) == ("holds", "3"))
    again = study.prediction(("holds", "3"))
    assert again["schedule"] == row["schedule"]
    for part in ("clock", "law"):  # an error of 1e-3 was asked for
        assert again[part] == pytest.approx(row[part], rel=2e-3)
    assert again["noise"] == row["noise"]


def test_designs_are_cold_when_the_others_are():
    for row in study.stored()["designs"]:
        init, _, unit = study.calibrated(row["size"])
        assert init.dim == SETTINGS[row["size"]][0]["dim"]
        assert exact(unit) > 0
        assert 0 < row["predicted"] < 1


def test_no_pilot_moves_as_a_mixture():
    """What the page says: stretches of one time unit do not differ so much, and at T = 10 the record is refused."""
    pilots = study.stored()["pilots"]
    assert [row["temperature"] for row in pilots if "refused" in row] == ["10"]
    assert all(row["found"]["p_value"] < 1e-5 for row in pilots if "found" in row)


def test_the_tables_have_a_line_a_cell():
    for table, count in (
        (tables.flow_pilots, len(study.pilots())),
        (tables.flow_predictions, len(list(study.foretold())) + 1),  # and the rank correlations
        (tables.flow_designs, len(study.designs())),
    ):
        assert len(table().splitlines()) == 2 + count
