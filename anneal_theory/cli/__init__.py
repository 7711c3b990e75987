"""The command line `anneal-theory`: one module a command."""

import sys
from collections.abc import Sequence

from anneal_theory.cli.interruption import ENDING, end_at_once, ended_by_signals
from anneal_theory.cli.streams import prepare

__all__ = ["main"]


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one command and leave with its exit code (see `app.run`); after an interruption nothing is waited for."""
    prepare()
    with ended_by_signals():
        try:
            from anneal_theory.cli.app import run  # takes long enough to be interrupted

            code = run(sys.argv[1:] if arguments is None else arguments)
        except KeyboardInterrupt:
            code = ENDING.code
        if ENDING.number:
            end_at_once(ENDING.number)
    sys.exit(code)
