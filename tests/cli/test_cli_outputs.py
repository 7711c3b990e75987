"""Each output of a command needs a file of its own; sizes that fill no memory are refused by name."""

import pytest

from anneal_theory.cli.app import run


@pytest.mark.parametrize(
    ("command", "first", "second"),
    [
        ("train-mixture --replicas 2", "out", "checkpoint"),
        ("train-realnvp --replicas 2", "checkpoint", "figure"),
        ("compare --cells 1,-", "out", "checkpoint"),
        ("map --dim 8,16 --weight .7,.8", "checkpoint", "figure"),
        ("probability --method large-dim --digits 8", "out", "checkpoint"),
    ],
)
def test_one_file_for_two_outputs_is_refused_before_the_work(tmp_path, capsys, command, first, second):
    (tmp_path / "folder").mkdir()
    name = "kept.png" if second == "figure" else "kept"
    file, same = tmp_path / name, tmp_path / "folder" / ".." / name
    assert run([*command.split(), f"--{first}", str(file), f"--{second}", str(same)]) == 2
    assert f"--{second} must be another file than that of --{first}" in capsys.readouterr().err
    assert not file.exists()


@pytest.mark.parametrize("line", ["map --dim 8,16 --weight .7,.8 --out map.png", "probability --json --out p.SVG"])
def test_numbers_are_not_written_into_a_file_that_is_named_as_a_picture(tmp_path, monkeypatch, capsys, line):
    monkeypatch.chdir(tmp_path)
    assert run(line.split()) == 2
    assert capsys.readouterr().err.startswith("anneal-theory: --out must be a file of text, and no picture, but was '")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
@pytest.mark.parametrize(
    ("line", "option"),
    [
        ("probability --method simulated --replicas 1e12", "replicas"),
        ("probability --family-weight .3 --replicas 1e11", "replicas"),
        ("trajectory --points 1e12", "points"),
    ],
)
def test_more_than_fits_in_memory_is_refused_by_name(capsys, line, option):
    assert run(line.split()) == 2
    assert capsys.readouterr().err.startswith(f"anneal-theory: --{option} must be ")


@pytest.mark.parametrize("command", ["threshold", "probability"])
def test_digits_of_the_leading_order_say_what_they_are_of(capsys, command):
    assert run([command, "--method", "leading-order", "--initial-temperature", "10", "--decay-time", "100"]) == 0
    assert "the prefactor A is left out" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("command", "option"),
    [
        ("critical", "out"),
        ("report", "out"),
        ("train-mixture --replicas 1", "checkpoint"),
        ("train-realnvp --replicas 1", "checkpoint"),
        ("compare --cells 1,-", "checkpoint"),
        ("map --dim 8,16 --weight .7,.8", "checkpoint"),
        ("probability --method large-dim --digits 8", "checkpoint"),
    ],
)
def test_a_file_of_no_name_is_refused_before_the_work(capsys, command, option):
    assert run([*command.split(), f"--{option}", ""]) == 2
    told = capsys.readouterr().err
    assert told.startswith(f"anneal-theory: --{option} must be the path of a file, but was ''; give ")
    assert "folder" not in told
