"""The paper's own mixture runs beside the theories of its setting: computed once, by this command, and stored.

    python -m docs.studies.paper_cells       (in a source checkout; minutes)

`paper_runs.json` holds counts read off the data files of the authors' code (its "source" says which). A run of n0 steps
of 0.05 T takes the gradient-flow time t0 = 0.05 n0 until T = 1. What is stored goes with the package, whose reports
show it (`anneal_theory.report.paper_cells`). What is stored is not computed again.
"""

import json
from pathlib import Path
from typing import Any

import numpy as np

from anneal_theory.numerics.pools import cores
from anneal_theory.probability import collapse_probability
from anneal_theory.problem import BimodalTarget, SphereInit
from anneal_theory.report.paper_cells import (
    DIM,
    ROUTES,
    SEPARATION,
    STEP,
    STORE,
    WEIGHT,
    chi_squares,
    interval_of,
    stored,
)
from anneal_theory.schedules import ExponentialToOne
from anneal_theory.sweeps.rows import fill_rows
from docs.studies.cells import in_words, row_file

RUNS = Path(__file__).with_name("paper_runs.json")
TARGET = BimodalTarget(SEPARATION, WEIGHT)
_CURVE = np.linspace(2.5, 37.5, 15)  # durations of the curves of the figures


def counted() -> list[dict[str, Any]]:
    """The authors' cells: initial_temperature, annealing_steps, collapsed, runs."""
    cells: list[dict[str, Any]] = json.loads(RUNS.read_text("utf-8"))["mixture"]["cells"]
    return cells


def schedule_of(cell: dict[str, Any]) -> ExponentialToOne:
    """The schedule of a cell."""
    return ExponentialToOne(cell["initial_temperature"], duration=f"{STEP * cell['annealing_steps']:g}")


def chances(schedule: ExponentialToOne) -> dict[str, float]:
    """The probability by every route."""
    return {
        name: round(float(collapse_probability(TARGET, schedule, SphereInit(DIM), constraint="sphere", **how).value), 6)
        for name, how in ROUTES.items()
    }


def with_chances(row: dict[str, Any]) -> dict[str, Any]:
    """A cell, or a point of a curve, with its probabilities."""
    if "duration" in row:
        return row | chances(ExponentialToOne(row["initial_temperature"], duration=row["duration"]))
    return row | chances(schedule_of(row))


def paper_cells() -> str:
    """Counts of the authors and the exact theory, one row for an initial temperature."""
    cells = stored()["cells"]
    steps = sorted({one["annealing_steps"] for one in cells})
    head = ["T0", *(f"t0 = {STEP * n:g}" for n in steps)]
    rows = []
    for temperature in sorted({one["initial_temperature"] for one in cells}, reverse=True):
        by_steps = {one["annealing_steps"]: one for one in cells if one["initial_temperature"] == temperature}
        rows.append([f"{temperature:g}", *(f"{_count(by_steps[n])}: {by_steps[n]['trained']:.3f}" for n in steps)])
    return f"{_table(head, rows)}\n\n{_verdict(cells)}"


def paper_cells_in_full() -> str:
    """Every cell with its interval and the probability of every route."""
    head = ["T0", "steps", "t0", "collapsed", "95 % interval", *ROUTES]
    cells, rows = stored()["cells"], []
    for one in cells:
        low, high = interval_of(one)
        where = f"{one['initial_temperature']:g}", str(one["annealing_steps"]), f"{STEP * one['annealing_steps']:g}"
        rows.append([*where, _count(one), f"{low:.3f} to {high:.3f}", *(f"{one[name]:.3f}" for name in ROUTES)])
    within = {name: sum(interval_of(one)[0] <= one[name] <= interval_of(one)[1] for one in cells) for name in ROUTES}
    rows.append(["", "", "", "chi-square", "", *(f"{value:.1f}" for value in chi_squares(cells).values())])
    rows.append(["", "", "", "inside the interval", "", *(f"{count} of {len(cells)}" for count in within.values())])
    return _table(head, rows)


def _count(one: dict[str, Any]) -> str:
    return f"{one['collapsed']} of {one['runs']}"


def _table(head: list[str], rows: list[list[str]]) -> str:
    return "\n".join("| " + " | ".join(line) + " |" for line in [head, ["---"] * len(head), *rows])


def _verdict(cells: list[dict[str, Any]]) -> str:
    found = chi_squares(cells)
    told = ", ".join(f"{name} {value:.1f}" for name, value in found.items())
    return f"chi-square of the {len(cells)} cells: {told}."


def main() -> None:
    """Compute what is not stored, and write."""
    temperatures = sorted({cell["initial_temperature"] for cell in counted()}, reverse=True)
    points = [
        {"initial_temperature": temperature, "duration": float(time)} for temperature in temperatures for time in _CURVE
    ]
    for part, time, rows in (("cells", "annealing_steps", counted()), ("curves", "duration", points)):
        names = "initial_temperature", time
        cells = {tuple(row[name] for name in names): row for row in rows}
        fill_rows(cells, with_chances, row_file(STORE, names, part), what=part, keeper="file", workers=cores())
    print(_verdict(stored()["cells"]))


if __name__ == "__main__":
    in_words(main)
