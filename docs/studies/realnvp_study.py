"""The RealNVP runs that the report and the documentation show: trained once, by this command, and stored.

    python -m docs.studies.realnvp_study --help       (in a source checkout)

Training takes minutes to an hour, so the documentation reads the file that this module writes (`realnvp.json` beside
it). The report, which is installed without it, draws the few kilobytes of `realnvp_summary`, which are written along.
"""

import argparse
import json
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np

from anneal_theory import __version__
from anneal_theory._types import FloatArray
from anneal_theory.exact import show
from anneal_theory.gradient_flow import ReducedState, solve_flow
from anneal_theory.phase_diagrams import phase_diagram
from anneal_theory.probability import collapse_probability
from anneal_theory.problem import BimodalTarget, GaussianInit
from anneal_theory.report import realnvp
from anneal_theory.results import Outcomes, plain
from anneal_theory.schedules import Constant, Exponential, Schedule
from anneal_theory.storage import atomic_write, require_writable
from anneal_theory.sweeps.rows import fill_rows
from anneal_theory.threshold import collapse_threshold
from docs.studies.cells import in_words, row_file
from docs.studies.realnvp_summary import summary

COMMAND = "python -m docs.studies.realnvp_study"
STORE = Path(__file__).with_name("realnvp.json")
TARGET = BimodalTarget(3, "0.8")

TEMPERATURES = (1.5, 2.5, 4.0, 6.0, 10.0, 20.0, 40.0)
DECAY_TIMES = (10, 30, 60, 100, 180, 300)
MAP: dict[str, Any] = {
    "dim": 8,
    "replicas": 16,
    "steps": 2000,
    "batch_size": 64,
    "step_size": 0.005,
    "final_step_size": 0.0005,
    "falling_share": 0.25,
    "couplings": 4,
    "hidden": (32, 32),
    "record_every": 10,
    "record_samples": 1000,
}
# The two cells whose first replica is drawn over time.
COLLAPSED_CELL, SAVED_CELL = (10.0, 30), (10.0, 300)

HEADLINE_COOLING = (10, 3000)
HEADLINE: dict[str, Any] = {
    "dim": 128,
    "replicas": 8,
    "seed": 0,
    "mode_direction": "diagonal",
    "step_size": 0.001,
    "final_step_size": 0.0001,
    "falling_share": 0.25,
    "record_every": 100,
    "record_samples": 2000,
    "compiled": True,
}
HEADLINE_STEPS = {"annealed": 16_000, "unannealed": 3000}
OVERLAPS = ("m1", "m2", "s11", "s12", "s22")


def cells() -> list[tuple[float, int]]:
    """The cells of the map, temperature by temperature; (1, 0) stands for no annealing and comes first."""
    return [(1.0, 0), *((temperature, span) for temperature in TEMPERATURES for span in DECAY_TIMES)]


def train_cell(place: int) -> dict[str, Any]:
    """Train the flows of one cell; the cell's place in the list is its seed, so that cells are independent."""
    from anneal_theory.training.realnvp_training import train_realnvp

    temperature, span = cells()[place]
    started = time.monotonic()
    found = train_realnvp(TARGET, _cooling(temperature, span), seed=place, most_undecided=1, **MAP)
    keep = slice(None) if place == 0 else slice(0, 1)
    shown = (temperature, span) in (COLLAPSED_CELL, SAVED_CELL) or place == 0
    return {
        "initial_temperature": temperature,
        "decay_time": span,
        "seed": place,
        "collapsed": found.count,
        "undecided": found.replicas - found.decided,
        "mode_weight": rounded(found.mode_weight),
        "ess": rounded(found.statistics["ess"]),
        "initial": {name: rounded(found.statistics[f"initial_{name}"]) for name in (*OVERLAPS, "displacement")},
        "history": curves(found, keep) if shown else None,
        "settings": plain(found.settings),
        "seconds": round(time.monotonic() - started, 1),
    }


