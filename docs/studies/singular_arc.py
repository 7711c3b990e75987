"""The best temperatures by brute force, beside what optimal control says of them: computed once, stored.

    python -m docs.studies.singular_arc       (in a source checkout; a few minutes on one core)

R = 3, w* = 0.8, d = 128. A search over 40 stretches of the last 200 units of time (`arc_search`) is started from
several guesses; all choices of a few levels on a few stretches are its oracle. Along the critical run of what it finds
stands the temperature of the singular arc (`design.singular_temperature`'s formula). Cells that are stored are
not computed again.
"""

import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from scipy.optimize import brentq

from anneal_theory.design.singular_arc import arc_at
from anneal_theory.fixed_points import critical_temperature
from anneal_theory.gradient_flow import ReducedState, solve_flow
from anneal_theory.models.free_pair import free_pair
from anneal_theory.probability import collapse_probability
from anneal_theory.problem import BimodalTarget, Dynamics, GaussianInit
from anneal_theory.schedules import Piecewise
from anneal_theory.sweeps.rows import fill_rows
from docs.studies.arc_search import Pulse, Stretches, best_pulse, log_threshold, of_all
from docs.studies.cells import in_words, row_file

STORE = Path(__file__).with_name("singular_arc.json")
TARGET, INIT = BimodalTarget(3, "0.8"), GaussianInit(128)
BUDGETS, CHANCES = ("300", "600", "1000"), ("0.1", "0.01", "0.001")
HIGHEST, HIGHEST_FREE = 100.0, 30.0
STRETCHES, LAST = 40, 200.0
PULSE, RISING = Pulse(130.0, (15.0,)), Pulse(140.0, (2.0, 17.0, 17.0))
LEVELS, FEW, FEW_LAST = (1.0, 4.0, 8.0, 12.0, 16.0, 20.0, 100.0), 5, 150.0  # of the oracle
SWITCHES, SWITCHED = 10, (1.0, 100.0)  # stretches and levels of schedules that are as cold or as hot as allowed
SEPARATIONS = {"2.5": ("150", 80.0), "3.5": ("1500", 650.0)}  # budgets there, and how much of them is searched over
_ENDS = 3  # stretches at either end of the arc in which a stretch is too long for it

Cell = tuple[str, str]  # what, and its budget or chance


def stretches(
    budget: float, last: float = LAST, count: int = STRETCHES, objective: str = "tempered-target",
    target: BimodalTarget = TARGET,
) -> Stretches:  # fmt: skip
    """A wait, and so many stretches of the last units of time."""
    edges = np.linspace(budget - last, budget, count + 1).tolist()
    return Stretches(target, tuple([0.0, *edges] if last < budget else edges), Dynamics(objective=objective))


def tempered(budget: str) -> dict[str, Any]:
    """The best found under the tempered target, the pulses beside it, and the arc's temperature along its run."""
    time = float(budget)
    family = stretches(time)
    begins = np.array(family.edges[:-1])
    guesses = {
        "pulse": np.where(begins >= time - 130, 15.0, 1.0),
        "rising": np.where(begins >= time - 140, 3 + 17 * (begins - time + 140) / 140, 1.0),
        "falling": np.where(begins >= time - 140, 20 - 14 * (begins - time + 140) / 140, 1.0),
        "long and warm": np.where(begins >= time - 190, 8.0, 1.0),
    }
    found = {name: family.best(one.tolist(), HIGHEST) for name, one in guesses.items()}
    log_rho, levels = min(found.values())
    flat, pulse = best_pulse(TARGET, time, PULSE, HIGHEST)
    rising, risen = best_pulse(TARGET, time, RISING, HIGHEST)
    told = {"log_rho": log_rho, "found": {name: one[0] for name, one in found.items()}, "pulse": flat, "rising": rising}
    shapes = {"pulse_shape": [pulse.length, *pulse.temperatures], "rising_shape": [risen.length, *risen.temperatures]}
    schedule = family.schedule(levels)
    chances = {"chance": chance(schedule), "pulse_chance": chance(pulse.schedule(time))}
    later = {"pulse_needs": needed(pulse, time, log_rho), "rising_saves": needed(pulse, time, rising)}
    return told | shapes | chances | later | {"temperatures": levels, "along": along(family, levels, log_rho)}


def separation(given: str) -> dict[str, Any]:
    """The same of another separation, from one guess: log rho_c of the best, and of the pulses."""
    budget, last = SEPARATIONS[given]
    target, time = BimodalTarget(given, "0.8"), float(budget)
    hot, length = 2.8 * float(critical_temperature(target)), 0.65 * last
    flat, pulse = best_pulse(target, time, Pulse(length, (hot,)), HIGHEST)
    rising, _ = best_pulse(target, time, Pulse(length, (2.0, 1.1 * hot, 1.1 * hot)), HIGHEST)
    family = stretches(time, last, target=target)
    guess = [hot if begin >= time - pulse.length else 1.0 for begin in family.edges[:-1]]
    log_rho, levels = family.best(guess, HIGHEST)
    told = {"budget": budget, "log_rho": log_rho, "pulse": flat, "rising": rising, "temperatures": levels}
    return told | {"pulse_needs": needed(pulse, time, log_rho, target)}


def chance(schedule: Piecewise) -> float:
    """P at d = 128."""
    return collapse_probability(TARGET, schedule, INIT, relative_error=1e-3).value


