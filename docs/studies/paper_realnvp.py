"""RealNVP flows by the paper's recipe, over initial temperatures and annealing steps, beside the authors' counts.

    python -m docs.studies.paper_realnvp            (in a source checkout: the small map, 20 minutes of one core)
    python -m docs.studies.paper_realnvp --full --device cuda --compiled
                                                    (ten of the authors' cells at their size; needs a GPU)

The full size is 18,000 steps of 16 flows, eleven minutes on an H100. The small map, stored in `paper_realnvp.json`, is
of smaller flows in fewer dimensions, which two cores can train; the full one is stored in `paper_realnvp_full.json`.
The authors' counts stand in `paper_runs.json`, whose "source" says where they are from. Every cell is written as soon
as it is trained, and one that is there already is not trained again.
"""

import argparse
import json
import time
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
from scipy.stats import fisher_exact

from anneal_theory import __version__
from anneal_theory.compare import interval
from anneal_theory.probability import collapse_probability
from anneal_theory.problem import BimodalTarget, SphereInit
from anneal_theory.report.realnvp import COUNTS
from anneal_theory.results import plain
from anneal_theory.schedules import ExponentialToOne
from anneal_theory.storage import atomic_write
from anneal_theory.sweeps.rows import fill_rows
from anneal_theory.training.recipes import paper_recipe
from docs.studies.cells import Row, in_words, row_file

COMMAND = "python -m docs.studies.paper_realnvp"
RUNS = Path(__file__).with_name("paper_runs.json")
STORE = Path(__file__).with_name("paper_realnvp.json")
FULL_STORE = Path(__file__).with_name("paper_realnvp_full.json")
TARGET = BimodalTarget(3, "0.8")

TEMPERATURES = (1.0, 2.84605, 9.0, 28.4605, 90.0)
SMALL_STEPS = (400, 800, 1200)
SMALL: dict[str, Any] = {"dim": 32, "hidden": (64, 64, 64), "batch_size": 256}
SMALL_SEEDS = (0,)
# At the authors' size two batches of 16 flows take turns: 32 at once are more weights than a training holds.
FULL_STEPS = (400, 1200)
FULL_SEEDS = (0, 1)
REPLICAS = 16
CONFIDENCE = 0.95
ADAM_STEP, MIXTURE_STEP = 0.001, 0.05


def counted(temperature: float, steps: int) -> dict[str, int]:
    """The authors' runs of a cell: collapsed, runs."""
    cells: list[dict[str, Any]] = json.loads(RUNS.read_text("utf-8"))["realnvp"]["cells"]
    (found,) = [one for one in cells if (one["initial_temperature"], one["annealing_steps"]) == (temperature, steps)]
    return {name: found[name] for name in ("collapsed", "runs")}


def train_cell(temperature: float, steps: int, seed: int, change: dict[str, Any]) -> dict[str, Any]:
    """Train the flows of one cell and seed; what is stored of them."""
    from anneal_theory.training.realnvp_training import train_realnvp

    started = time.monotonic(), time.process_time()
    words = paper_recipe(temperature, steps) | {"replicas": REPLICAS, "seed": seed, "most_undecided": 1} | change
    found = train_realnvp(TARGET, **words)
    return {
        "initial_temperature": temperature,
        "annealing_steps": steps,
        "seed": seed,
        "collapsed": found.count,
        "decided": found.decided,
        "runs": found.replicas,
        "undecided": plain(found.undecided),
        "spread": [round(float(one), 4) for one in found.statistics["spread"]],
        "mode_weight": [round(float(one), 4) for one in found.mode_weight],
        "settings": plain({name: found.settings[name] for name in _TOLD}),
        "version": __version__,
        "torch": version("torch"),
        "seconds": round(time.monotonic() - started[0], 1),
        "cpu_seconds": round(time.process_time() - started[1], 1),
    }


_TOLD = ("flow", "rules", "mode_direction", "verdict", "lost_share", "evaluation_samples", "device")


def cells(steps: tuple[int, ...], seeds: tuple[int, ...]) -> list[tuple[float, int, int]]:
    """Temperature, steps and seed: every cell once before any twice, the shortest first."""
    return [(temperature, count, seed) for seed in seeds for count in steps for temperature in TEMPERATURES]


def text(document: Row) -> str:
    """The file: one line a cell."""
    lines = ",\n".join(json.dumps(row, separators=(",", ":")) for row in document["cells"])
    return f'{{"command":{json.dumps(document["command"])},"cells":[\n{lines}\n]}}\n'


