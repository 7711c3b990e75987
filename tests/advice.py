"""Whether a refusal advises only what is possible where it is told: arguments and options that are there."""

import inspect
import re
from collections.abc import Callable
from functools import cache
from typing import Any

import pytest

from anneal_theory.cli.app import COMMANDS, app, run
from anneal_theory.compare import realnvp_baselines
from anneal_theory.errors import DomainError
from anneal_theory.training import train_realnvp
from tests.doors import DOORS

_CALL = re.compile(r"\b([a-zA-Z]\w*)\(([^()]*)\)")
_SETTING = re.compile(r"\b([a-z]\w*)=")
_OPTION = re.compile(r"(?<![\w-])--([a-z][a-z0-9-]*)")


def _keywords(function: Callable[..., Any]) -> set[str]:
    return {one.name for one in inspect.signature(function).parameters.values() if one.kind is one.KEYWORD_ONLY}


_RECORDED = frozenset({"pair_overlap"})  # arrays of a history that are called as an argument of other functions is
# What a function passes on by `**`, where its signature does not show it.
_MORE = {"compare_flow_baselines": _keywords(train_realnvp) - realnvp_baselines._OWN}


@cache
def _arguments(door: str) -> frozenset[str]:
    """Of the function, and of the object that it is a method of."""
    own = door.rpartition(".")[0] if ":" not in door else ""
    of_object = _arguments(own) if own in DOORS else frozenset()
    return of_object.union(inspect.signature(DOORS[door]).parameters, _MORE.get(door, ()))


@cache
def _known() -> frozenset[str]:
    """Arguments of public functions; those of one word are no more than words in a sentence."""
    return frozenset(name for door in DOORS for name in _arguments(door) if "_" in name)


def impossible(error: Exception, door: str) -> set[str]:
    """Arguments that a refusal names and the function, or one that it tells to call, has not."""
    told = (
        f"{error.requirement}; {error.next_step}" if isinstance(error, DomainError) and error.argument else str(error)
    )
    wrong: set[str] = set()
    for function, given in _CALL.findall(told):
        named = [name for name in DOORS if re.split(r"[.:]", name)[-1] == function]
        if named:
            wrong |= set(_SETTING.findall(given)) - set().union(*map(_arguments, named))
    rest = _CALL.sub("", told)
    # "of" functions that have it, or of arguments that this function has
    elsewhere = {name for name in re.findall(r"\b\w+\b", rest) if name in DOORS}
    allowed = _arguments(door).union(*map(_arguments, elsewhere))
    if "history" in allowed:
        allowed |= _RECORDED
    return wrong | ((set(_SETTING.findall(rest)) | set(re.findall(r"\b\w+\b", rest)) & _known()) - allowed)


def impossible_options(sentence: str, command: str) -> set[str]:
    """Options that a sentence names and the command, or one that it tells to call, has not."""
    wrong, here = set(), command
    for part in re.split(r"(anneal-theory [a-z-]+)", sentence):
        if part.startswith("anneal-theory "):
            here = part.removeprefix("anneal-theory ")
            continue
        end = re.search(r"[;,.]( |$)", part) if here != command else None
        own = part[: end.start()] if end else part
        if here in COMMANDS:
            wrong |= set(_OPTION.findall(own)) - _options(here)
        wrong |= set(_OPTION.findall(part[len(own) :])) - _options(command)
        here = command
    return wrong


@cache
def _options(command: str) -> frozenset[str]:
    names = [name for argument in app[command].assemble_argument_collection() for name in argument.names]
    return frozenset(name.removeprefix("--") for name in names)


def refused(capsys: pytest.CaptureFixture[str], arguments: list[str]) -> str:
    """What a command says that it refuses: exit code 2, one line on the standard error, and nothing else."""
    assert run(arguments) == 2
    said = capsys.readouterr()
    assert (said.out, said.err.count("\n")) == ("", 1)
    return said.err
