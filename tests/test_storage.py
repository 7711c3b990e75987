"""Files are written whole or not at all, and looked at before the work."""

import os
import re
import threading

import pytest

from anneal_theory.errors import DomainError
from anneal_theory.storage import atomic_write, require_writable


def test_a_failure_while_writing_leaves_the_old_file_and_nothing_else(tmp_path, monkeypatch):
    file = tmp_path / "result.json"
    file.write_bytes(b"old")
    monkeypatch.setattr(os, "fsync", lambda number: (_ for _ in ()).throw(OSError(28, "No space left on device")))
    with pytest.raises(OSError, match=re.escape(str(file))):
        atomic_write(file, b"new")
    assert file.read_bytes() == b"old"
    assert os.listdir(tmp_path) == ["result.json"]


def test_many_writers_of_one_file_do_not_disturb_each_other(tmp_path):
    file, contents = tmp_path / "shared", [bytes([65 + i]) * 100_000 for i in range(8)]

    def write(content):
        for _ in range(20):
            atomic_write(file, content)

    writers = [threading.Thread(target=write, args=(content,)) for content in contents]
    for writer in writers:
        writer.start()
    while any(writer.is_alive() for writer in writers):
        assert not file.exists() or file.read_bytes() in contents
    assert file.read_bytes() in contents
    assert os.listdir(tmp_path) == ["shared"]


def test_a_planted_link_of_the_old_draft_name_is_not_followed(tmp_path):
    victim = tmp_path / "victim"
    victim.write_bytes(b"precious")
    (tmp_path / "result.part").symlink_to(victim)
    atomic_write(tmp_path / "result", b"new")
    assert victim.read_bytes() == b"precious"
    assert (tmp_path / "result").read_bytes() == b"new"


def test_a_link_stays_one_and_its_file_keeps_its_permissions(tmp_path):
    file, link = tmp_path / "file", tmp_path / "link"
    file.write_bytes(b"old")
    file.chmod(0o640)
    link.symlink_to(file)
    atomic_write(link, b"new")
    assert link.is_symlink()
    assert (file.read_bytes(), file.stat().st_mode & 0o777) == (b"new", 0o640)


def test_a_device_is_written_to_and_not_replaced():
    atomic_write("/dev/null", b"gone")
    require_writable("/dev/null", "out")
    assert not os.path.isfile("/dev/null")


@pytest.mark.parametrize(("name", "reason"), [("", "a file, but"), ("none/result", "a folder that exists")])
def test_what_cannot_be_written_is_refused_before_the_work(tmp_path, name, reason):
    with pytest.raises(DomainError, match=f"out must be .*{reason}"):
        require_writable(f"{tmp_path}/{name}", "out")


def test_a_folder_that_cannot_be_written_to_is_refused_before_the_work(tmp_path, monkeypatch):
    def refuse(**where):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("tempfile.mkstemp", refuse)  # permissions do not bind the superuser that CI runs as
    with pytest.raises(DomainError, match=r"can be written \(Permission denied\)"):
        require_writable(tmp_path / "result", "out")


def test_looking_leaves_no_trace(tmp_path):
    require_writable(tmp_path / "result", "out")
    assert os.listdir(tmp_path) == []
