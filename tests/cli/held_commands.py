"""Commands held at a place where a signal may find them, and started there."""

import signal
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
LIMIT = 60  # seconds after which a command hangs; the stated two are of a machine that has nothing else to do
# A command whose work is replaced by something that goes on for far too long: the place is announced, then held. It
# ends by itself at last, so that nothing is left on the machine if the tests are killed.
HELD = """
import os, sys, threading, time
last = threading.Timer({last}, os._exit, (99,))
last.daemon = True
last.start()
from anneal_theory.cli import main
def announce():
    print("at work", file=sys.stderr, flush=True)
{hold}
main({line!r}.split())
"""
SLOW_IMPORT = """
import importlib.abc
class Slow(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path, target=None):
        if name == "{name}":
            announce()
            time.sleep(60)
sys.meta_path.insert(0, Slow())
"""
# Where a command can be when the signal comes, and the line that gets there.
PLACES = {
    "plain Python": ("""
import anneal_theory.fixed_points
def held(*given, **more):
    announce()
    while True: pass
anneal_theory.fixed_points.critical_temperature = held
""", "critical --out {out}"),
    "compiled code in threads": ("""
import numba, numpy as np
import anneal_theory.fixed_points
from anneal_theory.numerics.pools import thread_pool
@numba.njit(nogil=True)
def endless(x):
    while x[0] < 1.0: x[0] *= 1.0
endless(np.ones(1))
def held(*given, **more):
    with thread_pool(2) as pool:
        announce()
        list(pool.map(endless, np.zeros((2, 1))))
anneal_theory.fixed_points.critical_temperature = held
""", "critical --out {out}"),
    "compiled code in the main thread": ("""
import numba, numpy as np
import anneal_theory.fixed_points
@numba.njit(nogil=True)
def endless(x):
    while x[0] < 1.0: x[0] *= 1.0
endless(np.ones(1))
def held(*given, **more):
    announce()
    endless(np.zeros(1))
anneal_theory.fixed_points.critical_temperature = held
""", "critical --out {out}"),
    "compiled code that keeps the lock for a second": ("""
import ctypes
import anneal_theory.fixed_points
def held(*given, **more):
    announce()
    while True: ctypes.PyDLL(None).usleep(900000)
anneal_theory.fixed_points.critical_temperature = held
""", "critical --out {out}"),
    "a callback that swallows it": ("""
import anneal_theory.fixed_points
def held(*given, **more):
    announce()
    while True:
        try: time.sleep(60)
        except KeyboardInterrupt: pass
anneal_theory.fixed_points.critical_temperature = held
""", "critical --out {out}"),
    "a compiler that turns it into an error of its own": ("""
import os
import anneal_theory.cli.interruption as interruption
import anneal_theory.fixed_points
class Late:
    def __getattr__(self, name): return getattr(os, name)
    def read(self, *given):
        came = os.read(*given)
        time.sleep(0.3)  # the thread that takes note of the signal is late, as on a busy machine
        return came
interruption.os = Late()
def held(*given, **more):
    announce()
    try: time.sleep(60)
    except KeyboardInterrupt: raise RuntimeError("no compiled object yet") from None
anneal_theory.fixed_points.critical_temperature = held
""", "critical --out {out}"),
    "work that acts on Ctrl-C itself, between two steps": ("""
import signal
import anneal_theory.fixed_points
def held(*given, **more):
    noted = []
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler  # so that the work may take it
    signal.signal(signal.SIGINT, lambda number, frame: noted.append(number))
    announce()
    while not noted: time.sleep(0.01)
    raise KeyboardInterrupt("interrupted at step 5; the same command goes on from there")
anneal_theory.fixed_points.critical_temperature = held
""", "critical --out {out}"),
    "a file being written": ("""
import os
def held(number):
    announce()
    while True: time.sleep(1)
os.fsync = held
""", "critical --out {out}"),
    "loading the command line": (SLOW_IMPORT.format(name="anneal_theory.cli.interruption"), "critical --out {out}"),
    "loading the commands": (SLOW_IMPORT.format(name="anneal_theory.cli.app"), "critical --out {out}"),
    "processes": ("""
import anneal_theory.probability.digits.filling as digits
submit = digits.submit_all
def held(pool, work, items):
    announce()
    return submit(pool, time.sleep, [(60,)] * len(items))
digits.submit_all = held
""", "probability --method large-dim --digits 10 --dim 16 --schedule constant --processes 2 --yes --out {out}"),
}  # fmt: skip


def program(hold: str, line: str) -> str:
    """The code of a command that is held somewhere."""
    return HELD.format(hold=hold, line=line, last=3 * LIMIT)


def heeds_signals() -> None:
    """In the command before it begins: whoever runs the tests in the background has Ctrl-C or hangups ignored."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGHUP, signal.SIG_DFL)


def started(place: str, out: Path) -> subprocess.Popen[str]:
    """The command, at the place."""
    hold, line = PLACES[place]
    run = subprocess.Popen(
        [sys.executable, "-c", program(hold, line.format(out=out))], cwd=ROOT, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, text=True, start_new_session=True, preexec_fn=heeds_signals,
    )  # fmt: skip
    for line in run.stderr:
        if line == "at work\n":
            return run
    raise AssertionError("the command ended before its work")
