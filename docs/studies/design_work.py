"""What designs take: runs and steps, which depend on their arguments alone, and the seconds of one machine, stored.

    python -m docs.studies.design_work       (in a source checkout; some seconds)

R = 3, w* = 0.8, d = 128, the tempered target. Cells that are stored are not computed again.
"""

import json
from pathlib import Path
from typing import Any

from anneal_theory.design import Design, design_schedule
from anneal_theory.probability import collapse_probability
from anneal_theory.problem import BimodalTarget, GaussianInit
from anneal_theory.schedules import Hold
from anneal_theory.sweeps.rows import fill_rows
from docs.studies.cells import in_words, row_file

STORE = Path(__file__).with_name("design_work.json")
PROBLEM = BimodalTarget(3, "0.8"), GaussianInit(128)
CHANCES = ("0.1", "0.01", "0.001")


def design(chance: str) -> Design:
    """The cheapest pulse that keeps a chance, and the exponentials beside it."""
    return design_schedule(*PROBLEM, max_probability=float(chance), family="cold-then-pulse")


def computed(chance: str) -> dict[str, Any]:
    """A cell."""
    found = design(chance)
    done = found.work
    if done is None or done.seconds is None:
        raise AssertionError("a design counts its work")
    told = {"max_probability": chance, "cost": found.cost, "schedules": found.evaluations}
    return told | done.to_dict() | {"seconds": round(done.seconds, 1)}


def rows() -> list[dict[str, Any]]:
    """What is stored."""
    return list(json.loads(STORE.read_text("utf-8"))["cells"]) if STORE.exists() else []


def design_work() -> str:
    """Cost of the design, schedules looked at, runs, steps and seconds, one row a chance."""
    head = ["P at most", "cost", "schedules looked at", "thresholds", "runs", "steps", "seconds"]
    lines = [head, ["---"] * len(head)]
    for cell in rows():
        counts = [f"{cell[name]:,}" for name in ("schedules", "nodes", "runs", "steps")]
        lines.append([cell["max_probability"], f"{cell['cost']:.0f}", *counts, f"{cell['seconds']:.1f}"])
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def main() -> None:
    """Design what is not stored."""
    collapse_probability(PROBLEM[0], Hold(8, 20), PROBLEM[1])  # compiles
    kept = row_file(STORE, ("max_probability",))
    fill_rows({(chance,): chance for chance in CHANCES}, computed, kept, what="designs", keeper="file")
    print(design_work())


if __name__ == "__main__":
    in_words(main)
