"""The cells of `flow_schedules` on the bimodal target: which flows are trained alike, and under which schedules."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, partial
from typing import Any

from anneal_theory.compare.realnvp_baselines import time_per_step
from anneal_theory.design import design_schedule
from anneal_theory.exact import exact
from anneal_theory.problem import BimodalTarget, GaussianInit
from anneal_theory.schedules import Constant, ExponentialToOne, LinearBeta, Piecewise, Schedule
from anneal_theory.training.baselines import BaselineRules, Rule, realnvp_baselines
from docs.studies.realnvp_study import HEADLINE, HEADLINE_STEPS, MAP
from docs.studies.realnvp_study import STORE as MAP_STORE

STEPS, COLD_BY = 1500, 500  # of every way in 8 dimensions, and when it is cold
QUENCH = 50  # steps from the last temperature to 1
HOLD = COLD_BY - QUENCH
REPLICAS = 64
LONG = 2000  # steps of the preludes, and in more dimensions
WIDE_COLD_BY = 1200  # when every way in more dimensions is cold
RECIPE: dict[str, Any] = {name: value for name, value in MAP.items() if name not in ("replicas", "steps", "dim")}
# Flows alike, and of how many steps they take the first are the annealing
SHORT: dict[str, Any] = {"dim": 8, "steps": STEPS, "replicas": REPLICAS}
WIDE: dict[str, Any] = {"dim": 32, "steps": LONG, "replicas": 32, "mode_direction": "random"}
LARGE: dict[str, Any] = WIDE | {"dim": 128, "replicas": 16, "mode_direction": "diagonal"}
# The flows of the report's headline, which annealing saves
LONGEST: dict[str, Any] = {name: value for name, value in HEADLINE.items() if not name.startswith(("seed", "record"))}
LONGEST |= {"couplings": 6, "hidden": (64, 64), "batch_size": 256, "steps": HEADLINE_STEPS["annealed"]}
LONGEST_COLD_BY = 9600
SETTINGS = {
    "8": (SHORT, COLD_BY),
    "32": (WIDE, WIDE_COLD_BY),
    "128": (LARGE, WIDE_COLD_BY),
    "longest": (LONGEST, LONGEST_COLD_BY),
}
PILOT = {"steps": 400, "replicas": 8, "record_every": 5}  # of flows at T = 1, which give the clock

TEMPERATURES = ("1.25", "1.5", "1.75", "2", "2.5", "3", "4", "6", "10")
SEPARATIONS = {"3": TEMPERATURES, "2": ("1.25", "1.5", "2", "3"), "4": ("2", "3", "4", "6")}
TARGET = BimodalTarget(3, "0.8")
DESIGNED = "designed for a mixture: "
BY_PILOTS = ("AdaAnn", "constant ESS")  # rules whose settings are found by training
Ways = dict[str, Callable[[], Rule]]


@dataclass(frozen=True)
class Cell:
    """Flows trained alike.

    Attributes:
        table: The table it belongs to.
        name: What is said of its schedule there.
        rule: Makes the schedule or the rule.
        separation: R of the target.
        options: Keywords of `train_realnvp`.
    """

    table: str
    name: str
    rule: Callable[[], Rule]
    separation: str
    options: Mapping[str, Any]

    @property
    def key(self) -> tuple[str, str, str, int]:
        """By what a stored cell is known."""
        return self.table, self.name, self.separation, int(self.options["dim"])


def quenched(*stretches: tuple[int, str]) -> Schedule:
    """Stretches of steps at one temperature each, joined in one step, then down to T = 1 in 50."""
    times, temperatures, now = [0], [stretches[0][1]], 0
    for steps, temperature in stretches:
        if now:
            times.append(now + 1)
            temperatures.append(temperature)
        now += steps
        times.append(now)
        temperatures.append(temperature)
    return Piecewise((*times, now + QUENCH), (*temperatures, "1"))


def linear(temperature: str, steps: int, prelude: tuple[int, str] | None = None) -> Schedule:
    """T linear in the steps from a temperature to 1, after some steps at another one."""
    if prelude is None:
        return Piecewise((0, steps), (temperature, "1"))
    begin, before = prelude
    return Piecewise((0, begin, begin + 1, begin + steps), (before, before, temperature, "1"))


def cells() -> Iterator[Cell]:
    """All cells; the place of one is its seed, so that new ones come last."""
    yield from of_table("ways", ways(), SHORT)
    yield from holds("3", SHORT)
    yield from of_table("preludes", preludes(), SHORT | {"steps": LONG})
    for separation in ("2", "4"):
        yield from holds(separation, SHORT | {"replicas": 32})
    yield from of_table("dimensions", many_dimensions(), WIDE)
    yield from of_table("ways", more_ways("8", (1.25, 1.5, 1.75, 2.5), 3, ("monotone",)), SHORT)
    yield from of_table("dimensions", more_ways("32", (2, 5, 15), 10, ("monotone", "free")), WIDE)
    yield from of_table("dimensions", more_ways("32", (), 4, ()), WIDE)
    yield from of_table("dimensions", most_dimensions(), LARGE)
    yield from of_table("longest", longest(), LONGEST)
    yield from of_table("dimensions", more_ways("128", (2,), 10, ("monotone", "free")), LARGE)


def of_table(table: str, rules: Ways, options: Mapping[str, Any]) -> Iterator[Cell]:
    """The cells of a table on the target of R = 3."""
    for name, rule in rules.items():
        yield Cell(table, name, rule, "3", options)


def holds(separation: str, options: Mapping[str, Any]) -> Iterator[Cell]:
    """One temperature, then T = 1."""
    for temperature in SEPARATIONS[separation]:
        yield Cell("holds", temperature, partial(quenched, (HOLD, temperature)), separation, options)


def preludes() -> Ways:
    """The same end of a schedule after different beginnings."""
    before = {"nothing": None, "T = 1": (400, "1"), "T = 2": (400, "2"), "T = 8": (400, "8")}
    found: Ways = {}
    for name, prelude in before.items():
        stretches = [prelude] if prelude else []
        found[f"{name}, then T = 2"] = partial(quenched, *stretches, (300, "2"))
        found[f"{name}, then 4 to 1"] = partial(linear, "4", 600, prelude)
    for temperature in ("2", "4", "8"):
        found[f"T = 1, then {temperature}, then 2"] = partial(quenched, (400, "1"), (200, temperature), (450, "2"))
    return found


def ways() -> Ways:
    """Usual ways and designed ones: all cold after the same steps."""
    found: Ways = {"no annealing": partial(Constant, 1), "linear beta from 10": partial(LinearBeta, 10, COLD_BY)}
    found |= adaptive("8", 10)
    found |= exponentials("8", (2, 3, 5, 10, 30))
    found["T linear from 4"] = partial(linear, "4", COLD_BY)
    found |= {DESIGNED + family: partial(designed, family, "8") for family in ("exponential", "hold")}
    found |= {DESIGNED + family: partial(designed, family, "8") for family in ("cold-then-pulse", "free")}
    return found | {"T = 2, then 1": partial(quenched, (HOLD, "2"))}


def many_dimensions() -> Ways:
    """In 32 dimensions, mu* in a random direction: cold after 1200 of 2000 steps."""
    found: Ways = {"no annealing": partial(Constant, 1), "T linear from 4": partial(linear, "4", WIDE_COLD_BY)}
    found |= exponentials("32", (3, 10))
    return found | held("32", ("1.5", "2", "3", "6"))


def most_dimensions() -> Ways:
    """In 128 dimensions, mu* along the diagonal, which is the easiest: cold after 1200 of 2000 steps."""
    found: Ways = {"no annealing": partial(Constant, 1)}
    return found | exponentials("128", (5, 10)) | held("128", ("3",))


def longest() -> Ways:
    """In 128 dimensions along the diagonal, flows that annealing saves: cold after 9600 of 16,000 steps."""
    found: Ways = {"no annealing": partial(Constant, 1)}
    return found | more_ways("longest", (3, 10), 10, ("monotone", "free"))


def more_ways(size: str, temperatures: tuple[float, ...], start: int, families: tuple[str, ...]) -> Ways:
    """Exponentials, linear beta and the adaptive rules from another temperature, and designs."""
    found: Ways = {f"linear beta from {start}": partial(LinearBeta, start, SETTINGS[size][1])}
    found |= adaptive(size, start) | exponentials(size, temperatures)
    return found | {DESIGNED + family: partial(designed, family, size) for family in families}


def exponentials(size: str, temperatures: tuple[float, ...]) -> Ways:
    """The paper's schedules."""
    cold = SETTINGS[size][1]
    return {
        f"the paper's exponential from {temperature:g}": partial(_exponential, temperature, cold)
        for temperature in temperatures
    }


