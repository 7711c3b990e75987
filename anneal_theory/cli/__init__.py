"""The command line `anneal-theory`: one module a command.

Only `main` imports anything of weight, so that Ctrl-C ends a command in one line from almost its first moment on.
"""

import os
import sys

__all__ = ["main"]


def main(arguments: list[str] | None = None) -> None:
    """Run one command and leave with its exit code (see `app.run`)."""
    try:
        code = _run(sys.argv[1:] if arguments is None else arguments)
    except KeyboardInterrupt:  # before or after `interruption` has the signals: only this module is sure to be there
        code = 130
        try:  # noqa: SIM105  # contextlib may not be there
            os.write(2, b"anneal-theory: interrupted\n")
        except OSError:  # nobody listens
            pass
    sys.exit(code)


def _run(arguments: list[str]) -> int:
    import signal

    from anneal_theory.cli.interruption import ENDING, end_at_once, ended_by_signals
    from anneal_theory.cli.streams import prepare

    prepare()
    with ended_by_signals():
        try:
            from anneal_theory.cli.app import run

            code = run(arguments)
        except KeyboardInterrupt:
            ENDING.number = ENDING.number or signal.SIGINT
            ENDING.tell()
        if ENDING.came() and not _shares_with_processes():
            end_at_once(ENDING.number)  # loaded libraries take long to unload, and threads long to end
    return ENDING.code if ENDING.number else code


def _shares_with_processes() -> bool:
    """Whether leaving in order has something to give back."""
    pools = sys.modules.get("anneal_theory.numerics.pools")
    return pools is not None and pools.processes_started
