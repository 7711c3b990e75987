"""The package's sentences in the words of the command line: `decay_time` is --decay-time, and `allow_slow=True` is
--allow-slow.

Messages are written once, with the names of arguments. Here an argument becomes the option of the command that was
called, if it has one, and a function the command that calls it.
"""

import re
from collections.abc import Collection

from anneal_theory.errors import DomainError, sentence
from anneal_theory.quantities.axes import VARIED
from anneal_theory.quantities.nearest import nearest

_OPTIONS = {"budget": "end_time", "distance0": "distance", **VARIED}  # where the option has another name
_COMMANDS = {
    "attractors": "constants",
    "collapse_probability": "probability",
    "collapse_threshold": "threshold",
    "compare_training": "compare",
    "critical_separation": "critical",
    "critical_temperature": "critical",
    "phase_diagram": "map",
    "rerun_sweep": "rerun",
    "solve_flow": "trajectory",
    "train_mixture": "train-mixture",
    "train_realnvp": "train-realnvp",
}
_RULES = ("fixed", "follows-temperature", "trained")  # a variance that is one of these is a rule, not a number
_TYPES = re.compile(r" \(int, float, str, [^)]*\)")  # of numbers in Python; every option is text
_NUMBERS = " such as 0.8, 1e-3 or 4/5"
_VALUE = r"""(?:"[^"]*"|'[^']*'|[\w.+-]*\w)?"""
_SETTING = re.compile(rf"\b([a-z]\w*)=({_VALUE})")
_CALL = re.compile(r"\b([a-zA-Z]\w*)\(([^()]*)\)")
_NAME = re.compile(r"(?<![\w./-])[a-z]\w*_\w+(?![\w/(=-]|\.\w)")


def in_options(error: Exception, options: Collection[str], places: Collection[str] = ()) -> str:
    """What an error says, with the options of a command.

    `places` are arguments given by their place, which the help has in capitals.

    Example:
        >>> in_options(DomainError.of("decay_time", "positive", -1, "use 10"), {"decay_time"})
        '--decay-time must be positive, but was -1; use 10.'
    """
    if isinstance(error, DomainError) and error.argument:
        rule = _rule_meant(error, options)
        text = sentence(
            error.argument.upper()
            if error.argument in places
            else _spelled(error.argument if rule else _meant(error.argument, error.value), options),
            reworded(error.requirement, options),
            "missing" if error.value == "None" else error.value,  # nobody types None
            f"did you mean --variance-rule {rule}?" if rule else reworded(error.next_step, options),
        )
        return " ".join(text.split())
    return " ".join(reworded(str(error), options).split())


def reworded(text: str, options: Collection[str]) -> str:
    """A text with settings, names and calls of the package as options and commands.

    Example:
        >>> reworded('use method="exact", or collapse_probability(digits=20)', {"method"})
        'use --method exact, or anneal-theory probability --digits 20'
        >>> reworded("Exponential(decay_time=3) falls; raise decay_time", {"decay_time"})
        'Exponential(decay_time=3) falls; raise --decay-time'
    """
    pieces, end = [], 0
    text = _TYPES.sub(_NUMBERS, text)
    for call in _CALL.finditer(text):
        pieces += [_plain(text[end : call.start()], options), _call(call)]
        end = call.end()
    return "".join([*pieces, _plain(text[end:], options)])


def _plain(text: str, options: Collection[str]) -> str:
    text = _SETTING.sub(lambda match: _setting(match[1], match[2], options) or match[0], text)
    return _NAME.sub(lambda match: _command(match[0]) or _spelled(match[0], options), text)


def _call(call: re.Match[str]) -> str:
    """A call that a command makes, with what it is given; others stay."""
    if call[1] not in _COMMANDS:
        return call[0]
    settings = [_setting(match[1], match[2], {match[1]}) for match in _SETTING.finditer(call[2])]
    return " ".join([_command(call[1]), *map(str, settings)])


def _command(function: str) -> str:
    return f"anneal-theory {_COMMANDS[function]}" if function in _COMMANDS else ""


def _setting(name: str, value: str, options: Collection[str]) -> str | None:
    option = _spelled(_meant(name, value), options)
    if option == name:
        return None
    return option if value in ("", "True") else f"{option} {value.strip(chr(34) + chr(39))}"


def _meant(name: str, value: object) -> str:
    """The quantity of that name: the variance of the start, or what becomes of that of the components."""
    return "variance_rule" if name == "variance" and str(value).strip("\"'") in _RULES else name


def _rule_meant(error: DomainError, options: Collection[str]) -> str | None:
    """The rule whose word stands where the variance of the start does: a number, which the sphere has none of."""
    of_start = "number" in error.requirement or error.requirement == "left out with --constraint sphere"
    if error.argument != "variance" or not of_start or "variance_rule" not in options:
        return None
    return nearest(error.value.strip("\"'"), _RULES)


def _spelled(name: str, options: Collection[str]) -> str:
    """The option of an argument, or of the list that it is a place of; the argument itself where there is none."""
    name, bracket, place = name.partition("[")
    own = name if name in options else _OPTIONS.get(name, "")
    return "--" + own.replace("_", "-") + bracket + place if own and own in options else name + bracket + place
