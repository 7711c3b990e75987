"""Pairs on the sphere trained with small batches, beside the theory with noise in it: computed once, stored.

    python -m docs.studies.sphere_noise       (in a source checkout; some minutes on one core)

R = 3, w* = 0.8: on the sphere the free energy and `ExponentialToOne(20, 10)`, free means of unequal weights a hold.
Training is the reduced route, whose law is that of training in all coordinates, and shares no formula with the theory.
Cells that are stored are not trained again. Intervals are Clopper and Pearson's of 99.9 % around counts of training.
"""

import json
from pathlib import Path
from typing import Any

from anneal_theory.compare import interval
from anneal_theory.probability import collapse_probability
from anneal_theory.probability.noisy import noisy_collapse_probability
from anneal_theory.problem import BimodalTarget, GaussianInit, SphereInit
from anneal_theory.schedules import ExponentialToOne, Hold, Schedule
from anneal_theory.sweeps.rows import fill_rows
from anneal_theory.training import train_mixture
from docs.studies.cells import in_words, row_file

STORE = Path(__file__).with_name("sphere_noise.json")
TARGET = BimodalTarget(3, "0.8")
COOLING, HOLD = ExponentialToOne(20, 10), Hold(8, 60)
SPHERE = {"constraint": "sphere", "objective": "free-energy"}
MODELS: dict[str, tuple[Schedule, dict[str, Any]]] = {
    "sphere, fixed": (COOLING, SPHERE | {"variance": "fixed"}),
    "sphere, follows-temperature": (COOLING, SPHERE | {"variance": "follows-temperature"}),
    "sphere, trained": (COOLING, SPHERE | {"variance": "trained"}),
    "free, w1 = 0.3": (HOLD, {"family_weight": "0.3"}),
    "free, w1 = 0.3, natural": (HOLD, {"family_weight": "0.3", "metric": "natural"}),
}
STEPS = ((8, 4, "0.1"), (128, 16, "0.1"), (128, 256, "0.1"))  # d, batch, step
REPLICAS, PREDICTED, CONFIDENCE = 400, 2000, 0.999

_STEPS, _SILENT, _DIM = (0.2, 0.1), 10**12, 128  # of training without noise

Place = tuple[str, int, int, str]  # model, d, batch, step


def places() -> list[Place]:
    """All cells."""
    return [(model, *rest) for model in MODELS for rest in STEPS]


def computed(place: Place, seed: int) -> dict[str, Any]:
    """Counts of a cell's training, and both predictions."""
    model, dim, batch, step = place
    schedule, dynamics = MODELS[model]
    init: GaussianInit | SphereInit = SphereInit(dim) if "constraint" in dynamics else GaussianInit(dim)
    options = dynamics | {"batch_size": batch, "step_size": float(step)}
    found = train_mixture(TARGET, schedule, init, replicas=REPLICAS, seed=seed, most_undecided=0.1, **options)
    counts = {"collapsed": found.count, "decided": found.decided, "undecided": found.replicas - found.decided}
    told = dict(zip(("model", "dim", "batch", "step"), place, strict=True)) | counts
    problem = TARGET, schedule, init
    drawn = noisy_collapse_probability(*problem, method="simulated", replicas=PREDICTED, seed=1000 + seed, **options)
    told |= {"simulated": drawn.value, "simulated_error": drawn.error, "quantiles": None}
    if "constraint" in dynamics:
        told["quantiles"] = noisy_collapse_probability(*problem, **options).value
    return told


def rows() -> list[dict[str, Any]]:
    """What is stored."""
    return list(json.loads(STORE.read_text("utf-8"))["cells"]) if STORE.exists() else []


def bounds(cell: dict[str, Any]) -> tuple[float, float]:
    """The interval of the probability that a cell was trained at."""
    return interval(cell["collapsed"], cell["decided"], CONFIDENCE)


def sphere_noise() -> str:
    """Counts of training beside both predictions, one row a cell."""
    head = ["model", "d", "batch", "step", "trained", "99.9 % interval", "simulated", "by quantiles"]
    head.append("to leading order")
    lines = [head, ["---"] * len(head)]
    for cell in rows():
        low, high = bounds(cell)
        place = [cell["model"], str(cell["dim"]), str(cell["batch"]), cell["step"]]
        fast = "" if cell["quantiles"] is None else f"{cell['quantiles']:.3f}"
        counts = [f"{cell['collapsed']} of {cell['decided']}", f"{low:.3f} to {high:.3f}"]
        lines.append(
            [*place, *counts, f"{cell['simulated']:.3f} ± {cell['simulated_error']:.3f}", fast, _leading(cell)]
        )
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def _leading(cell: dict[str, Any]) -> str:
    """P to leading order of a cell on the sphere, computed anew: it takes a second."""
    schedule, dynamics = MODELS[cell["model"]]
    if "constraint" not in dynamics:
        return ""
    noise: dict[str, Any] = {"batch_size": cell["batch"], "step_size": float(cell["step"]), "method": "leading-order"}
    found = noisy_collapse_probability(TARGET, schedule, SphereInit(cell["dim"]), **noise, **dynamics)
    return f"{found.value:.3f} ± {found.error:.3f}"


def step_errors() -> str:
    """P with steps of training and without noise, beside the gradient flow: what the leading order leaves out."""
    head = ["model", "d", "P of the flow", *(f"steps of {step}" for step in _STEPS)]
    lines = [head, ["---"] * len(head)]
    for name, (schedule, dynamics) in MODELS.items():
        if name == "free, w1 = 0.3":
            schedule, dynamics, name = HOLD, {}, "free"
        elif "constraint" not in dynamics:
            continue
        init: GaussianInit | SphereInit = SphereInit(_DIM) if "constraint" in dynamics else GaussianInit(_DIM)
        flow = collapse_probability(TARGET, schedule, init, **dynamics).value
        quiet = [
            noisy_collapse_probability(TARGET, schedule, init, batch_size=_SILENT, step_size=step, **dynamics).value
            for step in _STEPS
        ]
        lines.append([name, str(_DIM), f"{flow:.4f}", *(f"{one:.4f}" for one in quiet)])
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def main() -> None:
    """Train and predict what is not stored."""
    cells = {place: (place, seed) for seed, place in enumerate(places())}
    kept = row_file(STORE, ("model", "dim", "batch", "step"))
    fill_rows(cells, lambda cell: computed(*cell), kept, what="noise on the sphere", keeper="file")
    print(sphere_noise())


if __name__ == "__main__":
    in_words(main)
