"""Signals that end a command: within two seconds, with nothing half-written, and without a traceback.

The first one raises KeyboardInterrupt in the main thread, or does what the work has asked for on Ctrl-C, so that what
there is can be kept: a termination and a closed terminal are passed to whatever handles Ctrl-C. Work that acts on it
(a training finishes its step and writes a checkpoint) has ten seconds at most, or until a second signal. Where the main
thread is busy in compiled code, or waits for others that are, a second thread ends the process. It needs the
interpreter's lock for a moment: a single call of Arb that holds the lock for longer is waited for.
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
PATIENCE = 10.0  # seconds at most for one that acts on Ctrl-C itself, or is writing a file to the disk
_WORDS = {signal.SIGINT: "interrupted"}  # others are named by the system
_SHOW_CURSOR = "\x1b[?25h"  # progress bars hide it


class EndingSignal:
    """Which signal came, and what is said of it.

    `go_on` says how to go on after an interruption; a signal ends a process that is `watched`, a command.
    """

    def __init__(self) -> None:
        self.number, self.watched, self.told = 0, False, False
        self.go_on: Callable[[], str] = str
        self.ask: Callable[[], object] | None = None  # the watching thread, which then sets `answered`
        self.answered = threading.Event()

    def tell(self, more: str = "") -> None:
        """Say once what happened, and how to go on."""
        if not self.told:
            self.told = self.watched  # elsewhere an interruption may come again
            more = more or self.go_on()
            number = signal.Signals(self.number or signal.SIGINT)
            what = _WORDS.get(number) or (signal.strsignal(number) or number.name).lower()
            complain(more if more.startswith(what) else f"{what}; {more}" if more else what)

    def came(self) -> bool:
        """Whether a signal has come.

        The thread that takes note of signals may not have had its turn when an error that one has led to is handled:
        it is asked, and answers what was written to its pipe in order.
        """
        self.answered.clear()
        if not self.number and self.ask is not None:
            self.ask()
            self.answered.wait(GRACE)
        return bool(self.number)

    @property
    def code(self) -> int:
        """The exit code, 128 and the signal's number, as shells have it."""
        return 128 + (self.number or signal.SIGINT)


ENDING = EndingSignal()


def going_on(checkpoint: str | None) -> str:
    """How to go on from a file that keeps what is finished; None for no file."""
    if checkpoint is None:
        return "nothing is kept without --checkpoint FILE"
    return f"the same command goes on from {checkpoint}" if os.path.exists(checkpoint) else "nothing was computed yet"


@contextmanager
def ended_by_signals() -> Iterator[None]:
    """What Ctrl-C, a termination and a closed terminal do to a command; signals that are ignored stay so."""
    heard, speak = os.pipe()
    os.set_blocking(speak, False)
    kept_pipe = signal.set_wakeup_fd(speak, warn_on_full_buffer=False)
    names = [name for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]
    numbers = [signal.Signals[name] for name in names if signal.getsignal(signal.Signals[name]) != signal.SIG_IGN]
    kept = {number: signal.signal(number, _as_ctrl_c) for number in numbers if number != signal.SIGINT}
    kept_hook, sys.unraisablehook = sys.unraisablehook, _tell_unraisable
    ENDING.watched, ENDING.ask = True, lambda: os.write(speak, b"\0")
    # The watching thread takes no signal itself: the main thread can then keep one waiting while it starts processes.
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, numbers)
    threading.Thread(target=_watch, args=(heard, frozenset(numbers)), daemon=True).start()
    signal.pthread_sigmask(signal.SIG_SETMASK, mask)
    try:
        yield
    finally:
        if ENDING.number:  # leaving may take long too, since it waits for threads: the watching thread stays
            signal.signal(signal.SIGINT, lambda number, frame: None)
        else:
            for number, handler in kept.items():
                signal.signal(number, handler)
            sys.unraisablehook = kept_hook
            signal.set_wakeup_fd(kept_pipe)
            ENDING.ask = None
            os.close(speak)


def _as_ctrl_c(number: int, frame: FrameType | None) -> None:
    ENDING.number = ENDING.number or number
    handler = signal.getsignal(signal.SIGINT)
    if not callable(handler):  # Ctrl-C is ignored, this signal is not
        raise KeyboardInterrupt
    handler(number, frame)


def _tell_unraisable(unraisable: Any) -> None:
    """An interruption that came where nothing can be raised (in a finaliser, say): the watching thread reports it."""
    if not ENDING.came():
        sys.__unraisablehook__(unraisable)


def _watch(heard: int, numbers: frozenset[int]) -> None:
    """End the process some time after the first signal, or at the second."""
    while came := os.read(heard, 1):
        if came[0] in numbers:
            ENDING.number = ENDING.number or came[0]
            ENDING.answered.set()
            break
        ENDING.answered.set()
    else:
        os.close(heard)
        return
    threading.Thread(target=_end_at_next, args=(heard, numbers), daemon=True).start()
    handler = signal.getsignal(signal.SIGINT)
    time.sleep(PATIENCE if callable(handler) and handler is not signal.default_int_handler else GRACE)
    until = time.monotonic() + PATIENCE
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
