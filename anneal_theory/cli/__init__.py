"""The command line `anneal-theory`: one module a command."""

import signal
import sys
from collections.abc import Sequence

from anneal_theory.cli.interruption import ENDING, ended_by_signals
from anneal_theory.cli.streams import prepare

__all__ = ["main"]


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one command and leave with its exit code (see `app.run`)."""
    prepare()
    with ended_by_signals():
        try:
            from anneal_theory.cli.app import run  # takes long enough to be interrupted

            code = run(sys.argv[1:] if arguments is None else arguments)
        except KeyboardInterrupt:
            ENDING.number = ENDING.number or signal.SIGINT
            ENDING.tell()
    sys.exit(ENDING.code if ENDING.number else code)
