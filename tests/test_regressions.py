"""The command that sets every public function beside an earlier tree: its table is whole, and it runs."""

import inspect
import json

import pytest

import anneal_theory as at
from docs.studies.benchmark_table import REGRESSIONS
from docs.studies.benchmark_table import regressions as page_table
from docs.studies.regression_reasons import REASONS, reason
from tests.benchmarks import regressions
from tests.doors import DOORS

# Public callables without a row, and why.
NOT_TIMED = {
    "vectorize": "calls of other functions, which have rows",
    "Schedule": "what schedules have in common; each of them has a row, and so have its methods",
    "DomainError": "an error", "MissingExtra": "an error", "NoCollapsedState": "an error",
    "PrecisionError": "an error", "SolveError": "an error",
    "Estimate.told": "text of a few lines", "Outcomes.told": "text of a few lines",
    "Trajectory.told": "text of a few lines",
    "Outcomes": "made by the package: a record of arrays", "Trajectory": "made by the package: a record of arrays",
}  # fmt: skip
RESULTS = (at.Estimate, at.Ball, at.Outcomes, at.Trajectory)


def test_every_public_callable_has_a_row_or_a_reason():
    doors = {name for name in DOORS if ":" not in name}
    named = {name for name in at.__all__ if callable(getattr(at, name))}
    ways = {
        f"{kind.__name__}.{name}"
        for kind in RESULTS
        for name, one in inspect.getmembers(kind, callable)
        if not name.startswith("_")
    }
    rows = {call.door for call in regressions.CALLS}
    assert (doors | named | ways) - rows == set(NOT_TIMED)


def test_names_of_rows_are_single():
    names = [call.name for call in regressions.CALLS]
    assert len(set(names)) == len(names)


@pytest.mark.slow
@pytest.mark.skipif(not (regressions.ROOT / ".git").exists(), reason="no git checkout: there is no earlier tree")
def test_two_rows_against_the_last_commit(capsys):
    assert regressions.main(["HEAD", "--only", "GaussianInit", "Dynamics", "--rounds", "2", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert [row["name"] for row in found["rows"]] == ["GaussianInit", "Dynamics"]
    for row in found["rows"]:
        assert 0 < row["lowest"] <= row["ratio"] <= row["highest"]
        assert row["today_ms"] > 0 < row["earlier_ms"]
    assert str(regressions.ROOT) not in json.dumps(found)


def test_the_page_tells_every_call_that_is_slower_and_no_other():
    stored = json.loads(REGRESSIONS.read_text(encoding="utf-8"))
    slower = {row["name"] for row in stored["rows"] if row["ratio"] is not None and row["ratio"] > 1.1}
    table = {line.split(" | ")[0].removeprefix("| ") for line in page_table().splitlines() if line.startswith("| ")}
    assert table - {"call", "---"} == slower
    assert not any(row["failed"] for row in stored["rows"])


def test_every_call_that_is_slower_in_every_round_says_why():
    """Calls that exist have reasons, and one that is slower without a reason fails."""
    stored = [row for row in json.loads(REGRESSIONS.read_text(encoding="utf-8"))["rows"] if row["ratio"] is not None]
    assert [row["name"] for row in stored if row["lowest"] > 1.1 and not reason(row["name"])] == []
    names = {call.name for call in regressions.CALLS} | {call.door for call in regressions.CALLS}
    assert set(REASONS) <= names
