"""Designed schedules trained with batches of two sizes, beside what was promised of them: computed once, stored.

    python -m docs.studies.design_training       (in a source checkout; half an hour on one core)

R = 3, w* = 0.8, d = 128, tempered target. Each design is the cheapest cold-then-pulse that keeps a probability, of the
gradient flow or given the noise of batches of 100. Training is the reduced route, whose law is that of training in all
coordinates and shares no formula with the theory. What is stored is not computed again. Intervals are Clopper and
Pearson's of 99.9 % around counts of training.
"""

import json
from pathlib import Path
from typing import Any

from anneal_theory.compare import interval
from anneal_theory.design import design_schedule
from anneal_theory.probability.noisy import noisy_collapse_probability
from anneal_theory.problem import BimodalTarget, GaussianInit
from anneal_theory.schedules import Piecewise
from anneal_theory.sweeps.rows import fill_rows
from anneal_theory.training import train_mixture
from docs.studies.cells import in_words, row_file

STORE = Path(__file__).with_name("design_training.json")
TARGET, INIT = BimodalTarget(3, "0.8"), GaussianInit(128)
FLOW: dict[str, Any] = {}
NOISY: dict[str, Any] = {"batch_size": 100, "base_temperature": 1.5}
ASKED = (("0.01", "flow"), ("0.1", "flow"), ("0.1", "noise"), ("0.01", "noise"))
TRAINED = {"flow": ((4096, 1000), (100, 400)), "noise": ((100, 400),)}  # batches and replicas
STEP, CONFIDENCE, DRAWN = 0.05, 0.999, 2000

Place = tuple[str, str, int, int]  # probability asked for, designed for, batch, replicas


def places() -> list[Place]:
    """All cells."""
    return [(asked, model, batch, count) for asked, model in ASKED for batch, count in TRAINED[model]]


def designed(asked: str, model: str) -> dict[str, Any]:
    """The design, as it is stored."""
    options = FLOW if model == "flow" else NOISY
    found = design_schedule(TARGET, INIT, max_probability=float(asked), family="cold-then-pulse", **options)
    rival = found.exponential_for_probability
    told = {"schedule": found.schedule.to_dict(), "cost": found.cost, "promised": found.probability.value}
    return told | {"exponential_cost": None if rival is None else rival.cost}


def trained(schedule: Piecewise, batch: int, replicas: int, seed: int) -> dict[str, Any]:
    """Counts of training beside both predictions with noise."""
    found = train_mixture(
        TARGET, schedule, INIT, replicas=replicas, batch_size=batch, step_size=STEP, seed=seed, most_undecided=0.05
    )
    counts = {"collapsed": found.count, "decided": found.decided, "undecided": found.replicas - found.decided}
    problem, options = (TARGET, schedule, INIT), {"batch_size": batch, "step_size": STEP}
    drawn = noisy_collapse_probability(*problem, method="simulated", replicas=DRAWN, seed=1000 + seed, **options)
    fast = noisy_collapse_probability(*problem, **options)
    told = {"simulated": drawn.value, "simulated_error": drawn.error}
    return counts | told | {"quantiles": fast.value, "quantiles_error": fast.error}


def rows() -> list[dict[str, Any]]:
    """What is stored."""
    return list(json.loads(STORE.read_text("utf-8"))["cells"]) if STORE.exists() else []


def bounds(cell: dict[str, Any]) -> tuple[float, float]:
    """The interval of the probability that a cell was trained at."""
    return interval(cell["collapsed"], cell["decided"], CONFIDENCE)


def design_training() -> str:
    """Counts of training beside what was predicted, one row a cell."""
    head = ["designed for", "P at most", "cost", "exponential's", "promised", "batch", "trained", "99.9 % interval"]
    head += ["by quantiles", "simulated"]
    lines = [head, ["---"] * len(head)]
    for cell in rows():
        low, high = bounds(cell)
        rival = "" if cell["exponential_cost"] is None else f"{cell['exponential_cost']:.4g}"
        known = {"flow": "gradient flow", "noise": "batches of 100"}[cell["model"]]
        design = [known, cell["asked"], f"{cell['cost']:.1f}", rival, f"{cell['promised']:.4f}", str(cell["batch"])]
        counts = [f"{cell['collapsed']} of {cell['decided']}", f"{low:.4f} to {high:.4f}", f"{cell['quantiles']:.4f}"]
        lines.append([*design, *counts, f"{cell['simulated']:.4f} ± {cell['simulated_error']:.4f}"])
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def computed(cell: tuple[Place, int]) -> dict[str, Any]:
    """A cell: its design, which those of other batches share, and its training."""
    (asked, model, batch, replicas), seed = cell
    found = next((one for one in rows() if (one["asked"], one["model"]) == (asked, model)), None)
    kept = ("schedule", "cost", "promised", "exponential_cost")
    design = designed(asked, model) if found is None else {name: found[name] for name in kept}
    told = design["schedule"]
    counts = trained(Piecewise(told["times"], told["temperatures"]), batch, replicas, seed)
    return {"asked": asked, "model": model, "batch": batch, "step": STEP} | design | counts


def main() -> None:
    """Design, train and predict what is not stored."""
    cells = {place[:3]: (place, seed) for seed, place in enumerate(places())}
    fill_rows(cells, computed, row_file(STORE, ("asked", "model", "batch")), what="designs trained", keeper="file")
    print(design_training())


if __name__ == "__main__":
    in_words(main)
