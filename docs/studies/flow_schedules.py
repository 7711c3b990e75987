"""Which schedules save a flow's modes: RealNVP flows under many of them, trained once and stored.

    python -m docs.studies.flow_schedules       (in a source checkout; about an hour on one core)

Four tables. "holds": one temperature for 450 steps, then T = 1. "preludes": what a flow keeps of an earlier
temperature. "ways": the usual ways to anneal, all cold after 500 steps. "targets": zuko's flows on targets that the
theory does not cover. Cells that are stored are not trained again. Intervals are Clopper and Pearson's of 95 %.
"""

import argparse
import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from anneal_theory.compare import interval
from anneal_theory.design import design_schedule
from anneal_theory.exact import exact
from anneal_theory.problem import BimodalTarget, GaussianInit
from anneal_theory.schedules import Constant, ExponentialToOne, LinearBeta, Piecewise, Schedule
from anneal_theory.sweeps.rows import fill_rows
from anneal_theory.training.baselines import BaselineRules, Rule, flow_baselines
from docs.studies.cells import in_words, row_file
from docs.studies.flow_targets import NAMES, SCHEDULES, outcome
from docs.studies.realnvp_study import MAP

STORE = Path(__file__).with_name("flow_schedules.json")
CONFIDENCE = 0.95
STEPS, COLD_BY = 1500, 500  # of every way, and when it is cold
QUENCH = 50  # steps from the last temperature to 1
HOLD = COLD_BY - QUENCH
REPLICAS = 64
RECIPE: dict[str, Any] = {name: value for name, value in MAP.items() if name not in ("replicas", "steps", "dim")}
KEY = "table", "name", "separation", "dim"  # what of a row tells its cell
RECORDED = 50  # steps between two records
LONG = 2000  # steps of the preludes, and of 32 dimensions
# Gradient-flow time of a step at T = 1, as the map of `realnvp_study` measured it
CLOCK = float(json.loads((STORE.parent / "realnvp.json").read_text("utf-8"))["map"]["clock"])

TEMPERATURES = ("1.25", "1.5", "1.75", "2", "2.5", "3", "4", "6", "10")
SEPARATIONS = {"3": TEMPERATURES, "2": ("1.25", "1.5", "2", "3"), "4": ("2", "3", "4", "6")}


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
    options: dict[str, Any]

    @property
    def key(self) -> tuple[str, str, str, int]:
        """By what a stored cell is known."""
        return self.table, self.name, self.separation, int(self.options["dim"])


def quenched(*stretches: tuple[int, str]) -> Schedule:
    """Stretches of steps at one temperature each, joined in one step, then down to T = 1 in 50."""
    times, temperatures, now = [0], [stretches[0][1]], 0
    for steps, heat in stretches:
        if now:
            times.append(now + 1)
            temperatures.append(heat)
        now += steps
        times.append(now)
        temperatures.append(heat)
    return Piecewise((*times, now + QUENCH), (*temperatures, "1"))


def linear(heat: str, steps: int, prelude: tuple[int, str] | None = None) -> Schedule:
    """T linear in the steps from a temperature to 1, after some steps at another one."""
    if prelude is None:
        return Piecewise((0, steps), (heat, "1"))
    begin, before = prelude
    return Piecewise((0, begin, begin + 1, begin + steps), (before, before, heat, "1"))


def cells() -> Iterator[Cell]:
    """All cells of flows on the bimodal target."""
    short = {"dim": 8, "steps": STEPS, "replicas": REPLICAS}
    for name, rule in ways().items():
        yield Cell("ways", name, rule, "3", short)
    yield from holds("3", short)
    for name, schedule in preludes().items():
        yield Cell("preludes", name, lambda made=schedule: made, "3", short | {"steps": LONG})  # type: ignore[misc]
    for separation in ("2", "4"):
        yield from holds(separation, short | {"replicas": 32})
    wide = {"dim": 32, "steps": LONG, "replicas": 32, "mode_direction": "random"}
    for name, schedule in many_dimensions().items():
        yield Cell("dimensions", name, lambda made=schedule: made, "3", wide)  # type: ignore[misc]


