"""The application: the table of commands, and errors as one line with exit code 2."""

import sys
from collections.abc import Sequence
from typing import Any

from cyclopts import App, CycloptsError
from rich.console import Console

from anneal_theory import __version__
from anneal_theory.errors import DomainError, PrecisionError, SolveError

# Name and summary of each command; its module, of the same name, is imported only when it is called.
COMMANDS = {
    "report": "Formula, flow and simulation beside each other: one self-contained HTML page, report.html.",
    "probability": "Probability that training from a random start ends in mode collapse.",
    "threshold": "Cotangent of the angle to the target's axis below which a pair of means collapses.",
    "critical": "Critical temperature and critical separation of the collapsed state.",
    "constants": "The constants of a target: collapsed state, critical values, transient gain, attractors.",
    "trajectory": "Overlaps of the two means with the target's axis along one training run.",
    "train-mixture": "Train two-component mixtures by stochastic gradients and count the runs that collapse.",
    "train-realnvp": "Train RealNVP flows by annealed reverse KL and tell which of them lose a mode.",
    "compare": "Train mixtures and set their collapses beside the exact formula; or compare ways to anneal.",
    "derive": "Derive every formula again and write the generated code and pages (source checkouts only).",
    "reproduce": "Compute every figure in the README and the documentation again (source checkouts only).",
}


def application(**options: Any) -> App:
    """The command-line application."""
    app = App(
        name="anneal-theory",
        help="Theory of annealed variational inference and mode collapse on a two-mode Gaussian target.",
        version=f"anneal-theory {__version__}",
        help_format="plaintext",
        suppress_keyboard_interrupt=False,  # `run` tells what is kept
        **options,
    )
    for place, (name, summary) in enumerate(COMMANDS.items()):
        module = name.replace("-", "_")
        app.command(f"anneal_theory.cli.{module}:{module}", name=name, help=summary, sort_key=place)
    return app


app = application()


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one command and leave with its exit code: 0, 1 where a check found a difference, 2 on an error."""
    sys.exit(run(sys.argv[1:] if arguments is None else arguments))


def run(arguments: Sequence[str]) -> int:
    """Run one command.

    Args:
        arguments: What follows `anneal-theory` on the command line.

    Returns:
        Exit code: 0, 1 where a check found a difference, 2 on an error (told in one line on the standard error).
    """
    quiet = Console(stderr=True, soft_wrap=True)
    try:
        code = app(
            list(arguments), exit_on_error=False, print_error=False, error_console=quiet, result_action="return_value"
        )
    except (DomainError, SolveError, PrecisionError, CycloptsError, OSError) as error:
        print(f"anneal-theory: {_sentence(error)}", file=sys.stderr)
        return 2
    except KeyboardInterrupt as interruption:
        print(f"anneal-theory: {str(interruption) or 'interrupted'}", file=sys.stderr)
        return 130
    return code if isinstance(code, int) else 0


def _sentence(error: Exception) -> str:
    kind = "the computation did not finish: " if isinstance(error, SolveError) else ""
    return kind + " ".join(str(error).split())
