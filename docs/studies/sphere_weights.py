"""Unequal weights on the sphere under a hold and a late pulse, trained beside the exact P: computed once, stored.

    python -m docs.studies.sphere_weights       (in a source checkout; a minute on one core)

R = 3, w* = 0.8, w1 = 0.6, the free energy. Training is the reduced route, whose law is that of training in all
coordinates, with batches of 1000. Cells that are stored are not trained again. Intervals are Clopper and Pearson's
of 99.9 % around counts of training.
"""

import json
from pathlib import Path
from typing import Any

from anneal_theory._types import VarianceRule
from anneal_theory.compare import interval
from anneal_theory.probability import collapse_probability
from anneal_theory.problem import BimodalTarget, SphereInit
from anneal_theory.schedules import Hold, Piecewise, Schedule
from anneal_theory.sweeps.rows import fill_rows
from anneal_theory.training import train_mixture
from docs.studies.cells import in_words, row_file

STORE = Path(__file__).with_name("sphere_weights.json")
TARGET = BimodalTarget(3, "0.8")
SCHEDULES: dict[str, Schedule] = {
    "hold": Hold(20, 10),
    "cold, then a pulse": Piecewise([0, 1, "1.1", 11, "11.1"], [1, 1, 20, 20, 1]),
}
VARIANCES: tuple[VarianceRule, ...] = "follows-temperature", "trained", "fixed"
DIMS = (32, 64)
REPLICAS, BATCH, STEP, CONFIDENCE = 200, 1000, 0.05, 0.999

Place = tuple[VarianceRule, str, int]  # variance, schedule, d


def places() -> list[Place]:
    """All cells."""
    return [(variance, schedule, dim) for variance in VARIANCES for schedule in SCHEDULES for dim in DIMS]


def predicted(place: Place) -> tuple[float, float]:
    """The exact P of a cell and its error."""
    variance, schedule, dim = place
    found = collapse_probability(TARGET, SCHEDULES[schedule], SphereInit(dim), **_model(variance))
    return found.value, found.error


def computed(cell: tuple[Place, int]) -> dict[str, Any]:
    """Counts of a cell's training beside the exact P."""
    place, seed = cell
    variance, schedule, dim = place
    chance, error = predicted(place)
    found = train_mixture(
        TARGET, SCHEDULES[schedule], SphereInit(dim), replicas=REPLICAS, batch_size=BATCH, step_size=STEP, seed=seed,
        most_undecided=0.1, threads=1, **_model(variance),
    )  # fmt: skip
    counts = {"collapsed": found.count, "decided": found.decided, "undecided": found.replicas - found.decided}
    return dict(zip(("variance", "schedule", "dim"), place, strict=True)) | counts | {"exact": chance, "error": error}


def _model(variance: VarianceRule) -> dict[str, Any]:
    return {"objective": "free-energy", "constraint": "sphere", "variance": variance, "family_weight": "0.6"}


def rows() -> list[dict[str, Any]]:
    """What is stored."""
    return list(json.loads(STORE.read_text("utf-8"))["cells"]) if STORE.exists() else []


def bounds(cell: dict[str, Any]) -> tuple[float, float]:
    """The interval of the probability that a cell was trained at."""
    return interval(cell["collapsed"], cell["decided"], CONFIDENCE)


def sphere_weights() -> str:
    """Counts of training beside the exact P, one row a cell."""
    head = ["variance", "schedule", "d", "trained", "99.9 % interval", "exact P"]
    lines = [head, ["---"] * len(head)]
    for cell in rows():
        low, high = bounds(cell)
        counts = [f"{cell['collapsed']} of {cell['decided']}", f"{low:.3f} to {high:.3f}"]
        lines.append([cell["variance"], cell["schedule"], str(cell["dim"]), *counts, f"{cell['exact']:.4f}"])
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def main() -> None:
    """Train what is not stored."""
    cells = {place: (place, seed) for seed, place in enumerate(places())}
    fill_rows(cells, computed, row_file(STORE, ("variance", "schedule", "dim")), what="weights trained", keeper="file")
    print(sphere_weights())


if __name__ == "__main__":
    in_words(main)