def holds(separation: str, options: dict[str, Any]) -> Iterator[Cell]:
    """One temperature, then T = 1."""
    for heat in SEPARATIONS[separation]:
        yield Cell("holds", heat, lambda heat=heat: quenched((HOLD, heat)), separation, options)  # type: ignore[misc]


def preludes() -> dict[str, Schedule]:
    """The same end of a schedule after different beginnings."""
    before = {"nothing": None, "T = 1": (400, "1"), "T = 2": (400, "2"), "T = 8": (400, "8")}
    found = {}
    for name, prelude in before.items():
        stretches = [prelude] if prelude else []
        found[f"{name}, then T = 2"] = quenched(*stretches, (300, "2"))
        found[f"{name}, then 4 to 1"] = linear("4", 600, prelude)
    for heat in ("2", "4", "8"):
        found[f"T = 1, then {heat}, then 2"] = quenched((400, "1"), (200, heat), (450, "2"))
    return found


def ways() -> dict[str, Callable[[], Rule]]:
    """Usual ways and designed ones: all cold after the same steps."""
    target, init, budget = BimodalTarget(3, "0.8"), GaussianInit(8), COLD_BY * CLOCK

    @cache
    def usual() -> dict[str, Rule]:
        rules = BaselineRules(10, STEPS, COLD_BY / STEPS)
        return flow_baselines(target, rules, dim=8, seed=0, **{k: v for k, v in RECIPE.items() if k != "record_every"})

    def designed(family: Any) -> Rule:
        chosen = design_schedule(target, init, budget=budget, family=family).schedule
        return chosen.rescaled(1 / exact(CLOCK), digits=10)

    found: dict[str, Callable[[], Rule]] = {"no annealing": lambda: Constant(1)}
    found["linear beta from 10"] = lambda: LinearBeta(10, COLD_BY)
    found |= {name: lambda name=name: usual()[name] for name in ("AdaAnn", "constant ESS")}  # type: ignore[misc]
    for heat in (2, 3, 5, 10, 30):
        found[f"the paper's exponential from {heat}"] = lambda heat=heat: ExponentialToOne(heat, duration=COLD_BY)  # type: ignore[misc]
    found["T linear from 4"] = lambda: linear("4", COLD_BY)
    for family in ("exponential", "hold", "cold-then-pulse", "free"):
        found[f"designed for a mixture: {family}"] = lambda family=family: designed(family)  # type: ignore[misc]
    found["T = 2, then 1"] = lambda: quenched((HOLD, "2"))
    return found


def many_dimensions() -> dict[str, Schedule]:
    """In 32 dimensions, mu* in a random direction: cold after 1200 of 2000 steps."""
    found: dict[str, Schedule] = {"no annealing": Constant(1), "T linear from 4": linear("4", 1200)}
    found |= {f"the paper's exponential from {heat}": ExponentialToOne(heat, duration=1200) for heat in (3, 10)}
    return found | {f"T = {heat}, then 1": quenched((1150, heat)) for heat in ("1.5", "2", "3", "6")}


def trained(seed: int) -> dict[str, Any]:
    """What is stored of a cell, whose place among all is its seed."""
    from anneal_theory.training.realnvp_training import train_realnvp

    started = time.process_time()
    cell = list(cells())[seed]
    rule = cell.rule()
    options = RECIPE | cell.options | {"record_every": RECORDED}
    found = train_realnvp(BimodalTarget(cell.separation, "0.8"), rule, seed=seed, most_undecided=1, **options)
    told = dict(zip(KEY, cell.key, strict=True))
    counts = {"collapsed": found.count, "decided": found.decided, "undecided": found.replicas - found.decided}
    kept = np.asarray(found.mode_weight)[found.mode_weight <= 0.9]
    weight = round(float(np.median(kept)), 4) if len(kept) else None
    forward = round(float(np.median(found.statistics["ess"])), 4)
    at_quench = state_at(found.history, COLD_BY - QUENCH)
    rest = {"schedule": repr(rule), "kept_weight": weight, "ess": forward, "at_quench": at_quench}
    return told | counts | rest | {"seconds": round(time.process_time() - started, 1)}


