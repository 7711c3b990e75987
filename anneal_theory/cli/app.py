"""The application: the table of commands, and how each way to end looks: one line and an exit code."""

import signal
import sys
from collections.abc import Sequence
from typing import Any

from cyclopts import App, CycloptsError
from rich.console import Console

from anneal_theory import __version__
from anneal_theory.cli.interruption import ENDING
from anneal_theory.cli.mistyped import sentence_of
from anneal_theory.cli.streams import PIPE_CLOSED, abandon, complain
from anneal_theory.cli.wording import in_options
from anneal_theory.errors import DomainError, PrecisionError, SolveError
from anneal_theory.extras import advice

# Name and summary of each command; its module, of the same name, is imported only when it is called.
COMMANDS = {
    "report": "Formula, flow and simulation beside each other: one self-contained HTML page, report.html.",
    "probability": "Probability that training from a random start ends in mode collapse.",
    "map": "Probability of mode collapse over two parameters, given as ranges such as --decay-time 1:1000:20log.",
    "figure": "Draw a figure by its name; --list says which there are.",
    "design": "The cheapest schedule that keeps the probability of collapse low, or the best within a budget.",
    "duration": "The least time t0 of the paper's schedule for a probability of collapse, at a given T0.",
    "sweep": "Theory or training over a grid of any parameters, cell by cell into a Zarr store.",
    "rerun": "Run the sweep of a store again, or the rest of it.",
    "threshold": "The alignment with the target's axis below which a pair of means collapses.",
    "critical": "Critical temperature and critical separation of the collapsed state.",
    "constants": "The constants of a target: collapsed state, critical values, transient gain, attractors.",
    "trajectory": "Overlaps of the two means with the target's axis along one training run.",
    "train-mixture": "Train two-component mixtures by stochastic gradients and count the runs that collapse.",
    "train-realnvp": "Train RealNVP flows by annealed reverse KL and tell which of them lose a mode.",
    "compare": "Train mixtures and set their collapses beside the exact formula; or compare ways to anneal.",
    "completion": "Print the script with which a shell completes commands and options.",
    "bench": "Time the package beside NumPy, Arb, SciPy, heyoka, Monte Carlo, zuko and others (source checkouts only).",
    "derive": "Derive every formula again and write the generated code and pages (source checkouts only).",
    "reproduce": "Compute every number and picture in the README and the documentation again (source checkouts only).",
}


# Errors that are printed in one line; any other is one of the package.
_TOLD = (DomainError, SolveError, PrecisionError, CycloptsError, OSError, ImportError)


def application(**options: Any) -> App:
    """The command-line application."""
    app = App(
        name="anneal-theory",
        help="Theory of annealed variational inference and mode collapse on a two-mode Gaussian target.",
        version=f"anneal-theory {__version__}",
        help_format="plaintext",
        suppress_keyboard_interrupt=False,  # `run` says what is kept
        **options,
    )
    for position, (name, summary) in enumerate(COMMANDS.items()):
        module = name.replace("-", "_")
        app.command(f"anneal_theory.cli.{module}:{module}", name=name, help=summary, sort_key=position)
    return app


app = application()


def show_whole_help(name: str) -> None:
    """Let the help of a command be its whole docstring, of which the list of commands shows the first line.

    The list is shown without importing the commands, so that it has texts of its own.
    """
    command = app[name]
    command.help = command.default_command.__doc__


def run(arguments: Sequence[str]) -> int:
    """Run one command.

    Exit code: 0, 1 where a check found a difference, 2 on an error (told in one line on the standard error), 141 where
    the reader of the standard output has gone, 128 and the signal's number (130 for Ctrl-C) if interrupted.
    """
    quiet = Console(stderr=True, soft_wrap=True)
    ENDING.go_on = str
    try:
        if arguments and arguments[0] in COMMANDS and not set(app.help_flags).isdisjoint(arguments):
            show_whole_help(arguments[0])
        code = app(
            list(arguments), exit_on_error=False, print_error=False, error_console=quiet, result_action="return_value"
        )
        sys.stdout.flush()
        ENDING.told |= ENDING.watched and code == ENDING.code  # by the command itself
    except KeyboardInterrupt as interruption:
        ENDING.number = ENDING.number or (signal.SIGINT if ENDING.watched else 0)
        ENDING.tell(str(interruption))
        return ENDING.code
    except BrokenPipeError:
        abandon(sys.stdout)
        return PIPE_CLOSED
    except SystemExit as leaving:  # rich leaves so from help that nobody reads
        if not isinstance(leaving.__context__, BrokenPipeError):
            raise
        return PIPE_CLOSED
    except Exception as error:
        if ENDING.came():  # what was interrupted did not let the interruption through
            ENDING.tell()
            return ENDING.code
        if not isinstance(error, _TOLD):
            raise
        complain(_sentence(error, arguments))
        _flush()
        return 2
    return code if isinstance(code, int) else 0


def _flush() -> None:
    try:
        sys.stdout.flush()
    except OSError:  # a full disk, say
        abandon(sys.stdout)


def _sentence(error: Exception, arguments: Sequence[str]) -> str:
    if isinstance(error, ModuleNotFoundError):
        message = advice(error)
        if message is None:
            raise error
        return message
    if isinstance(error, OSError) and error.strerror:
        return f"{error.filename}: {error.strerror}" if error.filename else error.strerror
    names, called = _names(arguments), arguments[0] if arguments and arguments[0] in COMMANDS else ""
    if isinstance(error, CycloptsError):
        return sentence_of(error, called, list(COMMANDS), names)
    kind = "the computation did not finish: " if isinstance(error, SolveError) else ""
    options, places = ({name.removeprefix("--").replace("-", "_").lower() for name in of}
                       for of in (names, _places(arguments)))  # fmt: skip
    return kind + in_options(error, options, places)


def _places(arguments: Sequence[str]) -> list[str]:
    """The arguments that the command that was called takes by their place."""
    own = app[arguments[0]].assemble_argument_collection() if arguments and arguments[0] in COMMANDS else ()
    return [argument.name for argument in own if not argument.name.startswith("--")]


def _names(arguments: Sequence[str]) -> list[str]:
    """The options of the command that was called; of the application itself where none was."""
    own = app[arguments[0]].assemble_argument_collection() if arguments and arguments[0] in COMMANDS else ()
    names = [name for argument in own for name in argument.names if name.startswith("--")]
    return [*names, "--help"] if own else ["--help", "--version"]
