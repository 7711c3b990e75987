"""Which schedules save a flow's modes: RealNVP flows under many of them, trained once and stored.

    python -m docs.studies.flow_schedules       (in a source checkout; about three hours on one core)
    python -m docs.studies.flow_schedules --only cells --table ways --name "T = 2, then 1"      (one cell)

"cells" are flows on the bimodal target. "holds": one temperature for 450 steps, then T = 1. "preludes": what a flow
keeps of an earlier temperature. "ways": the usual ways to anneal and a mixture's designs, all cold after 500 steps.
"dimensions": the same in 32 and 128; "longest": in 128 by larger flows, trained for longer. "targets" are flows as
those of "ways" on targets that the theory does not cover, "zuko" some of zuko's on the same, and "memory" what of a
flow decides whether its modes survive. Cells that are stored are not trained again. The pages' tables are
`flow_tables`.
"""

import argparse
import json
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from anneal_theory.problem import BimodalTarget
from anneal_theory.schedules import Schedule
from anneal_theory.sweeps.rows import fill_rows
from anneal_theory.training.baselines import EVERY, cold_since
from docs.studies import flow_memory, flow_targets, flow_zuko
from docs.studies.cells import in_words, row_file
from docs.studies.flow_cells import HOLD, RECIPE, cells

STORE = Path(__file__).with_name("flow_schedules.json")
KEY = "table", "name", "separation", "dim"  # what of a row tells its cell
RECORDED = 50  # steps between two records of a schedule
FEW = 100  # samples of the records of an adaptive rule, which are many
PARTS = {"targets": flow_targets, "zuko": flow_zuko, "memory": flow_memory}


def trained(seed: int) -> dict[str, Any]:
    """What is stored of a cell, whose place among all is its seed."""
    from anneal_theory.training.realnvp_training import train_realnvp

    started = time.process_time()
    cell = list(cells())[seed]
    rule = cell.rule()
    adapts = not isinstance(rule, Schedule)
    looks = {"record_every": EVERY, "record_samples": FEW} if adapts else {"record_every": RECORDED}
    options = RECIPE | dict(cell.options) | looks
    found = train_realnvp(BimodalTarget(cell.separation, "0.8"), rule, seed=seed, most_undecided=1, **options)
    told = dict(zip(KEY, cell.key, strict=True))
    counts = {"collapsed": found.count, "decided": found.decided, "undecided": found.replicas - found.decided}
    kept = np.asarray(found.mode_weight)[found.mode_weight <= 0.9]
    weight = round(float(np.median(kept)), 4) if len(kept) else None
    forward = round(float(np.median(found.statistics["ess"])), 4)
    at_quench = state_at(found.history, HOLD)
    rest: dict[str, Any] = {"schedule": repr(rule), "kept_weight": weight, "ess": forward, "at_quench": at_quench}
    rest |= {"cold_after": cold_after(found.history)} if adapts else {}
    return told | counts | rest | {"seconds": round(time.process_time() - started, 1)}


def cold_after(history: Mapping[str, Any]) -> list[int]:
    """After how many steps adaptive rules are at T = 1: least, median and most of the flows."""
    return [int(step) for step in np.percentile(cold_since(history), (0, 50, 100))]


def state_at(history: Mapping[str, Any], step: int) -> dict[str, float]:
    """Means over the flows of what was recorded nearest to a step."""
    row = int(np.argmin(np.abs(history["step"][:, 0] - step)))
    return {
        name: round(float(history[name][row].mean()), 4) for name in ("temperature", "mode_weight", "spread", "ess")
    }


def stored() -> dict[str, list[dict[str, Any]]]:
    """What is stored, by part."""
    return dict(json.loads(STORE.read_text("utf-8"))) if STORE.exists() else {}


def main(arguments: list[str] | None = None) -> None:
    """Train what is not stored."""
    parser = argparse.ArgumentParser(prog="python -m docs.studies.flow_schedules", description=__doc__)
    parser.add_argument("--only", choices=("cells", *PARTS), help="train these alone")
    parser.add_argument("--table", help="of the cells, those of this table alone")
    parser.add_argument("--name", help="those of this name alone")
    parser.add_argument("--workers", type=int, help="processes that train side by side; else this one does")
    options = parser.parse_args(arguments)
    how = {"keeper": "file", "workers": options.workers}
    if options.only in (None, "cells"):
        places = {cell.key: seed for seed, cell in enumerate(cells())}
        some = _chosen(places, "cells", KEY, (options.table, options.name))
        fill_rows(some, trained, row_file(STORE, KEY), what="flows", **how)
    for part, study in PARTS.items():
        if options.only in (None, part):
            some = _chosen({key: key for key in study.cells()}, part, study.KEY, (options.name,))
            fill_rows(some, study.outcome, row_file(STORE, study.KEY, part), what=part, **how)


def _chosen(places: dict[Any, Any], part: str, names: tuple[str, ...], asked: tuple[str | None, ...]) -> dict[Any, Any]:
    """The cells that are asked for, and those that are stored, whose order the file keeps."""
    wanted = {one for one in asked if one is not None}
    known = {tuple(row[name] for name in names) for row in stored().get(part, [])}
    return {key: place for key, place in places.items() if key in known or wanted <= set(key)}


if __name__ == "__main__":
    in_words(main)