def stored(path: Path = STORE) -> list[dict[str, Any]]:
    """The cells of a file; none where there is none."""
    rows: list[dict[str, Any]] = json.loads(path.read_text("utf-8"))["cells"] if path.exists() else []
    return rows


def counts() -> str:
    """What the package keeps of the full size: collapsed and decided flows of each cell, and the authors'."""
    rows, lines = stored(FULL_STORE), []
    for steps in FULL_STEPS:
        for temperature in TEMPERATURES:
            own, theirs = _of_cell(rows, temperature, steps), counted(temperature, steps)
            ours = [sum(row[name] for row in own) for name in ("collapsed", "decided")]
            cell = {"initial_temperature": temperature, "annealing_steps": steps}
            lines.append(json.dumps(cell | {"ours": ours, "authors": [theirs["collapsed"], theirs["runs"]]}))
    return '{"command": ' + json.dumps(f"{COMMAND} --full") + ', "cells": [\n' + ",\n".join(lines) + "\n]}\n"


def paper_flows() -> str:
    """Flows of the stored map and those of the authors that collapsed, one row for an initial temperature."""
    rows = stored()
    minutes = sum(row["cpu_seconds"] for row in rows) / 60
    return f"{table(rows)}\n\nTrained in {minutes:.0f} minutes of one core."


def paper_flow_counts() -> str:
    """All of the authors' cells of flows, with exact intervals, and what a mixture would do there."""
    cells: list[dict[str, Any]] = json.loads(RUNS.read_text("utf-8"))["realnvp"]["cells"]
    steps = sorted({cell["annealing_steps"] for cell in cells})
    head = ["T0", *(f"{count} steps" for count in steps)]
    lines = [head, ["---"] * len(head)]
    for temperature in sorted({cell["initial_temperature"] for cell in cells}):
        told = []
        for count in steps:
            found = counted(temperature, count)
            low, high = interval(found["collapsed"], found["runs"], CONFIDENCE)
            told.append(f"{found['collapsed']} of {found['runs']} ({low:.2f} to {high:.2f})")
        lines.append([f"{temperature:g}", *told])
    return f"{_lined(lines)}\n\n{_beside_mixture([one for one in cells if one['initial_temperature'] > 1])}"


def _beside_mixture(cells: list[dict[str, Any]]) -> str:
    """Why no theory stands beside the flows: the exact P of a mixture at the same T0 and t0 = steps times step size."""
    shares = [cell["collapsed"] / cell["runs"] for cell in cells]
    slow = [cell for cell in cells if cell["annealing_steps"] == max(one["annealing_steps"] for one in cells)]
    best = min(slow, key=lambda cell: cell["collapsed"])
    spans, ends = [], [best, max(slow, key=lambda cell: cell["initial_temperature"])]
    for step in (ADAM_STEP, MIXTURE_STEP):
        chances = [_of_mixture(cell, step) for cell in cells]
        spans.append(f"{min(chances):.2f} to {max(chances):.2f}")
    told = [f"{_of_mixture(cell, MIXTURE_STEP):.2f} from T0 = {cell['initial_temperature']:g}" for cell in ends]
    return (
        f"The annealed flows collapse in {min(shares):.2f} to {max(shares):.2f} of the runs of a cell, and at "
        f"{best['annealing_steps']} steps T0 = {best['initial_temperature']:g} is best. A mixture on the sphere in 128 "
        f"dimensions, with t0 = steps times step size, has an exact P of {spans[0]} at Adam's step size, {ADAM_STEP}, "
        f"and of {spans[1]} at {MIXTURE_STEP}, the authors' step for mixtures, at which hotter is better: after "
        f"{best['annealing_steps']} steps {' and '.join(told)}."
    )


def _of_mixture(cell: dict[str, Any], step: float) -> float:
    schedule = ExponentialToOne(cell["initial_temperature"], duration=f"{step * cell['annealing_steps']:g}")
    rules: dict[str, Any] = {"objective": "free-energy", "constraint": "sphere", "variance": "trained"}
    return float(collapse_probability(TARGET, schedule, SphereInit(128), relative_error=1e-2, **rules).value)


