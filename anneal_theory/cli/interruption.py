"""Signals that end a command: within two seconds, with nothing half-written, and without a traceback.

The first one raises KeyboardInterrupt in the main thread, so that what a command does then (a checkpoint, say) is
done. Where that thread is busy in compiled code, or waits for others that are, a second thread ends the process. It
needs the interpreter's lock for a moment: a single call of Arb that holds the lock for longer is waited for.
"""

import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import FrameType
from typing import Any

from anneal_theory.cli.streams import complain
from anneal_theory.storage import remove_drafts, writing

GRACE = 1.2  # seconds in which a command ends by itself
_WRITING = 10.0  # seconds more for a file that is being written to the disk
_WORDS = {signal.SIGINT: "interrupted"}  # others are named by the system
_SHOW_CURSOR = "\x1b[?25h"  # progress bars hide it


class Ending:
    """Which signal came, and what is said of it.

    Attributes:
        number: Of the signal; 0 before it comes.
        told: Whether it was told.
        go_on: How to go on after an interruption, set by commands that can.
    """

    def __init__(self) -> None:
        self.number, self.told = 0, False
        self.go_on: Callable[[], str] = str

    def tell(self, more: str = "") -> None:
        """Say once what happened, and how to go on."""
        if not self.told:
            more = more or self.go_on()
            self.told = bool(self.number)  # an interruption without a signal may come again
            number = signal.Signals(self.number or signal.SIGINT)
            what = _WORDS.get(number) or (signal.strsignal(number) or number.name).lower()
            if not more.startswith(what):  # what trainings say begins so and goes on to the step
                more = f"{what}; {more}" if more else what
            complain(more)

    @property
    def code(self) -> int:
        """The exit code, 128 and the signal's number, as shells have it."""
        return 128 + (self.number or signal.SIGINT)


ENDING = Ending()


@contextmanager
def ended_by_signals() -> Iterator[None]:
    """What Ctrl-C, a termination and a closed terminal do to a command; signals that are ignored stay so."""
    heard, speak = os.pipe()
    os.set_blocking(speak, False)
    kept_pipe = signal.set_wakeup_fd(speak, warn_on_full_buffer=False)
    names = [name for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]
    numbers = [signal.Signals[name] for name in names if signal.getsignal(signal.Signals[name]) != signal.SIG_IGN]
    kept = {number: signal.signal(number, _raise_once) for number in numbers}
    kept_hook, sys.unraisablehook = sys.unraisablehook, _tell_unraisable
    threading.Thread(target=_watch, args=(heard, frozenset(numbers)), daemon=True).start()
    try:
        yield
    finally:
        for number, handler in kept.items():
            signal.signal(number, handler)
        sys.unraisablehook = kept_hook
        signal.set_wakeup_fd(kept_pipe)
        os.close(speak)


def _raise_once(number: int, frame: FrameType | None) -> None:
    if not ENDING.number:
        ENDING.number = number
        raise KeyboardInterrupt


def _tell_unraisable(found: Any) -> None:
    """An interruption that came where nothing can be raised (in a finaliser, say) is told by the watching thread."""
    if not ENDING.number:
        sys.__unraisablehook__(found)


def _watch(heard: int, numbers: frozenset[int]) -> None:
    """End the process some time after the first signal, or at the second."""
    while came := os.read(heard, 1):
        if came[0] in numbers:
            break
    else:
        os.close(heard)
        return
    threading.Thread(target=_end_at_next, args=(heard, numbers), daemon=True).start()
    time.sleep(GRACE)
    until = time.monotonic() + _WRITING
    while writing() and time.monotonic() < until:
        time.sleep(0.02)
    end_at_once(came[0])


def _end_at_next(heard: int, numbers: frozenset[int]) -> None:
    while came := os.read(heard, 1):
        if came[0] in numbers:
            end_at_once(came[0])


def end_at_once(number: int) -> None:
    """Leave without waiting for threads and processes at work; drafts are taken away, processes are ended."""
    ENDING.number = ENDING.number or number
    remove_drafts()
    if "multiprocessing" in sys.modules:
        import multiprocessing

        for process in multiprocessing.active_children():
            process.terminate()
    with suppress(OSError, ValueError):
        if sys.stderr.isatty():
            sys.stderr.write(_SHOW_CURSOR)
    ENDING.tell()
    os._exit(ENDING.code)
