"""One call of a public function as text: legal, with one illegal argument, or of a wrong shape."""

import inspect
import random
from dataclasses import dataclass

from anneal_theory.quantities.doors import quantities_of
from anneal_theory.quantities.quantity import Quantity
from tests.doors import DOORS
from tests.fuzz.objects import of
from tests.fuzz.values import illegal, legal

# What is drawn for costly functions, so that a legal call takes a second at most; by argument.
CHEAP: dict[str, dict[str, tuple[str, ...]]] = {
    "train_realnvp": {
        "dim": ("2", "3"), "steps": ("1", "5"), "batch_size": ("2", "8"), "couplings": ("1", "2"),
        "hidden": ("(3,)", "[4, 4]", "()"), "evaluation_samples": ("2", "20"), "compiled": ("False",),
        "record_samples": ("2", "5"), "highest_final_temperature": ("float('inf')",),
    },
    "train_mixture": {
        "init": ("at.GaussianInit(4)", "at.GaussianInit(2)"), "end_time": ("0.5", "3", "'2.5'"),
        "highest_final_temperature": ("float('inf')", "1.15", "1"), "threads": ("1", "2"),
    },
    "train_mixture_torch": {
        "init": ("at.GaussianInit(4)", "at.GaussianInit(2)"), "end_time": ("0.5", "3", "1"),
        "highest_final_temperature": ("float('inf')", "1.15", "1"),
    },
    "compare_training": {
        "init": ("at.GaussianInit(4)", "at.GaussianInit(64)"), "replicas": ("1", "7"), "theory": ("at.Estimate(0.3, 1e-4, -1.2, 'exact', -0.36)",),
        "route": ("'reduced'", "'exact'"), "end_time": ("3",), "highest_final_temperature": ("float('inf')",),
    },
    "compare_baselines": {
        "target": ("at.BimodalTarget(3, 0.8)", "at.BimodalTarget(2.6, 0.5)"), "init": ("at.GaussianInit(4)", "at.GaussianInit(64)"), "budget": ("20", "30.0"), "replicas": ("1", "3"),
        "step_size": ("0.2", "0.5"), "family_weight": ("0.5",),
    },
    "choose_schedule": {
        "target": ("at.BimodalTarget(3, 0.8)", "at.BimodalTarget(2.6, 0.5)", "at.BimodalTarget(1, 0.8)"), "init": ("at.GaussianInit(16)", "at.GaussianInit(64)"),
        "method": ("'quick'",), "relative_error": ("0.01", "0.1"),
    },
    "collapse_probability": {
        "digits": ("1", "2", "5"), "method": ("'exact'", "'exact'", "'large-dim'", "'slow-annealing'", "'simulated'"),
        "processes": ("1",), "replicas": ("16", "50"), "accept_cost": ("False",),
    },
    "simulate_flow": {"replicas": ("1", "7")},
    "collapse_threshold": {"digits": ("2", "5", "8"), "accept_cost": ("False",)},
    "solve_flow": {"max_steps": ("100", "20000")},
    "solve_flows": {"max_steps": ("100", "2000")},
}  # fmt: skip
# Arguments of `**rules` and the like, by their quantities.
MORE: dict[str, dict[str, str]] = {
    "train_realnvp": {"steps": "steps", "batch_size": "batch_size", "step_size": "learning_rate", "optimiser": "optimiser",
                      "objective": "objective", "record_every": "record_every", "record_samples": "record_samples",
                      "highest_final_temperature": "highest_final_temperature", "gradient_limit": "gradient_limit"},
    "compare_training": {"end_time": "training_time", "highest_final_temperature": "highest_final_temperature"},
}  # fmt: skip
# Arguments that a legal call always has, so that it stays cheap (and `steps` stays few).
ALWAYS: dict[str, tuple[str, ...]] = {
    "train_realnvp": ("dim", "replicas", "steps", "batch_size", "couplings", "hidden", "evaluation_samples", "record_samples", "highest_final_temperature"),
    "train_mixture": ("replicas", "batch_size", "step_size", "end_time", "highest_final_temperature"),
    "train_mixture_torch": ("replicas", "batch_size", "step_size", "end_time", "highest_final_temperature"),
    "compare_training": ("replicas", "batch_size", "step_size", "theory", "end_time", "highest_final_temperature"),
    "compare_baselines": ("budget", "replicas", "batch_size", "step_size"),
    "choose_schedule": ("relative_error",),
}  # fmt: skip
# How often a function is called, where it is not once in a turn.
SHARES: dict[str, float] = {
    "compare_baselines": 0.02, "choose_schedule": 0.02, "compare_training": 0.2, "train_realnvp": 0.2,
    "collapse_probability": 0.4, "train_mixture_torch": 0.4,
}  # fmt: skip
_COSTLY_LEGAL = {"compare_baselines": 0.1, "choose_schedule": 0.1, "train_realnvp": 0.3}  # share of legal calls


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
    quantities |= {name: _table(quantity) for name, quantity in MORE.get(door, {}).items()}
    wrong = [name for name, one in quantities.items() if _can_be_illegal(one, door, name)]
    if chance < 0.05:
        return Call(door, _misshapen(door, quantities, rng), "shape")
    if (chance < 0.5 or rng.random() > _COSTLY_LEGAL.get(door, 1.0)) and wrong:
        name = rng.choice(wrong)
        return Call(door, _text(door, _arguments(door, quantities, rng, name), rng), "illegal", name)
    return Call(door, _text(door, _arguments(door, quantities, rng, ""), rng), "legal")


def _table(name: str) -> Quantity:
    from anneal_theory.quantities import QUANTITIES

    return QUANTITIES[name]


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
    return found


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
    head, _, method = door.partition(".")
    home = "" if head in ("AdaAnn", "ConstantESS", "TrainingRules", "BaselineRules") else "at."
    if not method or head == "averages" or method.startswith("from_"):
        return home + door
    made = of(head, lambda name: legal(_table(name), rng), rng)
    return f"{made}.{method}"


def _misshapen(door: str, quantities: dict[str, Quantity], rng: random.Random) -> str:
    arguments = _arguments(door, quantities, rng, "")
    required = [one.name for one in inspect.signature(DOORS[door]).parameters.values()
                if one.name in arguments and one.default is inspect.Parameter.empty]  # fmt: skip
    if required and rng.random() < 0.5:
        del arguments[rng.choice(required)]
        return _text(door, arguments, rng)
    return _text(door, arguments | {"no_such_argument": "3"}, rng)
