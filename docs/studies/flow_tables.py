"""The pages' tables of `flow_schedules`. Intervals are Clopper and Pearson's of 95 %."""

import json
from collections.abc import Iterable
from typing import Any

import numpy as np
from scipy.stats import mannwhitneyu

from anneal_theory.compare import interval
from docs.studies.flow_cells import SEPARATIONS, SETTINGS
from docs.studies.flow_memory import HOLDS, MEASURED
from docs.studies.flow_schedules import stored
from docs.studies.flow_targets import DIM, DIMS, MILD, NAMES
from docs.studies.paper_realnvp import FULL_STEPS, FULL_STORE, RUNS
from docs.studies.paper_realnvp import stored as stored_runs

CONFIDENCE = 0.95
PAPER_DIM = 128


def rows(table: str, **where: Any) -> list[dict[str, Any]]:
    """The stored cells of a table."""
    return [row for row in stored()["cells"] if row["table"] == table and where.items() <= row.items()]


def flow_holds() -> str:
    """Flows that collapsed after one temperature for 450 steps, for three separations."""
    head = ["T of the hold", *(f"R = {separation}" for separation in sorted(SEPARATIONS))]
    temperatures = sorted({temperature for some in SEPARATIONS.values() for temperature in some}, key=float)
    lines = []
    for temperature in temperatures:
        found = [rows("holds", name=temperature, separation=separation) for separation in sorted(SEPARATIONS)]
        lines.append([temperature, *(counted(some[0]) if some else "-" for some in found)])
    return markdown(head, lines)


def flow_ways() -> str:
    """Ways to anneal flows at one number of steps."""
    return _listed(alike(rows("ways")), "annealing")


def flow_preludes() -> str:
    """The ends of schedules after different beginnings."""
    return _listed(rows("preludes"), "schedule")


def flow_dimensions() -> str:
    """Ways to anneal flows in 32 dimensions."""
    return _listed(alike(rows("dimensions", dim=32)), "annealing")


def flow_most_dimensions() -> str:
    """The same in 128 dimensions."""
    return _listed(alike(rows("dimensions", dim=128)), "annealing")


def flow_longest() -> str:
    """In 128 dimensions by flows that annealing saves."""
    return _listed(alike(rows("longest")), "annealing")


def flow_starts() -> str:
    """The paper's exponential from its coolest, its best and its hottest start, in 8, 32 and 128 dimensions."""
    lines = []
    for table, dim in (("ways", 8), ("dimensions", 32)):
        found = {_start(row["name"]): (row["collapsed"], row["decided"]) for row in rows(table, dim=dim)}
        lines.append([str(dim), "ours, small", str(SETTINGS[str(dim)][1]), *_ends(found)])
    theirs = json.loads(RUNS.read_text("utf-8"))["realnvp"]["cells"]
    ours = stored_runs(FULL_STORE)
    for steps in (400, 1200, 2000):
        lines.append([str(PAPER_DIM), "the authors'", str(steps), *_ends(_of_steps(theirs, "runs", steps))])
    for steps in FULL_STEPS:
        lines.append([str(PAPER_DIM), "ours at their size", str(steps), *_ends(_of_steps(ours, "decided", steps))])
    head = ["d", "flows", "annealing steps", "no annealing", "coolest start", "best start", "hottest start"]
    return markdown(head, lines)


def _start(name: str) -> float | None:
    """The temperature that an exponential starts from, 1 without annealing; None for other ways.

    >>> _start("the paper's exponential from 1.5"), _start("no annealing"), _start("AdaAnn from 3")
    (1.5, 1.0, None)
    """
    if name == "no annealing":
        return 1.0
    kind, _, temperature = name.partition(" from ")
    return float(temperature) if kind == "the paper's exponential" else None


def _of_steps(cells: list[dict[str, Any]], trials: str, steps: int) -> dict[float | None, tuple[int, int]]:
    """Collapsed flows and all of them by T0, those of several seeds together."""
    found: dict[float | None, tuple[int, int]] = {}
    for cell in cells:
        if cell["annealing_steps"] == steps:
            before = found.get(cell["initial_temperature"], (0, 0))
            found[cell["initial_temperature"]] = before[0] + cell["collapsed"], before[1] + cell[trials]
    return found


def _ends(found: dict[float | None, tuple[int, int]]) -> list[str]:
    """Counts without annealing, and from the coolest, the best and the hottest start."""
    temperatures = sorted(temperature for temperature in found if temperature is not None and temperature > 1)
    best = min(temperatures, key=lambda temperature: found[temperature][0] / found[temperature][1])
    shown = [
        f"T0 = {temperature:g}: {share(*found[temperature])}"
        for temperature in (temperatures[0], best, temperatures[-1])
    ]
    return [share(*found[1.0]), *shown]


