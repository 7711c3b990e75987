"""`anneal-theory bench`: one cheap topic through the command, and how two sides are timed."""

import importlib.util
import itertools
import json
import re

import pytest

from anneal_theory.cli.app import run
from docs.studies.benchmark_table import PICTURE, SIZES, STORED, TOOLS, benchmarks, drawn_from, similar_tools, sizes
from docs.studies.flow_step import flow_step
from tests.benchmarks import pairs, tools
from tests.benchmarks.paired import Pair, Side, Skipped, measured
from tests.benchmarks.sizes import Scale, exponents, scaled, scales


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
    assert topics == set(pairs.TOPICS) - {"sizes", "tools"}  # which have runs of their own
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


def test_the_exponent_of_a_power_law_is_its_own_and_that_of_a_bent_one_lies_between_its_neighbours():
    assert exponents([1, 10, 1000], [2.0, 2e3, 2e9]) == pytest.approx((3, 3, 3))
    fitted, lowest, highest = exponents([1, 2, 4, 8], [1.0, 1.0, 2.0, 8.0])
    assert (lowest, highest) == pytest.approx((0, 2))
    assert lowest < fitted < highest


def test_every_size_is_run_and_timed():
    asked = []
    row = scaled(Scale("nothing", "things", (1, 3), lambda size: lambda: asked.append(size)), rounds=2)
    assert set(asked) == {1, 3}
    assert row.sizes == [1, 3]
    assert all(one > 0 for one in row.ms)


def test_growing_sizes_are_timed_by_the_command_and_the_exponent_is_told(monkeypatch, capsys):
    work = Scale("a sum", "terms", (10, 100), lambda size: lambda: sum(range(size)))
    monkeypatch.setitem(pairs.TOPICS, "sizes", lambda quick: iter([work]))
    assert run(["bench", "--quick", "--only", "sizes"]) == 0
    assert re.search(r"a sum: exponent \S+ \(\S+ to \S+\) in terms\n    10: .*, 100: ", capsys.readouterr().out)


def test_the_sizes_without_quick_are_those_that_the_page_names():
    full = {one.about: one.sizes for one in scales(False) if isinstance(one, Scale)}
    assert [max(sizes) for sizes in full.values()] == [10**6, 10**12, 10**12, 4096, 4096, 1000, 50, 200**2]
    quick = {one.about: one.sizes for one in scales(True) if isinstance(one, Scale)}
    assert quick.keys() == full.keys()
    assert all(set(quick[about]) <= set(full[about]) for about in ("psi, certified", "a map, free means, d = 128"))


def test_the_page_has_the_stored_sizes_and_the_figure_is_drawn_from_them():
    stored = json.loads(SIZES.read_text())
    assert [row["about"] for row in stored["result"]["scaled"]] == [one.about for one in scales(True)]
    table = sizes()
    assert all(f"{row['exponent']:.2f} ({row['lowest']:.2f}" in table for row in stored["result"]["scaled"])
    assert drawn_from() in PICTURE.read_text()


def test_the_parts_of_a_step_make_the_step():
    rows = re.findall(r"^\| (.+) \| (\d+\.\d+) \|$", flow_step(), re.MULTILINE)
    split = [name for name, _ in rows].index("the step")
    parts = [float(one) for _, one in rows[:split]]
    assert len(parts) == 5
    assert sum(parts) == pytest.approx(float(rows[split][1]), abs=0.005 * (len(parts) + 1))  # each is rounded
    assert rows[split + 1] == ("as it is", rows[split][1])