def _exponential(temperature: float, cold: int) -> Schedule:
    return ExponentialToOne(f"{temperature:g}", duration=cold)


def held(size: str, temperatures: tuple[str, ...]) -> Ways:
    """One temperature, then T = 1."""
    hold = SETTINGS[size][1] - QUENCH
    return {f"T = {temperature}, then 1": partial(quenched, (hold, temperature)) for temperature in temperatures}


def adaptive(size: str, temperature: int) -> Ways:
    """The adaptive rules."""
    return {f"{name} from {temperature}": partial(_adaptive, name, size, temperature) for name in BY_PILOTS}


def _adaptive(name: str, size: str, temperature: int) -> Rule:
    return _usual(size, temperature)[name]


@cache
def _usual(size: str, temperature: int) -> dict[str, Rule]:
    """The usual ways, whose adaptive rules pilot runs have made as long as the others."""
    options, cold = SETTINGS[size]
    steps = options["steps"]
    return realnvp_baselines(
        TARGET, BaselineRules(temperature, steps, cold / steps), **(_recipe(options) | {"seed": 0})
    )


def _recipe(options: Mapping[str, Any]) -> dict[str, Any]:
    """How the flows are made and trained, without how many, how long and how often they are looked at."""
    own = RECIPE | dict(options)
    return {name: value for name, value in own.items() if name not in ("record_every", "replicas", "steps")}


@cache
def clock(size: str) -> float:
    """Gradient-flow time of a step at T = 1: as `realnvp_study` measured it, or by flows without annealing."""
    if SETTINGS[size][0]["dim"] == MAP["dim"]:
        import json

        return float(json.loads(MAP_STORE.read_text("utf-8"))["map"]["clock"])
    from anneal_theory.training.realnvp_training import train_realnvp

    options = _recipe(SETTINGS[size][0]) | PILOT | {"seed": 0, "most_undecided": 1, "evaluation_samples": 2}
    return time_per_step(train_realnvp(TARGET, Constant(1), **options).history, TARGET)


@cache
def designed(family: Any, size: str) -> Schedule:
    """What is best for a mixture, in the clock of the flows."""
    (flows, cold), rate = SETTINGS[size], clock(size)
    chosen = design_schedule(TARGET, GaussianInit(flows["dim"]), budget=cold * rate, family=family).schedule
    return chosen.rescaled(1 / exact(rate), digits=10)
