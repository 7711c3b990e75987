"""The command line `anneal-theory`: one module a command."""

import signal
import sys
from collections.abc import Sequence

from anneal_theory.cli.interruption import ENDING, end_at_once, ended_by_signals
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
        if ENDING.number and not _shares_with_processes():
            end_at_once(ENDING.number)  # loaded libraries take long to unload, and threads long to end
    sys.exit(ENDING.code if ENDING.number else code)


def _shares_with_processes() -> bool:
    """Whether leaving in order has something to give back."""
    pools = sys.modules.get("anneal_theory.numerics.pools")
    return pools is not None and pools.processes_started
