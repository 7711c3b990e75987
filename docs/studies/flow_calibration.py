"""Does a mixture that is calibrated on pilot runs of flows foretell which schedules save them? Trained once and stored.

    python -m docs.studies.flow_calibration       (in a source checkout; ten minutes on one core)

"pilots" are flows at one temperature whose halves are recorded, as `calibrate_flow` reads them. "predictions" are the
probabilities of collapse of the mixture that it finds, under the schedules of "holds" and "ways" of `flow_schedules`.
"designs" are schedules designed for that mixture, and what becomes of flows under them. The pages' tables are
`flow_calibration_tables`.
"""

import argparse
import json
import math
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

from anneal_theory.design import calibrate_flow, design_schedule
from anneal_theory.errors import DomainError
from anneal_theory.exact import exact
from anneal_theory.probability import collapse_probability
from anneal_theory.probability.noisy import noisy_collapse_probability
from anneal_theory.problem import BimodalTarget, GaussianInit
from anneal_theory.results import plain
from anneal_theory.schedules import Constant, Schedule
from anneal_theory.sweeps.rows import fill_rows
from docs.studies.cells import in_words, row_file
from docs.studies.flow_cells import RECIPE, SETTINGS, TARGET, Cell, clock
from docs.studies.flow_cells import cells as trained_cells

STORE = Path(__file__).with_name("flow_calibration.json")
PILOT: dict[str, Any] = {"steps": 400, "record_every": 5, "record_samples": 1000, "final_step_size": None}
PILOT |= {"seed": 0, "most_undecided": 1, "evaluation_samples": 2, "highest_final_temperature": 100, "compiled": False}
FAST = {"record_every": 1, "steps": 200}  # of more dimensions, whose flows are at a mode after 20 steps
READINGS = ("label", "fixed", "shifts")
READ = "shifts"  # which begin next to each other and both end at the mode, as means of a mixture that collapses do
FAMILIES = ("exponential", "hold", "cold-then-pulse", "monotone", "free")
RUNS = 1000  # that count a probability with noise
FIRST_SEED = 1000  # of the designs, far from those of `flow_schedules`
KEYS = {
    "pilots": ("size", "separation", "temperature", "halves"),
    "predictions": ("table", "name"),
    "designs": ("size", "family"),
}


def pilots() -> list[tuple[str, ...]]:
    """Size, separation, temperature and halves."""
    found = [("8", "3", "1", halves) for halves in READINGS]
    found += [("8", "3", "2", halves) for halves in READINGS]
    found += [("8", "3", "10", READ)]  # as hot as designs for a mixture are
    found += [("8", separation, "1", READ) for separation in ("2", "4")]
    return found + [(size, "3", "1", READ) for size in ("32", "128", "longest")]


def pilot(place: tuple[str, ...]) -> dict[str, Any]:
    """What `calibrate_flow` finds of a pilot run."""
    from anneal_theory.training.realnvp_training import train_realnvp

    started, (size, separation, temperature, halves) = time.process_time(), place
    target, options = BimodalTarget(separation, "0.8"), RECIPE | SETTINGS[size][0] | PILOT
    options |= {} if size == "8" else FAST
    found = train_realnvp(target, Constant(temperature), halves=halves, **options)
    samples = None if halves == "shifts" else PILOT["record_samples"]  # whose shifts have hardly any noise
    row = dict(zip(KEYS["pilots"], place, strict=True)) | {"dim": options["dim"], "flows": options["replicas"]}
    try:
        calibration = calibrate_flow(target, found.history, dim=options["dim"], record_samples=samples)
        row |= {"found": plain(calibration.to_dict()), "variance": calibration.init.variance}
    except DomainError as refusal:
        row["refused"] = str(refusal)
    return row | {"seconds": round(time.process_time() - started, 1)}


