"""`compare` on the command line: JSON, cells, the file of finished cells, refusals."""

import json

import pytest

from anneal_theory.cli import cells as module
from anneal_theory.cli.app import run
from anneal_theory.sealed import read_sealed_json, write_sealed
from tests.advice import refused

# Below the critical separation nothing collapses, and the theory knows it without integrating anything.
LINE = "compare --separation 2 --weight 0.5 --dim 8 --replicas 12 --batch-size 10 --step-size 0.2 --bias-replicas 6"
SHORT = LINE.split()
VALUES = dict(zip(SHORT[1::2], SHORT[2::2], strict=True))
CELLS = ["--cells", "1,-;4,2"]
KEPT = module._KIND, module._FORMAT


def test_cells_are_written_as_json(tmp_path):
    out = tmp_path / "found.json"
    assert run([*SHORT, *CELLS, "--json", "--out", str(out)]) == 0
    result = json.loads(out.read_text())["result"]
    kinds = [cell["settings"]["schedule"]["kind"] for cell in result["cells"]]
    assert kinds == ["Constant", "Exponential"]
    for cell in result["cells"]:
        assert cell["count"]["low"] <= cell["count"]["share"] <= cell["count"]["high"]
        assert [bias["cause"] for bias in cell["biases"]] == ["step_size", "batch_size"]
    assert result["peak_memory_bytes"] > 2**20


def test_the_text_has_a_row_a_cell_and_the_verdict(capsys):
    assert run([*SHORT, *CELLS]) == 0
    text = capsys.readouterr().out
    assert text.count("0.0000") >= 4
    assert text.count("agrees") == 2
    assert "peak memory" in text


def test_finished_cells_are_taken_from_the_file(tmp_path, capsys):
    file, line = tmp_path / "cells", [*SHORT, "--json", "--checkpoint", str(tmp_path / "cells")]
    assert run([*line, "--cells", "4,2"]) == 0
    kept = read_sealed_json(file, *KEPT)
    (key,) = kept["result"]
    kept["result"][key]["count"]["share"] = 0.125  # a mark that no computation gives
    write_sealed(file, *KEPT, json.dumps(kept).encode())
    capsys.readouterr()
    assert run([*line, *CELLS]) == 0
    cells = json.loads(capsys.readouterr().out)["result"]["cells"]
    assert cells[1]["count"]["share"] == 0.125
    assert len(read_sealed_json(file, *KEPT)["result"]) == 2


DAMAGE = {
    "cut": lambda text: text[: len(text) // 2],
    "not json": lambda text: "hello",
    "other content": lambda text: '{"result": 3}',
    "altered count": lambda text: text.replace('"collapsed": 0', '"collapsed": 7'),
    "older format": lambda text: text.replace("comparison 3", "comparison 2", 1),
}


@pytest.mark.parametrize("damage", ["other seed", *DAMAGE])
def test_a_file_of_other_settings_or_a_damaged_one_is_named_and_kept(tmp_path, capsys, damage):
    file = tmp_path / "cells"
    line = [*SHORT, "--cells", "1,-", "--checkpoint", str(file)]
    assert run(line) == 0
    text = file.read_text()
    if damage != "other seed":
        file.write_text(DAMAGE[damage](text))
        assert file.read_text() != text
    before = file.read_bytes()
    assert run([*line, "--seed", "5"] if damage == "other seed" else line) == 2
    told = capsys.readouterr().err
    assert "checkpoint must be" in told
    assert "cells" in told
    assert file.read_bytes() == before


@pytest.mark.parametrize(
    "crafted",
    [
        {"result": 3}, {"result": {"x": None}}, {"result": {"x": {"count": {"replicas": 12}}}},
        {"result": {"x": {"count": "12"}}},
    ],
)  # fmt: skip
def test_a_crafted_file_is_refused_for_what_it_lacks(tmp_path, capsys, crafted):
    file = tmp_path / "cells"
    line = [*SHORT, "--cells", "1,-", "--checkpoint", str(file)]
    assert run(line) == 0
    write_sealed(file, *KEPT, json.dumps(read_sealed_json(file, *KEPT) | crafted).encode())
    assert run(line) == 2
    assert "cells" in capsys.readouterr().err


def test_baselines_are_a_table(capsys):
    line = LINE.replace("--bias-replicas 6", "--baselines --end-time 30 --most-undecided 1 --json")
    assert run(line.split()) == 0
    rows = json.loads(capsys.readouterr().out)["result"]["baselines"]["rows"]
    assert [row["theory"] is None for row in rows] == [False, False, True, True, False]


@pytest.mark.parametrize(
    ("options", "named"),
    [
        (["--cells", "2,-"], "--cells must"),
        (["--cells", "1,2,3"], "--cells must"),
        (["--cells", ""], "--cells must"),
        (["--cells", "10,10", "--decay-time", "5"], "--cells must"),
        (["--false-alarm", "0"], "--false-alarm must"),
        (["--bias-replicas", "13"], "--bias-replicas must"),
        (["--batch-size", "1"], "--batch-size must"),
        (["--step-size", "-1"], "--step-size must"),
        (["--end-time", "1"], "1.15"),
        (["--baselines"], "--bias-replicas must"),
        (["--checkpoint", "/nowhere/at/all/x.json"], "a folder that exists"),
    ],
)
def test_bad_input_is_one_line_and_exit_code_2(capsys, options, named):
    given = [word for word in SHORT if word.startswith("--") and word not in options]
    assert named in refused(capsys, ["compare", *(word for name in given for word in (name, VALUES[name])), *options])
