"""Command lines that name what there is not: one sentence, with the nearest command, option or word that there is."""

from collections.abc import Iterable, Sequence
from typing import get_args

from cyclopts import CoercionError, CycloptsError, MissingArgumentError, UnknownCommandError, UnknownOptionError
from cyclopts.exceptions import UnusedCliTokensError

from anneal_theory.errors import DomainError
from anneal_theory.quantities.domains import Word
from anneal_theory.quantities.nearest import nearest


def sentence_of(error: CycloptsError, called: str, commands: Sequence[str], options: Sequence[str]) -> str:
    """What an error of the command line says.

    Example:
        >>> error = UnknownCommandError(unused_tokens=["probabilty"])
        >>> sentence_of(error, "", ["map", "probability"], ["--help"])
        'there is no command probabilty; did you mean probability?'
    """
    program = f"anneal-theory {called}".rstrip()
    match error:
        case UnknownCommandError(unused_tokens=[typed, *_]) if typed.startswith("-"):
            return _none(called, f"option {typed}", typed, options, f"{program} --help lists them")
        case UnknownCommandError(unused_tokens=[typed, *_]):
            return _none(called, f"command {typed}", typed, commands, f"they are {', '.join(commands)}")
        case UnknownOptionError():
            typed = (error.token.keyword or error.token.value).partition("=")[0]
            return _none(called, f"option {typed}", typed, options, f"{program} --help lists them")
        case UnusedCliTokensError(unused_tokens=[typed, *_]):
            return _none(called, f"place for {typed!r}", typed, options, f"{program} --help says what it takes")
        case MissingArgumentError() if error.argument is not None:
            name, choices = _name(error.keyword or error.argument.name), error.argument.get_choices(force=True)
            words = f"one of {', '.join(map(str, choices))}" if choices else ""
            if name.isupper():  # given by its place
                return f"{called} needs a {', '.join(filter(None, [name, words]))}; {program} --help tells more."
            return f"{called} needs {words or 'a value'} for {name}; {program} --help tells more."
        case CoercionError() if _words(error.target_type) and error.token is not None and error.argument is not None:
            choices = _words(error.target_type)
            name = error.token.keyword or error.argument.name.lstrip("-")  # typed at its place, without its option
            return _no_choice(error.token.value, choices, _name(name))
        case _:
            return str(error)


def _none(called: str, what: str, typed: str, names: Iterable[str], otherwise: str) -> str:
    near = nearest(typed, names)
    begin = f"{called} has" if called else "there is"
    return f"{begin} no {what}; " + (f"did you mean {near}?" if near else f"{otherwise}.")


def _no_choice(typed: str, choices: tuple[str, ...], name: str) -> str:
    """The refusal of a word as the package's functions have it."""
    try:
        return Word(f"one of {', '.join(choices)}", choices=choices).check(typed, name, "choose one of these")
    except DomainError as error:
        return str(error)


def _words(hint: object) -> tuple[str, ...]:
    """The words of a Literal."""
    return tuple(word for word in get_args(hint) if isinstance(word, str))


def _name(name: str) -> str:
    return name if name.startswith("-") else name.upper()
