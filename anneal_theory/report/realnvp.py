"""The RealNVP section: stored training runs beside the theory. Needs no torch.

The study is `docs/studies/realnvp_study.py` of a source checkout; what is installed is its summary.
"""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from scipy.stats import permutation_test, rankdata, spearmanr

from anneal_theory._floating import own_floating
from anneal_theory._types import FloatArray
from anneal_theory.compare.binomial import interval
from anneal_theory.report.paper_cells import CONFIDENCE
from anneal_theory.training.recipes import paper_recipe

STORE = Path(__file__).with_name("realnvp_summary.json")
COUNTS = Path(__file__).with_name("recipe_counts.json")
_WHO = {"ours": "this package", "authors": "the authors"}


@cache
def stored() -> dict[str, Any]:
    """The summary of the study: the counts and some curves of its runs, and the theory beside.

    Example:
        >>> sorted(stored())
        ['baselines', 'command', 'headline', 'map', 'separation', 'theory', 'weight']
    """
    results: dict[str, Any] = json.loads(STORE.read_text("utf-8"))
    return results


def trained_map() -> tuple[FloatArray, FloatArray, FloatArray]:
    """Initial temperatures (n,), decay times in steps (k,) and collapsed fractions (n, k) of the stored map."""
    cells = stored()["map"]["cells"]
    temperatures, spans = (np.unique([cell[name] for cell in cells]) for name in ("initial_temperature", "decay_time"))
    seeds = stored()["map"]["replicas"]
    fractions = np.full((len(temperatures), len(spans)), np.nan)
    for cell in cells:
        place = np.searchsorted(temperatures, cell["initial_temperature"]), np.searchsorted(spans, cell["decay_time"])
        fractions[place] = cell["collapsed"] / seeds
    return temperatures.astype(np.float64), spans.astype(np.float64), fractions


def theory_map() -> FloatArray:
    """The exact formula for the cells of the stored map, shape (n, k), with its clock as stored."""
    return np.array(stored()["theory"]["probability"], dtype=np.float64)


def recipe_counts() -> list[dict[str, Any]]:
    """Flows by the paper's recipe at the authors' size, a cell each: how many collapsed, ours and theirs.

    Example:
        >>> recipe_counts()[0]
        {'initial_temperature': 1.0, 'annealing_steps': 400, 'ours': [32, 32], 'authors': [198, 198]}
    """
    cells: list[dict[str, Any]] = _counts()["cells"]
    return cells


@cache
def _counts() -> dict[str, Any]:
    counts: dict[str, Any] = json.loads(COUNTS.read_text("utf-8"))
    return counts


def counted() -> tuple[FloatArray, dict[str, tuple[FloatArray, FloatArray]]]:
    """Initial temperatures (n,), and by who trained for how many steps the shares (n,) and intervals (n, 2)."""
    cells = recipe_counts()
    temperatures = np.unique([cell["initial_temperature"] for cell in cells])
    groups = {}
    for steps in sorted({cell["annealing_steps"] for cell in cells}):
        row = sorted(
            (cell for cell in cells if cell["annealing_steps"] == steps), key=lambda one: one["initial_temperature"]
        )
        for who, name in _WHO.items():
            shares = np.array([cell[who][0] / cell[who][1] for cell in row])
            ends = np.array([_usual(*cell[who]) for cell in row])
            groups[f"{name}, {steps} steps"] = shares, ends
    return temperatures, groups


@own_floating()
def counts_section() -> dict[str, object]:
    """Flows by the paper's recipe, ours and the authors', as a page shows them: the recipe, and a row a cell."""
    cells = [
        cell | {f"{who}_usual": _usual(*cell[who]) for who in _WHO} | {"told": f"{cell['initial_temperature']:g}"}
        for cell in recipe_counts()
    ]
    apart = sum(
        max(cell[f"{who}_usual"][0] for who in _WHO) > min(cell[f"{who}_usual"][1] for who in _WHO) for cell in cells
    )
    recipe = paper_recipe()
    return {
        "command": _counts()["command"],
        "recipe": {name: recipe[name] for name in ("dim", "couplings", "hidden", "batch_size", "step_size")},
        "cells": cells,
        "apart": apart,
    }


@own_floating()
def rank_correlation() -> float:
    """Spearman's rank correlation of collapsed fraction and theory over the cells of the map."""
    return float(spearmanr(trained_map()[2].ravel(), theory_map().ravel()).statistic)


