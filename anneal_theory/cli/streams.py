"""The standard streams: closed ones, pipes that nobody reads, terminals that cannot show every letter."""

import codecs
import os
import sys
import warnings
from contextlib import suppress
from typing import TextIO

PIPE_CLOSED = 141  # 128 + SIGPIPE, as of any program whose reader has gone
_SPELLED = "anneal-theory"  # name of the handler of letters that a stream cannot take
_CUT = "\N{HORIZONTAL ELLIPSIS}"  # in the help on narrow terminals


def prepare() -> None:
    """Make the standard streams usable, whatever they are: a closed one swallows what is written to it."""
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # takes the lowest number that is free: this one
    sys.stdin = sys.stdin or open(0, closefd=False)  # noqa: SIM115  # lives as long as the process
    sys.stdout = sys.stdout or open(1, "w", closefd=False)  # noqa: SIM115
    sys.stderr = sys.stderr or open(2, "w", closefd=False)  # noqa: SIM115
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors=_SPELLED)
    if sys.stderr.isatty():
        tell_what_is_done()
    warnings.showwarning = lambda message, *place, **more: complain(f"warning: {' '.join(str(message).split())}")


def tell_what_is_done() -> None:
    """Lines of the package's log, such as that something is compiled first, on the standard error."""
    import logging

    class Lines(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            complain(record.getMessage())

    log = logging.getLogger("anneal_theory")
    log.setLevel(logging.INFO)
    log.handlers[:] = [Lines()]


def _spell(error: UnicodeError) -> tuple[str | bytes, int]:
    """A letter that the stream has not got, by others; the parts of file names that are no letters too."""
    if isinstance(error, UnicodeEncodeError) and error.object[error.start] == _CUT:
        return "~", error.start + 1
    return codecs.backslashreplace_errors(error)


codecs.register_error(_SPELLED, _spell)


def complain(sentence: str) -> None:
    """One line on the standard error, if there is anybody to read it."""
    with suppress(OSError, ValueError):
        print(f"anneal-theory: {sentence}", file=sys.stderr, flush=True)


def abandon(stream: TextIO) -> None:
    """Let what was not written to a stream vanish, so that leaving does not complain of it again."""
    with suppress(OSError, ValueError):
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, stream.fileno())
        os.close(null)