def needed(pulse: Pulse, budget: float, log_rho: float, target: BimodalTarget = TARGET) -> float:
    """The budget at which a pulse has a given log rho_c."""

    def missing(time: float) -> float:
        model = free_pair.__wrapped__(target, pulse.schedule(time), Dynamics())
        return log_threshold(model, (0.0, math.log(2) / 2)) - log_rho

    return float(brentq(missing, budget - 1, budget + 100, xtol=1e-4))


def along(family: Stretches, levels: list[float], log_rho: float) -> list[list[float]]:
    """(time, T found, T of the arc, curvature) in the middle of each stretch, on the critical run."""
    middles = [(left + right) / 2 for left, right in zip(family.edges[:-1], family.edges[1:], strict=True)]
    start = ReducedState.from_rho(s=family.start[0], rho=math.exp(log_rho), distance=math.exp(family.start[1]),
                                  target=TARGET)  # fmt: skip
    options = {"objective": family.dynamics.objective}
    run = solve_flow(TARGET, family.schedule(levels), start, middles, **options)
    rows = []
    for k, time in enumerate(middles):
        state = (float(run[name][k]) for name in ("s", "log_rho", "distance"))
        temperature, curvature = arc_at(TARGET, *state, family.dynamics)
        rows.append([round(time, 4), levels[k], temperature, curvature])
    return rows


def free(budget: str) -> dict[str, Any]:
    """The best found under the free energy, and the hottest hold."""
    family = stretches(float(budget), float(budget), STRETCHES, "free-energy")
    guesses = {"hold": [12.0] * STRETCHES, "late": [2.0] * (STRETCHES - 15) + [20.0] * 15}
    found = {name: family.best(one, HIGHEST_FREE) for name, one in guesses.items()}
    log_rho, levels = min(found.values())
    hottest = family.threshold([HIGHEST_FREE] * STRETCHES)
    told = {"log_rho": log_rho, "found": {name: one[0] for name, one in found.items()}, "hottest": hottest}
    return told | {"temperatures": levels, "along": along(family, levels, log_rho)}


def oracle(budget: str) -> dict[str, Any]:
    """All choices of a few levels, and the search on the same stretches; and all that are as cold or hot as allowed."""
    few, many = (stretches(float(budget), FEW_LAST, count) for count in (FEW, SWITCHES))
    best, choice = of_all(LEVELS, FEW, lambda levels: few.threshold((1.0, *levels)))
    searched, levels = few.best([1.0, *choice], HIGHEST)
    from_pulse, _ = few.best([1.0, 1.0, *[15.0] * (FEW - 1)], HIGHEST)
    banging, switched = of_all(SWITCHED, SWITCHES, lambda levels: many.threshold((1.0, *levels)))
    told = {"log_rho": best, "choice": choice, "searched": searched, "from_pulse": from_pulse}
    return told | {"temperatures": levels, "bang_bang": banging, "switched": switched}


def cost(asked: str) -> dict[str, Any]:
    """What each shape costs for a probability: with the wait alone to choose."""
    log_asked = math.log(float(asked))
    row = stored("tempered", "600")
    length, *levels = row["pulse_shape"]
    longer, *rising = row["rising_shape"]
    shapes = {
        "pulse": Pulse(length, tuple(levels)).schedule,
        "rising": Pulse(longer, tuple(rising)).schedule,
        "stretches": lambda time: stretches(time).schedule(row["temperatures"]),
    }
    return {name: _cheapest(shape, log_asked) for name, shape in shapes.items()}


def _cheapest(schedule: Callable[[float], Piecewise], log_asked: float) -> float:
    return float(brentq(lambda time: math.log(chance(schedule(time))) - log_asked, 230, 1200, xtol=0.01))


KINDS: dict[str, Callable[[str], dict[str, Any]]] = {
    "tempered": tempered, "free": free, "oracle": oracle, "cost": cost, "separation": separation,
}  # fmt: skip
CELLS: list[Cell] = [
    *(("tempered", budget) for budget in BUDGETS), ("oracle", "600"), *(("cost", asked) for asked in CHANCES),
    *(("separation", given) for given in SEPARATIONS), ("free", "300"),
]  # fmt: skip


def computed(cell: Cell) -> dict[str, Any]:
    """A cell, with its name."""
    kind, given = cell
    return {"kind": kind, "of": given} | KINDS[kind](given)


def rows() -> list[dict[str, Any]]:
    """What is stored."""
    return list(json.loads(STORE.read_text("utf-8"))["cells"]) if STORE.exists() else []


def stored(kind: str, given: str) -> dict[str, Any]:
    """A cell that is stored."""
    return next(row for row in rows() if (row["kind"], row["of"]) == (kind, given))


def arc_of(row: dict[str, Any]) -> list[list[float]]:
    """The stretches on the arc, but for those at its ends: between the wait and the last heat."""
    inner = [one for one in row["along"] if 1 < one[1] < HIGHEST]
    return inner[_ENDS:-_ENDS]


def main() -> None:
    """Compute what is not stored."""
    kept = row_file(STORE, ("kind", "of"))
    fill_rows({cell: cell for cell in CELLS}, computed, kept, what="brute force", keeper="file")


if __name__ == "__main__":
    in_words(main)
