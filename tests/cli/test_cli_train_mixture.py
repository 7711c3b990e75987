"""`train-mixture` on the command line."""

import json

import pytest

from anneal_theory.cli.app import run

SHORT = ["train-mixture", "--replicas", "10", "--batch-size", "20", "--schedule", "constant", "--end-time", "40"]


def test_the_count_and_its_exact_interval_are_written_to_the_file(tmp_path):
    out = tmp_path / "found.json"
    assert run([*SHORT, "--json", "--out", str(out)]) == 0
    result = json.loads(out.read_text())["result"]
    assert sum(result["collapsed"]) == result["count"]
    assert result["interval"][0] <= result["count"] / 10 <= result["interval"][1]
    assert len(result["statistics"]["m1"]) == 10


def test_a_batch_of_one_is_one_line_and_exit_code_two(capsys):
    assert run([*SHORT[:3], "--batch-size", "1"]) == 2
    assert "--batch-size must be an integer from 2 to" in capsys.readouterr().err


def test_a_hot_end_is_refused_with_the_steps_that_would_do(capsys):
    assert run(["train-mixture", "--end-time", "5"]) == 2
    assert "steps (--end-time " in capsys.readouterr().err


def test_a_folder_that_is_not_there_is_refused_before_the_work(capsys, tmp_path):
    assert run([*SHORT, "--out", str(tmp_path / "none" / "x.json")]) == 2
    assert "out must be a file in a folder that exists" in capsys.readouterr().err


@pytest.mark.slow
def test_recorded_runs_are_drawn_over_the_flow_and_written(tmp_path, capsys):
    path, figure = tmp_path / "runs.json", tmp_path / "runs.svg"
    line = [*SHORT, "--record-every", "50", "--figure", str(figure), "--json", "--out", str(path)]
    assert run(line) == 0
    assert figure.read_text("utf-8").lstrip().startswith("<?xml")
    history = json.loads(path.read_text("utf-8"))["result"]["history"]
    assert [row[0] for row in history["step"]][:3] == [0, 50, 100]
    assert run([*SHORT, "--figure", str(figure)]) == 2
    assert "--record-every must be" in capsys.readouterr().err


SPHERE = ["--constraint", "sphere", "--variance-rule", "trained", "--objective", "free-energy", "--dim", "16"]


@pytest.mark.slow
def test_means_on_the_sphere_are_trained_recorded_and_drawn(tmp_path):
    path, figure = tmp_path / "runs.json", tmp_path / "runs.svg"
    line = [*SHORT, *SPHERE, "--record-every", "50", "--figure", str(figure), "--json", "--out", str(path)]
    assert run(line) == 0
    assert figure.read_text("utf-8").lstrip().startswith("<?xml")
    result = json.loads(path.read_text("utf-8"))["result"]
    assert [s > 0 for s in result["statistics"]["pair_overlap"]] == result["collapsed"]
    assert set(result["history"]) == {"step", "temperature", "m1", "m2", "pair_overlap", "v1", "v2"}


@pytest.mark.slow
def test_training_on_the_sphere_is_set_beside_its_theory(capsys):
    line = ["compare", *SHORT[1:], *SPHERE, "--bias-replicas", "0", "--most-undecided", "0.3"]
    assert run(line) == 0
    assert "  agrees\n" in capsys.readouterr().out
    few = ["--end-time", "60", "--replicas", "4", "--batch-size", "20", "--step-size", "0.2", "--most-undecided", "1"]
    assert run(["compare", "--baselines", *SPHERE, *few]) == 0
    told = capsys.readouterr().out
    assert "constant ESS" in told
    assert "constraint='sphere'" in told


def test_a_trajectory_on_the_sphere_starts_where_it_is_told(capsys):
    assert run(["trajectory", *SPHERE[:-2], "--cosine", "0.2", "--until", "40", "--points", "2"]) == 0
    table = capsys.readouterr().out.splitlines()
    assert table[0].split() == ["time", "T", "m1", "m2", "pair_overlap", "variance", "cosine"]
    assert table[1].split()[4:] == ["0", "10", "0.2"]
    assert run(["trajectory", *SPHERE[:-2], "--rho0", "0.2"]) == 2
    assert "--rho0 must be left out with --constraint sphere" in capsys.readouterr().err


def test_a_share_of_no_decided_run_is_not_told(capsys):
    assert run([*SHORT[:-1], "1", "--most-undecided", "1"]) == 0
    told = capsys.readouterr().out
    assert told.startswith("no run was decided\nundecided (diverged, or not settled): 10 of 10\n")
    assert "nan" not in told


@pytest.mark.slow
@pytest.mark.parametrize("more", ["--cells 1,-", "--baselines"])
def test_tables_of_no_decided_run_hold_no_nan(capsys, tmp_path, more):
    line = "compare --replicas 4 --batch-size 10 --step-size 1 --end-time 30 --most-undecided 1 --bias-replicas 2 "
    if more == "--baselines":
        line = line.replace("--bias-replicas 2", "--highest-final-temperature 10")
    else:
        line += f" --checkpoint {tmp_path}/cells"
    assert run([*line.split(), *more.split()]) == 0
    table = capsys.readouterr().out
    assert "nan" not in table
    if more != "--baselines":  # the finished cell is read back
        assert run([*line.split(), *more.split()]) == 0
        assert capsys.readouterr().out.splitlines()[:3] == table.splitlines()[:3]
