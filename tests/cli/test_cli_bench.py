"""`anneal-theory bench`: one cheap topic through the command, and how two sides are timed."""

import importlib.util
import itertools
import json
import re

import pytest

from anneal_theory.cli.app import run
from docs.studies.benchmark_table import STORED, TOOLS, benchmarks, similar_tools
from tests.benchmarks import pairs, tools
from tests.benchmarks.paired import Pair, Side, Skipped, measured


def test_a_topic_is_timed_and_written_with_versions_and_a_machine_without_a_name(tmp_path, capsys):
    out = tmp_path / "bench.json"
    assert run(["bench", "--quick", "--only", "single, single", "--json", "--out", str(out)]) == 0
    assert capsys.readouterr().err == "bench: single\n"
    document = json.loads(out.read_text())
    assert document["settings"] == {"only": ["single"], "quick": True, "processor": False}
    found = document["result"]
    (row,) = found["rows"]
    assert (row["topic"], row["ours"], row["peer"], row["rounds"]) == ("single", "averages.psi", "np.tanh", 3)
    assert row["lowest"] <= row["ratio"] <= row["highest"]
    assert found["skipped"] == []
    assert set(found["machine"]) == {"processor", "cores", "system", "load"}
    assert {"anneal-theory", "python", "numpy", "heyoka"} <= set(found["versions"])


def test_the_text_tells_what_is_left_out_and_why(capsys, monkeypatch):
    monkeypatch.setitem(pairs.TOPICS, "single", lambda quick: iter([Skipped("a run", "heyoka", "it is away")]))
    assert run(["bench", "--only", "single"]) == 0
    assert "a run: no row beside heyoka; it is away" in capsys.readouterr().out


def test_a_library_that_is_absent_is_told(monkeypatch):
    monkeypatch.setattr(pairs.importlib.util, "find_spec", lambda name: None)
    assert {one.reason for one in pairs.flows(True)} == {"torch and zuko not installed"}


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("--only psi", "--only must be one or more of single, arrays, digits, .*, but was 'psi'; separate the names"),
        ("--only single,", "--only must be one or more of single, .*, but was ''"),
        ("--slow", "--slow"),
        ("--only single --out /", "out"),
    ],
)
def test_bad_options_are_named(capsys, line, told):
    assert run(["bench", *line.split()]) == 2
    assert re.search(told, capsys.readouterr().err)


def test_both_sides_take_turns_and_the_factor_counts():
    calls = []
    ours = Side("ours", lambda: calls.append("ours"))
    peer = Side("peer", lambda: calls.append("peer"), units=2, factor=lambda: 1e9)
    row = measured(Pair("nothing", ours, peer), rounds=3)
    changes = [one for one, before in zip(calls[1:], calls, strict=False) if one != before]
    # both once before; then ours first, the peer first, ours first
    assert changes == ["peer", "ours", "peer", "ours", "peer"]
    assert row.ratio > 1e6
    assert row.lowest <= row.ratio <= row.highest


def test_the_page_has_every_topic_of_the_stored_run():
    stored = json.loads(STORED.read_text())
    topics = {row["topic"] for row in stored["result"]["rows"] + stored["result"]["skipped"]}
    assert topics == set(pairs.TOPICS) - {"tools"}  # which has a run of its own
    table = benchmarks()
    assert all(row["about"] in table for row in stored["result"]["rows"])
    assert f"Run of {stored['result']['date']}" in table


def test_the_page_of_similar_tools_has_a_ratio_of_each_and_its_version():
    document = json.loads(TOOLS.read_text())
    table, peers = similar_tools(), {row["peer"] for row in document["result"]["rows"]}
    assert {"LINFA", "normflows", "zuko", "sbi", "heyoka, batches of 8", "mpmath.quad", "acb.integral"} <= peers
    assert document["result"]["skipped"] == []
    versions = document["result"]["versions"]
    for name in ("linfa-vi", "normflows", "zuko", "sbi", "heyoka", "mpmath", "python-flint"):
        assert f"{name} {versions[name]}" in table
        assert versions[name] != "not installed"
    assert table.count("\n| ") == 1 + len([one for one in peers if one != "its matrix products alone"]) + 3  # digits


def test_a_tool_that_is_absent_is_told(monkeypatch):
    real, absent = importlib.util.find_spec, ("sbi", "linfa")
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name in absent else real(name))
    monkeypatch.setattr(tools, "normflows", lambda about, steps: Pair(about, Side("a", int), Side("b", int)))
    told = {one.reason for one in tools.tools(True) if isinstance(one, Skipped)}
    assert told == {"linfa not installed", "sbi not installed"}


def test_the_clock_that_is_given_is_the_one_that_is_read():
    ticks = itertools.count()
    measured(Pair("nothing", Side("ours", int), Side("peer", int)), 3, lambda: float(next(ticks)))
    assert next(ticks) == 2 * 2 * 3  # before and after, of both sides, in each round
