"""A process forked while another thread computes digits can compute its own, and finds precisions as they were."""

import os
import select
import subprocess
import sys
import threading
from pathlib import Path

import flint
import mpmath
import pytest

from anneal_theory.precision import flint_precision, mpmath_precision

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
ROOT = Path(__file__).resolve().parent.parent
PATIENCE = 60  # seconds after which the child hangs


def answer_of_child(work) -> str:
    """What a forked child computes; "" where it hangs."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.write(writer, work().encode())
        finally:
            os._exit(0)
    os.close(writer)
    ready, _, _ = select.select([reader], [], [], PATIENCE)
    told = os.read(reader, 1000).decode() if ready else ""
    os.kill(child, 9)
    os.waitpid(child, 0)
    os.close(reader)
    return told


def digits_and_precision() -> str:
    before = flint.ctx.prec
    with flint_precision(100) as arithmetic:
        ball = arithmetic.pi.str(19, radius=False)
    with mpmath_precision(100) as arithmetic:
        return f"{before} {ball} {str(arithmetic.pi)[:20]}"


# A DeprecationWarning of newer Pythons is what this is about: forking beside threads.
@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
@pytest.mark.parametrize("precision", [flint_precision, mpmath_precision])
def test_a_child_forked_while_another_thread_computes_digits_computes_its_own(precision):
    started, done = threading.Event(), threading.Event()

    def other():
        with precision(5000):
            started.set()
            done.wait()

    thread = threading.Thread(target=other)
    thread.start()
    started.wait()
    try:
        told = answer_of_child(digits_and_precision)
    finally:
        done.set()
        thread.join()
    assert told == "53 3.141592653589793238 3.141592653589793238"
    assert flint.ctx.prec == 53


def test_a_child_forked_within_a_computation_goes_on_with_it():
    def work():
        return f"{flint.ctx.prec} {digits_and_precision()}"

    with flint_precision(200):
        told = answer_of_child(work)
    assert told == "200 200 3.141592653589793238 3.141592653589793238"


def test_a_constant_that_another_thread_has_half_changed_is_computed_anew_in_the_child():
    cell = next(c for c in mpmath.libmp.pi_fixed.__closure__ if hasattr(c.cell_contents, "memo_prec"))
    right = mpmath.libmp.pi_fixed(64)
    started, done = threading.Event(), threading.Event()

    def other():
        with mpmath_precision(200):
            kept = cell.cell_contents.memo_val
            cell.cell_contents.memo_val = kept << 9  # the value is new and its precision still the old one
            started.set()
            done.wait()
            cell.cell_contents.memo_val = kept

    thread = threading.Thread(target=other)
    thread.start()
    started.wait()
    try:
        told = answer_of_child(lambda: str(mpmath.libmp.pi_fixed(64)))
    finally:
        done.set()
        thread.join()
    assert told == str(right)


IMPORT = """
import importlib.abc, os, select, sys, threading, time, warnings
warnings.filterwarnings("ignore", "This process .* is multi-threaded")
import anneal_theory
begun = threading.Event()
class Slow(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path, target=None):
        if name == "{module}" and not begun.is_set():
            begun.set()
            time.sleep(1)  # the fork comes now
sys.meta_path.insert(0, Slow())
def digits():
    from anneal_theory.averages import psi
    from anneal_theory.problem import BimodalTarget
    return str(psi(0, BimodalTarget(1, "0.5"), digits=20))
thread = threading.Thread(target=digits)
thread.start()
assert begun.wait({patience})
reader, writer = os.pipe()
child = os.fork()
if child == 0:
    os.write(writer, digits().encode())
    os._exit(0)
ready, _, _ = select.select([reader], [], [], {patience})
print(os.read(reader, 100).decode() if ready else "hangs")
os.kill(child, 9)
thread.join()
"""


@pytest.mark.parametrize("module", ["flint", "flint.types.arb", "anneal_theory.precision"])
def test_a_child_forked_while_another_thread_imports_what_digits_need_imports_it_too(module):
    code = IMPORT.format(module=module, patience=PATIENCE)
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (run.stdout, run.stderr) == ("0.0\n", "")


def test_a_fork_within_an_import_does_not_wait_for_it(tmp_path):
    (tmp_path / "flint.py").write_text("import os\nif os.fork() == 0: os._exit(0)\nos.wait()\n")
    code = f"import sys, time; sys.path.insert(0, {str(tmp_path)!r}); import anneal_theory._forking as module\n"
    code += "module.time.sleep = lambda seconds: 1 / 0\nimport flint; print('done')"
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (run.stdout, run.stderr) == ("done\n", "")