def curves(found: Outcomes, keep: slice) -> dict[str, Any]:
    """Step, temperature, mode weight and mean overlaps over time; one list a replica."""
    history = found.history
    replicas = {name: [rounded(row) for row in history[name][:, keep].T] for name in ("mode_weight", "m1", "m2")}
    return {name: rounded(history[name][:, 0]) for name in ("step", "temperature")} | replicas


def rounded(values: FloatArray) -> list[float]:
    """Five digits: Monte Carlo numbers have fewer."""
    return [float(f"{value:.5g}") for value in np.asarray(values)]


def run_map(processes: int = 1, checkpoint: str | None = None) -> dict[str, Any]:
    """Train every cell.

    Args:
        processes: Cells trained at once, each by one thread.
        checkpoint: Beginning of the name of a file that keeps each cell; None for none.
    """
    names = "initial_temperature", "decay_time"
    kept = None if checkpoint is None else row_file(Path(f"{checkpoint}.map"), names)
    places = {cell: place for place, cell in enumerate(cells())}
    rows = fill_rows(places, train_cell, kept, what="map", keeper="--checkpoint", workers=processes)
    return assembled(list(rows.values()))


def assembled(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """The cells of a map, that without annealing first, as they are stored."""
    settings, *_ = [row.pop("settings") for row in rows]
    unannealed = rows[0]
    clock = clock_of(unannealed["history"])
    unannealed["history"] = {name: _first(values) for name, values in unannealed["history"].items()}
    return {"settings": settings, "clock": clock, "unannealed": unannealed, "cells": rows[1:]}


def clock_of(history: dict[str, Any]) -> float:
    """Gradient-flow time of a step, from stored histories of flows trained at T = 1 (one list a replica)."""
    from anneal_theory.compare.realnvp_baselines import time_per_step

    arrays = {name: np.array(history[name], dtype=np.float64).T for name in ("m1", "m2")}
    return time_per_step(arrays | {"step": np.array(history["step"], dtype=np.float64)[:, None]}, TARGET)


def theory_of(clock: float) -> dict[str, Any]:
    """The exact probability of each cell, in a clock of so much gradient-flow time a step."""
    init, times = GaussianInit(MAP["dim"]), [span * clock for span in DECAY_TIMES]
    diagram = phase_diagram(TARGET, init, initial_temperatures=TEMPERATURES, decay_times=times, relative_error=1e-3)
    values = diagram.value.values.tolist()
    bare = collapse_probability(TARGET, Constant(1), init).value
    return {"clock": clock, "probability": values, "unannealed": bare, "runs": theory_runs(clock)}


def theory_runs(clock: float) -> dict[str, Any]:
    """Overlaps of a mixture along the schedules of the two cells, from one start between their thresholds."""
    square, pair = 2, {"collapsed": COLLAPSED_CELL, "saved": SAVED_CELL}
    bounds = [
        collapse_threshold(TARGET, _cooling(temperature, span * clock), distance_squared=square).value
        for temperature, span in pair.values()
    ]
    start = ReducedState.from_rho(0.0, float(np.sqrt(bounds[0] * bounds[1])), square**0.5, TARGET)
    steps = np.linspace(0, MAP["steps"], 201)
    found: dict[str, Any] = {"thresholds": bounds}
    for name, (temperature, span) in pair.items():
        run = solve_flow(TARGET, _cooling(temperature, span * clock), start, steps * clock)
        found[name] = {"step": steps.tolist(), "m1": rounded(run["m1"]), "m2": rounded(run["m2"])}
    return found


def run_headline(checkpoint: str | None = None, progress: bool = False) -> dict[str, Any]:
    """Eight flows in 128 dimensions with slow annealing, and eight without."""
    from anneal_theory.training.realnvp_training import train_realnvp

    found = {}
    schedules = {"unannealed": Constant(1), "annealed": Exponential(*HEADLINE_COOLING)}
    for name, schedule in schedules.items():
        started = time.monotonic(), time.process_time()
        beside = None if checkpoint is None else f"{checkpoint}.{name}"
        run = train_realnvp(
            TARGET, schedule, steps=HEADLINE_STEPS[name], **HEADLINE, checkpoint=beside, progress=progress
        )
        found[name] = headline_row(run, time.monotonic() - started[0], time.process_time() - started[1])
        tell(f"{name}: {run.count} of {run.replicas} collapsed")
    return found


def run_baselines(progress: bool = False) -> dict[str, Any]:
    """Ways to anneal at the same steps, for flows as those of the map."""
    from anneal_theory.compare import compare_flow_baselines

    started = time.monotonic()
    words = {name: value for name, value in MAP.items() if name != "record_every"}
    table = compare_flow_baselines(TARGET, **words, progress=progress)
    for row in table.rows:
        tell(f"{row.name}: {row.collapsed} of {row.replicas} collapsed")
    return table.to_dict() | {"seconds": round(time.monotonic() - started, 1)}


def headline_row(run: Outcomes, seconds: float, cpu_seconds: float) -> dict[str, Any]:
    """What is stored of one arm of the headline."""
    return {
        "collapsed": run.count,
        "mode_weight": rounded(run.mode_weight),
        "ess": rounded(run.statistics["ess"]),
        "history": curves(run, slice(None)),
        "settings": plain(run.settings),
        "seconds": round(seconds, 1),
        "cpu_seconds": round(cpu_seconds, 1),
    }


def tell(line: str) -> None:
    """One line of progress."""
    print(line, file=sys.stderr, flush=True)


def _cooling(temperature: float, span: float) -> Schedule:
    return Exponential(temperature, span) if temperature > 1 else Constant(1)


def _first(values: list[Any]) -> list[Any]:
    return values[:1] if values and isinstance(values[0], list) else values


def main(arguments: list[str] | None = None) -> None:
    """Train what is asked for and write it into the store; what is not asked for stays as it is stored."""
    from importlib.metadata import version

    parser = argparse.ArgumentParser(prog=COMMAND, description="Train the RealNVP flows of the report and store them.")
    parts = ("map", "headline", "baselines", "theory", "summary")
    parser.add_argument("--only", choices=parts, help="renew this part alone")
    parser.add_argument("--processes", type=int, default=2, help="cells of the map at once (2)")
    parser.add_argument("--checkpoint", help="of map and headline: continue from and write to files of this name")
    parser.add_argument("--out", default=str(STORE), help="the file (realnvp.json beside this module)")
    parser.add_argument("--summary", default=str(realnvp.STORE), help="the file that the report draws")
    options = parser.parse_args(arguments)
    out = Path(options.out)
    for file, option in ((out, "--out"), (options.summary, "--summary"), (options.checkpoint, "--checkpoint")):
        require_writable(file, option)
    store: dict[str, Any] = json.loads(out.read_text("utf-8")) if out.exists() else {}
    store |= {"command": COMMAND, "separation": show(TARGET.exact_separation), "weight": show(TARGET.exact_weight)}
    made = {"version": __version__, "torch": version("torch") if options.only not in ("theory", "summary") else ""}
    if options.only in (None, "map"):
        store["map"] = made | run_map(options.processes, options.checkpoint)
    if options.only in (None, "headline"):
        store["headline"] = made | run_headline(options.checkpoint, sys.stderr.isatty())
    if options.only in (None, "baselines"):
        store["baselines"] = made | run_baselines(sys.stderr.isatty())
    if "map" in store and options.only not in ("baselines", "summary"):
        store["theory"] = {"version": __version__} | theory_of(store["map"]["clock"])
    written = {out: store}
    if {"map", "headline", "baselines"} <= set(store):
        written[Path(options.summary)] = summary(store)
    for file, content in written.items():
        atomic_write(file, (json.dumps(content, separators=(",", ":")) + "\n").encode())


if __name__ == "__main__":
    in_words(main)
