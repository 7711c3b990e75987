"""The commands of the how-to page run as they stand, in order, and its other lines name options that there are."""

import ast
import inspect
import re
import shlex
from pathlib import Path

import pytest
import xarray

import anneal_theory as at
from anneal_theory.cli.app import app, run

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "how_to" / "sweep.md").read_text("utf-8")


def lines(language):
    blocks = re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)
    return [
        shlex.split(line)[1:] for block in blocks for line in block.splitlines() if line.startswith("anneal-theory ")
    ]


@pytest.mark.slow
def test_the_commands_of_the_page_do_what_it_says(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("anneal_theory.sweeps.run.cores", lambda: 1)
    assert len(lines("sh")) == 5
    for line in lines("sh"):
        assert run(line) == 0, capsys.readouterr().err
    told = capsys.readouterr().out
    assert "4 of 4 cells missing, 1 at once, " in told
    assert {one.name for one in tmp_path.iterdir()} == {"thresholds.zarr", "runs.zarr", "again.zarr"}
    first, again = (xarray.open_zarr(name, chunks=None).load() for name in ("runs.zarr", "again.zarr"))
    assert first.drop_vars("seconds").identical(again.drop_vars("seconds"))
    assert sorted(first.command.split()[1:]) == sorted(lines("sh")[2])


def test_the_lines_for_a_cluster_name_what_there_is():
    (line,) = lines("text")
    command, bound, unused, _ = app.parse_known_args(line)
    assert unused == []
    assert command.__name__ == "sweep"
    assert bound.kwargs["scheduler"] == "tcp://head:8786"
    calls = [
        node
        for block in re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
        for node in ast.walk(ast.parse(block))
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "at.sweep"
    ]
    assert len(calls) == 2
    for call in calls:
        inspect.signature(at.sweep).bind(*call.args, **{one.arg: None for one in call.keywords})
