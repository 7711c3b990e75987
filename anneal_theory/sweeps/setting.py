"""A sweep before it is computed: what stays the same in all cells, what varies, and the seed of each cell."""

import hashlib
import itertools
import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from anneal_theory.errors import DomainError
from anneal_theory.exact import show
from anneal_theory.problem import BimodalTarget, GaussianInit, SphereInit
from anneal_theory.quantities import QUANTITIES, Quantity
from anneal_theory.quantities.arguments import MOST_NUMBERS
from anneal_theory.quantities.domains import Digits, Flag, Text, Whole, Word
from anneal_theory.quantities.keywords import unexpected
from anneal_theory.quantities.nearest import nearest
from anneal_theory.quantities.real_domains import Number
from anneal_theory.results import plain
from anneal_theory.schedules import FromCallable, Schedule
from anneal_theory.sweeps.kinds import KINDS, TEXTS, Kind
from anneal_theory.sweeps.problem import OF_INIT, OF_TARGET, changed_init, changed_target, has_usual_variance
from anneal_theory.sweeps.rules import changed_rule, parameters_of, plain_rule, quantities_of_rule, rule_from
from anneal_theory.sweeps.running import Place
from anneal_theory.sweeps.values import listed, normal
from anneal_theory.training.adaptive import Rule

VARIANCE_RULE = "variance_rule"  # the functions' `variance` as an axis or attribute: the start has one too
_SEED_BITS = 48
# Which of the other arguments are used depends on these.
_ROUTES = ("method", "route", "constraint", "metric", "family_weight", VARIANCE_RULE)


