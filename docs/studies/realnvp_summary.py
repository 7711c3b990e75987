"""What the report draws of the RealNVP study: its counts, and every so many points of its curves."""

from typing import Any

import numpy as np

from anneal_theory.report import realnvp

POINTS = 41  # of a curve


def summary(store: dict[str, Any]) -> dict[str, Any]:
    """What the report draws of the store: all counts, and every so many points of the curves."""
    trained, compared = store["map"], store["baselines"]
    return {
        "command": store["command"],
        "separation": store["separation"],
        "weight": store["weight"],
        "headline": {name: _summary_of_arm(store["headline"][name]) for name in ("unannealed", "annealed")},
        "map": {
            "clock": trained["clock"],
            "replicas": len(trained["unannealed"]["mode_weight"]),
            "unannealed": trained["unannealed"]["collapsed"],
            "settings": _settings(trained["settings"]) | {"lost_share": trained["settings"]["lost_share"]},
            "cells": [_summary_of_cell(cell) for cell in trained["cells"]],
        },
        "theory": {
            "probability": [_short(row, 5) for row in store["theory"]["probability"]],
            "runs": {name: thinned(store["theory"]["runs"][name], ("m1", "m2")) for name in ("collapsed", "saved")},
        },
        "baselines": {
            "rows": [realnvp.baseline_row(row) for row in compared["rows"]],
            "dim": compared["settings"]["dim"],
        } | {name: compared[name] for name in ("steps", "false_alarm")},
    }  # fmt: skip


# What the tables say of each training.
_SAID = ("steps", "batch_size", "optimiser", "step_size", "final_step_size", "falling_share")


def _settings(settings: dict[str, Any]) -> dict[str, Any]:
    flow = {name: settings["flow"][name] for name in ("dim", "couplings", "hidden")}
    return flow | {name: settings["rules"][name] for name in _SAID} | {"mode_direction": settings["mode_direction"]}


def _summary_of_arm(arm: dict[str, Any]) -> dict[str, Any]:
    kept = {name: arm[name] for name in ("collapsed", "mode_weight")}
    settings = _settings(arm["settings"]) | {"schedule": arm["settings"]["schedule"]}
    return kept | {"settings": settings, "history": thinned(arm["history"], ("mode_weight",))}


def _summary_of_cell(cell: dict[str, Any]) -> dict[str, Any]:
    kept = {name: cell[name] for name in ("initial_temperature", "decay_time", "collapsed")}
    return kept | ({"history": thinned(cell["history"], ("m1", "m2"))} if cell["history"] else {})


def thinned(history: dict[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    """The curves of a history at most `POINTS` steps, the first and the last among them, to three digits."""
    steps = history["step"]
    chosen = np.unique(np.linspace(0, len(steps) - 1, POINTS).round().astype(int))

    def short(curve: Any) -> Any:
        if isinstance(curve[0], list):
            return [short(replica) for replica in curve]
        return _short([curve[point] for point in chosen], 3)

    return {"step": [int(steps[point]) for point in chosen]} | {name: short(history[name]) for name in names}


def _short(values: list[float], digits: int) -> list[float]:
    return [float(f"{value:.{digits}g}") for value in values]