def state_at(history: dict[str, Any], step: int) -> dict[str, float]:
    """Means over the flows of what was recorded nearest to a step."""
    row = int(np.argmin(np.abs(history["step"][:, 0] - step)))
    return {
        name: round(float(history[name][row].mean()), 4) for name in ("temperature", "mode_weight", "spread", "ess")
    }


def stored() -> dict[str, list[dict[str, Any]]]:
    """What is stored: "cells" of the bimodal target and "targets" of the others."""
    return dict(json.loads(STORE.read_text("utf-8"))) if STORE.exists() else {"cells": [], "targets": []}


def rows(table: str, **where: Any) -> list[dict[str, Any]]:
    """The stored cells of a table."""
    return [row for row in stored()["cells"] if row["table"] == table and where.items() <= row.items()]


def flow_holds() -> str:
    """Flows that collapsed after one temperature for 450 steps, for three separations."""
    head = ["T of the hold", *(f"R = {separation}" for separation in sorted(SEPARATIONS))]
    heats = sorted({heat for some in SEPARATIONS.values() for heat in some}, key=float)
    lines = []
    for heat in heats:
        found = [rows("holds", name=heat, separation=separation) for separation in sorted(SEPARATIONS)]
        lines.append([heat, *(_counted(some[0]) if some else "-" for some in found)])
    return _markdown(head, lines)


def flow_ways() -> str:
    """Ways to anneal flows at one number of steps."""
    return _listed(rows("ways"), "annealing")


def flow_preludes() -> str:
    """The ends of schedules after different beginnings."""
    return _listed(rows("preludes"), "schedule")


def flow_dimensions() -> str:
    """Ways to anneal flows in 32 dimensions."""
    return _listed(rows("dimensions"), "annealing")


def flow_targets() -> str:
    """Modes that zuko's flows lost on other targets."""
    found = stored()["targets"]
    names = list(dict.fromkeys(row["name"] for row in found))
    told = {(row["target"], row["name"]): f"{row['lost']} of {row['flows']}" for row in found}
    lines = [[name, *(told.get((target, name), "-") for target in NAMES)] for name in names]
    return _markdown(["annealing", *NAMES], lines)


def _counted(row: dict[str, Any]) -> str:
    low, high = interval(row["collapsed"], row["decided"], CONFIDENCE)
    open_ones = f", {row['undecided']} undecided" if row["undecided"] else ""
    return f"{row['collapsed']} of {row['decided']}{open_ones} ({low:.2f} to {high:.2f})"


def _listed(found: list[dict[str, Any]], what: str) -> str:
    lines = []
    for row in found:
        weight = "-" if row["kept_weight"] is None else f"{row['kept_weight']:.2f}"
        lines.append([row["name"], _counted(row), weight])
    return _markdown([what, "collapsed (95 % interval)", "heavy share of the others, median"], lines)


def _markdown(head: list[str], lines: list[list[str]]) -> str:
    return "\n".join("| " + " | ".join(line) + " |" for line in (head, ["---"] * len(head), *lines))


def main(arguments: list[str] | None = None) -> None:
    """Train what is not stored."""
    parser = argparse.ArgumentParser(prog="python -m docs.studies.flow_schedules", description=__doc__)
    parser.add_argument("--only", choices=("cells", "targets"), help="train these alone")
    parser.add_argument("--workers", type=int, help="processes that train side by side; else this one does")
    options = parser.parse_args(arguments)
    how = {"keeper": "file", "workers": options.workers}
    if options.only != "targets":
        places = {cell.key: seed for seed, cell in enumerate(cells())}
        fill_rows(places, trained, row_file(STORE, KEY), what="flows", **how)
    if options.only != "cells":
        pairs = {(target, name): (target, name) for target in NAMES for name in SCHEDULES}
        fill_rows(pairs, outcome, row_file(STORE, ("target", "name"), "targets"), what="other targets", **how)


if __name__ == "__main__":
    in_words(main)
