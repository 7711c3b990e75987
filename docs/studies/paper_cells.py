"""The paper's own mixture runs beside the exact theory of its setting: computed once, by this command, and stored.

    python -m docs.studies.paper_cells       (in a source checkout; minutes)

`paper_runs.json` holds counts read off the data files of the authors' code (its "source" says which). A run of n0 steps
of 0.05 T takes the gradient-flow time t0 = 0.05 n0 until T = 1.
"""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from rich.progress import track

from anneal_theory._types import VarianceRule
from anneal_theory.probability import collapse_probability
from anneal_theory.problem import BimodalTarget, SphereInit
from anneal_theory.schedules import ExponentialToOne
from anneal_theory.storage import atomic_write

RUNS = Path(__file__).with_name("paper_runs.json")
STORE = Path(__file__).with_name("paper_cells.json")
TARGET, DIM, STEP = BimodalTarget(3, "0.8"), 512, 0.05
RULES: tuple[VarianceRule, ...] = ("trained", "follows-temperature")


def counted() -> list[dict[str, Any]]:
    """The authors' cells: initial_temperature, annealing_steps, collapsed, runs."""
    cells: list[dict[str, Any]] = json.loads(RUNS.read_text("utf-8"))["mixture"]["cells"]
    return cells


def schedule_of(cell: dict[str, Any]) -> ExponentialToOne:
    """The schedule of a cell."""
    return ExponentialToOne(cell["initial_temperature"], duration=f"{STEP * cell['annealing_steps']:g}")


def chance(cell: dict[str, Any], rule: VarianceRule, relative_error: float = 1e-4) -> float:
    """The exact probability of a cell."""
    return float(
        collapse_probability(
            TARGET, schedule_of(cell), SphereInit(DIM), objective="free-energy", constraint="sphere", variance=rule,
            relative_error=relative_error,
        ).value
    )  # fmt: skip


def chi_square(cells: Iterable[dict[str, Any]], rule: str) -> float:
    """Of the counts, for probabilities that are right."""
    terms = [
        (one["collapsed"] - one["runs"] * one[rule]) ** 2 / (one["runs"] * one[rule] * (1 - one[rule])) for one in cells
    ]
    return sum(terms)


def stored() -> list[dict[str, Any]]:
    """The cells with the probability of each rule of the variance."""
    cells: list[dict[str, Any]] = json.loads(STORE.read_text("utf-8"))["cells"]
    return cells


def paper_cells() -> str:
    """Counts of the authors and the exact theory, one row for an initial temperature."""
    cells = stored()
    steps = sorted({one["annealing_steps"] for one in cells})
    head = ["T0", *(f"{n} steps" for n in steps)]
    rows = []
    for heat in sorted({one["initial_temperature"] for one in cells}, reverse=True):
        by_steps = {one["annealing_steps"]: one for one in cells if one["initial_temperature"] == heat}
        rows.append([f"{heat:g}", *(_cell(by_steps[n]) for n in steps)])
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines) + f"\n\n{_verdict(cells)}"


def _cell(one: dict[str, Any]) -> str:
    return f"{one['collapsed']} of {one['runs']}: {one['trained']:.3f} ({one['follows-temperature']:.3f})"


def _verdict(cells: list[dict[str, Any]]) -> str:
    trained, slaved = (chi_square(cells, rule) for rule in RULES)
    return f"chi-square of the {len(cells)} cells: {trained:.1f} (variance slaved to the temperature: {slaved:.1f})."


def main() -> None:
    """Compute and write."""
    cells = [cell | {rule: round(chance(cell, rule), 6) for rule in RULES} for cell in track(counted())]
    atomic_write(STORE, (json.dumps({"cells": cells}, indent=1) + "\n").encode())
    print(_verdict(cells))


if __name__ == "__main__":
    main()
