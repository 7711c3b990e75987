"""The stored flows of the paper's recipe: what is stored follows from itself, and a study that was stopped goes on."""

import itertools
import json

import pytest

from anneal_theory.training.recipes import paper_recipe
from docs.studies import paper_realnvp as study

CELLS = study.stored()


def test_every_cell_of_the_small_map_is_stored_once():
    found = [(cell["initial_temperature"], cell["annealing_steps"], cell["seed"]) for cell in CELLS]
    assert sorted(found) == sorted(itertools.product(study.TEMPERATURES, study.SMALL_STEPS, study.SMALL_SEEDS))
    assert study.missing(CELLS, study.SMALL_STEPS, study.SMALL_SEEDS) == []


def test_the_counts_follow_from_the_spreads_of_the_decided_flows():
    for cell in CELLS:
        decided = [spread for spread, lost in zip(cell["spread"], cell["undecided"], strict=True) if not lost]
        assert (cell["decided"], cell["runs"]) == (len(decided), study.REPLICAS)
        assert cell["collapsed"] == sum(spread < 1.6 for spread in decided)


def test_the_flows_are_the_recipes_but_for_their_size():
    for cell in CELLS:
        flow, rules = cell["settings"]["flow"], cell["settings"]["rules"]
        recipe = paper_recipe(cell["initial_temperature"], cell["annealing_steps"]) | study.SMALL
        assert {name: recipe[name] for name in rules if name in recipe} == {
            name: rules[name] for name in rules if name in recipe
        }
        shape = {name: recipe[name] for name in flow if name in recipe}
        assert shape | {"hidden": list(shape["hidden"])} == {name: flow[name] for name in shape}
        assert rules["final_step_size"] is None
        assert (cell["settings"]["mode_direction"], cell["settings"]["verdict"]) == ("random", "spread")


def test_a_study_that_was_stopped_trains_only_what_is_missing(tmp_path, monkeypatch, capsys):
    trained = []

    def cell(heat, steps, seed, change):
        trained.append((heat, steps, seed))
        if len(trained) == 3:
            raise KeyboardInterrupt
        names = ("initial_temperature", "annealing_steps", "seed", "collapsed", "decided", "runs", "seconds")
        return dict(zip(names, (heat, steps, seed, 5, 15, 16, 1.0), strict=True))

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


def test_the_full_size_is_not_written_over_the_small_map(capsys):
    with pytest.raises(SystemExit):
        study.main(["--full"])
    assert "--full needs --out" in capsys.readouterr().err
