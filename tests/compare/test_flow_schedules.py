"""The stored flows of `docs.studies.flow_schedules` are those of its cells, and its tables show them."""

import pytest

from docs.studies import flow_schedules as study
from docs.studies.flow_targets import NAMES, SCHEDULES

BY_PILOTS = ("AdaAnn", "constant ESS")  # rules whose settings are found by training


def cells():
    return {cell.key: cell for cell in study.cells()}


def test_every_cell_is_stored_with_the_schedule_that_it_has_now():
    known = cells()
    names = "table", "name", "separation", "dim"
    found = {tuple(row[name] for name in names): row for row in study.stored()["cells"]}
    assert set(found) == set(known)
    for key, row in found.items():
        if key[1] not in BY_PILOTS and not key[1].startswith("designed"):
            assert repr(known[key].rule()) == row["schedule"]


def test_no_flow_is_left_out_of_the_counts():
    for row in study.stored()["cells"]:
        replicas = 32 if row["table"] == "dimensions" or row["separation"] != "3" else study.REPLICAS
        assert row["decided"] + row["undecided"] == replicas
        assert row["collapsed"] <= row["decided"]


def test_the_other_targets_are_all_stored():
    rows = study.stored()["targets"]
    assert {(row["target"], row["name"]) for row in rows} == {(target, name) for target in NAMES for name in SCHEDULES}
    for row in rows:
        assert row["lost"] == sum(one > 0 for one in row["modes_lost"])
        assert row["flows"] == len(row["modes_lost"])


@pytest.mark.parametrize("steps", [0, 400])
def test_a_schedule_of_stretches_is_at_each_temperature_for_its_steps(steps):
    schedule = study.quenched(*([(steps, "8")] if steps else []), (300, "2"))
    assert schedule.temperature(steps + 150.0) == 2
    assert schedule.temperature(steps + 300.0) == 2
    assert schedule.temperature(steps + 300.0 + study.QUENCH) == 1
    if steps:
        assert schedule.temperature(float(steps)) == 8
        assert schedule.temperature(steps + 1.0) == 2
