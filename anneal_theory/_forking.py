"""A fork waits until no other thread is importing this package or flint.

A child has only the thread that forked. Had another one been importing a module, the child's own import of it would
wait for that thread for ever.
"""

import sys
import threading
import time
from types import FrameType

_PATIENCE = 30.0  # seconds; no import takes as long, but a thread that never comes back must not hold the fork
_FAMILIES = frozenset({"anneal_theory", "flint"})


def wait_for_imports() -> None:
    """Return when no other thread is at it, or at once where the thread that forks is importing itself."""
    if _importing():
        return
    until = time.monotonic() + _PATIENCE
    while _unfinished() and time.monotonic() < until:
        time.sleep(0.001)


def _importing() -> bool:
    """Whether this thread is within an import, whose modules nobody else will finish."""
    frame = sys._getframe()
    while frame.f_back is not None:
        frame = frame.f_back
        if frame.f_code.co_name == "_find_and_load":
            return True
    return False


def _unfinished() -> bool:
    """Whether another thread is within an import of these packages, from the search for a module on."""
    own = threading.get_ident()
    return any(_imports(frame) for thread, frame in sys._current_frames().items() if thread != own)


def _imports(frame: FrameType | None) -> bool:
    """Whether a stack is within one; the module's name is an argument of what finds and loads it."""
    while frame is not None:
        if frame.f_code.co_name == "_find_and_load" and frame.f_locals["name"].partition(".")[0] in _FAMILIES:
            return True
        frame = frame.f_back
    return False
