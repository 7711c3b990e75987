"""A process forked while another thread computes digits can compute its own, and finds precisions as they were."""

import os
import select
import threading

import flint
import mpmath
import pytest

from anneal_theory.precision import flint_precision, mpmath_precision

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
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
        ball = arithmetic.pi().str(19, radius=False)
    with mpmath_precision(100) as arithmetic:
        return f"{before} {ball} {str(arithmetic.pi())[:20]}"


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
