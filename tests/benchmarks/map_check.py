"""A map of exact probabilities, timed, and cells of it drawn at random beside the plain route, whose thresholds are
bisected: ``python -m tests.benchmarks.map_check [--size 50] [--cells 50] [--model free|sphere] [--store]``.

R = 3, w* = 0.8, relative error 1e-3, T0 from 1 to 100 against t0 from 1 to 1000, and free means
at d = 128 under the tempered target, or the sphere at d = 512 with a trained variance under the free energy.
"""

import argparse
import json
import os
import platform
import resource
import sys
import time

import numpy as np

from anneal_theory import BimodalTarget, GaussianInit, SphereInit, phase_diagram
from anneal_theory.errors import SolveError
from anneal_theory.schedules import Exponential
from anneal_theory.storage import atomic_write
from docs.studies.benchmark_table import MAPS
from tests.oracles.bisected import bisected_probability

ASKED, FINER = 1e-3, 3e-4
TARGET = BimodalTarget(3, 0.8)
MODELS = {
    "free": (GaussianInit(128), {}),
    "sphere": (SphereInit(512), {"objective": "free-energy", "constraint": "sphere", "variance": "trained"}),
}


def main() -> None:
    """Time the map, compare the cells, and print what was found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, default=50, help="values along each axis")
    parser.add_argument("--cells", type=int, default=50, help="cells to compare")
    parser.add_argument("--model", choices=sorted(MODELS), default="free")
    parser.add_argument("--seed", type=int, default=0, help="of the draw of cells")
    parser.add_argument("--store", action="store_true", help=f"put what was found into {MAPS.name}, for the page")
    given = parser.parse_args()
    init, options = MODELS[given.model]
    temperatures = np.unique(np.geomspace(1, 100, given.size).round(6)).tolist()
    times = np.unique(np.geomspace(1, 1000, given.size).round(6)).tolist()
    phase_diagram(TARGET, init, initial_temperatures=[3, 5], decay_times=[2, 3], **options)  # compile
    began = time.perf_counter()
    found = phase_diagram(
        TARGET,
        init,
        initial_temperatures=temperatures,
        decay_times=times,
        relative_error=ASKED,
        allow_slow=True,
        **options,
    )
    took, memory = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    unit = 1 if sys.platform == "darwin" else 1024
    print(
        f"{given.model}: {len(temperatures)} x {len(times)} cells in {took:.1f} s, at most {memory * unit / 1e9:.2f} GB"
    )
    told = {"cells": len(temperatures) * len(times), "seconds": round(took, 1), "memory": memory * unit}
    told |= compare(found, temperatures, times, given)
    if given.store:
        kept = json.loads(MAPS.read_text("utf-8")) if MAPS.exists() else {}
        machine = {"cores": os.cpu_count(), "system": f"{platform.system()} {platform.machine()}"}
        atomic_write(MAPS, (json.dumps(kept | {given.model: told | machine}, indent=1) + "\n").encode())
    sys.exit(told["outside"] > 0)


def compare(found, temperatures, times, given) -> None:
    """How far drawn cells lie from the plain route, and how many are beyond both errors."""
    init, options = MODELS[given.model]
    draw, worst, outside, failed = np.random.default_rng(given.seed), 0.0, 0, 0
    for index in draw.choice(len(temperatures) * len(times), given.cells, replace=False):
        row, column = divmod(int(index), len(times))
        cell = found.isel(initial_temperature=row, decay_time=column)
        schedule = Exponential(temperatures[row], times[column])
        try:
            plain = bisected_probability(TARGET, schedule, init, relative_error=FINER, **options)
        except SolveError as error:
            print(f"T0 = {temperatures[row]}, t0 = {times[column]}: the plain route gives none ({error})")
            failed += 1
            continue
        stated = float(cell["error"]) + plain.error
        apart = abs(float(cell["value"]) - plain.value)
        worst = max(worst, apart / min(plain.value, 1 - plain.value))
        outside += apart > stated
        if apart > stated:
            shown = f"{float(cell['value'])} beside {plain.value} +- {stated}"
            print(f"T0 = {temperatures[row]}, t0 = {times[column]}: {shown}")
    compared = given.cells - failed
    print(f"{compared} cells: apart by {worst:.1e} of the smaller of P and 1 - P at most, {outside} beyond both errors")
    return {"compared": compared, "apart": worst, "outside": int(outside)}


if __name__ == "__main__":
    main()