def paper_flows_full() -> str:
    """Flows at the authors' size and the authors', one row a cell, and in words how far they agree."""
    rows = stored(FULL_STORE)
    head = ["T0", "steps", "ours", "95 % interval", "authors", "95 % interval", "middle spread of ours"]
    lines, apart, least = [head, ["---"] * len(head)], 0, []
    for steps in FULL_STEPS:
        for temperature in TEMPERATURES:
            own, theirs = _of_cell(rows, temperature, steps), counted(temperature, steps)
            ours = sum(row["collapsed"] for row in own), sum(row["decided"] for row in own)
            counts = ours, (theirs["collapsed"], theirs["runs"])
            bounds = [interval(*count, CONFIDENCE) for count in counts]
            spans = ["{:.2f} to {:.2f}".format(*bound) for bound in bounds]
            said = ["{} of {}".format(*count) for count in counts]
            spread = np.median([one for row in own for one in row["spread"]])
            lines.append([f"{temperature:g}", str(steps), said[0], spans[0], said[1], spans[1], f"{spread:.2f}"])
            apart += max(bounds[0][0], bounds[1][0]) > min(bounds[0][1], bounds[1][1])
            if temperature > 1:
                least.append(fisher_exact([[a, b - a] for a, b in counts]).pvalue)
    return _lined(lines) + f"\n\n{_agreement(rows, apart, max(least))}"


def _agreement(rows: list[dict[str, Any]], apart: int, largest: float) -> str:
    cells = len(FULL_STEPS) * len(TEMPERATURES)
    spreads = np.array([one for row in rows if row["initial_temperature"] > 1 for one in row["spread"]])
    near = np.mean((spreads > 1.4) & (spreads < 1.8))
    undecided = sum(row["runs"] - row["decided"] for row in rows)
    return (
        f"The intervals are apart in {apart} of {cells} cells; largest p-value (Fisher's exact test) of an annealed "
        f"cell: {largest:.2g}; {undecided} flows undecided. Of the annealed flows {near:.0%} end with a spread between "
        "1.4 and 1.8, about the cut of 1.6."
    )


def table(rows: list[dict[str, Any]]) -> str:
    """Counts of the decided flows of each cell, and beside them those of the authors, as Markdown."""
    steps = sorted({row["annealing_steps"] for row in rows})
    head = ["T0", *(f"{count} steps" for count in steps)]
    lines = [head, ["---"] * len(head)]
    for temperature in sorted({row["initial_temperature"] for row in rows}):
        lines.append([f"{temperature:g}", *(_cell(rows, temperature, count) for count in steps)])
    return _lined(lines)


def _lined(lines: list[list[str]]) -> str:
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def _of_cell(rows: list[dict[str, Any]], temperature: float, steps: int) -> list[dict[str, Any]]:
    return [row for row in rows if (row["initial_temperature"], row["annealing_steps"]) == (temperature, steps)]


def _cell(rows: list[dict[str, Any]], temperature: float, steps: int) -> str:
    own = _of_cell(rows, temperature, steps)
    if not own:
        return "-"
    collapsed, decided, runs = (sum(row[name] for row in own) for name in ("collapsed", "decided", "runs"))
    theirs = counted(temperature, steps)
    more = f", {runs - decided} undecided" if decided < runs else ""
    return f"{collapsed} of {decided}{more} ({theirs['collapsed']} of {theirs['runs']})"


def main(arguments: list[str] | None = None) -> None:
    """Train the cells that are missing and print the table."""
    parser = argparse.ArgumentParser(prog=COMMAND, description="Train RealNVP flows by the paper's recipe.")
    parser.add_argument("--full", action="store_true", help="ten cells at the authors' size, 32 flows each")
    parser.add_argument("--device", default="cpu", help="a torch device (cpu)")
    parser.add_argument("--compiled", action="store_true", help="use torch.compile")
    parser.add_argument("--out", help="the file; else the stored one of that size, beside this module")
    options = parser.parse_args(arguments)
    out = Path(options.out or (FULL_STORE if options.full else STORE))
    command = " ".join([COMMAND, *(["--full"] if options.full else [])])
    change = {} if options.full else SMALL
    steps, seeds = (FULL_STEPS, FULL_SEEDS) if options.full else (SMALL_STEPS, SMALL_SEEDS)
    where = {"device": options.device, "compiled": options.compiled}
    if options.device.startswith("cuda"):
        import torch

        torch.set_float32_matmul_precision("high")  # a GPU multiplies 10 of the 23 bits then, several times as fast
    places = {place: place for place in cells(steps, seeds)}
    names = "initial_temperature", "annealing_steps", "seed"
    kept = row_file(out, names, text=text, command=command)
    fill_rows(places, lambda place: train_cell(*place, change | where), kept, what="paper's flows", keeper="--out")
    if options.full and options.out is None:
        atomic_write(COUNTS, counts().encode())
    print(table(stored(out)))


if __name__ == "__main__":
    in_words(main)