def calibrated(size: str) -> tuple[GaussianInit, dict[str, Any], float]:
    """Law of the start, noise (none where none was seen) and time unit of the mixture that resembles the flows."""
    (row,) = (
        row for row in stored()["pilots"] if tuple(row[name] for name in KEYS["pilots"]) == (size, "3", "1", READ)
    )
    found = row["found"]
    batch = float(found["batch_size"])
    noise = {"batch_size": max(round(batch), 2), "step_size": found["step_size"]} if math.isfinite(batch) else {}
    return GaussianInit(row["dim"], variance=row["variance"]), noise, float(found["step_size"])


def foretold() -> Iterator[Cell]:
    """The trained cells under schedules, in 8 dimensions at R = 3."""
    for cell in trained_cells():
        if cell.table in ("holds", "ways") and cell.separation == "3" and not cell.name.startswith(("AdaAnn", "const")):
            yield cell


def prediction(place: tuple[str, str]) -> dict[str, Any]:
    """P of the mixture that has the clock alone, of the calibrated one without noise, and of that with noise."""
    started = time.process_time()
    (cell,) = (cell for cell in foretold() if (cell.table, cell.name) == place)
    schedule, (init, noise, unit), dim = cast(Schedule, cell.rule()), calibrated("8"), int(cell.options["dim"])
    with_clock = schedule.rescaled(exact(clock("8")), digits=10)
    calibrated_one = schedule.rescaled(exact(unit), digits=10)
    row: dict[str, Any] = {"table": cell.table, "name": cell.name, "schedule": repr(schedule)}
    row["clock"] = _rounded(collapse_probability(TARGET, with_clock, GaussianInit(dim), relative_error=1e-3).value)
    row["law"] = _rounded(collapse_probability(TARGET, calibrated_one, init, relative_error=1e-3).value)
    counted = noisy_collapse_probability(TARGET, calibrated_one, init, method="simulated", replicas=RUNS, **noise)
    return row | {"noise": _rounded(counted.value), "seconds": round(time.process_time() - started, 1)}


def design(place: tuple[str, Any]) -> dict[str, Any]:
    """A schedule designed for the calibrated mixture, and the flows that were trained under it."""
    from anneal_theory.training.realnvp_training import train_realnvp

    started, (size, family), (flows, cold) = time.process_time(), place, SETTINGS[place[0]]
    init, noise, unit = calibrated(size)
    row: dict[str, Any] = {"size": size, "family": family}
    found = design_schedule(TARGET, init, budget=cold * unit, family=family, **noise)
    schedule = found.schedule.rescaled(1 / exact(unit), digits=10)
    seed, looks = FIRST_SEED + designs().index(place), {"record_every": 50, "most_undecided": 1}
    ended = train_realnvp(TARGET, schedule, **(RECIPE | flows | looks), seed=seed)
    row |= {"schedule": repr(schedule), "predicted": _rounded(found.probability.value), "seed": seed}
    row |= {"collapsed": ended.count, "decided": ended.decided, "undecided": ended.replicas - ended.decided}
    return row | {"seconds": round(time.process_time() - started, 1)}


def designs() -> list[tuple[str, str]]:
    """Size and family."""
    return [(size, family) for size in ("8", "32") for family in FAMILIES]


def _rounded(value: float) -> float:
    return float(f"{value:.4g}")


def stored() -> dict[str, list[dict[str, Any]]]:
    """What is stored, by part."""
    return dict(json.loads(STORE.read_text("utf-8"))) if STORE.exists() else {}


def main(arguments: list[str] | None = None) -> None:
    """Train and compute what is not stored."""
    parser = argparse.ArgumentParser(prog="python -m docs.studies.flow_calibration", description=__doc__)
    parser.add_argument("--only", choices=tuple(KEYS), help="these alone")
    options = parser.parse_args(arguments)
    works: dict[str, Any] = {
        "pilots": (pilots, pilot),
        "predictions": (lambda: [(cell.table, cell.name) for cell in foretold()], prediction),
        "designs": (designs, design),
    }
    for part, (places, work) in works.items():
        if options.only in (None, part):
            fill_rows({place: place for place in places()}, work, row_file(STORE, KEYS[part], part), what=part,
                      keeper="file", workers=None)  # fmt: skip


if __name__ == "__main__":
    in_words(main)
