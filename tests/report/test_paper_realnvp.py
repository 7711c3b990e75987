"""The stored flows of the paper's recipe: what is stored follows from itself, and a study that was stopped goes on."""

import itertools
import json

import pytest

from anneal_theory.training.recipes import paper_recipe
from docs.studies import paper_realnvp as study

CELLS, FULL = study.stored(), study.stored(study.FULL_STORE)


def test_every_cell_of_the_full_size_is_stored_once():
    found = [(cell["initial_temperature"], cell["annealing_steps"], cell["seed"]) for cell in FULL]
    assert sorted(found) == sorted(itertools.product(study.TEMPERATURES, study.FULL_STEPS, study.FULL_SEEDS))


def test_every_cell_of_the_small_map_is_stored_once():
    found = [(cell["initial_temperature"], cell["annealing_steps"], cell["seed"]) for cell in CELLS]
    assert sorted(found) == sorted(itertools.product(study.TEMPERATURES, study.SMALL_STEPS, study.SMALL_SEEDS))
    assert found == study.cells(study.SMALL_STEPS, study.SMALL_SEEDS)  # in the order in which they are trained


def test_the_counts_follow_from_the_spreads_of_the_decided_flows():
    for cell in CELLS + FULL:
        decided = [spread for spread, lost in zip(cell["spread"], cell["undecided"], strict=True) if not lost]
        assert (cell["decided"], cell["runs"]) == (len(decided), study.REPLICAS)
        assert cell["collapsed"] == sum(spread < 1.6 for spread in decided)


def test_the_flows_are_the_recipes_but_for_their_size():
    for cell in CELLS + FULL:
        flow, rules = cell["settings"]["flow"], cell["settings"]["rules"]
        recipe = paper_recipe(cell["initial_temperature"], cell["annealing_steps"])
        recipe |= study.SMALL if cell in CELLS else {}
        assert {name: recipe[name] for name in rules if name in recipe} == {
            name: rules[name] for name in rules if name in recipe
        }
        shape = {name: recipe[name] for name in flow if name in recipe}
        assert shape | {"hidden": list(shape["hidden"])} == {name: flow[name] for name in shape}
        assert rules["final_step_size"] is None
        assert (cell["settings"]["mode_direction"], cell["settings"]["verdict"]) == ("random", "spread")


def test_a_study_that_was_stopped_trains_only_what_is_missing(tmp_path, monkeypatch, capsys):
    trained = []

    def cell(temperature, steps, seed, change):
        trained.append((temperature, steps, seed))
        if len(trained) == 3:
            raise KeyboardInterrupt
        names = ("initial_temperature", "annealing_steps", "seed", "collapsed", "decided", "runs", "seconds")
        return dict(zip(names, (temperature, steps, seed, 5, 15, 16, 1.0), strict=True))

    monkeypatch.setattr(study, "train_cell", cell)
    line = ["--full", "--out", str(tmp_path / "full.json")]
    with pytest.raises(KeyboardInterrupt):
        study.main(line)
    study.main(line)
    whole = len(study.TEMPERATURES) * len(study.FULL_STEPS) * len(study.FULL_SEEDS)
    assert len(trained) == whole + 1  # the one that was interrupted is tried again
    assert len(set(trained)) == whole == len(json.loads((tmp_path / "full.json").read_text("utf-8"))["cells"])
    told = capsys.readouterr().out
    assert "| 1 | 10 of 30, 2 undecided (198 of 198) |" in told


def test_each_size_has_a_file_of_its_own(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(study, "COUNTS", tmp_path / "counts.json")
    for name, size in (("STORE", []), ("FULL_STORE", ["--full"])):
        mine = tmp_path / f"{name}.json"
        monkeypatch.setattr(study, name, mine)
        monkeypatch.setattr(study, "cells", lambda *_: [(9.0, 400, 0)])
        monkeypatch.setattr(study, "train_cell", lambda *_: CELLS[2])
        study.main(size)
        assert study.stored(mine) == [CELLS[2]]


def test_the_table_at_full_size_states_counts_and_intervals_of_the_stored_flows():
    told = study.paper_flows_full().splitlines()
    assert len(told) == 2 + len(study.TEMPERATURES) * len(study.FULL_STEPS) + 2
    for line in told[2:-2]:
        temperature, steps, ours, _, _, _, _ = (part.strip() for part in line.strip("|").split("|"))
        own = [
            row
            for row in FULL
            if (f"{row['initial_temperature']:g}", str(row["annealing_steps"])) == (temperature, steps)
        ]
        lost = [a for row in own for a, b in zip(row["spread"], row["undecided"], strict=True) if not b and a < 1.6]
        assert ours == f"{len(lost)} of {sum(row['decided'] for row in own)}"
