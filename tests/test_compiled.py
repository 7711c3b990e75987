"""The compiled kernels do without a cache, or with a damaged one; and all of them are made in one place."""

import gc
import logging
import os
import re
import shutil
import subprocess
import sys
import warnings
from pathlib import Path

import numba
import pytest
from numba.core import event
from numba.core.errors import TypingError

from anneal_theory._compiled import COMPILING, INNER, _roomy, kernel, specialised
from anneal_theory.cli import streams

ROOT = Path(__file__).resolve().parent.parent
# A small kernel of the package, and the file that holds its cache.
CODE = "from anneal_theory.averages.value_kernels import within; import numpy as np; print(within(np.zeros(3), 1.0))"


@pytest.fixture(autouse=True)
def _nothing_is_kept(monkeypatch, tmp_path):
    """Kernels that a test makes are compiled in it, whatever an earlier run of the tests has kept."""
    monkeypatch.setattr(numba.config, "CACHE_DIR", str(tmp_path / "kernels"))


def run(code: str, **variables: str) -> subprocess.CompletedProcess[str]:
    line = [sys.executable, "-c", code]
    return subprocess.run(line, cwd=ROOT, env=os.environ | variables, capture_output=True, text=True, check=False)


def test_every_kernel_is_made_by_the_one_helper():
    files = [file for file in (ROOT / "anneal_theory").rglob("*.py") if file.name != "_compiled.py"]
    texts = {file.name: file.read_text("utf-8") for file in files}
    assert [name for name, text in texts.items() if re.search(r"\bnjit\b|\bimport numba\b", text)] == []
    # what tells numba of a number type
    lanes = {"lane_kernels.py", "lane_memory_kernels.py", "lane_functions_kernels.py"}
    assert {name for name, text in texts.items() if re.search(r"\bnumba\b.*import", text)} == lanes


def test_an_inner_kernel_refuses_python_and_serves_kernels():
    """Before it was compiled, and after."""

    @kernel(**INNER)
    def twice(x):
        return 2 * x

    @kernel()
    def fourfold(x):
        return twice(twice(x))

    for _ in range(2):
        with pytest.raises(TypeError, match="twice is for kernels alone"):
            twice(1.5)
        assert fourfold(1.5) == 6.0


def _grown(depth: int) -> int:
    """Pages that a process has taken when calls are nested so deeply."""
    return _grown(depth - 1) if depth else int(Path("/proc/self/statm").read_text("ascii").split()[0])


@pytest.mark.skipif(sys.platform != "linux", reason="the file is that of Linux")
def test_a_compilation_has_room_for_its_frames():
    """Three hundred nested calls take pieces of 16 kB from the system; from a large frame they find all there."""

    def nested():
        return [_grown(depth) for depth in (0, 300)]

    small, large = nested(), _roomy(nested)()
    assert small[1] - small[0] >= 8
    assert large[1] == large[0]


# The superuser is freed from permissions by a capability (1, CAP_DAC_OVERRIDE) that this gives up; others lack it.
BOUND = """
import ctypes
libc = ctypes.CDLL(None)
head, sets = (ctypes.c_uint32 * 2)(0x20080522, 0), (ctypes.c_uint32 * 6)()
assert libc.capget(head, sets) == 0
sets[0], sets[1] = sets[0] & ~2, sets[1] & ~2  # effective, permitted
assert libc.capset(head, sets) == 0
"""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="capabilities are those of Linux")
def test_a_read_only_installation_with_a_read_only_home_says_so_once_and_goes_on(tmp_path):
    copy, home, cache = tmp_path / "site" / "anneal_theory", tmp_path / "home", tmp_path / "cache"
    shutil.copytree(ROOT / "anneal_theory", copy, ignore=shutil.ignore_patterns("__pycache__"))
    home.mkdir()
    for folder in (home, copy, *(inner for inner in copy.rglob("*") if inner.is_dir())):
        folder.chmod(0o555)
    code = BOUND + CODE + "\nimport anneal_theory.averages.table_kernels"
    bare = {key: value for key, value in os.environ.items() if not key.startswith(("NUMBA", "XDG"))}
    bare |= {"HOME": str(home), "PYTHONDONTWRITEBYTECODE": "1"}

    def told(**more: str) -> subprocess.CompletedProcess[str]:
        line = [sys.executable, "-c", code]
        return subprocess.run(line, cwd=copy.parent, env=bare | more, capture_output=True, text=True, check=False)

    without, kept = told(), told(NUMBA_CACHE_DIR=str(cache))
    for folder in (copy, *(inner for inner in copy.rglob("*") if inner.is_dir())):
        folder.chmod(0o755)  # so that it can be removed
    assert (without.returncode, without.stdout) == (0, "True\n"), without.stderr
    assert without.stderr.count("RuntimeWarning") == 1
    assert "set NUMBA_CACHE_DIR to a folder" in without.stderr
    assert (kept.returncode, kept.stdout, kept.stderr) == (0, "True\n", "")
    assert list(cache.rglob("*.nbc"))


