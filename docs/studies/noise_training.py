"""Six schedules trained with small batches, beside the theory with noise in it: computed once, stored.

    python -m docs.studies.noise_training       (in a source checkout; some twenty minutes on one core)

R = 3, w* = 0.8, d = 128, tempered target, T = 1 again after 600 units of time. Training is the reduced route, whose law
is that of training in all coordinates, and shares no formula with the theory. Cells that are stored are not trained
again. Intervals are Clopper and Pearson's of 99.9 %, around counts of training; the theory's counts have their own
standard error.
"""

import json
from pathlib import Path
from typing import Any

from anneal_theory.compare import interval
from anneal_theory.probability.noisy import noisy_collapse_probability
from anneal_theory.problem import BimodalTarget, GaussianInit
from anneal_theory.schedules import Exponential, Hold, Piecewise, Schedule
from anneal_theory.sweeps.rows import fill_rows
from anneal_theory.training import train_mixture
from docs.studies.cells import in_words, row_file

STORE = Path(__file__).with_name("noise_training.json")
TARGET, INIT = BimodalTarget(3, "0.8"), GaussianInit(128)
SCHEDULES: dict[str, Schedule] = {
    "exponential": Exponential(13, 60),
    "hold": Hold(8, 600),
    "cold, pulse": Piecewise((0, 470, "470.5", "599.5", 600), (1, 1, 13, 13, 1)),
    "cold, ramp, pulse": Piecewise((0, 380, 470, "599.5", 600), (1, 1, 13, 13, 1)),
    "cold, warm, pulse": Piecewise((0, 410, "410.5", 460, "460.5", "599.5", 600), (1, 1, "1.5", "1.5", 13, 13, 1)),
    "warm, pulse": Piecewise((0, 470, "470.5", "599.5", 600), ("1.5", "1.5", 13, 13, 1)),
}
ON_THE_MAP = ("hold", "cold, pulse", "warm, pulse")
TABLE = ((100, "0.05", "plain", 400), (100, "0.05", "path", 400), (1000, "0.05", "plain", 200))
MAP = ((25, "0.05", "plain", 400), (100, "0.05", "plain", 400), (100, "0.2", "plain", 400), (400, "0.2", "plain", 400))
PREDICTED, CONFIDENCE = 2000, 0.999
STEP = 0.05  # of the table

Place = tuple[str, int, str, str, int]  # schedule, batch, step, gradient, replicas


def places() -> list[Place]:
    """All cells, those of the map first."""
    cells = [(name, *rest) for rest in MAP for name in ON_THE_MAP]
    return list(dict.fromkeys(cells + [(name, *rest) for rest in TABLE for name in SCHEDULES]))


def computed(cell: tuple[Place, int]) -> dict[str, Any]:
    """What is stored of a cell and its seed."""
    place, seed = cell
    return trained(place, seed) | predicted(place, 1000 + seed)


def trained(place: Place, seed: int) -> dict[str, Any]:
    """Counts of a cell's training."""
    name, batch, step, gradient, replicas = place
    found = train_mixture(
        TARGET, SCHEDULES[name], INIT, replicas=replicas, batch_size=batch, step_size=float(step), gradient=gradient,
        seed=seed, most_undecided=0.05,
    )  # fmt: skip
    cell = {"schedule": name, "batch": batch, "step": step, "gradient": gradient}
    return cell | {"collapsed": found.count, "decided": found.decided, "undecided": found.replicas - found.decided}


def predicted(place: Place, seed: int) -> dict[str, Any]:
    """Of a cell, by both methods."""
    name, batch, step, gradient, _ = place
    options: dict[str, Any] = {"batch_size": batch, "step_size": float(step), "gradient": gradient}
    problem = TARGET, SCHEDULES[name], INIT
    drawn = noisy_collapse_probability(*problem, method="simulated", replicas=PREDICTED, seed=seed, **options)
    fast = noisy_collapse_probability(*problem, method="quantiles", **options)
    told = {"simulated": drawn.value, "simulated_error": drawn.error}
    return told | {"quantiles": fast.value, "quantiles_error": fast.error}


def rows() -> list[dict[str, Any]]:
    """What is stored."""
    return list(json.loads(STORE.read_text("utf-8"))["cells"]) if STORE.exists() else []


def bounds(cell: dict[str, Any]) -> tuple[float, float]:
    """The interval of the probability that a cell was trained at."""
    return interval(cell["collapsed"], cell["decided"], CONFIDENCE)


def agrees(cell: dict[str, Any]) -> bool:
    """Whether the simulated probability lies in the interval."""
    low, high = bounds(cell)
    return bool(low <= cell["simulated"] <= high)


def missed(cell: dict[str, Any]) -> float:
    """How far the probability by quantiles lies outside the interval."""
    low, high = bounds(cell)
    return float(max(low - cell["quantiles"], cell["quantiles"] - high, 0.0))


def noise_training() -> str:
    """Counts of training beside both predictions, one row a cell."""
    head = ["schedule", "batch", "step", "gradient", "trained", "99.9 % interval", "simulated", "by quantiles"]
    lines = [head, ["---"] * len(head)]
    for cell in rows():
        low, high = bounds(cell)
        said = f"{cell['collapsed']} of {cell['decided']}", f"{low:.3f} to {high:.3f}"
        told = f"{cell['simulated']:.3f} ± {cell['simulated_error']:.3f}", f"{cell['quantiles']:.3f}"
        lines.append([cell["schedule"], str(cell["batch"]), cell["step"], cell["gradient"], *said, *told])
    return "\n".join("| " + " | ".join(line) + " |" for line in lines) + f"\n\n{worst_quantiles()}"


def worst_quantiles() -> str:
    """Where the quantiles miss training: each cell in which they lie outside its interval, the farthest first."""
    outside = [cell for cell in rows() if missed(cell)]
    outside.sort(key=lambda cell: -abs(cell["quantiles"] - cell["collapsed"] / cell["decided"]))
    told = "; ".join(
        f"{cell['schedule']} with {cell['gradient']} gradients at batches of {cell['batch']}: {cell['quantiles']:.3f}, "
        f"where {cell['collapsed'] / cell['decided']:.3f} was trained and {cell['simulated']:.3f} simulated "
        f"(stated error {cell['quantiles_error']:.2g})"
        for cell in outside
    )
    return f"By quantiles {len(outside)} of the {len(rows())} cells lie outside the interval of training: {told}."


def main() -> None:
    """Train and predict what is not stored."""
    cells = {place[:4]: (place, seed) for seed, place in enumerate(places())}
    kept = row_file(STORE, ("schedule", "batch", "step", "gradient"))
    fill_rows(cells, computed, kept, what="noise training", keeper="file")
    print(noise_training())


if __name__ == "__main__":
    in_words(main)
