"""Rows of cells in a file are the same whoever works and however often the work is stopped, and one process has it."""

import json
import os
import signal
from dataclasses import replace

import pytest

from anneal_theory.cli.app import run
from anneal_theory.errors import DomainError, Interrupted
from anneal_theory.sweeps.locks import Lock
from anneal_theory.sweeps.rows import fill_rows
from docs.studies.cells import in_words, row_file

CELLS = {(number,): number for number in (3, 1, 2)}
WORDS = {"what": "study", "keeper": "file", "progress": False}


def squared(number):
    return {"number": number, "square": number**2}


def kept(path):
    return row_file(path, ("number",))


@pytest.fixture
def whole(tmp_path) -> bytes:
    fill_rows(CELLS, squared, kept(tmp_path / "whole.json"), **WORDS)
    return (tmp_path / "whole.json").read_bytes()


def test_rows_stand_in_the_order_of_their_cells(whole, tmp_path):
    assert json.loads(whole) == {"cells": [squared(number) for number in (3, 1, 2)]}
    assert fill_rows(CELLS, squared, **WORDS) == {(number,): squared(number) for number in (3, 1, 2)}
    assert os.listdir(tmp_path) == ["whole.json"]


def test_work_that_was_stopped_goes_on_with_what_is_missing(whole, tmp_path):
    path, done, told = tmp_path / "rows.json", [], []

    def stops(number):
        done.append(number)
        if len(done) == 2:
            raise KeyboardInterrupt
        return squared(number)

    with pytest.raises(Interrupted, match=rf"^interrupted with 1 of 3 cells finished and kept; .* file {path} goes on"):
        fill_rows(CELLS, stops, kept(path), **WORDS)
    fill_rows(CELLS, stops, kept(path), keep=lambda key, row: told.append(key[0]), **WORDS)
    assert done == [3, 1, 1, 2]
    assert told == [3, 1, 2]
    assert path.read_bytes() == whole


@pytest.fixture
def ctrl_c_ends():
    """Ctrl-C does what it usually does, also where these tests run behind a shell that ignores it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.skipif(not hasattr(signal, "pthread_sigmask"), reason="this system has no masks of signals")
def test_a_row_that_is_written_as_ctrl_c_comes_is_counted(whole, tmp_path, ctrl_c_ends):
    """The signal comes after the file and before the count."""
    path = tmp_path / "rows.json"
    file = kept(path)

    def write(*rows):
        file.write(*rows)
        os.kill(os.getpid(), signal.SIGINT)

    with pytest.raises(Interrupted, match=r"^interrupted with 1 of 3 cells finished and kept"):
        fill_rows(CELLS, squared, replace(file, write=write), **WORDS)
    assert json.loads(path.read_text()) == {"cells": [squared(3)]}
    fill_rows(CELLS, squared, file, **WORDS)
    assert path.read_bytes() == whole


def test_rows_of_other_cells_and_the_rest_of_the_file_stay(tmp_path):
    path, other = tmp_path / "rows.json", {"number": 9, "square": 0}
    path.write_text(json.dumps({"about": "mine", "cells": [other, squared(2)], "more": []}))
    found = fill_rows(CELLS, squared, kept(path), **WORDS)
    assert list(found) == list(CELLS)
    document = json.loads(path.read_text())
    assert document == {"about": "mine", "cells": [other, *map(squared, (3, 1, 2))], "more": []}
    assert list(document) == ["about", "cells", "more"]


@pytest.mark.slow
def test_processes_write_the_same_bytes(whole, tmp_path):
    fill_rows(CELLS, squared, kept(tmp_path / "rows.json"), workers=2, **WORDS)
    assert (tmp_path / "rows.json").read_bytes() == whole


def test_a_file_that_another_process_writes_to_is_refused_and_left(whole, tmp_path):
    path = tmp_path / "rows.json"
    with Lock(path, "file"), pytest.raises(DomainError, match=rf"^file must be free: process {os.getpid()} on"):
        fill_rows(CELLS, squared, kept(path), **WORDS)
    assert os.listdir(tmp_path) == ["whole.json"]
    line = "compare --separation 2 --weight 0.5 --dim 8 --replicas 12 --bias-replicas 0 --checkpoint"
    with Lock(path, "checkpoint"):
        assert run([*line.split(), str(path)]) == 2


def test_a_full_disk_leaves_the_rows_before(tmp_path, monkeypatch):
    path, write, calls = tmp_path / "rows.json", os.write, []

    def full(number, content):
        calls.append(number)
        if len(calls) == 3:  # one is the lock's, one the first row's
            raise OSError(28, "No space left on device")
        return write(number, content)

    monkeypatch.setattr(os, "write", full)
    with pytest.raises(SystemExit, match=rf"No space left on device; 1 of 3 cells are kept, .*: '{path}'"):
        in_words(lambda: fill_rows(CELLS, squared, kept(path), **WORDS))
    assert json.loads(path.read_text())["cells"] == [squared(3)]
    assert os.listdir(tmp_path) == ["rows.json"]
