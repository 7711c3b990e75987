"""Which temperatures are best on the sphere, by brute force over five stretches: computed once, stored.

    python -m docs.studies.sphere_schedules       (in a source checkout; some minutes on one core)

R = 3, w* = 0.8, d = 128, trained variances, the free energy. All choices of three levels on five stretches of equal
length come first; a search in the logarithms of the temperatures goes on from the best few. Then one from the best
again, with a first stretch of 1 before five others: a short cold wait, if that is of use. Last what the family "free"
of `design_schedule` finds. Cells that are stored are not computed again.
"""

import itertools
import json
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from scipy.optimize import minimize

from anneal_theory._types import FloatArray
from anneal_theory.design import design_schedule
from anneal_theory.probability import collapse_probability
from anneal_theory.problem import BimodalTarget, SphereInit
from anneal_theory.schedules import Hold, Piecewise, Schedule
from anneal_theory.sweeps.rows import fill_rows
from docs.studies.cells import in_words, row_file

STORE = Path(__file__).with_name("sphere_schedules.json")
TARGET, INIT = BimodalTarget(3, "0.8"), SphereInit(128)
BUDGETS = "20", "35"
LEVELS, STRETCHES, HIGHEST = (1.0, 8.0, 30.0), 5, 100.0
_FIRST = 1.0  # length of the stretch that comes before the others
_RAMP, _BEST, _PLACES = 0.02, 2, 110
_RULES = {"objective": "free-energy", "constraint": "sphere", "variance": "trained"}


def schedule(edges: Sequence[float], temperatures: Sequence[float]) -> Schedule:
    """A temperature for each stretch, then T = 1."""
    ramp = _RAMP * min(np.diff(edges))
    inner = [time for edge in edges[1:-1] for time in (edge, edge + ramp)]
    times = [f"{time:.9g}" for time in (0.0, *inner, edges[-1] - ramp, edges[-1])]
    return Piecewise(times, [*np.repeat([f"{one:.9g}" for one in temperatures], 2).tolist(), "1"])


def log_chance(asked: Schedule, relative_error: float = 1e-2) -> float:
    """Log P."""
    found = collapse_probability(TARGET, asked, INIT, relative_error=relative_error, **_RULES)
    return float(found.log_value)


def searched(edges: Sequence[float], first: Sequence[float]) -> tuple[float, list[float]]:
    """(log P, temperatures) by a simplex in log T."""

    def levels(logs: FloatArray) -> list[float]:
        return np.exp(np.clip(logs, 0.0, math.log(HIGHEST))).tolist()

    begin = np.clip(np.log(first), 0.05, math.log(HIGHEST) - 0.3)
    corners = np.vstack([begin, begin + 0.3 * np.eye(begin.size)])
    options = {"xatol": 1e-2, "fatol": 1e-4, "maxfev": _PLACES, "initial_simplex": corners}
    found = minimize(
        lambda logs: log_chance(schedule(edges, levels(logs))), begin, method="Nelder-Mead", options=options
    )
    return float(found.fun), levels(found.x)


def computed(budget: str) -> dict[str, Any]:
    """The best choice of levels, the best temperatures, those after a first short stretch, and the best hold."""
    edges = np.linspace(0.0, float(budget), STRETCHES + 1).tolist()
    choices = itertools.product(LEVELS, repeat=STRETCHES)
    grid = sorted((log_chance(schedule(edges, choice)), choice) for choice in choices)
    ends = [searched(edges, choice) for _, choice in grid[:_BEST]]
    log, levels = min(ends)
    waited = [0.0, *np.linspace(_FIRST, float(budget), STRETCHES + 1).tolist()]
    log_waited, later = min(searched(waited, [first, *levels]) for first in (1.2, levels[0]))
    falling = min(one for one in grid if list(one[1]) == sorted(one[1], reverse=True))
    hold = min((log_chance(Hold(f"{T:.6g}", budget)), T) for T in np.geomspace(5, HIGHEST, 25).tolist())
    told = {"budget": budget, "choice": list(grid[0][1]), "log_chance_of_choice": grid[0][0]}
    told |= {"falling": list(falling[1]), "log_chance_of_falling": falling[0]}
    told |= {"temperatures": levels, "log_chance": log, "found": [one for one, _ in ends]}
    return told | {"waited": later, "log_chance_waited": log_waited, "hold": list(hold)}


def designed(budget: str) -> dict[str, Any]:
    """The design of the family "free": where its temperatures change, these, and its P."""
    found = design_schedule(TARGET, INIT, budget=float(budget), family="free", **_RULES)
    levels = [float(one) for one in found.schedule.to_dict()["temperatures"]]
    held = [one for one, other in itertools.pairwise(levels) if one == other]
    return {"budget": budget, "schedule": repr(found.schedule), "temperatures": held, "chance": found.probability.value}


def rows(part: str = "cells") -> list[dict[str, Any]]:
    """What is stored of a part: "cells", or the designs of the family "free"."""
    return list(json.loads(STORE.read_text("utf-8"))[part]) if STORE.exists() else []


def sphere_schedules() -> str:
    """The best schedules of each budget, with their P."""
    head = ["time", "stretches", "temperatures, one after the other", "P"]
    lines = [head, ["---"] * len(head)]
    for row in rows():
        log_hold, hottest = row["hold"]
        first = f"1, then {STRETCHES} equal ones"
        for name, levels, log in (
            (f"{STRETCHES} equal ones", row["temperatures"], row["log_chance"]),
            (first, row["waited"], row["log_chance_waited"]), ("a hold", [hottest], log_hold),
        ):  # fmt: skip
            told = ", ".join(f"{one:.3g}" for one in levels)
            lines.append([row["budget"], name, told, f"{math.exp(log):.3g}"])
        (free,) = [one for one in rows("free") if one["budget"] == row["budget"]]
        told = ", ".join(f"{one:.3g}" for one in free["temperatures"])
        lines.append([row["budget"], '`family="free"`', told, f"{free['chance']:.3g}"])
    chosen = (f"{', '.join(f'{one:g}' for one in row['choice'])} in a time of {row['budget']}" for row in rows())
    table = "\n".join("| " + " | ".join(line) + " |" for line in lines)
    levels = ", ".join(f"{one:g}" for one in LEVELS)
    return f"{table}\n\nOf all choices of {levels} on five equal stretches the best are {', and '.join(chosen)}."


def main() -> None:
    """Compute what is not stored."""
    kept = row_file(STORE, ("budget",))
    fill_rows({(budget,): budget for budget in BUDGETS}, computed, kept, what="schedules on the sphere", keeper="file")
    kept = row_file(STORE, ("budget",), "free")
    fill_rows({(budget,): budget for budget in BUDGETS}, designed, kept, what="free designs", keeper="file")
    print(sphere_schedules())


if __name__ == "__main__":
    in_words(main)
