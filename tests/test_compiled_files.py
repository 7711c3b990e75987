"""The files in which compiled kernels are kept: damaged ones, and several processes that need one at once."""

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import pytest
from numba.core.errors import TypingError

from anneal_theory._compiled import kernel

ROOT = Path(__file__).resolve().parent.parent

# A module of a single kernel. Importing it again is what a new process does: the kernel asks the files first.
MODULE = "from anneal_theory._compiled import kernel\n\n\n@kernel()\ndef double(x):\n    return x + x\n"


def fresh(folder: Path):
    """The kernel of the module in a folder, as a new process has it."""
    file = folder / "single.py"
    if not file.exists():  # its time is part of what the cache is valid for
        file.write_text(MODULE)
    spec = importlib.util.spec_from_file_location("single", file)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.double


@pytest.fixture
def beside(monkeypatch):
    """Caches lie beside the module, also where the tests run with a folder for all caches."""
    monkeypatch.setattr("numba.core.config.CACHE_DIR", "")


def hits(kernel) -> int:
    return sum(kernel.stats.cache_hits.values())


def test_a_cache_that_is_whole_is_used(tmp_path, beside):
    assert fresh(tmp_path)(2) == 4
    again = fresh(tmp_path)
    assert (again(2), hits(again)) == (4, 1)


@pytest.mark.parametrize("kept", [0, 1, 20, 200])
@pytest.mark.parametrize("ending", ["nbi", "nbc"])
def test_a_cache_that_is_damaged_is_written_anew(tmp_path, beside, ending, kept):
    assert fresh(tmp_path)(2) == 4
    (file,) = tmp_path.rglob(f"*.{ending}")
    file.write_bytes(file.read_bytes()[:kept])
    assert fresh(tmp_path)(2) == 4
    again = fresh(tmp_path)
    assert (again(2), hits(again)) == (4, 1)


# Two processes that compile two signatures of one kernel at once number both files 1.
def test_a_file_of_another_signature_is_not_taken_for_this_one(tmp_path, beside):
    whole = fresh(tmp_path)
    assert (whole(2), whole(2.5)) == (4, 5.0)
    first, second = sorted(tmp_path.rglob("*.nbc"))
    integers, reals = first.read_bytes(), second.read_bytes()
    first.write_bytes(reals)
    second.write_bytes(integers)
    mixed = fresh(tmp_path)
    assert (mixed(2), mixed(2.5), hits(mixed)) == (4, 5.0, 0)


# Says that it is there, waits for the word, and tells the kernel's answer and whether it was in a file.
ASKED = """
import sys
sys.path.append(sys.argv[1])
from single import double
print(flush=True)
input()
print(double(2), sum(double.stats.cache_hits.values()))
"""


def test_of_processes_that_need_a_kernel_at_once_one_compiles_it(tmp_path):
    (tmp_path / "single.py").write_text(MODULE)
    line = [sys.executable, "-c", ASKED, str(tmp_path)]
    surroundings = os.environ | {"NUMBA_CACHE_DIR": str(tmp_path)}
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    processes = [subprocess.Popen(line, cwd=ROOT, env=surroundings, text=True, **pipes) for _ in range(3)]
    for process in processes:
        process.stdout.readline()
    for process in processes:
        process.stdin.write("\n")
        process.stdin.flush()
    assert sorted(process.communicate()[0] for process in processes) == ["4 0\n", "4 1\n", "4 1\n"]


def test_a_compilation_that_fails_keeps_nobody_waiting(tmp_path, monkeypatch):
    monkeypatch.setattr("numba.core.config.CACHE_DIR", str(tmp_path))

    @kernel()
    def unsound(x):
        return x + "1"

    with pytest.raises(TypingError):
        unsound(2)
    (lock,) = tmp_path.rglob("*unsound*.lock")
    code = f"import fcntl; fcntl.lockf(open({str(lock)!r}, 'wb'), fcntl.LOCK_EX | fcntl.LOCK_NB)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
