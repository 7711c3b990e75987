"""`anneal-theory bench`: one cheap topic through the command, and how two sides are timed."""

import json
import re

import pytest

from anneal_theory.cli.app import run
from docs.studies.benchmark_table import STORED, benchmarks
from tests.benchmarks import pairs
from tests.benchmarks.paired import Pair, Side, Skipped, measured


def test_a_topic_is_timed_and_written_with_versions_and_a_machine_without_a_name(tmp_path, capsys):
    out = tmp_path / "bench.json"
    assert run(["bench", "--quick", "--only", "single, single", "--json", "--out", str(out)]) == 0
    assert capsys.readouterr().err == "bench: single\n"
    document = json.loads(out.read_text())
    assert document["settings"] == {"only": ["single"], "quick": True}
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
    assert topics == set(pairs.TOPICS)
    table = benchmarks()
    assert all(row["about"] in table for row in stored["result"]["rows"])
    assert f"Run of {stored['result']['date']}" in table
