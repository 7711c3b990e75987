"""Files are written whole or not at all, and looked at before the work."""

import os
import re
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

import pytest

from anneal_theory import storage
from anneal_theory.errors import DomainError
from anneal_theory.storage import atomic_write, require_writable

ROOT = Path(__file__).resolve().parent.parent


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
    def refuse(path, flags, *mode):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "open", refuse)  # permissions do not bind the superuser that CI runs as
    with pytest.raises(DomainError, match=r"can be written \(Permission denied\)"):
        require_writable(tmp_path / "result", "out")


def test_a_path_of_nothing_is_not_told_to_be_a_folder():
    with pytest.raises(DomainError, match=r"^out must be the path of a file, but was ''; give the name of a file, or"):
        require_writable("", "out")


@pytest.mark.skipif(not os.path.isdir("/proc/self"), reason="this system has no /proc")
def test_a_folder_that_is_there_but_takes_no_files_is_not_told_to_be_made():
    with pytest.raises(DomainError, match=r"^out must be in a folder that takes new files.*choose another folder"):
        require_writable("/proc/result", "out")


def test_looking_leaves_no_trace(tmp_path):
    require_writable(tmp_path / "result", "out")
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("x" * 256, "a name that the disk takes"),
        ("a\0b", "null"),
        ("loop", "symbolic links"),
        ("file/result", "a folder that exists"),
        ("folder/", "a folder: add the name"),
        ("../" * 9 + "result/", "a folder: add the name"),
    ],
)
def test_a_name_that_no_file_can_have_is_refused_before_the_work(tmp_path, name, reason):
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    (tmp_path / "file").write_bytes(b"old")
    with pytest.raises(DomainError, match=reason):
        require_writable(f"{tmp_path}/{name}", "out")


@pytest.mark.parametrize(
    "name",
    ["x" * 255, "\N{GREEK SMALL LETTER RHO}" * 127, os.fsdecode(b"\xff\xfe"), "new/../result"],
    ids=["long", "long in bytes", "no letters", "roundabout"],
)
def test_a_name_may_be_as_long_and_as_strange_as_the_disk_allows(tmp_path, monkeypatch, name):
    monkeypatch.chdir(tmp_path)
    os.mkdir("new")
    for content in b"one", b"two":
        require_writable(name, "out")
        atomic_write(name, content)
        assert Path(name).read_bytes() == content
    assert len(os.listdir(tmp_path)) == 2


def test_a_link_to_a_file_that_is_not_there_yet_makes_it_there(tmp_path):
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real/file")
    require_writable(tmp_path / "link", "out")
    atomic_write(tmp_path / "link", b"new")
    assert (tmp_path / "real" / "file").read_bytes() == b"new"
    assert (tmp_path / "link").is_symlink()


def test_a_pipe_gets_all_of_it(tmp_path):
    reader, writer = os.pipe()
    read = []

    def listen():
        with os.fdopen(reader, "rb") as stream:
            read.append(stream.read())

    listener = threading.Thread(target=listen)
    listener.start()
    require_writable(f"/dev/fd/{writer}", "out")
    atomic_write(f"/dev/fd/{writer}", b"x" * 1_000_000)
    os.close(writer)
    listener.join()
    assert read == [b"x" * 1_000_000]


def test_a_new_file_obeys_the_mask_without_touching_it(tmp_path, monkeypatch):
    before = os.umask(0o027)
    try:
        monkeypatch.setattr(os, "umask", lambda mask: pytest.fail("another thread would see the mask change"))
        atomic_write(tmp_path / "result", b"new")
    finally:
        monkeypatch.undo()
        os.umask(before)
    assert (tmp_path / "result").stat().st_mode & 0o777 == 0o640


# As another user, whom permissions bind; run by the superuser, who can become one.
_AS_NOBODY = """
import os, sys
from anneal_theory.errors import DomainError
from anneal_theory.storage import atomic_write, require_writable
os.setgroups([])
os.setgid(65534)
os.setuid(65534)
for name in sys.argv[1:]:
    for attempt in (lambda: require_writable(name, "out"), lambda: atomic_write(name, b"new")):
        try:
            attempt()
            print("done", name)
        except (DomainError, OSError) as error:
            print(error)
"""


@pytest.mark.skipif(os.geteuid() != 0, reason="needs the superuser, who can become another user")
def test_protected_files_and_folders_are_refused_before_the_work_and_kept():
    with tempfile.TemporaryDirectory() as name:  # pytest's own folder is closed to others
        place = Path(name)
        place.chmod(0o777)
        for folder, mode in (("closed", 0o600), ("read-only", 0o555), ("sticky", 0o1777), ("open", 0o777)):
            (place / folder).mkdir()
            (place / folder / "file").write_bytes(b"old")
            (place / folder / "file").chmod(0o444 if folder == "open" else 0o666)
            (place / folder).chmod(mode)
        files = [str(place / folder / "file") for folder in ("closed", "read-only", "sticky", "open")]
        code = [sys.executable, "-c", _AS_NOBODY, *files, str(place / "new")]
        told = subprocess.run(code, cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()
        assert [line.startswith("done") for line in told] == [False] * 8 + [True] * 2
        assert all("Permission denied" in line or "not permitted" in line for line in told[:8])
        assert [Path(file).read_bytes() for file in files] == [b"old"] * 4
        assert (place / "new").read_bytes() == b"new"


_WITHOUT_SPACE = """
import resource, signal, sys
from anneal_theory.storage import atomic_write
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
atomic_write(sys.argv[1], b"y" * 2000)
"""


def test_a_disk_that_takes_no_more_leaves_the_old_file_and_nothing_else(tmp_path):
    file = tmp_path / "result"
    file.write_bytes(b"old" * 100)
    code = [sys.executable, "-c", _WITHOUT_SPACE, str(file)]
    told = subprocess.run(code, cwd=ROOT, capture_output=True, text=True, check=False)
    assert told.returncode == 1
    assert "File too large" in told.stderr.splitlines()[-1]
    assert file.read_bytes() == b"old" * 100
    assert os.listdir(tmp_path) == ["result"]


def test_drafts_of_a_process_that_ends_at_once_can_be_taken_away(tmp_path, monkeypatch):
    left = []

    def stopped(number):
        left.extend(os.listdir(tmp_path))
        storage.remove_drafts()
        left.extend(os.listdir(tmp_path))
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", stopped)
    with pytest.raises(KeyboardInterrupt):
        atomic_write(tmp_path / "result", b"new")
    assert [name.endswith(".part") for name in left] == [True]
    assert not storage.writing()
