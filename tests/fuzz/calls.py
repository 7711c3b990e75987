"""One call of a public function as text: legal, with one illegal argument, or of a wrong shape."""

import inspect
import random
from dataclasses import dataclass

from anneal_theory.quantities import QUANTITIES
from anneal_theory.quantities.axes import VARIED
from anneal_theory.quantities.doors import quantities_of
from anneal_theory.quantities.quantity import Quantity
from tests.doors import DOORS
from tests.fuzz.costs import ALWAYS, CHEAP, LEGAL_SHARES, UNUSED
from tests.fuzz.objects import of
from tests.fuzz.values import illegal, legal


@dataclass(frozen=True)
class Call:
    """A call to make.

    Attributes:
        door: Name of the function.
        text: The call.
        kind: "legal", "illegal" or "shape".
        argument: The argument with an illegal value; empty if there is none.
    """

    door: str
    text: str
    kind: str
    argument: str = ""


def draw(door: str, rng: random.Random) -> Call:
    """A call of a function."""
    chance = rng.random()
    quantities = {name: one for name, one in quantities_of(DOORS[door]).items() if one is not None}
    wrong = [name for name, one in quantities.items() if _can_be_illegal(one, door, name)]
    if chance < 0.05:
        return Call(door, _misshapen(door, quantities, rng), "shape")
    if (chance < 0.5 or rng.random() > LEGAL_SHARES.get(door, 1.0)) and wrong:
        name = rng.choice(wrong)
        return Call(door, _text(door, _arguments(door, quantities, rng, name), rng), "illegal", name)
    return Call(door, _text(door, _arguments(door, quantities, rng, ""), rng), "legal")


def _can_be_illegal(quantity: Quantity, door: str, name: str) -> bool:
    try:
        illegal(quantity, random.Random(0))
    except IndexError:  # whatever it is, the function looks at it itself
        return False
    return True


def _arguments(door: str, quantities: dict[str, Quantity], rng: random.Random, wrong: str) -> dict[str, str]:
    """Values by argument: what is required, some of the rest, and one illegal value."""
    parameters, found = inspect.signature(DOORS[door]).parameters, {}
    always = ALWAYS.get(door, ())
    for name, quantity in quantities.items():
        parameter = parameters.get(name)
        required = parameter is not None and parameter.default is inspect.Parameter.empty
        if name == wrong:
            found[name] = _illegal(quantity, parameter, rng)
        elif required or name in always or rng.random() < 0.25:
            cheap = CHEAP.get(door, {}).get(name)
            found[name] = rng.choice(cheap) if cheap else legal(quantity, rng)
    unused = UNUSED.get(found.get("method", ""), ()) if door in ("collapse_probability", "phase_diagram") else ()
    if door == "phase_diagram":  # two axes that are always given are all that it takes
        unused = (*unused, *(name for name in VARIED if name not in always), "schedule", "checkpoint")
    return {name: value for name, value in found.items() if name == wrong or name not in unused or rng.random() < 0.1}


def _illegal(quantity: Quantity, parameter: inspect.Parameter | None, rng: random.Random) -> str:
    optional = parameter is not None and parameter.default is None
    while True:
        text = illegal(quantity, rng)
        if not (text == "None" and (optional or parameter is None)):
            return text


def _text(door: str, arguments: dict[str, str], rng: random.Random) -> str:
    parameters = inspect.signature(DOORS[door]).parameters
    written, positional = [], True
    for name in [one for one in parameters if one != "self"]:
        kind = parameters[name].kind
        positional = positional and name in arguments and kind is inspect.Parameter.POSITIONAL_OR_KEYWORD
        positional = positional and rng.random() < 0.7
        if positional:
            written.append(arguments.pop(name))
    rest = [f"{name}={value}" for name, value in arguments.items()]
    return f"{_name(door, rng)}({', '.join(written + rest)})"


def _name(door: str, rng: random.Random) -> str:
    """The function as it is reached: a method by an object of its class."""
    if ":" in door:
        return f"anneal_theory.{door.replace(':', '.')}"
    head, _, method = door.partition(".")
    home = "" if head in ("AdaAnn", "ConstantESS", "TrainingRules", "BaselineRules") else "at."
    if not method or head in ("asymptotics", "averages") or method.startswith("from_"):
        return home + door
    made = of(head, lambda name: legal(QUANTITIES[name], rng), rng)
    return f"{made}.{method}"


def _misshapen(door: str, quantities: dict[str, Quantity], rng: random.Random) -> str:
    arguments = _arguments(door, quantities, rng, "")
    required = [
        one.name
        for one in inspect.signature(DOORS[door]).parameters.values()
        if one.name in arguments and one.default is inspect.Parameter.empty
    ]
    if required and rng.random() < 0.5:
        del arguments[rng.choice(required)]
        return _text(door, arguments, rng)
    return _text(door, arguments | {"no_such_argument": "3"}, rng)
