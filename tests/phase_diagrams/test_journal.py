"""The file of a phase diagram: whole after a kill, refused by name where it is another's, damaged or in use."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import anneal_theory as at
from anneal_theory.errors import DomainError
from anneal_theory.phase_diagrams.grid import Grid
from anneal_theory.phase_diagrams.journal import Journal

TARGET, INIT = at.BimodalTarget(3, "0.8"), at.GaussianInit(128)
AXES = {"initial_temperatures": [10, 20], "decay_times": [100, 300, 1000]}
GUARD = 60.0
# Three cells are computed; those that come after them never end.
KILLED = """
import sys, time
import anneal_theory as at
from anneal_theory.phase_diagrams.grid import Grid
real = Grid.cell
Grid.cell = lambda grid, place: real(grid, place) if place[0] == 0 else time.sleep(600)
at.phase_diagram(at.BimodalTarget(3, "0.8"), at.GaussianInit(128), method="leading-order", workers=2,
    checkpoint=sys.argv[1], initial_temperatures=[10, 20], decay_times=[100, 300, 1000])
"""


def diagram(path, **given):
    return at.phase_diagram(TARGET, INIT, checkpoint=path, **AXES | {"method": "leading-order"} | given)


@pytest.fixture
def kept(tmp_path) -> Path:
    """The file of a whole map."""
    diagram(tmp_path / "map")
    return tmp_path / "map"


def lines_of(path) -> list[bytes]:
    return path.read_bytes().splitlines() if path.exists() else []


@pytest.mark.slow
def test_a_process_that_is_killed_loses_only_the_cells_that_it_was_at(tmp_path, monkeypatch):
    path = tmp_path / "map"
    process = subprocess.Popen([sys.executable, "-c", KILLED, str(path)])
    begun = time.monotonic()
    try:
        while len(lines_of(path)) < 5:  # header, settings, three cells
            assert process.poll() is None
            assert time.monotonic() - begun < GUARD
            time.sleep(0.05)
        with pytest.raises(DomainError, match=rf"^checkpoint must be free: process {process.pid} on "):
            diagram(path)
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()
    computed, real = [], Grid.cell
    monkeypatch.setattr(Grid, "cell", lambda grid, place: computed.append(place) or real(grid, place))
    resumed = diagram(path)
    assert sorted(computed) == [(1, 0), (1, 1), (1, 2)]
    assert resumed.equals(diagram(None))


def test_a_whole_map_is_read_and_not_computed(kept, monkeypatch):
    before, whole = kept.read_bytes(), diagram(None)
    monkeypatch.setattr(Grid, "cell", lambda grid, place: pytest.fail("a cell was computed"))
    assert diagram(kept).equals(whole)
    assert kept.read_bytes() == before


@pytest.mark.parametrize("left", range(1, 60, 7))
def test_a_line_that_was_not_finished_is_taken_off(kept, left):
    whole = kept.read_bytes()
    kept.write_bytes(whole[:-left])
    diagram(kept)
    assert sorted(lines_of(kept)) == sorted(whole.splitlines())


@pytest.mark.parametrize("length", [0, 7, 31, 40])
def test_a_file_that_was_only_begun_is_begun_anew(kept, length):
    whole = kept.read_bytes()
    kept.write_bytes(whole[:length])
    diagram(kept)
    assert sorted(lines_of(kept)) == sorted(whole.splitlines())


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda whole: b"my notes\n" + whole, "begins with 'anneal-theory phase diagram 1'"),
        (lambda whole: whole.replace(b"0.8", b"0.7", 1), "undamaged .line 2 "),
        (lambda whole: whole.replace(b'"value": 0.', b'"value": 1.', 1), "undamaged .line 3 "),
        (lambda whole: whole + b"\n\n", "undamaged .line 9 "),
    ],
)
def test_a_damaged_file_is_refused_and_left_as_it_is(kept, change, told):
    changed = change(kept.read_bytes())
    kept.write_bytes(changed)
    with pytest.raises(DomainError, match=f"^checkpoint must be .*{told}"):
        diagram(kept)
    assert kept.read_bytes() == changed


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"decay_times": [100, 300, 1001]}, "axes.decay_time .*'1000'.* there, .*'1001'.* here"),
        ({"s0": "0.1"}, "s0 .None there, '0.1' here"),
        ({"objective": "free-energy"}, "objective .'tempered-target' there"),
        ({"method": "slow-annealing"}, "method .'leading-order' there, 'slow-annealing' here"),
    ],
)
def test_the_file_of_another_map_is_refused_by_what_differs(kept, given, told):
    before = kept.read_bytes()
    with pytest.raises(DomainError, match=f"^checkpoint must be one of the same parameters, .*{told}"):
        diagram(kept, **given)
    assert kept.read_bytes() == before


def test_the_file_of_another_version_is_refused_and_named(kept, monkeypatch):
    before = kept.read_bytes()
    monkeypatch.setattr("anneal_theory.phase_diagrams.__version__", "9.9")
    with pytest.raises(DomainError, match=rf"^checkpoint must be .* version .'{at.__version__}' there, '9\.9' here"):
        diagram(kept)
    assert kept.read_bytes() == before


def test_a_schedule_made_of_a_function_has_no_file(tmp_path):
    schedule = at.from_callable(lambda t: 1 + 9 / (1 + t), 50)
    with pytest.raises(DomainError, match=r"^checkpoint must be left out for a schedule made of a function"):
        at.phase_diagram(TARGET, INIT, schedule, separations=[3], dims=[8], checkpoint=tmp_path / "map")


def test_a_full_disk_is_told_with_the_file_s_name(tmp_path, monkeypatch):
    with Journal(tmp_path / "map", {"version": "1"}, (1, 1)) as journal:
        monkeypatch.setattr(os, "write", lambda *given: (_ for _ in ()).throw(OSError(28, "No space left on device")))
        with pytest.raises(OSError, match=f"No space left on device: '{tmp_path / 'map'}'"):
            journal.keep((0, 0), Grid.cell.__annotations__["return"](value=0.5))
