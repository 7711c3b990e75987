"""`anneal-theory sweep` and `rerun`: what is typed becomes axes and arguments, and refusals are one line."""

import json

import pytest

import anneal_theory as at
from anneal_theory.cli.app import run

LINE = "sweep threshold --method leading-order --initial-temperature 30 --decay-time 1000,2e3 --workers 1"
QUICK = LINE.split()
SHORT = "--replicas 2 --step-size 0.25 --end-time 25 --batch-size 8 --workers 1"


@pytest.mark.slow
def test_the_json_has_every_cell_and_the_command_runs_again_from_its_store(tmp_path, capsys):
    store = tmp_path / "runs.zarr"
    line = [
        *QUICK,
        "--objective",
        "tempered-target,free-energy",
        "--separation",
        "2.8:3:2",
        "--store",
        str(store),
        "--json",
    ]
    assert run(line) == 0
    document = json.loads(capsys.readouterr().out)
    axes = {"separation": ["2.8", 3], "decay_time": [1000, 2000], "objective": ["tempered-target", "free-energy"]}
    target, schedule = at.BimodalTarget(3, "0.8"), at.Exponential(30, 1000)
    found = at.sweep("threshold", axes, target, schedule, method="leading-order", workers=1)
    assert document["result"]["axes"] == {name: found[name].values.tolist() for name in axes}
    assert document["result"]["value"] == found.value.values.tolist()
    assert document["settings"]["axes"]["separation"] == ["2.8", "3"]
    assert document["result"]["command"].startswith("anneal-theory sweep threshold --separation 2.8:3:2 --initial")
    assert run(["rerun", str(store), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["result"] == document["result"]
    assert run(["rerun", str(store), "--workers", "0"]) == 2
    assert capsys.readouterr().err.startswith("anneal-theory: --workers must be an integer from 1 to 1024, but was 0;")
    assert run(["rerun", str(store)[:-1]]) == 2
    assert capsys.readouterr().err.endswith(f"where nothing is; did you mean {str(store)!r}?\n")
    assert run(["rerun", str(store), "--dry-run"]) == 0
    assert capsys.readouterr().out.startswith("0 of 8 cells missing")


def test_the_text_has_the_cells_and_the_reason_of_what_is_missing(capsys):
    assert run([*QUICK[:4], "--initial-temperature", "2,30", "--decay-time", "1000", "--workers", "1"]) == 0
    told = capsys.readouterr().out
    assert "1 of 2 cells have no number; the first says: DomainError: schedule must be hotter" in told
    assert "  weight: 0.8" in told


def test_starts_and_rules_of_the_variance_are_options_of_trainings(capsys):
    line = "sweep mixture --constraint sphere --variance-rule trained,fixed --objective free-energy --dim 8,16"
    assert run([*line.split(), "--schedule", "constant", *SHORT.split(), "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["result"]["axes"] == {"dim": [8, 16], "variance_rule": ["trained", "fixed"]}
    assert document["settings"]["init"] == {"kind": "SphereInit", "dim": 8}
    assert document["result"]["replicas"] == [[2.0, 2.0], [2.0, 2.0]]


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("sweep threshold", "the sweep must be over one range or more, but was over none"),
        (
            "sweep thresold --separation 2,3",
            "KIND must be one of probability, noisy-probability, threshold, mixture, realnvp, but was 'thresold'; ",
        ),
        ("sweep threshold --separation 2,2.0", "--separation must be a list of distinct values"),
        ("sweep threshold --separation 2,-2", "--separation[1] must be positive and finite"),
        ("sweep threshold --separation 3:2:4", "--separation must be a rising range"),
        ("sweep threshold --method exat,exact", "--method[0] must be"),
        ("sweep threshold --dim 8,16", "--dim must be left out of a sweep of threshold"),
        ("sweep threshold --separation 2,3 --batch-size 9", "--batch-size must be left out of a sweep of threshold"),
        ("sweep threshold --duration 2,3", "--duration must be left out for the schedule exponential"),
        ("sweep probability --dim 8,16 --seed 1", "--seed must be left out where nothing is drawn"),
        ("sweep mixture --constraint sphere --dim 8,16 --variance 1", "--variance must be left out with --constraint"),
        ("sweep threshold --separation 2,3 --store /none/here/runs.zarr", "--store must be in a folder that exists"),
        (
            "sweep threshold --seperation 2,3",
            "sweep has no option --seperation; did you mean --separation?",
        ),
        (
            "rerun /none/runs.zarr",
            "STORE must be the folder that a sweep is kept in, but was '/none/runs.zarr', where nothing is; correct",
        ),
    ],
)
def test_bad_input_is_one_line(capsys, line, told):
    assert run(line.split()) == 2
    said = capsys.readouterr().err
    assert said.startswith(f"anneal-theory: {told}")
    assert said.count("\n") == 1