def flow_targets() -> str:
    """Flows in 8 dimensions that lost a mode on other targets."""
    return _of_targets([row for row in stored()["targets"] if row["dim"] == DIM], (*NAMES, *MILD))


def flow_wide_targets() -> str:
    """The same in 32 and 128 dimensions."""
    found = [row | {"target": f"{row['target']}, d = {row['dim']}"} for row in stored()["targets"] if row["dim"] != DIM]
    return _of_targets(found, [f"{name}, d = {dim}" for dim in DIMS if dim != DIM for name in NAMES])


def flow_zuko() -> str:
    """The same of zuko's flows."""
    return _of_targets(stored()["zuko"], (*NAMES, MILD[1]))


def flow_memory() -> str:
    """What is measured at the end of a hold, of flows that collapse later and of those that do not."""
    held = [_of_hold(hold) for hold in HOLDS]
    head = [f"T = {hold}: {said}" for hold in HOLDS for said in ("saved", "collapsed", "share of pairs")]
    lines = [[name, *(cell for row in held for cell in _told_apart(row, name))] for name in MEASURED]
    return markdown(["at the end of the hold", *head], lines)


def flow_resets() -> str:
    """Flows that collapsed after parts of them were reset at the end of a hold."""
    found = stored()["memory"]
    lines = [[row["hold"], row["reset"], share(sum(row["collapsed"]), len(row["collapsed"]))] for row in found]
    return markdown(["T of the hold", "reset besides Adam's moments", "collapsed (95 % interval)"], lines)


def _of_hold(hold: str) -> dict[str, Any]:
    (row,) = [row for row in stored()["memory"] if (row["hold"], row["reset"]) == (hold, "nothing")]
    return row


def _told_apart(row: dict[str, Any], name: str) -> list[str]:
    """Medians of saved and of collapsed flows, and in which share of pairs of one each the saved flow has the more."""
    values, lost = np.array(row["measured"][name]), np.array(row["collapsed"])
    saved, rest = values[~lost], values[lost]
    test = mannwhitneyu(saved, rest)
    share = test.statistic / (len(saved) * len(rest))
    return [f"{np.median(saved):.3g}", f"{np.median(rest):.3g}", f"{share:.2f} (p = {test.pvalue:.2g})"]


def alike(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows so that names of one kind follow each other, in the order of their temperatures."""
    kinds = list(dict.fromkeys(_kind(row["name"])[0] for row in found))
    return sorted(found, key=lambda row: (kinds.index(_kind(row["name"])[0]), _kind(row["name"])[1]))


def _kind(name: str) -> tuple[str, float]:
    """What a way is, and the temperature that it starts from (0 where its name has none).

    >>> _kind("AdaAnn from 3"), _kind("T = 2, then 1"), _kind("designed for a mixture: free")
    (('AdaAnn', 3.0), ('T =', 2.0), ('designed', 0.0))
    """
    if name.startswith("designed"):
        return "designed", 0.0
    if name.startswith("T = "):
        return "T =", float(name.removeprefix("T = ").split(",")[0])
    kind, _, temperature = name.partition(" from ")
    return kind, float(temperature or 0)


def _of_targets(found: list[dict[str, Any]], targets: Iterable[str]) -> str:
    names = list(dict.fromkeys(row["name"] for row in alike(found)))
    told = {(row["target"], row["name"]): share(row["lost"], row["flows"]) for row in found}
    lines = [[name, *(told.get((target, name), "-") for target in targets)] for name in names]
    return markdown(["annealing", *targets], lines)


def share(count: int, trials: int) -> str:
    """A count and its interval."""
    low, high = interval(count, trials, CONFIDENCE)
    return f"{count} of {trials} ({low:.2f} to {high:.2f})"


def counted(row: dict[str, Any]) -> str:
    """Collapsed flows of a row and their interval, and how many are undecided."""
    open_ones = f", {row['undecided']} undecided" if row["undecided"] else ""
    count, rest = share(row["collapsed"], row["decided"]).split(" (")
    return f"{count}{open_ones} ({rest}"


def _listed(found: list[dict[str, Any]], what: str) -> str:
    lines = []
    for row in found:
        weight = "-" if row["kept_weight"] is None else f"{row['kept_weight']:.2f}"
        cold = "-" if "cold_after" not in row else "{1} ({0} to {2})".format(*row["cold_after"])
        lines.append([row["name"], counted(row), weight, cold])
    head = [
        what,
        "collapsed (95 % interval)",
        "heavy share of the others, median",
        "adaptive: cold after (least to most)",
    ]
    keep = 4 if any(line[-1] != "-" for line in lines) else 3
    return markdown(head[:keep], [line[:keep] for line in lines])


def markdown(head: list[str], lines: list[list[str]]) -> str:
    """A table."""
    return "\n".join("| " + " | ".join(line) + " |" for line in (head, ["---"] * len(head), *lines))