# Files cannot grow beyond the limit: what the kernel compiles to is larger, the index smaller.
FULL = """
import resource, signal
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000))
"""


@pytest.mark.slow
def test_a_full_disk_costs_the_cache_and_not_the_computation(tmp_path):
    told = run(FULL + CODE, NUMBA_CACHE_DIR=str(tmp_path), PYTHONDONTWRITEBYTECODE="1")
    assert (told.returncode, told.stdout) == (0, "True\n"), told.stderr
    assert told.stderr.count("RuntimeWarning") == 1
    assert "File too large" in told.stderr
    assert run(CODE, NUMBA_CACHE_DIR=str(tmp_path)).stdout == "True\n"


@pytest.mark.slow
def test_a_kernel_is_compiled_anew_when_a_derived_function_that_it_calls_changes(tmp_path):
    """numba's own cache watches the file of the kernel alone, and would go on with the old equation."""
    copy = tmp_path / "anneal_theory"
    shutil.copytree(ROOT / "anneal_theory", copy, ignore=shutil.ignore_patterns("__pycache__"))
    code = "from anneal_theory.models.free_pair_kernels import reduced_overlaps; import numpy as np; "
    code += "print(reduced_overlaps(np.array([1.0, 0.5, 0.0]), np.array([3.0, 0.0, 0.5, 1.0, 1.0]))[0])"
    environment = os.environ | {"NUMBA_CACHE_DIR": str(tmp_path / "cache"), "PYTHONDONTWRITEBYTECODE": "1"}

    def overlap() -> float:
        line = [sys.executable, "-c", code]
        done = subprocess.run(line, cwd=tmp_path, env=environment, capture_output=True, text=True, check=True)
        return float(done.stdout)

    before, again = overlap(), overlap()
    file = copy / "formulas" / "pair_coordinates.py"
    text = file.read_text("utf-8")
    assert "cosine*distance*separation" in text
    file.write_text(text.replace("cosine*distance*separation", "1.01*cosine*distance*separation"), "utf-8")
    assert before == again
    assert overlap() - 1.0 == pytest.approx(1.01 * (before - 1.0), rel=1e-12)  # the weighted mean s = 1 does not move


def test_the_collector_of_cycles_rests_while_a_kernel_compiles_and_is_back_after_it_even_where_that_fails():
    seen = []

    class Watch(event.Listener):
        def on_start(self, event):
            seen.append(gc.isenabled())

        on_end = on_start

    @kernel()
    def sound(x):
        return x + 1

    @kernel()
    def unsound(x):
        return x + "1"

    with event.install_listener("numba:compile", Watch()):
        assert sound(2) == 3
        with pytest.raises(TypingError):
            unsound(2)
    assert seen == [False, True, False, True]
    assert gc.isenabled()


def test_a_collector_that_is_off_stays_off():
    @kernel()
    def sound(x):
        return x + 1

    gc.disable()
    try:
        assert sound(2) == 3
        assert not gc.isenabled()
    finally:
        gc.enable()


def test_a_loop_that_takes_seconds_to_compile_is_told_of_on_a_terminal_and_a_small_kernel_is_not(monkeypatch, capsys):
    def looped(x):
        return one_more(x)

    loop = specialised(looped, "trial", {"one_more": kernel(**INNER)(lambda x: x + 1)})
    log = logging.getLogger("anneal_theory")
    before = log.level, log.handlers[:]
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    monkeypatch.setattr(warnings, "showwarning", warnings.showwarning)  # which prepare sets
    try:
        streams.prepare()
        assert loop(2) == 3
        assert capsys.readouterr().err == f"anneal-theory: {COMPILING}\n"
        assert loop(2.5) == 3.5
        assert kernel()(lambda x: x + 2)(2) == 4
        assert capsys.readouterr().err.count("\n") == 1  # of the loop's second signature
    finally:
        log.setLevel(before[0])
        log.handlers[:] = before[1]
