"""Values of quantities, legal and illegal, drawn as text that can be pasted into a session.

A legal value is drawn from the quantity's domain: mostly from an ordinary window of it, sometimes from its documented
ends, and spelled in one of the ways in which a number may be given. An illegal value is illegal by the definition of
its domain, whatever the package's own check says of it.
"""

import random
from collections.abc import Callable
from functools import singledispatch
from typing import Any

from anneal_theory.quantities import QUANTITIES
from anneal_theory.quantities.arrays import Numbers, ValueList
from anneal_theory.quantities.domains import (
    Digits,
    Domain,
    Flag,
    Place,
    Text,
    Whole,
    Word,
)
from anneal_theory.quantities.flow_objects import Optimisers, Sampling
from anneal_theory.quantities.object_domains import Cluster, Function, Lists, NamedOutcomes, Outcome, Records, Thing
from anneal_theory.quantities.quantity import Quantity
from anneal_theory.quantities.real_domains import Number
from tests.fuzz import objects
from tests.fuzz.windows import ARRAY_ENDS, ARRAY_WINDOWS, COUNTS, DIGITS, ENDS, WINDOWS

_NEVER = (
    "b'3'",
    "1j",
    "object()",
    "...",
    "{}",
    "{3}",
    "np.array(['a'])",
    "np.datetime64('2020-01-01')",
    "np.ma.masked",
)
_NO_NUMBER = (
    "None",
    "True",
    "np.False_",
    "'abc'",
    "''",
    "float('nan')",
    "'nan'",
    "at.GaussianInit(3)",
    "at.BimodalTarget",
    "float",
    "(lambda x: x)",
    "10**400",
    "'1e400'",
    "'1e99999999'",
    "mpmath.mpf('nan')",
    "Decimal('sNaN')",
    "'1/0'",
    "'0,8'",
)


_NO_SINGLE_NUMBER = ("[]", "[1.0]", "np.array([1.0, 2.0])", "np.array([])")


def legal(quantity: Quantity, rng: random.Random) -> str:
    """A value of a quantity."""
    return _legal(quantity.domain, quantity.name, rng)


@singledispatch
def _legal(domain: Domain, name: str, rng: random.Random) -> str:
    """A value of a kind of domain."""
    raise NotImplementedError(f"nothing is drawn for {name}, {type(domain).__name__}")


@_legal.register
def _(domain: Whole, name: str, rng: random.Random) -> str:
    return rng.choice(COUNTS.get(name, ("1", "2", "7") if (domain.low or 0) < 2 else ("2", "3", "9")))


@_legal.register
def _(domain: Thing, name: str, rng: random.Random) -> str:
    return objects.of(rng.choice(domain.classes), lambda one: legal(QUANTITIES[one], rng), rng)


@_legal.register
def _(domain: Lists, name: str, rng: random.Random) -> str:
    return rng.choice(("{'separation': [3]}", "{'separation': ('2.5', 3), 'weight': [0.8]}", "{'s0': np.array([0.1])}"))


@_legal.register
def _(domain: Cluster, name: str, rng: random.Random) -> str:
    return "None"  # no cluster listens here


@_legal.register
def _(domain: Outcome, name: str, rng: random.Random) -> str:
    return rng.choice(("0.3", "0", "mpmath.mpf('0.3')", "np.float64(2.5)"))


@_legal.register
def _(domain: NamedOutcomes, name: str, rng: random.Random) -> str:
    return rng.choice(("{}", "{'gain': 3.0}", "{'gain': mpmath.mpf('0.3'), 'hot_clock': 2}"))


@_legal.register
def _(domain: Records, name: str, rng: random.Random) -> str:
    words = "replicas=20, batch_size=50, end_time=5, record_every=1, most_undecided=1"
    trained = f"at.train_mixture(at.BimodalTarget(3, '0.8'), at.Constant(1), at.GaussianInit(16), {words})"
    return rng.choice(
        (f"{trained}.history", f"dict({trained}.history, m1=np.zeros(3))", "{}", "{'m1': np.zeros((3, 2))}")
    )