@dataclass(frozen=True)
class Sweep:
    """A grid of cells."""

    kind: str  # a name of `KINDS`
    # values by parameter, each as it is kept in files: numbers as exact texts, whole ones as integers
    axes: dict[str, list[Any]]
    target: BimodalTarget  # with the values of the first cell where they vary; so are the schedule and the start
    schedule: Rule  # the schedule, or the adaptive rule of a training
    init: GaussianInit | SphereInit | None  # the law of the start; None where the function takes none
    arguments: dict[str, Any]  # keywords of the function, in the form of the values

    def __reduce__(self) -> tuple[object, ...]:  # objects keep what they have computed, which need not travel
        return _rebuilt, (self.plain,)

    @property
    def of(self) -> Kind:
        """What it is of."""
        return KINDS[self.kind]

    @property
    def shape(self) -> tuple[int, ...]:
        """Numbers of values along the axes."""
        return tuple(map(len, self.axes.values()))

    @property
    def plain(self) -> dict[str, Any]:
        """All of it as plain data for JSON, which `sweep_from` takes back."""
        target = {"separation": show(self.target.exact_separation), "weight": show(self.target.exact_weight)}
        start: dict[str, Any] | None = None
        if self.init is not None:
            start = {"kind": type(self.init).__name__, "dim": self.init.dim}
        if isinstance(self.init, GaussianInit) and not has_usual_variance(self.init):
            start = {**(start or {}), "variance": show(self.init.exact_variance)}
        return {
            "kind": self.kind, "axes": plain(self.axes), "target": target,
            "schedule": plain_rule(self.schedule), "init": start,
            "arguments": plain(self.arguments),
        }  # fmt: skip

    def values_at(self, place: Place) -> dict[str, Any]:
        """The values of a cell by axis."""
        return {name: values[index] for (name, values), index in zip(self.axes.items(), place, strict=True)}

    def call_at(self, place: Place) -> tuple[list[Any], dict[str, Any]]:
        """The arguments of the function in a cell."""
        values = self.values_at(place)
        own = {name: value for name, value in values.items() if name in self.objects}
        temperature = {name: value for name, value in own.items() if self.objects[name] == "schedule"}
        objects: list[Any] = [changed_target(self.target, own), changed_rule(self.schedule, temperature)]
        if self.init is not None:
            objects.append(changed_init(self.init, own))
        keywords = {_keyword(name): value for name, value in values.items() if name not in self.objects}
        words = {name: math.inf if value == "inf" else value for name, value in (self.arguments | keywords).items()}
        words.pop("seed", None)
        if self._has_routes:
            for name in self.of.spare(words) & self.arguments.keys():
                del words[name]
        return objects, words | ({"seed": self.seed_at(place)} if self.of.draws(words) else {})

    def at(self, place: Place) -> "Sweep":
        """A cell as a sweep of its own, with one value along each axis: what a worker needs to know."""
        axes = {name: [value] for name, value in self.values_at(place).items()}
        return Sweep(self.kind, axes, self.target, self.schedule, self.init, self.arguments)

    def seed_at(self, place: Place) -> int:
        """The seed of a cell: a function of the sweep's seed and of the cell's values, and of nothing else."""
        values = self.values_at(place)
        if "seed" in values:
            return int(values["seed"])
        identity = json.dumps([self.arguments.get("seed", 0), sorted(values.items())])
        return int.from_bytes(hashlib.sha256(identity.encode()).digest()[: _SEED_BITS // 8], "big")

    @cached_property
    def draws(self) -> bool:
        """Whether any cell draws."""
        return any(map(self.of.draws, self._routes()))

    @property
    def unused(self) -> set[str]:
        """Arguments of the function that no cell takes."""
        return set.intersection(*map(self.of.spare, self._routes()))

    @property
    def spare(self) -> set[str]:
        """Arguments that were given, and cells would go without, and all of them do."""
        return self.unused & self.arguments.keys() if self._has_routes else set()

    @property
    def _has_routes(self) -> bool:
        return any(name in self.axes for name in _ROUTES)

    def _routes(self) -> Iterator[dict[str, Any]]:
        """Arguments of cells, as far as it depends on them which others are used."""
        routes = {name: self.axes[name] for name in _ROUTES if name in self.axes}
        for values in itertools.product(*routes.values()):
            yield self.arguments | {_keyword(name): value for name, value in zip(routes, values, strict=True)}

    @property
    def has_digits(self) -> bool:
        """Whether digits beyond doubles are asked for."""
        return "digits" in self.arguments or "digits" in self.axes

    @property
    def variables(self) -> dict[str, str]:
        """Every variable of the dataset, with its meaning; what is an axis is no variable too."""
        seed = {"seed": "seed of the cell's draws"} if self.draws else {}
        digits = self.of.texts if self.has_digits else {}
        variables = {**self.of.numbers, **digits, **seed, **TEXTS, "seconds": "time that the cell took its worker"}
        return {name: meaning for name, meaning in variables.items() if name not in self.axes}

    def is_common(self, argument: str) -> bool:
        """Whether an error about an argument is one of the call: no cell can do without what it asks for."""
        if self._has_routes:
            return False
        return argument in (self.arguments.keys() | {"init", "method"}) - {_keyword(name) for name in self.axes}

    @cached_property
    def parameters(self) -> dict[str, Quantity]:
        """All that can be an axis, with the quantity of its values."""
        temperature = quantities_of_rule(self.schedule)
        of_objects = {name: temperature.get(name) or QUANTITIES[_quantity(name, self.init)] for name in self.objects}
        own = {VARIANCE_RULE if name == "variance" else name: quantity for name, quantity in self.of.arguments.items()}
        own = {name: quantity for name, quantity in own.items() if name not in of_objects and _can_vary(quantity)}
        return of_objects | own

    @cached_property
    def objects(self) -> dict[str, str]:
        """The parameters of the objects, each with the object that it belongs to."""
        owners = dict.fromkeys(OF_TARGET, "target")
        owners |= dict.fromkeys(parameters_of(self.schedule), "schedule")
        if self.init is not None:
            owners |= dict.fromkeys(("dim",) if isinstance(self.init, SphereInit) else OF_INIT, "init")
        return owners


def sweep_of(
    kind: str, axes: Mapping[str, object], target: BimodalTarget, schedule: Rule,
    init: GaussianInit | SphereInit | None, arguments: Mapping[str, object],
) -> Sweep:  # fmt: skip
    """A sweep, checked; the arguments are those of `anneal_theory.sweeps.sweep`."""
    entry = KINDS[kind]
    if entry.starts and init is None:
        raise DomainError.of("init", f"given for {kind!r}", None, "make one: GaussianInit(dim), or SphereInit(dim)")
    if not entry.starts and init is not None:
        raise DomainError.of("init", f"left out for {kind!r}", init, f"{entry.name} takes none")
    if not (entry.trains or isinstance(schedule, Schedule)):
        step = "rules that adapt each run have no theory; sweep 'mixture' or 'realnvp', or give a schedule"
        raise DomainError.of("schedule", f"a Schedule for {kind!r}", schedule, step)
    if isinstance(schedule, FromCallable):
        step = "no file can tell one function from another, and none travels to another process"
        raise DomainError.of("schedule", "made of numbers", schedule, step)
    words = _words(entry, arguments)
    if entry.trains:  # every cell tells how many are undecided, so that none need be thrown away for them
        words = {"most_undecided": "1"} | words
    bare = Sweep(kind, {}, target, schedule, init, words)
    sweep = Sweep(kind, _axes(bare, axes, words), target, schedule, init, words)
    _require_used(sweep)
    count, most = math.prod(sweep.shape), MOST_NUMBERS // len(sweep.variables)
    if count > most:
        longest = max(sweep.axes, key=lambda name: len(sweep.axes[name]))
        raise DomainError.of(longest, f"values of at most {most} cells in all", count, "give fewer of them")
    for axis, length in enumerate(sweep.shape):  # every object is made once: a value that one refuses is told here
        for index in range(length):
            sweep.call_at(tuple(index if axis == other else 0 for other in range(len(sweep.shape))))
    return sweep


def _require_used(sweep: Sweep) -> None:
    """Refuse what no cell takes, though others of its kind do, and what all cells lack."""
    for name in sorted(set(sweep.of.needed) - sweep.arguments.keys() - sweep.axes.keys()):
        raise DomainError.of(name, f"given for {sweep.kind!r}", None, "make it an argument, or an axis")
    if not sweep.draws and ("seed" in sweep.arguments or "seed" in sweep.axes):
        seed = sweep.arguments.get("seed")
        raise DomainError.of("seed", "left out where nothing is drawn", seed, "the cells need none")
    for name in sorted(sweep.spare):
        raise DomainError.of(name, "left out where no cell takes it", sweep.arguments[name], "the cells need none")


def _words(kind: Kind, arguments: Mapping[str, object]) -> dict[str, Any]:
    """The keywords in the form that files keep."""
    quantities, words = kind.arguments, {}
    for name, value in arguments.items():
        if value is None:
            continue
        if why := kind.left_out(name):
            raise DomainError.of(name, "left out of a sweep", value, why)
        if name not in quantities:
            raise unexpected("sweep", name, quantities)
        words[name] = normal(quantities[name], value, name)
    return words


def _axes(sweep: Sweep, axes: Mapping[str, object], words: Mapping[str, Any]) -> dict[str, list[Any]]:
    """The axes in the form that files keep."""
    if not axes:
        raise DomainError.of("axes", "one parameter with its values, or more", dict(axes), _example(sweep))
    listed_values: dict[str, list[Any]] = {}
    for name, values in axes.items():
        quantity = sweep.parameters.get(name)
        if quantity is None:
            near = nearest(name, sweep.parameters)
            step = f"did you mean {near!r}?" if near else f"they are {', '.join(sweep.parameters)}"
            raise DomainError.of("axes", f"over parameters of {sweep.kind!r} with this schedule and start", name, step)
        if _keyword(name) in words and name not in sweep.objects and name != "most_undecided":
            raise DomainError.of(name, "given once", words[_keyword(name)], "it is an axis: leave the argument out")
        listed_values[name] = listed(quantity, values, name)
    return listed_values


def _can_vary(quantity: Quantity) -> bool:
    return isinstance(quantity.domain, Flag | Word | Text | Whole | Digits | Number) or quantity.is_list


def _keyword(name: str) -> str:
    return "variance" if name == VARIANCE_RULE else name


def _quantity(name: str, init: object) -> str:
    return "sphere_dim" if name == "dim" and isinstance(init, SphereInit) else name


def _example(sweep: Sweep) -> str:
    return f"such as {{'separation': [2, 3]}}; they are {', '.join(sweep.parameters)}"


def sweep_from(data: Mapping[str, Any]) -> Sweep:
    """The sweep whose `plain` this is; DomainError, KeyError or TypeError where it is none."""
    sweep = _rebuilt(data)
    return sweep_of(sweep.kind, sweep.axes, sweep.target, sweep.schedule, sweep.init, sweep.arguments)


def _rebuilt(data: Mapping[str, Any]) -> Sweep:
    """The same without a check of its axes and arguments, which have been checked in another process."""
    start = data["init"] and dict(data["init"])
    if data["kind"] not in KINDS:
        raise KeyError(data["kind"])
    laws = {"GaussianInit": GaussianInit, "SphereInit": SphereInit}
    init = laws[start.pop("kind")](**start) if start else None
    target, schedule = BimodalTarget(**data["target"]), rule_from(data["schedule"])
    return Sweep(data["kind"], dict(data["axes"]), target, schedule, init, dict(data["arguments"]))