@own_floating()
def permutation_p_value(fractions: FloatArray, theory: FloatArray, permutations: int = 100_000) -> float:
    """One-sided p-value of a rank correlation at least as large, were the cells' labels exchangeable."""
    ranks, others = (rankdata(values.ravel()) for values in (fractions, theory))
    centred = others - others.mean()

    def covariance(orders: FloatArray, axis: int = -1) -> FloatArray:
        """Of ranks, which orders them as Spearman's correlation does."""
        return np.asarray(np.moveaxis(orders, axis, -1) @ centred)

    test = permutation_test(
        (ranks,), covariance, permutation_type="pairings", vectorized=True, n_resamples=permutations, batch=1000,
        alternative="greater", rng=np.random.default_rng(0),
    )  # fmt: skip
    return float(test.pvalue)


@own_floating()
def section() -> dict[str, object]:
    """The numbers of the section, as plain data."""
    store = stored()
    (temperatures, spans, fractions), theory = trained_map(), theory_map()
    trained = store["map"]
    return {
        "command": store["command"],
        "counts": counts_section(),
        "cut": 1 - trained["settings"]["lost_share"] * (1 - float(store["weight"])),
        "headline": [_headline_row(name, store["headline"][name]) for name in ("unannealed", "annealed")],
        "baselines": [row | {"usual": _usual(row["collapsed"], row["replicas"])} for row in store["baselines"]["rows"]],
        "recipe": recipe(trained["settings"]),
        "confidence": 1 - store["baselines"]["false_alarm"],
        "steps": trained["settings"]["steps"],
        "dim": trained["settings"]["dim"],
        "seeds": trained["replicas"],
        "cells": len(trained["cells"]),
        "bare": trained["unannealed"],
        "clock": float(trained["clock"]),
        "correlation": rank_correlation(),
        "p_value": permutation_p_value(fractions, theory),
        "separation": store["separation"],
        "weight": store["weight"],
        "temperatures": temperatures.tolist(),
        "decay_times": spans.tolist(),
        "fractions": fractions.tolist(),
        "theory": theory.tolist(),
    }


def baseline_row(row: Mapping[str, Any]) -> dict[str, Any]:
    """One way to anneal, a row of the study's table, as the page's table shows it."""
    schedule, settings = row["schedule"], row["name"]
    if "decay_time" in schedule:
        settings += f": T₀ = {schedule['initial_temperature']:.3g}, t₀ = {schedule['decay_time']:.3g} steps"
    kept = ("collapsed", "replicas", "low", "high", "mode_weight_error", "forward_ess")
    theory = None if row["theory"] is None else row["theory"]["value"]
    return {"name": settings, "theory": theory} | {name: row[name] for name in kept}


def recipe(settings: Mapping[str, Any]) -> dict[str, str]:
    """How flows were trained, in words: the direction of mu*, the flow, and the optimiser with its step size.

    Example:
        >>> recipe(stored()["headline"]["annealed"]["settings"])["flow"]
        '6 couplings, 64-64'
    """
    first, last, share = (settings[name] for name in ("step_size", "final_step_size", "falling_share"))
    falling = "" if last is None else f", {last:g} at the end, falling over the last {share:.0%}"
    return {
        "direction": {"first-axis": "first axis"}.get(settings["mode_direction"], settings["mode_direction"]),
        "flow": f"{settings['couplings']} couplings, {'-'.join(map(str, settings['hidden']))}",
        "rates": f"{settings['optimiser'].capitalize()} {first:g}{falling}; batch {settings['batch_size']}",
    }


def _headline_row(name: str, arm: Mapping[str, Any]) -> dict[str, Any]:
    schedule, weights = arm["settings"]["schedule"], arm["mode_weight"]
    cooling = "none"
    if name == "annealed":
        cooling = f"T₀ = {schedule['initial_temperature']:g}, t₀ = {schedule['decay_time']:g} steps"
    return {
        "cooling": cooling,
        "dim": arm["settings"]["dim"],
        "steps": arm["settings"]["steps"],
        "collapsed": arm["collapsed"],
        "seeds": len(weights),
        "usual": _usual(arm["collapsed"], len(weights)),
        "recipe": recipe(arm["settings"]),
        "least": min(weights),
        "most": max(weights),
    }


def _usual(collapsed: int, replicas: int) -> tuple[float, float]:
    return interval(collapsed, replicas, CONFIDENCE)