@_legal.register
def _(domain: ValueList, name: str, rng: random.Random) -> str:
    if name.endswith("_axis"):  # of the parameter whose name comes before
        return f"[{legal(QUANTITIES[name.removesuffix('_axis')], rng)}]"
    return f"[{', '.join(_row(name, rng))}]"


@_legal.register
def _(domain: Word, name: str, rng: random.Random) -> str:
    return repr(rng.choice(domain.choices))


@_legal.register
def _(domain: Digits, name: str, rng: random.Random) -> str:
    return rng.choice(DIGITS)


@_legal.register
def _(domain: Flag, name: str, rng: random.Random) -> str:
    return rng.choice(("True", "False", "np.True_"))


@_legal.register
def _(domain: Function, name: str, rng: random.Random) -> str:
    return rng.choice(("(lambda t: 1 + 9 * np.exp(-t))", "(lambda t: 3.0)", "(lambda t: 1 + 4 / (1 + t))"))


@_legal.register
def _(domain: Text, name: str, rng: random.Random) -> str:
    return {
        "device": "'cpu'",
        "note": "''",
        "method_name": "'exact'",
        "stop_at": rng.choice(("''", "'second mean crosses into the other basin'")),
    }[name]


@_legal.register
def _(domain: Sampling, name: str, rng: random.Random) -> str:
    return "made_flow()"


@_legal.register
def _(domain: Optimisers, name: str, rng: random.Random) -> str:
    return rng.choice(("'adam'", "'sgd'", "own_optimiser"))


@_legal.register
def _(domain: Place, name: str, rng: random.Random) -> str:
    return "FOLDER + '/kept'"


def illegal(quantity: Quantity, rng: random.Random) -> str:
    """A value that a quantity does not take."""
    return rng.choice(_refused(quantity.domain, quantity.name))


@_legal.register
def _(domain: Number, name: str, rng: random.Random) -> str:
    ends = ENDS.get(name, ())
    if ends and rng.random() < 0.2:
        return rng.choice(ends)
    low, high = WINDOWS.get(name) or _ordinary(domain)
    value = float(f"{rng.uniform(low, high):.4g}")
    value = min(max(value, low), high)
    return spelled(value, rng)


def _ordinary(domain: Number) -> tuple[float, float]:
    """The part of a domain between 0.01 and 30, away from its open ends."""
    least, most = domain.low if domain.above is None else domain.above, domain.high or domain.below
    low, high = max(0.01, float(least or 0.01)), min(30.0, float(most or 30))
    return low + 0.01 * (high - low), high - 0.01 * (high - low)


def spelled(value: float, rng: random.Random) -> str:
    """A number in one of the ways in which it may be given."""
    ways: tuple[Callable[[float], str], ...] = (
        repr,
        repr,
        repr,
        lambda v: repr(repr(v)),
        lambda v: f"Fraction({v!r})",
        lambda v: f"Decimal({str(v)!r})",
        lambda v: f"np.float64({v!r})",
        lambda v: f"mpmath.mpf({v!r})",
    )
    return rng.choice(ways)(value)


@_legal.register
def _(domain: Numbers, name: str, rng: random.Random) -> str:
    if name in objects.ARRAYS:
        return objects.ARRAYS[name](rng)
    low, high = ARRAY_WINDOWS.get(name, (0.1, 5))
    draws = [float(f"{rng.uniform(low, high):.4g}") for _ in range(3)]
    if domain.axes:
        return f"np.array({draws})" if domain.axes == 1 else f"np.array([{draws}])"
    ends = ARRAY_ENDS.get(name, ())
    if ends and rng.random() < 0.2:
        return rng.choice(ends)
    return rng.choice((spelled(draws[0], rng), spelled(draws[1], rng), repr(draws), f"np.array({draws})"))


def _row(name: str, rng: random.Random) -> list[str]:
    if name == "hidden":
        return [rng.choice(("3", "4", "8")) for _ in range(rng.randint(1, 2))]
    return [spelled(float(f"{rng.uniform(1, 30):.4g}"), rng) for _ in range(rng.randint(0, 2))]


def _refused(domain: Domain, name: str) -> tuple[str, ...]:
    if isinstance(domain, Number | Numbers):
        return _NEVER + _no_numbers(domain) + _beyond(domain)
    kinds: dict[type, tuple[str, ...]] = {
        Whole: ("None", "True", "2.5", "3.0", "'3'", "float('nan')", "float('inf')", "[3]", "Fraction(3)", "''"),
        Digits: ("None", "True", "0", "-3", "20.0", "'20'", "10**7", "float('nan')", "[20]"),
        Word: ("None", "True", "3", "'abc'", "''", "'EXACT'", "b'exact'", "['exact']"),
        Flag: ("None", "0", "1", "'abc'", "''", "1.0", "[True]"),
        Text: ("None", "3", "True", "['a']"),
        Place: ("3", "True", "''", "'a\\0b'", "['a']"),
        Function: ("None", "3", "True", "'abc'", "float"),
        Sampling: ("None", "3", "True", "'abc'", "float", "(lambda x: x)"),
        Optimisers: ("None", "3", "True", "'abc'", "float", "['adam']"),
        Lists: ("None", "3", "True", "'abc'", "[1.0]", "{1: [2.0]}", "{'separation': 3}", "{'separation': 'abc'}"),
        Cluster: ("3", "True", "''", "[]", "at.BimodalTarget", "(lambda t: 1.0)"),
        Thing: ("None", "3", "True", "'abc'", "[]", "at.BimodalTarget", "at.Constant", "(lambda t: 1.0)", "at.Ball"),
        NamedOutcomes: ("None", "3", "True", "[1.0]", "{1: 2.0}", "{'gain': 'abc'}", "{'gain': float('nan')}"),
        Outcome: ("True", "'abc'", "[1.0]", "float('nan')", "mpmath.mpf('nan')", "np.array([1.0])"),
        ValueList: ("None", "3", "True", "'abc'", "['abc']", "[float('nan')]", "[None]", "[True]", "[b'3']", "[[1]]"),
    }
    own = kinds.get(type(domain), ())
    if isinstance(domain, Whole):
        own += _beyond(domain)
    if isinstance(domain, Thing):
        others = {
            "at.GaussianInit(3)": "GaussianInit",
            "at.SphereInit(3)": "SphereInit",
            "at.BimodalTarget(3, 0.8)": "BimodalTarget",
            "at.Constant(1)": "Schedule",
            "at.Dynamics()": "Dynamics",
        }
        own += tuple(text for text, kind in others.items() if kind not in domain.classes)
    never = tuple(one for one in _NEVER if not (isinstance(domain, Text) and one.startswith("b")))
    return never + own if own else ()


def _no_numbers(domain: Number | Numbers) -> tuple[str, ...]:
    if isinstance(domain, Number):
        return _NO_NUMBER + _NO_SINGLE_NUMBER
    arrays = ("[float('nan')]", "[float('inf')]", "[[1.0], [1.0, 2.0]]", "[True]", "['a']", "np.array([1j])")
    return _NO_NUMBER + arrays + (("3.0", "2") if domain.axes else ())


def _beyond(domain: Any) -> tuple[str, ...]:
    """Values beyond the bounds of a domain, by these bounds."""
    found: list[str] = []
    for bound in ("low", "above"):
        value = getattr(domain, bound, None)
        if value is not None:
            found += [f"{value} - 1" if value < 1 else "0", "-10**30"]
    above, below = getattr(domain, "above", None), getattr(domain, "below", None)
    found += [] if above is None else [repr(above)]
    found += [] if below is None else [repr(below)]
    high = getattr(domain, "high", None)
    found += [] if high is None else [f"2 * {int(high)}" if high > 1e3 else f"{float(high)} + 1"]
    if not getattr(domain, "infinite", False) and not isinstance(domain, Whole):
        found += ["float('inf')"]
    return (*found, *(() if isinstance(domain, Whole) else ("float('-inf')",)))
